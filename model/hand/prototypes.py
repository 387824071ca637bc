"""Prototypes: a drawing that is like one of the user's own is more likely what that one was.

The nearest own example of each class in feature space adds a bonus to that class's log
probability, from nothing at a threshold of their cosine to the whole at the example itself, as
caches of examples do for large networks (R. Zhang and others, "Tip-Adapter", ECCV 2022). It needs
no training, so the next drawing knows already, and to take an example away is to forget it.

An example reaches no further than it does no harm, as the spheres of a restricted Coulomb energy
network shrink (D. Reilly, L. Cooper, C. Elbaum, "A neural model for category learning", Biological
Cybernetics 45, 1982): other people's digits keep their answer, and what is no digit stays
doubtful. As each class's bonus is that of one example, what holds for each holds for all.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from model.hand.feature_space import Array
from model.hand.teachable_network import Reference
from model.metadata import VerdictThresholds

Indices = npt.NDArray[np.int64]

GAIN = 0.93
"""The whole bonus, in typical margins of the network: more could turn what is certain."""

LEAST_COSINE = 0.42
"""Where the bonus begins, with up to ten examples."""

COSINE_PER_DOUBLING = 0.05
"""How much nearer it begins with twice as many: the nearest of many is near."""

FEW = 10
NEAREST_REACH = 0.99
"""No example's reach ends nearer to it, so that the same drawing again is always known."""

HARMLESS = 0.12
"""Part of what would turn another person's answer that a bonus may amount to there."""

SAME = 0.999
"""Cosine from which two drawings are the same one: what was said of it last counts."""


@dataclass(frozen=True, eq=False)
class Prototypes:
    """Own examples of a network's classes.

    Attributes:
        whole_bonus: The bonus at an example itself.
        directions: float32 (examples, dimensions), of length 1.
        classes: int64 (examples,).
        least_cosines: float32 (examples,), where each one's harmless reach ends.
        ids: int64 (examples,), unique.
    """

    whole_bonus: float
    directions: Array
    classes: npt.NDArray[np.int64]
    least_cosines: Array
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
    """Makes prototypes that harm nobody.

    Attributes:
        empty: No prototypes at all.
    """

    def __init__(self, reference: Reference, verdicts: VerdictThresholds) -> None:
        """Prepare what each example is held against.

        Args:
            reference: What the network makes of other people's digits, and of what is none.
            verdicts: Of the network.
        """
        whole = GAIN * reference.typical_margin
        dimensions = reference.space.axes.shape[1]
        self.empty = Prototypes(
            whole_bonus=whole,
            directions=np.empty((0, dimensions), np.float32),
            classes=np.empty(0, np.int64),
            least_cosines=np.empty(0, np.float32),
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
    ) -> Prototypes:
        """Return prototypes with more examples; the later of two that are the same one counts.

        Args:
            prototypes: Those so far.
            directions: float32 (added, dimensions), of length 1.
            classes: int64 (added,).
            ids: int64 (added,).
        """
        everything = replace(
            prototypes,
            directions=np.concatenate([prototypes.directions, directions]),
            classes=np.concatenate([prototypes.classes, classes]),
            least_cosines=np.concatenate(
                [prototypes.least_cosines, self._least_cosines(directions, classes)]
            ),
            ids=np.concatenate([prototypes.ids, ids]),
        )
        contradicted = _is_contradicted(everything, first_new=len(prototypes))
        return everything.chosen(~contradicted) if contradicted.any() else everything

    def _least_cosines(self, directions: Array, classes: npt.NDArray[np.int64]) -> Array:
        """Return where each example's reach has to end: float32 (examples,)."""
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
    """Return how much each class lacks to an answer without doubt: float32 (others, classes).

    Infinite where the network has no doubt even without a hand.
    """
    limit = np.log(max(unsure_below, 1e-6) / max(1 - unsure_below, 1e-6))
    likely = np.minimum(np.exp(log_probabilities), 1 - 1e-6)
    doubts = limit - (log_probabilities - np.log1p(-likely))
    doubts[doubts <= 0] = np.inf
    found: Array = doubts.astype(np.float32)
    return found


def _is_contradicted(prototypes: Prototypes, *, first_new: int) -> npt.NDArray[np.bool_]:
    """Whether something else was said later of the same drawing, for each example: (examples,)."""
    cosines = prototypes.directions @ prototypes.directions[first_new:].T  # (examples, added)
    classes = prototypes.classes
    is_other = classes[:, np.newaxis] != classes[np.newaxis, first_new:]
    is_later = np.arange(len(classes))[:, np.newaxis] < np.arange(first_new, len(classes))
    contradicted: npt.NDArray[np.bool_] = (is_other & is_later & (cosines >= SAME)).any(axis=1)
    return contradicted
