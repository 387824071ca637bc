"""One network trained by the bundled recipe on a part of the bundled mix, and measured.

Imported only where something is trained: Keras takes seconds.
"""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
from mix_parts import RUNS, Mix
from trial_rows import Training

from model.metadata import ModelMetadata
from model.recipes import RECIPES, changed_recipe
from model.recognizer import Recognizer
from model.run_events import EpochFinished, Event, Preparing, Started
from model.training.devices import Device, chosen_device, use_device
from model.training.run import Run, TrainedNetwork
from model.training.saving import keep_model
from model.training.split import Split, Splits, as_targets
from model.worker.control import RunControl


@dataclass(frozen=True, eq=False)
class Trial:
    """The settings of a trial.

    Attributes:
        name: Of the trial, and of the files that are kept in `runs`.
        mix: The bundled mix.
        learned: Indices of its images in an epoch; an image may be there several times.
        validation: Indices of its images by which epoch, temperature and thresholds are chosen.
        epochs: Number of epochs.
        augmentation_off_fraction: Of the epochs, as in a recipe.
    """

    name: str
    mix: Mix
    learned: npt.NDArray[np.int64]
    validation: npt.NDArray[np.int64]
    epochs: int
    augmentation_off_fraction: float = RECIPES["bundled"].augmentation_off_fraction


@dataclass(frozen=True, eq=False)
class Tried:
    """The result of a trial.

    Attributes:
        file: The `.keras` file.
        recognizer: The network in it, converted.
        training: How it was trained.
    """

    file: Path
    recognizer: Recognizer
    training: Training


def used_device() -> Device:
    """Choose the best device and make Keras train on it; call before anything is built."""
    device = chosen_device("auto")
    use_device(device)
    return device


def train(
    trial: Trial, build: Callable[[], keras.Model], *, device: Device, folder: Path = RUNS
) -> Tried:
    """Train, convert and keep a network.

    Args:
        trial: Its data and number of epochs.
        build: Builds the network with fresh weights.
        device: Where.
        folder: Where `NAME.keras`, `NAME.tflite` and its record are written.
    """
    recipe = changed_recipe(
        RECIPES["bundled"],
        name=trial.name,
        epochs=trial.epochs,
        augmentation_off_fraction=trial.augmentation_off_fraction,
    )
    data = replace(trial.mix.data, name=f"part of {trial.mix.data.name}")
    keras.utils.set_random_seed(recipe.seed)
    network = build()
    validation = _split(trial.mix, trial.validation)
    run = Run(
        recipe,
        data,
        device=device,
        listener=_tell,
        control=RunControl(),
        initial=(network, ModelMetadata(class_names=data.class_names)),
        splits=Splits(_split(trial.mix, trial.learned), validation, validation),
    )
    trained = run.train()
    out = folder / f"{trial.name}.keras"
    out.parent.mkdir(parents=True, exist_ok=True)
    metadata, litert_file = keep_model(
        trained, recipe, data, out=out, device_title=device.title, listener=_tell
    )
    for suffix in (".tflite", ".json"):
        shutil.copyfile(litert_file.with_suffix(suffix), out.with_suffix(suffix))
    training = _training(trial, trained, metadata, batch_size=recipe.batch_size)
    return Tried(out, Recognizer.from_files(out.with_suffix(".tflite")), training)


def _split(mix: Mix, numbers: npt.NDArray[np.int64]) -> Split:
    targets = as_targets(mix.data.train_labels[numbers], len(mix.data.class_names))
    is_real = np.isin(mix.sources[numbers], mix.data.real_origins)
    return Split(mix.data.train_images[numbers], targets, is_real)


def _training(
    trial: Trial, trained: TrainedNetwork, metadata: ModelMetadata, *, batch_size: int
) -> Training:
    seconds = sum(row.seconds for row in trained.history)
    images, epochs = len(trial.learned), len(trained.history)
    return Training(
        epochs=epochs,
        images=images,
        steps=-(-images // batch_size) * epochs,
        images_per_s=images * epochs / seconds,
        device=metadata.device,
        versions=metadata.versions | {"ai-edge-litert": version("ai-edge-litert")},
        mix_sha256=trial.mix.data.sha256,
    )


def _tell(event: Event) -> None:
    """Print the events of a run, except its progress."""
    if isinstance(event, Preparing):
        print(event.activity, file=sys.stderr)
    elif isinstance(event, Started):
        print(f"{event.training_images:,} images, {event.device}", file=sys.stderr)
    elif isinstance(event, EpochFinished):
        figures = event.figures
        print(
            f"epoch {figures.epoch}: validation loss {figures.validation_loss:.4f},"
            f" right {figures.validation_accuracy:.2%}, {figures.seconds:.0f} s",
            file=sys.stderr,
        )
