"""Recognising files that are no Keras model, with a sentence on what to do with them.

Only the first and the last bytes are looked at; nothing is unpacked or parsed.
"""

from typing import NamedTuple

from model.model_files.archive import MAGIC as ARCHIVE_MAGIC

DIRECTORY_BYTES = 1 << 16
"""The names of a zip archive's members stand at its end, its central directory."""


class _Kind(NamedTuple):
    """One kind of file, recognised by a mark.

    Attributes:
        mark: Bytes that such a file has.
        sentence: What the file is and what to do.
    """

    mark: bytes
    sentence: str


_LITERT = (
    "This is a LiteRT file, which does not say what its answers mean; open the .keras file"
    " that it was made from."
)
_PYTORCH = "This is a PyTorch file, not a model file of Keras, the only ones that Digitpad opens."
_UNKNOWN = (
    "This is not a model file, or a damaged one: it begins neither as a Keras archive nor as HDF5."
    " Get it again from where it came from."
)

# Recognised by the file's first bytes, after white space.
_BEGINNINGS = (
    _Kind(
        b"version https://git-lfs.github.com/spec/",
        "This is a Git LFS pointer, not the model itself; fetch the model with `git lfs pull`, or"
        " download it from the repository's page.",
    ),
    _Kind(
        b"<!doctype html",
        "This is a web page, not a model file; the download brought the page about the file."
        " Download the file itself.",
    ),
    _Kind(
        b"<html",
        "This is a web page, not a model file; the download brought the page about the file."
        " Download the file itself.",
    ),
    _Kind(
        b"{",
        "This is a JSON file: it may describe a network, but it holds no weights. Save the whole"
        " model with model.save('NAME.keras').",
    ),
    _Kind(b"\x80\x02", _PYTORCH),
    _Kind(
        b"\x1f\x8b",
        "This is a packed file (gzip), not a model file; unpack it and open what is in it.",
    ),
)

# Recognised by the name of a member of a zip archive.
_MEMBERS = (
    _Kind(
        b"keras_model.h5",
        "This is an archive with a model in it, as Teachable Machine gives it; unpack it and open"
        " its keras_model.h5.",
    ),
    _Kind(
        b"model.json",
        "This is an archive with a TensorFlow.js model; Digitpad opens .keras and .h5 files. In"
        " Teachable Machine, export it as TensorFlow, Keras.",
    ),
    _Kind(b"/data.pkl", _PYTORCH),
    _Kind(
        b"saved_model.pb",
        "This is an archive with a SavedModel, which can't be opened; save the model with"
        " model.save('NAME.keras').",
    ),
    _Kind(b".tflite", "This is an archive with a LiteRT file in it. " + _LITERT),
    _Kind(
        b".npy",
        "This is an archive of arrays (.npz): data or bare weights, not a model. Data are chosen"
        " for training; a model is saved with model.save('NAME.keras').",
    ),
    _Kind(
        b".keras",
        "This is an archive with a .keras file in it; unpack it and open that file.",
    ),
)

_CONTENTS = {
    b"\x89PNG\r\n": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
}
"""What is known by its first bytes to be far from a model."""

_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\f\r\x1b") | {127}
"""Bytes that text does not hold."""

_SHORTEST_TEXT = 4
"""A piece of a model file may look like text where it is shorter."""


def what_it_is(data: bytes) -> str:
    """Say what a file is that neither begins as a Keras archive nor as HDF5.

    Args:
        data: The whole file.
    """
    if data[4:8] == b"TFL3":
        return _LITERT
    beginning = data[:256].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for kind in _BEGINNINGS:
        if beginning.startswith(kind.mark):
            return kind.sentence
    if _is_onnx(data):
        return (
            "This is an ONNX file, not a model file of Keras, the only ones that Digitpad opens. It"
            " exports to ONNX, but does not read it."
        )
    content = _content(data)
    return f"This is {content}, not a model file, whatever its name says." if content else _UNKNOWN


def _content(data: bytes) -> str:
    """Return what a file holds that is far from a model; empty if nothing is known of it."""
    if not data:
        return "an empty file"
    for mark, content in _CONTENTS.items():
        if data.startswith(mark):
            return content
    is_text = not _CONTROLS.intersection(data[:DIRECTORY_BYTES])
    return "a text file" if is_text and len(data) >= _SHORTEST_TEXT else ""


def what_archive_it_is(data: bytes) -> str:
    """Say what a zip archive is that has no `config.json`; empty if nothing is known of it.

    Args:
        data: The whole archive.
    """
    names = data[-DIRECTORY_BYTES:]
    if not data.startswith(ARCHIVE_MAGIC) or b"config.json" in names:
        return ""
    return next((kind.sentence for kind in _MEMBERS if kind.mark in names), "")


def _is_onnx(data: bytes) -> bool:
    """Whether a file begins as an ONNX model: its version, then the name of what wrote it."""
    return data[:1] == b"\x08" and data[1:2] < b"\x20" and data[2:3] == b"\x12"
