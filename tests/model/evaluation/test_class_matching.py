"""Classes are matched by name, whatever way the name is written."""

import numpy as np
import pytest

from model.errors import DatasetError
from model.evaluation.class_matching import NO_MATCH, match_classes, model_labels

DIGITS = tuple("0123456789")


@pytest.mark.parametrize(
    "name", ["3", "03", "3.0", "Class_3", "class 3", "digit-3", "Digit3", "THREE", "three", " 3 "]
)
def test_a_three_is_a_three(name: str) -> None:
    assert match_classes([name, "7"], DIGITS) == (3, 7)


def test_a_folder_of_threes_and_sevens_is_measured_as_such() -> None:
    matches = match_classes(["SEVEN", "THREE"], DIGITS)
    assert list(model_labels(np.array([0, 1, 1, 0]), matches)) == [7, 3, 3, 7]


def test_letters_that_differ_in_case_stay_apart() -> None:
    assert match_classes(["a", "A"], ["A", "a", "b"]) == (1, 0)
    assert match_classes(["B"], ["A", "a", "b"]) == (2,)
    assert match_classes(["A", "x"], ["x", "a", "á"]) == (1, 0)


def test_accents_do_not_matter_unless_they_tell_two_classes_apart() -> None:
    assert match_classes(["Eclair", "cafe\u0301"], ["\u00e9clair", "caf\u00e9"]) == (0, 1)
    assert match_classes(["\uff13"], DIGITS) == (3,)  # as wide as a Chinese character
    assert match_classes(["a", "\u00e1", "\u00e0"], ["\u00e1", "a"]) == (1, 0, NO_MATCH)


def test_a_name_that_could_be_two_classes_is_none() -> None:
    assert match_classes(["class 3", "7"], ["3", "03", "7"]) == (NO_MATCH, 2)


def test_classes_the_model_lacks_have_no_label() -> None:
    matches = match_classes(["cat", "4"], DIGITS)
    assert matches == (NO_MATCH, 4)
    assert list(model_labels(np.array([0, 1, -1]), matches)) == [NO_MATCH, 4, NO_MATCH]


def test_where_no_name_matches_both_sides_are_listed() -> None:
    with pytest.raises(DatasetError) as caught:
        match_classes(["cat", "dog"], DIGITS)
    assert "cat, dog" in caught.value.sentence
    assert "0, 1, 2" in caught.value.sentence
