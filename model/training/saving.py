"""The model file of a trained network: measured, converted and written."""

import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import keras
import msgspec
import numpy as np
import numpy.typing as npt
from typing_extensions import override

from model.calibration import (
    OUT_OF_DISTRIBUTION_FACTOR,
    choose_thresholds,
    class_scores,
    fitted_temperature,
)
from model.conversion.layer_mapping import calls_of_network, with_map
from model.conversion.litert import verified_conversion
from model.data.datasets import Dataset
from model.errors import ModelFileError, TrainingError
from model.files.atomic_file import atomic_path
from model.files.paths import cache_folder
from model.metadata import ModelMetadata, VerdictThresholds
from model.model_files.model_file import add_metadata, store_converted_model
from model.recipes import Recipe
from model.recognizer import calibrated, model_input
from model.run_events import Listener, Preparing
from model.training.epoch_keeping import keep_epochs
from model.training.feeding import prediction_feed
from model.training.run import EVALUATION_BATCH, TrainedNetwork
from model.training.split import Split, as_targets
from model.training.training_model import FULL_INK

COMPARED_IMAGES = 256
"""How many images compare Keras with LiteRT."""

COMPARED_WITH_EPOCHS = 16
"""How many compare them after each epoch that is kept."""


def keep_model(
    trained: TrainedNetwork,
    recipe: Recipe,
    data: Dataset,
    *,
    out: Path,
    device_title: str,
    listener: Listener,
) -> tuple[ModelMetadata, Path]:
    """Measure a trained network, convert it, and write its file.

    The test split is used here, once, and nowhere else.

    Args:
        trained: What the run left.
        recipe: How the run trained.
        data: What it trained on.
        out: The `.keras` file; replaced at once when the new one is whole.
        device_title: Where it trained.
        listener: Gets `Preparing`.

    Returns:
        The file's metadata, and the path of the converted model.

    Raises:
        ModelFileError: If Keras and LiteRT disagree.
        TrainingError: If the file or the cache can't be written; then `out` is as it was.
    """

    def report(fraction: float) -> None:
        listener(Preparing(activity="Measuring on the test images", fraction=fraction))

    if data.test_images is not None:
        report(0.0)
    metadata = measured_metadata(trained, recipe, data, device_title=device_title, progress=report)
    listener(Preparing(activity="Converting the network"))
    inks = data.train_images[:COMPARED_IMAGES].astype(np.float32) / np.float32(FULL_INK)
    try:
        litert_file = write_model(trained.network, metadata, out, inks=inks)
    except OSError as error:
        raise TrainingError(
            f"The model can't be written to {out}: {error.strerror or error}.", detail=str(error)
        ) from error
    keep_epochs(
        trained.network,
        litert_file.read_bytes(),
        trained.epochs,
        history=trained.history,
        inputs=model_input(inks[:COMPARED_WITH_EPOCHS], metadata),
        model_sha256=litert_file.stem,
    )
    return metadata, litert_file


def measured_metadata(
    trained: TrainedNetwork,
    recipe: Recipe,
    data: Dataset,
    *,
    device_title: str,
    progress: Callable[[float], object] = lambda _: None,
) -> ModelMetadata:
    """Fit temperature and thresholds on the calibration split, and measure the test accuracy.

    Args:
        trained: What the run left.
        recipe: How the run trained.
        data: What it trained on.
        device_title: Where it trained.
        progress: Gets the fraction of the test images that is measured.
    """
    temperature, verdicts, refusal_rate = _confidence(trained)
    return ModelMetadata(
        class_names=data.class_names,
        output=trained.metadata.output,
        input_format=trained.metadata.input_format,
        temperature=temperature,
        verdicts=verdicts,
        # A recipe holds the path of the user's own data; a model file holds only its name.
        recipe=msgspec.to_builtins(msgspec.structs.replace(recipe, dataset=data.name)),
        dataset=data.name,
        dataset_sha256=data.sha256,
        began_with=trained.metadata.began_with,
        began_with_name=trained.metadata.began_with_name,
        history=trained.history,
        validation_accuracy=trained.best.validation_accuracy,
        test_accuracy=_test_accuracy(trained.model, data, progress),
        refusal_rate=refusal_rate,
        parameters=trained.network.count_params(),
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        device=device_title,
        versions=_versions(),
    )


def write_model(
    network: keras.Model,
    metadata: ModelMetadata,
    out: Path,
    *,
    inks: npt.NDArray[np.float32],
) -> Path:
    """Write a network to a `.keras` file and keep its LiteRT copy.

    Args:
        network: float32 (batch, 28, 28, 1) in [0, 1] to probabilities.
        metadata: What the file says about itself.
        out: The file; it is as it was until the new one is whole and its verified copy is kept.
        inks: float32 (batch, 28, 28) in [0, 1], real images on which Keras and LiteRT are compared.

    Returns:
        The converted model.

    Raises:
        ModelFileError: If Keras and LiteRT disagree.
        TrainingError: If the cache can't be written.
        OSError: If the file can't be written.
    """
    # Converted first, so that the file beside the target lives only as long as it is written.
    litert = _converted(network, model_input(inks, metadata))
    metadata = with_map(network, calls_of_network(network), litert, metadata)
    with atomic_path(out) as temporary:
        network.save(temporary)
        add_metadata(temporary, metadata)
        # Before the file replaces the old one, which stays if the copy can't be stored.
        return _stored_copy(temporary, litert, metadata)


