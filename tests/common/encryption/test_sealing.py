"""One sealed value: it opens in its place, with its key, and nowhere else."""

from dataclasses import replace

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given, strategies as st

from common.encryption.keys import (
    Keyring,
    MissingKeyError,
    fingerprint,
    new_field_key,
    parse_keyring,
)
from common.encryption.sealing import Place, SealError, key_id_of, seal, unseal

RING = Keyring({"new": b"n" * 32, "old": b"o" * 32})
OLD = Keyring({"old": b"o" * 32})
HERE = Place("answers", "value", ("1", "q1"), "org")
SEALED = seal(b"secret", HERE, RING)


@given(st.binary(max_size=200))
def test_value_comes_back(plain: bytes) -> None:
    """Whatever it was; and it is different each time."""
    one, other = seal(plain, HERE, RING), seal(plain, HERE, RING)
    assert unseal(one, HERE, RING) == plain
    assert one != other
    assert key_id_of(one) == "new"


@pytest.mark.parametrize(
    "there",
    [
        replace(HERE, table="notes"),
        replace(HERE, column="text"),
        replace(HERE, row=("2", "q1")),
        replace(HERE, row=("1", "q2")),
        replace(HERE, row=("1",)),
        replace(HERE, organization="other"),
        replace(HERE, organization=""),
        # What one part loses another one gains.
        replace(HERE, table="answer", column="svalue"),
    ],
)
def test_value_does_not_open_elsewhere(there: Place) -> None:
    """A copy in another row, column, table or organization is worth nothing."""
    with pytest.raises(SealError):
        unseal(seal(b"secret", HERE, RING), there, RING)


@given(st.data())
def test_changed_letter_does_not_open(data: st.DataObject) -> None:
    """Neither in the key's id nor anywhere else."""
    text = SEALED
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("Ax0_.=é").filter(lambda one: one != text[at]))
    changed = text[:at] + letter + text[at + 1 :]
    with pytest.raises((SealError, MissingKeyError)):
        unseal(changed, HERE, RING)


@pytest.mark.parametrize(
    "text",
    ["", "secret", "v1.new", "v1.new.", "v1.new.AAAA", "v2.new.AAAA", "..", "v1.new.é"],
)
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    """Plain text in the column is no value: it could have been put there."""
    with pytest.raises(SealError):
        unseal(text, HERE, RING)


def test_older_keys_still_read() -> None:
    """And a ring without the key says which one is missing."""
    old = seal(b"secret", HERE, OLD)
    assert unseal(old, HERE, RING) == b"secret"
    new = seal(b"secret", HERE, RING)
    with pytest.raises(MissingKeyError, match="new"):
        unseal(new, HERE, OLD)


def test_another_key_of_the_same_id_does_not_open() -> None:
    """A wrong key fails, it does not hand out the sealed text."""
    with pytest.raises(SealError):
        unseal(seal(b"x", HERE, OLD), HERE, Keyring({"old": b"p" * 32}))


def test_keys_are_read_from_one_line_or_several() -> None:
    """In either alphabet of base64; the first one writes."""
    first, second = new_field_key("2026-11"), new_field_key("first")
    for text in (f"{first},{second}", f"{first}\n{second}\n", f" {first} , {second} "):
        ring = parse_keyring(text)
        assert ring.writing == "2026-11"
        assert list(ring.keys) == ["2026-11", "first"]
    plain = "a:" + "/+" * 21 + "8="
    assert parse_keyring(plain) == parse_keyring(plain.replace("/", "_"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        (" , ", "empty"),
        ("abc", "id:base64"),
        ("A:" + "A" * 43 + "=", "id:base64"),
        ("a.b:" + "A" * 43 + "=", "id:base64"),
        ("a" * 17 + ":" + "A" * 43 + "=", "id:base64"),
        ("a:" + "A" * 22 + "==", "32 bytes"),
        ("a:!", "32 bytes"),
        ("a:é", "32 bytes"),
        (f"a:{'A' * 43}=,a:{'B' * 42}A=", "twice"),
    ],
)
def test_keys_that_are_none_are_refused(text: str, said: str) -> None:
    """With what is wrong, and without the key."""
    with pytest.raises(ImproperlyConfigured, match=said) as caught:
        parse_keyring(text)
    assert "AAAA" not in str(caught.value)


def test_fingerprint_tells_keys_apart() -> None:
    """It is kept in the database, so it is short and one-way."""
    assert len(fingerprint(b"a" * 32)) == 16
    assert fingerprint(b"a" * 32) != fingerprint(b"b" * 32)
