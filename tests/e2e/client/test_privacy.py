"""Nothing typed, named or shown in a page is in anything that leaves it."""

import gzip
import json
import string
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Request

from detection.engine.events import Input

from .conftest import Kept
from .looking import of, ready
from .site import SurveySite

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

# No word of the vocabulary holds one of these, so one on the wire is what was typed.
LETTERS = "ŁżšœþЖщ家々ñ"
PLANTED = "Zanzibar"
BODY = f"""
<form id="{PLANTED}-form" name="{PLANTED}-form" class="{PLANTED}-class">
  <fieldset data-bonafide-question="q1">
    <legend>{PLANTED} or not?</legend>
    <label><input type="radio" name="{PLANTED}-r" value="{PLANTED}-v"> {PLANTED}</label>
    <select id="s" name="{PLANTED}-s"><option>{PLANTED}</option><option>No</option>
    </select>
  </fieldset>
  <input id="text" name="{PLANTED}-t" placeholder="{PLANTED}" title="{PLANTED}">
  <textarea id="area" aria-label="{PLANTED}"></textarea>
  <div id="editable" contenteditable="true">{PLANTED}</div>
  <input id="mail" type="email" name="{PLANTED}-m">
  <input id="secret" type="password" name="{PLANTED}-p">
  <input id="phone" inputmode="tel">
  <div data-bonafide="ignore"><input id="ignored"></div>
  <open-field></open-field><closed-field></closed-field>
</form>
<script>
  document.querySelector("open-field").attachShadow({{mode: "open"}})
    .innerHTML = "<input id=inner>";
  document.querySelector("closed-field").attachShadow({{mode: "closed"}})
    .innerHTML = "<input autofocus>";
</script>
"""
SEEN = ["#text", "#area", "#editable", "#inner"]
UNSEEN = ["#mail", "#secret", "#phone", "#ignored", "closed-field"]


def wire_of(page: Page) -> list[str]:
    """Return a list that fills with everything the page sends to Bonafide."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if "/static/" in request.url or request.resource_type == "document":
            return
        body = request.post_data_buffer or b""
        if body.startswith(b"\x1f\x8b"):
            body = gzip.decompress(body)
        sent.append(f"{request.url}\n{body.decode()}")

    page.on("request", note)
    return sent


def words_in(value: Any) -> Iterator[str]:
    """Return every text in a JSON value."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from words_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from words_in(one)
    elif isinstance(value, str):
        yield value


def answer(page: Page) -> None:
    """Type, paste, copy and choose everywhere."""
    page.check("input[type=radio]")
    page.select_option("#s", index=1)
    for place in [*SEEN, *UNSEEN]:
        page.click(place)
        page.keyboard.type(LETTERS + PLANTED + string.ascii_letters)
        page.keyboard.press("Control+a")
        page.keyboard.press("Control+c")
        page.keyboard.press("Control+v")
    page.keyboard.press("Tab")


def test_nothing_typed_is_on_the_wire(
    page: Page, elsewhere: SurveySite, kept: Kept
) -> None:
    """Not a letter, not a name, not a value; not in storage either."""
    sent = wire_of(page)
    page.goto(elsewhere.add(f"/{PLANTED}", BODY) + f"?{PLANTED}=1#{PLANTED}")
    ready(page)
    answer(page)
    page.evaluate("bonafide.flush()")
    many = len(SEEN) * len(LETTERS + PLANTED + string.ascii_letters)
    events = kept(lambda found: len(of(Input, found)) >= many)
    everything = "\n".join(sent) + page.evaluate("JSON.stringify({...sessionStorage})")
    assert len(everything) > 50_000
    assert PLANTED.lower() not in everything.lower()
    assert not set(LETTERS) & set(everything)
    assert not set(LETTERS) & set(str(events))


def test_no_letter_stands_alone(page: Page, elsewhere: SurveySite) -> None:
    """A text of one letter would be a key; only fields have such names."""
    sent = wire_of(page)
    page.goto(elsewhere.add("/", BODY))
    ready(page)
    answer(page)
    page.evaluate("bonafide.flush()")
    page.wait_for_timeout(500)
    bodies = [
        json.loads(body) for body in (one.partition("\n")[2] for one in sent) if body
    ]
    events = [event for body in bodies for event in body.get("events", [])]
    assert len(events) > 500
    for event in events:
        if event["type"] != "device":
            alone = [word for word in words_in(event) if len(word) == 1]
            assert set(alone) <= {"t", "x", "y", "k"}, event


def test_private_fields_are_silent(
    page: Page, elsewhere: SurveySite, kept: Kept
) -> None:
    """Nothing happens in them at all, as far as anyone can see."""
    page.goto(elsewhere.add("/", BODY))
    ready(page)
    for place in UNSEEN:
        page.click(place)
        page.keyboard.type("abcdef")
    page.click("#text")
    page.keyboard.type("z")
    events = kept(lambda found: of(Input, found))
    kinds = [type(event).__name__ for event in events]
    assert (kinds.count("KeyDown"), kinds.count("Input")) == (1, 1)
