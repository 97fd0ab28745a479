"""Pages in front of the console. They stand before the admin's own addresses."""

from django.contrib import admin
from django.urls import path

from .views import invitations, organizations, passwords, second_factor

urlpatterns = [
    path(
        "password_reset/",
        passwords.ForgottenView.as_view(),
        name="admin_password_reset",
    ),
    path("password_reset/sent/", passwords.show_sent, name="password_reset_sent"),
    path(
        "password_reset/complete/",
        passwords.show_complete,
        name="password_reset_complete",
    ),
    path(
        "password_reset/<uidb64>/<token>/",
        passwords.NewPasswordView.as_view(),
        name="password_reset_confirm",
    ),
    path("invitation/", invitations.accept_invitation, name="accept_invitation"),
    path("invitation/<str:token>/", invitations.open_invitation, name="invitation"),
    path("two-factor/", second_factor.show_verify, name="two_factor"),
    path("two-factor/set-up/", second_factor.show_set_up, name="two_factor_set_up"),
    path("two-factor/codes/", second_factor.show_new_codes, name="two_factor_codes"),
    path(
        "organization/",
        admin.site.admin_view(organizations.show_organizations),
        name="choose_organization",
    ),
]
