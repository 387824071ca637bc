"""What the pen's path says of a digit within a number."""

import numpy as np
import pytest

from model.ink import ink_from_strokes
from model.metadata import DIGIT_NAMES
from model.numbers.pen_path import FEATURES, MOST, path_features, with_path
from model.numbers.reader import NumberReader
from model.recognizer import Recognition, Recognizer
from model.verdicts import Verdict
from tests.model.numbers.drawn_numbers import CORNERS, drawn, in_a_row


def answer(verdict: Verdict = Verdict.DIGIT, **probabilities: float) -> Recognition:
    """Return an answer with these probabilities of classes, such as `_4=0.6`."""
    rest = (1 - sum(probabilities.values())) / (len(DIGIT_NAMES) - len(probabilities))
    values = [probabilities.get(f"_{name}", rest) for name in DIGIT_NAMES]
    return Recognition(np.array(values, np.float32), DIGIT_NAMES, verdict)


def test_features_depend_neither_on_place_nor_on_size() -> None:
    lines = drawn("4 in two")
    features = path_features(lines)
    assert features.shape == (FEATURES,)
    moved = path_features([line * 3.5 + (400, -20) for line in lines])
    np.testing.assert_allclose(moved, features, atol=1e-9)


@pytest.mark.parametrize("scale", [0.0, 1e-300, 1e305])
def test_features_of_extreme_lines_are_finite(scale: float) -> None:
    assert np.isfinite(path_features([line / 100 * scale for line in drawn("4 in two")])).all()
    assert np.isfinite(path_features([np.array([[5.0, 5.0]])])).all()


def test_two_strokes_speak_for_a_four_and_a_loop_first_less() -> None:
    doubtful = answer(_9=0.48, _4=0.46)
    in_two = with_path(doubtful, drawn("4 in two"))
    assert in_two.label == "4"
    turns = np.linspace(0, -2 * np.pi, 30)
    loop = np.stack([30 + 30 * np.cos(turns), 30 + 30 * np.sin(turns)], axis=1)
    nine = np.concatenate([loop, np.linspace((60, 30), (55, 100), 15)])
    in_one = with_path(doubtful, [nine])
    assert in_one.probabilities[9] > in_two.probabilities[9]


def test_another_class_than_the_image_says_is_unsure() -> None:
    assert with_path(answer(_9=0.48, _4=0.46), drawn("4 in two")).verdict is Verdict.UNSURE


def test_the_path_never_decides_against_a_clear_image() -> None:
    clear = 1 - 2 * np.exp(-MOST) / (1 + np.exp(-MOST))
    for name in CORNERS:
        for digit in DIGIT_NAMES:
            assert with_path(answer(**{f"_{digit}": clear}), drawn(name)).label == digit


def test_what_is_no_digit_stays_none() -> None:
    refused = answer(Verdict.NOT_A_DIGIT, _9=0.3)
    assert with_path(refused, drawn("4 in two")) is refused


def test_only_digits_of_numbers_are_corrected() -> None:
    recognizer = Recognizer.bundled()
    reader = NumberReader(recognizer)
    alone = recognizer.recognize(ink_from_strokes(drawn("6")))
    (single,) = reader.read(drawn("6")).groups
    np.testing.assert_array_equal(single.recognition.probabilities, alone.probabilities)
    groups = reader.read(in_a_row(["6", "2"])).groups
    expected = with_path(alone, drawn("6"))
    np.testing.assert_allclose(groups[0].recognition.probabilities, expected.probabilities)
    assert not np.array_equal(expected.probabilities, alone.probabilities)
