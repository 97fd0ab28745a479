"""What is sent to people's mailboxes."""

from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from .models import User
from .services.invitations import Letter


class NotSentError(Exception):
    """The mail server refused a letter; the message is the kind of its refusal."""


def send_invitation(letter: Letter) -> None:
    """Send an invited person the link."""
    invitation = letter.invitation
    said = {
        "organization": invitation.organization.name,
        "link": _link("invitation", token=letter.token),
        "expires_at": invitation.expires_at,
    }
    subject = _("You are invited to %(name)s on Bonafide")
    _send(
        invitation.email,
        subject % {"name": invitation.organization.name},
        "accounts/mail/invitation.txt",
        said,
    )


def send_reset(person: User) -> None:
    """Send a person the link that lets them choose a new password."""
    link = _link(
        "password_reset_confirm",
        uidb64=urlsafe_base64_encode(force_bytes(person.pk)),
        token=default_token_generator.make_token(person),
    )
    said = {
        "username": person.get_username(),
        "link": link,
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
    }
    _send(person.email, _("A new password"), "accounts/mail/reset.txt", said)


def _link(name: str, **parts: str) -> str:
    """Return an address under the one that this installation is known by.

    Never under the one that was asked: whoever asks could name their own.
    """
    return settings.PUBLIC_URL.rstrip("/") + reverse(name, kwargs=parts)


def _send(address: str, subject: str, template: str, said: dict[str, object]) -> None:
    # Names come from people: a line break would be a header of theirs.
    line = " ".join(subject.split())
    try:
        send_mail(line, render_to_string(template, said), None, [address])
    except SMTPException as error:
        # Its own words quote the address, and stand in the log and in the outbox.
        raise NotSentError(type(error).__name__) from None
