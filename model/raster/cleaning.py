"""Mending a picture before its ink is judged: salt and pepper, and paper that is half inverted.

Both would mislead the separation of paper and ink, and both differ from digits in where they
lie: specks are all over the picture, and the edge of an inverted part runs straight across it.
"""

import numpy as np
import numpy.typing as npt

from model.raster.components import find_components

Plane = npt.NDArray[np.float32]
"""float32 (height, width)."""

Colours = npt.NDArray[np.float32]
"""float32 (height, width, 3) in [0, 1]."""

Mask = npt.NDArray[np.bool_]
"""bool (height, width)."""

LEAST_CONTRAST = 0.1
"""A picture whose lightness varies by less is left as it is."""

SPECK_SIDE = 0.08
"""A blot shorter than this fraction of the picture's longer side may be a speck."""

LEAST_SPECKS = 24
CELLS = 4
LEAST_CELLS = 12
"""Fewer specks, or specks in fewer cells of a grid of 4 by 4, are dots of the picture."""

LONE = 0.2
"""A pixel is a grain of noise if less than this fraction of its neighbours have its colour."""

CLUSTER = 6
"""Largest cluster of grains that touch by chance; larger ones stay."""

EDGE_REACH = 0.02
"""Half the width of the edge of an inverted part, as a fraction of the picture's longer side."""

STRAIGHT, STRAIGHT_ON_RIM = 0.65, 0.9
"""Fraction of its length on which such an edge must be a step; ink may cover the rest."""

RIM = 0.08
"""Fraction of the height at the top and the bottom that is searched for paper, with least ink."""

LEAST_LEFT = 0.3
"""Fraction of the rows, or columns, that must have ink after a part is inverted back."""


def cleaned(colours: Colours) -> Colours:
    """Turn inverted parts back and take away salt and pepper, where there are any."""
    return without_specks(evened(evened(colours).swapaxes(0, 1)).swapaxes(0, 1))


def evened(colours: Colours) -> Colours:
    """Give all columns the same paper, where some are inverted.

    The paper of a column is the pixels at its ends. An edge between two papers is one where nearly
    all rows step from one to the other, in either direction, because ink is inverted with paper.

    Args:
        colours: float32 (height, width, 3) in [0, 1].

    Returns:
        The picture, unchanged if no part is inverted or no ink would be left: a narrow picture of
        a 1 has edges from top to bottom, too.
    """
    lightness = colours.mean(axis=2)
    depth = max(1, round(RIM * len(lightness)))
    rim = np.concatenate([lightness[:depth], lightness[-depth:]])
    papers = np.median(rim, axis=0)  # (width,)
    contrast = float(np.ptp(papers))
    if contrast < max(LEAST_CONTRAST, 0.5 * float(np.ptp(lightness))):
        return colours
    is_light = papers > (papers.min() + papers.max()) / 2
    edges = [int(edge) + 1 for edge in np.flatnonzero(is_light[1:] != is_light[:-1])]
    reach = max(1, round(EDGE_REACH * max(lightness.shape)))
    for part, least in ((lightness, STRAIGHT), (rim, STRAIGHT_ON_RIM)):
        if not all(_stepping(part, edge, reach, contrast / 2) >= least for edge in edges):
            return colours
    return _turned_back(colours, is_light, edges, reach)


def _stepping(lightness: Plane, edge: int, reach: int, least: float) -> float:
    """Return the fraction of rows that step at an edge between two columns."""
    before, after = max(0, edge - reach - 1), min(lightness.shape[1] - 1, edge + reach)
    return float((np.abs(lightness[:, after] - lightness[:, before]) > least).mean())


def _turned_back(
    colours: Colours, is_light: npt.NDArray[np.bool_], edges: list[int], reach: int
) -> Colours:
    """Invert columns, bool (width,), or the others if fewer, to give all the same paper."""
    light, dark = (np.median(colours[:, side], axis=(0, 1)) for side in (is_light, ~is_light))
    is_turned = is_light if is_light.mean() < 0.5 else ~is_light
    turned = np.where(is_turned[:, np.newaxis], light + dark - colours, colours)
    for edge in edges:
        _bridge(turned, edge - reach, edge + reach)
    paper = dark if is_turned is is_light else light
    is_ink = np.abs(turned - paper).mean(axis=2) > np.abs(light - dark).mean() / 2
    has_ink = is_ink.any(axis=1)  # (height,)
    return turned if float(has_ink.mean()) >= LEAST_LEFT else colours


