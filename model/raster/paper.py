"""Paper and ink of a picture, separated by the picture's own contrast.

Nothing is known beforehand: ink may be dark or light, grey or coloured, the paper lit from one
side, shadowed, noisy, or transparent. Several ways of separating them are tried, and the one
whose ink has the clearest outline is taken.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.errors import PictureError
from model.raster.cleaning import cleaned
from model.raster.components import find_components
from model.raster.sheets import sheet_in

Plane = npt.NDArray[np.float32]
"""float32 (height, width)."""

Colours = npt.NDArray[np.float32]
"""float32 (height, width, 3) in [0, 1]."""

LEAST_CONTRAST = 6 / 255
"""Ink differs from its paper by at least this; 1 is the full range of brightness."""

LEAST_SIGNAL = 5.0
"""Ink stands out of the paper's noise by at least this many standard deviations."""

LEAST_LIGHT = 0.2
"""Paper darker than this fraction of the brightest paper is treated as that bright."""

NOISY = 0.05
"""Standard deviation of the paper's brightness above which it is noise that hides the ink."""

SPECKS, SPECK_PIXELS, LARGEST_SPECK = 100, 3, 0.05
"""Noise: more pieces of ink than that, half of them no larger than so many pixels, and even the
largest no more than this fraction of all."""

SURFACE_SIDE = 48
"""Longer side, in pixels, of the picture on which a smooth light on the paper is fitted."""

TRACED_SIDE = 96
"""Longer side, in pixels, of the picture on which paper is traced beneath the ink."""

EVEN, SMOOTH = -1, 0
"""Instead of a window: the paper is the same everywhere, or its light changes smoothly."""

WINDOWS = {EVEN: 1.0, SMOOTH: 0.85, 41: 0.8, 25: 0.75, 15: 0.7}
"""The ways of separating paper from ink, simplest first, and the weight of each one's clarity.

A window is odd, in pixels of `TRACED_SIDE`; what is wider than it is paper or a shadow on it.
Narrow windows remove shadows, and wide ones keep fat strokes whole.
"""


@dataclass(frozen=True, eq=False)
class _View:
    """One way of separating ink from paper.

    Attributes:
        axis: float32 (3,), the direction in colour from paper to ink.
        window: One of `WINDOWS`.
    """

    axis: npt.NDArray[np.float32]
    window: int


@dataclass(frozen=True, eq=False)
class Separated:
    """A picture's ink, told from its paper.

    Attributes:
        levels: float32 (height, width) in [0, 1]: 0 where there is paper, 1 where there is full
            ink, with the grey levels of soft edges kept.
        sheet: bool (height, width), where the sheet lies that the ink is on; None where all of the
            picture is paper.
    """

    levels: Plane
    sheet: npt.NDArray[np.bool_] | None = None

    def without_table(self, image: Image.Image) -> Image.Image:
        """Return the picture, of any size, with the sheet's paper in place of the table."""
        if self.sheet is None:
            return image
        colours = image.convert("RGB")
        sheet = Image.fromarray(self.sheet).resize(image.size, Image.Resampling.NEAREST)
        is_sheet = np.asarray(sheet)
        paper = np.median(np.asarray(colours)[is_sheet], axis=0)
        red, green, blue = (round(float(each)) for each in paper)
        return Image.composite(colours, Image.new("RGB", image.size, (red, green, blue)), sheet)


def ink_levels(image: Image.Image) -> Plane:
    """Separate ink from paper; see `separated`, of which these are the levels."""
    return separated(image).levels


def separated(image: Image.Image) -> Separated:
    """Separate ink from paper.

    Args:
        image: Any mode; some hundred pixels a side are enough, and more are slow.

    Raises:
        PictureError: If nothing stands out of the paper, or all is transparent, or all is specks.
    """
    colours, alpha = _colours(image)
    if alpha is not None:
        if _is_drawn_in(alpha, colours):
            return Separated(_stretched(alpha))
        colours = _on_paper(colours, alpha)
    colours = cleaned(colours)
    levels = _clearest_levels(colours)
    sheet = sheet_in(levels > 0.5, colours.mean(axis=2))
    if sheet is not None:
        paper = np.median(colours[sheet], axis=0)
        levels = _clearest_levels(np.where(sheet[..., np.newaxis], colours, paper))
    _check_not_noise(levels)
    return Separated(levels, sheet)


def _clearest_levels(colours: Colours) -> Plane:
    """Return the levels of ink in the way that separates it most clearly."""
    trial = _smoothed(colours)
    axis = _contrast_axis(trial)
    views = [_View(sign * axis, window) for window in WINDOWS for sign in (1, -1)]
    return _stretched(_signal(colours, max(views, key=lambda view: _clarity(trial, view))))


def _noise_all_over() -> PictureError:
    return PictureError(
        "No ink can be told from the paper, which is noise all over; use a sharper picture with"
        " more contrast."
    )


