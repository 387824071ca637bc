"""Which device draws, so that one movement of the hand is one stroke. No Qt.

Systems send what a pen or a finger does a second time as mouse events, before or after the real
ones, marked as synthesised or not. The rule: a pen beats a finger (which may be the ball of the
hand), a finger beats the mouse, and a mouse press at the place and time of a pen's or finger's
stroke is its echo.
"""

from dataclasses import dataclass
from enum import Enum, IntEnum
from math import hypot

ECHO_SECONDS = 0.7
"""How long after a pen or finger lifts a mouse press may still be its echo."""

EARLY_ECHO_SECONDS = 0.1
"""How long before a pen or finger touches its whole echo may have come."""

ECHO_RADIUS_PX = 24.0
"""How far from the pen or finger its echo may lie."""


class Pointer(IntEnum):
    """A kind of device; the higher one wins."""

    KEYBOARD = -1
    MOUSE = 0
    TOUCH = 1
    PEN = 2


class Decision(Enum):
    """What a press means."""

    START = "start"
    TAKE_OVER = "take over"  # a lesser device's stroke in progress was an echo: drop it
    REPLACE_LAST = "replace last"  # the mouse's last stroke was an echo: take it back
    FINISH_LOST = "finish lost"  # the lift of the stroke in progress got lost: it ends now
    IGNORE = "ignore"


@dataclass(frozen=True)
class _Lift:
    """Where and when a device ended its last stroke, and where it began."""

    pointer: Pointer
    start: tuple[float, float]
    end: tuple[float, float]
    seconds: float


class PointerArbiter:
    """Decides whether a press starts a stroke, and to which device a move belongs."""

    def __init__(self) -> None:
        self._holder: Pointer | None = None
        self._start = (0.0, 0.0)
        self._last: _Lift | None = None

    def press(self, pointer: Pointer, place: tuple[float, float], seconds: float) -> Decision:
        """Judge a press; `seconds` is any steady clock."""
        if self._holder is not None:
            if pointer < self._holder:
                return Decision.IGNORE
            if pointer is self._holder:  # it cannot come down twice without a lift
                self._hold(pointer, place)
                return Decision.FINISH_LOST
            self._hold(pointer, place)
            return Decision.TAKE_OVER
        if self._is_echo(pointer, place, seconds):
            return Decision.IGNORE
        was_preceded = self._was_preceded_by_echo(pointer, place, seconds)
        self._hold(pointer, place)
        return Decision.REPLACE_LAST if was_preceded else Decision.START

    def draws(self, pointer: Pointer) -> bool:
        """Whether this device holds the stroke in progress."""
        return self._holder is pointer

    def lift(self, pointer: Pointer, place: tuple[float, float], seconds: float) -> None:
        """Note that the device ended its stroke."""
        if self._holder is pointer:
            self._holder = None
            if pointer is not Pointer.KEYBOARD:  # no system echoes it
                self._last = _Lift(pointer, self._start, place, seconds)

    def cancel(self) -> None:
        """Note that the stroke in progress is dropped; its device stays silent until it lifts."""
        self._holder = None

    def _hold(self, pointer: Pointer, place: tuple[float, float]) -> None:
        self._holder = pointer
        self._start = place

    def _is_echo(self, pointer: Pointer, place: tuple[float, float], seconds: float) -> bool:
        last = self._last
        if last is None or pointer >= last.pointer or pointer is Pointer.KEYBOARD:
            return False
        if seconds - last.seconds > ECHO_SECONDS:
            return False
        return _are_near(place, last.start) or _are_near(place, last.end)

    def _was_preceded_by_echo(
        self, pointer: Pointer, place: tuple[float, float], seconds: float
    ) -> bool:
        last = self._last
        if last is None or last.pointer >= pointer:
            return False
        return seconds - last.seconds <= EARLY_ECHO_SECONDS and _are_near(place, last.start)


def _are_near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return hypot(one[0] - other[0], one[1] - other[1]) <= ECHO_RADIUS_PX
