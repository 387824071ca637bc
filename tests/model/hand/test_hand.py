"""A hand at work: taught at once, learnt when it harms nobody, and always with a way back."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest

from model.activations.watched_network import WatchedNetwork
from model.converted_model import read_converted_model
from model.database.database import Database
from model.database.hands import Hands, KeptDrawing, Step, StepKind
from model.errors import HandError
from model.hand import hand as module
from model.hand.hand import Hand, Idle, current_step
from model.hand.judging import Judgement
from model.hand.teachable_network import TeachableNetwork
from model.ink import ink_from_strokes
from model.recognizer import BUNDLED_MODEL, Recognizer
from model.verdicts import Verdict
from tests.taught_drawings import (
    FLAGGED_ONE,
    LETTER_A,
    drawing,
    inks_of,
    odd_hand,
    own_digits,
    shaken,
)

ROOT = Path(__file__).resolve().parents[3]

FLAGGED_INK = ink_from_strokes(FLAGGED_ONE)


@pytest.fixture
def hand(hands: Hands, network: TeachableNetwork) -> Hand:
    return Hand(hands, "Ada", network)


def probabilities(hand: Hand, drawings: list[KeptDrawing]) -> np.ndarray:
    answers = hand.recognizer.recognize_batch(inks_of(drawings))
    return np.stack([answer.probabilities for answer in answers])


def untaught(network: TeachableNetwork, drawings: list[KeptDrawing]) -> np.ndarray:
    answers = network.recognizer.recognize_batch(inks_of(drawings))
    return np.stack([answer.probabilities for answer in answers])


def flagged(hand: Hand) -> str:
    """Return what the one with a long flag is taken for."""
    return hand.recognizer.recognize(FLAGGED_INK).label


def learnt_elsewhere(kind: StepKind = StepKind.LEARNED, **reach: int) -> Step:
    """Return a step of a model that is gone."""
    return Step(
        kind=kind,
        model_sha256="cd" * 32,
        known_until=reach.get("known_until", 1000),
        known_again_after=reach.get("known_again_after", 1000),
        head=b"of another model" if kind is StepKind.LEARNED else None,
    )


def test_a_hand_that_is_not_there_answers_like_the_network(
    hand: Hand, hands: Hands, network: TeachableNetwork
):
    assert np.array_equal(probabilities(hand, own_digits()), untaught(network, own_digits()))
    assert hands.sizes() == {}


def test_one_correction_is_known_when_it_is_drawn_again(hand: Hand):
    assert flagged(hand) == "7"
    (kept,) = hand.keep([drawing("1")])
    again = [drawing("1", shaken(FLAGGED_ONE, seed)) for seed in range(10)]
    answers = hand.recognizer.recognize_batch(inks_of(again))
    assert [answer.label for answer in answers] == ["1"] * 10
    assert hand.recognizer.recognize(FLAGGED_INK).verdict is Verdict.DIGIT
    # Undo takes it back.
    assert hand.discard([kept.id]) == [kept]
    assert flagged(hand) == "7"
    hand.keep([kept])
    assert flagged(hand) == "1"


ODD_FOUR = [[(20, 10), (20, 50), (22, 90)], [(80, 12), (79, 50), (80, 92)], [(20, 50), (80, 50)]]
"""As an H: the network refuses it."""

NON_DIGITS = {
    "A": LETTER_A,
    "X": [[(10, 10), (90, 90)], [(90, 10), (10, 90)]],
    "V": [[(10, 10), (50, 90), (90, 10)]],
    "level line": [[(5, 50), (95, 52)]],
    "zigzag": [[(5, 90), (25, 10), (40, 85), (60, 15), (75, 90), (95, 10)]],
}


def test_a_refused_drawing_that_is_kept_leaves_other_refused_ones_refused(
    hand: Hand, network: TeachableNetwork
):
    inks = {name: ink_from_strokes(strokes) for name, strokes in NON_DIGITS.items()}
    before = {name: network.recognizer.recognize(ink) for name, ink in inks.items()}
    odd = [shaken(ODD_FOUR, seed) for seed in range(40)]
    answers = network.recognizer.recognize_batch(np.stack([ink_from_strokes(each) for each in odd]))
    assert {each.verdict for each in [*before.values(), *answers]} == {Verdict.NOT_A_DIGIT}
    hand.keep([drawing("4", ODD_FOUR)])
    for name, ink in inks.items():
        after = hand.recognizer.recognize(ink)
        assert after.verdict is Verdict.NOT_A_DIGIT, name
        np.testing.assert_allclose(after.probabilities, before[name].probabilities, atol=1e-5)
    again = hand.recognizer.recognize_batch(np.stack([ink_from_strokes(each) for each in odd]))
    read = [each.label for each in again if each.verdict is Verdict.UNSURE]
    assert set(read) == {"4"}
    assert len(read) >= 36


def test_two_refused_drawings_each_keep_their_own_label(hand: Hand):
    hand.keep([drawing("4", ODD_FOUR)])
    hand.keep([drawing("8", NON_DIGITS["X"])])
    for label, strokes in (("4", ODD_FOUR), ("8", NON_DIGITS["X"])):
        answer = hand.recognizer.recognize(ink_from_strokes(strokes))
        assert (answer.label, answer.verdict) == (label, Verdict.UNSURE)


def test_what_is_no_digit_never_becomes_a_certain_one(hand: Hand, network: TeachableNetwork):
    letter = ink_from_strokes(LETTER_A)
    assert network.recognizer.recognize(letter).verdict is Verdict.NOT_A_DIGIT
    hand.keep([drawing("1"), *own_digits()])
    assert hand.recognizer.recognize(letter).verdict is Verdict.NOT_A_DIGIT
    hand.keep([drawing("4", shaken(LETTER_A, seed)) for seed in range(20)])
    assert hand.recognizer.recognize(letter).verdict is not Verdict.DIGIT


def test_no_ink_stays_no_ink(hand: Hand):
    hand.keep([drawing("1")])
    answer = hand.recognizer.recognize(np.zeros((28, 28), np.float32))
    assert answer.verdict is Verdict.EMPTY
    assert hand.recognizer.recognize_batch(np.empty((0, 28, 28), np.float32)) == []


def test_what_was_said_last_of_a_drawing_counts(hand: Hand):
    hand.keep([drawing("7"), drawing("1")])
    assert flagged(hand) == "1"
    (last,) = hand.keep([drawing("7")])
    assert flagged(hand) == "7"
    hand.discard([last.id])
    assert flagged(hand) == "1"


def test_drawings_that_do_not_count_are_counted_by_their_reason(hand: Hand, monkeypatch):
    hand.keep([drawing("cat"), drawing("7"), drawing("1"), *own_digits()])
    hand.refresh()
    assert hand.own_figures().idle == Idle(lacking=1, relabelled=1)
    hand.go_back(0)
    aside = 2 + len(own_digits())
    hand.keep([drawing("1", shaken(FLAGGED_ONE, seed)) for seed in range(2)])
    hand.refresh()
    figures = hand.own_figures()
    assert (figures.drawings, figures.idle) == (2, Idle(lacking=1, set_aside=aside))
    monkeypatch.setattr(module, "MOST_EXAMPLES", 1)
    hand.refresh()
    assert hand.own_figures().idle == Idle(lacking=1, set_aside=aside, too_old=1)


def test_a_thousand_corrections_of_one_class_harm_nobody(
    hand: Hand, hands: Hands, network: TeachableNetwork
):
    hand.keep([drawing("1", shaken(FLAGGED_ONE, seed, 12)) for seed in range(1000)])
    assert hands.sizes() == {"Ada": 1000}
    found = probabilities(hand, own_digits()).argmax(axis=1)
    assert np.array_equal(found, untaught(network, own_digits()).argmax(axis=1))
    judgement = hand.learn().judgement
    assert not (judgement.is_accepted and judgement.harms_others)


def test_another_window_sees_what_was_kept(hand: Hand, hands: Hands, network: TeachableNetwork):
    other = Hand(hands, "Ada", network)
    (kept,) = hand.keep([drawing("1")])
    assert flagged(other) == "7"
    other.refresh()
    assert flagged(other) == "1"
    hands.relabel("Ada", kept.id, "7")
    other.refresh()
    assert flagged(other) == "7"


def test_labels_that_the_model_does_not_have_are_kept_and_not_taught(hand: Hand, hands: Hands):
    hand.keep([drawing("A", LETTER_A)])
    assert hands.sizes() == {"Ada": 1}
    assert len(hand.recognizer.prototypes) == 0


def test_learning_needs_ten_drawings(hand: Hand, hands: Hands):
    hand.keep(own_digits()[:9])
    with pytest.raises(HandError, match="10 drawings"):
        hand.learn()
    assert hands.steps("Ada") == []


def test_a_head_is_used_if_it_is_accepted_and_said_if_not(hand: Hand, hands: Hands):
    hand.keep(odd_hand())
    before = probabilities(hand, odd_hand())
    learning = hand.learn()
    assert hands.steps("Ada") == [learning.step]
    assert learning.step.figures["own"] == len(odd_hand())
    is_used = not np.array_equal(probabilities(hand, odd_hand()), before)
    assert is_used is learning.judgement.is_accepted
    assert (learning.step.kind is StepKind.LEARNED) is learning.judgement.is_accepted


@pytest.fixture
def _accepting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accept every head, so that there is a history to go back in."""
    monkeypatch.setattr(Judgement, "is_accepted", True)


