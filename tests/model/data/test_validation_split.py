"""Validation images are of all classes, and of writers that nothing is trained on."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.data.datasets import Dataset
from model.data.validation_split import split_validation


def made(labels: np.ndarray, groups: np.ndarray | None = None) -> Dataset:
    images = np.zeros((len(labels), 28, 28), np.uint8)
    return Dataset(
        name="made",
        title="Made",
        train_images=images,
        train_labels=labels,
        test_images=None,
        test_labels=None,
        class_names=("0", "1"),
        sha256="",
        train_groups=groups,
    )


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=60),
    st.floats(0, 0.5),
    st.integers(0, 2**32 - 1),
    st.booleans(),
)
def test_a_split_is_whole_and_the_same_for_a_seed(
    keys: list[int], fraction: float, seed: int, has_writers: bool
) -> None:
    labels = np.array(keys)
    dataset = made(labels, labels if has_writers else None)
    train, validation = split_validation(dataset, fraction, seed)
    assert sorted([*train, *validation]) == list(range(len(keys)))
    assert len(train)
    again = split_validation(dataset, fraction, seed)
    np.testing.assert_array_equal(again[1], validation)
    if fraction == 0:
        assert not len(validation)


def test_a_split_puts_aside_the_same_fraction_of_each_class() -> None:
    labels = np.repeat(np.arange(4), [400, 200, 100, 100])
    _, validation = split_validation(made(labels), 0.1, 3)
    assert np.bincount(labels[validation]).tolist() == [40, 20, 10, 10]
    _, other = split_validation(made(labels), 0.1, 4)
    assert validation.tolist() != other.tolist()


def test_a_split_puts_aside_whole_writers() -> None:
    writers = np.repeat(np.arange(10), 50)
    dataset = made(np.tile([0, 1], 250), writers)
    train, validation = split_validation(dataset, 0.2, 1)
    assert len(validation) == 100
    assert not set(writers[train]) & set(writers[validation])


def test_each_collection_gives_its_fraction_of_writers() -> None:
    writers, singles = np.repeat(np.arange(10), 50), np.arange(10, 5010)
    groups = np.concatenate([writers, singles])
    origins = np.repeat([0, 1], [500, 5000])
    labels = np.arange(5500) % 2
    dataset = dataclasses.replace(made(labels, groups), train_origins=origins)
    for seed in range(5):
        train, validation = split_validation(dataset, 0.1, seed)
        assert np.bincount(origins[validation]).tolist() == [50, 500]
        assert not set(groups[train]) & set(groups[validation])


def test_a_single_writer_is_split_by_class() -> None:
    dataset = made(np.tile([0, 1], 50), np.zeros(100, np.int64))
    assert len(split_validation(dataset, 0.1, 1)[1]) == 10


@pytest.mark.parametrize("fraction", [-0.1, 0.6, float("nan")])
def test_an_impossible_fraction_is_a_mistake_of_the_program(fraction: float) -> None:
    with pytest.raises(ValueError, match="fraction"):
        split_validation(made(np.array([0, 1])), fraction, 1)
