"""The head: a last layer learnt from own examples, regularised towards the network's own.

W. Kienzle and K. Chellapilla ("Personalized handwriting recognition via biased regularization",
ICML 2006) regularise towards the weights that everybody shares instead of towards zero. Here that
is a ridge regression in the network's feature space: the targets of own examples raise their class
and lower the network's answer, those of other people's digits are 0, and the solution has
a closed form, with every leave-one-out answer beside it (D. Allen's PRESS, 1974).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.hand.feature_space import Array
from model.hand.teachable_network import Reference, Seen

STRENGTH = 1.9
"""Target change of the logits for an entirely wrong example, in typical margins of the network."""

HELD_BY_OTHERS = 0.3
"""Weight of another person's digit, whose target change is 0; an own example has 1."""

HELD_BY_ITSELF = 1.0
"""Weight of the penalty on every change."""

HARMLESS = 0.25
"""Largest fraction of another person's margin that a head may remove."""

_BIAS = 0.3
"""The constant coordinate, on the scale of the others, whose squares add up to 1."""


@dataclass(frozen=True, eq=False)
class Head:
    """A change of the last layer.

    Attributes:
        weights: float32 (dimensions + 1, classes); the last row belongs to the bias.
    """

    weights: Array

    def shifts(self, coordinates: Array) -> Array:
        """Return what to add to log probabilities (batch, classes), for (batch, dimensions)."""
        shifts: Array = _with_bias(coordinates) @ self.weights
        return shifts


@dataclass(frozen=True, eq=False)
class LearntHead:
    """A head, and the leave-one-out answers of its examples.

    Attributes:
        head: Learnt from all examples.
        shifts_without_itself: float32 (examples, classes), by a head learnt from all others.
    """

    head: Head
    shifts_without_itself: Array


def learn_head(seen: Seen, classes: npt.NDArray[np.int64], reference: Reference) -> LearntHead:
    """Learn a head.

    Args:
        seen: The network's features and answers for the examples, at least one.
        classes: int64 (examples,), their classes.
        reference: The network's features and answers for other people's digits.
    """
    own = _with_bias(seen.coordinates).astype(np.float64)  # (examples, d)
    others = _with_bias(reference.digits.coordinates).astype(np.float64)
    truth = np.eye(seen.log_probabilities.shape[1])[classes]
    wanted = STRENGTH * reference.typical_margin * (truth - np.exp(seen.log_probabilities))
    precision = own.T @ own + HELD_BY_OTHERS * (others.T @ others)
    precision += HELD_BY_ITSELF * np.eye(len(precision))
    solved = np.linalg.solve(precision, own.T)  # (d, examples)
    weights = solved @ wanted
    # The leverage: how much each example decides its own answer, always below 1.
    leverages = np.einsum("ij,ji->i", own, solved)[:, np.newaxis]
    shifts = (own @ weights - leverages * wanted) / (1 - leverages)
    scale = _harmless_scale(others @ weights, reference)
    return LearntHead(
        Head((scale * weights).astype(np.float32)), (scale * shifts).astype(np.float32)
    )


def encode_head(head: Head, reference: Reference) -> bytes:
    """Return a head as bytes, with the fingerprint of its feature space."""
    return reference.space.fingerprint + head.weights.astype("<f4").tobytes()


def decode_head(data: bytes | None, reference: Reference, classes: int) -> Head | None:
    """Read a head; None if there is none, or it is of another feature space."""
    fingerprint = reference.space.fingerprint
    size = (reference.space.axes.shape[1] + 1) * classes
    if data is None or not data.startswith(fingerprint) or len(data) != len(fingerprint) + 4 * size:
        return None
    weights = np.frombuffer(data[len(fingerprint) :], "<f4").reshape(-1, classes)
    return Head(weights.astype(np.float32))


def _harmless_scale(shifts: npt.NDArray[np.float64], reference: Reference) -> float:
    """Return the factor on a head with which it changes no answer to other people's digits.

    Args:
        shifts: float64 (digits, classes), what the head adds to other people's digits.
        reference: The network's features and answers for these digits.

    Returns:
        In [0, 1].
    """
    digits = np.arange(len(shifts))
    gained = shifts - shifts[digits, reference.labels][:, np.newaxis]
    margins = reference.margins  # (digits, classes)
    with np.errstate(divide="ignore", invalid="ignore"):
        scales = np.where(gained > 0, HARMLESS * margins / gained, np.inf)
    return min(1.0, float(scales.min()))


def _with_bias(coordinates: Array) -> Array:
    constant = np.full((len(coordinates), 1), _BIAS, np.float32)
    return np.concatenate([coordinates, constant], axis=1)