@pytest.mark.usefixtures("_accepting")
def test_the_way_back_leads_to_each_step_and_to_nothing(
    hand: Hand, hands: Hands, network: TeachableNetwork
):
    digits = odd_hand()
    nothing = untaught(network, digits)
    hand.keep(digits[:20])
    first = hand.learn().step
    after_first = probabilities(hand, digits)
    hand.keep(digits[20:])
    hand.learn()
    assert not np.allclose(probabilities(hand, digits), after_first)
    hand.go_back()
    assert np.allclose(probabilities(hand, digits), after_first, atol=1e-6)
    hand.go_back()
    assert np.array_equal(probabilities(hand, digits), nothing)
    hand.go_back(first.id)
    assert np.allclose(probabilities(hand, digits), after_first, atol=1e-6)
    hand.go_back(0)
    # A window that is opened now answers the same.
    assert np.array_equal(probabilities(Hand(hands, "Ada", network), digits), nothing)
    # What is kept from now on counts.
    hand.keep([drawing("1")])
    assert flagged(hand) == "1"
    assert [step.kind for step in hands.steps("Ada")][-4:] == [StepKind.BACK] * 4
    with pytest.raises(HandError, match="no step 999"):
        hand.go_back(999)


@pytest.mark.usefixtures("_accepting")
def test_what_was_learnt_for_a_model_that_is_gone_is_learnt_again(
    hand: Hand, hands: Hands, network: TeachableNetwork
):
    hand.keep(odd_hand())
    hands.add_step("Ada", learnt_elsewhere())
    hand.refresh()
    assert hand.is_outdated
    assert hand.recognizer.head is None
    assert flagged(hand) == "1"
    learning = hand.learn_again()
    assert learning is not None
    assert learning.step.model_sha256 == network.sha256
    assert not hand.is_outdated
    assert hand.recognizer.head is not None
    assert hand.learn_again() is None


