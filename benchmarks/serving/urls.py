"""The rivals' addresses; the session is in the path, as in ours."""

from django.urls import path

from .rivals import DecodedView, SerializedView

urlpatterns = [
    path("serializers/<uuid:session_id>/data", SerializedView.as_view()),
    path("msgspec/<uuid:session_id>/data", DecodedView.as_view()),
]
