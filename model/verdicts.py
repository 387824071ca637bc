"""Verdicts on an answer: the rule that chooses one, and its words."""

from enum import Enum

import numpy as np
import numpy.typing as npt

from model.calibration import class_scores
from model.metadata import VerdictThresholds


class Verdict(str, Enum):
    """How an answer is to be understood.

    A member has its name in JSON; the window's sentence for digits; the same for other classes;
    and the line of the command line. The words are filled in with `article`, `label`, `runner_up`
    and `confidence`.
    """

    DIGIT = (
        "digit",
        "This is {article} {label}",
        "This is: {label}",
        "{label} ({confidence:.0%})",
    )
    UNSURE = (
        "unsure",
        "{label} or {runner_up}?",
        "{label} or {runner_up}?",
        "{label} ({confidence:.0%}, not sure)",
    )
    NOT_A_DIGIT = (
        "not_a_digit",
        "This does not look like a digit",
        "This does not look like anything it knows",
        "{label} ({confidence:.0%}, does not look like a digit)",
    )
    SEVERAL = (
        "several",
        "More than one digit is here",
        "More than one thing is here",
        "{label} ({confidence:.0%}, but more than one digit is there)",
    )
    EMPTY = ("empty", "Draw a digit", "Draw something", "nothing drawn")

    words_for_digits: str
    words_for_others: str
    words_for_terminal: str

    def __new__(cls, name: str, digits: str, others: str, terminal: str) -> "Verdict":
        """Make a member that is equal to its name in JSON."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.words_for_digits = digits
        member.words_for_others = others
        member.words_for_terminal = terminal
        return member

    @classmethod
    def of(
        cls, probabilities: npt.NDArray[np.float32], thresholds: VerdictThresholds, *, has_ink: bool
    ) -> "Verdict":
        """Judge an answer.

        Args:
            probabilities: float32 (classes,), calibrated.
            thresholds: The network's own.
            has_ink: Whether anything is drawn.
        """
        if not has_ink:
            return cls.EMPTY
        if not np.isfinite(probabilities).all():
            # A network may overflow for some ink; its answer then means nothing.
            return cls.UNSURE
        if class_scores(probabilities[np.newaxis]).item() < thresholds.reject_below:
            return cls.NOT_A_DIGIT
        if probabilities.max() < thresholds.unsure_below:
            return cls.UNSURE
        return cls.DIGIT

    def sentence(self, label: str = "", runner_up: str = "", *, are_digits: bool) -> str:
        """Return the window's sentence.

        Args:
            label: Name of the most probable class.
            runner_up: Name of the second most probable class; empty if none comes near, so that
                the doubt is whether it is the first at all.
            are_digits: Whether the classes are digits.
        """
        words = self.words_for_digits if are_digits else self.words_for_others
        if self is Verdict.UNSURE and not runner_up:
            words = PERHAPS_FOR_DIGITS if are_digits else PERHAPS_FOR_OTHERS
        article = "an" if label in BEGINS_WITH_VOWEL else "a"
        return words.format(article=article, label=label, runner_up=runner_up)

    def line(self, label: str, confidence: float) -> str:
        """Return the command line's answer for a class and its confidence in [0, 1]."""
        return self.words_for_terminal.format(label=label, confidence=confidence)


VERDICTS = tuple(Verdict)

BEGINS_WITH_VOWEL = ("8",)
"""The digits whose names begin with a vowel."""

PERHAPS_FOR_DIGITS, PERHAPS_FOR_OTHERS = "This is perhaps {article} {label}", "Perhaps: {label}"
"""`UNSURE` where no second class comes near: a hand makes a refused drawing no more than that."""


def verdicts_of(
    probabilities: npt.NDArray[np.float32],
    thresholds: VerdictThresholds,
    *,
    has_ink: npt.NDArray[np.bool_],
) -> npt.NDArray[np.uint8]:
    """Judge many answers at once, each as `Verdict.of` does.

    Args:
        probabilities: float32 (answers, classes), calibrated.
        thresholds: The network's own.
        has_ink: bool (answers,), whether anything is drawn.

    Returns:
        uint8 (answers,), indices of `VERDICTS`.
    """
    rules = {
        Verdict.EMPTY: ~has_ink,
        Verdict.UNSURE: ~np.isfinite(probabilities).all(axis=1),
        Verdict.NOT_A_DIGIT: class_scores(probabilities) < thresholds.reject_below,
    }
    is_sure = probabilities.max(axis=1) >= thresholds.unsure_below
    otherwise = np.where(is_sure, VERDICTS.index(Verdict.DIGIT), VERDICTS.index(Verdict.UNSURE))
    found = np.select(list(rules.values()), [VERDICTS.index(each) for each in rules], otherwise)
    verdicts: npt.NDArray[np.uint8] = found.astype(np.uint8)
    return verdicts
