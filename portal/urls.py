"""Addresses of the pages for visitors."""

from django.urls import include, path

from . import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("demo/", views.start, name="demo-start"),
    path("demo/<int:number>", views.survey_page, name="demo-page"),
    path("demo/result", views.result, name="demo-result"),
    path("privacy/", views.privacy, name="privacy"),
    path("i18n/", include("django.conf.urls.i18n")),
]
