"""Converters to the export formats: how each format is written, and how its runtime answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from model.data.comparison_images import ComparisonImages
from model.errors import ModelFileError
from model.metadata import ModelMetadata
from model.model_files.model_file import write_converted_model
from model.recognizer import Recognizer, calibrated, model_input

if TYPE_CHECKING:
    import keras

Probabilities: TypeAlias = npt.NDArray[np.float32]

Answers: TypeAlias = Callable[[npt.NDArray[np.float32]], Probabilities]
"""Ink images, float32 (batch, 28, 28) in [0, 1], to probabilities, float32 (batch, classes)."""


@dataclass(frozen=True)
class Converter:
    """A converter to one of `model.exporting.formats.EXPORT_FORMATS`.

    Attributes:
        write: Writes a network.
        load: Loads what was written into the format's own runtime.
    """

    write: Callable[..., None]
    load: Callable[[Path, ModelMetadata], Answers]


def _write_litert(
    model: "keras.Model",
    path: Path,
    metadata: ModelMetadata,
    images: ComparisonImages,
    *,
    is_quantized: bool,
    source_sha256: str,
) -> None:
    """Write a LiteRT file and the record beside it, which `Recognizer.from_files` needs."""
    from model.conversion.litert import write_litert

    options: dict[str, Any] = {}
    if is_quantized:
        import tensorflow as tf

        def typical() -> Iterator[list[npt.NDArray[np.float32]]]:
            for ink in images.typical:
                yield [model_input(ink[np.newaxis], metadata)]

        options = {
            "optimizations": [tf.lite.Optimize.DEFAULT],
            "representative_dataset": typical,
        }
        # The accuracies in the file are those of the exact network.
        metadata = msgspec.structs.replace(metadata, test_accuracy=None, validation_accuracy=None)
    write_litert(model, path, **options)
    litert = path.read_bytes()
    write_converted_model(path, litert, metadata, source_sha256=source_sha256)


def _write_onnx(model: "keras.Model", path: Path, *_: object, **__: object) -> None:
    # Keras exports a network to ONNX only after its first answer.
    model(np.zeros((1, *model.input_shape[1:]), np.float32), training=False)
    model.export(path, format="onnx", verbose=False)


def _write_savedmodel(model: "keras.Model", path: Path, *_: object, **__: object) -> None:
    model.export(path, format="tf_saved_model", verbose=False)


def _litert_answers(path: Path, _: ModelMetadata) -> Answers:
    recognizer = Recognizer.from_files(path)  # it has the record beside it
    return lambda inks: np.stack([each.probabilities for each in recognizer.recognize_batch(inks)])


def _onnx_answers(path: Path, metadata: ModelMetadata) -> Answers:
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as errors

    try:
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    except (errors.Fail, errors.InvalidGraph, errors.NotImplemented) as error:
        raise ModelFileError(
            "ONNX's runtime can't run the export; it was deleted.", detail=str(error)
        ) from error
    name = session.get_inputs()[0].name

    def answers(inks: Probabilities) -> Probabilities:
        return calibrated(session.run(None, {name: model_input(inks, metadata)})[0], metadata)

    return answers


def _savedmodel_answers(path: Path, metadata: ModelMetadata) -> Answers:
    import tensorflow as tf

    loaded = tf.saved_model.load(str(path))

    def answers(inks: Probabilities) -> Probabilities:
        return calibrated(loaded.serve(model_input(inks, metadata)).numpy(), metadata)

    return answers


CONVERTERS = {
    "litert": Converter(_write_litert, _litert_answers),
    "onnx": Converter(_write_onnx, _onnx_answers),
    "savedmodel": Converter(_write_savedmodel, _savedmodel_answers),
}
"""A converter for each name in `model.exporting.formats.EXPORT_FORMATS`."""
