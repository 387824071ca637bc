"""The user's kept drawings as a data set."""

import numpy as np
import pytest

from model.data.datasets import load_dataset
from model.database.database import Database
from model.database.hands import Hands
from model.errors import DatasetError
from tests.taught_drawings import LETTER_A, drawing, own_digits


def keep(hand: str, drawings: list) -> None:
    with Database() as database:
        Hands(database).keep(hand, drawings)


def test_the_digits_of_all_hands_are_a_data_set():
    keep("Ada", [each for each in own_digits() for _ in range(5)])
    keep("Bea", [drawing("1"), drawing("A", LETTER_A)])
    data = load_dataset("my-drawings")
    assert data.test_labels is not None
    assert len(data.train_labels) + len(data.test_labels) == 5 * len(own_digits()) + 1
    # Every fifth of a class, in the order of keeping.
    assert np.array_equal(np.unique(data.test_labels), np.arange(10))
    assert len(data.test_labels) == len(own_digits())
    assert data.train_images.shape[1:] == (28, 28)
    assert data.train_groups is not None
    assert data.train_groups.tolist() == [0] * (4 * len(own_digits())) + [1]


def test_few_drawings_have_no_test_split():
    keep("Ada", own_digits()[:3])
    assert load_dataset("my-drawings", is_for_training=False).test_images is None


def test_no_drawings_are_said():
    with pytest.raises(DatasetError, match="No drawings are kept yet"):
        load_dataset("my-drawings")
    keep("Ada", [drawing("A", LETTER_A)])
    with pytest.raises(DatasetError, match="No drawings are kept yet"):
        load_dataset("my-drawings")
