"""django-waffle on a database in memory, its cache in the process or in Redis.

Waffle knows no conditions, and its percentage is drawn anew for each browser. So what
is targeted here is a list of users: every second person is on it.
"""

import importlib
import os
from collections.abc import Iterator
from typing import Any, Final

from .task import EVERY, PEOPLE, STATIC, STRANGER, TARGETED, Evaluator, Person

LOCAL: Final = "default"
REDIS: Final = "redis"


def waffles() -> Iterator[Evaluator]:
    """Yield waffle with a local cache, and with Redis where there is one.

    Raises
    ------
    ModuleNotFoundError
        It is not installed.
    """
    importlib.import_module("waffle")
    _configure()
    users = _fill()
    yield _evaluator("django-waffle 5.0.0, LocMem", LOCAL, users)
    if os.environ.get("REDIS_URL"):
        yield _evaluator("django-waffle 5.0.0, Redis", REDIS, users)
    else:
        print("django-waffle on Redis is left out: there is no REDIS_URL")


def _configure() -> None:
    """Set Django up with what waffle needs and nothing else."""
    import django  # noqa: PLC0415 - only here
    from django.conf import settings  # noqa: PLC0415 - the same

    backends = "django.core.cache.backends"
    settings.configure(
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
        },
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "waffle",
        ],
        CACHES={
            LOCAL: {"BACKEND": f"{backends}.locmem.LocMemCache"},
            REDIS: {
                "BACKEND": f"{backends}.redis.RedisCache",
                "LOCATION": os.environ.get("REDIS_URL", "redis://127.0.0.1:9"),
            },
        },
        USE_TZ=True,
        WAFFLE_CACHE_NAME=LOCAL,
    )
    django.setup()


def _fill() -> dict[str, Any]:
    """Make the flags and the users, and return the users by their names."""
    from django.contrib.auth.models import User  # noqa: PLC0415 - after the settings
    from django.core.management import call_command  # noqa: PLC0415 - the same

    call_command("migrate", verbosity=0)
    names = [*(person.id for person in PEOPLE), _name(STRANGER)]
    users = {name: User.objects.create(username=name) for name in names}
    flag: Any = importlib.import_module("waffle").get_waffle_flag_model()
    for name in STATIC:
        flag.objects.create(name=name, everyone=True)
    for name in TARGETED:
        listed = flag.objects.create(name=name)
        listed.users.set([users[person.id] for person in PEOPLE[::2]])
    return users


def _name(person: Person) -> str:
    """Return a person's name here, where nobody has a country."""
    return person.id if person in PEOPLE else "stranger"


def _evaluator(name: str, cache: str, users: dict[str, Any]) -> Evaluator:
    """Return waffle with one of the caches."""
    from django.conf import settings  # noqa: PLC0415 - after the settings
    from django.test import RequestFactory  # noqa: PLC0415 - the same

    is_active: Any = importlib.import_module("waffle").flag_is_active
    requests = RequestFactory()

    def ask(person: Person) -> Any:
        request: Any = requests.get("/")
        request.user = users[_name(person)]
        return request

    def enter() -> None:
        settings.WAFFLE_CACHE_NAME = cache

    return Evaluator(
        name=name,
        ask=ask,
        one=is_active,
        every=lambda request: [is_active(request, flag) for flag in EVERY],
        by_list=True,
        enter=enter,
    )
