"""Whoever writes what the audit keeps says so: found by reading every service."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
WRITES: Final = frozenset(
    {"create", "save", "update", "delete", "get_or_create", "update_or_create"}
    | {"bulk_create", "bulk_update", "create_superuser", "create_user", "add_session"}
)
# What a service calls so that its act is kept.
RECORDS: Final = frozenset({"record_act", "note"})

INTAKE: Final = "the intake's rows are their own record"
MACHINE: Final = "the machine's own: nobody decides it"
FIGURES: Final = "figures follow from sessions, and can be made again"
OWN: Final = "a convenience that is one person's alone"

# Services that write, and leave nothing in the audit, each with its reason.
EXEMPT: Final = {
    "accounts.services.two_factor.begin_set_up": "nothing is in force yet",
    "accounts.services.keys.note_use": MACHINE,
    "accounts.services.invitations.write_letter": "a link for who was invited already",
    "accounts.services.signing_in.renew": "what a sign-in does each ten minutes",
    "detection.services.results.record_final_result": INTAKE,
    "experiments.services.experiments._save": "its callers note what changes",
    "experiments.services.experiments._begin_phase": "its callers note what changes",
    "experiments.services.experiments._end_phase": "its callers note what changes",
    "experiments.services.identifying._remember": INTAKE,
    "experiments.services.recording._add": INTAKE,
    "experiments.services.taking_part._record": INTAKE,
    "experiments.services.refreshing._note": FIGURES,
    "experiments.services.refreshing.recount": FIGURES,
    "experiments.services.refreshing._write_day": FIGURES,
    "experiments.services.visiting.forget_sessions": "its erasure is noted",
    "flags.services.overrides.forget_ended": "they ended long ago by themselves",
    "flags.services.overrides.forget_user": "the erasure that it belongs to is noted",
    "flags.services.writing._tick": MACHINE,
    "flags.services.writing.changing": "whoever changes something notes what",
    "flags.services.writing.remember": "the history beside the audit",
    "integrations.services.delivering.claim_attempt": MACHINE,
    "integrations.services.delivering.note_handed": MACHINE,
    "integrations.services.delivering.write_down": MACHINE,
    "integrations.services.delivering._judge_endpoint": MACHINE,
    "integrations.services.endpoints._set": "its callers note what they set",
    "integrations.services.publishing.publish": MACHINE,
    "integrations.services.publishing._deliver_to": MACHINE,
    "integrations.services.replaying._make_due": "its callers note what they replay",
    "integrations.services.retention._forget": "a log that ends by itself",
    "sessions_app.services.answering.record_answers": INTAKE,
    "sessions_app.services.ending._end": INTAKE,
    "sessions_app.services.ending.judge_whole_session": INTAKE,
    "sessions_app.services.erasing.remove_sessions": "its callers note what goes",
    "sessions_app.services.forgetting._remove_strangers": "its round is noted",
    "sessions_app.services.opening.open_session": INTAKE,
    "sessions_app.services.opening._respondent": INTAKE,
    "sessions_app.services.tallying._count": FIGURES,
    "sessions_app.services.tallying._insert": FIGURES,
    "sessions_app.services.tallying.rebuild": FIGURES,
    "sessions_app.services.saved_views.save_view": OWN,
    "sessions_app.services.saved_views.remove_view": OWN,
    "sessions_app.services.retention._forget_states": "its round is noted as a whole",
    "sessions_app.services.retention._erase_some": "its round is noted as a whole",
}


def services() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield each function of each app's services, by its dotted name."""
    files = [*ROOT.glob("*/services.py"), *ROOT.glob("*/services/*.py")]
    for path in files:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                yield f"{module}.{node.name}", node


def calls_in(function: ast.FunctionDef) -> Iterator[tuple[str, bool]]:
    """Yield the names that are called, and whether as a method."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, True
            elif isinstance(node.func, ast.Name):
                yield node.func.id, False


def writes(function: ast.FunctionDef) -> bool:
    """Say whether it changes rows by itself."""
    return any(is_method and name in WRITES for name, is_method in calls_in(function))


def records(function: ast.FunctionDef) -> bool:
    """Say whether it leaves an entry."""
    return any(name in RECORDS for name, _is_method in calls_in(function))


def test_every_service_that_writes_leaves_an_entry_or_says_why_not() -> None:
    """A new one fails here until somebody has thought about it."""
    silent = {
        name
        for name, function in services()
        if writes(function) and not records(function)
    }
    assert silent - set(EXEMPT) == set()


def test_no_reason_is_left_over() -> None:
    """What was renamed, or writes no more, needs none."""
    silent = {name for name, one in services() if writes(one) and not records(one)}
    assert set(EXEMPT) - silent == set()


def test_every_act_that_is_kept_is_declared() -> None:
    """A verb is a literal, and stands in a list of acts."""
    from accounts.audit.declared import titles  # noqa: PLC0415 - apps are ready by now

    verbs = {
        node.args[0].value
        for _name, function in services()
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "record_act"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(verbs) > 20
    assert verbs <= set(titles())


def test_reading_finds_what_does_not_record() -> None:
    """The control: a service without an entry is seen."""
    (node,) = ast.parse(
        "def grant():\n    Membership.objects.update(role='owner')"
    ).body
    assert isinstance(node, ast.FunctionDef)
    assert writes(node)
    assert not records(node)
