"""Fit the weights by which numbers are read, on training data alone.

    python benchmarks/number_weights.py strokes|pictures [--count N]

Numbers composed of the pen digits' training writers, or picture rows of MNIST's training digits,
are split into pieces as by the reader; the weights are those under which the true groups are most
likely among all paths (a semi-Markov conditional random field), found by gradient descent. They are
printed, to be copied into `model/numbers`.
"""

import argparse
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import itertools

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from picture_rows import PictureRow, picture_rows

from model.data.composed_numbers import Number, Spacing, digits_by_writer, numbers
from model.data.datasets import load_dataset
from model.data.pen_digits import read_pen_drawings
from model.data.published_data import PEN_DIGITS, locate
from model.errors import PictureError
from model.ink import ink_from_strokes
from model.numbers import pictures
from model.numbers.blots import find_blots
from model.numbers.lattice import (
    GROUP_FEATURES,
    LONGEST,
    MARK_FEATURES,
    PAIR_FEATURES,
    Row,
    Span,
    log_features,
)
from model.numbers.pieces import piece
from model.raster.paper import ink_levels
from model.recognizer import Recognizer

IMPOSSIBLE = -1e4
DECAY = {"strokes": 1e-4, "pictures": 5e-4}
STEPS = 250
MOST_PIECES = 24
PURE = 0.75
"""A blot belongs to a digit if this fraction of its pixels does."""

SPACINGS = (
    (0.4, Spacing(), (2, 6)),
    (
        0.3,
        Spacing((-0.25, 0.9), drift=0.2, jitter=0.12, slope=0.12, wander=0.1, late=0.1),
        (2, 6),
    ),
    (0.3, Spacing(), (1, 1)),
)
"""Fraction, spacing and lengths of the numbers to train on."""


@dataclass(frozen=True, eq=False)
class Sample:
    """A row with its truth.

    Attributes:
        row: Its pieces.
        groups: Features of each group that may be a digit.
        marks: Features of each piece that may be no digit.
        path: The true groups, and whether each is a mark.
    """

    row: Row
    groups: dict[Span, list[float]]
    marks: dict[Span, list[float]]
    path: list[tuple[Span, bool]]


def stroke_samples(count: int, recognizer: Recognizer) -> Iterator[Sample]:
    """Yield numbers composed of training writers' digits."""
    digits = digits_by_writer(read_pen_drawings(locate(PEN_DIGITS, None, None)))
    for seed, (fraction, spacing, lengths) in enumerate(SPACINGS, 1):
        some = round(count * fraction)
        for number in numbers(digits, some, seed=seed, spacing=spacing, lengths=lengths):
            sample = _stroke_sample(number, recognizer)
            if sample is not None:
                yield sample


def _stroke_sample(number: Number, recognizer: Recognizer) -> Sample | None:
    strokes = number.strokes
    row = Row.of([piece(strokes, [(i, 0, len(stroke))]) for i, stroke in enumerate(strokes)])
    owners = {i: digit for digit, group in enumerate(number.groups) for i in group}
    for order in (range(len(strokes)), np.argsort([each.middle for each in row.pieces])):
        ordered = row.ordered([int(i) for i in order])
        path = _path([owners[each.parts[0][0]] for each in ordered.pieces])
        spans = ordered.spans()
        if path is not None and all(span in spans for span, _ in path):
            inks = [
                ink_from_strokes(
                    [
                        strokes[each.parts[0][0]]
                        for each in sorted(ordered.pieces[start:stop], key=lambda each: each.parts)
                    ]
                )
                for start, stop in spans
            ]
            return _sample(ordered, spans, inks, path, recognizer)
    return None


def picture_samples(count: int, recognizer: Recognizer) -> Iterator[Sample]:
    """Yield picture rows of MNIST's training digits."""
    data = load_dataset("mnist")
    for picture in picture_rows(data.train_images, data.train_labels, count, seed=103):
        sample = _picture_sample(picture, recognizer)
        if sample is not None:
            yield sample


