"""Pages in front of the console: sign-in, second factor, forgotten password."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken

from accounts.models import Authenticator, Organization, User
from accounts.services.invitations import invite
from accounts.services.members import add_member
from accounts.services.two_factor import (
    begin_set_up,
    confirm_set_up,
    device_of_code,
    make_recovery_codes,
)
from common.models import OutboxRow

pytestmark = pytest.mark.django_db

PASSWORD = "a long way to tipperary"
INDEX = "/admin/"
VERIFY = "/admin/two-factor/"
SET_UP = "/admin/two-factor/set-up/"


@pytest.fixture
def ada(organization: Organization) -> User:
    """An owner of ours."""
    person = User.objects.create_user("ada", "ada@survey.example", PASSWORD)
    add_member(organization_id=organization.id, user_id=person.id, role="owner")
    return person


def sign_in(name: str = "ada", password: str = PASSWORD, **more: Any) -> Client:
    """Sign in by the form."""
    client = Client()
    body = {"username": name, "password": password}
    client.post(reverse("admin:login"), body, **more)
    return client


def code_of(device: Authenticator) -> str:
    """Return what the app shows."""
    return f"{totp(device.bin_key):06d}"


def with_app(person: User) -> tuple[Authenticator, list[str]]:
    """Set a second factor up."""
    device = begin_set_up(user=person)
    codes = confirm_set_up(user=person, code=code_of(device))
    assert codes is not None
    # The code that put it in force was used by that.
    Authenticator.objects.update(last_t=-1)
    return device, codes


def test_member_gets_in(ada: User) -> None:
    """Without being staff."""
    assert sign_in().get(INDEX).status_code == 200
    assert sign_in(password="wrong").get(INDEX).status_code == 302


def test_who_is_member_nowhere_stays_outside() -> None:
    """With a right password, too; no page opens."""
    User.objects.create_user("nobody", password=PASSWORD)
    client = sign_in("nobody")
    for address in (INDEX, "/admin/sessions_app/session/", "/admin/organization/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/")


def test_too_many_attempts_close_the_form(ada: User, settings: Any) -> None:
    """For this name from here; the page says when to come back."""
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(password="wrong")
    answer = Client().post(
        reverse("admin:login"), {"username": "ada", "password": PASSWORD}
    )
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "Too many attempts" in answer.content.decode()
    assert sign_in("ada", REMOTE_ADDR="203.0.113.9").get(INDEX).status_code == 200


@pytest.mark.parametrize("is_staff", [True, False])
def test_staff_and_owners_set_up_a_second_factor_first(
    ada: User,
    settings: Any,
    is_staff: bool,  # noqa: FBT001 - pytest's own way
) -> None:
    """Where it is required no page opens before that."""
    User.objects.update(is_staff=is_staff)
    settings.TWO_FACTOR_REQUIRED = True
    client = sign_in()
    for address in (INDEX, "/admin/accounts/apikey/", "/admin/password_change/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith(f"{SET_UP}?next=")
    assert client.post("/admin/logout/").status_code == 200


def test_others_need_none(ada: User, organization: Organization, settings: Any) -> None:
    """An analyst is let in with a password."""
    settings.TWO_FACTOR_REQUIRED = True
    grace = User.objects.create_user("grace", password=PASSWORD)
    add_member(organization_id=organization.id, user_id=grace.id, role="analyst")
    assert sign_in("grace").get(INDEX).status_code == 200


def test_second_factor_is_set_up(ada: User, settings: Any) -> None:
    """With a picture, letters, a code of the app, and recovery codes shown once."""
    settings.TWO_FACTOR_REQUIRED = True
    client = sign_in()
    page = client.get(SET_UP).content.decode()
    assert "<svg" in page
    assert 'style="' not in page.partition("<svg")[2].partition("</svg>")[0]
    device = Authenticator.objects.get()
    assert not device.confirmed
    assert "is not right" in client.post(SET_UP, {"code": "000000"}).content.decode()
    with time_machine.travel(timezone.now() + timedelta(seconds=2)):
        done: Any = client.post(SET_UP, {"code": code_of(device)})
    codes = done.context_data["codes"]
    assert len(codes) == 10
    assert all(code in done.content.decode() for code in codes)
    assert client.get(INDEX).status_code == 200
    kept = str(list(StaticToken.objects.values()))
    assert not any(code.replace("-", "") in kept for code in codes)


def test_password_is_not_enough_for_who_has_one(ada: User) -> None:
    """Required or not; the code leads on to where the person wanted to be."""
    device, _codes = with_app(ada)
    client = sign_in()
    wanted = "/admin/sessions_app/survey/"
    led = client.get(wanted)
    assert led["Location"] == f"{VERIFY}?next=%2Fadmin%2Fsessions_app%2Fsurvey%2F"
    before = client.session.session_key
    answer = client.post(led["Location"], {"code": code_of(device)})
    assert answer["Location"] == wanted
    assert client.session.session_key != before
    assert client.get(wanted).status_code == 200


def test_thief_of_a_password_brings_no_second_factor(ada: User) -> None:
    """Neither a new app nor new recovery codes can be had without the old ones."""
    with_app(ada)
    client = sign_in()
    assert client.get(SET_UP)["Location"] == VERIFY
    assert client.post(SET_UP, {"code": "123456"})["Location"] == VERIFY
    assert client.post("/admin/two-factor/codes/")["Location"] == VERIFY


def test_thief_of_a_password_joins_nothing(ada: User, stranger: Organization) -> None:
    """An invitation is accepted by who has shown the second factor."""
    with_app(ada)
    invite(organization_id=stranger.id, email="m@survey.example", role="viewer")
    deliver()
    client = sign_in()
    client.get(link_in(mail.outbox[0]))
    answer = client.post("/admin/invitation/")
    assert answer["Location"] == f"{VERIFY}?next=%2Fadmin%2Finvitation%2F"


def test_code_is_right_once(ada: User) -> None:
    """Whoever looks over a shoulder comes late."""
    device, codes = with_app(ada)
    code = code_of(device)
    assert device_of_code(user=ada, code=code) == device
    assert device_of_code(user=ada, code=code) is None
    typed = f" {codes[0][:5].upper()}-{codes[0][5:]} "
    assert device_of_code(user=ada, code=typed) is not None
    assert device_of_code(user=ada, code=typed) is None


def test_each_wrong_code_makes_the_next_wait(ada: User) -> None:
    """A right one that comes too soon is refused; a little later it is taken."""
    device, _codes = with_app(ada)
    for _ in range(4):
        assert device_of_code(user=ada, code="000000") is None
        device.refresh_from_db()
    assert device_of_code(user=ada, code=code_of(device)) is None
    with time_machine.travel(timezone.now() + timedelta(seconds=10)):
        assert device_of_code(user=ada, code=code_of(device)) == device


def test_other_peoples_codes_open_nothing(ada: User) -> None:
    """A code belongs to a person."""
    grace = User.objects.create_user("grace")
    device, codes = with_app(ada)
    for code in (code_of(device), codes[0], "", "0" * 32, "١٢٣٤٥٦", "\x00"):
        assert device_of_code(user=grace, code=code) is None


def test_new_recovery_codes_end_the_old_ones(ada: User) -> None:
    """There is one list at a time."""
    _device, old = with_app(ada)
    new = make_recovery_codes(user=ada)
    assert device_of_code(user=ada, code=old[0]) is None
    with time_machine.travel(time.time() + 3):
        assert device_of_code(user=ada, code=new[0]) is not None


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example/", "/\\evil"]
)
def test_nobody_is_led_elsewhere(ada: User, wanted: str) -> None:
    """Only to places of ours."""
    device, _codes = with_app(ada)
    client = sign_in()
    answer = client.post(VERIFY, {"code": code_of(device), "next": wanted})
    assert answer["Location"] == INDEX


def test_pages_of_strangers_lead_to_the_form() -> None:
    """Who is not signed in sets nothing up."""
    for address in (VERIFY, SET_UP):
        assert Client().get(address)["Location"] == "/admin/login/"


def test_program_needs_the_code_as_well(ada: User, settings: Any) -> None:
    """The token's door has the same lock as the form."""
    settings.TWO_FACTOR_REQUIRED = True

    def ask(**more: str) -> Any:
        body = {"username": "ada", "password": PASSWORD, **more}
        return Client().post("/api/v1/auth/token", body, "application/json")

    assert ask().json()["code"] == "two_factor_required"
    device, _codes = with_app(ada)
    assert ask().json()["code"] == "otp_required"
    assert ask(otp="000000").json()["code"] == "otp_wrong"
    with time_machine.travel(timezone.now() + timedelta(seconds=2)):
        assert ask(otp=code_of(device)).status_code == 200


