"""The order for an export, and the check that it can be carried out."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from model.errors import ModelFileError
from model.exporting.formats import EXPORT_FORMATS, ExportFormat
from model.exporting.readme import README_MARK
from model.files.regular_files import read_regular
from model.metadata import InputFormat, ModelMetadata
from model.model_files.summary import ModelSummary

MAX_NEIGHBOUR_BYTES = 8 << 20

TEMPORARY_PREFIX = ".digitpad-export-"
"""Prefix of the temporary folder beside the export."""

Quantization = Literal["none", "int8"]


@dataclass(frozen=True, kw_only=True)
class ExportOrder:
    """An order for an export.

    Attributes:
        target: Name of the format.
        out: The file, or for a SavedModel the folder.
        quantization: `int8` for 8-bit integers inside, where the format has them.
        input_format: The network's input, if its file does not say.
        data_folder: Searched first for images to compare on.
        has_readme: Whether to write how to feed it.
    """

    target: str
    out: Path
    quantization: Quantization = "none"
    input_format: InputFormat | None = None
    data_folder: Path | None = None
    has_readme: bool = True


def checked_metadata(summary: ModelSummary, order: ExportOrder) -> ModelMetadata:
    """Check that an order can be carried out, before Keras is imported.

    Returns:
        The network's record with its input format.

    Raises:
        ModelFileError: If the order can't be carried out.
    """
    if summary.obstacles:
        raise ModelFileError(f"The file can't be exported: {summary.obstacles[0]}")
    _check_place(order)
    wanted = order.input_format or summary.input_format
    if wanted is None:
        raise ModelFileError(f"{summary.questions[0][:-1]}; say it with --pixels.")
    wanted = msgspec.structs.replace(wanted, shape=summary.input_shape)
    return msgspec.structs.replace(summary.metadata, input_format=wanted)


def _check_place(order: ExportOrder) -> None:
    wanted = EXPORT_FORMATS[order.target]
    if order.out.suffix != wanted.suffix:
        what = f"end in {wanted.suffix}" if wanted.suffix else "be a folder without a suffix"
        raise ModelFileError(f"--out must {what}; {order.out.name} is not such a name.")
    if order.quantization != "none" and not wanted.quantized_summary:
        able = [each.title for each in EXPORT_FORMATS.values() if each.quantized_summary]
        raise ModelFileError(f"Only {' and '.join(able)} files can be quantised; omit --quantize.")
    is_replaceable = order.out.is_file() if wanted.suffix else _is_export(wanted, order.out)
    if order.out.exists() and not is_replaceable:
        raise ModelFileError(f"{order.out} is something else already; choose another place.")
    _check_neighbours(order)
    missing = [name for name in wanted.packages if not importlib.util.find_spec(name)]
    if missing:
        raise ModelFileError(
            f"This format needs {', '.join(missing)}; install Digitpad's extra {order.target}"
            " (see README)."
        )


def readme_path(order: ExportOrder) -> Path:
    """Return where the README of an export lies."""
    return order.out.with_name(f"{order.out.name}.README.md")


def neighbours(order: ExportOrder) -> tuple[Path, ...]:
    """Return the files that an export writes beside its own."""
    companion = EXPORT_FORMATS[order.target].companion_suffix
    return (
        *((order.out.with_suffix(companion),) if companion else ()),
        *((readme_path(order),) if order.has_readme else ()),
    )


def _check_neighbours(order: ExportOrder) -> None:
    """Refuse to write over a file that is not of an earlier export."""
    for path in neighbours(order):
        if (path.exists() or path.is_symlink()) and not _is_of_export(path):
            raise ModelFileError(
                f"{path.name} would be written, too, and is something else already; choose another"
                " name."
            )


def _is_of_export(path: Path) -> bool:
    try:
        data = read_regular(path, max_bytes=MAX_NEIGHBOUR_BYTES)
        if path.suffix == ".md":
            return README_MARK.encode() in data
        msgspec.json.decode(data, type=_ConvertedRecord)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


class _ConvertedRecord(msgspec.Struct):
    """What distinguishes the record of a converted model from other JSON."""

    source_sha256: str
    litert_sha256: str
    metadata: dict[str, object]


def _is_export(wanted: ExportFormat, folder: Path) -> bool:
    """Return whether a folder holds an export and nothing else, so that it may be replaced."""
    if not (folder / wanted.folder_entries[0]).is_file():
        return False
    return all(entry.name in wanted.folder_entries for entry in folder.iterdir())