def _picture_sample(picture: PictureRow, recognizer: Recognizer) -> Sample | None:
    try:
        blots = find_blots(ink_levels(picture.picture))
    except PictureError:
        return None
    if blots is None:
        return None
    row = Row.of(blots.pieces, blots.height)
    owners = []
    for each in row.pieces:
        counts = np.bincount(picture.owners[blots.owners == each.parts[0][0]] + 1)
        if counts.argmax() > 0 and counts.max() < PURE * counts.sum():
            return None
        owners.append(int(counts.argmax()) - 1)
    path = _path(owners)
    spans = row.spans(longest=pictures.LONGEST, widest=pictures.WIDEST, farthest=float("inf"))
    if path is None or {*range(len(picture.text))} - {*owners}:
        return None
    if not all(span in spans for span, _ in path):
        return None
    inks = [blots.ink(row.pieces[start:stop]) for start, stop in spans]
    return _sample(row, spans, inks, path, recognizer)


def _path(owners: Sequence[int]) -> list[tuple[Span, bool]] | None:
    """Return the spans of digits 0, 1, 2 … and of marks (-1); None if digits interlace."""
    path: list[tuple[Span, bool]] = []
    start, expected = 0, 0
    while start < len(owners):
        if owners[start] < 0:
            path.append(((start, start + 1), True))
            start += 1
            continue
        stop = max(i for i, owner in enumerate(owners) if owner == owners[start]) + 1
        if owners[start] != expected or {*owners[start:stop]} - {expected, -1}:
            return None
        path.append(((start, stop), False))
        start, expected = stop, expected + 1
    return path


def _sample(
    row: Row,
    spans: Sequence[Span],
    inks: Sequence[npt.NDArray[np.float32]],
    path: list[tuple[Span, bool]],
    recognizer: Recognizer,
) -> Sample | None:
    """Return a sample; None if its truth is no path."""
    neighbours = itertools.pairwise(path)
    if len(row.pieces) > MOST_PIECES or any(
        row.beside(one, other) is None for (one, _), (other, _) in neighbours
    ):
        return None
    answers = recognizer.recognize_batch(np.stack(inks))
    groups = {
        span: log_features(answer.probabilities) + row.shape(span)
        for span, answer in zip(spans, answers, strict=True)
    }
    marks = {
        span: row.mark(span[0], features[1])
        for span, features in groups.items()
        if span[1] == span[0] + 1
    }
    return Sample(row, groups, marks, path)


