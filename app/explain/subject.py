"""What is explained: the whole drawing, or the digit of a number that the bars show. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.drawing.drawing import Drawing, Picture, Points, Stroke

if TYPE_CHECKING:  # importing them for real would load the runtime before the window is shown
    from model.numbers.reading import Group

Part = tuple[int, int, int]
"""A part of a stroke: its index in the drawing, its first point, and its last point plus one."""

Box = tuple[float, float, float, float]
"""Left, top, width and height, in pixels of a picture."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A digit that is explained.

    Attributes:
        parts: The strokes, or parts of strokes, that it is made of; none of a picture.
        strokes: Their points, float64 (points, 2) in page units.
        picture: The picture, with the ink of that digit; None if strokes are drawn.
        box: Where it stands on a picture; None if that is still to be found.
        place: Which digit of a number it is, from 1, and of how many; None without a number.
        drawing: All strokes that are drawn; None for a picture.
    """

    parts: tuple[Part, ...]
    strokes: tuple[Points, ...]
    picture: Picture | None = None
    box: Box | None = None
    place: tuple[int, int] | None = None
    drawing: Drawing | None = None

    def is_same_as(self, other: "Subject | None") -> bool:
        """Whether both are the same part of the same drawing."""
        return other is not None and (self.parts, self.box) == (other.parts, other.box)

    def stroke(self, drawing: Drawing, number: int, first: int, last: int) -> Stroke:
        """Return the part of a drawing between two points of one of `strokes`."""
        whole, start, stop = self.span(number, first, last)
        stroke, part = drawing.strokes[whole], slice(start, stop + 1)
        return Stroke(stroke.points[part], stroke.pressures[part], stroke.pen_width)

    def span(self, number: int, first: int, last: int) -> Part:
        """Return where two points of one of `strokes` are in the drawing: its stroke, and both."""
        whole, start, _ = self.parts[number]
        return whole, start + first, start + last


def subject_of(drawing: Drawing, groups: "Sequence[Group]", group: "Group | None") -> Subject:
    """Return what is to be explained of a drawing.

    Args:
        drawing: It is not empty.
        groups: The digits of a number; none if there is no number.
        group: The digit that is looked at; None if there is no number.
    """
    place = None
    if group is not None:
        place = 1 + next((i for i, each in enumerate(groups) if each is group), 0), len(groups)
    if drawing.picture is not None:
        if group is None:
            return Subject((), (), drawing.picture)
        return Subject((), (), replace(drawing.picture, ink=group.ink), group.box, place)
    points = [stroke.points for stroke in drawing.strokes]
    parts = group.parts if group is not None else [(i, 0, len(p)) for i, p in enumerate(points)]
    strokes = tuple(points[number][start:stop] for number, start, stop in parts)
    return Subject(tuple(parts), strokes, place=place, drawing=drawing)
