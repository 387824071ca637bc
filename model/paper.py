"""Paper and ink of a picture, told apart by the picture's own contrast.

Nothing is known beforehand: ink may be dark or light, grey or coloured, the paper lit from one
side, noisy, or transparent. Paper is taken as what there is most of, and as smooth.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.errors import PictureError

Plane = npt.NDArray[np.float32]
"""float32 (height, width)."""

LEAST_CONTRAST = 6 / 255
"""Ink that differs from its paper by less than this is not ink; in units of full brightness."""

LEAST_SIGNAL = 5.0
"""Ink stands out of the paper's noise by at least this many standard deviations."""

SURFACE_SIDE = 48
"""Longer side, in pixels, of the picture on which the light on the paper is estimated."""

BACKGROUND_SIDE = 96
"""Longer side, in pixels, of the picture on which paper is traced beneath the ink."""

BACKGROUND_WINDOW = 41
"""What is narrower than this can be ink, in pixels of `BACKGROUND_SIDE`; odd."""


def ink_levels(image: Image.Image) -> Plane:
    """Tell ink from paper.

    Args:
        image: Any mode and size.

    Returns:
        float32 (height, width) in [0, 1]: 0 where there is paper, 1 where there is full ink, with
        the grey levels of soft edges kept.

    Raises:
        PictureError: If nothing stands out of the paper, or all is transparent.
    """
    colours, alpha = _colours(image)
    if alpha is not None:
        if _is_drawn_in(alpha, colours):
            return _stretched(alpha)
        colours = _on_paper(colours, alpha)
    plane = _contrast(colours)
    return _stretched(plane - _background(plane))


def _colours(image: Image.Image) -> tuple[npt.NDArray[np.float32], Plane | None]:
    """Return float32 (height, width, 3) in [0, 1] and alpha, None where nothing is transparent."""
    if image.mode.startswith(("I", "F")):
        return _wide_greys(image), None
    if image.mode == "LAB":
        image = image.getchannel("L")
    if not image.has_transparency_data:
        return np.asarray(image.convert("RGB"), np.float32) / np.float32(255), None
    pixels = np.asarray(image.convert("RGBA"), np.float32) / np.float32(255)
    alpha = pixels[..., 3]
    if alpha.max() < LEAST_CONTRAST:
        raise PictureError("The picture is fully transparent; there is nothing to recognise.")
    is_even = alpha.max() - alpha.min() < LEAST_CONTRAST
    return pixels[..., :3], None if is_even else alpha


def _wide_greys(image: Image.Image) -> npt.NDArray[np.float32]:
    """Bring greys of more than eight bits to [0, 1] by their own range."""
    greys = np.nan_to_num(np.asarray(image, np.float64), posinf=0, neginf=0)
    low, high = float(greys.min()), float(greys.max())
    greys = (greys / 2 - low / 2) / max(high / 2 - low / 2, np.finfo(np.float64).tiny)
    return np.repeat(greys[..., np.newaxis], 3, axis=2).astype(np.float32)


def _is_drawn_in(alpha: Plane, colours: npt.NDArray[np.float32]) -> bool:
    """Whether ink lies on transparency, as drawing programs save it, and not a cut-out sheet."""
    opaque = alpha > alpha.max() / 2
    columns, rows = np.flatnonzero(opaque.any(axis=0)), np.flatnonzero(opaque.any(axis=1))
    sheet = (columns[-1] - columns[0] + 1) * (rows[-1] - rows[0] + 1)
    has_contrast = float(np.ptp(colours[opaque], axis=0).max()) > 0.25
    return not has_contrast or opaque.sum() < 0.7 * sheet


def _on_paper(colours: npt.NDArray[np.float32], alpha: Plane) -> npt.NDArray[np.float32]:
    """Lay a cut-out sheet on more of its own paper."""
    paper = np.median(colours[alpha > alpha.max() / 2], axis=0)
    share = alpha[..., np.newaxis]
    return colours * share + paper * (1 - share)


