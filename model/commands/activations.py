"""`digitpad activations`: every layer's output for each row of a strokes file."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.commands.model_option import add_model_option, converted_file
from model.errors import ActivationsError, StrokesError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from model.activations.watched_network import WatchedNetwork
    from model.data.stroke_files import StrokesRow
    from model.ink import InkImage

MOST_VALUES = 250_000_000
"""More values than this, a gigabyte, are refused."""


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "activations",
        help="write every layer's output for strokes",
        description="Write every layer's output for each row of a strokes file to a NumPy archive.",
        epilog="The archive holds one array a layer by the layer's name, (rows, height, width,"
        " channels) or (rows, units).",
    )
    parser.add_argument(
        "--strokes",
        type=Path,
        metavar="FILE.jsonl",
        required=True,
        help='strokes file; "-" is standard input',
    )
    parser.add_argument("--out", type=Path, metavar="FILE.npz", required=True, help="the archive")
    add_model_option(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object a layer")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the archive and say what is in it.

    Returns:
        0.

    Raises:
        DigitpadError: If a row can't be read, as the arrays' rows have to match the file's.
    """
    from model.activations.watched_network import WatchedNetwork

    inks = _inks(arguments.strokes)
    network = WatchedNetwork.from_files(converted_file(arguments.model, arguments.pixels))
    _check_size(network, len(inks))
    arrays = _named_arrays(network, inks)
    _write(arguments.out, arrays)
    for layer, (name, array) in zip(network.layers, arrays.items(), strict=True):
        line = _as_json(name, layer.kind, array) if arguments.json else _as_text(name, array)
        sys.stdout.write(f"{line}\n")
    return 0


def _inks(strokes_file: Path) -> "npt.NDArray[np.float32]":
    """Return the rows' ink images, float32 (rows, 28, 28)."""
    import numpy as np

    from model.data.stroke_files import read_strokes

    return np.stack([_ink(number, row) for number, row in read_strokes(strokes_file)])


def _ink(number: int, row: "StrokesRow | StrokesError") -> "InkImage":
    from model.ink import ink_from_strokes

    try:
        if isinstance(row, StrokesError):
            raise row
        return ink_from_strokes(row.strokes)
    except StrokesError as error:
        raise StrokesError(f"Row {number}: {error.sentence}", detail=error.detail) from error


def _check_size(network: "WatchedNetwork", rows: int) -> None:
    values = rows * network.values
    if values > MOST_VALUES:
        raise ActivationsError(
            f"The layers would put out {values:,} numbers, more than {MOST_VALUES:,}; use fewer"
            " rows."
        )


def _named_arrays(
    network: "WatchedNetwork", inks: "npt.NDArray[np.float32]"
) -> "dict[str, npt.NDArray[np.float32]]":
    """Return the layers' outputs under unique names that are valid in an archive."""
    arrays: dict[str, npt.NDArray[np.float32]] = {}
    for layer, array in zip(network.layers, network.activations(inks), strict=True):
        name = base = layer.name.replace("/", ".") or layer.kind
        number = 1
        while name in arrays:
            number += 1
            name = f"{base} ({number})"
        arrays[name] = array
    return arrays


def _write(out: Path, arrays: "dict[str, npt.NDArray[np.float32]]") -> None:
    import numpy as np

    from model.files.atomic_file import atomic_path

    try:
        with atomic_path(out) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # a layer may be "file"
    except OSError as error:
        raise ActivationsError(
            f"{out} can't be written: {error.strerror or error}.", detail=str(error)
        ) from error


def _as_text(name: str, array: "npt.NDArray[np.float32]") -> str:
    shape = " × ".join(map(str, array.shape[1:]))
    return f"{name}: {len(array)} rows of {shape}"


def _as_json(name: str, kind: str, array: "npt.NDArray[np.float32]") -> str:
    import msgspec

    return msgspec.json.encode({"layer": name, "kind": kind, "shape": array.shape}).decode()
