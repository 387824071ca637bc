"""What the command trains, checked before anything is loaded, and the network it goes on from."""

from pathlib import Path

import numpy as np
import pytest

from model.errors import DigitpadError, ModelFileError, TrainingError
from model.metadata import DIGIT_NAMES, InputFormat, ModelMetadata
from model.model_file import add_metadata
from model.recipes import recipe_named
from model.runs.run_control import RunControl, StoppedError
from model.runs.training_job import TrainingJob, initial_model, run_job

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
    from model.networks import build_network

    network = build_network("conv32-dropout")
    network.save(tmp_path / "before.keras")
    add_metadata(tmp_path / "before.keras", ModelMetadata())
    loaded, metadata = initial_model(tmp_path / "before.keras", recipe_named("conv32-dropout"))
    assert "Dropout" in [type(layer).__name__ for layer in loaded.layers]
    for ours, theirs in zip(network.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
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


def test_what_is_no_model_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.keras").write_bytes(b"PK\x03\x04 and nothing else")
    with pytest.raises(ModelFileError) as caught:
        initial_model(tmp_path / "broken.keras", recipe_named("digitpad"))
    assert isinstance(caught.value, DigitpadError)
