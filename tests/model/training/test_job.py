"""What the command trains, checked before anything is loaded, and the network it goes on from."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.errors import DigitpadError, ModelFileError, TrainingError
from model.metadata import DIGIT_NAMES, InputFormat, ModelMetadata
from model.model_files.model_file import add_metadata, file_sha256
from model.recipes import changed_recipe, recipe_named
from model.run_events import Event
from model.training.job import initial_model, run_job
from model.training_job import TrainingJob
from model.worker.control import RunControl, StoppedError

keras = pytest.importorskip("keras")


def job(out: Path, **options: object) -> TrainingJob:
    return TrainingJob(recipe=recipe_named("dense128"), out=out, **options)


@pytest.mark.parametrize("name", ["new.h5", "new", "new.keras.txt"])
def test_only_keras_files_are_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(TrainingError, match=r"must end in \.keras"):
        run_job(job(tmp_path / name), lambda event: None, RunControl())


def test_a_folder_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "new.keras").mkdir()
    with pytest.raises(TrainingError, match="is a folder"):
        run_job(job(tmp_path / "new.keras"), lambda event: None, RunControl())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_a_pipe_in_the_models_place_is_said_before_the_run(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "new.keras")
    began: list[Event] = []
    with pytest.raises(TrainingError, match=r"new\.keras: it is not an ordinary file"):
        run_job(job(tmp_path / "new.keras"), began.append, RunControl())
    assert not began


def test_paths_that_are_no_text_are_refused(tmp_path: Path) -> None:
    data = changed_recipe(recipe_named("dense128"), dataset="caf\udce9.npz")
    for wrong in (
        job(tmp_path / "caf\udce9.keras"),
        TrainingJob(recipe=data, out=tmp_path / "new.keras"),
    ):
        with pytest.raises(TrainingError, match="no UTF-8 text; rename it") as caught:
            run_job(wrong, lambda event: None, RunControl())
        assert r"caf\udce9" in caught.value.sentence
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_way_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("not a folder")
    with pytest.raises(TrainingError, match="can't be written"):
        run_job(job(tmp_path / "models" / "new.keras"), lambda event: None, RunControl())


def test_a_stop_before_the_data_is_read_ends_it(tmp_path: Path) -> None:
    control = RunControl()
    control.stop()
    with pytest.raises(StoppedError):
        run_job(job(tmp_path / "new.keras"), lambda event: None, control)
    assert not list(tmp_path.iterdir())


def test_a_device_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"no device 'gpu:7' here; choose one of cpu"):
        run_job(job(tmp_path / "new.keras", device="gpu:7"), lambda event: None, RunControl())


def test_going_on_puts_the_weights_into_the_recipes_own_network(tmp_path: Path) -> None:
    from model.training.networks import build_network

    network = build_network("conv32-dropout")
    network.save(tmp_path / "before.keras")
    add_metadata(tmp_path / "before.keras", ModelMetadata())
    loaded, metadata = initial_model(tmp_path / "before.keras", recipe_named("conv32-dropout"))
    assert "Dropout" in [type(layer).__name__ for layer in loaded.layers]
    for ours, theirs in zip(network.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert metadata.began_with == file_sha256(tmp_path / "before.keras")
    assert metadata.began_with_name == "before"
    assert metadata.class_names == DIGIT_NAMES
    assert metadata.input_format == InputFormat()


def test_going_on_from_another_network_keeps_that_network(tmp_path: Path) -> None:
    inputs = keras.Input((784,))
    outputs = keras.layers.Dense(10, activation="softmax")(inputs)
    keras.Model(inputs, outputs).save(tmp_path / "other.keras")
    wanted = ModelMetadata(input_format=InputFormat(shape=(784,), scale=255.0))
    add_metadata(tmp_path / "other.keras", wanted)
    loaded, metadata = initial_model(tmp_path / "other.keras", recipe_named("digitpad"))
    assert loaded.input_shape == (None, 784)
    assert metadata.input_format == wanted.input_format


@pytest.mark.parametrize("name", ["digitpad", "bundled", "conv32-dense100"])
def test_a_recipes_own_network_is_known_again(tmp_path: Path, name: str) -> None:
    from model.training.networks import build_network

    build_network(name).save(tmp_path / "before.keras")
    add_metadata(tmp_path / "before.keras", ModelMetadata())
    loaded, _ = initial_model(tmp_path / "before.keras", recipe_named(name))
    assert loaded.name == name.replace("-", "_")


def dense(
    *before: Any, hidden: str = "relu", last: str = "softmax", shape: tuple[int, ...] = (28, 28, 1)
) -> Any:
    """Return a network whose weights have the shapes of those of `dense128`."""
    layers = keras.layers
    hidden_and_last = (layers.Dense(128, hidden), layers.Dense(10, last))
    return keras.Sequential([keras.Input(shape), *before, layers.Flatten(), *hidden_and_last])


def strided() -> Any:
    """Return a network whose weights have the shapes of those of `conv32-dropout`."""
    layers = keras.layers
    convolution = layers.Conv2D(32, 3, strides=2, activation="relu")
    last = layers.Dense(10, activation="softmax")
    return keras.Sequential([keras.Input((28, 28, 1)), convolution, layers.Flatten(), last])


@pytest.mark.parametrize(
    ("build", "form", "recipe"),
    [
        (lambda: dense(hidden="tanh"), InputFormat(), "dense128"),
        (lambda: dense(last="linear"), InputFormat(), "dense128"),
        (dense, InputFormat(scale=255.0), "dense128"),
        (lambda: dense(shape=(28, 28)), InputFormat(shape=(28, 28)), "dense128"),
        (lambda: dense(keras.layers.Rescaling(1 / 255)), InputFormat(scale=255.0), "dense128"),
        (lambda: dense(keras.layers.Rescaling(2.0)), InputFormat(), "dense128"),
        (strided, InputFormat(), "conv32-dropout"),
    ],
    ids=["tanh", "logits", "bytes", "no channels", "rescaled bytes", "rescaled", "strides"],
)
def test_another_network_with_weights_of_the_same_shapes_stays_itself(
    tmp_path: Path, build: Callable[[], Any], form: InputFormat, recipe: str
) -> None:
    network = build()
    network.save(tmp_path / "other.keras")
    is_logits = network.layers[-1].activation is keras.activations.linear
    output = "logits" if is_logits else "probabilities"
    add_metadata(tmp_path / "other.keras", ModelMetadata(input_format=form, output=output))
    loaded, metadata = initial_model(tmp_path / "other.keras", recipe_named(recipe))
    inks = np.random.default_rng(1).random((4, *form.shape), np.float32)
    assert loaded.name != recipe.replace("-", "_")
    np.testing.assert_allclose(loaded(inks), network(inks), atol=1e-5)
    assert (metadata.input_format, metadata.output) == (form, output)


def test_what_is_no_model_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.keras").write_bytes(b"PK\x03\x04 and nothing else")
    with pytest.raises(ModelFileError) as caught:
        initial_model(tmp_path / "broken.keras", recipe_named("digitpad"))
    assert isinstance(caught.value, DigitpadError)
