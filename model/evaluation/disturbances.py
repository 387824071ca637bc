"""Ways to disturb a drawing: turned, slanted, shaken, blurred or cut.

Strokes are changed as vectors and drawn again; what happens to the image alone (size, shift, noise,
blur, contrast, cover) is done to the 28x28 ink image. Each way is a row of `DISTURBANCES`, which
the window, the command line and the tests read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from model.ink import INK_SIZE, PEN_WIDTH, InkImage, Strokes, ink_from_strokes, stroke_points

PEN = "pen"

Points = list[npt.NDArray[np.float64]]
Random = np.random.Generator
ChangeStrokes = Callable[[Points, float, Random], Points]
ChangeInk = Callable[[InkImage, float, Random], InkImage]


@dataclass(frozen=True)
class Disturbance:
    """One way to change a drawing, by an amount.

    Attributes:
        name: On the command line and in JSON.
        title: On the screen.
        unit: Of the amount, as written after it.
        amounts: Amounts at which accuracy is measured, in increasing order; one of them is
            `neutral`.
        neutral: The amount that changes nothing.
        strokes: Changes strokes; None if the image is changed.
        ink: Changes the ink image; None if strokes are changed.
    """

    name: str
    title: str
    unit: str
    amounts: tuple[float, ...]
    neutral: float = 0.0
    strokes: ChangeStrokes | None = None
    ink: ChangeInk | None = None

    @property
    def kind(self) -> Literal["strokes", "ink"]:
        """What it changes."""
        return "strokes" if self.strokes is not None else "ink"

    @property
    def moves_strokes(self) -> bool:
        """Whether the strokes themselves move, rather than the pen that draws them."""
        return self.strokes is not None and self.name != PEN

    def label(self, amount: float) -> str:
        """Return an amount with its unit, such as "31°"."""
        return f"{amount:.3g}{self.unit}".replace("-", "−")


def changed_strokes(disturbance: Disturbance, strokes: Strokes, amount: float) -> Points:
    """Return strokes that are changed by an amount, in their own units and about their own middle.

    Args:
        disturbance: One that changes strokes.
        strokes: Each (points, 2), y down.
        amount: How much, in the disturbance's unit.

    Returns:
        The strokes as arrays; unchanged if the disturbance changes the image or the pen alone.

    Raises:
        StrokesError: If a stroke is not (points, 2) or not finite.
    """
    arrays = [points for points in map(stroke_points, strokes) if len(points)]
    if not arrays or disturbance.strokes is None:
        return arrays
    everything = np.concatenate(arrays)
    low, extent = everything.min(axis=0), np.ptp(everything, axis=0)
    scale = float(extent.max()) or 1.0
    middle = low + extent / 2
    random = np.random.default_rng(0)
    changed = disturbance.strokes(points_of(arrays), amount, random)
    return [points * scale + middle for points in changed]


def points_of(strokes: Strokes) -> Points:
    """Return strokes as arrays, moved and scaled so that the longer side of their box is 1.

    Raises:
        StrokesError: If a stroke is not (points, 2) or not finite.
    """
    arrays = [points for points in map(stroke_points, strokes) if len(points)]
    if not arrays:
        return []
    everything = np.concatenate(arrays)
    low, extent = everything.min(axis=0), np.ptp(everything, axis=0)
    scale = float(extent.max()) or 1.0
    return [(points - low - extent / 2) / scale for points in arrays]


def _rotated(points: Points, degrees: float, _random: Random) -> Points:
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return [stroke @ turn for stroke in points]


def _slanted(points: Points, degrees: float, _random: Random) -> Points:
    shear = np.tan(np.deg2rad(degrees))
    return [
        np.column_stack((stroke[:, 0] - shear * stroke[:, 1], stroke[:, 1])) for stroke in points
    ]


def _stretched(points: Points, factor: float, _random: Random) -> Points:
    return [stroke * (factor, 1.0) for stroke in points]


def _trembled(points: Points, amplitude: float, random: Random) -> Points:
    """Add tremor: noise along each stroke, smoothed over a tenth of the digit's height."""
    return [stroke + amplitude / 100 * _smooth_noise(stroke, random) for stroke in points]


def _smooth_noise(stroke: npt.NDArray[np.float64], random: Random) -> npt.NDArray[np.float64]:
    """Return noise (points, 2) of standard deviation 1 that changes over a tenth of the height."""
    steps = np.hypot(*np.diff(stroke, axis=0).T) if len(stroke) > 1 else np.zeros(0)
    way = np.concatenate(([0.0], np.cumsum(steps)))  # (points,)
    knots = np.arange(0, way[-1] + 0.2, 0.1)
    noise = random.standard_normal((len(knots), 2))
    return np.column_stack([np.interp(way, knots, noise[:, axis]) for axis in (0, 1)])


def _without_start(points: Points, percent: float, _random: Random) -> Points:
    return _cut([stroke[::-1] for stroke in points[::-1]], percent)


def _without_end(points: Points, percent: float, _random: Random) -> Points:
    return _cut(points, percent)


def _cut(points: Points, percent: float) -> Points:
    """Keep the first part of a drawing, by the length of its strokes."""
    lengths = [_length(stroke) for stroke in points]
    left = sum(lengths) * (1 - percent / 100)
    kept: Points = []
    for stroke, length in zip(points, lengths, strict=True):
        if left <= 0 and kept:
            break
        kept.append(stroke if length <= left else _beginning(stroke, left))
        left -= length
    return kept


def _length(stroke: npt.NDArray[np.float64]) -> float:
    return float(np.hypot(*np.diff(stroke, axis=0).T).sum()) if len(stroke) > 1 else 0.0


