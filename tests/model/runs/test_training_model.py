"""The wrapper that trains: what its loss is."""

import numpy as np
import pytest

from model.metadata import ModelMetadata
from model.recipes import recipe_named

keras = pytest.importorskip("keras")

from model.networks import build_network, ensemble_members  # noqa: E402  # Keras is there
from model.runs.training_model import FULL_PRECISION, set_precision, training_model  # noqa: E402


@pytest.fixture
def ensemble() -> "keras.Model":
    keras.utils.set_random_seed(1)
    return build_network("bundled")


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(2).integers(0, 256, (5, 28, 28), np.uint8)


def wrapped(network: "keras.Model") -> "keras.Model":
    return training_model(
        network,
        ModelMetadata(),
        recipe_named("bundled"),
        steps=10,
        precision=FULL_PRECISION,
        is_compiled_by_xla=False,
    )


def test_the_wrapper_of_an_ensemble_says_what_the_network_says(
    ensemble: "keras.Model", images: np.ndarray
) -> None:
    said = wrapped(ensemble).predict_on_batch(images)
    ink = images[..., np.newaxis].astype(np.float32) / 255
    np.testing.assert_allclose(said, ensemble.predict_on_batch(ink), atol=1e-6)


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
