"""What an answer is called."""

from dataclasses import replace

import numpy as np
import pytest

from app.recognition.answer_words import (
    answer_in_words,
    empty_answer,
    number_in_words,
    one_line,
    percent,
)
from model.ink import empty_ink
from model.metadata import DIGIT_NAMES
from model.numbers.reading import Group, Reading
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
        (recognition({8: 0.8}, Verdict.DIGIT), "This is an 8"),
        (recognition({1: 0.5, 7: 0.4}, Verdict.UNSURE), "1 or 7?"),
        (recognition({7: 0.999, 1: 0.0005}, Verdict.UNSURE), "This is perhaps a 7"),
        (recognition({8: 0.6, 3: 0.012}, Verdict.UNSURE), "This is perhaps an 8"),
        (recognition({2: 0.999}, Verdict.UNSURE, FASHION), "Perhaps: Ankle boot"),
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


def test_a_digit_and_a_number_of_the_same_probability_have_the_same_word():
    for share in np.arange(0.77, 1.0, 0.01).tolist():
        one = answer_in_words(recognition({0: share, 1: 1 - share}, Verdict.DIGIT))
        groups = [_group(0, SURE, confidence=share), _group(1, SURE, confidence=1.0)]
        number = number_in_words(Reading.of(groups), 0)
        assert (one.sentence, number.sentence) == ("This is a 0", "This is 01")


@pytest.mark.parametrize(
    ("answer", "labels", "text", "confidence"),
    [
        (recognition({7: 0.9876}, Verdict.DIGIT), ("7",), "7", "98.8 %"),
        (recognition({7: 0.999}, Verdict.UNSURE), ("7",), "perhaps 7", "99.9 % if it is a digit"),
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


def test_a_refusal_by_the_bundled_network_is_of_one_digit_alone():
    alone = recognition({7: 0.9}, Verdict.NOT_A_DIGIT)
    refused = answer_in_words(replace(alone, is_refused_by_other=True))
    assert refused.sentence == "The Digitpad network sees no single digit"


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


def _group(place: int, verdict: Verdict, *, row: int = 0, confidence: float = 0.0) -> Group:
    """Return a digit of that place in the number 0123…, with the next digit as its runner-up."""
    confidence = confidence or (0.6 if verdict is Verdict.UNSURE else 0.98)
    rest = (1 - confidence) * 0.1
    probabilities = np.full(10, rest / 8, np.float32)
    probabilities[place] = confidence
    probabilities[place + 1] = 1 - confidence - rest
    recognition = Recognition(probabilities, tuple("0123456789"), verdict)
    return Group(recognition, row, (0.0, 0.0, 1.0, 1.0), empty_ink())


SURE, UNSURE, NONE = Verdict.DIGIT, Verdict.UNSURE, Verdict.NOT_A_DIGIT


@pytest.mark.parametrize(
    ("verdicts", "text", "sentence"),
    [
        ((SURE, SURE, SURE), "012", "This is 012"),
        ((SURE, UNSURE, SURE), "012", "012 or 022?"),
        ((UNSURE, UNSURE, SURE), "012", "012?"),
        ((SURE, NONE, UNSURE), "0?2", "0?2: one of them does not look like a digit"),
        ((NONE, NONE), "", "This does not look like a number"),
    ],
)
def test_a_number_is_as_certain_as_its_digits(verdicts, text, sentence):
    groups = [_group(place, verdict) for place, verdict in enumerate(verdicts)]
    answer = number_in_words(Reading.of(groups), 1)
    assert (answer.text, answer.sentence) == (text, sentence)
    assert answer.is_refused is (text == "")
    assert answer.label == "1"


def test_a_number_says_how_probable_it_is_as_a_whole_and_what_each_digit_is():
    groups = [_group(place, SURE, confidence=0.9) for place in range(3)]
    answer = number_in_words(Reading.of(groups), 2)
    assert answer.confidence == "All 3: 72.9 %"
    assert answer.sentence == "Probably 012"
    assert answer.digit_sentence == "3rd: 2, 90.0 %"
    groups[1] = _group(1, UNSURE)
    assert number_in_words(Reading.of(groups), 1).digit_sentence == "2nd: 1 or 2?"
    groups[1] = _group(1, NONE)
    answer = number_in_words(Reading.of(groups), 1)
    assert (answer.digit_sentence, answer.confidence) == ("2nd: no digit", "")


def test_a_digit_of_a_number_without_a_near_second_is_no_doubt_between_two():
    groups = [_group(0, SURE), _group(1, UNSURE, confidence=0.999)]
    answer = number_in_words(Reading.of(groups), 1)
    assert answer.sentence == "This is perhaps 01"
    assert answer.digit_sentence == "2nd: perhaps 1"


def test_rows_stand_on_lines_and_are_one_line_in_the_title():
    groups = [_group(0, SURE), _group(1, SURE), _group(2, SURE, row=1)]
    answer = number_in_words(Reading.of(groups), 0)
    assert answer.text == "01\n2"
    assert answer.sentence == "These are 01 and 2"
    assert one_line(answer.text) == "01 / 2"
    assert answer.wording != number_in_words(Reading.of(groups), 1).wording


@pytest.mark.parametrize(
    ("doubtful", "sentence"),
    [(1, "01 or 02, and 2?"), (2, "01, and 2 or 3?"), (0, "01 or 11, and 2?")],
)
def test_of_numbers_in_rows_only_the_doubtful_one_is_said_twice(doubtful, sentence):
    groups = [
        _group(place, UNSURE if place == doubtful else SURE, row=place // 2) for place in range(3)
    ]
    assert number_in_words(Reading.of(groups), 0).sentence == sentence
