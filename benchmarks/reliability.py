"""The reliability diagram, accuracy by confidence, as SVG.

A. Niculescu-Mizil, R. Caruana, "Predicting good probabilities with supervised learning", ICML 2005.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.metrics import CALIBRATION_BINS, wilson_interval

SIDE = 300
MARGIN = 52
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)

_STYLE = """
  .paper { fill: #ffffff } .text { fill: #24292f; font: 13px sans-serif }
  .frame { fill: none; stroke: #8c959f } .ideal { stroke: #8c959f; stroke-dasharray: 5 4 }
  .interval { stroke: #0969da; stroke-width: 2 } .point { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #0d1117 } .text { fill: #e6edf3 } .frame, .ideal { stroke: #6e7681 }
    .interval { stroke: #58a6ff } .point { fill: #58a6ff }
  }
"""


@dataclass(frozen=True)
class Bin:
    """A bin of answers of similar confidence.

    Attributes:
        answers: How many; at least one.
        confidence: Their mean, in [0, 1].
        right: Accuracy, in [0, 1].
        low: Lower end of its 95 % interval.
        high: Upper end.
    """

    answers: int
    confidence: float
    right: float
    low: float
    high: float


def reliability(confidences: npt.NDArray[np.float32], is_right: npt.NDArray[np.bool_]) -> list[Bin]:
    """Put answers into the bins of the calibration error; empty ones are left out."""
    numbers = np.minimum((confidences * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    bins = []
    for number in np.unique(numbers):
        chosen = numbers == number
        count, right = int(chosen.sum()), int(is_right[chosen].sum())
        low, high = wilson_interval(right, count)
        bins.append(Bin(count, float(confidences[chosen].mean()), right / count, low, high))
    return bins


def as_svg(panels: Mapping[str, list[Bin]]) -> str:
    """Draw a panel for each title, side by side; readable on light and on dark pages."""
    width, height = len(panels) * (SIDE + 2 * MARGIN), SIDE + 2 * MARGIN
    body = "\n".join(
        f'<g transform="translate({index * (SIDE + 2 * MARGIN) + MARGIN} {MARGIN})">\n'
        f"{_panel(title, bins)}\n</g>"
        for index, (title, bins) in enumerate(panels.items())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}">\n<style>{_STYLE}</style>\n'
        f'<rect class="paper" width="{width}" height="{height}"/>\n{body}\n</svg>\n'
    )


def _panel(title: str, bins: list[Bin]) -> str:
    lines = [
        f'<rect class="frame" width="{SIDE}" height="{SIDE}"/>',
        f'<line class="ideal" x1="0" y1="{SIDE}" x2="{SIDE}" y2="0"/>',
        _text(SIDE / 2, -16, title),
        _text(SIDE / 2, SIDE + 42, "confidence"),
        f'<g transform="translate(-38 {SIDE / 2}) rotate(-90)">{_text(0, 0, "accuracy")}</g>',
    ]
    for tick in _TICKS:
        lines.append(_text(tick * SIDE, SIDE + 18, f"{tick:g}"))
        lines.append(_text(-16, (1 - tick) * SIDE + 4, f"{tick:g}"))
    return "\n".join([*lines, *map(_point, bins)])


def _point(each: Bin) -> str:
    x = each.confidence * SIDE
    y, top, bottom = ((1 - value) * SIDE for value in (each.right, each.high, each.low))
    return (
        f"<g><title>{each.answers:,} answers, {each.confidence:.1%} sure,"
        f" {each.right:.1%} right</title>"
        f'<line class="interval" x1="{x:.1f}" y1="{top:.1f}" x2="{x:.1f}" y2="{bottom:.1f}"/>'
        f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="4"/></g>'
    )


def _text(x: float, y: float, words: str) -> str:
    return f'<text class="text" text-anchor="middle" x="{x:g}" y="{y:g}">{words}</text>'
