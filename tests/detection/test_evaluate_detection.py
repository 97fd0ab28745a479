"""The command that measures the detectors."""

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from detection import texts
from detection.engine import DETECTORS

from .engine.recordings import line

KEYS: list[dict[str, Any]] = [
    {"t": n * 9 + part, "type": kind, "key_class": "letter", "k": n}
    for n in range(30)
    for part, kind in enumerate(("keydown", "keyup"))
]
BOT = line(KEYS, label="bot", session="bot")
PERSON = line([], session="person")


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A file with a bot and a person of whom nothing was seen."""
    path = tmp_path / "made.jsonl"
    path.write_bytes(BOT + PERSON)
    return path


def run(*args: object) -> str:
    """Return what the command prints."""
    out = StringIO()
    call_command("evaluate_detection", *map(str, args), stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_table_names_the_source(recording: Path) -> None:
    """A person at a terminal can read it."""
    table = run(recording)
    assert "made" in table
    assert "keyboard.machine_speed" in table


def test_gzipped_files_are_told_by_their_content(tmp_path: Path) -> None:
    """The name does not matter."""
    path = tmp_path / "packed"
    path.write_bytes(gzip.compress(BOT))
    assert json.loads(run(path, "--json"))["total"][0]["bot"] == 1


def test_each_session_gets_a_line(recording: Path, tmp_path: Path) -> None:
    """Other programs read exactly these keys."""
    out = tmp_path / "each.jsonl"
    run(recording, "--each", out)
    first, second = map(json.loads, out.read_text().splitlines())
    assert set(first) == {
        "source", "subject", "session", "label", "verdict", "bot_probability",
        "bot_score", "reasons", "event_count", "settled_ms",
    }  # fmt: skip
    assert (first["verdict"], first["event_count"]) == ("bot", 60)
    assert (second["verdict"], second["settled_ms"]) == ("undecided", None)


def test_families_can_be_left_out(recording: Path) -> None:
    """Without the keyboard nothing of this bot is seen."""
    result = json.loads(run(recording, "--json", "--off", "keyboard,device"))
    assert result["total"][0]["undecided"] == 1


def test_several_files_at_a_time_give_the_same(recording: Path) -> None:
    """The number of jobs changes nothing."""
    alone, together = run(recording, recording), run(recording, recording, "--jobs", 2)
    assert alone == together


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"{\n", r"broken\.jsonl:1: "), (b"", "no sessions"), (b"\x1f\x8bxx", ".")],
)
def test_a_broken_file_is_an_error(
    tmp_path: Path, content: bytes, message: str
) -> None:
    """It says which file and line."""
    path = tmp_path / "broken.jsonl"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        run(path)


@pytest.mark.parametrize(
    "content",
    [gzip.compress(b"{}" * 500)[:14], b"\x1f\x8b" + b"x" * 50],
    ids=["cut off", "no gzip"],
)
def test_a_damaged_file_is_an_error(tmp_path: Path, content: bytes) -> None:
    """Cut off or no gzip after all: it says which file."""
    path = tmp_path / "damaged.jsonl.gz"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"damaged.jsonl.gz cannot be read"):
        call_command("evaluate_detection", path)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """It says which file."""
    with pytest.raises(CommandError, match="nowhere"):
        run(tmp_path / "nowhere")


@pytest.mark.parametrize("wrong", [("--off", "smell"), ("--jobs", "0")])
def test_a_wrong_option_is_an_error(recording: Path, wrong: tuple[str, str]) -> None:
    """It says what is possible."""
    with pytest.raises(CommandError, match=r"families are|above 0"):
        run(recording, *wrong)


def test_every_detector_has_its_sentence() -> None:
    """And every sentence its detector."""
    assert set(texts.SENTENCES) == {one.code for one in DETECTORS}


@pytest.mark.parametrize(
    "sentence",
    [*texts.SENTENCES.values(), *texts.VERDICTS.values(), *texts.ACTIONS.values()],
    ids=str,
)
def test_sentences_are_whole(sentence: object) -> None:
    """They start large, end with a full stop and are plain ASCII."""
    text = str(sentence)
    assert text.isascii()
    assert text[0].isupper()
    assert text.endswith(".")


def test_a_withdrawn_detector_still_has_a_sentence() -> None:
    """Stored results outlive detectors."""
    assert texts.sentence_of("pointer.gone") == texts.WITHDRAWN