def deliver() -> None:
    """Do the work that was left for later."""
    from common import outbox  # noqa: PLC0415 - used here alone

    for row in OutboxRow.objects.filter(done_at=None):
        outbox.deliver_row(row.id)


def link_in(letter: Any) -> str:
    """Return the address in a letter, without the host."""
    found = re.search(r"^http://localhost:8000(/\S+)$", letter.body, re.MULTILINE)
    assert found
    return found[1]


def test_forgotten_password_is_replaced(ada: User) -> None:
    """By a link that works once; whoever was in with the old one is out."""
    inside = sign_in()
    client = Client()
    address = reverse("admin_password_reset")
    assert client.get(address).status_code == 200
    client.post(address, {"email": "ADA@survey.example"}, HTTP_HOST="localhost")
    assert not mail.outbox
    deliver()
    (letter,) = mail.outbox
    assert letter.to == ["ada@survey.example"]
    link = link_in(letter)
    form = client.get(link)["Location"]
    new = "another long way to go"
    body = {"new_password1": new, "new_password2": new}
    assert client.post(form, body)["Location"] == reverse("password_reset_complete")
    assert inside.get(INDEX).status_code == 302
    assert sign_in(password=new).get(INDEX).status_code == 200
    assert "not good any more" in Client().get(link).content.decode()