def test_a_model_that_declined_is_not_asked_again(
    hand: Hand, hands: Hands, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Judgement, "is_accepted", False)
    hand.keep(odd_hand())
    hands.add_step("Ada", learnt_elsewhere())
    hand.refresh()
    assert hand.learn_again() is not None
    assert not hand.is_outdated


def test_a_way_back_with_one_model_holds_for_a_new_one(hand: Hand, hands: Hands):
    (kept,) = hand.keep([drawing("1")])
    hands.add_step("Ada", learnt_elsewhere(StepKind.BACK, known_until=0, known_again_after=kept.id))
    hand.refresh()
    assert not hand.is_outdated
    assert flagged(hand) == "7"


def test_a_models_own_steps_count_before_those_of_others():
    def step(number: int, sha: str, kind: StepKind = StepKind.LEARNED) -> Step:
        return Step(id=number, kind=kind, model_sha256=sha, known_until=1, known_again_after=1)

    own, other = step(1, "a"), step(2, "b")
    assert current_step([own, other], "a") == own
    assert current_step([own, other], "c") == other
    assert current_step([own, step(3, "a", StepKind.DECLINED)], "a") == own
    assert current_step([], "a") is None


def test_the_newest_drawings_are_taught(hand: Hand, hands: Hands, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_EXAMPLES", 3)
    hand.keep(own_digits()[:5])
    hand.refresh()
    newest = [each.id for each in hands.drawings("Ada")][-3:]
    assert hand.recognizer.prototypes.ids.tolist() == newest


TEACHING = """
import os, signal, sys
from pathlib import Path
from model.database.database import Database
from model.database.hands import Hands, KeptDrawing
from model.hand.hand import Hand
from model.hand.teachable_network import TeachableNetwork

path, x, is_killed = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3] == "killed"
with Database(path, busy_seconds=60) as database:
    hand = Hand(Hands(database), "Ada", TeachableNetwork.bundled())
    for number in range(12):
        strokes = (((x + number, 130.0), (200.0, 50.0), (200.0, 450.0)),)
        hand.keep([KeptDrawing(label="1", strokes=strokes)])
    if is_killed:
        os.kill(os.getpid(), signal.SIGKILL)
    hand.learn()
"""


def teach(path: Path, x: float, end: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", TEACHING, str(path), str(x), end],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.process
def test_two_processes_teach_the_same_hand(tmp_path: Path, network: TeachableNetwork):
    path = tmp_path / "db"
    children = [teach(path, x, "learns") for x in (0.0, 20.0)]
    for child in children:
        _, errors = child.communicate(timeout=200)
        assert child.returncode == 0, errors
    with Database(path) as database:
        hands = Hands(database)
        assert hands.sizes() == {"Ada": 24}
        assert len(hands.steps("Ada")) == 2
        assert flagged(Hand(hands, "Ada", network)) == "1"


@pytest.mark.process
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_process_killed_between_correction_and_learning_loses_nothing(
    tmp_path: Path, network: TeachableNetwork
):
    path = tmp_path / "db"
    child = teach(path, 0.0, "killed")
    _, errors = child.communicate(timeout=200)
    assert child.returncode == -signal.SIGKILL, errors
    with Database(path) as database:
        hands = Hands(database)
        assert hands.sizes() == {"Ada": 12}
        assert hands.steps("Ada") == []
        hand = Hand(hands, "Ada", network)
        assert flagged(hand) == "1"
        assert len(hand.recognizer.prototypes) == 12
        assert hand.learn().step.figures["own"] == 12


def test_a_model_of_other_classes_is_taught_in_its_own_names(hands: Hands):
    litert, record = read_converted_model(BUNDLED_MODEL.with_suffix(".tflite"))
    letters = msgspec.structs.replace(record.metadata, class_names=tuple("abcdefghij"))
    record = msgspec.structs.replace(record, metadata=letters)
    network = TeachableNetwork(Recognizer(litert, record), WatchedNetwork(litert, record))
    answers = network.reference.digits.log_probabilities.argmax(axis=1)
    # What other people's drawings are is unknown here; what is answered ought to stay.
    assert np.array_equal(network.reference.labels, answers)
    hand = Hand(hands, "Ada", network)
    assert flagged(hand) == "h"
    hand.keep([drawing("b"), drawing("7", shaken(FLAGGED_ONE, 1))])
    assert flagged(hand) == "b"
    assert len(hand.recognizer.prototypes) == 1


def test_what_is_taught_one_by_one_is_what_is_taught_at_once(
    hand: Hand, hands: Hands, network: TeachableNetwork
):
    window = Hand(hands, "Ada", network)
    for each in [*odd_hand()[-4:], drawing("7"), drawing("1")]:
        hand.keep([each])
        window.refresh()
    at_once = Hand(hands, "Ada", network).recognizer.prototypes
    for other in (hand.recognizer.prototypes, window.recognizer.prototypes):
        assert other.ids.tolist() == at_once.ids.tolist()
        assert np.allclose(other.least_cosines, at_once.least_cosines, atol=1e-5)


def test_an_ink_image_that_was_looked_at_is_answered_the_same(network: TeachableNetwork):
    inks = inks_of(own_digits()[:5])
    answers, places = network.answers(inks)
    again, same = network.answers(inks[::-1])
    assert again == answers[::-1]
    assert np.array_equal(same, places[::-1])
    one, place = network.twin().answers(inks[2:3])
    assert np.allclose(one[0].probabilities, answers[2].probabilities, atol=1e-6)
    assert np.allclose(place[0], places[2], atol=1e-5)
