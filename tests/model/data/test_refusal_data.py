"""Non-digits among the training images."""

from dataclasses import replace

import numpy as np

from model.data.datasets import FASHION_NAMES, Dataset, split_validation
from model.data.labelled_images import NO_CLASS
from model.data.refusal_data import NON_DIGIT_FRACTION, can_teach_refusal, with_non_digits
from model.metadata import DIGIT_NAMES


def digits(images: int = 200) -> Dataset:
    return Dataset(
        name="digits",
        title="Digits",
        train_images=np.zeros((images, 28, 28), np.uint8),
        train_labels=np.arange(images) % 10,
        test_images=np.zeros((10, 28, 28), np.uint8),
        test_labels=np.arange(10),
        class_names=DIGIT_NAMES,
        sha256="",
    )


def test_non_digits_are_added_to_the_training_images_alone() -> None:
    data = digits()
    mixed = with_non_digits(data, seed=1)
    added = mixed.train_labels == NO_CLASS
    assert added.sum() == round(NON_DIGIT_FRACTION * 200)
    assert (mixed.train_images[added].reshape(added.sum(), -1).max(axis=1) > 200).all()
    assert mixed.test_images is data.test_images
    assert mixed.sha256 == data.sha256
    again = with_non_digits(data, seed=1)
    np.testing.assert_array_equal(mixed.train_images, again.train_images)


def test_the_validation_split_gets_its_part_of_them_whether_writers_are_known_or_not() -> None:
    for groups in (None, np.arange(200) // 10):
        mixed = with_non_digits(replace(digits(), train_groups=groups), seed=1)
        _train, validation = split_validation(mixed, 0.2, 3)
        held_out = (mixed.train_labels[validation] == NO_CLASS).sum()
        assert 3 <= held_out <= 9


def test_only_digits_without_non_digits_are_taught() -> None:
    assert can_teach_refusal(digits())
    assert not can_teach_refusal(with_non_digits(digits(), seed=1))
    assert not can_teach_refusal(replace(digits(), class_names=FASHION_NAMES))
