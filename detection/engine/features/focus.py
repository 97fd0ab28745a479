"""What window focus tells: how often one was away, and what happened meanwhile."""

from typing import Final

from msgspec import Struct, field

from ..events import Blur, FieldBlur, FieldFocus, Focus, KeyDown, MouseDown, Visibility
from ..stats import Histogram


class FocusTotals(Struct, array_like=True):
    """Counts of leaving and returning over a session."""

    focuses: int = 0
    blurs: int = 0
    hides: int = 0
    shows: int = 0
    away: Histogram = field(default_factory=Histogram)
    # Trusted keys and presses while the page was out of sight, and while the window
    # had lost the keyboard.
    acts_while_hidden: int = 0
    keys_while_blurred: int = 0
    # How often a field got or lost the keyboard; trusted keys that went to a field, and
    # trusted presses of buttons, which take the keyboard away from it.
    field_moves: int = 0
    field_keys: int = 0
    button_presses: int = 0


class FocusEdge(Struct, array_like=True):
    """What a run of batches must remember of focus at both ends.

    None means that the run has not said it; acts before the first word wait.
    """

    visible: bool | None = None
    focused: bool | None = None
    acts_before: int = 0
    keys_before: int = 0
    away_t: float | None = None
    # The run's first return, when its leaving is not in the run.
    returned_t: float | None = None


def read_blur(totals: FocusTotals, edge: FocusEdge, event: Blur) -> None:
    """Count that the window lost the keyboard."""
    totals.blurs += 1
    edge.focused = False
    # The last blur before a return: frames blur one after the other.
    edge.away_t = event.t


def read_focus(totals: FocusTotals, edge: FocusEdge, event: Focus) -> None:
    """Count that the window has the keyboard again."""
    totals.focuses += 1
    if edge.focused is None:
        edge.returned_t = event.t
    _return(totals, edge, event.t)
    edge.focused = True


def read_visibility(totals: FocusTotals, edge: FocusEdge, event: Visibility) -> None:
    """Count that the page left sight or came back."""
    if event.visible:
        totals.shows += 1
    else:
        totals.hides += 1
    edge.visible = event.visible


def read_key(totals: FocusTotals, edge: FocusEdge, event: KeyDown) -> None:
    """Count a key that cannot be: the page was out of sight, or another had it."""
    if event.trusted is False:
        return
    _act(totals, edge)
    totals.field_keys += event.field is not None
    if edge.focused is None:
        edge.keys_before += 1
    elif not edge.focused:
        totals.keys_while_blurred += 1


def read_press(totals: FocusTotals, edge: FocusEdge, event: MouseDown) -> None:
    """Count a press that cannot be: the page was out of sight."""
    if event.trusted is not False:
        _act(totals, edge)
        totals.button_presses += event.target == "button"


def read_field(
    totals: FocusTotals, _edge: FocusEdge, _event: FieldFocus | FieldBlur
) -> None:
    """Count that a field got or lost the keyboard."""
    totals.field_moves += 1


def join(totals: FocusTotals, left: FocusEdge, right: FocusEdge) -> FocusEdge:
    """Count what crosses the border between two neighbouring runs."""
    if left.visible is False:
        totals.acts_while_hidden += right.acts_before
    if left.focused is False:
        totals.keys_while_blurred += right.keys_before
    if right.returned_t is not None:
        _return(totals, left, right.returned_t)
    return FocusEdge(
        left.visible if right.visible is None else right.visible,
        left.focused if right.focused is None else right.focused,
        left.acts_before + (right.acts_before if left.visible is None else 0),
        left.keys_before + (right.keys_before if left.focused is None else 0),
        right.away_t if right.focused is not None else left.away_t,
        left.returned_t if left.focused is not None else right.returned_t,
    )


def _act(totals: FocusTotals, edge: FocusEdge) -> None:
    """Count something done by hand, by whether it could be seen."""
    if edge.visible is None:
        edge.acts_before += 1
    elif not edge.visible:
        totals.acts_while_hidden += 1


def _return(totals: FocusTotals, edge: FocusEdge, t: float) -> None:
    """Count how long one was away."""
    if edge.away_t is not None:
        totals.away.add(t - edge.away_t)
        edge.away_t = None


READERS: Final = {
    Blur: read_blur,
    Focus: read_focus,
    Visibility: read_visibility,
    FieldFocus: read_field,
    FieldBlur: read_field,
    KeyDown: read_key,
    MouseDown: read_press,
}