def _stored_copy(model_file: Path, litert: bytes, metadata: ModelMetadata) -> Path:
    try:
        return store_converted_model(model_file, litert, metadata)
    except OSError as error:
        raise TrainingError(
            f"The converted network can't be kept in {cache_folder()}:"
            f" {error.strerror or error}; free some space there, or set DIGITPAD_CACHE to another"
            " folder.",
            detail=str(error),
        ) from error


def _converted(network: keras.Model, inputs: npt.NDArray[np.float32]) -> bytes:
    if keras.config.backend() == "tensorflow":
        return verified_conversion(network, inputs)
    return _converted_by_child(network, inputs)


def _converted_by_child(network: keras.Model, inputs: npt.NDArray[np.float32]) -> bytes:
    """Convert with the TensorFlow backend, which only a process of its own can have."""
    with tempfile.TemporaryDirectory() as folder:
        network_file, inputs_file, litert_file = (
            Path(folder) / name for name in ("network.keras", "inputs.npy", "network.tflite")
        )
        network.save(network_file)
        np.save(inputs_file, inputs)
        child = subprocess.run(
            [
                sys.executable,
                "-m",
                "model.conversion.litert",
                network_file,
                inputs_file,
                litert_file,
            ],
            env={**os.environ, "KERAS_BACKEND": "tensorflow"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if child.returncode:
            raise ModelFileError(
                "The network can't be converted for fast recognition; TensorFlow must be"
                " installed for that.",
                detail=child.stderr,
            )
        return litert_file.read_bytes()


def _confidence(trained: TrainedNetwork) -> tuple[float, VerdictThresholds, float | None]:
    """Return temperature and thresholds, fitted on the calibration split, and the refusal rate."""
    calibration = trained.calibration
    if not len(calibration):
        return 1.0, VerdictThresholds(), None
    outputs = _probabilities(trained.model, calibration)
    has_class = calibration.has_class
    # A made-up drawing may be meant to be either of two digits: it takes up the doubt that a
    # threshold allows.
    is_digit = has_class if calibration.is_real is None else has_class & calibration.is_real
    fitted = fitted_temperature(outputs[is_digit], calibration.labels[is_digit])
    temperature = OUT_OF_DISTRIBUTION_FACTOR * fitted
    probabilities = calibrated(outputs, ModelMetadata(temperature=temperature))
    if has_class.all():
        return temperature, choose_thresholds(probabilities[is_digit]), None
    others = probabilities[~has_class]
    verdicts = choose_thresholds(probabilities[is_digit], others)
    return temperature, verdicts, float((class_scores(others) < verdicts.reject_below).mean())


class _TellsFraction(keras.callbacks.Callback):  # type: ignore[misc]
    """Tells how much of a prediction is done, some twenty times."""

    def __init__(self, batches: int, tell: Callable[[float], object]) -> None:
        super().__init__()
        self._batches = max(1, batches)
        self._every = max(1, batches // 20)
        self._tell = tell

    @override
    def on_predict_batch_end(self, batch: int, logs: object = None) -> None:
        if (batch + 1) % self._every == 0:
            self._tell(min(1.0, (batch + 1) / self._batches))


def _test_accuracy(
    model: keras.Model, data: Dataset, progress: Callable[[float], object]
) -> float | None:
    """Return the accuracy on the test split; None if there is none."""
    if data.test_images is None or data.test_labels is None or not len(data.test_images):
        return None
    test = Split(data.test_images, as_targets(data.test_labels, len(data.class_names)))
    tells = _TellsFraction(math.ceil(len(test) / EVALUATION_BATCH), progress)
    is_right = _probabilities(model, test, [tells]).argmax(axis=1) == test.labels
    return float(is_right[test.has_class].mean())


def _probabilities(
    model: keras.Model, split: Split, callbacks: Sequence[keras.callbacks.Callback] = ()
) -> npt.NDArray[np.float32]:
    """Return a wrapper's probabilities, float32 (images, classes)."""
    feed = prediction_feed(split, EVALUATION_BATCH)
    outputs = model.predict(**feed, verbose=0, callbacks=list(callbacks))
    return np.asarray(outputs, np.float32)


def _versions() -> dict[str, str]:
    """Return the versions of the packages that trained and converted."""
    # TensorFlow converts what another backend has trained.
    packages = ("digitpad", "keras", keras.config.backend(), "tensorflow", "numpy")
    found = {package: _version(package) for package in packages}
    return {package: version for package, version in found.items() if version}


def _version(package: str) -> str:
    """Return a package's version; empty if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
