"""What is asked when somebody makes, changes, tries or overrides a flag."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from .documents import OPERATORS
from .engine import Flag, Rule
from .models import Kind
from .registry import NAME

# Rows for rules that are not there yet.
FRESH_RULES: Final = 1
SINGLE: Final = ("NUM_", "DATE_", "SEMVER_", "REGEX")
TYPES: Final = [
    ("boolean", _("on or off")),
    ("string", _("text")),
    ("number", _("number")),
    ("json", _("JSON")),
]


class NewFlagForm(forms.Form):
    """A flag that nobody gets yet."""

    name = forms.RegexField(
        NAME,
        label=_("Name"),
        max_length=100,
        help_text=_("For good: letters, digits, dots, hyphens and underscores."),
    )
    description = forms.CharField(label=_("What it is for"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Kind.choices,
        help_text=_("Says how long it is expected to be there."),
    )
    owner = forms.CharField(label=_("Owner"), required=False, max_length=100)
    type = forms.ChoiceField(label=_("Values"), choices=TYPES)
    variants = forms.CharField(
        label=_("Variants"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_(
            "One a line, as name = value. Not needed for on or off. The last one is"
            " what everybody gets at first."
        ),
    )

    def definition(self) -> dict[str, Any]:
        """Return the definition: everybody gets the last variant."""
        said = self.cleaned_data
        found: dict[str, Any] = {"description": said["description"]}
        if said["type"] == "boolean":
            return {**found, "default": "off", "off": "off"}
        variants = said["variants"]
        last = variants[-1]["name"]
        return {
            **found,
            "type": said["type"],
            "variants": variants,
            "default": last,
            "off": last,
        }

    def clean_variants(self) -> list[dict[str, Any]]:
        """Read the lines."""
        kind = self.cleaned_data.get("type", "boolean")
        if kind == "boolean":
            return []
        lines = self.cleaned_data["variants"].splitlines()
        found = [_variant(kind, line) for line in lines if line.strip()]
        if not found:
            raise forms.ValidationError(_("Name at least one variant."))
        return found


class FlagForm(forms.Form):
    """What is usually changed of a flag; the rest is changed as JSON."""

    expected = forms.IntegerField(widget=forms.HiddenInput)
    description = forms.CharField(label=_("What it is for"), required=False)
    owner = forms.CharField(label=_("Owner"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    tags = forms.CharField(
        label=_("Tags"), required=False, help_text=_("Separated by commas.")
    )
    percent = forms.FloatField(
        label=_("Gradual rollout, percent"),
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.NumberInput({"step": "any", "data-slider": "percent-slider"}),
        help_text=_("Empty: no rollout, everybody gets the default."),
    )
    served = forms.ChoiceField(label=_("They get"), required=False)
    default = forms.ChoiceField(label=_("Everybody else gets"), required=False)
    off = forms.ChoiceField(label=_("While it is switched off"), required=False)
    visible_to_clients = forms.BooleanField(
        label=_("Browsers may ask for it"), required=False
    )
    comment = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=300,
        help_text=_("Stands in the history."),
    )

    def __init__(self, flag: Flag, *args: Any, **kwargs: Any) -> None:
        """Offer the flag's own variants."""
        super().__init__(*args, **kwargs)
        names = [(one.name, one.name) for one in flag.variants]
        for field in ("served", "default", "off"):
            choice: Any = self.fields[field]
            choice.choices = [("", _("what the caller's code says")), *names]
        self.flag = flag

    @property
    def is_simple(self) -> bool:
        """Say whether the rollout can be changed here: it serves one variant."""
        release = self.flag.release
        return release is None or (
            release.rollout.progression is None and isinstance(release.serve, str)
        )

    def changes(self) -> dict[str, Any]:
        """Return the fields of the definition that are to be as said here."""
        said = self.cleaned_data
        tags = [one.strip() for one in said["tags"].split(",")]
        found: dict[str, Any] = {
            "description": said["description"],
            "tags": [one for one in tags if one],
            "default": said["default"] or None,
            "off": said["off"] or None,
            "visible_to_clients": said["visible_to_clients"],
        }
        if self.is_simple:
            found["release"] = self._release()
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse a share of people who would get nothing."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("percent") is not None and not said.get("served"):
            self.add_error("served", _("Say what they get."))
        return said

    def _release(self) -> dict[str, Any] | None:
        percent = self.cleaned_data["percent"]
        if percent is None:
            return None
        rollout: dict[str, Any] = {"percent": percent}
        before = self.flag.release
        if before is not None and before.rollout.sticky_on:
            rollout["sticky_on"] = list(before.rollout.sticky_on)
        return {"rollout": rollout, "serve": self.cleaned_data["served"]}


