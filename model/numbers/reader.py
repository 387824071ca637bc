"""Reading numbers in strokes: the search over groups, with a cache of answers.

A drawing that may be one digit is first recognised as one, exactly as if numbers did not exist,
and stays one unless several digits explain it far better.
"""

import itertools
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Protocol

import numpy as np
import numpy.typing as npt

from model.ink import InkImage, Strokes, ink_from_strokes
from model.numbers.cutting import WIDE, waists
from model.numbers.doubts import are_doubtful
from model.numbers.edits import NO_EDITS, Edits
from model.numbers.lattice import BEST_ANSWER, Row, Span, log_features
from model.numbers.pieces import Distances, Part, Piece, piece, row_height, rows_of
from model.numbers.reading import Group, Reading
from model.numbers.recent_answers import RecentAnswers
from model.numbers.search import Lattice, Path, Weights
from model.numbers.stroke_drawing import MAX_STROKES, StrokeDrawing, all_parts, joined_pieces
from model.recognizer import Recognition
from model.verdicts import Verdict

MAX_KEPT = 1024
"""Number of cached answers to groups."""

WIDEST_STROKE = 1.3
"""A stroke wider than this many row heights may be cut even where it looks like a digit."""

WEIGHTS = Weights(
    group=(2.34, 2.25, 3.08, 2.03, 0.66, -0.61, -1.79, -2.02, -3.45, -2.66, -1.86),
    pair=(-4.14, -1.00, 0.00),
)
"""Fitted by `benchmarks/number_weights.py strokes --count 2400` on numbers of training writers.

Except for that of a cut, as the composed numbers have none: it was chosen from 1 and 2 on
numbers whose neighbours the same writers join.
"""

MARGINS = {Verdict.DIGIT: 2.2, Verdict.UNSURE: 2.0, Verdict.NOT_A_DIGIT: 1.5}
"""By the verdict on the drawing as one digit: the score by which several digits must exceed it.

No single digit of the training writers reaches them; the nearest one reaches 1.5.
"""

ROWS_MARGIN = 3.0
"""Added if the digits stand in more than one row: an 8 may be two rings."""


class BatchRecognizer(Protocol):
    """A network that recognises ink images."""

    def recognize_batch(self, inks: npt.NDArray[np.float32]) -> list[Recognition]:
        """Recognise float32 (batch, 28, 28) in [0, 1]; one answer each."""
        ...


