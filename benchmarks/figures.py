"""Figures with their 95 % intervals and goals."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from page_tables import markdown

from model.metrics import Z_95, interval_by_writers, wilson_interval

RESAMPLINGS = 500
RESAMPLING_SEED = 1


class Figure(msgspec.Struct, frozen=True):
    """One line of a table.

    Attributes:
        name: What was measured.
        value: A proportion in [0, 1], or a number with the unit in its name.
        low: Lower end of its 95 % interval; None if it has none.
        high: Upper end.
        goal: The value to reach, with its sign.
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    goal: str = ""

    @property
    def reaches(self) -> bool | None:
        """Whether it reaches its goal; None if it has none."""
        if not self.goal:
            return None
        sign, bound = self.goal.split()
        compared = {">=": self.value >= float(bound), "<=": self.value <= float(bound)}
        return compared.get(sign, self.value == float(bound))

    @property
    def shown(self) -> str:
        """The value in print."""
        return f"{self.value:,.0f}" if self.value >= 1000 else f"{self.value:.4f}"

    @property
    def interval(self) -> str:
        """The interval in print; empty if there is none."""
        return f"{self.low:.4f} to {self.high:.4f}" if self.low is not None else ""


def proportion(
    name: str,
    hits: npt.NDArray[np.bool_],
    goal: str = "",
    writers: npt.NDArray[np.int64] | None = None,
) -> Figure:
    """Return a proportion with its interval: by writers where there are some, else Wilson's."""
    if writers is None:
        low, high = wilson_interval(int(hits.sum()), len(hits))
    else:
        low, high = interval_by_writers(hits, writers)
    return Figure(name, float(hits.mean()), low, high, goal)


def resampled(
    name: str, measure: Callable[..., float], *samples: Sequence[npt.NDArray[Any]], goal: str = ""
) -> Figure:
    """Return a figure with a bootstrap interval (B. Efron, 1979), without the bootstrap's bias.

    Drawing again makes a calibration error larger, as chance adds to it: by as much the interval
    is moved (Efron and Tibshirani 1993, chapter 10). Otherwise it could lie above the value.

    Args:
        name: What is measured.
        measure: Takes the arrays of all samples, one after the other.
        samples: Each a few arrays of equal length, whose rows belong together.
        goal: The value to reach, with its sign.
    """
    random = np.random.default_rng(RESAMPLING_SEED)
    values = []
    for _ in range(RESAMPLINGS):
        drawn = [random.integers(len(arrays[0]), size=len(arrays[0])) for arrays in samples]
        again = [a[rows] for arrays, rows in zip(samples, drawn, strict=True) for a in arrays]
        values.append(measure(*again))
    value = measure(*[array for arrays in samples for array in arrays])
    low, high = np.quantile(values, [0.025, 0.975]) - (np.mean(values) - value)
    low = max(low, min(values))  # an error is not negative
    return Figure(name, float(value), float(min(low, value)), float(max(high, value)), goal)


def median(name: str, values: Sequence[float], goal: str = "") -> Figure:
    """Return a median; its interval lies between two of the ordered values."""
    ordered = np.sort(values)
    reach = Z_95 * np.sqrt(len(ordered)) / 2
    ends = np.array([len(ordered) / 2 - reach, len(ordered) / 2 + reach])
    low, high = ordered[ends.round().astype(int).clip(0, len(ordered) - 1)]
    return Figure(name, float(np.median(ordered)), float(low), float(high), goal)


def printed(figures: Sequence[Figure]) -> str:
    """Return the table for a terminal."""
    marks = {True: "yes", False: "NO", None: ""}
    lines = [f"{'figure':<46}{'value':>12}  {'95 % interval':<18}  {'goal':<10} reached"]
    lines += [
        f"{figure.name:<46}{figure.shown:>12}  {figure.interval:<18}  {figure.goal:<10} "
        + marks[figure.reaches]
        for figure in figures
    ]
    return "\n".join(lines)


def as_markdown(figures: Sequence[Figure]) -> str:
    """Return the table for a page, the named styles in one row."""
    marks = {True: "yes", False: "**no**", None: ""}
    styles = [figure for figure in figures if is_of_a_style(figure)]
    reached = sum(figure.reaches is True for figure in styles)
    rows = [
        [figure.name, figure.shown, figure.interval, figure.goal, marks[figure.reaches]]
        for figure in figures
        if not is_of_a_style(figure)
    ]
    if styles:
        count = f"{reached} of {len(styles)}"
        goal = styles[0].goal.partition(" ")[2]
        row = [f"named styles with {goal} or more right", count, "", "all"]
        rows.append([*row, marks[reached == len(styles)]])
    return markdown(["figure", "value", "95 % interval", "goal", "reached"], rows)


def is_of_a_style(figure: Figure) -> bool:
    """Return whether a figure is that of a named style."""
    return figure.name.startswith("style ")
