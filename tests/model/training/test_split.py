"""The splits into train and validation, and the labels of each."""

from dataclasses import replace

import numpy as np
from msgspec.structs import replace as replace_fields

from model.data.datasets import Dataset
from model.data.refusal_data import drawings_of_each_kind
from model.metadata import DIGIT_NAMES
from model.recipes import Recipe
from model.training.split import (
    CALIBRATION_FRACTION,
    as_targets,
    splits_for,
    train_validation_split,
)

RECIPE = Recipe(name="made", summary="", network="dense128")


def dataset(labels: np.ndarray, groups: np.ndarray | None = None) -> Dataset:
    images = np.arange(len(labels), dtype=np.uint8)[:, None, None] * np.ones((28, 28), np.uint8)
    return Dataset(
        name="made",
        title="Made",
        train_images=images,
        train_labels=labels,
        test_images=None,
        test_labels=None,
        class_names=("a", "b", "c"),
        sha256="",
        train_groups=groups,
    )


def test_each_image_is_on_one_side_with_its_own_target() -> None:
    labels = np.arange(200) % 3
    train, validation = train_validation_split(dataset(labels), 0.25, seed=5)
    places = np.concatenate([train.images[:, 0, 0], validation.images[:, 0, 0]])
    assert sorted(places) == list(range(200))
    assert 45 <= len(validation) <= 55
    for split in (train, validation):
        np.testing.assert_array_equal(split.labels, labels[split.images[:, 0, 0]])


def test_a_writer_is_on_one_side_only() -> None:
    groups = np.arange(200) // 10
    train, validation = train_validation_split(dataset(np.arange(200) % 3, groups), 0.2, seed=5)
    sides = [set(groups[split.images[:, 0, 0]]) for split in (train, validation)]
    assert sides[0]
    assert sides[1]
    assert not sides[0] & sides[1]


def test_what_people_made_is_marked_where_it_is_known() -> None:
    labels, origins = np.arange(200) % 3, np.repeat([0, 1], 100)
    known = replace(dataset(labels, np.arange(200)), train_origins=origins, real_origins=(1,))
    for split in train_validation_split(known, 0.25, seed=5):
        assert split.is_real is not None
        np.testing.assert_array_equal(split.is_real, split.images[:, 0, 0] >= 100)
    for split in train_validation_split(dataset(labels), 0.25, seed=5):
        assert split.is_real is None


def test_nothing_is_validation_where_no_share_is() -> None:
    train, validation = train_validation_split(dataset(np.arange(30) % 3), 0, seed=5)
    assert (len(train), len(validation)) == (30, 0)


def test_an_image_of_no_class_shall_prefer_none() -> None:
    targets = as_targets(np.array([2, -1]), 4)
    np.testing.assert_allclose(targets, [[0, 0, 1, 0], [0.25, 0.25, 0.25, 0.25]])
    assert targets.dtype == np.float32


def test_soft_labels_are_targets_already() -> None:
    soft = np.array([[0.5, 0.5], [1, 0]])
    np.testing.assert_array_equal(as_targets(soft, 2), soft)


def digits(images: int) -> Dataset:
    """Blank digits: whatever ink there is was added."""
    return replace(
        dataset(np.arange(images) % 10),
        train_images=np.zeros((images, 28, 28), np.uint8),
        class_names=DIGIT_NAMES,
    )


def test_where_nothing_validates_a_few_images_calibrate_that_do_not_train() -> None:
    splits = splits_for(RECIPE, digits(10_000))
    assert len(splits.validation) == 0
    assert len(splits.calibration) == round(CALIBRATION_FRACTION * 10_000)
    assert len(splits.train) + len(splits.calibration) == 10_000
    assert len(splits_for(RECIPE, digits(1_000)).calibration) == 0


def test_what_validates_calibrates_too() -> None:
    recipe = replace_fields(RECIPE, validation_split=0.1)
    splits = splits_for(recipe, digits(1_000))
    assert splits.calibration is splits.validation
    assert len(splits.validation) == 100


def test_a_network_that_is_to_refuse_gets_drawings_to_train_and_calibrate_but_not_validate() -> (
    None
):
    recipe = replace_fields(RECIPE, validation_split=0.1, refusal=True)
    splits = splits_for(recipe, digits(400))
    for split, own in ((splits.train, 360), (splits.calibration, 40)):
        drawn = split.images.any(axis=(1, 2))
        assert (~drawn).sum() == own
        assert drawn.sum() == 2 * drawings_of_each_kind(360)
        assert (~split.has_class[drawn]).sum() == drawings_of_each_kind(360)
    assert not splits.validation.images.any()
    letters = replace(digits(400), class_names=tuple("abcdefghij"))
    assert not splits_for(recipe, letters).train.images.any()
