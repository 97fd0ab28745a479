"""Tokens of people's programs: got, renewed once, ended at once."""

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine
from django.conf import settings as django_settings
from django.utils import timezone

from accounts import user_tokens
from accounts.models import Membership, Organization, TokenFamily, User
from accounts.services.members import change_role, remove_member
from common.ids import new_id
from tests.accounts.api.conftest import Join, SignIn, anyone, ask
from tests.conftest import Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(join: Join) -> Membership:
    """An analyst of ours."""
    return join("ada", "analyst")


def ids(member: Membership) -> Any:
    """Return what services know a member by."""
    return {"organization_id": member.organization_id, "membership_id": member.id}


def renew(pair: Any) -> Any:
    """Use a refresh token."""
    return anyone().post("auth/token/refresh", {"refresh": pair["refresh"]})


def still_in(pair: Any) -> bool:
    """Say whether an access token opens anything."""
    answer = Caller(pair["access"]).get("auth/me")
    assert answer.status_code in {200, 401}
    return bool(answer.status_code == 200)


def test_member_signs_in(ada: Membership) -> None:
    """And learns who they are here."""
    answer = ask("ada")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    me = Caller(answer.json()["access"]).get("auth/me").json()
    assert me["user"]["username"] == "ada"
    assert me["organization"]["id"] == str(ada.organization_id)
    assert me["role"] == "analyst"
    assert "surveys.edit" in me["permissions"]
    assert "policy.publish" not in me["permissions"]


def test_wrong_name_and_wrong_password_look_the_same(ada: Membership) -> None:
    """Nobody learns who has an account."""
    answers = [ask("ada", "wrong"), ask("nobody", "wrong")]
    assert {answer.status_code for answer in answers} == {401}
    assert answers[0].json() == answers[1].json()
    assert answers[0]["WWW-Authenticate"] == "Bearer"


def test_person_without_membership_gets_nothing(
    ada: Membership, stranger: Organization
) -> None:
    """Another organization and none at all look the same."""
    theirs = ask("ada", organization_id=str(stranger.id))
    nowhere = ask("ada", organization_id=str(new_id()))
    assert theirs.status_code == nowhere.status_code == 403
    assert theirs.json() == nowhere.json()


def test_member_of_several_names_one(
    ada: Membership, stranger: Organization, join: Join
) -> None:
    """And is told which there are."""
    join("ada", "viewer", stranger)
    answer = ask("ada")
    assert (answer.status_code, answer.json()["code"]) == (409, "organization_required")
    assert [one["name"] for one in answer.json()["organizations"]] == ["Ours", "Theirs"]
    pair = ask("ada", organization_id=str(stranger.id)).json()
    me = Caller(pair["access"]).get("auth/me").json()
    assert (me["organization"]["name"], me["role"]) == ("Theirs", "viewer")
    assert [one["name"] for one in me["organizations"]] == ["Ours", "Theirs"]


def test_refresh_token_works_once(ada: Membership) -> None:
    """Using it again ends everything that came of the sign-in."""
    first = ask("ada").json()
    second = renew(first).json()
    assert still_in(second)
    again = renew(first)
    assert (again.status_code, again.json()["code"]) == (401, "refresh_refused")
    assert not still_in(second)
    assert renew(second).status_code == 401


def test_other_sign_ins_are_left_alone(ada: Membership) -> None:
    """A stolen token of one program does not end the others."""
    first, other = ask("ada").json(), ask("ada").json()
    renew(first)
    renew(first)
    assert still_in(other)
    assert renew(other).status_code == 200


def test_signing_out_ends_both_tokens(ada: Membership) -> None:
    """At once; and what is no token ends nothing, quietly."""
    pair, other = ask("ada").json(), ask("ada").json()
    for token in (pair["refresh"], pair["access"], "nonsense", pair["refresh"]):
        answer = anyone().post("auth/token/revoke", {"refresh": token})
        assert answer.status_code == 204
    assert not still_in(pair)
    assert renew(pair).status_code == 401
    assert still_in(other)


def test_new_password_ends_tokens(ada: Membership) -> None:
    """Whoever sets it, and however."""
    pair = ask("ada").json()
    person = User.objects.get()
    person.set_password("another long way")
    person.save()
    assert not still_in(pair)
    assert renew(pair).status_code == 401


def test_new_role_ends_tokens(ada: Membership) -> None:
    """Also when the old one comes back."""
    pair = ask("ada").json()
    change_role(**ids(ada), role="viewer", may_publish=False)
    assert not still_in(pair)
    change_role(**ids(ada), role="analyst", may_publish=False)
    assert not still_in(pair)


def test_who_was_removed_is_out(ada: Membership, join: Join) -> None:
    """A second membership later does not revive what the first one had."""
    pair = ask("ada").json()
    remove_member(**ids(ada))
    assert not still_in(pair)
    assert not TokenFamily.objects.exists()
    join("ada", "analyst")
    assert not still_in(pair)
    assert renew(pair).status_code == 401


def test_who_may_not_sign_in_any_more_is_out(ada: Membership) -> None:
    """From the next request on."""
    pair = ask("ada").json()
    User.objects.update(is_active=False)
    assert not still_in(pair)
    assert renew(pair).status_code == 401
    assert ask("ada").status_code == 401


def test_access_is_short_and_a_sign_in_ends(ada: Membership) -> None:
    """Renewing does not lengthen the whole."""
    pair = ask("ada").json()
    now = timezone.now()
    with time_machine.travel(now + timedelta(seconds=pair["expires_in"] + 1)):
        assert not still_in(pair)
        pair = renew(pair).json()
        assert still_in(pair)
    with time_machine.travel(now + user_tokens.FAMILY_LIFE + timedelta(minutes=1)):
        assert renew(pair).status_code == 401