def test_unknown_address_is_answered_the_same(ada: User) -> None:
    """Nobody learns who has an account; nobody's mailbox is filled."""
    client = Client()
    address = reverse("admin_password_reset")
    emails = ["ada@survey.example", "nobody@survey.example", "ada@survey.example"]
    answers = [client.post(address, {"email": email}) for email in emails]
    assert {answer["Location"] for answer in answers} == {
        reverse("password_reset_sent")
    }
    assert OutboxRow.objects.count() == 1


def test_link_does_not_follow_the_asked_host(ada: User) -> None:
    """Whoever asks could name a host of theirs."""
    Client().post(
        reverse("admin_password_reset"),
        {"email": "ada@survey.example"},
        headers={"Host": "127.0.0.1", "X-Forwarded-Host": "evil.example"},
    )
    deliver()
    assert "evil" not in mail.outbox[0].body
    assert "http://localhost:8000/admin/password_reset/" in mail.outbox[0].body


def test_who_lost_everything_asks_staff(ada: User) -> None:
    """After which the password is enough to set a new one up."""
    with_app(ada)
    staff = Client()
    staff.force_login(User.objects.create_superuser("operator"))
    chosen = {"action": "forget_second_factor", "_selected_action": [str(ada.id)]}
    answer = staff.post("/admin/accounts/user/", chosen, follow=True)
    assert "1 person can set a new one up." in answer.content.decode()
    assert sign_in().get(SET_UP).status_code == 200


def test_log_knows_neither_name_nor_address(
    ada: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """That somebody was locked out, and no more."""
    settings.TRUSTED_PROXIES = 1
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(password="wrong", headers={"X-Forwarded-For": "203.0.113.77"})
    assert "sign_in.locked" in caplog.text
    assert "203.0.113.77" not in caplog.text
    assert "ada" not in caplog.text
