"""Drawn digits and non-digits that teach to refuse."""

from dataclasses import replace

import numpy as np

from model.data.datasets import FASHION_NAMES, Dataset
from model.data.labelled_images import NO_CLASS
from model.data.refusal_data import DRAWN_FRACTION, can_teach_refusal, refusal_images
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


def test_there_are_as_many_drawn_digits_as_non_digits_and_all_hold_ink() -> None:
    drawn = refusal_images(200, seed=1)
    for part in (drawn.training, drawn.calibration):
        assert (part.labels == NO_CLASS).sum() == round(DRAWN_FRACTION * 200)
        assert len(part) == 2 * round(DRAWN_FRACTION * 200)
        assert set(part.labels) == {NO_CLASS, *range(10)}
        assert (part.images.reshape(len(part), -1).max(axis=1) > 200).all()


def test_a_seed_gives_the_same_drawings_and_none_calibrates_that_was_trained_with() -> None:
    drawn, again = refusal_images(100, seed=3), refusal_images(100, seed=3)
    np.testing.assert_array_equal(drawn.training.images, again.training.images)
    trained = {image.tobytes() for image in drawn.training.images}
    assert not trained & {image.tobytes() for image in drawn.calibration.images}


def test_only_digits_without_non_digits_are_taught() -> None:
    data = digits()
    assert can_teach_refusal(data)
    assert not can_teach_refusal(replace(data, train_labels=data.train_labels - 1))
    assert not can_teach_refusal(replace(data, class_names=FASHION_NAMES))