def _beginning(stroke: npt.NDArray[np.float64], length: float) -> npt.NDArray[np.float64]:
    way = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))))
    count = int(np.searchsorted(way, length, side="right"))
    end = [np.interp(length, way, stroke[:, axis]) for axis in (0, 1)]
    return np.vstack([stroke[:count], end])


def _resized(ink: InkImage, percent: float, _random: Random) -> InkImage:
    """Enlarge or shrink an ink image about its middle; what leaves it is cut off."""
    middle, step = INK_SIZE / 2, 100 / percent
    start = middle - middle * step
    picture = Image.fromarray(ink).transform(
        (INK_SIZE, INK_SIZE),
        Image.Transform.EXTENT,
        (start, start, start + INK_SIZE * step, start + INK_SIZE * step),
        Image.Resampling.BICUBIC,
    )
    resized: InkImage = np.clip(np.asarray(picture, np.float32), 0, 1)
    return resized


def _shifted(ink: InkImage, pixels: float, _random: Random) -> InkImage:
    """Move an ink image to the right, between pixels by linear interpolation; paper comes in."""
    whole = int(np.floor(pixels))
    fraction = np.float32(pixels - whole)
    moved: InkImage = (1 - fraction) * _moved(ink, whole) + fraction * _moved(ink, whole + 1)
    return moved


def _moved(ink: InkImage, columns: int) -> InkImage:
    moved = np.zeros_like(ink)
    if columns >= 0:
        moved[:, columns:] = ink[:, : ink.shape[1] - columns]
    else:
        moved[:, :columns] = ink[:, -columns:]
    return moved


def _noisy(ink: InkImage, percent: float, random: Random) -> InkImage:
    noise = random.standard_normal(ink.shape).astype(np.float32)
    noisy: InkImage = np.clip(ink + np.float32(percent / 100) * noise, 0, 1)
    return noisy


def _blurred(ink: InkImage, pixels: float, _random: Random) -> InkImage:
    picture = Image.fromarray(np.rint(ink * 255).astype(np.uint8))
    grey = np.asarray(picture.filter(ImageFilter.GaussianBlur(pixels)), np.float32)
    blurred: InkImage = grey / np.float32(255)
    return blurred


def _faded(ink: InkImage, percent: float, _random: Random) -> InkImage:
    faded: InkImage = ink * np.float32(percent / 100)
    return faded


def _covered(ink: InkImage, percent: float, random: Random) -> InkImage:
    """Cover a square of the image with paper, at a random place on the digit's box."""
    side = round(float(np.sqrt(percent / 100)) * 20)
    covered: InkImage = ink.copy()
    if side:
        top, left = random.integers(4, 24 - side + 1, 2)
        covered[top : top + side, left : left + side] = 0
    return covered


def _unchanged(points: Points, _amount: float, _random: Random) -> Points:
    return points


DISTURBANCES: dict[str, Disturbance] = {
    row.name: row
    for row in (
        Disturbance("rotation", "Rotation", "°", tuple(range(-60, 61, 10)), strokes=_rotated),
        Disturbance("slant", "Slant", "°", tuple(range(-50, 51, 10)), strokes=_slanted),
        Disturbance(
            "width",
            "Width",
            "×",
            (0.3, 0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 3.0),
            neutral=1.0,
            strokes=_stretched,
        ),
        Disturbance(
            "tremor", "Tremor", " % of the height", (0, 1, 2, 3, 4, 6, 8), strokes=_trembled
        ),
        Disturbance(
            "missing-start",
            "Missing start",
            " %",
            (0, 5, 10, 15, 20, 30, 40),
            strokes=_without_start,
        ),
        Disturbance(
            "missing-end", "Missing end", " %", (0, 5, 10, 15, 20, 30, 40), strokes=_without_end
        ),
        # The pen alone changes: `disturbed_ink` draws with it.
        Disturbance(
            PEN,
            "Pen width",
            " px",
            (1.0, 1.5, 2.0, PEN_WIDTH, 3.0, 3.5, 4.0, 5.0, 6.0),
            neutral=PEN_WIDTH,
            strokes=_unchanged,
        ),
        Disturbance(
            "size",
            "Size",
            " %",
            (40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140),
            neutral=100.0,
            ink=_resized,
        ),
        Disturbance("shift", "Shift", " px", (-6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6), ink=_shifted),
        Disturbance("noise", "Noise", " %", (0, 5, 10, 20, 30, 40, 60), ink=_noisy),
        Disturbance("blur", "Blur", " px", (0, 0.5, 1, 1.5, 2, 2.5, 3), ink=_blurred),
        Disturbance(
            "contrast", "Contrast", " %", (5, 10, 20, 30, 50, 75, 100), neutral=100.0, ink=_faded
        ),
        Disturbance("cover", "Covered", " %", (0, 2, 5, 10, 15, 25, 40), ink=_covered),
    )
}
"""Every way to change a drawing, in the order in which they are shown."""


def disturbed_ink(
    disturbance: Disturbance, points: Points, ink: InkImage, amount: float, seed: int = 0
) -> InkImage:
    """Return the ink image of a drawing that is changed by an amount.

    Args:
        disturbance: What changes.
        points: The drawing's strokes, as `points_of` returns them; empty if it has none.
        ink: Its ink image, float32 (28, 28), which an unchanged drawing keeps.
        amount: How much, in the disturbance's unit.
        seed: Of the noise in tremor, noise and cover.
    """
    if amount == disturbance.neutral:
        return ink
    random = np.random.default_rng(seed)
    if disturbance.ink is not None:
        return disturbance.ink(ink, amount, random)
    if disturbance.strokes is None or not points:
        return ink
    pen = amount if disturbance.name == PEN else PEN_WIDTH
    return ink_from_strokes(disturbance.strokes(points, amount, random), pen_width=pen)
