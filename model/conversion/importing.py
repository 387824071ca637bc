"""From any model file to a converted model that gives the same answers.

This runs in a child process: it needs Keras, and the file may still be malicious.
"""

import time
from functools import partial
from typing import Any

import keras
import msgspec
import numpy as np
import numpy.typing as npt

from model.conversion.layer_mapping import calls_of_plan, with_map
from model.conversion.litert import TOLERANCE, convert
from model.conversion.pixel_choices import pixel_choices
from model.conversion.rebuild import built_network
from model.conversion.tensorflow_errors import tensorflow_errors_told
from model.converted_model import ConvertedModel
from model.data.sample_digits import SampleDigits, sample_digits
from model.errors import ModelFileError
from model.files.temporary_folders import naming_folder
from model.metadata import DIGIT_NAMES, InputFormat, ModelMetadata
from model.model_files.inspection import InspectedModel
from model.model_files.model_file import converted_model_path, write_converted_model
from model.model_files.summary import PIXEL_QUESTION
from model.progress import ReportProgress
from model.recognizer import Recognizer, calibrated, model_input
from model.task_events import Asked, Imported

SLOWEST_ANSWER_MS = 500.0
"""A network that takes longer for an answer is refused: it can't follow a pen."""

BATCH = 25


def import_model(
    inspected: InspectedModel, *, input_format: InputFormat | None, report: ReportProgress
) -> Imported | Asked:
    """Build a network, convert it, compare both on digits, and keep the converted one in the cache.

    Args:
        inspected: The file's contents.
        input_format: The pixels of its input, if the user chose them; the shape is ignored.
        report: Gets the activity and the fraction that is done, in [0, 1].

    Returns:
        The converted model, or the question that must be answered first.

    Raises:
        ModelFileError: If the network is not one for ink images, or the converted one differs.
        FolderError: If the cache or the folder of temporary files can't be written.
    """
    with tensorflow_errors_told():
        return _imported(inspected, input_format=input_format, report=report)


def _imported(
    inspected: InspectedModel, *, input_format: InputFormat | None, report: ReportProgress
) -> Imported | Asked:
    summary = inspected.summary
    if summary.obstacles:
        raise ModelFileError(f"The file can't be used: {summary.obstacles[0]}")
    report("Building the network", 0.5)
    built = built_network(inspected)
    model = built.model
    wanted = input_format or summary.input_format
    if wanted is None:
        report("Trying pixel ranges on digits", 0.6)
        predict = partial(keras_probabilities, model)
        return Asked(sentence=PIXEL_QUESTION, choices=pixel_choices(predict, summary.metadata))
    digits = sample_digits()
    wanted = msgspec.structs.replace(wanted, shape=summary.input_shape)
    metadata = msgspec.structs.replace(summary.metadata, input_format=wanted)
    report("Converting the network", 0.6)
    litert = convert(model)
    metadata = with_map(model, calls_of_plan(built), litert, metadata)
    report("Comparing both on digits", 0.9)
    recognizer = _recognizer(litert, metadata, summary.sha256)
    difference, right = _comparison(model, recognizer, metadata, digits)
    milliseconds = _answer_time(recognizer, digits)
    target = converted_model_path(summary.sha256)
    with naming_folder(target.parent, "DIGITPAD_CACHE"):
        write_converted_model(target, litert, metadata, source_sha256=summary.sha256)
    return Imported(
        litert_file=str(target),
        sha256=summary.sha256,
        input_format=wanted,
        largest_difference=difference,
        digits_right=right,
        milliseconds=milliseconds,
    )


def keras_probabilities(
    model: Any, inks: npt.NDArray[np.float32], metadata: ModelMetadata
) -> npt.NDArray[np.float32]:
    """Return a Keras model's probabilities for ink images, calibrated.

    Args:
        model: float32 (batch, *input shape) to (batch, classes).
        inks: float32 (batch, 28, 28) in [0, 1].
        metadata: The formats of its input and its output.

    Returns:
        float32 (batch, classes).
    """
    parts = [
        keras.ops.convert_to_numpy(model(model_input(part, metadata), training=False))
        for part in batches(inks)
    ]
    return calibrated(np.concatenate(parts).astype(np.float32), metadata)


def litert_probabilities(
    recognizer: Recognizer, inks: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """Return a converted model's probabilities for ink images, calibrated.

    Args:
        recognizer: The converted model.
        inks: float32 (batch, 28, 28) in [0, 1].

    Returns:
        float32 (batch, classes).
    """
    answers = [answer for part in batches(inks) for answer in recognizer.recognize_batch(part)]
    return np.stack([answer.probabilities for answer in answers])


def batches(inks: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
    """Split ink images into parts whose activations take at most about two gigabytes."""
    return np.array_split(inks, -(-len(inks) // BATCH))


def check_difference(difference: float) -> None:
    """Refuse a converted model that differs from the original.

    Raises:
        ModelFileError: If a probability differs by more than `TOLERANCE`.
    """
    # Written so that NaN, which compares as false, is refused.
    if not difference <= TOLERANCE:
        raise ModelFileError(
            f"The converted network differs from the original by {difference:.1e}; it is not used."
        )


def _recognizer(litert: bytes, metadata: ModelMetadata, source_sha256: str) -> Recognizer:
    """Start the runtime as the window does."""
    try:
        return Recognizer(litert, ConvertedModel.of(litert, metadata, source_sha256=source_sha256))
    except (RuntimeError, ValueError) as error:
        raise ModelFileError(
            "The converted network does not run; the file uses something that only the whole of"
            " TensorFlow can do.",
            detail=str(error)[:500],
        ) from error


def _comparison(
    model: Any, recognizer: Recognizer, metadata: ModelMetadata, digits: SampleDigits
) -> tuple[float, float | None]:
    """Return the largest difference and the accuracy on the digits."""
    ours = keras_probabilities(model, digits.inks, metadata)
    copied = litert_probabilities(recognizer, digits.inks)
    difference = float(np.abs(ours - copied).max())
    check_difference(difference)
    return difference, _share_right(copied, metadata, digits)


def _share_right(
    probabilities: npt.NDArray[np.float32], metadata: ModelMetadata, digits: SampleDigits
) -> float | None:
    if metadata.class_names != DIGIT_NAMES:
        return None
    return float((probabilities.argmax(axis=1) == digits.labels).mean())


def _answer_time(recognizer: Recognizer, digits: SampleDigits) -> float:
    """Return how long an answer takes, in milliseconds, the best of three.

    Raises:
        ModelFileError: If that is too long.
    """
    took = []
    for ink in digits.inks[:3]:
        began = time.perf_counter()
        recognizer.recognize(ink)
        took.append(1000 * (time.perf_counter() - began))
    if min(took) > SLOWEST_ANSWER_MS:
        raise ModelFileError(
            f"The file can't be used: its network takes {min(took):.0f} ms for one answer, more"
            f" than {SLOWEST_ANSWER_MS:.0f}."
        )
    return min(took)
