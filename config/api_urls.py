"""The API, version 1."""

from django.urls import path, register_converter

from accounts.api import invitations, keys, members, tokens
from experiments.addresses import ExperimentName
from experiments.api import unit_views as units, views as experiments
from flags.addresses import FlagName
from flags.api import override_views as overrides, views as flags
from integrations.api import views as webhooks
from sessions_app.api import subject_views, survey_views, views

register_converter(FlagName, "flag")
register_converter(ExperimentName, "experiment")

# Batches come most often, so they are tried first.
urlpatterns = [
    path("sessions/<uuid:session_id>/data", views.DataView.as_view()),
    path("auth/token", tokens.TokenView.as_view()),
    path("auth/token/refresh", tokens.RefreshView.as_view()),
    path("auth/token/revoke", tokens.RevokeView.as_view()),
    path("auth/me", tokens.MeView.as_view()),
    path("members", members.MembersView.as_view()),
    path("members/<uuid:membership_id>", members.MemberView.as_view()),
    path("invitations", invitations.InvitationsView.as_view()),
    path("invitations/<uuid:invitation_id>", invitations.InvitationView.as_view()),
    path("keys", keys.KeysView.as_view()),
    path("keys/<uuid:key_id>", keys.KeyView.as_view()),
    path("keys/<uuid:key_id>/rotate", keys.RotateView.as_view()),
    path("sessions", views.SessionsView.as_view()),
    path("sessions/report", views.ReportByQueryView.as_view()),
    path("sessions/<uuid:session_id>/answers", views.AnswersView.as_view()),
    path("sessions/<uuid:session_id>/complete", views.CompleteView.as_view()),
    path("sessions/<uuid:session_id>/status", views.StatusView.as_view()),
    path("sessions/<uuid:session_id>/report", views.ReportView.as_view()),
    path("respondents/export", subject_views.ExportView.as_view()),
    path("respondents/erase", subject_views.EraseView.as_view()),
    path("respondents/erasures", subject_views.ErasuresView.as_view()),
    path("respondents/erasures/<uuid:erasure_id>", subject_views.ErasureView.as_view()),
    path("surveys", survey_views.SurveysView.as_view()),
    path("surveys/<uuid:survey_id>", survey_views.SurveyView.as_view()),
    path("feature-flags", flags.FlagsView.as_view()),
    # Before a flag of such a name: none can have one (flags.registry).
    path("feature-flags/export", overrides.ExportView.as_view()),
    path("feature-flags/import", overrides.ImportView.as_view()),
    path("feature-flags/<flag:flag_name>", flags.FlagView.as_view()),
    path("feature-flags/<flag:flag_name>/override", overrides.OverrideView.as_view()),
    path("feature-flags/<flag:flag_name>/history", flags.HistoryView.as_view()),
    path("feature-flags/<flag:flag_name>/restore", flags.RestoreView.as_view()),
    path("feature-segments", overrides.SegmentsView.as_view()),
    path("feature-segments/<flag:segment_name>", overrides.SegmentView.as_view()),
    path("experiments", experiments.ExperimentsView.as_view()),
    # Before an experiment of that name, which none can have.
    path("experiments/plan", experiments.PlanView.as_view()),
    path(
        "experiments/<experiment:experiment_name>", experiments.ExperimentView.as_view()
    ),
    path(
        "experiments/<experiment:experiment_name>/start",
        experiments.StartView.as_view(),
    ),
    path(
        "experiments/<experiment:experiment_name>/stop", experiments.StopView.as_view()
    ),
    path(
        "experiments/<experiment:experiment_name>/variant", units.VariantView.as_view()
    ),
    path("experiments/<experiment:experiment_name>/track", units.TrackView.as_view()),
    path(
        "experiments/<experiment:experiment_name>/results", units.ResultsView.as_view()
    ),
    path("webhooks", webhooks.EndpointsView.as_view()),
    path("webhooks/<uuid:webhook_id>", webhooks.EndpointView.as_view()),
    path("webhooks/<uuid:webhook_id>/rotate", webhooks.RotateView.as_view()),
    path("webhooks/<uuid:webhook_id>/test", webhooks.TestView.as_view()),
    path("webhooks/<uuid:webhook_id>/replay", webhooks.ReplayPeriodView.as_view()),
    path("webhooks/<uuid:webhook_id>/deliveries", webhooks.DeliveriesView.as_view()),
    path(
        "webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/replay",
        webhooks.ReplayView.as_view(),
    ),
]
