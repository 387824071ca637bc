"""The table of export formats, read by the window, the command line and READMEs of exports.

`model.conversion.converters` has the code that writes and runs a format, under the same name.
"""

from dataclasses import dataclass

_LITERT_CODE = """\
from ai_edge_litert.interpreter import Interpreter

interpreter = Interpreter(model_path="{file}")
ink, answer = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
interpreter.resize_tensor_input(ink["index"], images.shape)
interpreter.allocate_tensors()
interpreter.set_tensor(ink["index"], images)  # float32 {shape}
interpreter.invoke()
outputs = interpreter.get_tensor(answer["index"])
"""

_ONNX_CODE = """\
import onnxruntime

session = onnxruntime.InferenceSession("{file}")
name = session.get_inputs()[0].name
outputs = session.run(None, {{name: images}})[0]  # images: float32 {shape}
"""

_SAVEDMODEL_CODE = """\
import tensorflow as tf

network = tf.saved_model.load("{file}")
outputs = network.serve(images).numpy()  # images: float32 {shape}
"""


@dataclass(frozen=True, kw_only=True)
class ExportFormat:
    """A row of the table of export formats.

    Attributes:
        name: On the command line.
        title: On the screen.
        summary: What the format is for.
        suffix: How its files end; empty for a folder.
        code: Python that runs an export, with the fields `file` and `shape`.
        packages: Packages that the format needs beside Digitpad's own.
        quantized_summary: What its quantized version is for; empty if it has none.
        companion_suffix: How a file ends that belongs to the export and lies beside it.
        folder_entries: What a folder of this format may hold; the first is always there.
    """

    name: str
    title: str
    summary: str
    suffix: str
    code: str
    packages: tuple[str, ...] = ()
    quantized_summary: str = ""
    companion_suffix: str = ""
    folder_entries: tuple[str, ...] = ()


EXPORT_FORMATS: dict[str, ExportFormat] = {
    row.name: row
    for row in (
        ExportFormat(
            name="litert",
            title="LiteRT",
            summary="for phones and small devices",
            suffix=".tflite",
            code=_LITERT_CODE,
            quantized_summary="about a quarter of the size, slightly less accurate",
            companion_suffix=".json",
        ),
        ExportFormat(
            name="onnx",
            title="ONNX",
            summary="for most other runtimes",
            suffix=".onnx",
            code=_ONNX_CODE,
            packages=("onnx", "tf2onnx", "onnxruntime"),
        ),
        ExportFormat(
            name="savedmodel",
            title="SavedModel",
            summary="a folder for TensorFlow",
            suffix="",
            code=_SAVEDMODEL_CODE,
            folder_entries=(
                "saved_model.pb",
                "fingerprint.pb",
                "keras_metadata.pb",
                "variables",
                "assets",
            ),
        ),
    )
}
"""The formats by name, in the order in which they are listed."""
