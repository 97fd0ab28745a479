"""Keys: made once, kept as a digest, refused when mistyped."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import selectors
from accounts.keys import make_key, prefix_of
from accounts.models import ApiKey, KeyOrigin, Organization
from accounts.services.keys import create_key, revoke_key
from accounts.services.organizations import create_organization
from accounts.services.origins import clean_origin
from common.errors import ConflictError, InvalidInputError

pytestmark = pytest.mark.django_db


def state_of(text: str) -> str:
    """Return where the key behind a text stands."""
    key = selectors.key_of_text(text)
    assert key is not None
    return key.state


def test_text_is_checked_without_the_database() -> None:
    """A typing error fails its checksum."""
    made = make_key("secret")
    assert prefix_of(made.text) == made.prefix
    wrong = made.text[:-8] + ("A" if made.text[-8] != "A" else "B") + made.text[-7:]
    assert prefix_of(wrong) is None
    assert prefix_of("") is None
    assert prefix_of(made.text + "x") is None


def test_only_a_digest_is_kept(organization: Organization) -> None:
    """A stolen table opens nothing."""
    key, text = create_key(organization_id=organization.id, kind="secret")
    assert selectors.key_of_text(text) == key
    row = ApiKey.objects.values().get(id=key.id)
    assert text not in str(row)
    assert text[len(key.prefix) :] not in str(row)


def test_pepper_is_part_of_the_digest(
    organization: Organization, settings: object
) -> None:
    """A table moved to another server opens nothing there."""
    _key, text = create_key(organization_id=organization.id, kind="secret")
    settings.KEY_PEPPER = "another"  # type: ignore[attr-defined] # pytest-django's
    assert selectors.key_of_text(text) is None


def test_expired_and_revoked_keys_open_nothing(organization: Organization) -> None:
    """From that moment on."""
    key, text = create_key(organization_id=organization.id, kind="secret")
    ApiKey.objects.update(expires_at=timezone.now() + timedelta(seconds=60))
    assert state_of(text) == "active"
    ApiKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert state_of(text) == "expired"
    ApiKey.objects.update(expires_at=None)
    ids = {"organization_id": organization.id, "key_id": key.id}
    assert revoke_key(**ids) is True
    assert revoke_key(**ids) is False
    assert state_of(text) == "revoked"


@pytest.mark.parametrize(
    ("kind", "origins"),
    [
        ("magic", []),
        ("secret", ["https://a.example"]),
        ("publishable", []),
        ("publishable", ["a.example"]),
        ("publishable", ["https://a.example/path"]),
        ("publishable", ["https://user@a.example"]),
        ("publishable", ["ftp://a.example"]),
        ("publishable", ["*"]),
        ("publishable", ["https://a b"]),
        ("publishable", ["https://[bad"]),
        ("publishable", ["https://a.example:port"]),
        ("publishable", ["https://" + "a" * 300]),
    ],
)
def test_wrong_keys_are_not_made(
    organization: Organization, kind: str, origins: list[str]
) -> None:
    """A key names its origins as browsers write them, or has none."""
    with pytest.raises(InvalidInputError):
        create_key(organization_id=organization.id, kind=kind, origins=origins)
    assert ApiKey.objects.count() == 0


def test_origins_are_kept_as_browsers_write_them(organization: Organization) -> None:
    """Case and a trailing slash do not matter."""
    create_key(
        organization_id=organization.id,
        kind="publishable",
        origins=["HTTPS://Survey.Example:8443/", "https://survey.example:8443"],
    )
    assert KeyOrigin.objects.get().origin == "https://survey.example:8443"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://x.example:443", "https://x.example"),
        ("http://x.example:80/", "http://x.example"),
        ("http://x.example:8080", "http://x.example:8080"),
        ("https://umfrage.müller.de", "https://umfrage.xn--mller-kva.de"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_origins_are_those_that_browsers_send(written: str, kept: str) -> None:
    """Without a usual port, and with names as the wire has them."""
    assert clean_origin(written) == kept


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\x00b", "a\nb"])
def test_organization_needs_a_name(name: str) -> None:
    """One that can be printed."""
    with pytest.raises(InvalidInputError):
        create_organization(name=name)


def test_organization_names_are_unique(organization: Organization) -> None:
    """Two of a name would be told apart by nobody."""
    with pytest.raises(ConflictError):
        create_organization(name=organization.name)


def test_commands_print_what_a_script_needs(capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing else."""
    call_command("create_organization", "Acme")
    organization = Organization.objects.get(name="Acme")
    assert capsys.readouterr().out == f"{organization.id}\n"
    call_command("create_key", organization="Acme", kind="secret")
    secret = capsys.readouterr().out
    assert selectors.key_of_text(secret.strip()) is not None
    assert secret.count("\n") == 1
    call_command(
        "create_key",
        organization="Acme",
        kind="publishable",
        origin=["https://a.example"],
    )
    assert capsys.readouterr().out.startswith("bf_pk_live_")


def test_command_takes_a_keys_terms(
    organization: Organization, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same as the admin and the API ask for."""
    call_command(
        "create_key",
        organization=organization.name,
        kind="secret",
        scope=["surveys.read"],
        network=["10.1.2.3/8"],
        test=True,
    )
    assert capsys.readouterr().out.startswith("bf_sk_test_")
    key = ApiKey.objects.get()
    assert (key.scopes, key.networks) == (["surveys.read"], ["10.0.0.0/8"])
    with pytest.raises(CommandError, match="cannot have the scope"):
        call_command(
            "create_key", organization=organization.name, kind="secret", scope=["all"]
        )


def test_commands_say_what_is_wrong(organization: Organization) -> None:
    """In a sentence, without a traceback."""
    with pytest.raises(CommandError, match="no organization named 'Nobody'"):
        call_command("create_key", organization="Nobody", kind="secret")
    with pytest.raises(CommandError, match="already"):
        call_command("create_organization", organization.name)


def test_key_is_revoked_by_its_beginning(organization: Organization) -> None:
    """Once; and another time it says so."""
    key, text = create_key(organization_id=organization.id, kind="secret")
    call_command("revoke_key", key.prefix)
    assert state_of(text) == "revoked"
    with pytest.raises(CommandError, match="before"):
        call_command("revoke_key", key.prefix)
    with pytest.raises(CommandError, match="no key"):
        call_command("revoke_key", "bf_sk_live_nothing")
