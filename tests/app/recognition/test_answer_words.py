"""What an answer is called."""

import numpy as np
import pytest

from app.recognition.answer_words import answer_in_words, empty_answer, percent
from model.metadata import DIGIT_NAMES
from model.recognizer import Recognition
from model.verdicts import Verdict

FASHION = ("Shirt", "Trouser", "Ankle boot")


def recognition(shares: dict[int, float], verdict: Verdict, names=DIGIT_NAMES) -> Recognition:
    probabilities = np.zeros(len(names), np.float32)
    for index, share in shares.items():
        probabilities[index] = share
    return Recognition(probabilities, tuple(names), verdict)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (recognition({7: 0.99}, Verdict.DIGIT), "This is a 7"),
        (recognition({8: 0.99}, Verdict.DIGIT), "This is an 8"),
        (recognition({1: 0.5, 7: 0.4}, Verdict.UNSURE), "1 or 7?"),
        (recognition({3: 0.2}, Verdict.NOT_A_DIGIT), "This does not look like a digit"),
        (recognition({0: 0.1}, Verdict.EMPTY), "Draw a digit"),
        (recognition({2: 0.9}, Verdict.DIGIT, FASHION), "This is: Ankle boot"),
        (
            recognition({0: 0.4, 2: 0.3}, Verdict.UNSURE, FASHION),
            "Shirt or Ankle boot?",
        ),
        (
            recognition({0: 0.1}, Verdict.NOT_A_DIGIT, FASHION),
            "This does not look like anything it knows",
        ),
        (recognition({0: 0.1}, Verdict.EMPTY, FASHION), "Draw something"),
    ],
)
def test_each_verdict_has_its_sentence(answer, sentence):
    assert answer_in_words(answer).sentence == sentence


@pytest.mark.parametrize(
    ("answer", "labels", "text", "confidence"),
    [
        (recognition({7: 0.9876}, Verdict.DIGIT), ("7",), "7", "98.8 %"),
        (
            recognition({8: 0.51, 3: 0.44}, Verdict.UNSURE),
            ("8", "3"),
            "8 or 3",
            "51.0 % and 44.0 %",
        ),
        (recognition({4: 0.9}, Verdict.NOT_A_DIGIT), (), "", ""),
        (recognition({}, Verdict.EMPTY), (), "", ""),
    ],
)
def test_each_verdict_has_its_labels(answer, labels, text, confidence):
    in_words = answer_in_words(answer)
    assert (in_words.labels, in_words.text, in_words.confidence) == (labels, text, confidence)


def test_a_network_of_one_class_has_no_second():
    answer = answer_in_words(recognition({0: 1.0}, Verdict.UNSURE, ("Shirt",)))
    assert answer.labels == ("Shirt",)


def test_an_empty_pad_has_no_digit_and_no_bars():
    answer = answer_in_words(recognition({}, Verdict.EMPTY))
    assert answer == empty_answer(DIGIT_NAMES)
    assert not any(answer.probabilities)
    assert answer.label == answer.confidence == ""


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (0.0004, "0 %"),
        (0.0005, "0.1 %"),
        (0.5, "50.0 %"),
        (0.99999, "99.9 %"),
        (1, "99.9 %"),
    ],
)
def test_percentages_do_not_round_to_certainty(share, text):
    assert percent(share) == text