def _check_not_noise(levels: Plane) -> None:
    """Refuse a picture of specks alone.

    Raises:
        PictureError: If there are many, nearly all of a few pixels, and none is large.
    """
    areas = find_components(levels > 0.5).areas
    if (
        len(areas) > SPECKS
        and np.median(areas) <= SPECK_PIXELS
        and areas.max() < LARGEST_SPECK * areas.sum()
    ):
        raise _noise_all_over()


def _colours(image: Image.Image) -> tuple[Colours, Plane | None]:
    """Return colours and alpha, None if nothing is more transparent than the rest."""
    if image.mode.startswith(("I", "F")):
        return _wide_greys(image), None
    if image.mode in ("LAB", "La"):  # Pillow has no way from these to RGB
        image = image.getchannel("L") if image.mode == "LAB" else image.convert("LA")
    if not image.has_transparency_data:
        return np.asarray(image.convert("RGB"), np.float32) / np.float32(255), None
    pixels = np.asarray(image.convert("RGBA"), np.float32) / np.float32(255)
    alpha = pixels[..., 3]
    if alpha.max() < LEAST_CONTRAST:
        raise PictureError("The picture is fully transparent; there is nothing to recognise.")
    is_even = float(np.ptp(alpha)) < LEAST_CONTRAST
    return pixels[..., :3], None if is_even else alpha


def _wide_greys(image: Image.Image) -> Colours:
    """Scale greys of more than eight bits to [0, 1] by their own range."""
    greys = np.nan_to_num(np.asarray(image, np.float64), posinf=0, neginf=0)
    low, high = float(greys.min()), float(greys.max())
    # Halved before subtracting: the difference of two finite floats can overflow.
    greys = (greys / 2 - low / 2) / max(high / 2 - low / 2, np.finfo(np.float64).tiny)
    return np.repeat(greys[..., np.newaxis], 3, axis=2).astype(np.float32)


def _is_drawn_in(alpha: Plane, colours: Colours) -> bool:
    """Whether ink lies on transparency, as drawing programs save it, and not a cut-out sheet."""
    opaque = alpha > alpha.max() / 2
    columns, rows = np.flatnonzero(opaque.any(axis=0)), np.flatnonzero(opaque.any(axis=1))
    sheet = (columns[-1] - columns[0] + 1) * (rows[-1] - rows[0] + 1)
    has_contrast = float(np.ptp(colours[opaque], axis=0).max()) > 0.25
    return not has_contrast or float(opaque.sum()) < 0.7 * sheet


def _on_paper(colours: Colours, alpha: Plane) -> Colours:
    """Place a cut-out sheet on a background of its own paper."""
    paper = np.median(colours[alpha > alpha.max() / 2], axis=0)
    opacity = alpha[..., np.newaxis]  # (height, width, 1)
    laid: Colours = colours * opacity + paper * (1 - opacity)
    return laid


