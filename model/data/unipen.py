"""Pen trajectories in UNIPEN text, the form in which the UCI pen digits were recorded.

UNIPEN (Guyon, Schomaker, Plamondon, Liberman, Janet, "UNIPEN project of on-line data exchange and
recognizer benchmarks", ICPR 1994) is lines of keywords that begin with a full stop, and between
`.PEN_DOWN` and `.PEN_UP` one point a line. A digit looks like this:

    .SEGMENT DIGIT 12-13 ? "4"
    .COMMENT 4 7 105
    .PEN_DOWN
     210  340
     ...
    .PEN_UP
    .DT 100
    .PEN_DOWN
     ...

The segment names its strokes and its label; the comment repeats the label, then come the writer
and the writer's count.
"""

import re

from model.data.labelled_strokes import LabelledDrawing
from model.errors import DatasetError

PAD_HEIGHT = 500
"""The tablet's box was 500 by 500, and its y grew upwards."""

_SEGMENT = re.compile(r'\.SEGMENT\s+DIGIT\s+[\d\-,:]+\s+\S+\s+"([0-9])"')
_COMMENT = re.compile(r"\.COMMENT\s+[0-9]\s+(\d{1,4})\s+\d+")
_POINT = re.compile(r"(-?\d{1,6})\s+(-?\d{1,6})")

_Stroke = list[tuple[float, float]]


def read_unipen(text: str, *, name: str) -> list[LabelledDrawing]:
    """Read the digits of a UNIPEN text.

    Keywords that neither begin nor end a digit or a stroke are skipped, and nothing that the text
    includes is opened.

    Args:
        text: The whole file.
        name: Names the file in messages.

    Returns:
        The digits in the file's order, y down; digits without points are left out.

    Raises:
        DatasetError: If a line is not valid; the message names it.
    """
    digits: list[_Digit] = []
    stroke: _Stroke | None = None
    for number, line in enumerate(map(str.strip, text.splitlines()), 1):
        if line.startswith(".SEGMENT"):
            digits.append(_Digit(_matched(_SEGMENT, line, number, name)[1]))
            stroke = None
        elif line.startswith(".PEN_DOWN") and digits:
            stroke = []
            digits[-1].strokes.append(stroke)
        elif line.startswith(".PEN_UP"):
            stroke = None
        elif line.startswith(".COMMENT") and digits:
            digits[-1].add_comment(line)
        elif stroke is not None and line and not line.startswith("."):
            point = _matched(_POINT, line, number, name)
            stroke.append((int(point[1]), PAD_HEIGHT - int(point[2])))
    return [digit.drawing() for digit in digits if any(digit.strokes)]


class _Digit:
    """A digit while its lines are read."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.writer = ""
        self.strokes: list[_Stroke] = []

    def add_comment(self, line: str) -> None:
        """Take the writer from the comment; other comments are skipped."""
        comment = _COMMENT.fullmatch(line)
        if comment is not None:
            # Padded, so that writers sort in the order of their numbers.
            self.writer = comment[1].zfill(4)

    def drawing(self) -> LabelledDrawing:
        strokes = [stroke for stroke in self.strokes if stroke]
        return LabelledDrawing(label=int(self.label), strokes=strokes, writer=self.writer)


def _matched(pattern: re.Pattern[str], line: str, number: int, name: str) -> re.Match[str]:
    found = pattern.fullmatch(line)
    if found is None:
        raise DatasetError(
            f"Line {number} of {name} is not what a pen trajectory holds; fetch the file again.",
            detail=line[:200],
        )
    return found
