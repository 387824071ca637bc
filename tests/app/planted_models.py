"""Model files that are known already, made from the bundled network without Keras."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from model.model_files.model_file import (
    add_metadata,
    converted_model_path,
    file_sha256,
    read_metadata,
    write_converted_model,
)
from model.recognizer import BUNDLED_MODEL

FAKE_OPENER = Path(__file__).with_name("fake_opener.py")


def plant(path: Path, *, accuracy: float = 0.95, is_known: bool = True) -> str:
    """Put a model file at a path; return its hash. A known one needs no child to be opened."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(BUNDLED_MODEL, path)
    # Another accuracy makes it another file, with another hash.
    metadata = msgspec.structs.replace(read_metadata(path), test_accuracy=accuracy)
    add_metadata(path, metadata)
    sha256 = file_sha256(path)
    if is_known:
        litert = BUNDLED_MODEL.with_suffix(".tflite").read_bytes()
        write_converted_model(converted_model_path(sha256), litert, metadata, source_sha256=sha256)
    return sha256


def fake_child(mode: str) -> Callable[..., list[str]]:
    """Return what starts the fake child in a mode, in place of `python -m model`."""
    return lambda *arguments: [sys.executable, "-I", "-S", str(FAKE_OPENER), mode, *arguments]