def initial_of(flag: Flag, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a flag's form shows at first."""
    release = flag.release
    served = release.serve if release and isinstance(release.serve, str) else ""
    return {
        **columns,
        "description": flag.description,
        "tags": ", ".join(flag.tags),
        "percent": f"{release.rollout.percent:g}" if release else None,
        "served": served or (flag.variants[0].name if flag.variants else ""),
        "default": flag.default or "",
        "off": flag.off or "",
        "visible_to_clients": flag.visible_to_clients,
    }


class RuleForm(forms.Form):
    """A rule with one question, which most rules have."""

    rule_id = forms.CharField(required=False, widget=forms.HiddenInput)
    attribute = forms.CharField(label=_("Field of the context"), required=False)
    operator = forms.ChoiceField(
        label=_("Question"), choices=list(OPERATORS.items()), required=False
    )
    values = forms.CharField(
        label=_("Values"), required=False, help_text=_("Separated by commas.")
    )
    serve = forms.ChoiceField(label=_("They get"), required=False)
    remove = forms.BooleanField(label=_("Remove"), required=False)

    def __init__(self, *args: Any, variants: Sequence[str] = (), **kwargs: Any) -> None:
        """Offer the flag's own variants."""
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["serve"]
        choice.choices = [(name, name) for name in variants]

    def clean(self) -> dict[str, Any]:
        """Refuse a question that nobody could answer with yes."""
        said: dict[str, Any] = super().clean() or {}
        is_asked = said.get("attribute", "").strip() and not said.get("remove")
        if is_asked and not said.get("values", "").strip():
            self.add_error("values", _("Name at least one value."))
        return said

    def rule(self) -> dict[str, Any] | None:
        """Return the rule that was written; None if there is none, or it goes."""
        said = self.cleaned_data
        if said["remove"] or not said["attribute"].strip():
            return None
        constraint: dict[str, Any] = {
            "attribute": said["attribute"].strip(),
            "operator": said["operator"],
        }
        if said["operator"].startswith(SINGLE):
            constraint["value"] = said["values"].strip()
        else:
            values = [one.strip() for one in said["values"].split(",")]
            constraint["values"] = [one for one in values if one]
        return {
            "id": said["rule_id"],
            "serve": said["serve"],
            "constraints": [constraint],
        }


def is_simple(rule: Rule) -> bool:
    """Say whether a rule is one question with one answer, for everybody it is about."""
    if len(rule.constraints) != 1 or rule.segments or rule.windows or rule.rollout:
        return False
    one = rule.constraints[0]
    return isinstance(rule.serve, str) and not (one.inverted or one.case_insensitive)


def initial_of_rule(rule: Rule) -> dict[str, Any]:
    """Return what a rule's row shows at first."""
    one = rule.constraints[0]
    return {
        "rule_id": rule.id,
        "attribute": one.attribute,
        "operator": one.operator,
        "values": ", ".join(one.values) if one.values else one.value,
        "serve": rule.serve,
    }


class Readable(json.JSONEncoder):
    """JSON for people: a line for each field."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "indent": 2, "ensure_ascii": False})

    def encode(self, o: Any) -> str:
        """Write it as people read it; half a character as its number."""
        text = super().encode(o)
        try:
            text.encode()
        except UnicodeEncodeError:
            return json.dumps(o, indent=2)
        return text


class DefinitionForm(forms.Form):
    """The whole definition, as JSON."""

    expected = forms.IntegerField(widget=forms.HiddenInput)
    definition = forms.JSONField(
        label=_("Definition"),
        encoder=Readable,
        widget=forms.Textarea({"rows": 16, "spellcheck": "false"}),
        help_text=_("What it holds stands in docs/flags.md."),
    )
    comment = forms.CharField(label=_("Why"), required=False, max_length=300)


class PreviewForm(forms.Form):
    """Somebody to try a flag on."""

    user = forms.CharField(label=_("targetingKey"), required=False, max_length=255)
    attributes = forms.CharField(
        label=_("Other fields of the context"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One a line, as name = value."),
    )

    def clean_attributes(self) -> dict[str, str]:
        """Read the lines."""
        found = {}
        for line in self.cleaned_data["attributes"].splitlines():
            name, equals, value = line.partition("=")
            if equals and name.strip():
                found[name.strip()] = value.strip()
            elif line.strip():
                raise forms.ValidationError(_("Write each as name = value."))
        return found


class OverrideForm(forms.Form):
    """Who is to get which variant, until when, and why."""

    user = forms.CharField(
        label=_("User"),
        required=False,
        max_length=255,
        help_text=_("As in targetingKey. Empty: the whole organization."),
    )
    organization = forms.ChoiceField(label=_("Organization"), required=False)
    variant = forms.ChoiceField(label=_("Gets"))
    expires_at = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(label=_("Why"), required=False, max_length=300)

    def __init__(
        self,
        flag: Flag,
        organizations: Sequence[tuple[str, str]],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Offer the flag's variants, and organizations to whoever sees them."""
        super().__init__(*args, **kwargs)
        variants: Any = self.fields["variant"]
        variants.choices = [(one.name, one.name) for one in flag.variants]
        whose: Any = self.fields["organization"]
        whose.choices = [("", "—"), *organizations]
        if not organizations:
            del self.fields["organization"]


class SwitchForm(forms.Form):
    """Why a flag is switched off, or on again."""

    comment = forms.CharField(label=_("Why"), required=False, max_length=300)


def _variant(kind: str, line: str) -> dict[str, Any]:
    name, equals, text = (part.strip() for part in line.partition("="))
    if not equals or not name:
        raise forms.ValidationError(_("Write each as name = value."))
    if kind == "string":
        return {"name": name, "value": text}
    try:
        return {"name": name, "value": json.loads(text)}
    except ValueError:
        said = _("%(text)s is no JSON.") % {"text": text}
        raise forms.ValidationError(said) from None
