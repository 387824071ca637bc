"""The marks of an explanation over the drawing: its parts in colours, what is missing dashed."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPalette

from app.drawing.drawing import EVEN_PRESSURE, Drawing, Points, Stroke
from app.drawing.marks import Mark, StrokePart, Tint, line_mark
from app.explain.explained import Explained, inked_box
from app.explain.part_views import colour_of_weight, ink_image
from app.explain.subject import Subject

NO_PART = -1

CLICK_TO_DRAW = "Click to draw this stroke"

_FAINT = 0.3
_DASHES_WIDTH = 0.45
"""Of the ink's."""


def stroke_marks(
    explained: Explained,
    subject: Subject,
    drawing: Drawing,
    palette: QPalette,
    *,
    part: int,
    change: int,
    said_of: Callable[[int], str],
) -> list[Mark]:
    """Return the pieces in colours and, if none is pointed at, one change.

    Args:
        explained: Of strokes.
        subject: What was explained.
        drawing: What is on the pad.
        palette: Of the pad.
        part: The piece that is pointed at; `NO_PART` for none.
        change: Which change is looked at.
        said_of: Returns the tip of a piece.
    """
    found = explained.of_strokes
    if found is None or any(number >= len(drawing.strokes) for number, _, _ in subject.parts):
        return []
    marks = []
    for index, each in enumerate(found.pieces):
        piece = each.piece
        stroke = subject.stroke(drawing, piece.stroke, piece.first, piece.last)
        number, first, last = subject.span(piece.stroke, piece.first, piece.last)
        piece_part = StrokePart(drawing.strokes[number], (first, last))
        ring = palette.color(QPalette.ColorRole.Accent) if index == part else None
        colour = colour_of_weight(each.weight, palette)
        marks.append(Mark(stroke, colour, ring=ring, text=said_of(index), part=piece_part))
    if part != NO_PART:
        return marks
    if change < len(found.missing):
        # The accent, not the ink's colour: the user did not draw it.
        accent = palette.color(QPalette.ColorRole.Accent)
        points, width = found.missing[change].points, drawing.strokes[-1].pen_width
        marks += _suggested(points, width, accent, CLICK_TO_DRAW)
    elif found.deciding is not None and change > 0:
        deciding = found.deciding
        stroke = subject.stroke(drawing, deciding.stroke, deciding.first, deciding.last)
        paper = palette.color(QPalette.ColorRole.Base)
        marks += _suggested(stroke.points, stroke.pen_width, paper)
    return marks


def _suggested(points: Points, width: float, colour: QColor, offer: str = "") -> list[Mark]:
    """Return a stroke that is not there yet: dashes on a faint stroke as wide as ink.

    A short one is a single dash, which the faint stroke under it shows to be one.
    """
    faint = QColor(colour)
    faint.setAlphaF(_FAINT)
    return [
        line_mark(points, width, faint, offer=offer),
        line_mark(points, width * _DASHES_WIDTH, colour, is_dashed=True),
    ]


def picture_marks(
    explained: Explained, palette: QPalette, *, part: int, said_of: Callable[[int], str]
) -> list[Mark]:
    """Return the spots of a picture's ink in colours, in its pixels; none if unknown where.

    The colours lie on the ink as the picture shows it, and leave the paper as it is.
    """
    found, ink = explained.of_picture, explained.picture_ink
    if found is None or ink is None:
        return []
    left, top, width, height = ink.place
    first_column, first_row, columns, rows = inked_box(found.spots.sum(axis=0))
    x_scale, y_scale = width / columns, height / rows
    spots = _spots_with_rims(found.spots)[
        first_row : first_row + rows, first_column : first_column + columns
    ]
    down, across = ink.levels.shape
    enlarged = spots[np.arange(down) * rows // down][:, np.arange(across) * columns // across]
    marks = []
    for index, weight in enumerate(found.weights.tolist()):
        y, x = np.nonzero(spots == index)
        points = np.stack([left + (x + 0.5) * x_scale, top + (y + 0.5) * y_scale], axis=1)
        colour = colour_of_weight(weight, palette)
        stroke = Stroke(points, np.full(len(points), EVEN_PRESSURE), max(x_scale, y_scale))
        image = ink_image(np.where(enlarged == index, ink.levels, 0), colour)
        ring = palette.color(QPalette.ColorRole.Accent) if index == part else None
        tint = Tint(image, QRectF(left, top, width, height))
        marks.append(Mark(stroke, colour, ring=ring, text=said_of(index), tint=tint))
    return marks


def _spots_with_rims(spots: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    """Return which spot each pixel belongs to; -1 for none.

    Pixels beside the ink count too: the ink image is coarser than the picture's own edges.

    Args:
        spots: float32 (spots, 28, 28) in [0, 1].

    Returns:
        intp (28, 28).
    """
    padded = np.pad(spots, ((0, 0), (1, 1), (1, 1)))
    size = spots.shape[1]
    # A pixel's own spot comes before those of its eight neighbours.
    around = 9 * spots + sum(
        padded[:, y : y + size, x : x + size] for y in range(3) for x in range(3)
    )
    strongest: npt.NDArray[np.intp] = around.argmax(axis=0)
    return np.where(around.max(axis=0) > 0, strongest, -1)
