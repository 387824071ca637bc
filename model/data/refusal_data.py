"""Non-digits mixed into the training images of digits: they teach a network to refuse."""

from dataclasses import replace

import numpy as np

from model.data.bundled_data import PEN_WIDTHS, drawn_with_any_pen
from model.data.datasets import Dataset
from model.data.labelled_images import NO_CLASS
from model.data.raster_cache import cached_arrays
from model.data.synthesis_version import synthesis_fingerprint
from model.metadata import DIGIT_NAMES
from model.progress import ReportProgress

NON_DIGIT_FRACTION = 0.15
"""Non-digits for each digit: fewer are refused less well, more cost time."""

MOST_NON_DIGITS = 10_000


def can_teach_refusal(data: Dataset) -> bool:
    """Whether a data set holds digits and nothing else yet."""
    return data.class_names == DIGIT_NAMES and not bool((data.train_labels == NO_CLASS).any())


def with_non_digits(data: Dataset, *, seed: int, progress: ReportProgress | None = None) -> Dataset:
    """Return a data set of digits with non-digits among its training images.

    They are of the families in `model.synthesis.non_digits` that are not withheld. Each is a group
    and all are an origin of their own, so that the validation split gets its part of them.

    Args:
        data: A data set that `can_teach_refusal` is true of.
        seed: Of the non-digits and their pens.
        progress: Gets the activity and the fraction that is done.
    """
    count = min(round(NON_DIGIT_FRACTION * len(data.train_images)), MOST_NON_DIGITS)
    sources = [f"non-digits {count}, {PEN_WIDTHS}, {seed}".encode(), synthesis_fingerprint()]
    drawn = cached_arrays(sources, ["images"], lambda: _drawn(count, seed, progress))["images"]
    groups, origins = data.train_groups, data.train_origins
    if groups is not None:
        if origins is None:
            origins = np.zeros(len(groups), np.int64)
        origins = np.append(origins, np.full(count, origins.max(initial=-1) + 1))
        groups = np.append(groups, groups.max(initial=-1) + 1 + np.arange(count))
    return replace(
        data,
        train_images=np.concatenate([data.train_images, drawn.astype(np.uint8)]),
        train_labels=np.append(data.train_labels, np.full(count, NO_CLASS)),
        train_groups=groups,
        train_origins=origins,
    )


def _drawn(count: int, seed: int, progress: ReportProgress | None) -> dict[str, np.ndarray]:
    # Imported here, because data without non-digits need no templates.
    from model.synthesis.non_digits import generate_non_digits

    drawings, _kinds = generate_non_digits(count, seed, part="train")
    return {"images": drawn_with_any_pen(drawings, np.random.default_rng(seed), progress)}
