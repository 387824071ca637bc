"""Numbers on pictures: the same search as in strokes, over the blots of the ink."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from PIL import Image

from model.ink import InkImage
from model.numbers.blots import Blots, find_blots
from model.numbers.lattice import Row, log_features
from model.numbers.pieces import Piece, rows_of
from model.numbers.reader import BatchRecognizer
from model.numbers.reading import Group, Reading
from model.numbers.search import Lattice, Weights
from model.raster.paper import ink_levels, separated
from model.raster.pictures import check_size, find_ink, sampled
from model.recognizer import Recognition
from model.verdicts import Verdict

FRAME_SIDE = 640
"""Longer side, in pixels, to which a picture is shrunk; small digits are read at a larger size."""

CLOSE_ENOUGH = 28
"""Digits of this height, in pixels, need no larger size."""

LONGEST = 5
"""Most pieces in a digit: blots are cut at more places than digits touch."""

WIDEST = 1.5
"""A group wider than this many row heights is no digit."""

TALL_MARK = 0.5
"""A reading that leaves out ink of this fraction of the row's height is unsure."""

MOST_ROWS = 4
"""More rows than this are a table, a page or a puzzle."""

WEIGHTS = Weights(
    group=(3.00, 1.90, 0.00, 0.00, 1.37, 0.70, -2.17, -6.41, -4.90, -4.29, -1.26),
    pair=(-1.17, -3.31, -2.26),
    mark=(-1.31, 1.52, -5.31, -1.82),
)
"""Fitted by `benchmarks/number_weights.py pictures` on rows made of MNIST's training digits.

With the first edition of the bundled network; of 240 training rows, weights fitted with the second
one read as many right.
"""


def recognize_picture(image: Image.Image, recognizer: BatchRecognizer) -> Recognition:
    """Recognise the one digit on a picture.

    Returns:
        The answer, whose verdict is `several` where other ink may be a digit, too.

    Raises:
        PictureError: If nothing on it stands out, or it is too large.
    """
    found = find_ink(image)
    answer = recognizer.recognize_batch(found.ink[np.newaxis])[0]
    if found.has_others or (
        answer.verdict is not Verdict.DIGIT and _has_several(image, recognizer)
    ):
        return replace(answer, verdict=Verdict.SEVERAL)
    return answer


def read_picture(image: Image.Image, recognizer: BatchRecognizer) -> Reading:
    """Read the digits on a picture.

    Args:
        image: Any mode and size.
        recognizer: Recognises each group.

    Returns:
        One group with the very answer of `recognize_picture` where there is one digit; groups with
        boxes in pixels of the picture where there are several; none, and the verdict `several`,
        where there is more than can be read.

    Raises:
        PictureError: If nothing on it stands out, or it is too large.
    """
    found = find_ink(image)
    single = recognizer.recognize_batch(found.ink[np.newaxis])[0]
    if single.verdict is Verdict.DIGIT and not found.has_others:
        return Reading.of([_whole(image, single, found.ink)])
    reading = _reading(image, recognizer)
    if reading is None or len(reading.groups) == 1:
        verdict = Verdict.SEVERAL if found.has_others else single.verdict
        return Reading((_whole(image, single, found.ink),), verdict)
    return reading


def _has_several(image: Image.Image, recognizer: BatchRecognizer) -> bool:
    """Whether a picture holds several digits beyond doubt."""
    reading = _reading(image, recognizer)
    return reading is not None and len(reading.groups) > 1 and reading.verdict is Verdict.DIGIT


def _whole(image: Image.Image, answer: Recognition, ink: InkImage) -> Group:
    return Group(answer, 0, (0.0, 0.0, float(image.width), float(image.height)), ink)


@dataclass(frozen=True)
class _View:
    """Where blots were found: the left top corner, and the picture's pixels for each of theirs."""

    left: float
    top: float
    step: float

    def box(self, pieces: Sequence[Piece]) -> tuple[float, float, float, float]:
        """Return a group's left, top, width and height on the picture."""
        low = np.min([each.low for each in pieces], axis=0)
        width, height = np.max([each.high for each in pieces], axis=0) - low
        left, top = self.left + low[0] * self.step, self.top + low[1] * self.step
        return float(left), float(top), float(width * self.step), float(height * self.step)


def _reading(image: Image.Image, recognizer: BatchRecognizer) -> Reading | None:
    """Read all that may be a digit; None if there is nothing."""
    blots, view = _looked_at(image)
    if blots is None:
        return None
    rows = [[blots.pieces[i] for i in row] for row in rows_of(blots.pieces)]
    if len(rows) > MOST_ROWS or blots.are_bars:
        return Reading((), Verdict.SEVERAL)
    groups: list[Group] = []
    has_left_out = False
    for pieces in rows:
        number = len({group.row for group in groups})
        found, left_out = _row_groups(blots, pieces, view, recognizer, number=number)
        groups += found
        has_left_out |= any(each.height >= TALL_MARK * blots.height for each in left_out)
    if not groups:
        return None
    reading = Reading.of(groups)
    # Left-out ink makes the answer unsure.
    is_doubted = has_left_out and reading.verdict is Verdict.DIGIT
    return replace(reading, verdict=Verdict.UNSURE) if is_doubted else reading


def _looked_at(image: Image.Image) -> tuple[Blots | None, _View]:
    """Find blots on the shrunk picture, and at a larger size if digits are small."""
    check_size(image)
    sample, scale = sampled(image, FRAME_SIDE)
    found = separated(sample)
    blots = find_blots(found.levels)
    if blots is None or scale == 1 or blots.height >= CLOSE_ENOUGH:
        return blots, _View(0, 0, 1 / scale)
    margin = blots.height
    low = np.min([each.low for each in blots.pieces], axis=0) - margin
    high = np.max([each.high for each in blots.pieces], axis=0) + margin
    left, top = np.maximum(low / scale, 0).astype(int)
    right, bottom = np.minimum(high / scale, image.size).astype(int)
    closer = found.without_table(image).crop((left, top, right, bottom))
    crop, crop_scale = sampled(closer, FRAME_SIDE)
    return find_blots(ink_levels(crop)), _View(left, top, 1 / crop_scale)


def _row_groups(
    blots: Blots,
    pieces: Sequence[Piece],
    view: _View,
    recognizer: BatchRecognizer,
    *,
    number: int,
) -> tuple[list[Group], list[Piece]]:
    """Return the digits of a row, and what is left out as marks."""
    row = Row.of(pieces, blots.height)
    spans = row.spans(longest=LONGEST, widest=WIDEST, farthest=inf)
    inks = {span: blots.ink(pieces[slice(*span)]) for span in spans}
    answered = recognizer.recognize_batch(np.stack(list(inks.values())))
    answers = dict(zip(spans, answered, strict=True))
    scores, marks = {}, set()
    for span, answer in answers.items():
        features = log_features(answer.probabilities)
        scores[span] = WEIGHTS.of_group(features + row.shape(span))
        if span[1] == span[0] + 1:
            as_mark = WEIGHTS.of_mark(row.mark(span[0], features[1]))
            if as_mark > scores[span]:
                scores[span] = as_mark
                marks.add(span)
    path = Lattice(row, spans, WEIGHTS).best_path(scores)
    spans = [] if path is None else [span for span in path.spans if span not in marks]
    left_out = [] if path is None else [pieces[start] for start, _ in marks & set(path.spans)]
    groups = [
        Group(answers[span], number, view.box(pieces[slice(*span)]), inks[span]) for span in spans
    ]
    return groups, left_out
