"""`manage.py simulate`: made-up visits through the API of a server that runs."""

import os
from collections import Counter
from io import StringIO
from threading import Event as Flag
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiKey
from common.limits import asking
from portal import seeding
from portal.calling import Address, Caller, UnreachableError
from portal.management.commands import simulate
from portal.seeding import Seeding
from portal.sending import TAG, Crew, Sender, Sent, ensure_surveys
from portal.services import lent_key
from portal.simulation.kinds import BOTS, PEOPLE, Planned, plan
from portal.simulation.questionnaires import QUESTIONNAIRES
from sessions_app.models import Answer, Session, SessionTag, Survey


def run(live_server: Any, *, sessions: int = 3, **options: Any) -> tuple[str, str]:
    """Run the command; return what it printed, and how it showed its progress."""
    out, progress = StringIO(), StringIO()
    told = {"seed": 3, "api": live_server.url, **options}
    call_command("simulate", sessions=sessions, stdout=out, stderr=progress, **told)
    return out.getvalue(), progress.getvalue()


def crew(live_server: Any, key: str, visits: Any, **options: Any) -> Crew:
    """Return a crew with surveys of its own."""
    address = Address.read(live_server.url)
    caller = Caller(address)
    surveys = ensure_surveys(caller, key, QUESTIONNAIRES)
    caller.close()
    return Crew(address, key, surveys, iter(visits), **options)


def test_visits_arrive_with_their_label(live_server: Any) -> None:
    """Each is tagged, in surveys of its own, and judged; the key is gone afterwards."""
    run(live_server)
    sessions = list(Session.objects.all())
    assert len(sessions) == 3
    assert SessionTag.objects.filter(tag=TAG).count() == 3
    assert all(session.metadata["synthetic"] is True for session in sessions)
    assert all(session.survey.name.startswith("Synthetic: ") for session in sessions)
    assert all(session.event_count and not session.gaps for session in sessions)
    assert all(session.is_final for session in sessions if session.status != "active")
    assert Answer.objects.exists()
    assert ApiKey.objects.get().revoked_at is not None


def test_end_tells_kinds_and_verdicts(live_server: Any) -> None:
    """And the seed, so that it can be done again."""
    printed, progress = run(live_server, sessions=4, bots=0.5)
    assert "4 of 4 sessions, seed 3:" in printed
    assert "(bot)" in printed
    assert "says nothing about accuracy" in printed
    counted = Counter(session.verdict for session in Session.objects.all())
    rows = [line[23:].split() for line in printed.splitlines()[1:-3]]
    columns = zip(*rows, strict=True)
    sums = [sum(int(cell) for cell in column if cell != ".") for column in columns]
    assert dict(zip(simulate.VERDICTS, sums, strict=True)) == {
        verdict: counted[verdict] for verdict in simulate.VERDICTS
    }
    assert progress.splitlines()[-1].startswith("4/4 sessions")


def test_quiet_run_prints_nothing(live_server: Any) -> None:
    """For scripts."""
    assert run(live_server, sessions=1, quiet=True) == ("", "")


def test_same_seed_sends_the_same_again(live_server: Any) -> None:
    """Also over several connections; surveys are used again."""
    run(live_server, surveys=2)
    first = Counter(Session.objects.values_list("event_count", "verdict"))
    run(live_server, surveys=2, jobs=3)
    both = Counter(Session.objects.values_list("event_count", "verdict"))
    assert both == first + first
    assert Survey.objects.count() == 2


def test_seed_is_made_up_and_told_where_none_is_given(live_server: Any) -> None:
    """Two runs are not alike by default."""
    printed, _progress = run(live_server, sessions=1, seed=None)
    assert "seed " in printed


def test_key_of_ones_own_is_used_and_kept(live_server: Any) -> None:
    """No other is made."""
    with lent_key("mine") as key:
        run(live_server, sessions=1, key=key)
        assert [one.revoked_at for one in ApiKey.objects.all()] == [None]


def test_server_that_is_away_is_said(live_server: Any, free_port: int) -> None:
    """With what to do, and a code of its own."""
    with pytest.raises(CommandError, match="Start one with `make run`") as refused:
        run(live_server, api=f"http://127.0.0.1:{free_port}")
    assert refused.value.returncode == os.EX_UNAVAILABLE
    assert ApiKey.objects.get().revoked_at is not None


def test_key_that_is_refused_is_said(live_server: Any) -> None:
    """A key of another installation, for instance."""
    with pytest.raises(CommandError, match="refuses the key") as refused:
        run(live_server, key="bf_sk_live_another")
    assert refused.value.returncode == os.EX_NOPERM


def test_address_without_a_scheme_is_refused(live_server: Any) -> None:
    """With an example."""
    with pytest.raises(CommandError, match="no address such as"):
        run(live_server, api="localhost")


@pytest.mark.parametrize(
    "option", ["--bots=2", "--bots=x", "--jobs=0", "--surveys=99", "--sessions=-1"]
)
def test_numbers_are_checked(option: str) -> None:
    """Before anything is sent."""
    with pytest.raises(CommandError, match="from"):
        call_command("simulate", option)


