"""Fit the weights by which the pen's path speaks in numbers, on training data alone.

    python benchmarks/path_weights.py

The pen digits' training writers' digits are bent at random, because the network has learned these
very digits, and a multinomial logistic regression learns what the path adds to the network's log
probabilities. A third of the writers, held out, shows what it mends; then the weights are fitted on
all and written into `assets/pen_path.json`.
"""

import os
from collections.abc import Sequence

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from model.data.composed_numbers import digits_by_writer
from model.data.pen_digits import read_pen_drawings
from model.data.published_data import PEN_DIGITS, locate
from model.ink import ink_from_strokes
from model.numbers.pen_path import (
    LEAST_PROBABILITY,
    MOST,
    WEIGHTS_FILE,
    path_features,
    write_weights,
)
from model.recognizer import Recognizer

SEED = 9
DECAY = 1e-4
STEPS = 600

Matrix = npt.NDArray[np.float64]


def bent(strokes: Sequence[npt.NDArray[np.float64]], rng: np.random.Generator) -> list[Matrix]:
    """Bend a digit by a random linear map and slow waves, as a stranger's hand would."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    middle, side = (low + high) / 2, float((high - low).max()) or 1.0
    linear = np.eye(2) + rng.normal(0, 0.07, (2, 2)) + [[0, rng.normal(0, 0.09)], [0, 0]]
    swing = rng.normal(0, 0.03, (3, 2, 2))  # of each wave, along x and y, by x and y
    begin = rng.uniform(0, 2 * np.pi, swing.shape)
    waves = np.pi * np.arange(1, 4)[:, np.newaxis, np.newaxis]
    lines = []
    for stroke in strokes:
        unit = (stroke - middle) / side
        phases = unit[:, np.newaxis, np.newaxis, :] * waves + begin
        moved = unit @ linear.T + (swing * np.sin(phases)).sum(axis=(1, 3))
        lines.append(moved * side + middle)
    return lines


def bent_rows(recognizer: Recognizer) -> tuple[Matrix, Matrix, npt.NDArray[np.int64], list[str]]:
    """Return log probabilities, features, labels and writers of bent digits."""
    rng = np.random.default_rng(SEED)
    digits = digits_by_writer(read_pen_drawings(locate(PEN_DIGITS, None, None)))
    logits, features, labels, writers = [], [], [], []
    for writer, own in sorted(digits.items()):
        drawn = [bent(strokes, rng) for _, strokes in own]
        answers = recognizer.recognize_batch(np.stack([ink_from_strokes(each) for each in drawn]))
        for lines, (label, _), answer in zip(drawn, own, answers, strict=True):
            logits.append(np.log(np.maximum(answer.probabilities, LEAST_PROBABILITY)))
            features.append(path_features(lines))
            labels.append(label)
            writers.append(writer)
    return np.array(logits), np.array(features), np.array(labels), writers


def fitted(
    logits: Matrix, features: Matrix, labels: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return weights, float64 (features, classes), of a multinomial logistic regression."""
    weights = tf.Variable(np.zeros((features.shape[1], logits.shape[1]), np.float32))
    given = [tf.constant(each, tf.float32) for each in (logits, features)]
    optimizer = tf.keras.optimizers.Adam(
        tf.keras.optimizers.schedules.CosineDecay(0.1, STEPS, alpha=0.02)
    )

    @tf.function
    def objective() -> tf.Tensor:
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels, given[0] + given[1] @ weights
        )
        return tf.reduce_mean(losses) + DECAY * tf.reduce_sum(weights**2)

    for _ in range(STEPS):
        with tf.GradientTape() as tape:
            value = objective()
        optimizer.apply_gradients([(tape.gradient(value, weights), weights)])
    return weights.numpy().astype(np.float64)


def fit(recognizer: Recognizer) -> None:
    """Fit the weights of the pen's path, say what they mend, and write them."""
    logits, features, labels, writers = bent_rows(recognizer)
    order = sorted({*writers})
    is_held_out = np.isin(writers, order[::3])
    some = fitted(logits[~is_held_out], features[~is_held_out], labels[~is_held_out])
    own = logits[is_held_out]
    spoken = features[is_held_out] @ some
    spoken -= np.take_along_axis(spoken, own.argmax(axis=1)[:, np.newaxis], axis=1)
    with_it = own + np.clip(spoken, -MOST, MOST)
    truth = labels[is_held_out]
    wrong = [int((each.argmax(axis=1) != truth).sum()) for each in (own, with_it)]
    print(
        f"of {len(truth)} held out: {wrong[0]} wrong by the image alone, {wrong[1]} with the path"
    )
    write_weights(fitted(logits, features, labels))
    print(f"written: {WEIGHTS_FILE}")


if __name__ == "__main__":
    fit(Recognizer.bundled())
