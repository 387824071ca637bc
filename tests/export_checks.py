"""Exports a small network in each format in one process with TensorFlow.

`python tests/export_checks.py FOLDER` prints one JSON object a line: a case's name, and what came
of it.
"""

import dataclasses
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.update(KERAS_BACKEND="tensorflow", CUDA_VISIBLE_DEVICES="-1", TF_CPP_MIN_LOG_LEVEL="3")
PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

import msgspec  # noqa: E402  # the environment must be set first
import numpy as np  # noqa: E402

from model.conversion.converters import CONVERTERS  # noqa: E402
from model.conversion.exports import export_model  # noqa: E402
from model.data.sample_digits import sample_digits  # noqa: E402
from model.errors import ModelFileError  # noqa: E402
from model.exporting.order import ExportOrder  # noqa: E402
from model.model_files.inspection import InspectedModel, read_model, read_model_bytes  # noqa: E402
from model.recognizer import BUNDLED_MODEL, Recognizer  # noqa: E402


def exported(inspected: InspectedModel, **order: Any) -> dict[str, object]:
    """Export, and return the result or the refusal."""
    try:
        result = export_model(inspected, ExportOrder(**order), lambda *_: None)
    except ModelFileError as error:
        return {"refused": error.sentence}
    return msgspec.to_builtins(result)


def cases(folder: Path, inspected: InspectedModel) -> dict[str, dict[str, object]]:
    """Return what came of each case."""
    out = {"litert": folder / "net.tflite", "savedmodel": folder / "net"}
    found = {name: exported(inspected, target=name, out=path) for name, path in out.items()}
    out["quantized"] = folder / "quantized.tflite"
    found["quantized"] = exported(
        inspected, target="litert", out=out["quantized"], quantization="int8"
    )
    found["savedmodel again"] = exported(inspected, target="savedmodel", out=out["savedmodel"])
    if importlib.util.find_spec("onnxruntime") and importlib.util.find_spec("tf2onnx"):
        found["onnx"] = exported(inspected, target="onnx", out=folder / "net.onnx")
    found["wrong"] = exported_wrongly(inspected, out["litert"])
    found["answers"] = {
        name: [each.label for each in Recognizer.from_files(out[name]).recognize_batch(some_inks())]
        for name in ("litert", "quantized")
    }
    found["files"] = {"names": sorted(path.name for path in folder.iterdir())}
    return found


def exported_wrongly(inspected: InspectedModel, out: Path) -> dict[str, object]:
    """Export a network whose last weights are changed on the way."""
    kept = CONVERTERS["litert"]

    def write_wrongly(model: Any, *arguments: Any, **options: Any) -> None:
        last = next(layer for layer in reversed(model.layers) if layer.get_weights())
        kernel, bias = last.get_weights()
        last.set_weights([kernel, bias + np.arange(len(bias))])
        try:
            kept.write(model, *arguments, **options)
        finally:
            last.set_weights([kernel, bias])

    CONVERTERS["litert"] = dataclasses.replace(kept, write=write_wrongly)
    before = out.read_bytes()
    try:
        return {
            **exported(inspected, target="litert", out=out),
            "kept_the_old": out.read_bytes() == before,
        }
    finally:
        CONVERTERS["litert"] = kept


def some_inks() -> Any:
    """Return a few digits."""
    return sample_digits(10).inks


def main(folder: Path) -> None:
    """Print one line a case."""
    inspected = read_model(read_model_bytes(BUNDLED_MODEL), BUNDLED_MODEL.name)
    for name, result in cases(folder, inspected).items():
        print(json.dumps({"name": name, **result}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
