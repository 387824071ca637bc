"""The questions to a network for one explanation: the drawing with parts left out or added."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from model.explain.added_strokes import (
    Probes,
    inks_of_lines,
    plausible_strokes,
    probe_places,
    promising_strokes,
)
from model.explain.flips import runs_of_pieces
from model.explain.pieces import InkedPieces, cut_strokes, inked_pieces
from model.explain.stroke_search import StrokeSearch
from model.ink import InkSteps, Strokes, stroke_points
from model.recognizer import Recognition, Recognizer

Array = npt.NDArray[np.float32]

MOST_ANSWERS = 100
"""How many questions are asked about a drawing of a dozen pieces."""

MOST_VARIED = 60
"""How often the best of all plausible strokes is varied."""

THREADS = 2
"""How many processors answer them: nearly twice as fast, and one is left for the window."""

_Value = TypeVar("_Value")


@dataclass(frozen=True, eq=False)
class Questions:
    """Subsets of a drawing's pieces that the network is asked about.

    Attributes:
        inked: The pieces.
        spans: First and end of the pieces left out together: first each alone, then longer runs.
        kept: bool (subsets, pieces): what is left without each of `spans`.
    """

    inked: InkedPieces
    spans: Sequence[tuple[int, int]]
    kept: npt.NDArray[np.bool_]


def questions(strokes: Strokes, steps: InkSteps, most: int = MOST_ANSWERS) -> Questions:
    """Choose subsets of pieces, about a third of a number of questions."""
    inked = inked_pieces(strokes, steps, cut_strokes(strokes, steps))
    pieces = len(inked.pieces)
    spans = [(number, number + 1) for number in range(pieces)]
    runs = runs_of_pieces(inked.pieces)
    spans += _spread(runs, max(0, most // 3 - pieces))
    kept = np.ones((len(spans), pieces), bool)
    for row, (first, end) in enumerate(spans):
        kept[row, first:end] = False
    return Questions(inked, spans, kept)


def promising_lines(
    recognizer: Recognizer,
    strokes: Strokes,
    steps: InkSteps,
    answer: Recognition,
    most: int = MOST_ANSWERS,
) -> tuple[list[npt.NDArray[np.float64]], list[Recognition]]:
    """Try dots, then the strokes that are most promising by the dots, then variations.

    Returns:
        The strokes on the ink image, the shortest first, and the answers with each; about two
        thirds of the number of questions were asked.
    """
    on_ink = _on_ink(strokes, steps)
    places = probe_places(on_ink)[: most // 5]
    dots = [np.stack([place, place]) for place in places]
    with_dots = answers_to(recognizer, np.maximum(inks_of_lines(dots), steps.ink))
    leads = _leads(np.stack([answer.probabilities, *(one.probabilities for one in with_dots)]))
    lead = leads[0].copy()
    lead[answer.digit] = -np.inf
    probes = Probes(places, leads[1:] - leads[0], lead)
    lines = promising_strokes(on_ink, steps.ink, probes, most // 5)
    search = StrokeSearch(recognizer, steps.ink, answer.digit)
    search.run(lines, most // 2)
    return _shortest_first(search)


def plausible_lines(
    recognizer: Recognizer,
    strokes: Strokes,
    steps: InkSteps,
    answer: Recognition,
    *,
    target: int | None,
    most: int,
) -> tuple[list[npt.NDArray[np.float64]], list[Recognition]]:
    """Ask about every stroke that a hand might add, then vary the best.

    Args:
        recognizer: Answers.
        strokes: The drawing.
        steps: The steps to its ink image.
        answer: The answer to it.
        target: The class that the drawing has to become; None for any other.
        most: How many questions may be asked.

    Returns:
        What `promising_lines` returns.
    """
    lines = plausible_strokes(_on_ink(strokes, steps))
    search = StrokeSearch(recognizer, steps.ink, answer.digit, target=target, has_to_be_sure=True)
    search.run(lines, min(most, len(lines) + MOST_VARIED))
    return _shortest_first(search)


def _on_ink(strokes: Strokes, steps: InkSteps) -> list[npt.NDArray[np.float64]]:
    return [steps.on_ink(points) for points in map(stroke_points, strokes) if len(points)]


def _shortest_first(
    search: StrokeSearch,
) -> tuple[list[npt.NDArray[np.float64]], list[Recognition]]:
    tried = sorted(search.tried, key=lambda each: each.length)
    return [each.line for each in tried], [each.answer for each in tried]


def _leads(probabilities: Array) -> Array:
    """Return how far log probabilities lie above that of the first row's most probable class."""
    logs = np.log(np.maximum(probabilities, np.float32(1e-30)))
    leads: Array = logs - logs[:, [int(probabilities[0].argmax())]]
    return leads


def _spread(values: list[_Value], count: int) -> list[_Value]:
    """Return a number of a list's values, evenly spread over it."""
    if len(values) <= count:
        return values
    places = np.linspace(0, len(values) - 1, count).round().astype(int)
    return [values[place] for place in places]


def answers_to(recognizer: Recognizer, inks: Array) -> list[Recognition]:
    """Answer ink images one by one.

    A batch would be no faster, because its layers' outputs leave the processor's cache, and the
    runtime takes milliseconds to prepare for another size.
    """
    return [recognizer.recognize(ink) for ink in inks]
