"""Connected components: the separate blots of a mask."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_Indices = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Components:
    """The components of a mask, in no particular order.

    Attributes:
        areas: int (components,), pixels of each.
        boxes: int (components, 4), left, top, right, bottom of each; right and bottom exclusive.
    """

    areas: _Indices
    boxes: _Indices
    _shape: tuple[int, int]
    _rows: _Indices
    _starts: _Indices
    _ends: _Indices
    _labels: _Indices

    def __len__(self) -> int:
        return len(self.areas)

    def mask_of(self, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return bool (height, width): the pixels of the chosen ones, bool (components,)."""
        kept = chosen[self._labels]
        steps = np.zeros((self._shape[0], self._shape[1] + 1), np.int8)
        steps[self._rows[kept], self._starts[kept]] = 1
        steps[self._rows[kept], self._ends[kept]] = -1
        return np.cumsum(steps, axis=1, dtype=np.int8)[:, :-1] > 0

    def meeting(self, mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Return bool (components,): which of them have a pixel in a mask (height, width)."""
        before = np.pad(np.cumsum(mask, axis=1), ((0, 0), (1, 0)))
        counts: _Indices = before[self._rows, self._ends] - before[self._rows, self._starts]
        met = np.zeros(len(self), np.bool_)
        met[self._labels[counts > 0]] = True
        return met

    def plane(self) -> npt.NDArray[np.int32]:
        """Return int32 (height, width): each pixel's component, counted from 1; 0 if none."""
        lengths = self._ends - self._starts
        starts = self._rows * self._shape[1] + self._starts
        offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        plane = np.zeros(self._shape[0] * self._shape[1], np.int32)
        plane[np.repeat(starts, lengths) + offsets] = np.repeat(self._labels + 1, lengths)
        return plane.reshape(self._shape)


def find_components(mask: npt.NDArray[np.bool_]) -> Components:
    """Label the connected components of a mask; pixels that touch at corners are connected.

    The mask is taken as horizontal runs of pixels, and runs that touch one in the next row are
    joined: as many steps as the logarithm of the longest chain of runs, none of them in Python
    pixel by pixel.

    Args:
        mask: bool (height, width).
    """
    rows, starts, ends = _runs(mask)
    labels = _joined(len(rows), *_touching(rows, starts, ends, width=mask.shape[1]))
    count = int(labels.max()) + 1 if len(labels) else 0
    boxes = np.empty((count, 4), np.intp)
    boxes[:, :2] = max(mask.shape)
    boxes[:, 2:] = 0
    for column, values in ((0, starts), (1, rows)):
        np.minimum.at(boxes[:, column], labels, values)
    for column, values in ((2, ends), (3, rows + 1)):
        np.maximum.at(boxes[:, column], labels, values)
    areas = np.bincount(labels, weights=ends - starts, minlength=count).astype(np.intp)
    return Components(areas, boxes, (mask.shape[0], mask.shape[1]), rows, starts, ends, labels)


def _runs(mask: npt.NDArray[np.bool_]) -> tuple[_Indices, _Indices, _Indices]:
    """Return each horizontal run's row, first column, and column after the last, row by row."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded, axis=1)  # (height, width + 1)
    rows, starts = np.nonzero(steps == 1)
    ends = np.nonzero(steps == -1)[1]
    return rows, starts, ends


def _touching(
    rows: _Indices, starts: _Indices, ends: _Indices, *, width: int
) -> tuple[_Indices, _Indices]:
    """Return pairs of runs in neighbouring rows that touch, corners included."""
    # One number orders all runs; the gap of two keeps a row's end from touching the next's start.
    stride = width + 2
    first = np.searchsorted(rows * stride + ends, (rows + 1) * stride + starts, side="left")
    last = np.searchsorted(rows * stride + starts, (rows + 1) * stride + ends, side="right")
    counts = np.maximum(last - first, 0)
    upper = np.repeat(np.arange(len(rows)), counts)
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return upper, np.repeat(first, counts) + offsets


def _joined(count: int, upper: _Indices, lower: _Indices) -> _Indices:
    """Return a label from 0 for each of `count` runs, equal where pairs join them."""
    roots = np.arange(count)
    while True:
        smaller = np.minimum(roots[upper], roots[lower])
        previous = roots.copy()
        np.minimum.at(roots, previous[upper], smaller)
        np.minimum.at(roots, previous[lower], smaller)
        roots = roots[roots]
        if np.array_equal(roots, previous):
            return np.unique(roots, return_inverse=True)[1].reshape(-1)
