"""One rule for every verdict, and words for each."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from model.metadata import VerdictThresholds
from model.verdicts import VERDICTS, Verdict, verdicts_of

THRESHOLDS = VerdictThresholds(unsure_below=0.6, reject_below=0.5)


@pytest.mark.parametrize(
    ("probabilities", "has_ink", "verdict"),
    [
        ([0.7, 0.2, 0.1], True, "digit"),
        ([0.55, 0.4, 0.05], True, "unsure"),
        ([0.24, 0.24, 0.52 / 3], True, "not_a_digit"),
        ([np.nan, 0.5, 0.5], True, "unsure"),
        ([0.7, 0.2, 0.1], False, "empty"),
    ],
)
def test_the_rule(probabilities: list[float], has_ink: bool, verdict: str) -> None:
    found = Verdict.of(np.array(probabilities, np.float32), THRESHOLDS, has_ink=has_ink)
    assert found is Verdict(verdict)
    assert msgspec.json.encode(found) == f'"{verdict}"'.encode()


@pytest.mark.parametrize("verdict", Verdict)
def test_each_verdict_has_all_its_words(verdict: Verdict) -> None:
    for are_digits in (True, False):
        assert "{" not in verdict.sentence("{7}", "1", are_digits=are_digits).replace("{7}", "")
        assert verdict.sentence("8", "1", are_digits=are_digits)
    assert verdict.line("8", 0.5)


def test_words_for_an_eight() -> None:
    assert Verdict.DIGIT.sentence("8", "3", are_digits=True) == "This is an 8"
    assert Verdict.UNSURE.line("8", 0.514) == "8 (51%, not sure)"


@given(
    hnp.arrays(np.float32, (7, 3), elements=st.floats(0, 1, width=32) | st.just(np.nan)),
    hnp.arrays(np.bool_, 7),
)
def test_many_answers_are_judged_as_one_by_one(rows: np.ndarray, has_ink: np.ndarray) -> None:
    one_by_one = [
        Verdict.of(row, THRESHOLDS, has_ink=bool(ink))
        for row, ink in zip(rows, has_ink, strict=True)
    ]
    found = verdicts_of(rows, THRESHOLDS, has_ink=has_ink)
    assert [VERDICTS[each] for each in found] == one_by_one


@pytest.mark.parametrize(
    ("unsure_below", "reject_below", "verdict"),
    [(0.5, 0.75, Verdict.DIGIT), (0.5, 0.76, Verdict.NOT_A_DIGIT), (0.51, 0.75, Verdict.UNSURE)],
)
def test_an_answer_at_a_threshold_is_not_below_it(
    unsure_below: float, reject_below: float, verdict: Verdict
) -> None:
    thresholds = VerdictThresholds(unsure_below=unsure_below, reject_below=reject_below)
    answer = np.array([0.5, 0.25, 0.125, 0.125], np.float32)
    assert Verdict.of(answer, thresholds, has_ink=True) is verdict
    found = verdicts_of(answer[np.newaxis], thresholds, has_ink=np.ones(1, np.bool_))
    assert VERDICTS[found[0]] is verdict


@pytest.mark.parametrize("label", "0123456789")
def test_the_article_is_that_of_the_spoken_digit(label: str) -> None:
    article = "an" if label == "8" else "a"
    assert Verdict.DIGIT.sentence(label, are_digits=True) == f"This is {article} {label}"
    assert Verdict.UNSURE.sentence(label, are_digits=True) == f"This is perhaps {article} {label}"
    assert Verdict.UNSURE.sentence(label, "3", are_digits=True) == f"{label} or 3?"


def test_words_for_classes_that_are_no_digits() -> None:
    assert Verdict.DIGIT.sentence("house", are_digits=False) == "This is: house"
    assert Verdict.UNSURE.sentence("house", are_digits=False) == "Perhaps: house"
    assert Verdict.UNSURE.sentence("house", "tree", are_digits=False) == "house or tree?"
    assert Verdict.EMPTY.sentence(are_digits=False) == "Draw something"
