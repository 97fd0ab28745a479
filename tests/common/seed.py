"""What schemathesis finds where it calls. A program: it prints names as JSON."""

import json
import sys
from typing import Any

import django
from django.core.management import call_command


def plant() -> dict[str, str]:  # noqa: PLR0915 - a list of what there is
    """Make one of each thing that requests name; return what they are called."""
    from accounts.facade import create_key, create_organization  # noqa: PLC0415
    from accounts.models import User  # noqa: PLC0415
    from accounts.roles import Permission  # noqa: PLC0415
    from accounts.services.invitations import invite  # noqa: PLC0415
    from accounts.services.keys import KeyTerms  # noqa: PLC0415
    from accounts.services.members import add_member  # noqa: PLC0415
    from accounts.services.signing_in import begin  # noqa: PLC0415
    from flags.services.flags import create_flag  # noqa: PLC0415
    from flags.services.segments import create_segment  # noqa: PLC0415
    from integrations.services.endpoints import create_endpoint  # noqa: PLC0415
    from integrations.services.publishing import send_test  # noqa: PLC0415
    from sessions_app.facade import create_survey  # noqa: PLC0415
    from sessions_app.services.erasing import erase_respondent  # noqa: PLC0415
    from sessions_app.services.opening import open_session  # noqa: PLC0415
    from sessions_app.subjects import Name  # noqa: PLC0415

    ours: dict[str, Any] = {"organization_id": create_organization(name="Ours").id}
    owner, other = (
        add_member(
            user_id=User.objects.create_user(role, f"{role}@survey.example").id,
            role=role,
            **ours,
        )
        for role in ("owner", "viewer")
    )
    _key, text = create_key(kind="secret", **ours)
    survey = create_survey(name="Commuting", **ours)
    opened = open_session(survey_id=survey.id, **ours)
    sent = invite(email="cyd@survey.example", role="viewer", **ours)
    # A public address, to which nobody sends.
    hook, _secret = create_endpoint(
        url="https://93.184.216.34/hook", event_types=["verdict.final"], **ours
    )
    open_session(survey_id=survey.id, respondent_id="gone", **ours)
    erased = erase_respondent(Name(ours["organization_id"], respondent_id="gone"))
    create_flag(name="page", definition={"default": "on"}, **ours)
    create_segment(name="gold", definition={}, **ours)
    plant_experiment(**ours)
    kinds = ("flags.", "experiments.")
    scopes = [one.value for one in Permission if one.value.startswith(kinds)]
    _key, editor = create_key(kind="secret", terms=KeyTerms(scopes=scopes), **ours)
    found = {
        "FLAGS_KEY": editor,
        "ERASURE_ID": erased.id,
        "SERVER_KEY": text,
        "OWNER_TOKEN": begin(membership=owner).access,
        "SURVEY_ID": survey.id,
        "SESSION_ID": opened.session.id,
        "KEY_ID": create_key(kind="secret", **ours)[0].id,
        "MEMBERSHIP_ID": other.id,
        "INVITATION_ID": sent.id,
        "WEBHOOK_ID": hook.id,
        "DELIVERY_ID": send_test(endpoint_id=hook.id, **ours).id,
    }
    return {name: str(value) for name, value in found.items()}


def plant_experiment(**ours: Any) -> None:
    """Make an experiment that runs."""
    from experiments.services.experiments import (  # noqa: PLC0415
        create_experiment,
        start_experiment,
    )

    experiment = {
        "variants": [{"name": "control"}, {"name": "short"}],
        "metrics": [{"name": "completion", "event": "completed"}],
        "planned_units": 100,
    }
    create_experiment(name="wording", design=experiment, **ours)
    start_experiment(name="wording", **ours)


if __name__ == "__main__":
    django.setup()
    call_command("migrate", verbosity=0)
    json.dump(plant(), sys.stdout)