class NumberReader:
    """Reads drawings with one network, and remembers the groups that it recognised.

    While a number is written, only groups that the newest stroke touches are recognised again.

    Attributes:
        is_behind: Whether the last reading rests on answers that are some points old.
    """

    def __init__(self, recognizer: BatchRecognizer) -> None:
        """Read with this network; another network needs another reader."""
        self._recognizer = recognizer
        self._kept: OrderedDict[bytes, _Answer] = OrderedDict()
        self._drawing: StrokeDrawing | None = None
        self._groups: dict[tuple[Part, ...], Group] = {}
        self._distances = Distances()
        self._recent: RecentAnswers[_Answer] = RecentAnswers()
        self.is_behind = False

    def read(
        self, strokes: Strokes, edits: Edits = NO_EDITS, *, is_growing: bool = False
    ) -> Reading:
        """Read the digits of a drawing.

        Args:
            strokes: Any number of strokes, each (points, 2), y down, in the order written.
            edits: Where the user wants groups split or joined.
            is_growing: Whether the last stroke is still written. Each digit of the reading is
                answered anew all the same, but groups that lose may be judged by how they were some
                points before; then the reading `is_behind`.

        Returns:
            One group with exactly the answer of `recognize` if the drawing is one digit.

        Raises:
            StrokesError: If a stroke is not (points, 2) or a coordinate is not a finite number.
        """
        drawing = self._drawing = StrokeDrawing.of(strokes, self._drawing)
        self._recent.begin(drawing, is_growing=is_growing)
        self.is_behind = False
        if not drawing.whole:
            return Reading.of([])
        if len(drawing.whole) > MAX_STROKES:
            return Reading((self._group(drawing, drawing.whole, row=0),), Verdict.SEVERAL)
        if len(drawing.whole) == 1 and not edits.apart:
            group = self._group(drawing, drawing.whole, row=0)
            # It is not cut.
            if drawing.is_narrow_stroke or group.recognition.verdict is Verdict.DIGIT:
                return Reading.of([group])
        single = self._single(drawing) if drawing.may_be_one(edits) else None
        several = self._several(drawing, edits, single)
        if several is None or (single is not None and single.is_kept(several)):
            return Reading.of([self._group(drawing, drawing.whole, row=0)])
        is_refused = single is not None and single.verdict is Verdict.NOT_A_DIGIT
        if is_refused and edits == NO_EDITS and are_doubtful(several.groups, drawing.scaled):
            return Reading.of([self._group(drawing, drawing.whole, row=0)])
        return Reading.of(several.groups)

    def _single(self, drawing: StrokeDrawing) -> "_Single":
        """Recognise a drawing as one digit."""
        answer = self._recognized(drawing, [drawing.whole])[0]
        row = Row.of(drawing.pieces, distances=self._distances)
        shape = row.shape((0, len(drawing.pieces)))
        score = WEIGHTS.of_group(answer.features + shape)
        recognition = answer.recognition
        second = recognition.second_probabilities if recognition.is_refused_by_other else None
        if second is not None:  # a network that cannot refuse is sure of two digits as one, too
            score = min(score, WEIGHTS.of_group(log_features(second) + shape))
        return _Single(answer.recognition.verdict, score)

    def _several(
        self, drawing: StrokeDrawing, edits: Edits, single: "_Single | None"
    ) -> "_Several | None":
        """Find the best groups in each row; None if one digit is at least as likely."""
        groups: list[Group] = []
        score = 0.0
        rows = self._rows(drawing, edits, single)
        if single is not None and sum(len(row.pieces) for row in rows) == 1:
            return None
        floor = single.floor if single is not None and len(rows) == 1 else -inf
        for number, row in enumerate(rows):
            found = self._best(drawing, row, edits, floor)
            if found is None:
                return None
            path, ordered = found
            score += path.score
            groups += [
                self._group(drawing, all_parts(ordered.pieces[start:stop]), row=number)
                for start, stop in path.spans
            ]
        return _Several(score, tuple(groups)) if len(groups) > 1 or single is None else None

    def _best(
        self, drawing: StrokeDrawing, row: Row, edits: Edits, floor: float
    ) -> tuple[Path, Row] | None:
        """Find the best path through a row, in the order written or from left to right.

        Returns:
            None if there is none with a score above `floor`.
        """
        found = None
        for ordered in _orders(row):
            spans = [span for span in ordered.spans() if _is_allowed(ordered, span, edits)]
            path = self._best_path(drawing, ordered, spans, floor)
            if path is not None:
                found, floor = (path, ordered), path.score
        return found

    def _best_path(
        self, drawing: StrokeDrawing, row: Row, spans: Sequence[Span], floor: float
    ) -> Path | None:
        """Find the best path in one order; None if there is none with a score above `floor`.

        Most groups need no answer: a group that is not on the best path although its features are
        those of a certain answer is on no best path.
        """
        lattice = Lattice(row, spans, WEIGHTS)
        shapes = {span: row.shape(span) for span in spans}
        parts = {span: all_parts(row.pieces[slice(*span)]) for span in spans}
        known = {span: self._kept.get(drawing.key(parts[span])) for span in spans}
        recent = {span: self._recent.find(parts[span]) for span in spans if known[span] is None}
        scores = {}
        for span in spans:
            answer = known[span] or recent[span]
            features = answer.features if answer else BEST_ANSWER
            scores[span] = WEIGHTS.of_group(features + shapes[span])
        while (path := lattice.best_path(scores)) is not None and path.score > floor:
            new = [span for span in path.spans if known[span] is None]
            if not new:
                break
            answers = self._recognized(drawing, [parts[span] for span in new])
            for span, answer in zip(new, answers, strict=True):
                known[span] = answer
                scores[span] = WEIGHTS.of_group(answer.features + shapes[span])
        self.is_behind |= any(recent[span] and not known[span] for span in recent)
        return path if path is not None and path.score > floor else None

    def _rows(self, drawing: StrokeDrawing, edits: Edits, single: "_Single | None") -> list[Row]:
        """Sort the drawing into rows, joined and cut as need be."""
        pieces = joined_pieces(drawing, edits)
        rows = []
        for indices in rows_of(pieces):
            members = [pieces[i] for i in indices]
            height = row_height(members)
            may_cut = single is None or single.verdict is not Verdict.DIGIT
            rows.append(
                Row.of(
                    [
                        part
                        for member in members
                        for part in self._cut(drawing, member, height, edits, may_cut=may_cut)
                    ],
                    distances=self._distances,
                )
            )
        return rows

    def _cut(
        self, drawing: StrokeDrawing, whole: Piece, height: float, edits: Edits, *, may_cut: bool
    ) -> list[Piece]:
        """Cut a stroke at its waists if the user asks for it, or if it is no digit."""
        (stroke, start, stop), *others = whole.parts
        is_asked = (stroke, stroke) in edits.apart
        is_one = (stroke, stroke) in edits.together
        if others or is_one or not (is_asked or may_cut):
            return [whole]
        if not is_asked and whole.width < WIDE * height:
            return [whole]
        cuts = waists(drawing.scaled[stroke], height)
        if not is_asked:
            if not cuts:
                return [whole]
            verdict = self._recognized(drawing, [whole.parts])[0].recognition.verdict
            if verdict is Verdict.DIGIT and whole.width < WIDEST_STROKE * height:
                return [whole]
        ends = [start, *(cuts or [max(1, stop // 2)]), stop]
        return [
            piece(drawing.scaled, [(stroke, first, last)], is_cut=last < stop)
            for first, last in itertools.pairwise(ends)
            if first < last
        ]

    def _group(self, drawing: StrokeDrawing, parts: tuple[Part, ...], *, row: int) -> Group:
        answer = self._recognized(drawing, [parts])[0]
        known = self._groups.get(parts)
        # Equal ink has the same answer.
        if known and known.recognition is answer.recognition and known.row == row:
            return known
        group = Group(answer.recognition, row, drawing.box(parts), answer.ink, parts)
        if len(self._groups) > MAX_KEPT:
            self._groups.clear()
        self._groups[parts] = group
        return group

    def _recognized(
        self, drawing: StrokeDrawing, groups: Sequence[tuple[Part, ...]]
    ) -> "list[_Answer]":
        """Recognise groups, those that are new in one batch."""
        keys = [drawing.key(parts) for parts in groups]
        new = {key: parts for key, parts in zip(keys, groups, strict=True) if key not in self._kept}
        if new:
            inks = [ink_from_strokes(drawing.lines(parts)) for parts in new.values()]
            answers = self._recognizer.recognize_batch(np.stack(inks))
            for (key, parts), answer, ink in zip(new.items(), answers, inks, strict=True):
                self._kept[key] = _Answer.of(answer, ink)
                self._recent.keep(parts, self._kept[key])
        for key in keys:
            self._kept.move_to_end(key)
        found = [self._kept[key] for key in keys]
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return found


@dataclass(frozen=True, eq=False)
class _Answer:
    """A group's recognition, its first features, and its ink image."""

    recognition: Recognition
    features: list[float]
    ink: InkImage

    @classmethod
    def of(cls, recognition: Recognition, ink: InkImage) -> "_Answer":
        return cls(recognition, log_features(recognition.probabilities), ink)


@dataclass(frozen=True)
class _Single:
    """The drawing as one digit: the verdict, and its score."""

    verdict: Verdict
    score: float

    @property
    def floor(self) -> float:
        """The score of several digits in one row must be more than this."""
        return self.score + MARGINS[self.verdict]

    def is_kept(self, several: "_Several") -> bool:
        """Whether several digits do not explain the drawing much better."""
        has_rows = len({group.row for group in several.groups}) > 1
        return several.score <= self.floor + ROWS_MARGIN * has_rows


@dataclass(frozen=True, eq=False)
class _Several:
    """The drawing as several digits, and their score."""

    score: float
    groups: tuple[Group, ...]


def _orders(row: Row) -> list[Row]:
    """Return a row as it was written, from middle to middle, and from left edge to left edge."""
    count = range(len(row.pieces))
    by_middle = sorted(count, key=lambda i: row.pieces[i].middle)
    by_edge = sorted(count, key=lambda i: row.boxes[i][0])
    different = dict.fromkeys(map(tuple, (count, by_middle, by_edge)))
    return [row.ordered(order) for order in different]


def _is_allowed(row: Row, span: Span, edits: Edits) -> bool:
    """Whether a group agrees with the user's edits."""
    if not edits.apart:
        return True
    start, stop = span
    inside = {stroke for each in row.pieces[start:stop] for stroke, _, _ in each.parts}
    rest = (*row.pieces[:start], *row.pieces[stop:])
    outside = {stroke for each in rest for stroke, _, _ in each.parts}
    return not any(
        one in inside and other in inside and (one != other or one not in outside)
        for one, other in edits.apart
    )
