"""Evaluations as files: a self-contained page, tables, or everything as JSON."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from model.errors import DigitpadError
from model.evaluation.kept import AnyEvaluation, Evaluation, NumbersEvaluation
from model.evaluation.page import as_page
from model.evaluation.slices import Accuracy
from model.files.atomic_file import write_atomically
from model.metadata import printable


class ReportFileError(DigitpadError):
    """A report can't be written where the user wants it."""


class Writer(NamedTuple):
    """A format of reports.

    Attributes:
        suffix: Of the file.
        title: In a dialog.
        write: Returns the file's bytes.
    """

    suffix: str
    title: str
    write: Callable[[AnyEvaluation], bytes]


def report_writer(path: Path) -> Writer:
    """Return the format of a report's file, by its suffix.

    Raises:
        ReportFileError: If no format has the suffix.
    """
    suffix = path.suffix.lower().lstrip(".")
    for writer in WRITERS:
        if writer.suffix == suffix:
            return writer
    endings = ", ".join(f".{writer.suffix}" for writer in WRITERS)
    raise ReportFileError(f"The report's name has to end in one of {endings}.")


def write_report(evaluation: AnyEvaluation, path: Path) -> None:
    """Write a report; the file's suffix decides the format.

    Raises:
        ReportFileError: If no format has the suffix, or the file can't be written.
    """
    writer = report_writer(path)
    try:
        write_atomically(path, writer.write(evaluation))
    except OSError as error:
        raise ReportFileError(
            f"{path.name} can't be written: {error.strerror}.", detail=str(error)
        ) from error


def as_json(evaluation: AnyEvaluation) -> bytes:
    """Return everything but the pictures as JSON."""
    row = msgspec.to_builtins(evaluation)
    row.pop("pictures", None)
    return msgspec.json.format(msgspec.json.encode(row), indent=1)


def as_csv(evaluation: AnyEvaluation) -> bytes:
    """Return the tables one below the other, an empty row between, with a byte order mark."""
    text = io.StringIO()
    writer = csv.writer(text)
    for number, rows in enumerate(_tables(evaluation)):
        if number:
            writer.writerow([])
        writer.writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


Table = list[Sequence[object]]
"""Rows; the first is the head."""


def _tables(evaluation: AnyEvaluation) -> Iterator[Table]:
    if isinstance(evaluation, NumbersEvaluation):
        return _of_numbers(evaluation)
    return _of_images(evaluation)


def _of_images(evaluation: Evaluation) -> Iterator[Table]:
    report = evaluation.report
    head = ["true \\ answer", *report.class_names, "recall", "precision", "f1", "low", "high"]
    rows = zip(report.class_names, report.confusion, report.per_class, strict=True)
    yield [
        head,
        *(
            [name, *counts, row.recall, row.precision, row.f1, *(row.interval or ("", ""))]
            for name, counts, row in rows
        ),
    ]
    if report.slices:
        yield _slices(report.slices)
    names = report.class_names
    yield [
        ["image", "true", "answer", "confidence", "label is doubted"],
        *(
            [row.index, names[row.label], names[row.predicted], row.confidence, row.doubted]
            for row in report.wrong
        ),
    ]
    if evaluation.curves:
        yield [
            ["disturbance", "amount", "accuracy", "low", "high", "model"],
            *(
                [curve.name, point.amount, point.accuracy, point.low, point.high, model]
                for model, curves in (
                    (report.model, evaluation.curves),
                    (evaluation.compared_with, evaluation.second_curves),
                )
                for curve in curves
                for point in curve.points
            ),
        ]


def _of_numbers(evaluation: NumbersEvaluation) -> Iterator[Table]:
    report = evaluation.report
    if report.slices:
        yield _slices(report.slices)
    yield [
        ["row", "number", "read as"],
        *([row.row, row.text, row.answer] for row in report.wrong),
    ]


def _slices(slices: dict[str, tuple[Accuracy, ...]]) -> Table:
    return [
        ["by", "value", "images", "right", "accuracy", "low", "high"],
        *(
            [by, row.name, row.images, row.right, row.accuracy, *row.interval]
            for by, parts in slices.items()
            for row in parts
        ),
    ]


def _cell(value: object) -> object:
    """Return a value as a cell, quoted if a spreadsheet would take it for a formula."""
    if not isinstance(value, str):
        return value
    shown = printable(value, 60)
    return f"'{shown}" if shown[:1] in tuple("=+-@") else shown


WRITERS = (
    Writer("html", "Page (*.html)", as_page),
    Writer("csv", "Tables (*.csv)", as_csv),
    Writer("json", "Everything (*.json)", as_json),
)
"""Every format, the first by default."""
