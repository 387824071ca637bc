"""One rule for every verdict, and words for each."""

import msgspec
import numpy as np
import pytest

from model.metadata import VerdictThresholds
from model.verdicts import Verdict

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
