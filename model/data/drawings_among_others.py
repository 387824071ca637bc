"""Kept drawings among training digits of other people, to fine-tune a network with.

A network fine-tuned on its user's drawings alone would forget those of others. So each
training image of the user is shown among some of others, the training digits that come
with the program (A. Robins, "Catastrophic forgetting, rehearsal and pseudorehearsal", Connection
Science 7, 1995).
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

import assets
from model.data.kept_drawings import read_kept_drawings
from model.data.labelled_images import LabelledImages
from model.data.labelled_strokes import rasterize_drawings
from model.data.npz_files import read_npz
from model.data.raster_cache import cached_arrays
from model.errors import DatasetError
from model.ink import Strokes
from model.progress import ReportProgress

NAME = "my-drawings-among-others"
TITLE = "My drawings among others"

LEAST_KEPT = 200
"""With no more drawings than this, prototypes and the head are as good, and immediate."""

OWN_FRACTION = 0.25
"""Fraction of own images in an epoch, if they need not be repeated too often."""

MOST_REPEATS = 12

FILE = assets.FOLDER / "training_digits.npz"
Array = npt.NDArray[np.generic]

_ARRAYS = ["labels", "strokes", "lengths", "points"]


def read_drawings_among_others(
    progress: ReportProgress | None,
) -> tuple[LabelledImages, LabelledImages | None]:
    """Read the train split, own drawings and others, and the test split, own drawings alone.

    Raises:
        DatasetError: If no more than `LEAST_KEPT` digits are kept, or the asset is damaged.
        UserDatabaseError: If the database can't be read.
    """
    own, test = read_kept_drawings(progress)
    kept = len(own.images) + (0 if test is None else len(test.images))
    if kept <= LEAST_KEPT:
        raise DatasetError(
            f"More than {LEAST_KEPT} kept drawings are needed to fine-tune a network; there are"
            f" {kept}."
        )
    others = _other_digits(progress)
    wanted = OWN_FRACTION / (1 - OWN_FRACTION) * len(others.images)
    repeats = int(np.clip(round(wanted / len(own.images)), 1, MOST_REPEATS))
    parts = [*[own] * repeats, others]
    return LabelledImages(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.labels for part in parts]),
        # Copies of a drawing form one group, so that none of them validates the others.
        np.concatenate([np.arange(len(own.images))] * repeats + [_groups_after(own, others)]),
    ), test and replace(test, groups=None)


def _groups_after(own: LabelledImages, others: LabelledImages) -> npt.NDArray[np.int64]:
    return len(own.images) + np.arange(len(others.images))


def _other_digits(progress: ReportProgress | None) -> LabelledImages:
    """Draw the training digits that come with the program."""
    arrays = cached_arrays(
        [b"training digits", FILE.read_bytes()],
        ["images", "labels"],
        lambda: _drawn_digits(progress),
    )
    return LabelledImages(
        np.asarray(arrays["images"], np.uint8), np.asarray(arrays["labels"], np.int64)
    )


def _drawn_digits(progress: ReportProgress | None) -> dict[str, npt.NDArray[np.generic]]:
    stored = read_npz(FILE, _ARRAYS)
    if set(_ARRAYS) - stored.keys():
        raise DatasetError(f"The file {FILE.name} is damaged; install Digitpad again.")
    images = rasterize_drawings(
        drawings_of(stored["points"], stored["lengths"], stored["strokes"]),
        title="Other people's digits",
        progress=progress,
    )
    return {"images": images, "labels": np.asarray(stored["labels"], np.int64)}


def drawings_of(points: Array, lengths: Array, strokes: Array) -> list[Strokes]:
    """Split concatenated arrays into drawings.

    Args:
        points: (points, 2), in any unit.
        lengths: (strokes,), how many points each stroke has.
        strokes: (drawings,), how many strokes each drawing has.
    """
    ends = np.cumsum(lengths, dtype=np.int64)[:-1]
    lines = np.split(np.asarray(points, np.float64), ends)
    bounds = np.concatenate([[0], np.cumsum(strokes, dtype=np.int64)])
    return [lines[start:stop] for start, stop in pairwise(bounds)]
