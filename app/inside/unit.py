"""The unit that is open: its number, its arithmetic and its receptive field. No Qt."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.inside.layers import ShownLayer
from app.inside.window_view import Grid, GridLine, short_number

if TYPE_CHECKING:  # importing them for real would load the runtime before the window is shown
    from model.activations.arithmetic import Combination, WeightedSum
    from model.activations.look import Look

MOST_LINES = 3


@dataclass(frozen=True)
class OpenUnit:
    """Which number is explained.

    Attributes:
        row: Number of its layer's row.
        unit: Number of its map in an image, or of the unit in a vector.
        place: Row and column on the map; (0, 0) if there is none.
    """

    row: int
    unit: int
    place: tuple[int, int] = (0, 0)

    def position(self, shown: ShownLayer) -> tuple[int, ...]:
        """Return where it lies in its layer's output."""
        if len(shown.shape) == 3:
            return (*self.place, self.unit)
        return self.place if len(shown.shape) == 2 else (self.unit,)


def opened(look: "Look", shown: ShownLayer, row: int, unit: int) -> OpenUnit:
    """Return the unit where its map differs most from the map of an empty pad."""
    if len(shown.shape) not in (2, 3):
        return OpenUnit(row, unit)
    change = drawn_change(look.values(shown.tensor), unit)
    place = np.unravel_index(int(change.argmax()), change.shape)
    return OpenUnit(row, unit, (int(place[0]), int(place[1])))


def drawn_change(values: npt.NDArray[np.float32], unit: int) -> npt.NDArray[np.float32]:
    """Return how far a map's numbers are from that of blank paper.

    The median is that of blank paper, as most of a page is blank. If it is not zero, it comes
    from the bias, and its arithmetic shows nothing of the drawing.

    Args:
        values: float32 (height, width, maps) or (height, width).
        unit: Number of the map.

    Returns:
        float32 (height, width), zero or above.
    """
    unit_map = values[..., unit] if values.ndim == 3 else values
    change: npt.NDArray[np.float32] = np.abs(unit_map - np.median(unit_map))
    return change


def at_position(row: int, position: tuple[int, ...]) -> OpenUnit:
    """Return the unit at a place of a layer's output."""
    if len(position) == 1:
        return OpenUnit(row, position[0])
    place = (position[0], position[1])
    return OpenUnit(row, position[2] if len(position) == 3 else 0, place)


def window_lines(made: object) -> tuple[GridLine, ...]:
    """Return the grids of a window's arithmetic; none if it has no window."""
    from model.activations.arithmetic import Combination, WeightedSum

    if isinstance(made, WeightedSum) and made.patch.ndim == 3:
        return _kernel_lines(made)
    if isinstance(made, Combination) and made.operation in ("maximum", "mean"):
        return _pooling_lines(made)
    return ()


def _kernel_lines(made: "WeightedSum") -> tuple[GridLine, ...]:
    """Return patch × kernel = products for the channels that count most."""
    sums = made.products.sum(axis=(0, 1))  # (channels,)
    order = np.argsort(-np.abs(sums), kind="stable")[:MOST_LINES].tolist()
    rest = float(sums.sum() - sums[order].sum())
    lines = []
    for channel in order:
        name = f"map {made.corner[2] + channel + 1}" if made.extent[2] > 1 else "the layer before"
        lines.append(
            GridLine(
                f"patch of {name} × kernel = products",
                (
                    Grid(made.patch[..., channel]),
                    Grid(made.kernel[..., channel]),
                    Grid(made.products[..., channel]),
                ),
                ("×", "="),
                f"Σ {short_number(float(sums[channel]))}",
            )
        )
    left = len(sums) - len(order)
    if left:
        last = lines[-1]
        caption = f"{last.caption} · {left} more maps add {short_number(rest)}"
        lines[-1] = GridLine(caption, last.grids, last.signs, last.result)
    return tuple(lines)


def _pooling_lines(made: "Combination") -> tuple[GridLine, ...]:
    """Return the window of a pooling, its largest number marked."""
    places = [source.position for source in made.sources]
    if any(place is None or len(place) != 3 for place in places) or not places:
        return ()
    rows = sorted({place[0] for place in places if place is not None})
    columns = sorted({place[1] for place in places if place is not None})
    values = np.zeros((len(rows), len(columns)), np.float32)
    for source in made.sources:
        if source.position is not None:
            at = rows.index(source.position[0]), columns.index(source.position[1])
            values[at] = source.value
    marked = None
    if made.operation == "maximum":
        row, column = np.unravel_index(int(values.argmax()), values.shape)
        marked = (int(row), int(column))
    return (GridLine("the window on the map before", (Grid(values, marked),)),)
