"""Varied digits stay digits: ink neither vanishes, wraps around nor leaves its range."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from model.training.augmentation import RandomWarp, augmentation_layers  # noqa: E402  # needs Keras


def rings(count: int) -> np.ndarray:
    """Float32 (count, 28, 28, 1): a ring in the middle, like a zero."""
    y, x = np.mgrid[:28, :28] - 13.5
    ring = np.clip(1.5 - np.abs(np.hypot(x, y) - 7), 0, 1).astype(np.float32)
    return np.broadcast_to(ring[..., None], (count, 28, 28, 1)).copy()


def varied(name: str, images: np.ndarray, seed: int = 4) -> np.ndarray:
    for layer in augmentation_layers(name, seed):
        images = layer(images, training=True)
    return keras.ops.convert_to_numpy(images)


@pytest.mark.parametrize("name", ["affine", "affine-elastic"])
def test_each_image_is_varied_in_its_own_way(name: str) -> None:
    before = rings(32)
    after = varied(name, before)
    assert after.shape == before.shape
    assert after.dtype == np.float32
    assert after.min() >= 0
    assert after.max() <= 1.0001
    assert len({image.tobytes() for image in after}) == 32
    share = after.sum(axis=(1, 2, 3)) / before.sum(axis=(1, 2, 3))
    assert share.min() > 0.5
    assert share.max() < 1.8
    middle = (after * np.arange(28)[None, :, None, None]).sum(axis=(1, 2, 3)) / after.sum(
        axis=(1, 2, 3)
    )
    assert np.abs(middle - 13.5).max() < 4


@pytest.mark.parametrize("name", ["affine", "affine-elastic"])
def test_a_seed_repeats_itself(name: str) -> None:
    np.testing.assert_array_equal(varied(name, rings(4)), varied(name, rings(4)))


def test_answers_are_given_to_the_image_as_it_is() -> None:
    images = rings(2)
    for name in ("affine", "affine-elastic"):
        for layer in augmentation_layers(name, 1):
            np.testing.assert_array_equal(layer(images, training=False), images)


def test_no_augmentation_is_no_layer() -> None:
    assert augmentation_layers("none", 1) == []


def test_a_blank_sheet_stays_blank() -> None:
    blank = np.zeros((8, 28, 28, 1), np.float32)
    assert not varied("affine-elastic", blank).any()


def test_ink_at_the_edge_does_not_smear() -> None:
    images = np.zeros((64, 28, 28, 1), np.float32)
    images[:, :, 0] = 1
    after = varied("affine-elastic", images)
    # A line one pixel wide can't become a bar of five.
    assert (after[..., 0] > 0.5).sum(axis=2).max() <= 4


def test_a_warp_is_made_again_from_its_settings() -> None:
    layer = RandomWarp(bend_px=0.3, seed=9)
    again = RandomWarp.from_config(layer.get_config())
    assert (again.bend_px, again.seed) == (0.3, 9)