def _bridge(colours: Colours, first: int, last: int) -> None:
    """Interpolate columns between their neighbours, in place."""
    before, after = max(0, first - 1), min(colours.shape[1] - 1, last)
    fraction = np.linspace(0, 1, after - before + 1, dtype=np.float32)[np.newaxis, :, np.newaxis]
    ends = colours[:, [before]] * (1 - fraction) + colours[:, [after]] * fraction
    colours[:, before : after + 1] = ends


def without_specks(colours: Colours) -> Colours:
    """Take away grains of salt and pepper.

    Args:
        colours: float32 (height, width, 3) in [0, 1].

    Returns:
        The picture, unchanged if there are few specks; else each grain has the colour of what is
        around it.
    """
    lightness = colours.mean(axis=2)
    low, high = np.percentile(lightness, (1, 99))
    if high - low < LEAST_CONTRAST:
        return colours
    is_dark = lightness < (low + high) / 2
    grain = _grain(is_dark)
    if not grain:
        return colours
    cleaner = _without_lone(_without_lone(is_dark, grain), grain)
    for _ in range(2):  # dark clusters, then light ones
        cleaner = ~_without_clusters(cleaner, CLUSTER * grain**2)
    return _refilled(colours, is_dark, cleaner, grain)


def _grain(is_dark: Mask) -> int:
    """Return the side of a grain of noise in pixels; 0 if there is no noise."""
    most = SPECK_SIDE * max(is_dark.shape)
    areas, places = [], []
    for mask in (is_dark, ~is_dark):
        found = find_components(mask)
        sides = found.boxes[:, 2:] - found.boxes[:, :2]
        is_small = sides.max(axis=1, initial=0) < most
        areas.append(found.areas[is_small])
        places.append(found.boxes[is_small, 1::-1])
    cells = np.concatenate(places) * CELLS // np.array(is_dark.shape)
    if len(cells) < LEAST_SPECKS or len(np.unique(cells, axis=0)) < LEAST_CELLS:
        return 0
    return max(1, round(float(np.sqrt(np.median(np.concatenate(areas))))))


def _without_lone(is_dark: Mask, grain: int) -> Mask:
    """Invert pixels that have hardly any of their colour around them."""
    dark = is_dark.astype(np.float32)
    own, wide = _box_mean(dark, grain), _box_mean(dark, 3 * grain)
    ring = (9 * wide - own) / 8
    return np.where(is_dark, ring >= LONE, ring > 1 - LONE)


def _without_clusters(mask: Mask, least_area: float) -> Mask:
    """Wipe small components."""
    components = find_components(mask)
    return components.mask_of(components.areas >= least_area) if len(components) else mask


def _refilled(colours: Colours, before: Mask, after: Mask, grain: int) -> Colours:
    """Give inverted pixels, and their soft edges, the mean colour of their new side nearby."""
    refilled: Colours = colours.copy()
    changed = _box_mean((before != after).astype(np.float32), 2 * (grain // 2) + 1) > 0
    for is_wanted in (after, ~after):
        stayed = (is_wanted & ~changed).astype(np.float32)
        weight = np.maximum(_box_mean(stayed, 5 * grain), 1e-6)
        for channel in range(3):
            mean = _box_mean(colours[..., channel] * stayed, 5 * grain) / weight
            refilled[..., channel][is_wanted & changed] = mean[is_wanted & changed]
    return refilled


def _box_mean(plane: Plane, window: int) -> Plane:
    """Return the mean over a square around each pixel; the rim's pixels are repeated outwards."""
    before, after = window // 2, (window - 1) // 2
    for _ in range(2):
        padded = np.pad(plane, ((before + 1, after), (0, 0)), mode="edge").astype(np.float64)
        sums = np.cumsum(padded, axis=0)
        plane = ((sums[window:] - sums[:-window]) / window).astype(np.float32).T
    return plane
