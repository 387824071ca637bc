"""Kept drawings among other people's digits, to fine-tune a network with."""

import numpy as np
import pytest

from model.data import drawings_among_others as module
from model.data.datasets import load_dataset
from model.data.labelled_images import LabelledImages
from model.database.database import Database
from model.database.hands import Hands
from model.errors import DatasetError
from tests.taught_drawings import own_digits

OTHERS = LabelledImages(np.full((600, 28, 28), 7, np.uint8), np.arange(600, dtype=np.int64) % 10)


def keep(count: int) -> None:
    digits = own_digits()
    with Database() as database:
        Hands(database).keep("Ada", [digits[i % len(digits)] for i in range(count)])


@pytest.fixture(autouse=True)
def _few_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_other_digits", lambda _progress: OTHERS)


def test_own_drawings_are_a_quarter_of_an_epoch_or_shown_once():
    keep(205)
    data = load_dataset("my-drawings-among-others")
    is_other = (data.train_images == 7).all(axis=(1, 2))
    assert is_other.sum() == len(OTHERS)
    assert data.test_images is not None
    assert len(data.test_images) + (~is_other).sum() == 205


def test_copies_of_a_drawing_stay_together(monkeypatch: pytest.MonkeyPatch):
    """A copy that validates what another copy taught would say nothing."""
    keep(205)
    monkeypatch.setattr(module, "OWN_FRACTION", 0.5)
    data = load_dataset("my-drawings-among-others")
    is_own = ~(data.train_images == 7).all(axis=(1, 2))
    assert data.train_groups is not None
    assert np.bincount(data.train_groups[is_own]).min() > 1
    assert np.bincount(data.train_groups)[-len(OTHERS) :].max() == 1
    for group in np.unique(data.train_groups[is_own])[:5]:
        copies = data.train_images[data.train_groups == group]
        assert (copies == copies[0]).all()


def test_few_drawings_are_not_enough():
    keep(200)
    with pytest.raises(DatasetError, match="More than 200 kept drawings"):
        load_dataset("my-drawings-among-others")


def test_drawings_lie_one_after_the_other_in_the_asset():
    points = np.arange(14).reshape(7, 2)
    first, second = module.drawings_of(points, np.array([2, 1, 4]), np.array([2, 1]))
    assert [line.tolist() for line in first] == [[[0, 1], [2, 3]], [[4, 5]]]
    assert [len(line) for line in second] == [4]
