"""Every address that Bonafide answers."""

from django.contrib import admin
from django.urls import include, path

from common import health
from common.api.docs import redoc_view, schema_view, swagger_view

urlpatterns = [
    # What is asked for most comes first: each pattern before it is tried.
    path("api/v1/", include("config.api_urls")),
    path("ofrep/v1/", include("flags.remote_urls")),
    path("", include("portal.urls")),
    path("admin/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/schema", schema_view(), name="schema"),
    path("api/docs", swagger_view(), name="docs"),
    path("api/redoc", redoc_view(), name="redoc"),
    path("healthz/live", health.live),
    path("healthz/ready", health.ready),
]

handler400 = "common.api.problems.answer_bad_request"
handler404 = "common.api.problems.answer_not_found"
handler500 = "common.api.problems.answer_our_mistake"
