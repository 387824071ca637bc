"""Whether a fine-tuned network may take the place of the one before."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from model.converted_model import read_converted_model
from model.database.hands import Hands, StepKind
from model.hand.fine_tuning import judge_fine_tuned, remember
from model.hand.hand import Hand
from model.hand.teachable_network import TeachableNetwork
from model.recipes import FINE_TUNING, RECIPES
from model.recognizer import BUNDLED_MODEL, Recognizer
from model.run_events import Acceptance
from model.training.job import _acceptance
from model.training_job import TrainingJob
from tests.taught_drawings import drawing, inks_of, odd_hand

LITERT = BUNDLED_MODEL.with_suffix(".tflite")


def images_of(drawings) -> tuple[np.ndarray, np.ndarray]:
    images = np.rint(inks_of(drawings) * 255).astype(np.uint8)
    return images, np.array([int(each.label) for each in drawings], np.int64)


def flagged_ones() -> tuple[np.ndarray, np.ndarray]:
    return images_of([each for each in odd_hand() if each.label == "1"])


OWN = {(image / np.float32(255)).tobytes() for image in flagged_ones()[0]}


class BetterForMe(Recognizer):
    """Answers like the bundled network, but takes the drawings of the hand for ones."""

    spoils = 0

    def recognize_batch(self, inks):
        answers = super().recognize_batch(inks)
        for index, ink in enumerate(inks):
            is_own = ink.tobytes() in OWN
            if is_own or self.spoils:
                answers[index] = self._as_one(answers[index])
                self.spoils -= not is_own
        return answers

    def _as_one(self, answer):
        sure = np.where(np.arange(10) == 1, 0.991, 0.001).astype(np.float32)
        return replace(answer, probabilities=sure)


def better_for_me(spoils: int = 0) -> BetterForMe:
    made = BetterForMe(*read_converted_model(LITERT))
    made.spoils = spoils
    return made


def test_a_network_that_is_better_for_me_and_harms_nobody_is_accepted():
    judgement = judge_fine_tuned(Recognizer.bundled(), better_for_me(), *flagged_ones())
    assert judgement is not None
    assert judgement.is_accepted
    assert judgement.own_after.wrong < judgement.own_before.wrong
    assert judgement.others_after == judgement.others_untaught
    assert judgement.sentence().startswith("Learnt: ")


def test_one_that_spoils_other_peoples_digits_is_declined():
    judgement = judge_fine_tuned(Recognizer.bundled(), better_for_me(3), *flagged_ones())
    assert judgement is not None
    assert judgement.is_better_for_own
    assert not judgement.is_accepted
    assert "(before: " in judgement.sentence()


def test_one_that_is_no_better_is_declined(tmp_path: Path):
    class Data:
        test_images, test_labels = flagged_ones()
        class_names = tuple("0123456789")

    job = TrainingJob(recipe=RECIPES[FINE_TUNING], out=tmp_path / "new.keras", compare_with=LITERT)
    acceptance = _acceptance(job, Data(), LITERT, lambda _event: None)
    assert acceptance is not None
    assert not acceptance.is_accepted
    assert acceptance.sentence.startswith("Not used: ")
    assert acceptance.figures["own_wrong_before"] == acceptance.figures["own_wrong_after"]
    other = msgspec.structs.replace(RECIPES["digitpad"], dataset=RECIPES[FINE_TUNING].dataset)
    job = TrainingJob(recipe=other, out=job.out, compare_with=LITERT)
    assert _acceptance(job, Data(), LITERT, lambda _event: None) is None


def test_a_network_of_other_classes_is_not_judged():
    litert, record = read_converted_model(LITERT)
    letters = msgspec.structs.replace(record.metadata, class_names=tuple("abcdefghij"))
    other = Recognizer(litert, msgspec.structs.replace(record, metadata=letters))
    assert judge_fine_tuned(Recognizer.bundled(), other, *flagged_ones()) is None


@pytest.mark.parametrize("is_accepted", [True, False])
def test_the_history_says_what_came_of_it(
    hands: Hands, network: TeachableNetwork, is_accepted: bool
):
    (kept,) = hands.keep("Ada", [drawing("1")])
    acceptance = Acceptance(is_accepted=is_accepted, sentence="", figures={"own": 9.0})
    step = remember(hands, "Ada", acceptance, before_sha256=network.sha256, after_sha256="ab" * 32)
    assert hands.steps("Ada") == [step]
    assert step.kind is (StepKind.TUNED if is_accepted else StepKind.DECLINED)
    assert step.model_sha256 == ("ab" * 32 if is_accepted else network.sha256)
    # What is kept counts with either model, as before.
    assert Hand(hands, "Ada", network).recognizer.prototypes.ids.tolist() == [kept.id]
