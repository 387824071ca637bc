"""Drawings in files: strokes as JSON, and SVG. No Qt.

The JSON is one line, `{"strokes": [[[x, y], …], …], …}`, so `digitpad recognize --strokes` reads it
as well. Pressures and pen widths stand beside the strokes and are optional.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from app.drawing.drawing import (
    EVEN_PRESSURE,
    Drawing,
    Points,
    Stroke,
    bounds_of,
    curve_controls,
    width_factor,
)
from model.data.stroke_files import too_much
from model.errors import StrokesError
from model.files.regular_files import read_regular
from model.files.text import without_bom

MAX_FILE_BYTES = 64 << 20
"""A larger strokes file was not made by hand."""

_Pair = tuple[float, float]


class SavedStrokes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of a strokes file.

    Attributes:
        strokes: Each a list of [x, y], y down, in any unit.
        pressures: For each stroke one number per point, in [0, 1]; may be missing.
        pen_widths: For each stroke its width in the unit of the points; may be missing.
    """

    strokes: list[list[_Pair]]
    pressures: list[list[float]] = []
    pen_widths: list[float] = []


def encode_strokes(strokes: Sequence[Stroke]) -> bytes:
    """Return strokes as one line of UTF-8 JSON; the origin is the drawing's top left corner."""
    bounds = bounds_of([stroke.points for stroke in strokes]) or (0.0, 0.0, 0.0, 0.0)
    has_pressure = any(stroke.has_pressure for stroke in strokes)
    row = SavedStrokes(
        strokes=[np.round(stroke.points - bounds[:2], 2).tolist() for stroke in strokes],
        pressures=[np.round(s.pressures, 3).tolist() for s in strokes] if has_pressure else [],
        pen_widths=[round(stroke.pen_width, 2) for stroke in strokes],
    )
    return msgspec.json.encode(row) + b"\n"


def decode_strokes(data: bytes) -> SavedStrokes:
    """Read the first row of a strokes file.

    Raises:
        StrokesError: If it is not JSON, holds no strokes or too many, or pressures do not fit their
            strokes.
    """
    line = next((line for line in data.splitlines() if line.strip()), b"")
    # A file indented by hand has its row on many lines.
    row = data if line.strip() in (b"{", b"") else line
    try:
        saved = msgspec.json.decode(row, type=SavedStrokes)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise StrokesError(
            'This is not a strokes file: expected {"strokes": [[[x, y], …], …]} on its first line.',
            detail=str(error),
        ) from error
    if not any(saved.strokes):
        raise StrokesError("This strokes file holds no strokes; draw something and save it again.")
    if complaint := too_much(saved.strokes):
        raise StrokesError(f"This strokes file {complaint}.")
    return saved


def load_strokes(path: Path) -> SavedStrokes:
    """Read the first row of a strokes file.

    Raises:
        StrokesError: If the file can't be read, is too large, or holds no strokes.
    """
    try:
        data = read_regular(path, max_bytes=MAX_FILE_BYTES)
    except OSError as error:
        raise StrokesError(f"{path.name} can't be read: {error.strerror}.") from error
    return decode_strokes(without_bom(data))


def pressures_of(saved: SavedStrokes) -> list[np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Return float64 (points,) in [0, 1] for each stroke; even pressure if none fits."""
    pressures = []
    for index, stroke in enumerate(saved.strokes):
        row = saved.pressures[index] if index < len(saved.pressures) else []
        fits = len(row) == len(stroke) and bool(np.isfinite(row).all())
        values = np.clip(row, 0, 1) if fits else np.full(len(stroke), EVEN_PRESSURE)
        pressures.append(values.astype(np.float64))
    return pressures


def encode_svg(drawing: Drawing) -> bytes:
    """Return a drawing's strokes as an SVG file, black on transparent, cut to the drawing."""
    margin = max((stroke.pen_width for stroke in drawing.strokes), default=1.0)
    bounds = bounds_of([stroke.points for stroke in drawing.strokes]) or (0.0, 0.0, 1.0, 1.0)
    left, top = bounds[0] - margin, bounds[1] - margin
    width, height = bounds[2] - left + margin, bounds[3] - top + margin
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="{left:.1f} {top:.1f} {width:.1f} {height:.1f}" '
        f'width="{width:.0f}" height="{height:.0f}">',
        '<g fill="none" stroke="#000" stroke-linecap="round" stroke-linejoin="round">',
        *(line for stroke in drawing.strokes for line in _svg_paths(stroke)),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines).encode() + b"\n"


def _svg_paths(stroke: Stroke) -> list[str]:
    """A stroke of even width is one path; where pressure changes the width, each segment is one."""
    if not stroke.has_pressure or len(stroke.points) < 2:
        return [_svg_path(_smooth_path(stroke.points), stroke.pen_width)]
    widths = stroke.pen_width * width_factor(stroke.pressures)
    return [
        _svg_path(_smooth_path(stroke.points[i : i + 2]), (widths[i] + widths[i + 1]) / 2)
        for i in range(len(stroke.points) - 1)
    ]


def _svg_path(commands: str, width: float) -> str:
    return f'<path d="{commands}" stroke-width="{width:.1f}"/>'


def _smooth_path(points: Points) -> str:
    first = f"M{points[0, 0]:.1f} {points[0, 1]:.1f}"
    if len(points) == 1:
        return f"{first}h0"
    curves = np.concatenate([curve_controls(points), points[1:, np.newaxis]], axis=1)
    return first + "".join(
        f"C{' '.join(f'{x:.1f} {y:.1f}' for x, y in curve)}" for curve in curves.tolist()
    )
