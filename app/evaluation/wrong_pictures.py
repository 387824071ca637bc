"""Wrong answers as thumbnails, and as pictures for the pad. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from app.drawing.drawing import Picture
from app.evaluation.words import wrong_number_words, wrong_words
from model.ink import InkImage, Strokes
from model.metadata import printable
from model.metrics import percent

if TYPE_CHECKING:
    from model.evaluation.kept import Evaluation, NumbersEvaluation

SHOWN_SCALE = 20
"""A picture of 28 pixels is enlarged by this factor, so that each pixel is visible."""

THUMBNAIL = (168, 56)
"""Width and height of a number's thumbnail, in pixels."""

CELL_LEGEND = "Below each picture: the answer and its probability; ? where people doubt the label."
NUMBERS_LEGEND = "Below each number: what it is → what was read."

_SMOOTH = 3
_MARGIN = 6


@dataclass(frozen=True, eq=False)
class ShownPicture:
    """One thumbnail.

    Attributes:
        number: Which of the wrong answers it is.
        image: uint8 (height, width), 255 is ink.
        words: The true class and the answer.
        caption: One or two words below it.
    """

    number: int
    image: npt.NDArray[np.uint8]
    words: str
    caption: str


def pictures_of_cell(evaluation: "Evaluation", label: int, predicted: int) -> list[ShownPicture]:
    """Return the wrong pictures of a cell; on the diagonal, all that are wrong of the class."""
    names = evaluation.report.class_names
    rows = zip(evaluation.report.wrong, evaluation.pictures, strict=False)
    return [
        ShownPicture(
            number=number,
            image=picture.image,
            words=wrong_words(row, names),
            caption=f"{printable(names[row.predicted], 6)} {percent(row.confidence, 0)}"
            + (" ?" if row.doubted else ""),
        )
        for number, (row, picture) in enumerate(rows)
        if row.label == label and predicted in (label, row.predicted)
    ]


def pictures_of_numbers(evaluation: "NumbersEvaluation") -> list[ShownPicture]:
    """Return the numbers that were read wrongly."""
    return [
        ShownPicture(
            number=number,
            image=strokes_image(row.strokes),
            words=wrong_number_words(row),
            caption=f"{printable(row.text, 12)} → {row.answer[:12]}",
        )
        for number, row in enumerate(evaluation.report.wrong)
    ]


def strokes_image(strokes: Strokes) -> npt.NDArray[np.uint8]:
    """Draw strokes into a thumbnail: uint8 (56, 168), 255 is ink."""
    width, height = (side * _SMOOTH for side in THUMBNAIL)
    picture = Image.new("L", (width, height))
    arrays = [np.asarray(stroke, np.float64) for stroke in strokes if len(np.asarray(stroke))]
    if arrays:
        everything = np.concatenate(arrays)
        low, extent = everything.min(axis=0), np.maximum(np.ptp(everything, axis=0), 1e-9)
        room = np.array([width, height]) - 2 * _MARGIN * _SMOOTH
        scale = float((room / extent).min())
        corner = (np.array([width, height]) - extent * scale) / 2
        draw = ImageDraw.Draw(picture)
        for points in arrays:
            line = [tuple(point) for point in (points - low) * scale + corner]
            draw.line(line if len(line) > 1 else line * 2, 255, 2 * _SMOOTH, "curve")
    return np.asarray(picture.reduce(_SMOOTH), np.uint8)


def picture_of_ink(ink: InkImage, caption: str) -> Picture:
    """Return an ink image as a picture for the pad, each pixel enlarged.

    Args:
        ink: float32 (28, 28) in [0, 1].
        caption: Under the picture.
    """
    paper = Image.fromarray(255 - np.rint(ink * 255).astype(np.uint8))
    size = (paper.width * SHOWN_SCALE, paper.height * SHOWN_SCALE)
    return Picture(
        image=paper.resize(size, Image.Resampling.NEAREST),
        ink=np.asarray(ink, np.float32),
        caption=caption,
    )


def arrays_of(strokes: Sequence[Sequence[tuple[float, float]]]) -> list[npt.NDArray[np.float64]]:
    """Return kept strokes as arrays (points, 2)."""
    return [np.array(stroke, np.float64) for stroke in strokes]
