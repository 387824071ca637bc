"""What an explanation says."""

from dataclasses import replace

import numpy as np

from app.explain import words
from app.explain.explained import without_idle_changes
from model.explain.explanation import Explanation
from model.explain.flips import DecidingPart, MissingStroke
from model.explain.neighbours import Resemblance, TrainingDigit
from model.ink import ink_steps
from model.recognizer import Recognition
from model.verdicts import Verdict


def recognition(**shares: float) -> Recognition:
    names = tuple(name.removeprefix("c") for name in shares)
    return Recognition(np.array(list(shares.values()), np.float32), names, Verdict.DIGIT)


SURE = recognition(c7=0.999, c1=0.001)


def test_a_piece_that_counts_says_how_far_the_answer_falls():
    after = recognition(c7=0.41, c1=0.59)
    sentence = words.without_piece(SURE, after)
    assert sentence == "Without this piece 7 falls from 99.9 % to 41.0 %; 1 would lead with 59.0 %."


def test_a_piece_that_does_not_count_says_so():
    assert words.without_piece(SURE, SURE) == "Without this piece 7 stays at 99.9 %."


def test_a_piece_against_says_that_the_answer_rises():
    before = recognition(c7=0.6, c1=0.4)
    assert words.without_piece(before, SURE) == "Without this piece 7 rises from 60.0 % to 99.9 %."


def test_sides_are_named():
    speaks = words.speaks_for
    assert speaks(2.0, "7", "1").startswith("It speaks for 7: on average over what else is there")
    assert speaks(2.0, "7", "1").endswith(
        "odds of 7 against 1 are about 7.4 times as high with it."
    )
    assert speaks(-3.0, "7", "1").endswith(
        "odds of 1 against 7 are about 20 times as high with it."
    )
    assert "more than 1,000 times" in speaks(900.0, "7", "1")
    assert "hardly matters" in words.speaks_for(0.01, "7", "1")


def test_a_change_that_leaves_the_network_unsure_is_said_with_care():
    unsure = Recognition(np.array([0.5, 0.5], np.float32), ("8", "3"), Verdict.UNSURE)
    assert words.with_stroke(SURE) == "With this stroke it would be 7 (99.9 %)."
    assert words.with_stroke(unsure) == "With this stroke it would rather look like 8 (50.0 %)."
    assert words.without_part(unsure).startswith("Without this part it would rather look like 8")


def test_no_share_of_ten_is_called_likeness_where_it_is_no_digit_any_more():
    names = tuple("0123456789")
    none = Recognition(np.full(10, 0.1, np.float32), names, Verdict.NOT_A_DIGIT)
    said = (words.with_stroke(none), words.without_part(none))
    assert said[0] == "With this stroke it would no longer look like a digit."
    assert said[1] == "Without this part it would no longer look like a digit."
    assert words.question(none) == "Nearest to 0 rather than"
    assert words.question(SURE) == "Why 7 and not"
    digit = TrainingDigit("7", 0.1, "pen digits", ())
    alike = words.labels_of(Resemblance((digit,), 0.01), is_refused=True)
    assert alike == "The answer is none of them, but these come nearest: one “7”."


def test_changes_from_no_digit_to_no_digit_are_not_shown_and_one_to_none_is_enough():
    sure, none = SURE, replace(SURE, verdict=Verdict.NOT_A_DIGIT)
    line = np.zeros((2, 2))
    gone, kept = MissingStroke(line, none, 0.1), MissingStroke(line, sure, 0.2)
    part = DecidingPart(0, 0, 1, none, 0.1)
    steps = ink_steps([[(0.0, 0.0), (9.0, 9.0)]])

    def left(answer, missing):
        found = Explanation(answer, 1, steps, (), tuple(missing), part)
        shown = without_idle_changes(found)
        return shown.missing, shown.deciding

    assert left(none, [gone, kept, gone]) == ((kept,), None)
    assert left(sure, [gone, kept, gone]) == ((kept, gone), part)


def test_how_typical_a_drawing_is_comes_in_words():
    digit = TrainingDigit("7", 0.1, "pen digits", ())
    other = TrainingDigit("1", 0.2, "pen digits", ())
    said = [words.how_typical(Resemblance((digit,), share)) for share in (0.8, 0.3, 0.05, 0.001)]
    starts = ["A typical", "A fairly typical", "An unusual", "A very unusual"]
    # The nearest of an unusual one look alike; they are said to be farther than others are.
    counts = ["many digits", "some digits", "95 of 100 training digits", "99 of 100 training"]
    for sentence, start, count in zip(said, starts, counts, strict=True):
        assert sentence.startswith(f"{start} drawing: ")
        assert count in sentence
        assert "%" not in sentence
    assert words.labels_of(Resemblance((digit, digit), 0.8)).endswith(": each of them is “7”.")
    assert ": one “7”, one “1”." in words.labels_of(Resemblance((digit, other), 0.8))


def test_another_answer_than_the_one_explained_is_said():
    one = recognition(c7=0.1, c1=0.9)
    assert words.own_answer_note(SURE, SURE, is_taught=False) == ""
    said = words.own_answer_note(SURE, one, is_taught=True)
    assert said.startswith("My hand says 1.")
    assert said.endswith("without it: 7.")
    assert "without My hand" in words.own_answer_note(SURE, SURE, is_taught=True)
    refused = replace(SURE, verdict=Verdict.NOT_A_DIGIT, is_refused_by_other=True)
    assert "sees no single digit" in words.own_answer_note(SURE, refused, is_taught=False)
