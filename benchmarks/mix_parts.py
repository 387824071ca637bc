"""The bundled mix by source, with the validation split that all experiments share.

Each source is split by itself, so that the validation split always holds pen strokes of unseen
writers. Choices are made by this split.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.data.bundled_data import BUILT_IN_DIGITS, NON_DIGITS, PEN_COPIES, PICTURES
from model.data.datasets import Dataset, load_dataset
from model.data.pen_digits import read_pen_drawings
from model.data.published_data import PEN_DIGITS, locate
from model.recipes import RECIPES

SOURCES = ("mnist", "pen digits", "built-in strokes", "non-digits", "pictures")
SEED = RECIPES["bundled"].seed

RUNS = Path(__file__).resolve().parents[1] / "runs"

HELD_OUT_FRACTIONS = (0.05, 0.13, 0.05, 0.05, 0.05)
"""Fraction of each source's groups: 250 runs of scans, 30 writers, single drawings."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Mix:
    """The bundled mix.

    Attributes:
        data: Images, labels, groups.
        sources: int64 (images,), where each comes from: an index into `SOURCES`.
        is_validation: bool (images,).
    """

    data: Dataset
    sources: npt.NDArray[np.int64]
    is_validation: Mask

    def learned(self, sources: Sequence[str] = SOURCES) -> npt.NDArray[np.int64]:
        """Return the indices of the training images of some sources."""
        return np.flatnonzero(self._is_from(sources) & ~self.is_validation)

    def validation(self, sources: Sequence[str] = SOURCES) -> npt.NDArray[np.int64]:
        """Return the indices of the validation images of some sources."""
        return np.flatnonzero(self._is_from(sources) & self.is_validation)

    def _is_from(self, sources: Sequence[str]) -> Mask:
        return np.isin(self.sources, [SOURCES.index(source) for source in sources])


def load_mix() -> Mix:
    """Load the bundled mix; slow the first time, when its strokes are drawn."""
    data = load_dataset("bundled-mix", seed=SEED)
    pens = PEN_COPIES * len(read_pen_drawings(locate(PEN_DIGITS, None, None)))
    scans = len(data.train_labels) - pens - BUILT_IN_DIGITS - NON_DIGITS - PICTURES
    sources = np.repeat(
        np.arange(len(SOURCES)), [scans, pens, BUILT_IN_DIGITS, NON_DIGITS, PICTURES]
    )
    assert data.train_groups is not None
    return Mix(data, sources, validation_mask(sources, data.train_groups))


def validation_mask(sources: npt.NDArray[np.int64], groups: npt.NDArray[np.int64]) -> Mask:
    """Choose a fraction of each source's groups for validation: bool (images,)."""
    is_validation = np.zeros(len(sources), bool)
    for source in range(len(SOURCES)):
        numbers = np.unique(groups[sources == source])
        chosen = numbers[validation_groups(len(numbers), source)]
        is_validation |= (sources == source) & np.isin(groups, chosen)
    return is_validation


def validation_groups(count: int, source: int) -> npt.NDArray[np.int64]:
    """Choose which of a source's groups, counted in their order, go to validation."""
    order = np.random.default_rng([SEED, source]).permutation(count)
    return order[: round(HELD_OUT_FRACTIONS[source] * count)]


def shown(numbers: npt.NDArray[np.int64], images: int) -> npt.NDArray[np.int64]:
    """Return the indices that an epoch shows, each as often as the others or once more.

    Args:
        numbers: Indices of images, each once.
        images: Number of images in an epoch.
    """
    random = np.random.default_rng(SEED)
    rounds = -(-images // len(numbers))
    return np.concatenate([random.permutation(numbers) for _ in range(rounds)])[:images]
