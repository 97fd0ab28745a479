"""A flag in words: what it does, to whom, and what was changed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from .engine import Constraint, Flag, Release, Rollout, Rule, Split, Window
from .engine.definitions import Serve
from .texts import DECIDED

OPERATORS: Final = {
    "IN": gettext_lazy("is one of"),
    "NOT_IN": gettext_lazy("is none of"),
    "STR_STARTS_WITH": gettext_lazy("begins with"),
    "STR_ENDS_WITH": gettext_lazy("ends with"),
    "STR_CONTAINS": gettext_lazy("contains"),
    "NUM_EQ": gettext_lazy("is the number"),
    "NUM_GT": gettext_lazy("is more than"),
    "NUM_GTE": gettext_lazy("is at least"),
    "NUM_LT": gettext_lazy("is less than"),
    "NUM_LTE": gettext_lazy("is at most"),
    "DATE_AFTER": gettext_lazy("is after"),
    "DATE_BEFORE": gettext_lazy("is before"),
    "SEMVER_EQ": gettext_lazy("is the version"),
    "SEMVER_GT": gettext_lazy("is a later version than"),
    "SEMVER_GTE": gettext_lazy("is at least the version"),
    "SEMVER_LT": gettext_lazy("is an earlier version than"),
    "SEMVER_LTE": gettext_lazy("is at most the version"),
    "REGEX": gettext_lazy("matches"),
    "IN_CIDR": gettext_lazy("is in the network"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a definition, before and after, as JSON."""

    field: str
    before: str
    after: str


def in_words(flag: Flag) -> list[str]:
    """Return what a flag does, in the order in which it decides."""
    if not flag.enabled:
        return [_("It is switched off: everybody gets %(what)s.") % _what(flag.off)]
    return list(_sentences(flag))


def rollout_in_words(flag: Flag) -> str:
    """Return in a few words how far a flag is rolled out."""
    if not flag.enabled:
        return _("switched off")
    release, rules = flag.release, len(flag.rules)
    if release is None:
        said = _("%(what)s for everybody") % _what(flag.default)
    else:
        served, share = _served(release.serve), _share(release.rollout)
        said = _("%(what)s for %(share)s") % {"what": served, "share": share}
    if not rules:
        return said
    by_rules = ngettext("by %(count)d rule", "by %(count)d rules", rules)
    return _("%(rules)s, else %(said)s") % {
        "rules": by_rules % {"count": rules},
        "said": said,
    }


def rule_in_words(rule: Rule) -> str:
    """Return a rule as a sentence."""
    asked = [_("they are in %(name)s") % {"name": name} for name in rule.segments]
    asked += [constraint_in_words(one) for one in rule.constraints]
    who = _(" and ").join(asked) or _("always")
    served = _served(rule.serve)
    if rule.rollout is None:
        return _("If %(who)s: %(what)s.") % {"who": who, "what": served}
    said = {"who": who, "what": served, "share": _share(rule.rollout)}
    return _("If %(who)s: %(what)s for %(share)s of them.") % said


def constraint_in_words(one: Constraint) -> str:
    """Return a constraint as part of a sentence."""
    values = ", ".join(one.values) if one.values else (one.value or "")
    said = {
        "field": one.attribute,
        "operator": OPERATORS[one.operator],
        "values": values,
    }
    if one.inverted:
        return _("it is not so that %(field)s %(operator)s %(values)s") % said
    return _("%(field)s %(operator)s %(values)s") % said


def decided_in_words(rule: str, flag: Flag | None) -> str:
    """Return in words what decided an evaluation."""
    if rule.startswith("prerequisite:"):
        name = rule.partition(":")[2]
        return _("The flag %(name)s does not serve what this one needs.") % {
            "name": name
        }
    if rule in DECIDED:
        return str(DECIDED[rule])
    found = next((one for one in flag.rules if one.id == rule), None) if flag else None
    if found is None:
        return _("The rule %(name)s decided.") % {"name": rule}
    return _("A rule decided. %(rule)s") % {"rule": rule_in_words(found)}


def changes(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> list[Change]:
    """Return what is different between two definitions, field by field."""
    old, new = before or {}, after or {}
    names = [*old, *(name for name in new if name not in old)]
    return [
        Change(name, _as_json(old.get(name)), _as_json(new.get(name)))
        for name in names
        if old.get(name) != new.get(name)
    ]


def _sentences(flag: Flag) -> Iterator[str]:
    for window in flag.windows:
        yield _window(window)
    for one in flag.prerequisites:
        said = {"flag": one.flag, "variants": _(" or ").join(one.variants)}
        yield (
            _("It needs the flag %(flag)s to serve %(variants)s; until then") % said
            + " "
            + _("everybody gets %(what)s.") % _what(flag.off)
        )
    for rule in flag.rules:
        yield rule_in_words(rule)
    if flag.release is not None:
        yield _release(flag.release, flag)
    yield (
        _("Everybody else gets %(what)s.")
        if flag.rules or flag.release
        else _("Everybody gets %(what)s.")
    ) % _what(flag.default)


def _release(release: Release, flag: Flag) -> str:
    keys = ", ".join(release.rollout.sticky_on or flag.sticky_on)
    said = {
        "what": _served(release.serve),
        "share": _share(release.rollout),
        "key": keys,
    }
    return _("Then %(what)s for %(share)s, by %(key)s.") % said


def _share(rollout: Rollout) -> str:
    if rollout.progression is not None:
        last = rollout.progression.points[-1]
        return _("a share that grows to %(percent)s %% by %(moment)s") % {
            "percent": _number(last.percent),
            "moment": _moment(last.at),
        }
    if rollout.percent >= 100:  # noqa: PLR2004 - the whole
        return _("everybody")
    return _("%(percent)s %%") % {"percent": _number(rollout.percent)}


def _served(serve: Serve) -> str:
    if isinstance(serve, str):
        return serve
    return _split(serve)


def _split(serve: Split) -> str:
    total = sum(one.weight for one in serve.weights) or 1
    parts = [f"{w.variant} {_number(100 * w.weight / total)} %" for w in serve.weights]
    return ", ".join(parts)


def _window(window: Window) -> str:
    if window.starts and window.ends:
        said = {"from": _moment(window.starts), "to": _moment(window.ends)}
        return _("It is on from %(from)s to %(to)s.") % said
    if window.starts:
        return _("It is on from %(from)s.") % {"from": _moment(window.starts)}
    if window.ends:
        return _("It is on until %(to)s.") % {"to": _moment(window.ends)}
    return _("It is on at any time.")


def _what(variant: str | None) -> dict[str, str]:
    return {"what": variant or _("what the caller's code says")}


def _moment(at: Any) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _number(value: float) -> str:
    return f"{value:g}"


def _as_json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)
