"""Addresses that OpenFeature's clients know."""

from django.urls import path

from .api import remote

urlpatterns = [
    path("evaluate/flags", remote.EvaluateFlagsView.as_view()),
    path("evaluate/flags/<str:flag_key>", remote.EvaluateFlagView.as_view()),
]
