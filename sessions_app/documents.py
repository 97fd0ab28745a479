"""A survey's policy, said in sentences, and what it would have changed."""

from collections.abc import Sequence
from typing import Final, TypedDict

from django.utils.translation import gettext as _, ngettext

from common.formats import number
from detection.facade import ACTIONS, FAMILIES

from .engine.moves import Row
from .models import Survey
from .previews import MOST_SESSIONS, Preview

# Beside the table, which has all of them.
MOST_SENTENCES: Final = 4


def policy_sentences(survey: Survey) -> Sequence[str]:
    """Return what happens in a survey, one sentence for each rule."""
    actions = {code: str(name) for code, name in ACTIONS}
    said = [
        _("A session that was automated: %(action)s.")
        % {"action": actions[survey.bot_action]},
        _("A session that was more likely automated than not: %(action)s.")
        % {"action": actions[survey.suspicious_action]},
        _("An agent that says what it is: %(action)s.")
        % {"action": actions[survey.declared_agent_action]},
        _("What a person does is enough to block them.")
        if survey.behaviour_may_block
        else _(
            "What a person does is never enough to block them: the browser has to"
            " give itself away, or the session goes to review."
        ),
        _("Nobody is blocked for the network alone, nor for having shown too little."),
    ]
    if survey.blocking_ends_session:
        said.append(_("A session that is to be blocked ends at once."))
    said.append(_told(survey))
    if survey.families_off:
        names = ", ".join(str(FAMILIES.get(name, name)) for name in survey.families_off)
        said.append(
            _("These kinds of checks are not asked: %(names)s.") % {"names": names}
        )
    return said


def _told(survey: Survey) -> str:
    """Return what the respondent's browser learns."""
    if survey.show_reasons:
        return _("The browser learns the verdict and its reasons.")
    if survey.share_action:
        return _("The browser learns the action, and not why.")
    return _("The browser learns nothing.")


class PreviewRow(TypedDict):
    """One action, and how many sessions got it, would get it, and would lose it."""

    name: str
    then: int
    now: int
    moved: int


class PreviewDocument(TypedDict):
    """What a policy would have changed, in figures and in words."""

    rows: Sequence[PreviewRow]
    total: PreviewRow
    sentences: Sequence[str]
    most: int
    is_cut: bool


def preview_document(seen: Preview) -> PreviewDocument:
    """Return what a preview says; the gravest changes in a sentence each."""
    actions = {code: str(name) for code, name in ACTIONS}
    sentences = [
        ngettext(
            "%(count)s session would get “%(now)s” in place of “%(then)s”.",
            "%(count)s sessions would get “%(now)s” in place of “%(then)s”.",
            move.count,
        )
        % {
            "count": number(move.count),
            "now": actions[move.now],
            "then": actions[move.then],
        }
        for move in seen.moves.moves[:MOST_SENTENCES]
    ]
    return {
        "rows": [_preview_row(row, actions[row.action]) for row in seen.moves.rows],
        "total": _preview_row(seen.moves.total, _("All")),
        "sentences": sentences,
        "most": MOST_SESSIONS,
        "is_cut": seen.is_cut,
    }


def _preview_row(row: Row, name: str) -> PreviewRow:
    return {"name": name, "then": row.then, "now": row.now, "moved": row.moved}
