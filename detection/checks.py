"""Rules for `manage.py check`: every detector can be named and explained."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from . import texts
from .engine import DETECTORS, Family


@register()
def detectors_are_explained(**_kwargs: Any) -> list[CheckMessage]:
    """Find detectors without a sentence, and codes or numbers that stand twice."""
    codes = Counter(detector.code for detector in DETECTORS)
    numbers = Counter(detector.number for detector in DETECTORS)
    twice = [*(c for c, n in codes.items() if n > 1)]
    twice += [str(number) for number, n in numbers.items() if n > 1]
    mute = [code for code in codes if code not in texts.SENTENCES]
    return [
        *(
            Error(f"{name} stands for two detectors.", id="detection.E001")
            for name in twice
        ),
        *(Error(f"{code} has no sentence.", id="detection.E002") for code in mute),
    ]


@register()
def families_off_are_known(**_kwargs: Any) -> list[CheckMessage]:
    """Find families that are switched off by a name that nobody bears."""
    strange = sorted(set(settings.FAMILIES_OFF) - set(Family))
    known = ", ".join(Family)
    return [
        Error(f"FAMILIES_OFF names {name}; there are {known}.", id="detection.E003")
        for name in strange
    ]
