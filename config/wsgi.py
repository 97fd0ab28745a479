"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_wsgi_application()

from common.tenancy.guard import refuse_at_start  # noqa: E402 - it needs the apps

refuse_at_start()
