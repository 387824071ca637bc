"""The drawings that the user kept, of all hands, as a data set.

They are drawn through ink each time, so that no copy of them lies anywhere else.
"""

from itertools import chain

import numpy as np
import numpy.typing as npt

from model.data.labelled_images import LabelledImages
from model.data.labelled_strokes import LabelledDrawing, rasterize_drawings
from model.database.database import Database
from model.database.hands import Hands, KeptDrawing
from model.errors import DatasetError
from model.metadata import DIGIT_NAMES
from model.progress import ReportProgress

NAME = "my-drawings"
TITLE = "My drawings"

TEST_EVERY = 5
"""Every fifth drawing of a class, in the order of keeping, is for testing."""

NOTHING_KEPT = (
    "No drawings are kept yet; correct some answers, or add drawings with digitpad hand add."
)


def read_kept_drawings(
    progress: ReportProgress | None,
) -> tuple[LabelledImages, LabelledImages | None]:
    """Read the training split, and the test split if a class has enough drawings.

    Drawings of other classes than the digits are left out; groups are hands.

    Raises:
        DatasetError: If no digit is kept.
        UserDatabaseError: If the database can't be read.
    """
    with Database() as database:
        hands = Hands(database)
        kept = [
            [drawing for drawing in hands.drawings(name) if drawing.label in DIGIT_NAMES]
            for name in hands.sizes()
        ]
    drawings = list(chain.from_iterable(kept))
    if not drawings:
        raise DatasetError(NOTHING_KEPT)
    images = rasterize_drawings([each.strokes for each in drawings], title=TITLE, progress=progress)
    labels = np.array([DIGIT_NAMES.index(each.label) for each in drawings], np.int64)
    groups = np.repeat(np.arange(len(kept)), [len(part) for part in kept])
    is_test = _is_test(drawings)

    def split(chosen: npt.NDArray[np.bool_]) -> LabelledImages:
        several = len(np.unique(groups[chosen])) > 1
        return LabelledImages(images[chosen], labels[chosen], groups[chosen] if several else None)

    return split(~is_test), split(is_test) if is_test.any() else None


def kept_count() -> int:
    """Return how many drawings all hands have.

    Raises:
        UserDatabaseError: If the database can't be read.
    """
    with Database() as database:
        return sum(Hands(database).sizes().values())


def kept_rows(*, only_test: bool) -> list[LabelledDrawing]:
    """Return the kept drawings of every hand and class as rows; a row's writer is its hand.

    Args:
        only_test: Whether to return the test drawings alone.

    Raises:
        DatasetError: If none is kept.
        UserDatabaseError: If the database can't be read.
    """
    with Database() as database:
        hands = Hands(database)
        kept = [(name, drawing) for name in hands.sizes() for drawing in hands.drawings(name)]
    if not kept:
        raise DatasetError(NOTHING_KEPT)
    is_test = _is_test([drawing for _, drawing in kept])
    return [
        LabelledDrawing(
            label=drawing.label,
            strokes=[list(stroke) for stroke in drawing.strokes],
            writer=name,
        )
        for (name, drawing), is_chosen in zip(kept, is_test, strict=True)
        if is_chosen or not (only_test and is_test.any())
    ]


def _is_test(drawings: list[KeptDrawing]) -> npt.NDArray[np.bool_]:
    """Say which drawings are for testing: bool (drawings,)."""
    is_test = np.zeros(len(drawings), bool)
    seen: dict[str, int] = {}
    for index in sorted(range(len(drawings)), key=lambda place: drawings[place].id):
        label = drawings[index].label
        seen[label] = seen.get(label, 0) + 1
        is_test[index] = seen[label] % TEST_EVERY == 0
    return is_test
