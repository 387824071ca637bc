"""TensorBoard's logs of a run, read back; a folder that can't be written is a sentence."""

import argparse
from importlib.util import find_spec
from pathlib import Path

import pytest

from model.commands import train
from model.errors import TrainingError
from model.recipes import Recipe
from model.training_job import TrainingJob
from model.worker.control import RunControl

keras = pytest.importorskip("keras")

from model.training.devices import Device  # noqa: E402  # after the check that Keras is there
from model.training.job import run_job  # noqa: E402
from model.training.run import Run  # noqa: E402
from model.training.tensorboard import tensorboard_callback  # noqa: E402
from tests.model.training.test_run import bars  # noqa: E402

RECIPE = Recipe(
    name="test", summary="", network="dense128", epochs=2, batch_size=20, validation_split=0.2
)


def scalars(folder: Path) -> dict[str, list[float]]:
    """The logged values of each tag, in the order of steps."""
    tensorflow = pytest.importorskip("tensorflow")
    found: dict[str, list[float]] = {}
    for file in sorted(folder.glob("events.*")):
        for event in tensorflow.compat.v1.train.summary_iterator(str(file)):
            for value in event.summary.value:
                if value.HasField("tensor") and value.tag.startswith("epoch_"):
                    number = float(tensorflow.make_ndarray(value.tensor))
                    found.setdefault(value.tag, []).append(number)
    return found


@pytest.mark.skipif(find_spec("tensorboard") is None, reason="needs tensorboard")
def test_losses_and_accuracies_of_each_epoch_are_logged(tmp_path: Path) -> None:
    events: list[object] = []
    run = Run(
        RECIPE,
        bars(),
        device=Device("cpu", "CPU"),
        listener=events.append,
        control=RunControl(),
        callbacks=[tensorboard_callback(tmp_path / "logs", "first")],
    )
    history = run.train().history
    training = scalars(tmp_path / "logs" / "first" / "train")
    assert training["epoch_loss"] == pytest.approx([row.loss for row in history])
    assert training["epoch_accuracy"] == pytest.approx([row.accuracy for row in history])
    validation = scalars(tmp_path / "logs" / "first" / "validation")
    assert validation["epoch_loss"] == pytest.approx([row.validation_loss for row in history])


def test_a_folder_that_can_not_be_written_is_said_before_the_data_are_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    job = TrainingJob(
        recipe=Recipe(name="test", summary="", network="dense128", dataset="/nowhere"),
        out=tmp_path / "n.keras",
        tensorboard=tmp_path / "file",
    )
    with pytest.raises(TrainingError, match="TensorBoard logs can't be written"):
        run_job(job, lambda _event: None, RunControl())


@pytest.mark.parametrize("package", ["tensorflow", "tensorboard"])
def test_a_package_that_is_missing_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    def find(name: str) -> object:
        return None if name == package else name

    monkeypatch.setattr("model.training.tensorboard.importlib.util.find_spec", find)
    with pytest.raises(TrainingError, match=f"need the package {package}, which is not installed"):
        tensorboard_callback(tmp_path / "logs", "run")


def test_the_option_reaches_the_child(tmp_path: Path) -> None:
    job = TrainingJob(
        recipe=Recipe(name="digitpad", summary="", network="dense128"),
        out=tmp_path / "n.keras",
        tensorboard=tmp_path / "-logs",
    )
    parser = argparse.ArgumentParser()
    train.add_parser(parser.add_subparsers())
    given = parser.parse_args(train.arguments_for(job))
    assert train.job_from(given).tensorboard == tmp_path / "-logs"
