"""The marks of an explanation over the drawing: its parts in colours, what is missing dashed."""

from collections.abc import Callable

import numpy as np
from PySide6.QtGui import QColor, QPalette

from app.drawing.drawing import EVEN_PRESSURE, Drawing, Points, Stroke
from app.drawing.marks import Mark, line_mark
from app.explain.explained import FAINTEST, Explained, dark_ink
from app.explain.part_views import colour_of_weight
from app.explain.subject import Subject

NO_PART = -1

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
        ring = palette.color(QPalette.ColorRole.Accent) if index == part else None
        colour = colour_of_weight(each.weight, palette)
        marks.append(Mark(stroke, colour, ring=ring, text=said_of(index)))
    if part != NO_PART:
        return marks
    if change < len(found.missing):
        # The accent, not the ink's colour: the user did not draw it.
        accent = palette.color(QPalette.ColorRole.Accent)
        marks += _suggested(found.missing[change].points, drawing.strokes[0].pen_width, accent)
    elif found.deciding is not None and change > 0:
        deciding = found.deciding
        stroke = subject.stroke(drawing, deciding.stroke, deciding.first, deciding.last)
        paper = palette.color(QPalette.ColorRole.Base)
        marks += _suggested(stroke.points, stroke.pen_width, paper)
    return marks


def _suggested(points: Points, width: float, colour: QColor) -> list[Mark]:
    """Return a stroke that is not there yet: dashes on a faint stroke as wide as ink.

    A short one is a single dash, which the faint stroke under it shows to be one.
    """
    faint = QColor(colour)
    faint.setAlphaF(_FAINT)
    return [
        line_mark(points, width, faint),
        line_mark(points, width * _DASHES_WIDTH, colour, is_dashed=True),
    ]


def picture_marks(
    explained: Explained, palette: QPalette, *, part: int, said_of: Callable[[int], str]
) -> list[Mark]:
    """Return the spots of a picture's ink in colours, in its pixels; none if unknown where."""
    found, place = explained.of_picture, explained.ink_place
    if found is None or place is None:
        return []
    ink = found.spots.sum(axis=0)
    rows, columns = np.nonzero(dark_ink(ink))
    left, top, width, height = place
    x_scale = width / (columns.max() - columns.min() + 1)
    y_scale = height / (rows.max() - rows.min() + 1)
    marks = []
    for index, (spot, weight) in enumerate(zip(found.spots, found.weights.tolist(), strict=True)):
        y, x = np.nonzero(spot > min(FAINTEST, float(spot.max()) / 2))
        points = np.stack(
            [
                left + (x - columns.min() + 0.5) * x_scale,
                top + (y - rows.min() + 0.5) * y_scale,
            ],
            axis=1,
        )
        colour = colour_of_weight(weight, palette)
        colour.setAlphaF(0.75)
        stroke = Stroke(points, np.full(len(points), EVEN_PRESSURE), max(x_scale, y_scale))
        ring = palette.color(QPalette.ColorRole.Accent) if index == part else None
        marks.append(Mark(stroke, colour, ring=ring, text=said_of(index), is_pixels=True))
    return marks
