"""Whether a learnt head may be used: it is measured on own digits and on other people's."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.hand.feature_space import Array
from model.hand.head import Head, LearntHead
from model.hand.prototypes import Prototypes
from model.hand.teachable_network import Reference, Seen
from model.metrics import calibration_error

MOST_WRONG_MORE = 1
"""Other people's digits that may become wrong."""

MOST_CALIBRATION_LOST = 0.001
"""How much worse the calibration error of other people's digits may become."""

LOSS_GAINED = 0.05
"""Least fall of the mean loss, as a fraction, where as many own digits are right as before."""


@dataclass(frozen=True)
class Figures:
    """The quality of the answers to a set of digits.

    Attributes:
        digits: How many there are.
        wrong: How many are answered wrongly.
        loss: Mean cross-entropy, in nats.
        calibration: Expected calibration error, in [0, 1].
    """

    digits: int
    wrong: int
    loss: float
    calibration: float

    @classmethod
    def of(cls, log_probabilities: Array, labels: npt.NDArray[np.int64]) -> "Figures":
        """Measure answers, float32 (digits, classes), against labels, int64 (digits,)."""
        if not len(labels):
            return cls(0, 0, 0.0, 0.0)
        found = log_probabilities.argmax(axis=1)
        confidences = np.exp(log_probabilities.max(axis=1)).astype(np.float32)
        likelihoods = log_probabilities[np.arange(len(labels)), labels]
        return cls(
            digits=len(labels),
            wrong=int((found != labels).sum()),
            loss=-float(likelihoods.mean()),
            calibration=calibration_error(confidences, found == labels),
        )


@dataclass(frozen=True)
class Judgement:
    """The effect of a learnt head, measured before it is used.

    Attributes:
        own_untaught: Own digits, by the network alone.
        own_before: Own digits, each by the prototypes of all others.
        own_after: The same, with a head learnt from all others as well.
        others_untaught: Other people's digits, by the network alone.
        others_after: The same with prototypes and head.
    """

    own_untaught: Figures
    own_before: Figures
    own_after: Figures
    others_untaught: Figures
    others_after: Figures

    @property
    def is_better_for_own(self) -> bool:
        """Whether fewer own digits are wrong, or as many and the answers are clearly surer."""
        if self.own_after.wrong != self.own_before.wrong:
            return self.own_after.wrong < self.own_before.wrong
        return self.own_after.loss < (1 - LOSS_GAINED) * self.own_before.loss

    @property
    def harms_others(self) -> bool:
        """Whether too many of other people's digits become wrong, or too badly calibrated."""
        more = self.others_after.wrong - self.others_untaught.wrong
        lost = self.others_after.calibration - self.others_untaught.calibration
        return more > MOST_WRONG_MORE or lost > MOST_CALIBRATION_LOST

    @property
    def is_accepted(self) -> bool:
        """Whether the head may be used."""
        return self.is_better_for_own and not self.harms_others

    def sentence(self) -> str:
        """Return the decision and its figures as a sentence, and what to do next."""
        own, others = self.own_after, self.others_after
        lead, verb = ("Learnt", "are") if self.is_accepted else ("Not used", "would be")
        return (
            f"{lead}: {own.wrong:,} of {own.digits:,} own drawings {verb} wrong (before:"
            f" {self.own_before.wrong:,}), and {others.wrong:,} of {others.digits:,} training"
            f" digits of other people (before: {self.others_untaught.wrong:,}). {self._advice()}"
        ).rstrip()

    def _advice(self) -> str:
        """Return what to do next; empty where there is nothing to do."""
        if self.is_accepted:
            is_surer = self.own_after.wrong == self.own_before.wrong
            return "The answers to your own are surer." if is_surer else ""
        if self.is_better_for_own:
            return (
                "It would cost other people's digits; a few more drawings of each class may help."
            )
        if not self.own_before.wrong:
            return "Your own are answered right already; there is nothing to learn from them yet."
        return "A few more drawings like those that are answered wrong may help."

    def as_row(self) -> dict[str, float]:
        """Return the figures under short names, for the history."""
        return {
            "own": self.own_after.digits,
            "own_wrong_untaught": self.own_untaught.wrong,
            "own_wrong_before": self.own_before.wrong,
            "own_wrong_after": self.own_after.wrong,
            "own_loss_before": self.own_before.loss,
            "own_loss_after": self.own_after.loss,
            "others": self.others_after.digits,
            "others_wrong_untaught": self.others_untaught.wrong,
            "others_wrong_after": self.others_after.wrong,
            "others_calibration_untaught": self.others_untaught.calibration,
            "others_calibration_after": self.others_after.calibration,
        }


def judge(
    learnt: LearntHead,
    seen: Seen,
    classes: npt.NDArray[np.int64],
    prototypes: Prototypes,
    reference: Reference,
) -> Judgement:
    """Measure the effect of a head.

    Args:
        learnt: The head, with its leave-one-out answers.
        seen: The network's features and answers for the examples.
        classes: int64 (examples,), their classes.
        prototypes: Of the same examples in the same order.
        reference: The network's features and answers for other people's digits.
    """
    untaught = seen.log_probabilities
    before = untaught + prototypes.bonuses_without_itself(untaught.shape[1])
    others = reference.digits
    return Judgement(
        own_untaught=Figures.of(untaught, classes),
        own_before=Figures.of(normalised(before), classes),
        own_after=Figures.of(normalised(before + learnt.shifts_without_itself), classes),
        others_untaught=Figures.of(others.log_probabilities, reference.labels),
        others_after=Figures.of(taught_answers(others, prototypes, learnt.head), reference.labels),
    )


def taught_answers(
    seen: Seen, prototypes: Prototypes, head: Head | None, cosines: Array | None = None
) -> Array:
    """Return the taught network's log probabilities: float32 (batch, classes).

    Args:
        seen: The network's features and answers for drawings.
        prototypes: Own examples.
        head: The learnt change of the last layer; None for none.
        cosines: float32 (batch, examples), if they are known already.
    """
    answers = seen.log_probabilities
    if len(prototypes):
        if cosines is None:
            cosines = prototypes.cosines(seen.directions)
        answers = answers + prototypes.bonuses(cosines, answers.shape[1])
    if head is not None:
        answers = answers + head.shifts(seen.coordinates)
    return normalised(answers)


def normalised(log_probabilities: Array) -> Array:
    """Return log probabilities whose probabilities add up to 1, row by row."""
    shifted = log_probabilities - log_probabilities.max(axis=1, keepdims=True)
    total: Array = np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    found: Array = (shifted - total).astype(np.float32)
    return found
