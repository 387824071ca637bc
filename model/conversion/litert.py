"""Converting a Keras model to LiteRT, and comparing the answers of both."""

import contextlib
import io
import logging
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from model.conversion.tensorflow_errors import tensorflow_errors_told
from model.errors import ModelFileError
from model.files.temporary_folders import naming_folder
from model.quiet_libraries import quiet_libraries

TOLERANCE = 1e-4
"""Largest difference between a probability by Keras and the same one by LiteRT."""


KERAS_WRITES_LITERT = tuple(map(int, keras.__version__.split(".")[:2])) >= (3, 13)
"""The last Keras for Python 3.10 is 3.12, where TensorFlow's own converter does it."""


def convert(model: keras.Model) -> bytes:
    """Convert a Keras model to LiteRT in float32. Needs the TensorFlow backend.

    Raises:
        ModelFileError: If Keras can't convert it.
        FolderError: If there is no room for it in the folder of temporary files.
    """
    with (
        tensorflow_errors_told(),
        naming_folder(Path(tempfile.gettempdir()), "TMPDIR"),
        tempfile.TemporaryDirectory() as folder,
    ):
        target = Path(folder) / "network.tflite"
        try:
            with quiet_exporter():
                write_litert(model, target)
            return target.read_bytes()
        except (RuntimeError, ValueError, TypeError) as error:
            raise ModelFileError(
                "The network can't be converted for fast recognition; use ordinary Keras layers.",
                detail=f"{type(error).__name__}: {error}",
            ) from error


def write_litert(model: keras.Model, target: Path, **options: object) -> None:
    """Write a Keras model as a LiteRT file, unchecked.

    Args:
        model: The Keras model.
        target: The file to write.
        options: Attributes of TensorFlow's converter, such as `optimizations`.
    """
    if KERAS_WRITES_LITERT:
        model.export(target, format="litert", verbose=False, **options)
        return
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder:
        model.export(folder, format="tf_saved_model", verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        for name, value in options.items():
            setattr(converter, name, value)
        target.write_bytes(converter.convert())


def largest_difference(model: keras.Model, litert: bytes, inputs: npt.NDArray[np.float32]) -> float:
    """Return the largest difference between Keras's outputs and LiteRT's.

    Args:
        model: The Keras model.
        litert: The LiteRT file converted from it.
        inputs: float32 (batch, *input shape), the input of both.
    """
    with quiet_libraries():
        interpreter = Interpreter(model_content=litert, num_threads=1)
        input_index = interpreter.get_input_details()[0]["index"]
        interpreter.resize_tensor_input(input_index, inputs.shape)
        interpreter.allocate_tensors()
    interpreter.set_tensor(input_index, inputs)
    interpreter.invoke()
    litert_outputs = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    keras_outputs = keras.ops.convert_to_numpy(model(inputs, training=False))
    return float(np.abs(keras_outputs.astype(np.float32) - litert_outputs).max())


def verified_conversion(model: keras.Model, inputs: npt.NDArray[np.float32]) -> bytes:
    """Convert a Keras model and compare both on real images.

    Raises:
        ModelFileError: If it can't be converted, or the two differ by more than `TOLERANCE`.
    """
    litert = convert(model)
    difference = largest_difference(model, litert, inputs)
    # Written so that NaN, which compares as false, is refused.
    if not difference <= TOLERANCE:
        raise ModelFileError(
            f"The converted network differs from the original by {difference:.1e}; it is not used."
        )
    return litert


@contextlib.contextmanager
def quiet_exporter() -> Iterator[None]:
    """Keep the exporter's messages out of the terminal."""
    logger = logging.getLogger("absl")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def main(arguments: Sequence[str]) -> int:
    """Convert a file: `python -m model.conversion.litert MODEL.keras INKS.npy OUT.tflite`.

    For runs on another backend than TensorFlow, which can't convert themselves. The model file
    must be one that this program has just written.
    """
    model_file, inks_file, litert_file = map(Path, arguments)
    model = keras.saving.load_model(model_file, compile=False, safe_mode=True)
    litert_file.write_bytes(verified_conversion(model, np.load(inks_file)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
