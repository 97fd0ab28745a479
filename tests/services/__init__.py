"""Servers and programs that the tests need: found, or started, or installed.

``python -m tests.services -- COMMAND`` runs a command with all of them.
Tests that break servers start their own, which can be stopped and killed
without harming other tests::

    with Postgres() as postgres, Redis() as redis:
        connect(postgres.url)
        redis.stop()
        redis.start()  # on the same port

Only the standard library is used, so this runs before anything is installed.
"""
