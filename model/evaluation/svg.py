"""Plots as SVG for a page: they take the page's own colours, light or dark."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

from model.metrics import percent

WIDTH, HEIGHT = 300, 180
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 8, 8, 34

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """One line of a plot.

    Attributes:
        name: In the legend; empty for none.
        points: x and y; points that are not finite are left out.
        colour: A CSS colour.
        band: Lower and upper y at each point; empty for none.
        is_dashed: Whether it is drawn dashed.
    """

    name: str
    points: tuple[Point, ...]
    colour: str = "var(--accent)"
    band: tuple[Point, ...] = ()
    is_dashed: bool = False


@dataclass(frozen=True)
class Axis:
    """An axis from its first to its last value.

    Attributes:
        first: At its start.
        last: At its end; more than `first`.
        title: What it counts.
        unit: Behind a value; "%" shows fractions in percent.
    """

    first: float
    last: float
    title: str = ""
    unit: str = ""

    def place(self, value: float) -> float:
        """Return where a value lies, 0 at the start and 1 at the end."""
        return (value - self.first) / ((self.last - self.first) or 1)

    def label(self, value: float) -> str:
        """Return a value as it is written."""
        return percent(value, 0) if self.unit == "%" else f"{value:.4g}{self.unit}"


def line_plot(title: str, lines: Sequence[Line], across: Axis, up: Axis) -> str:
    """Return a figure with lines, their bands and a legend."""
    body = "".join(_line(line, across, up) for line in lines)
    legend = " · ".join(
        f'<span style="color:{line.colour}">{html.escape(line.name)}</span>'
        for line in lines
        if line.name
    )
    return _figure(title, body, across, up, legend)


def bar_plot(
    title: str, bars: Sequence[tuple[float, float, float, str]], across: Axis, up: Axis
) -> str:
    """Return a figure with bars under a diagonal.

    Args:
        title: Of the figure.
        bars: Start, end, height and tip of each.
        across: The horizontal axis.
        up: The vertical axis.
    """
    rects = []
    for start, end, height, words in bars:
        x, right = _x(across, start) + 0.5, _x(across, end) - 0.5
        y = _y(up, height)
        rects.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{right - x:.1f}"'
            f' height="{HEIGHT - _BOTTOM - y:.1f}" fill="var(--accent)">'
            f"<title>{html.escape(words)}</title></rect>"
        )
    diagonal = Line("", ((across.first, up.first), (across.last, up.last)), "currentColor")
    body = "".join(rects) + _line(diagonal, across, up)
    return _figure(title, body, across, up, "")


def _figure(title: str, body: str, across: Axis, up: Axis, legend: str) -> str:
    name = html.escape(title)
    caption = f"<br>{legend}" if legend else ""
    return (
        f'<figure><svg role="img" aria-label="{name}" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}">{_frame(across, up)}{body}</svg>'
        f"<figcaption>{name}{caption}</figcaption></figure>"
    )


def _frame(across: Axis, up: Axis) -> str:
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    parts = [
        f'<rect x="{_LEFT}" y="{_TOP}" width="{right - _LEFT}" height="{bottom - _TOP}"'
        ' fill="none" stroke="currentColor" stroke-opacity=".35"/>'
    ]
    for value in (up.first, (up.first + up.last) / 2, up.last):
        y = _y(up, value)
        parts.append(_text(_LEFT - 5, y + 4, up.label(value), "end"))
    parts.append(_text(_LEFT, bottom + 14, across.label(across.first), "start"))
    parts.append(_text(right, bottom + 14, across.label(across.last), "end"))
    parts.append(_text((_LEFT + right) / 2, HEIGHT - 4, across.title, "middle"))
    if up.title:
        parts.append(_upright_text(11, (_TOP + bottom) / 2, up.title))
    return "".join(parts)


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="11"'
        f' fill="currentColor">{html.escape(text)}</text>'
    )


def _upright_text(x: float, y: float, text: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="11"'
        f' transform="rotate(-90 {x:.1f} {y:.1f})" fill="currentColor">{html.escape(text)}</text>'
    )


def _line(line: Line, across: Axis, up: Axis) -> str:
    band = ""
    if line.band:
        xs = [x for x, _ in line.points]
        low = [(x, y) for x, (y, _) in zip(xs, line.band, strict=True)]
        high = [(x, y) for x, (_, y) in zip(xs, line.band, strict=True)]
        corners = _points([*low, *high[::-1]], across, up)
        band = f'<polygon points="{corners}" fill="{line.colour}" fill-opacity=".2"/>'
    dashes = ' stroke-dasharray="4 3"' if line.is_dashed else ""
    return (
        f'{band}<polyline points="{_points(line.points, across, up)}" fill="none"'
        f' stroke="{line.colour}" stroke-width="1.8"{dashes}/>'
    )


def _points(points: Sequence[Point], across: Axis, up: Axis) -> str:
    return " ".join(
        f"{_x(across, x):.1f},{_y(up, y):.1f}"
        for x, y in points
        if math.isfinite(x) and math.isfinite(y)
    )


def _x(axis: Axis, value: float) -> float:
    return _LEFT + axis.place(value) * (WIDTH - _LEFT - _RIGHT)


def _y(axis: Axis, value: float) -> float:
    bottom = HEIGHT - _BOTTOM
    return bottom - min(max(axis.place(value), 0.0), 1.0) * (bottom - _TOP)