def test_interrupted_run_tells_what_was_done(
    live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C ends it in order: no thread is left, the key is revoked."""
    add = simulate.Progress.add

    def interrupted(progress: simulate.Progress, sent: Sent) -> None:
        add(progress, sent)
        if progress.done == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(simulate.Progress, "add", interrupted)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(
            "simulate", "--sessions=50", "--seed=3", f"--api={live_server.url}",
            stdout=out, stderr=StringIO(),
        )  # fmt: skip
    assert ended.value.code == 130
    assert "2 of 50 sessions" in out.getvalue()
    assert Session.objects.count() <= 4
    assert ApiKey.objects.get().revoked_at is not None


def test_server_that_goes_away_leaves_a_table(
    live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent until then is told, and then what happened."""
    send = Sender.send
    sent: list[Sent] = []

    def once(sender: Sender, planned: Planned) -> Sent:
        if sent:
            raise UnreachableError("No server answers.")  # noqa: EM101, TRY003 - a test's
        sent.append(send(sender, planned))
        return sent[-1]

    monkeypatch.setattr(Sender, "send", once)
    out = StringIO()
    with pytest.raises(CommandError, match="Start one with") as ended:
        call_command(
            "simulate", "--sessions=9", "--seed=3", f"--api={live_server.url}",
            stdout=out, stderr=StringIO(),
        )  # fmt: skip
    assert ended.value.returncode == os.EX_UNAVAILABLE
    assert "1 of 9 sessions" in out.getvalue()


def test_rate_limit_is_obeyed(
    live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's word to wait is taken; nothing is lost."""
    settings.LIMITS = {**settings.LIMITS, "open": {"secret": 1}}
    monkeypatch.setattr(asking, "WINDOW_S", 2)
    visits = [
        Planned(number, PEOPLE[-1], QUESTIONNAIRES[0], f"1/{number}")
        for number in range(3)
    ]
    with lent_key("test") as key:
        # At the same time, so that the limit's clock cannot tick between all of them.
        work = crew(live_server, key, visits, jobs=3)
        sent = list(work.work())
    assert [one.problem for one in sent] == [""] * 3
    assert work.waits > 0
    assert work.waited_s >= work.waits
    assert Session.objects.count() == 3


def test_policy_that_ends_sessions_ends_visits(live_server: Any) -> None:
    """What the server wants no more of is not sent; it is no problem."""
    survey = next(
        one for one in QUESTIONNAIRES if one.policy.get("blocking_ends_session")
    )
    headless = next(kind for kind in BOTS if kind.name == "headless")
    with lent_key("test") as key:
        (sent,) = crew(live_server, key, [Planned(1, headless, survey, "1/1")]).work()
    assert (sent.verdict, sent.status, sent.problem) == ("bot", "blocked", "")
    assert sent.events < sum(map(len, headless_batches(headless, survey)))


def headless_batches(kind: Any, survey: Any) -> Any:
    """Return what that visit would have sent."""
    return Planned(1, kind, survey, "1/1").visit().batches


def test_refused_visit_is_told_and_the_others_go_on(live_server: Any) -> None:
    """A survey that is gone concerns its own visits."""
    with lent_key("test") as key:
        work = crew(live_server, key, plan(4, QUESTIONNAIRES, seed=2))
        first = next(iter(plan(1, QUESTIONNAIRES, seed=2))).questionnaire.name
        work.surveys = {**work.surveys, first: "00000000-0000-7000-8000-000000000000"}
        sent = list(work.work())
    problems = [one.problem for one in sent if one.problem]
    assert problems
    assert all(problem.startswith("404") for problem in problems)
    assert Session.objects.count() == 4 - len(problems) > 0


def test_command_fails_when_visits_were_refused(
    live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table comes first."""
    refused = Sent("desk", problem="500 broken: It is broken.")
    monkeypatch.setattr(Sender, "send", lambda *_: refused)
    out = StringIO()
    with pytest.raises(CommandError, match="3 sessions were refused"):
        call_command(
            "simulate", "--sessions=3", f"--api={live_server.url}",
            stdout=out, stderr=StringIO(),
        )  # fmt: skip
    assert "3 refused: 500 broken" in out.getvalue()


def test_unexpected_error_of_a_thread_is_raised(
    live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistake of ours is not lost in a thread."""

    def broken(*_arguments: object) -> Sent:
        msg = "ours"
        raise ZeroDivisionError(msg)

    monkeypatch.setattr(Sender, "send", broken)
    with lent_key("test") as key, pytest.raises(ZeroDivisionError, match="ours"):
        list(crew(live_server, key, plan(3, QUESTIONNAIRES, seed=1)).work())


def seeded(live_server: Any) -> None:
    """Seed a server to the end."""
    thread = Seeding(live_server.url)
    thread.start()
    thread._thread.join()


def test_first_start_makes_up_a_few_sessions_once(
    live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second start finds them."""
    monkeypatch.setattr(seeding, "SESSIONS", 2)
    seeded(live_server)
    assert SessionTag.objects.filter(tag=TAG).count() == 2
    seeded(live_server)
    assert Session.objects.count() == 2


def test_seeding_ends_when_the_server_ends(
    live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it is."""
    monkeypatch.setattr(seeding, "PAUSE_S", 30)
    one = Seeding(live_server.url)
    one.start()
    one.stop()
    assert not one._thread.is_alive()
    assert all(key.revoked_at for key in ApiKey.objects.all())


@pytest.mark.django_db(transaction=True)
def test_seeding_without_a_server_does_no_harm(
    free_port: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It says why in the log."""
    monkeypatch.setattr("portal.calling.FIRST_WAIT_S", 0.01)
    one = Seeding(f"http://127.0.0.1:{free_port}")
    one.start()
    one._thread.join()
    assert not Session.objects.exists()
    assert "seeding.failed" in caplog.text


def test_stopped_crew_takes_no_more(live_server: Any) -> None:
    """What was planned is left."""
    stop = Flag()
    stop.set()
    with lent_key("test") as key:
        work = crew(live_server, key, plan(3, QUESTIONNAIRES, seed=1), stop=stop)
        assert list(work.work()) == []