def _contrast(colours: npt.NDArray[np.float32]) -> Plane:
    """Project colours on the axis along which ink differs most from paper; ink is high.

    The light on the paper is first fitted and taken away, or a shadow would be the largest
    difference of all.
    """
    coarse = _shrunk(colours, SURFACE_SIDE)  # (height, width, 3)
    residual = (coarse - _surface(coarse)).reshape(-1, 3)
    axis = np.linalg.eigh(residual.T @ residual)[1][:, -1]
    # Ink is the smaller and stronger part: the longer tail of the distribution.
    if float(np.sum((residual @ axis) ** 3)) < 0:
        axis = -axis
    plane: Plane = (colours @ axis).astype(np.float32)
    return plane


def _surface(coarse: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Fit a smooth surface to each channel that mostly follows the paper.

    Quadratic in place, least absolute deviations by reweighting, so that ink hardly counts.

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
    return surface.reshape(coarse.shape).astype(np.float32)


def _background(plane: Plane) -> Plane:
    """Trace the paper beneath the ink: a grey-level opening with a window wider than any pen."""
    coarse = _shrunk(plane, BACKGROUND_SIDE)
    opened = _windowed(_windowed(coarse, np.min), np.max)
    size = (plane.shape[1], plane.shape[0])
    return np.asarray(Image.fromarray(opened).resize(size, Image.Resampling.BILINEAR))


def _windowed(plane: Plane, reduce: np.ufunc) -> Plane:
    """Take the least or greatest value in a square window around each pixel."""
    for axis in (0, 1):
        padding = [(0, 0), (0, 0)]
        padding[axis] = (BACKGROUND_WINDOW // 2, BACKGROUND_WINDOW // 2)
        padded = np.pad(plane, padding, mode="edge")
        windows = np.lib.stride_tricks.sliding_window_view(padded, BACKGROUND_WINDOW, axis=axis)
        plane = reduce(windows, axis=-1)
    return plane


def _shrunk(pixels: npt.NDArray[np.float32], side: int) -> npt.NDArray[np.float32]:
    """Shrink to a longer side of at most `side`; float32 (height, width) or (…, channels)."""
    height, width = pixels.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    planes = pixels[..., np.newaxis] if pixels.ndim == 2 else pixels
    shrunk = [
        np.asarray(
            Image.fromarray(np.ascontiguousarray(planes[..., channel])).resize(
                size, Image.Resampling.BOX
            )
        )
        for channel in range(planes.shape[2])
    ]
    return shrunk[0] if pixels.ndim == 2 else np.stack(shrunk, axis=-1)


def _stretched(signal: Plane) -> Plane:
    """Bring the paper to 0 and the ink to 1.

    Args:
        signal: float32 (height, width), about even where there is paper, higher where there is ink.
    """
    paper, noise = _paper_level(signal)
    threshold = ink_threshold(signal, paper, noise)
    ink = float(np.percentile(signal[signal > threshold], 75))
    floor = paper + 2 * noise
    return np.clip((signal - floor) / (ink - floor), 0, 1).astype(np.float32)


def _paper_level(signal: Plane) -> tuple[float, float]:
    """Return the paper's level and the standard deviation of its noise."""
    middle = (float(signal.min()) + float(signal.max())) / 2
    paper_pixels = signal[signal <= middle]
    paper = float(np.median(paper_pixels))
    noise = 1.4826 * float(np.median(np.abs(paper_pixels - paper)))
    return paper, noise


def ink_threshold(signal: Plane, paper: float, noise: float) -> float:
    """Return the level half way between paper and ink (Ridler and Calvard's iteration).

    Raises:
        PictureError: If nothing stands out of the paper.
    """
    least = paper + max(LEAST_CONTRAST, LEAST_SIGNAL * noise)
    threshold = (paper + float(signal.max())) / 2
    for _ in range(20):
        above = signal[signal > max(threshold, least)]
        if not len(above):
            raise PictureError(
                "Nothing on the picture stands out of its background;"
                " take one with more contrast between ink and paper."
            )
        previous, threshold = threshold, (paper + float(above.mean())) / 2
        if abs(threshold - previous) < 1e-4:
            break
    return max(threshold, least)
