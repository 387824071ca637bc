"""A picture of the misclassified digits, the most confident errors first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from quality import Answers

COLUMNS = 10
SCALE = 3
CELL_WIDTH = 28 * SCALE + 12
CELL_HEIGHT = 28 * SCALE + 28
TITLE_HEIGHT = 34
MOST_SHOWN = 60


@dataclass(frozen=True, eq=False)
class Error:
    """A misclassified digit.

    Attributes:
        image: uint8 (28, 28), 255 is ink.
        truth: What it shows.
        answer: What was answered.
        confidence: How sure the answer was, in [0, 1].
    """

    image: npt.NDArray[np.uint8]
    truth: int
    answer: int
    confidence: float

    @property
    def caption(self) -> str:
        """Truth, answer and confidence in a few characters."""
        return f"{self.truth}, not {self.answer}: {self.confidence:.0%}"


def errors(images: npt.NDArray[np.uint8], found: Answers) -> list[Error]:
    """Return the misclassified digits, the most confident first."""
    wrong = [
        Error(images[i], int(found.labels[i]), found.found[i].digit, found.found[i].confidence)
        for i in np.flatnonzero(~found.is_right)
    ]
    return sorted(wrong, key=lambda error: -error.confidence)


def error_sheet(parts: Sequence[tuple[str, Sequence[Error]]]) -> Image.Image:
    """Draw the errors of each part under its title: the truth, the answer and its confidence."""
    blocks = [_block(title, found[:MOST_SHOWN]) for title, found in parts]
    sheet = Image.new("L", (COLUMNS * CELL_WIDTH, sum(block.height for block in blocks)), 255)
    top = 0
    for block in blocks:
        sheet.paste(block, (0, top))
        top += block.height
    return sheet.quantize(16)


def _block(title: str, found: Sequence[Error]) -> Image.Image:
    rows = -(-len(found) // COLUMNS)
    block = Image.new("L", (COLUMNS * CELL_WIDTH, TITLE_HEIGHT + rows * CELL_HEIGHT), 255)
    draw = ImageDraw.Draw(block)
    draw.text((6, 9), title, fill=0, font_size=16)
    for index, error in enumerate(found):
        left = index % COLUMNS * CELL_WIDTH
        top = TITLE_HEIGHT + index // COLUMNS * CELL_HEIGHT
        picture = Image.fromarray(255 - error.image)
        size = (28 * SCALE, 28 * SCALE)
        block.paste(picture.resize(size, Image.Resampling.NEAREST), (left + 6, top))
        draw.rectangle((left + 5, top - 1, left + 6 + size[0], top + size[1]), outline=190)
        draw.text((left + 6, top + size[1] + 4), error.caption, fill=0, font_size=13)
    return block
