"""`--model FILE` and `--pixels RANGE`: the network that a command works with."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from model.errors import ModelFileError

if TYPE_CHECKING:
    from model.model_files.opening import UnknownPixelsError
    from model.task_events import InputChoice


def add_model_option(parser: argparse.ArgumentParser) -> None:
    """Let a command take a model file."""
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="model file; the bundled network by default"
    )
    parser.add_argument(
        "--pixels",
        metavar="RANGE",
        help="pixels that the network expects, if its file does not say: 0-1, 0-255, signed"
        " (-1 to 1), standardized or 0-16, each also with -inverted",
    )


def converted_file(model_file: Path | None, pixels: str | None = None) -> Path:
    """Return the LiteRT file to answer with; a model file that is new is converted first.

    Where neither the file nor the user says which pixels the network expects, the likeliest range
    is taken and named on standard error.

    Args:
        model_file: What the user named: a `.keras`, `.h5` or `.tflite` file; None for the bundled
            network.
        pixels: A name in `PIXELS`, if the user gave one.

    Raises:
        ModelFileError: If the file is refused, damaged, or no network for ink images; or where it
            does not say which pixels it expects and they can't be inferred.
    """
    from model.pixel_ranges import pixels_named

    input_format = pixels_named(pixels)
    if model_file is None or model_file.suffix.lower() == ".tflite":
        if input_format is not None:
            raise ModelFileError(
                "--pixels goes with a .keras or .h5 file; this model says its own."
            )
        return _bundled_file() if model_file is None else model_file
    # Imported here: the bundled network needs no reader of model files.
    from model.model_files.opening import UnknownPixelsError, import_model

    try:
        return import_model(model_file, input_format=input_format)
    except UnknownPixelsError as error:
        chosen = _likeliest(error)
        return import_model(model_file, input_format=chosen.input_format)


def _bundled_file() -> Path:
    from model.recognizer import BUNDLED_MODEL

    return BUNDLED_MODEL.with_suffix(".tflite")


def _likeliest(error: "UnknownPixelsError") -> "InputChoice":
    """Return the likeliest range, and say on standard error which one it is.

    Raises:
        UnknownPixelsError: If the network's classes are no digits, so that they can't be inferred.
    """
    from model.pixel_ranges import PIXELS, pixels_in_words

    best = error.choices[0]
    if best.digits_right is None:
        error.sentence += f" Say it with --pixels {'|'.join(PIXELS)}."
        raise error
    sys.stderr.write(
        f"digitpad: The file does not say which pixels its network expects; taking"
        f" {pixels_in_words(best.input_format)}, with which it is right on"
        f" {best.digits_right:.0%} of the sample digits. --pixels chooses another range.\n"
    )
    return best