def forged(pair: Any, *, key: str = "", algorithm: str = "HS256", **claims: Any) -> str:
    """Return an access token with other claims, or signed in another way."""
    body = jwt.decode(pair["access"], options={"verify_signature": False})
    body = {name: value for name, value in {**body, **claims}.items() if value}
    own = str(user_tokens._backend(django_settings.SECRET_KEY).signing_key)
    return jwt.encode(body, key or own, algorithm=algorithm)


def test_forging_takes_the_key_and_every_claim(ada: Membership) -> None:
    """The control first: the same claims, rightly signed, open the door."""
    pair = ask("ada").json()
    assert still_in({"access": forged(pair)})
    # Shorter keys than the algorithm's would be refused by the library alone.
    others = "x" * 64
    wrong = [
        forged(pair, key=others),
        forged(pair, key=django_settings.SECRET_KEY),
        forged(pair, algorithm="HS512"),
        forged(pair, typ="refresh"),
        forged(pair, typ=None),
        forged(pair, aud="another.api"),
        forged(pair, aud=None),
        forged(pair, iss="another"),
        forged(pair, iss=None),
        forged(pair, exp=None),
        forged(pair, exp=1),
        forged(pair, ver="0" * 32),
        forged(pair, ver=None),
        forged(pair, sub=str(new_id())),
        forged(pair, sub="17"),
        forged(pair, fam=str(new_id())),
        forged(pair, jti=None),
        forged(pair, org=str(new_id())),
        pair["refresh"],
    ]
    for token in wrong:
        assert not still_in({"access": token})


def test_token_without_signature_is_refused(ada: Membership) -> None:
    """`alg: none` in any spelling."""
    pair = ask("ada").json()
    _head, body, _signature = pair["access"].split(".")
    for name in ("none", "None", "NONE", "nOnE"):
        head = base64.urlsafe_b64encode(json.dumps({"alg": name}).encode())
        token = f"{head.decode().rstrip('=')}.{body}."
        assert not still_in({"access": token})


def test_organization_comes_from_the_membership_alone(
    ada: Membership, stranger: Organization, join: Join
) -> None:
    """Neither a header, a query, nor a claim of a rightly signed token chooses it."""
    theirs = join("ada", "owner", stranger)
    pair = ask("ada", organization_id=str(ada.organization_id)).json()
    other = str(stranger.id)
    answer = Caller(pair["access"]).get(
        f"auth/me?organization_id={other}",
        headers={"X-Organization": other, "X-Organization-Id": other},
    )
    assert answer.json()["organization"]["name"] == "Ours"
    assert not still_in({"access": forged(pair, org=other)})
    assert not still_in({"access": forged(pair, org=other, mem=str(theirs.id))})


def test_too_many_attempts_close_a_name_from_one_address(
    ada: Membership, join: Join, settings: Any
) -> None:
    """Even the right password; other names, and other addresses, go on."""
    join("grace", "viewer")
    settings.TRUSTED_PROXIES = 1
    near, far = ({"X-Forwarded-For": f"203.0.113.{n}"} for n in (1, 2))

    def attempt(name: str, password: str, headers: dict[str, str]) -> Any:
        body = {"username": name, "password": password}
        return anyone().post("auth/token", body, headers=headers)

    right = "a long way to tipperary"
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert attempt("ada", "wrong", near).status_code == 401
    attempt("ada", "wrong", near)
    locked = attempt("ada", right, near)
    assert (locked.status_code, locked.json()["code"]) == (429, "locked_out")
    assert int(locked["Retry-After"]) == settings.AXES_COOLOFF_TIME.total_seconds()
    assert attempt("grace", right, near).status_code == 200
    assert attempt("ada", right, far).status_code == 200
    with time_machine.travel(timezone.now() + settings.AXES_COOLOFF_TIME * 1.1):
        assert attempt("ada", right, near).status_code == 200


@pytest.mark.parametrize(
    "path", ["auth/token", "auth/token/refresh", "auth/token/revoke"]
)
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b'{"username": ',
        b'{"username": "a", "username": "b"}',
        b'{"username": "\\ud800", "password": "x", "refresh": "\\ud800"}',
        b'{"username": "a\\u0000", "password": "b\\u0000", "refresh": "c\\u0000"}',
        b'{"username": {}, "password": [], "refresh": 17}',
        b'{"username": "ada", "password": 1e400, "refresh": NaN}',
        b'{"is_staff": true, "username": "ada", "password": "x", "refresh": "x"}',
        b"[" * 10_000,
        '{"username": "ada"}'.encode("utf-16"),
    ],
)
def test_bad_bodies_are_told_so(ada: Membership, path: str, raw: bytes) -> None:
    """With 400 and a problem document, never with a traceback."""
    answer = anyone()("POST", path, raw=raw)
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"


def test_endless_password_is_not_hashed(ada: Membership) -> None:
    """It would take its time."""
    assert ask("ada", "x" * 1_001).status_code == 400


def test_keys_are_nobody_here(server: Caller, ada: Membership) -> None:
    """A program's key has no name and no roles; people's doors stay shut."""
    for method, path in (("GET", "auth/me"), ("GET", "members"), ("GET", "keys")):
        answer = server(method, path)
        assert (answer.status_code) == 403
    assert anyone().get("auth/me").status_code == 401


def test_who_asks_is_counted_by_person(
    ada: Membership, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    """A request costs one look at the membership, besides what it asks for."""
    caller = sign_in(ada)
    with django_assert_num_queries(2):
        caller.get("auth/me")
