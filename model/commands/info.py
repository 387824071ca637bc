"""`digitpad info`: what a model file holds; nothing in it is run."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.model_files.summary import ModelSummary


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "info",
        help="look into a model file",
        description="Say what a model file holds. Nothing in it is run.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a .keras or .h5 file")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Look into the file; return the exit code."""
    import msgspec

    from model.commands.import_file import bound_resources
    from model.model_files.inspection import inspect_model_file
    from model.model_files.opening import IDLE_SECONDS
    from model.worker.hang_guard import ended_when_hung

    bound_resources()
    with ended_when_hung(IDLE_SECONDS):
        summary = inspect_model_file(arguments.file)
    if arguments.json:
        sys.stdout.write(msgspec.json.encode(summary).decode() + "\n")
    else:
        sys.stdout.write("\n".join(_lines(summary)) + "\n")
    return 0


def _lines(summary: "ModelSummary") -> list[str]:
    facts = {
        "file": f"{summary.file_name}, {summary.size_bytes:,} bytes",
        "format": {"keras": "Keras archive", "hdf5": "HDF5, by an older Keras"}[
            summary.file_format
        ],
        "SHA-256": summary.sha256,
        "network": f"{summary.parameters:,} weights, {summary.multiply_adds:,} multiplications",
        "input": _input(summary),
        "output": f"{summary.metadata.output} of {', '.join(summary.metadata.class_names)}",
        **_training(summary),
        "saved": summary.created.replace("@", " "),
        "Keras": summary.keras_version,
    }
    lines = [f"{name:<12}{value}" for name, value in facts.items() if value]
    return [*lines, "", *_table(summary), *_remarks(summary)]


def _input(summary: "ModelSummary") -> str:
    from model.pixel_ranges import pixels_in_words

    form = summary.input_format
    if form is None:
        return f"shape {summary.input_shape}, pixels unknown"
    return f"shape {summary.input_shape}, pixels {pixels_in_words(form)}"


def _training(summary: "ModelSummary") -> dict[str, str]:
    """Return what the file's record says about its training; empty without a record."""
    from model.metadata import printable

    record = summary.metadata
    accuracies = {"test": record.test_accuracy, "validation": record.validation_accuracy}
    return {
        "recipe": printable(record.recipe.get("name"), 80),
        "data": record.dataset,
        "accuracy": ", ".join(
            f"{accuracy:.2%} {split}"
            for split, accuracy in accuracies.items()
            if accuracy is not None
        ),
        "epochs": str(len(record.history) or ""),
        "device": record.device,
    }


def _table(summary: "ModelSummary") -> list[str]:
    """Return one line per layer, columns aligned."""
    rows = [
        (row.name, row.kind, " x ".join(map(str, row.output_shape[1:])), f"{row.parameters:,}")
        for row in summary.layers
    ]
    rows.insert(0, ("layer", "kind", "output", "weights"))
    name, kind, shape, weights = (max(map(len, column)) for column in zip(*rows, strict=True))
    return [
        f"{row[0]:<{name}}  {row[1]:<{kind}}  {row[2]:<{shape}}  {row[3]:>{weights}}"
        for row in rows
    ]


def _remarks(summary: "ModelSummary") -> list[str]:
    remarks = [*summary.obstacles, *summary.questions, *summary.warnings]
    return ["", *remarks] if remarks else []
