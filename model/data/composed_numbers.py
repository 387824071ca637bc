"""Numbers composed of single digits: a writer's own digits, set side by side as people do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.data.labelled_strokes import LabelledDrawing

Floats = npt.NDArray[np.float64]
Digit = tuple[int, list[Floats]]
"""A label and the strokes, each (points, 2), y down."""


@dataclass(frozen=True)
class Spacing:
    """How digits are set side by side.

    Attributes:
        gap: Least and greatest gap between neighbours, as fractions of a digit's mean width.
        drift: Standard deviation of the growth from the first digit to the last.
        jitter: Standard deviation of a digit's size.
        slope: Standard deviation of the baseline's slope.
        wander: Standard deviation of a digit's height over the baseline, in digit heights.
        late: Fraction of numbers in which one stroke is written last, as the bar of a 5 may be.
        unordered: Fraction of numbers whose digits are not written from left to right.
        connected: Fraction of neighbours that the pen joins in one stroke.
    """

    gap: tuple[float, float] = (-0.1, 0.6)
    drift: float = 0.1
    jitter: float = 0.06
    slope: float = 0.05
    wander: float = 0.04
    late: float = 0.0
    unordered: float = 0.0
    connected: float = 0.0


@dataclass(frozen=True, eq=False)
class Number:
    """A composed number.

    Attributes:
        text: What it says.
        strokes: In the order written.
        groups: The strokes of each digit, from left to right; indices into `strokes`.
        writer: Whose digits they are.
    """

    text: str
    strokes: list[Floats]
    groups: list[tuple[int, ...]]
    writer: str


def digits_by_writer(rows: Sequence[LabelledDrawing]) -> dict[str, list[Digit]]:
    """Sort digits by who wrote them."""
    digits: dict[str, list[Digit]] = {}
    for row in rows:
        strokes = [np.array(stroke, np.float64) for stroke in row.strokes if stroke]
        digits.setdefault(row.writer, []).append((int(row.label), strokes))
    return digits


def numbers(
    digits: dict[str, list[Digit]],
    count: int,
    *,
    seed: int,
    spacing: Spacing | None = None,
    lengths: tuple[int, int] = (2, 6),
) -> Iterator[Number]:
    """Compose numbers, the writers in turn.

    Args:
        digits: Of each writer.
        count: How many numbers.
        seed: The same seed gives the same numbers.
        spacing: How digits are set side by side.
        lengths: Least and greatest number of digits.
    """
    rng = np.random.default_rng(seed)
    writers = sorted(digits)
    for index in range(count):
        writer = writers[index % len(writers)]
        length = int(rng.integers(lengths[0], lengths[1] + 1))
        chosen = [digits[writer][i] for i in rng.integers(len(digits[writer]), size=length)]
        yield compose(chosen, writer, spacing or Spacing(), rng)


def compose(
    digits: Sequence[Digit], writer: str, spacing: Spacing, rng: np.random.Generator
) -> Number:
    """Set a writer's digits side by side."""
    placed = _side_by_side([strokes for _, strokes in digits], spacing, rng)
    written = _connected(placed, spacing.connected, rng)
    order = _writing_order([min(owners) for owners, _ in written], spacing, rng)
    owners = [written[i][0] for i in order]
    groups = [
        tuple(i for i, owner in enumerate(owners) if digit in owner) for digit in range(len(digits))
    ]
    text = "".join(str(label) for label, _ in digits)
    return Number(text, [written[i][1] for i in order], groups, writer)


def _side_by_side(
    digits: Sequence[list[Floats]], spacing: Spacing, rng: np.random.Generator
) -> list[list[Floats]]:
    boxes = [
        (np.concatenate(strokes).min(axis=0), np.concatenate(strokes).max(axis=0))
        for strokes in digits
    ]
    mean_width = float(np.mean([high[0] - low[0] for low, high in boxes]))
    mean_height = float(np.mean([high[1] - low[1] for low, high in boxes]))
    growth = rng.normal(0, spacing.drift)
    slope = rng.normal(0, spacing.slope)
    low_gap, high_gap = spacing.gap
    own_gap = rng.uniform(low_gap, high_gap)
    placed, right = [], 0.0
    for index, (strokes, (low, high)) in enumerate(zip(digits, boxes, strict=True)):
        along = index / max(len(digits) - 1, 1) - 0.5
        scale = np.exp(growth * along + rng.normal(0, spacing.jitter))
        gap = np.clip(own_gap + rng.normal(0, 0.15), low_gap, high_gap) * mean_width
        left = right + gap if index else 0.0
        bottom = mean_height * (1 + rng.normal(0, spacing.wander)) + slope * left
        place = np.array([left, bottom - (high[1] - low[1]) * scale])
        placed.append([(stroke - low) * scale + place for stroke in strokes])
        right = left + (high[0] - low[0]) * scale
    return placed


def _connected(
    digits: list[list[Floats]], fraction: float, rng: np.random.Generator
) -> list[tuple[set[int], Floats]]:
    """Let the pen stay down between some neighbours, from a last stroke to the next first one."""
    joined: list[tuple[set[int], Floats]] = []
    for digit, strokes in enumerate(digits):
        for number, stroke in enumerate(strokes):
            if number == 0 and joined and len(joined[-1][0]) < 2 and rng.random() < fraction:
                owners, before = joined[-1]
                joined[-1] = (owners | {digit}, np.concatenate([before, stroke]))
            else:
                joined.append(({digit}, stroke))
    return joined


def _writing_order(owners: Sequence[int], spacing: Spacing, rng: np.random.Generator) -> list[int]:
    order = list(range(len(owners)))
    if rng.random() < spacing.unordered:
        places = rng.permutation(max(owners) + 1)
        order.sort(key=lambda i: places[owners[i]])
    if rng.random() < spacing.late:
        several = [i for i in order if owners.count(owners[i]) > 1]
        if several:
            late = several[int(rng.integers(len(several)))]
            order.remove(late)
            order.append(late)
    return order
