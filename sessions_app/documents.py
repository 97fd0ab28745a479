"""A survey's policy, said in sentences."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from detection.facade import ACTIONS, FAMILIES

from .models import Survey


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
