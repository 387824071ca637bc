"""What the lens of a hand says."""

from dataclasses import replace

import pytest

from app.hand.corrections import kept_words
from app.hand.words import figures_words, learn_words, marks_words, step_words
from app.recognition.answer_words import Answer
from model.database.hands import Step, StepKind
from model.hand.hand import Idle, OwnFigures
from model.verdicts import Verdict
from tests.taught_drawings import drawing


def answer(verdict: Verdict, label: str = "", runner_up: str = "") -> Answer:
    names = tuple("0123456789")
    return Answer(verdict, "", names, (0.1,) * 10, label, runner_up)


SURE_7, SURE_2 = answer(Verdict.DIGIT, "7"), answer(Verdict.DIGIT, "2")
DOUBT = answer(Verdict.UNSURE, "7", "2")
PERHAPS_2 = answer(Verdict.UNSURE, "2")
REFUSED = answer(Verdict.NOT_A_DIGIT, "7", "2")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (SURE_2, SURE_2, "Right: kept as 2 in “Ada”."),
        (SURE_7, SURE_2, "Kept as 2 in “Ada”; this drawing is read as 2 now."),
        (DOUBT, SURE_2, "Kept as 2 in “Ada”; this drawing is read as 2 now."),
        (REFUSED, PERHAPS_2, "Kept as 2 in “Ada”; this drawing is read as perhaps 2 now. Keep a"),
        (PERHAPS_2, SURE_2, "Kept as 2 in “Ada”; this drawing is read as 2 now."),
        (SURE_7, DOUBT, "Kept as 2 in “Ada”, but this drawing is still read as 7 or 2. Keep a"),
        (REFUSED, REFUSED, "Kept as 2 in “Ada”, but this drawing is still not read as one. Keep"),
        (SURE_7, None, "Kept as 2 in “Ada”. It counts as soon as this model is ready to be"),
        (None, SURE_2, "Kept as 2 in “Ada”; this drawing is read as 2 now."),
    ],
)
def test_keeping_promises_no_more_than_what_the_same_drawing_is_read_as(before, after, words):
    assert kept_words("2", "Ada", before, after).startswith(words)


@pytest.mark.parametrize(
    ("drawings", "before", "now", "words"),
    [
        (1, 0, 0, "1 drawing kept; the network alone answers it wrong. Keep a second one"),
        (1, 1, 1, "1 drawing kept; the network alone answers it right. Keep a second one"),
        (2, 0, 2, "Both of your drawings are answered right; without your hand none."),
        (2, 0, 1, "1 of your 2 drawings is answered right; without your hand none."),
        (2, 0, 0, "None of your 2 drawings are answered right, as without your hand."),
        (3, 3, 3, "All 3 of your drawings are answered right, as without your hand."),
        (12, 9, 11, "11 of your 12 drawings are answered right; without your hand 9."),
    ],
)
def test_each_count_of_drawings_has_a_sentence_that_can_be_read(drawings, before, now, words):
    said = figures_words(OwnFigures(drawings, before, now), drawings)
    assert said.startswith(words)
    assert " 0 " not in said


@pytest.mark.parametrize(
    ("idle", "words"),
    [
        (Idle(lacking=1), "1 of 15 kept does not count: of a class that this model lacks."),
        (Idle(set_aside=3), "3 of 15 kept do not count: set aside by going back."),
        (Idle(relabelled=1), "1 of 15 kept does not count: kept again later as another class."),
        (
            Idle(lacking=2, set_aside=1),
            "3 of 15 kept do not count: 2 of a class that this model lacks, 1 set aside by going"
            " back.",
        ),
    ],
)
def test_of_drawings_that_do_not_count_the_reasons_that_apply_are_said(idle, words):
    said = figures_words(OwnFigures(15 - idle.total, 1, 1, idle), 15)
    assert f" {words}" in said
    none = figures_words(OwnFigures(0, 0, 0, Idle(set_aside=2)), 2)
    assert none == "2 drawings kept; none counts with this model now: set aside by going back."


def test_learning_from_what_is_right_already_promises_no_change():
    assert "can only make the answers surer" in learn_words(OwnFigures(12, 11, 12))
    assert "answered better" in learn_words(OwnFigures(12, 9, 11))


def test_the_marks_on_drawings_are_explained_where_there_are_any():
    right = replace(drawing("1"), answer="1")
    assert marks_words([right]) == ""
    wrong = replace(drawing("1"), answer="7")
    assert marks_words([right, wrong]).startswith("≠7 on a drawing: it was answered 7")
    other = replace(drawing("1"), answer="4")
    assert marks_words([wrong, other]) == (
        "≠ and a class on a drawing: it was answered so when it was kept."
    )


def test_a_step_says_in_whole_words_what_it_did():
    figures = {
        "own": 10,
        "own_wrong_before": 1,
        "own_wrong_after": 0,
        "others": 2000,
        "others_wrong_untaught": 3,
        "others_wrong_after": 2,
    }
    learnt = Step(
        kind=StepKind.LEARNED,
        model_sha256="",
        known_until=0,
        known_again_after=0,
        figures=figures,
    )
    assert step_words(learnt, []) == (
        "Learnt. Answered wrong: of your 10 drawings 1 before and 0 after; of 2,000 digits of other"
        " people 3 before and 2 after"
    )
    back = replace(learnt, kind=StepKind.BACK, figures={"to": 0})
    assert step_words(back, []) == "Went back to before the first drawing"


def test_what_a_hand_does_is_said_before_anything_is_kept():
    said = figures_words(OwnFigures(0, 0, 0), 0)
    assert "more often read as you said" in said
    assert "2,000 digits of other people are tried each time" in said