class Likelihood:
    """The likelihood of the true paths, as a function of the weights."""

    def __init__(self, samples: Sequence[Sample], longest: int, *, has_marks: bool) -> None:
        """Put all samples into arrays (samples, pieces, lengths, …)."""
        self._longest = longest
        self._has_marks = has_marks
        count, most = len(samples), max(len(sample.row.pieces) for sample in samples)
        shape = (count, most + 1, longest + 1)
        self._groups = np.zeros((*shape, len(GROUP_FEATURES)), np.float32)
        self._bars = np.full(shape, IMPOSSIBLE, np.float32)
        self._marks = np.zeros((count, most + 1, len(MARK_FEATURES)), np.float32)
        self._pairs = np.zeros((*shape, longest + 1, len(PAIR_FEATURES)), np.float32)
        self._pair_bars = np.full((*shape, longest + 1), IMPOSSIBLE, np.float32)
        self._ends = np.array([len(sample.row.pieces) for sample in samples])
        self._truth = [
            np.zeros((count, f.shape[-1]), np.float32)
            for f in (self._groups, self._pairs, self._marks)
        ]
        for index, sample in enumerate(samples):
            self._lay(index, sample)

    def _lay(self, index: int, sample: Sample) -> None:
        for (start, stop), features in sample.groups.items():
            self._groups[index, stop, stop - start] = features
            self._bars[index, stop, stop - start] = 0
            for second in sample.groups:
                beside = sample.row.beside((start, stop), second) if second[0] == stop else None
                if beside is not None:
                    place = (index, stop, stop - start, second[1] - stop)
                    self._pairs[place] = beside
                    self._pair_bars[place] = 0
        for (_, stop), features in sample.marks.items():
            self._marks[index, stop] = features
        for span, is_mark in sample.path:
            self._truth[2 if is_mark else 0][index] += (
                sample.marks[span] if is_mark else sample.groups[span]
            )
        for (one, _), (other, _) in zip(sample.path, sample.path[1:], strict=False):
            self._truth[1][index] += sample.row.beside(one, other)

    def loss(self, group: tf.Variable, pair: tf.Variable, mark: tf.Variable) -> tf.Tensor:
        """Return the mean negative log-likelihood of the true paths."""
        truth = sum(
            tf.linalg.matvec(tf.constant(features), weights)
            for features, weights in zip(self._truth, (group, pair, mark), strict=True)
        )
        return tf.reduce_mean(self._log_normaliser(group, pair, mark) - truth)

    def _log_normaliser(
        self, group: tf.Variable, pair: tf.Variable, mark: tf.Variable
    ) -> tf.Tensor:
        groups = tf.einsum("bnlf,f->bnl", self._groups, group) + self._bars
        marks = tf.einsum("bnf,f->bn", self._marks, mark)
        pairs = tf.einsum("bnlmf,f->bnlm", self._pairs, pair) + self._pair_bars
        forward: list[tf.Tensor] = [None]
        for stop in range(1, groups.shape[1]):
            columns = []
            for length in range(1, self._longest + 1):
                score = groups[:, stop, length]
                if length == 1 and self._has_marks:
                    score = tf.reduce_logsumexp(tf.stack([score, marks[:, stop]], 1), axis=1)
                start = stop - length
                if start > 0:
                    ways = forward[start] + pairs[:, start, 1:, length]
                    score += tf.reduce_logsumexp(ways, axis=1)
                columns.append(score if start >= 0 else tf.fill(score.shape, 100 * IMPOSSIBLE))
            forward.append(tf.stack(columns, 1))
        ends = tf.stack([tf.reduce_logsumexp(each, axis=1) for each in forward[1:]], 1)
        return tf.gather(ends, self._ends - 1, batch_dims=1)


def fitted(likelihood: Likelihood, decay: float) -> list[npt.NDArray[np.float32]]:
    """Return the weights of groups, pairs and marks."""
    weights = [
        tf.Variable(np.zeros(len(names), np.float32))
        for names in (GROUP_FEATURES, PAIR_FEATURES, MARK_FEATURES)
    ]
    optimizer = tf.keras.optimizers.Adam(
        tf.keras.optimizers.schedules.CosineDecay(0.2, STEPS, alpha=0.05)
    )

    @tf.function
    def objective() -> tf.Tensor:
        return likelihood.loss(*weights) + decay * sum(tf.reduce_sum(w**2) for w in weights)

    for step in range(STEPS):
        with tf.GradientTape() as tape:
            value = objective()
        gradients = tape.gradient(value, weights)
        optimizer.apply_gradients(zip(gradients, weights, strict=True))
        if step % 50 == 0:
            print(f"step {step}: {float(value):.4f}")
    return [each.numpy() for each in weights]


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=("strokes", "pictures"))
    parser.add_argument("--count", type=int, default=3000, help="numbers or pictures to make")
    arguments = parser.parse_args()
    recognizer = Recognizer.bundled()
    is_strokes = arguments.kind == "strokes"
    make = stroke_samples if is_strokes else picture_samples
    samples = list(make(arguments.count, recognizer))
    print(f"{len(samples)} of {arguments.count} can be learned from")
    longest = LONGEST if is_strokes else pictures.LONGEST
    likelihood = Likelihood(samples, longest, has_marks=not is_strokes)
    found = fitted(likelihood, DECAY[arguments.kind])
    for kind, names, weights in zip(
        ("group", "pair", "mark"),
        (GROUP_FEATURES, PAIR_FEATURES, MARK_FEATURES),
        found,
        strict=True,
    ):
        print(f"{kind}=({', '.join(f'{weight:.2f}' for weight in weights)}),")
        print("   ", dict(zip(names, np.round(weights, 2).tolist(), strict=True)))


if __name__ == "__main__":
    main()
