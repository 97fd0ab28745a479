"""The API, version 1."""

from django.urls import path

from sessions_app.api import survey_views, views

# Batches come most often, so they are tried first.
urlpatterns = [
    path("sessions/<uuid:session_id>/data", views.DataView.as_view()),
    path("sessions", views.SessionsView.as_view()),
    path("sessions/report", views.ReportByQueryView.as_view()),
    path("sessions/<uuid:session_id>/answers", views.AnswersView.as_view()),
    path("sessions/<uuid:session_id>/complete", views.CompleteView.as_view()),
    path("sessions/<uuid:session_id>/status", views.StatusView.as_view()),
    path("sessions/<uuid:session_id>/report", views.ReportView.as_view()),
    path("surveys", survey_views.SurveysView.as_view()),
    path("surveys/<uuid:survey_id>", survey_views.SurveyView.as_view()),
]
