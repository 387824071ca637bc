"""Data for training a network of digits to refuse: non-digits, and digits drawn by the same pens.

Without the drawn digits, a network trained on scans alone could refuse every pen
stroke.
"""

from dataclasses import dataclass

import numpy as np

from model.data.bundled_data import PEN_WIDTHS, drawn_with_any_pen
from model.data.datasets import Dataset
from model.data.labelled_images import NO_CLASS, LabelledImages
from model.data.raster_cache import Arrays, cached_arrays
from model.data.synthesis_version import synthesis_fingerprint
from model.metadata import DIGIT_NAMES
from model.progress import ReportProgress

DRAWN_FRACTION = 0.08
"""Non-digits for each training image, and as many drawn digits: fewer teach less, more cost
time."""

MOST_DRAWN = 10_000
MOST_CALIBRATING = 1_500
"""Most drawings of either kind, for training and for calibration."""

CALIBRATION_SEED_OFFSET = 1 << 33
"""Seeds of runs are smaller, so that no drawing that calibrates was ever trained with."""


@dataclass(frozen=True, eq=False)
class RefusalImages:
    """Digits drawn from strokes, and non-digits.

    Attributes:
        training: To train with.
        calibration: Others, to choose temperature and thresholds by.
    """

    training: LabelledImages
    calibration: LabelledImages


def can_teach_refusal(data: Dataset) -> bool:
    """Whether a data set holds digits and no non-digits yet."""
    return data.class_names == DIGIT_NAMES and not bool((data.train_labels == NO_CLASS).any())


def drawings_of_each_kind(training_images: int) -> int:
    """Return the numbers of drawn digits and of non-digits to add to images of digits."""
    return min(round(DRAWN_FRACTION * training_images), MOST_DRAWN)


def refusal_images(
    training_images: int, *, seed: int, progress: ReportProgress | None = None
) -> RefusalImages:
    """Draw the digits and non-digits to add to images of digits.

    Non-digits are of the families in `model.synthesis.non_digits` that are not withheld.

    Args:
        training_images: How many images of digits there are.
        seed: Of the drawings and their pens.
        progress: Gets the activity and the fraction that is done.
    """
    count = drawings_of_each_kind(training_images)
    calibrating = min(count, MOST_CALIBRATING)
    return RefusalImages(
        _cached(count, seed, progress),
        _cached(calibrating, seed + CALIBRATION_SEED_OFFSET, progress),
    )


def _cached(count: int, seed: int, progress: ReportProgress | None) -> LabelledImages:
    sources = [
        f"digits and non-digits {count}, {PEN_WIDTHS}, {seed}".encode(),
        synthesis_fingerprint(),
    ]
    drawn = cached_arrays(sources, ["images", "labels"], lambda: _drawn(count, seed, progress))
    return LabelledImages(drawn["images"].astype(np.uint8), drawn["labels"].astype(np.int64))


def _drawn(count: int, seed: int, progress: ReportProgress | None) -> Arrays:
    # Imported here, because data without non-digits need no templates.
    from model.synthesis.builtin_strokes import generate
    from model.synthesis.non_digits import generate_non_digits

    digits, labels, _styles = generate(count, seed)
    non_digits, _kinds = generate_non_digits(count, seed, part="train")
    random = np.random.default_rng(seed)
    return {
        "images": drawn_with_any_pen([*digits, *non_digits], random, progress),
        "labels": np.append(labels, np.full(count, NO_CLASS)),
    }
