"""A small space in which drawings that are similar to a network have the same direction.

The features of the last dense layer are thousands of numbers, most of which say the same. Their
principal axes over other people's digits are few, and to divide each by the root of its spread
(half-whitening) keeps the few largest from hiding the difference of one writer's 1 and 7.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

DIMENSIONS = 128
WHITENING = 0.5
"""Between 0, principal axes as they are, and 1, every axis spread alike."""

_SMALLEST_SPREAD = 1e-6
"""Axes with less than this fraction of the largest one's spread are dropped."""


@dataclass(frozen=True, eq=False)
class FeatureSpace:
    """Principal axes of a network's features.

    Attributes:
        centre: float32 (units,), the mean features.
        axes: float32 (units, dimensions).
    """

    centre: Array
    axes: Array

    @cached_property
    def fingerprint(self) -> bytes:
        """A fingerprint of sixteen bytes, unique to the space."""
        return hashlib.sha256(self.centre.tobytes() + self.axes.tobytes()).digest()[:16]

    def coordinates(self, features: Array) -> Array:
        """Return float32 (batch, dimensions) for features (batch, units).

        The digits that the space was fitted to have a mean squared length of 1.
        """
        # The centre is subtracted after the projection, where it is short.
        placed: Array = self._placed(features) - self._placed_centre
        return placed

    def _placed(self, features: Array) -> Array:
        if len(features) != 1:
            placed: Array = features @ self.axes
            return placed
        # Most units are 0 for a digit: their axes need not be fetched from memory.
        is_active = np.flatnonzero(features[0])
        few: Array = features[:, is_active] @ self.axes[is_active]
        return few

    @cached_property
    def _placed_centre(self) -> Array:
        centre: Array = self.centre @ self.axes
        return centre


def fitted_space(features: Array) -> FeatureSpace:
    """Find the axes along which digits differ.

    Args:
        features: float32 (digits, units); some hundred digits suffice.

    Returns:
        A space of at most `DIMENSIONS` axes.
    """
    centre = features.mean(axis=0)
    centred = features - centre
    # The digits are fewer than the units: their inner products have the same spreads.
    spreads, weights = np.linalg.eigh((centred @ centred.T).astype(np.float64))
    kept = np.flatnonzero(spreads > _SMALLEST_SPREAD * spreads[-1])[::-1][:DIMENSIONS]
    axes = centred.T @ (weights[:, kept] / np.sqrt(spreads[kept]))  # (units, dimensions)
    axes *= (spreads[kept] / len(features)) ** (-WHITENING / 2)
    lengths = np.square(centred @ axes).sum(axis=1)
    axes /= np.sqrt(max(float(lengths.mean()), np.finfo(np.float32).tiny))
    return FeatureSpace(centre.astype(np.float32), axes.astype(np.float32))


def directions(coordinates: Array) -> Array:
    """Return coordinates (batch, dimensions) at length 1, so that products are cosines."""
    lengths = np.linalg.norm(coordinates, axis=1, keepdims=True)
    unit: Array = coordinates / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit
