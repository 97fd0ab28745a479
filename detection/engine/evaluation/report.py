"""An evaluation as a table for people at a terminal."""

from collections.abc import Iterator

from .metrics import DetectorRate, Evaluation, Group

_HEAD = "label      n  human  susp   bot  undec  undec%  settled"


def lines(evaluation: Evaluation) -> Iterator[str]:
    """Yield the table's lines."""
    width = max((len(one.source) for one in evaluation.sources), default=6)
    yield f"{'source':<{width}}  {_HEAD}"
    for group in (*evaluation.sources, *evaluation.total):
        yield f"{group.source:<{width}}  {_counts(group)}"
    yield ""
    yield f"AUC                     {_number(evaluation.auc)}"
    yield f"TPR at 1 % FPR          {_number(evaluation.tpr_at_1_percent)}"
    yield f"TPR at 0.1 % FPR        {_number(evaluation.tpr_at_0_1_percent)}"
    yield f"calibration error       {_number(evaluation.calibration_error)}"
    yield from _subjects(evaluation)
    yield from _detectors(evaluation)


def _subjects(evaluation: Evaluation) -> Iterator[str]:
    """Yield the subjects that were judged wrong at least once."""
    wrong = [one for one in evaluation.subjects if _is_wrong(one)]
    if not wrong:
        return
    width = max(len(_name(one)) for one in wrong)
    yield ""
    yield f"{'subjects judged wrong':<{width}}  {_HEAD}"
    for group in wrong:
        yield f"{_name(group):<{width}}  {_counts(group)}"


def _detectors(evaluation: Evaluation) -> Iterator[str]:
    """Yield how often each detector fires; those that never could are left out."""
    seen = [one for one in evaluation.detectors if one.people or one.bots]
    width = max((len(one.code) for one in seen), default=8)
    yield ""
    yield f"{'detector':<{width}}  people  fired    FPR  95 % interval     bots  fired"
    for rate in seen:
        yield f"{rate.code:<{width}}  {_rates(rate)}"


def _is_wrong(group: Group) -> bool:
    """Say whether a person was called a bot or suspicious, or a bot human."""
    return bool(group.human if group.label == "bot" else group.bot + group.suspicious)


def _name(group: Group) -> str:
    """Return a subject's name with its source."""
    return f"{group.source}/{group.subject}"


def _counts(group: Group) -> str:
    """Return a group's numbers as columns."""
    settled = "-" if group.settled_s is None else f"{group.settled_s:.1f} s"
    return (
        f"{group.label:<5} {group.sessions:>6} {group.human:>6} {group.suspicious:>5}"
        f" {group.bot:>5} {group.undecided:>6} {group.undecided_share:>7.1%}"
        f" {settled:>8}"
    )


def _rates(rate: DetectorRate) -> str:
    """Return a detector's numbers as columns."""
    share, interval = "-", "-"
    if rate.false_positive_rate is not None:
        share = f"{rate.false_positive_rate:.2%}"
    if rate.low is not None and rate.high is not None:
        interval = f"{rate.low:.2%} to {rate.high:.2%}"
    return (
        f"{rate.people:>6} {rate.fired_on_people:>6} {share:>6}  {interval:<16}"
        f" {rate.bots:>5} {rate.fired_on_bots:>6}"
    )


def _number(value: float | None) -> str:
    """Return a number, or what to say when there is none."""
    return "-" if value is None else f"{value:.4f}"
