"""The wrapper that trains: what its loss is."""

import numpy as np
import pytest

from model.metadata import ModelMetadata
from model.recipes import changed_recipe, recipe_named

keras = pytest.importorskip("keras")

from model.training.networks import build_network, ensemble_members  # noqa: E402  # Keras is there
from model.training.training_model import (  # noqa: E402
    AUGMENTATION_SWITCH,
    FULL_PRECISION,
    set_precision,
    training_model,
)


@pytest.fixture
def ensemble() -> "keras.Model":
    keras.utils.set_random_seed(1)
    return build_network("bundled")


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(2).integers(0, 256, (5, 28, 28), np.uint8)


def wrapped(network: "keras.Model", **changes: object) -> "keras.Model":
    return training_model(
        network,
        ModelMetadata(),
        changed_recipe(recipe_named("bundled"), **changes),
        steps=10,
        precision=FULL_PRECISION,
        jit_compile=False,
    )


def test_the_wrapper_of_an_ensemble_says_what_the_network_says(
    ensemble: "keras.Model", images: np.ndarray
) -> None:
    said = wrapped(ensemble).predict_on_batch(images)
    ink = images[..., np.newaxis].astype(np.float32) / 255
    np.testing.assert_allclose(said, ensemble.predict_on_batch(ink), atol=1e-6)


@pytest.mark.parametrize("augmentation", ["affine", "affine-elastic"])
def test_images_are_varied_until_the_switch_is_off(augmentation: str, images: np.ndarray) -> None:
    model = wrapped(
        build_network("dense128"), augmentation=augmentation, augmentation_off_fraction=0.5
    )
    switch = model.get_layer(AUGMENTATION_SWITCH)
    learns_from = keras.Model(model.input, switch.output)

    def shown() -> np.ndarray:
        return keras.ops.convert_to_numpy(learns_from(images, training=True))[..., 0]

    ink = images.astype(np.float32) / 255
    assert np.abs(shown() - ink).mean() > 0.05
    switch.is_on.assign(0.0)
    np.testing.assert_allclose(shown(), ink, atol=1e-6)


def test_a_recipe_without_an_end_of_augmentation_needs_no_switch() -> None:
    model = wrapped(build_network("dense128"), augmentation_off_fraction=0.0)
    assert AUGMENTATION_SWITCH not in [layer.name for layer in model.layers]


def test_members_of_an_ensemble_learn_by_their_own_losses(
    ensemble: "keras.Model", images: np.ndarray
) -> None:
    targets = np.eye(10, dtype=np.float32)[[3, 1, 4, 1, 5]]
    targets[4] = 0.1
    loss = wrapped(ensemble).test_on_batch(images, targets, return_dict=True)["loss"]
    members = keras.Model(ensemble.input, [m.output for m in ensemble_members(ensemble)])
    ink = images[..., np.newaxis].astype(np.float32) / 255
    own = [
        -(targets * keras.ops.convert_to_numpy(keras.ops.log_softmax(logits))).sum(axis=1).mean()
        for logits in members.predict_on_batch(ink)
    ]
    assert loss == pytest.approx(np.mean(own), rel=1e-4)
    assert np.ptp(own) > 1e-4


def test_an_ensembles_members_answer_in_32_bits(ensemble: "keras.Model") -> None:
    set_precision(ensemble, "mixed_bfloat16")
    policies = {layer.compute_dtype for layer in ensemble_members(ensemble)}
    assert policies == {"float32"}
    assert ensemble.layers[1].compute_dtype == "bfloat16"
