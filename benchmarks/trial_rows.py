"""The recorded figures of a network trained in an experiment."""

import msgspec
from mix_parts import Mix
from quality import Answers, answers

from model.data.labelled_images import NO_CLASS
from model.metrics import calibration_error, wilson_interval
from model.recognizer import Recognizer


class Digits(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a network on a split of digits.

    Attributes:
        digits: How many.
        right: Accuracy, in [0, 1].
        low: Lower end of its 95 % interval.
        high: Upper end.
        loss: Mean negative logarithm of the probability given to the truth.
        calibration: Expected calibration error, in [0, 1].
    """

    digits: int
    right: float
    low: float
    high: float
    loss: float
    calibration: float


class Training(msgspec.Struct, frozen=True, kw_only=True):
    """How a network was trained.

    Attributes:
        epochs: How many.
        images: How many an epoch shows.
        steps: Batches in all.
        images_per_s: Over whole epochs, measuring on the validation split included.
        device: Where.
        versions: Package name to version.
        mix_sha256: Of the whole bundled mix.
    """

    epochs: int
    images: int
    steps: int
    images_per_s: float
    device: str
    versions: dict[str, str]
    mix_sha256: str


def digits(found: Answers) -> Digits:
    """Return the figures of some answers."""
    right = int(found.is_right.sum())
    low, high = wilson_interval(right, len(found.labels))
    return Digits(
        digits=len(found.labels),
        right=right / len(found.labels),
        low=low,
        high=high,
        loss=found.surprise,
        calibration=calibration_error(found.confidences, found.is_right),
    )


def validation_digits(mix: Mix, recognizer: Recognizer) -> Digits:
    """Recognise the validation split without its non-digits.

    The loss is that of the converted network's calibrated answer to digits alone. What a run
    reports differs for an ensemble, whose members have losses of their own.
    """
    numbers = mix.validation()
    numbers = numbers[mix.data.train_labels[numbers] != NO_CLASS]
    images, labels = mix.data.train_images[numbers], mix.data.train_labels[numbers]
    return digits(answers(recognizer, images, labels))


def as_percent(found: Digits) -> str:
    """Return the accuracy with its interval, as text."""
    return f"{found.right:.2%} ({found.low:.2%} to {found.high:.2%})"
