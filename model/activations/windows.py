"""Windows that slide over an image: which inputs a convolution's or a pooling's unit sees."""

from collections.abc import Mapping
from dataclasses import dataclass

_SAME = 0


@dataclass(frozen=True)
class Axis:
    """One axis of a window.

    Attributes:
        start: The first place it sees; negative where it begins beyond the edge.
        count: How many places it sees.
        step: How far apart they are.
        size: How many places the input has.
    """

    start: int
    count: int
    step: int
    size: int

    @property
    def inside(self) -> range:
        """Indices within the window of the places that lie inside the input."""
        first = max(0, -(-(0 - self.start) // self.step))
        last = min(self.count, -(-(self.size - self.start) // self.step))
        return range(first, max(first, last))

    def place(self, number: int) -> int:
        """Return where one of the window's places lies in the input."""
        return self.start + number * self.step


def window_axis(
    options: Mapping[str, int | float | bool],
    *,
    letter: str,
    place: int,
    input_size: int,
    window_size: int,
) -> Axis:
    """Return the part of an axis that one unit of a convolution or pooling sees.

    Args:
        options: The operation's settings.
        letter: H or W, by which its settings for the axis are named.
        place: The unit's own place on the axis.
        input_size: How many places the input has.
        window_size: How many places the window sees.
    """
    stride = max(1, int(options.get(f"stride{letter}", 1)))
    dilation = max(1, int(options.get(f"dilation{letter}Factor", 1)))
    reach = dilation * (window_size - 1) + 1
    before = 0
    if options.get("padding", _SAME) == _SAME:
        # The padding is split between both ends; an odd one goes to the end, as in TensorFlow.
        outputs = -(-input_size // stride)
        before = max(0, (outputs - 1) * stride + reach - input_size) // 2
    return Axis(place * stride - before, window_size, dilation, input_size)
