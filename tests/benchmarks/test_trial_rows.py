"""What is written down of an experiment."""

import numpy as np
import pytest
from candidates import Candidate
from candidates import as_table as candidates_table
from data_mixes import MIXES
from mix_parts import SOURCES
from quality import Answers
from trial_rows import Digits, Training, as_percent, digits

from model.recognizer import Recognition
from model.verdicts import Verdict

TRAINING = Training(
    epochs=2,
    images=1000,
    steps=16,
    images_per_s=1234.5,
    device="CPU",
    versions={"keras": "3"},
    mix_sha256="",
)


def answer(digit: int, confidence: float) -> Recognition:
    probabilities = np.full(10, (1 - confidence) / 9, np.float32)
    probabilities[digit] = confidence
    return Recognition(probabilities, tuple("0123456789"), Verdict.DIGIT)


def test_answers_are_summed_up() -> None:
    found = Answers([answer(3, 0.95), answer(4, 0.95), answer(5, 0.55)], np.array([3, 3, 5]))
    row = digits(found)
    assert row.digits == 3
    assert row.right == pytest.approx(2 / 3)
    assert row.low < 2 / 3 < row.high
    expected = -(np.log(0.95) + np.log(0.05 / 9) + np.log(0.55)) / 3
    assert row.loss == pytest.approx(expected, rel=1e-4)
    assert found.is_sure_and_wrong.tolist() == [False, True, False]


def test_the_best_validation_loss_stands_out() -> None:
    rows = [candidate("digitpad", loss=0.03), candidate("bundled", loss=0.02)]
    lines = candidates_table(rows).splitlines()
    assert "**0.0200**" in lines[3]
    assert "**" not in lines[2]
    assert as_percent(rows[0].mnist) in lines[2]
    assert "8.3 M" in lines[2]


def candidate(name: str, *, loss: float) -> Candidate:
    row = Digits(digits=10_000, right=0.995, low=0.99, high=0.998, loss=loss, calibration=0.004)
    return Candidate(
        name=name,
        parameters=129_242,
        multiply_adds=8_272_768,
        litert_ms=0.14,
        training=TRAINING,
        validation=row,
        mnist=row,
        pen_digits=row,
    )


def test_every_mix_begins_with_mnist_and_the_last_is_the_bundled_one() -> None:
    assert all(sources[0] == "mnist" for sources in MIXES.values())
    assert list(MIXES.values())[-1] == SOURCES
    assert len(set(MIXES.values())) == len(MIXES)
