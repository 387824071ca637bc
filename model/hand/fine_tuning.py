"""Accepting a fine-tuned network, by the rule for a head.

The answers to the user's test drawings, which were not trained on, have to be better, and those
to other people's digits hardly worse.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from model.database.hands import Hands, Step, StepKind
from model.hand.feature_space import Array
from model.hand.judging import Figures, Judgement
from model.hand.other_writers import read_other_writers
from model.hand.teachable_network import BATCH, log_of
from model.metadata import DIGIT_NAMES
from model.recognizer import Recognizer
from model.run_events import Acceptance


def judge_fine_tuned(
    before: Recognizer,
    after: Recognizer,
    images: npt.NDArray[np.uint8],
    labels: npt.NDArray[np.int64],
    class_names: Sequence[str] = DIGIT_NAMES,
) -> Judgement | None:
    """Measure two networks on the user's test drawings and on other people's digits.

    Args:
        before: The network that was tuned.
        after: The tuned one.
        images: uint8 (drawings, 28, 28), 255 is ink; the user's, which neither learned from.
        labels: int64 (drawings,), an index into `class_names`.
        class_names: What the labels mean.

    Returns:
        The figures, with `own_untaught` the same as `own_before`; None if one of the
        networks does not know the digits.
    """
    names = before.metadata.class_names
    if after.metadata.class_names != names or not set(class_names) <= set(names):
        return None
    places = np.array([names.index(name) for name in class_names], np.int64)
    own = (images / np.float32(255)).astype(np.float32)
    others = read_other_writers()
    digits = np.array([names.index(name) for name in DIGIT_NAMES], np.int64)[others.labels]
    own_before, others_before = (_answers(before, inks) for inks in (own, others.digits))
    own_after, others_after = (_answers(after, inks) for inks in (own, others.digits))
    before_figures = Figures.of(own_before, places[labels])
    return Judgement(
        own_untaught=before_figures,
        own_before=before_figures,
        own_after=Figures.of(own_after, places[labels]),
        others_untaught=Figures.of(others_before, digits),
        others_after=Figures.of(others_after, digits),
    )


def remember(
    hands: Hands, hand: str, acceptance: Acceptance, *, before_sha256: str, after_sha256: str
) -> Step:
    """Add a fine-tuning to a hand's history.

    Args:
        hands: Where the history is kept.
        hand: Its name.
        acceptance: Whether the tuned model is better, with the figures.
        before_sha256: Hash of the model that was tuned.
        after_sha256: Hash of the tuned model; what was accepted belongs to its history.

    Raises:
        HandError: If there is no such hand.
        UserDatabaseError: If the step can't be written.
    """
    newest = max((each.id for each in hands.drawings(hand)), default=0)
    is_accepted = acceptance.is_accepted
    return hands.add_step(
        hand,
        Step(
            kind=StepKind.TUNED if is_accepted else StepKind.DECLINED,
            model_sha256=after_sha256 if is_accepted else before_sha256,
            known_until=newest,
            known_again_after=newest,
            figures=acceptance.figures,
        ),
    )


def _answers(recognizer: Recognizer, inks: Array) -> Array:
    """Return log probabilities, float32 (batch, classes)."""
    if not len(inks):
        return np.empty((0, len(recognizer.metadata.class_names)), np.float32)
    parts = [inks[start : start + BATCH] for start in range(0, len(inks), BATCH)]
    answers = [each.probabilities for part in parts for each in recognizer.recognize_batch(part)]
    return log_of(np.stack(answers))
