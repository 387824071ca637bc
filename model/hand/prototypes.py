"""Prototypes: the user's own examples make the classes of similar drawings more probable.

For each class, the user's nearest example in feature space adds a bonus to the class's log
probability. The bonus grows with their cosine: it is 0 at a threshold and largest for the example
itself, as in caches of examples for large networks (R. Zhang and others, "Tip-Adapter", ECCV 2022).
Nothing is trained, so the very next drawing is answered with it, and an example is forgotten by
removing it.

Each example has its own threshold, which is raised until the bonus changes no answer to other
people's digits and makes no non-digit certain, as the spheres of a restricted Coulomb energy
network shrink (D. Reilly, L. Cooper, C. Elbaum, "A neural model for category learning", Biological
Cybernetics 45, 1982). A class's bonus is that of a single example, so testing each example alone is
enough.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from model.hand.feature_space import Array
from model.hand.looks import LOOK_SIZE, LOOKS_LIKE
from model.hand.teachable_network import Reference
from model.metadata import VerdictThresholds

Indices = npt.NDArray[np.int64]

GAIN = 0.93
"""Largest bonus, in typical margins of the network; more might change sure answers."""

LEAST_COSINE = 0.44
"""Cosine at which the bonus begins, with up to `FEW` examples."""

COSINE_PER_DOUBLING = 0.05
"""Added to `LEAST_COSINE` each time the examples double: the nearest of many is near by chance."""

FEW = 10
NEAREST_REACH = 0.99
"""Highest threshold of an example, so that the same drawing is always recognised again."""

HARMLESS = 0.12
"""Largest bonus at another person's digit, as a fraction of what would change its answer."""

SAME = 0.999
"""Cosine from which two examples that look alike are the same drawing; the later label is right."""


@dataclass(frozen=True, eq=False)
class Prototypes:
    """The user's examples of a network's classes.

    Attributes:
        whole_bonus: The bonus at an example itself.
        directions: float32 (examples, dimensions), of length 1.
        classes: int64 (examples,).
        least_cosines: float32 (examples,), the least threshold at which each is harmless.
        looks: float32 (examples, 196), of `model.hand.looks`.
        ids: int64 (examples,), unique.
    """

    whole_bonus: float
    directions: Array
    classes: npt.NDArray[np.int64]
    least_cosines: Array
    looks: Array
    ids: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.classes)

    @cached_property
    def thresholds(self) -> Array:
        """Cosine from which each example counts, float32 (examples,)."""
        doublings = np.log2(max(len(self), FEW) / FEW)
        least = LEAST_COSINE + COSINE_PER_DOUBLING * doublings
        found: Array = np.clip(self.least_cosines, min(least, NEAREST_REACH), NEAREST_REACH)
        return found

    def cosines(self, directions: Array) -> Array:
        """Return the cosine to each example: float32 (batch, examples).

        Args:
            directions: float32 (batch, dimensions), of length 1.
        """
        found: Array = directions @ self.directions.T
        return found

    def bonuses(self, cosines: Array, classes: int) -> Array:
        """Return what to add to log probabilities: float32 (batch, classes).

        Args:
            cosines: float32 (batch, examples), what `cosines` returns.
            classes: How many classes there are.
        """
        strengths = np.maximum(cosines - self.thresholds, 0) / (1 - self.thresholds)
        bonuses: Array = self._best(strengths, classes) * np.float32(self.whole_bonus)
        return bonuses

    def look_like(self, looks: Array) -> npt.NDArray[np.bool_]:
        """Return which examples look like drawings: bool (batch, examples).

        Args:
            looks: float32 (batch, 196), of `model.hand.looks`.
        """
        found: npt.NDArray[np.bool_] = looks @ self.looks.T >= LOOKS_LIKE
        return found

    def nearest(self, cosines: Array, classes: int) -> Array:
        """Return the cosine to each class's nearest example, 0 for none: (batch, classes)."""
        return self._best(cosines, classes)

    def bonuses_without_itself(self, classes: int) -> Array:
        """Return each example's bonuses by all others: float32 (examples, classes)."""
        cosines = self.cosines(self.directions)
        np.fill_diagonal(cosines, 0)
        return self.bonuses(cosines, classes)

    def without(self, ids: npt.ArrayLike) -> "Prototypes":
        """Return these without some examples."""
        return self.chosen(~np.isin(self.ids, ids))

    def chosen(self, is_chosen: npt.NDArray[np.bool_]) -> "Prototypes":
        """Return some of these: those with a true value, bool (examples,)."""
        return replace(
            self,
            directions=self.directions[is_chosen],
            classes=self.classes[is_chosen],
            least_cosines=self.least_cosines[is_chosen],
            looks=self.looks[is_chosen],
            ids=self.ids[is_chosen],
        )

    def _best(self, values: Array, classes: int) -> Array:
        """Return each class's largest value, at least 0: float32 (batch, classes)."""
        best = np.zeros((len(values), classes), np.float32)
        if len(self):
            order, present, starts = self._by_class
            found = np.maximum.reduceat(values[:, order], starts, axis=1)
            best[:, present] = np.maximum(found, 0)
        return best

    @cached_property
    def _by_class(self) -> tuple[Indices, Indices, Indices]:
        """The examples class by class, the classes there are, and where each one's begin."""
        order = np.argsort(self.classes, kind="stable")
        present, starts = np.unique(self.classes[order], return_index=True)
        return order, present, starts


