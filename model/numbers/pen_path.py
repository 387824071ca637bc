"""The pen's path: how a digit was written, which its image does not show.

How many strokes there are, where they begin and end and the way between tell a 4 in two strokes
from a 9, or a 6 from a 0 that was closed badly. A multinomial logistic regression over a few such
numbers corrects the network's log probabilities. It never decides alone: it speaks for a class by
at most `MOST` against the network's own answer.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

import assets
from model.metadata import DIGIT_NAMES
from model.recognizer import Recognition
from model.verdicts import Verdict

Floats = npt.NDArray[np.float64]

WEIGHTS_FILE = assets.FOLDER / "pen_path.json"
"""Fitted by `benchmarks/number_weights.py path` on digits of training writers."""

POINTS = 6
"""Points at equal distances along the first stroke."""

STROKES = 4
"""More strokes than this count as so many."""

FEATURES = STROKES + 2 * (2 * 4 + 2 * POINTS)

MOST = 2.0
"""The path speaks for a class against the answer by at most this log odds ratio."""

LEAST_PROBABILITY = 1e-6


def path_features(lines: Sequence[Floats]) -> Floats:
    """Describe how a digit was written.

    Args:
        lines: Its strokes in the order written, float64 (points, 2) each, at least one point each.

    Returns:
        float64 (`FEATURES`,): which number of strokes it has, then begin and end of the first and
        of the last stroke and points along the first one, x and y from the middle of its box in
        units of the box's longer side; and their squares.
    """
    low = np.min([line.min(axis=0) for line in lines], axis=0)
    high = np.max([line.max(axis=0) for line in lines], axis=0)
    first, last = lines[0], lines[-1]
    ends = np.stack([first[0], first[-1], last[0], last[-1]])
    # Halved before adding: the sum of two finite floats can overflow.
    points = (np.concatenate([ends, _along(first)]) - (low / 2 + high / 2)).ravel()
    points /= max(float((high / 2 - low / 2).max()) * 2, np.finfo(np.float64).tiny)
    strokes = np.eye(STROKES)[min(len(lines), STROKES) - 1]
    return np.concatenate([strokes, points, np.square(points)])


def with_path(answer: Recognition, lines: Sequence[Floats]) -> Recognition:
    """Return an answer that knows how the digit was written.

    Args:
        answer: The network's own; what is no digit stays as it is.
        lines: As in `path_features`.

    Returns:
        An answer whose probabilities are corrected; unsure where the correction changes the class.
    """
    if answer.verdict not in (Verdict.DIGIT, Verdict.UNSURE):
        return answer
    spoken = path_features(lines) @ _weights()
    spoken = spoken[[DIGIT_NAMES.index(name) for name in answer.class_names]]
    spoken = np.clip(spoken - spoken[answer.digit], -MOST, MOST)
    logits = np.log(np.maximum(answer.probabilities, LEAST_PROBABILITY)) + spoken
    exponentials = np.exp(logits - logits.max())
    probabilities = (exponentials / exponentials.sum()).astype(np.float32)
    is_other = int(probabilities.argmax()) != answer.digit
    verdict = Verdict.UNSURE if is_other else answer.verdict
    return replace(answer, probabilities=probabilities, verdict=verdict)


def write_weights(weights: Floats, path: Path = WEIGHTS_FILE) -> None:
    """Write weights, float64 (`FEATURES`, 10), as JSON."""
    rows = [[round(float(weight), 3) for weight in row] for row in weights]
    path.write_text("[\n" + ",\n".join(str(row) for row in rows) + "\n]\n", encoding="ascii")


@cache
def _weights() -> Floats:
    """Return float64 (`FEATURES`, 10)."""
    rows = msgspec.json.decode(WEIGHTS_FILE.read_bytes(), type=list[list[float]])
    weights = np.array(rows)
    if weights.shape != (FEATURES, len(DIGIT_NAMES)):
        raise ValueError(f"{WEIGHTS_FILE.name}: expected ({FEATURES}, 10), got {weights.shape}")
    return weights


def _along(line: Floats) -> Floats:
    """Return float64 (`POINTS`, 2) at equal distances along a line."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    wanted = np.linspace(0, along[-1], POINTS)
    return np.stack([np.interp(wanted, along, column) for column in line.T], axis=1)
