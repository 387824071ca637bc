"""Finding which pixels a network was trained on if its file does not say, by trying them."""

import time
from collections.abc import Callable

import msgspec
import numpy as np
import numpy.typing as npt

from model.data.sample_digits import SampleDigits, sample_digits
from model.metadata import DIGIT_NAMES, ModelMetadata
from model.pixel_ranges import PIXELS
from model.task_events import InputChoice

MOST_DIGITS, FEWEST_DIGITS = 500, 60
"""How many sample digits a network is shown; a slow one sees fewer."""

BUDGET_SECONDS = 15.0
"""Rough limit on the time of trying every pixel range."""

LEAST_PROBABILITY = 0.01
"""Probabilities of the truth count as no less than this: a network whose softmax saturates would
otherwise be judged by its few worst answers."""

USUAL_PIXELS, USUAL_LEAD = "0-1", 0.01
"""Most programs train with pixels from 0 to 1. Another range has to be likelier by more than this:
on so few digits a smaller lead is chance."""

RARE_SCALE, RARE_LEAD, USUAL_SIDE = 16.0, 0.05, 8
"""Digits of 8 by 8 pixels are published with values from 0 to 16; hardly any larger ones are. So a
network of larger images has to be likelier by this with them than with any other range: hidden
units that saturate answer nearly alike with 0 to 16 and 0 to 255, and chance would decide."""

Predict = Callable[[npt.NDArray[np.float32], ModelMetadata], npt.NDArray[np.float32]]
"""From ink images float32 (batch, 28, 28) and a record to probabilities (batch, classes)."""


def pixel_choices(predict: Predict, metadata: ModelMetadata) -> tuple[InputChoice, ...]:
    """Try every pixel range on sample digits, the likeliest one first.

    Ranges are ranked by the mean log-likelihood of the true digits. How often the answer is right
    does not rank them, because scaling the pixels hardly changes which output of a network is
    the largest; confidence would always prefer the largest pixels. If the classes are not
    digits, the order is the table's, the most usual range first. Other ranges than 0 to 1 need a
    small lead, and 0 to 16 a larger one.

    Args:
        predict: The network.
        metadata: Its record; the pixels in it are replaced.
    """
    digits = sample_digits(_affordable(predict, metadata))
    tried = [_tried(predict, metadata, digits, name) for name in PIXELS]
    # Sorting keeps the table's order where likelihoods are equal.
    tried.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(choice for _, choice in tried)


def _affordable(predict: Predict, metadata: ModelMetadata) -> int:
    """Return how many digits fit the time, after asking about a few."""
    few = sample_digits(FEWEST_DIGITS)
    predict(few.inks[:1], metadata)  # the first answer builds what the others reuse
    began = time.perf_counter()
    predict(few.inks[:10], metadata)
    seconds = (time.perf_counter() - began) / 10
    return int(np.clip(BUDGET_SECONDS / len(PIXELS) / seconds, FEWEST_DIGITS, MOST_DIGITS))


def _tried(
    predict: Predict, metadata: ModelMetadata, digits: SampleDigits, name: str
) -> tuple[float, InputChoice]:
    """Return the log-likelihood of the truth with a pixel range, and the choice's figures."""
    wanted = msgspec.structs.replace(PIXELS[name], shape=metadata.input_format.shape)
    probabilities = predict(digits.inks, msgspec.structs.replace(metadata, input_format=wanted))
    labels = _labels(digits, metadata.class_names)
    if labels is None:
        sureness = float(probabilities.max(axis=1).mean())
        return 0.0, InputChoice(input_format=wanted, digits_right=None, confidence=sureness)
    of_truth = probabilities[np.arange(len(labels)), labels]
    likelihood = float(np.log(np.clip(of_truth, LEAST_PROBABILITY, 1.0)).mean())
    if wanted.scale == RARE_SCALE and wanted.shape[0] > USUAL_SIDE:
        likelihood -= RARE_LEAD
    if name == USUAL_PIXELS:
        likelihood += USUAL_LEAD
    choice = InputChoice(
        input_format=wanted,
        digits_right=float((probabilities.argmax(axis=1) == labels).mean()),
        confidence=float(of_truth.mean()),
    )
    return (likelihood if np.isfinite(likelihood) else -np.inf), choice


def _labels(digits: SampleDigits, class_names: tuple[str, ...]) -> npt.NDArray[np.int64] | None:
    """Return the sample digits' places among the classes; None if a digit is no class."""
    if not set(DIGIT_NAMES) <= set(class_names):
        return None
    places = np.array([class_names.index(name) for name in DIGIT_NAMES], np.int64)
    return places[digits.labels]
