"""`--model FILE`: the network that a command works with."""

import argparse
from pathlib import Path


def add_model_option(parser: argparse.ArgumentParser) -> None:
    """Let a command take a model file."""
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="model file; the bundled network by default"
    )


def converted_file(model_file: Path | None) -> Path:
    """Return the LiteRT file to answer with; a model file that is new is converted first.

    Args:
        model_file: What the user named: a `.keras`, `.h5` or `.tflite` file; None for the bundled
            network.

    Raises:
        ModelFileError: If the file is refused, damaged, or no network for ink images.
    """
    if model_file is None:
        from model.recognizer import BUNDLED_MODEL

        return BUNDLED_MODEL.with_suffix(".tflite")
    if model_file.suffix == ".tflite":
        return model_file
    # Imported here: the bundled network needs no reader of model files.
    from model.model_files.opening import import_model

    return import_model(model_file)
