"""What `manage.py check` finds."""

from typing import Any

import pytest

from detection import checks as detection_checks
from detection.engine import DETECTORS
from sessions_app.checks import raw_events_are_not_logged


def ids(found: Any) -> list[str]:
    """Return the findings by their ids."""
    return [message.id for message in found]


def test_house_is_in_order(settings: Any) -> None:
    """As it is shipped."""
    assert detection_checks.detectors_are_explained() == []
    assert detection_checks.families_off_are_known() == []
    assert raw_events_are_not_logged() == []


def test_detector_without_a_sentence_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told a bare code."""
    monkeypatch.setattr("detection.texts.SENTENCES", {})
    found = detection_checks.detectors_are_explained()
    assert set(ids(found)) == {"detection.E002"}
    assert len(found) == len(DETECTORS)


def test_code_that_stands_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its code and by its number."""
    monkeypatch.setattr(detection_checks, "DETECTORS", [*DETECTORS, DETECTORS[0]])
    assert ids(detection_checks.detectors_are_explained()) == ["detection.E001"] * 2


def test_unknown_family_is_found(settings: Any) -> None:
    """A typing error would silently leave everything on."""
    settings.FAMILIES_OFF = ["device", "telepathy"]
    (found,) = detection_checks.families_off_are_known()
    assert found.id == "detection.E003"
    assert "telepathy" in found.msg


def test_raw_events_in_the_log_are_warned_of(settings: Any) -> None:
    """In production, by `check --deploy`."""
    settings.LOG_RAW_EVENTS = True
    assert ids(raw_events_are_not_logged()) == ["sessions.W001"]