def _smoothed(colours: Colours) -> Colours:
    """Average 3x3 pixels, so that noise has no outline."""
    padded = np.pad(colours, ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    smooth: Colours = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / np.float32(9)
    return smooth


def _contrast_axis(colours: Colours) -> npt.NDArray[np.float32]:
    """Return float32 (3,): the direction in colour along which ink differs most from paper.

    The light on the paper is fitted and taken away first, or it would be the largest difference.
    """
    coarse = _shrunk(colours, SURFACE_SIDE)
    residual = (coarse - _surface(coarse)).reshape(-1, 3)
    axis: npt.NDArray[np.float32] = np.linalg.eigh(residual.T @ residual)[1][:, -1]
    return axis


def _surface(coarse: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Fit a smooth surface to each channel that follows the paper and ignores the ink.

    The surface is quadratic in the position, with the least sum of absolute deviations.

    Args:
        coarse: float32 (height, width, channels).

    Returns:
        The same shape.
    """
    height, width, channels = coarse.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)
    values = coarse.reshape(-1, channels).astype(np.float64)
    # The margin is paper more often than the middle is.
    margin = np.where(np.maximum(np.abs(x), np.abs(y)) > 0.85, 2.0, 1.0).reshape(-1, 1)
    weights = margin
    for _ in range(12):
        weighted = terms * weights
        fit = np.linalg.lstsq(weighted.T @ terms, weighted.T @ values, rcond=None)[0]
        surface = terms @ fit
        weights = margin / (np.linalg.norm(values - surface, axis=1, keepdims=True) + 0.01)
    fitted: npt.NDArray[np.float32] = surface.reshape(coarse.shape).astype(np.float32)
    return fitted


def _signal(colours: Colours, view: _View) -> Plane:
    """Return float32 (height, width): about even where there is paper, higher where there is ink.

    Where the paper is lit less, its ink stands out less, too; this is compensated.
    """
    plane: Plane = colours @ view.axis
    if view.window == EVEN:
        return plane
    lightness = colours.mean(axis=2)
    sign = 1 if view.axis.sum() > 0 else -1  # ink is lighter, or darker
    paper = sign * _traced_paper(sign * lightness, view.window)
    light = np.maximum(paper / max(float(paper.max()), LEAST_CONTRAST), LEAST_LIGHT)
    signal: Plane = (plane - _traced_paper(plane, view.window)) / light
    return signal


def _traced_paper(plane: Plane, window: int) -> Plane:
    """Return float32 (height, width): the plane with its ink, the higher values, removed."""
    if window == SMOOTH:
        paper = _surface(_shrunk(plane[..., np.newaxis], SURFACE_SIDE))[..., 0]
    else:
        coarse = _shrunk(plane[..., np.newaxis], TRACED_SIDE)[..., 0]
        paper = _in_window(_in_window(coarse, np.minimum, window), np.maximum, window)
    return _resized(paper, (plane.shape[1], plane.shape[0]), Image.Resampling.BILINEAR)


def _in_window(plane: Plane, pick: np.ufunc, window: int) -> Plane:
    """Take the least or greatest value in a square window around each pixel."""
    for _ in range(2):
        padded = np.pad(plane, ((window // 2, window // 2), (0, 0)), mode="edge")
        span = 1
        while span < window:  # each round doubles the span, the last one by what is left
            step = min(span, window - span)
            padded = pick(padded[:-step], padded[step:])
            span += step
        plane = padded.T
    return plane


def _shrunk(pixels: npt.NDArray[np.float32], side: int) -> npt.NDArray[np.float32]:
    """Shrink float32 (height, width, channels) to a longer side of at most `side`."""
    height, width = pixels.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    channels = np.moveaxis(pixels, -1, 0)
    return np.stack(
        [_resized(channel, size, Image.Resampling.BOX) for channel in channels], axis=-1
    )


def _resized(plane: Plane, size: tuple[int, int], how: Image.Resampling) -> Plane:
    return np.asarray(Image.fromarray(np.ascontiguousarray(plane)).resize(size, how))


def _clarity(trial: Colours, view: _View) -> float:
    """Return how plausible the ink of a view is: sharp on all its sides, and small in area.

    The rest of a shadow, or paper taken for ink, ends in places where the picture has no
    edge. The sum of the steps over the outline counts half, so that pale ink beside darker ink
    is kept.

    Args:
        trial: The smoothed picture.
        view: The way of separating.

    Returns:
        0 or greater; negative where nothing stands out.
    """
    plane, signal = trial @ view.axis, _signal(trial, view)
    try:
        mask = signal > _ink_threshold(signal, *_paper_level(signal))
    except PictureError:
        return -1.0
    steps, outline = 0.0, 0
    for axis in (0, 1):
        crossing = np.diff(mask.astype(np.int8), axis=axis)
        steps += float((np.diff(plane, axis=axis) * crossing).sum())
        outline += int(np.abs(crossing).sum()) + int(mask.take([0, -1], axis=axis).sum())
    clarity = max(steps, 0.0) ** 1.5 / outline * (1 - float(mask.mean()))
    return float(clarity * WINDOWS[view.window])


def _stretched(signal: Plane) -> Plane:
    """Scale a signal so that paper is 0 and ink is 1.

    Args:
        signal: float32 (height, width), about even where there is paper, higher where there is ink.
    """
    paper, noise = _paper_level(signal)
    threshold = _ink_threshold(signal, paper, noise)
    ink = float(np.percentile(signal[signal > threshold], 75))
    floor = paper + 2 * noise
    levels: Plane = np.clip((signal - floor) / (ink - floor), 0, 1).astype(np.float32)
    return levels


def _paper_level(signal: Plane) -> tuple[float, float]:
    """Return the paper's level and the standard deviation of its noise."""
    middle = (float(signal.min()) + float(signal.max())) / 2
    paper_pixels = signal[signal <= middle]
    paper = float(np.median(paper_pixels))
    noise = 1.4826 * float(np.median(np.abs(paper_pixels - paper)))
    return paper, noise


def _ink_threshold(signal: Plane, paper: float, noise: float) -> float:
    """Return the level half way between paper and ink, as Ridler and Calvard find it (1978).

    Raises:
        PictureError: If nothing stands out of the paper.
    """
    least = paper + max(LEAST_CONTRAST, LEAST_SIGNAL * noise)
    threshold = (paper + float(signal.max())) / 2
    for _ in range(20):
        above = signal[signal > max(threshold, least)]
        if not len(above) and noise > NOISY:
            raise _noise_all_over()
        if not len(above):
            raise PictureError(
                "Nothing in the picture stands out from its background;"
                " use one with more contrast between ink and paper."
            )
        previous, threshold = threshold, (paper + float(above.mean())) / 2
        if abs(threshold - previous) < 1e-4:
            break
    return max(threshold, least)