class PrototypeMaker:
    """Makes prototypes that change no other person's answers.

    Attributes:
        empty: No prototypes at all.
    """

    def __init__(self, reference: Reference, verdicts: VerdictThresholds) -> None:
        """Prepare the drawings that each example is tested on.

        Args:
            reference: Its features and answers for other people's digits and for non-digits.
            verdicts: The network's thresholds.
        """
        whole = GAIN * reference.typical_margin
        dimensions = reference.space.axes.shape[1]
        self.empty = Prototypes(
            whole_bonus=whole,
            directions=np.empty((0, dimensions), np.float32),
            classes=np.empty(0, np.int64),
            least_cosines=np.empty(0, np.float32),
            looks=np.empty((0, LOOK_SIZE), np.float32),
        )
        self._directions = np.concatenate(
            [reference.digits.directions, reference.non_digits.directions]
        )
        self._allowed = HARMLESS * np.concatenate(
            [
                reference.margins,
                _doubts(reference.non_digits.log_probabilities, verdicts.unsure_below),
            ]
        )

    def added(
        self,
        prototypes: Prototypes,
        directions: Array,
        classes: npt.NDArray[np.int64],
        ids: npt.NDArray[np.int64],
        looks: Array,
    ) -> Prototypes:
        """Return prototypes with more examples; of two of the same drawing the later one stays.

        Args:
            prototypes: Those to add to.
            directions: float32 (added, dimensions), of length 1.
            classes: int64 (added,).
            ids: int64 (added,).
            looks: float32 (added, 196), of `model.hand.looks`.
        """
        everything = replace(
            prototypes,
            directions=np.concatenate([prototypes.directions, directions]),
            classes=np.concatenate([prototypes.classes, classes]),
            least_cosines=np.concatenate(
                [prototypes.least_cosines, self._least_cosines(directions, classes)]
            ),
            looks=np.concatenate([prototypes.looks, looks]),
            ids=np.concatenate([prototypes.ids, ids]),
        )
        contradicted = _is_contradicted(everything, first_new=len(prototypes))
        return everything.chosen(~contradicted) if contradicted.any() else everything

    def _least_cosines(self, directions: Array, classes: npt.NDArray[np.int64]) -> Array:
        """Return the least threshold at which each example is harmless: float32 (examples,)."""
        whole = self.empty.whole_bonus
        cosines = directions @ self._directions.T  # (examples, others)
        allowed = self._allowed[:, classes].T
        # A bonus of whole * (cosine - least) / (1 - least) must be no more than what is allowed.
        is_bounded = allowed < whole
        room = np.where(is_bounded, whole - allowed, 1)
        needed = np.where(is_bounded, (whole * cosines - allowed) / room, -1)
        least: Array = needed.max(axis=1).astype(np.float32)
        return least


def _doubts(log_probabilities: Array, unsure_below: float) -> Array:
    """Return the bonus that would make each class a sure answer: float32 (others, classes).

    Infinite where the network is sure even without a hand.
    """
    limit = np.log(max(unsure_below, 1e-6) / max(1 - unsure_below, 1e-6))
    likely = np.minimum(np.exp(log_probabilities), 1 - 1e-6)
    doubts = limit - (log_probabilities - np.log1p(-likely))
    doubts[doubts <= 0] = np.inf
    found: Array = doubts.astype(np.float32)
    return found


def _is_contradicted(prototypes: Prototypes, *, first_new: int) -> npt.NDArray[np.bool_]:
    """Whether a later example of the same drawing has another label: bool (examples,)."""
    cosines = prototypes.directions @ prototypes.directions[first_new:].T  # (examples, added)
    is_same = (cosines >= SAME) & prototypes.look_like(prototypes.looks[first_new:]).T
    classes = prototypes.classes
    is_other = classes[:, np.newaxis] != classes[np.newaxis, first_new:]
    is_later = np.arange(len(classes))[:, np.newaxis] < np.arange(first_new, len(classes))
    contradicted: npt.NDArray[np.bool_] = (is_other & is_later & is_same).any(axis=1)
    return contradicted
