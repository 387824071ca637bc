"""Reports as files: a self-contained page, a table, or everything as JSON."""

import base64
import csv
import html
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from PIL import Image

from model.evaluation.kept import Evaluation
from model.files.atomic_file import write_atomically
from model.metadata import printable

MOST_PICTURES = 60
"""Wrong pictures on a page."""

_PICTURE_PX = 56
_CURVE = (220, 110)
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem;
  color-scheme: light dark; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
td, th { border: 1px solid #8888; padding: 2px 8px; text-align: right; }
figure { display: inline-block; margin: 0 8px 8px 0; font-size: 12px; text-align: center; }
.wrong { background: #3557d544; }
"""


class Writer(NamedTuple):
    """One format.

    Attributes:
        suffix: Of the file.
        title: In a dialog.
        write: Returns the file's bytes.
    """

    suffix: str
    title: str
    write: Callable[[Evaluation], bytes]


def written_report(evaluation: Evaluation, path: Path) -> None:
    """Write a report; the file's suffix decides the format, a page where it is another.

    Raises:
        OSError: If the file can't be written.
    """
    suffix = path.suffix.lower().lstrip(".")
    writer = next((writer for writer in WRITERS if writer.suffix == suffix), WRITERS[0])
    write_atomically(path, writer.write(evaluation))


def as_json(evaluation: Evaluation) -> bytes:
    """Return everything but the pictures as JSON."""
    row = msgspec.to_builtins(evaluation)
    del row["pictures"]
    return msgspec.json.format(msgspec.json.encode(row), indent=1)


def as_csv(evaluation: Evaluation) -> bytes:
    """Return the confusion matrix and the classes as a table with a byte order mark."""
    report = evaluation.report
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        ["true \\ answer", *map(_cell, report.class_names), "recall", "precision", "f1"]
    )
    for name, counts, row in zip(
        report.class_names, report.confusion, report.per_class, strict=True
    ):
        writer.writerow([_cell(name), *counts, row.recall, row.precision, row.f1])
    return text.getvalue().encode("utf-8-sig")


def as_page(evaluation: Evaluation) -> bytes:
    """Return one HTML page that needs nothing else: figures, matrix, curves, wrong pictures."""
    report = evaluation.report
    title = f"{printable(report.model, 60)} on {printable(evaluation.title, 60)}"
    low, high = report.interval
    body = "\n".join(
        [
            f"<h1>{_escaped(title)}</h1>",
            f"<p><b>{report.accuracy:.2%}</b> of {report.images:,} images right"
            f" (95 % interval {low:.2%} to {high:.2%}); calibration error"
            f" {report.calibration.error:.2%};"
            f" {report.calibration.wrong_and_sure:,} wrong and more than 90 % sure.</p>",
            f"<p>Model file {_escaped(report.model_sha256)}, data"
            f" {_escaped(report.dataset_sha256)}, pixels {_escaped(report.pixels)}.</p>",
            *(_comparison(evaluation)),
            "<h2>Confusion</h2>",
            _matrix(evaluation),
            *_curves(evaluation),
            "<h2>Wrong pictures, the surest first</h2>",
            *_pictures(evaluation),
        ]
    )
    page = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{_escaped(title)}'
        f"</title><style>{_STYLE}</style></head><body>\n{body}\n</body></html>\n"
    )
    return page.encode("utf-8", "replace")


def _comparison(evaluation: Evaluation) -> Iterator[str]:
    if evaluation.comparison is not None:
        second = _escaped(printable(evaluation.compared_with, 60))
        yield f"<p>Second model {second}: {_escaped(evaluation.comparison.sentence)}</p>"


def _matrix(evaluation: Evaluation) -> str:
    report = evaluation.report
    names = [_escaped(printable(name, 30)) for name in report.class_names]
    head = "".join(f"<th>{name}</th>" for name in names)
    rows = [f"<tr><th>true \\ answer</th>{head}</tr>"]
    for row, (name, counts) in enumerate(zip(names, report.confusion, strict=True)):
        cells = "".join(
            f'<td class="wrong">{count}</td>'
            if count and row != column
            else f"<td>{count or ''}</td>"
            for column, count in enumerate(counts)
        )
        rows.append(f"<tr><th>{name}</th>{cells}</tr>")
    return "<table>" + "".join(rows) + "</table>"


def _curves(evaluation: Evaluation) -> Iterator[str]:
    if not evaluation.curves:
        return
    yield "<h2>Robustness</h2>"
    width, height = _CURVE
    for curve in evaluation.curves:
        first, last = curve.points[0].amount, curve.points[-1].amount
        scale = width / ((last - first) or 1)
        points = " ".join(
            f"{(point.amount - first) * scale:.1f},{height * (1 - point.accuracy):.1f}"
            for point in curve.points
        )
        yield (
            f'<figure><svg width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
            f'<rect width="{width}" height="{height}" fill="none" stroke="#888"/>'
            f'<polyline points="{points}" fill="none" stroke="#3557d5" stroke-width="2"/></svg>'
            f"<figcaption>{_escaped(curve.title)}, {first:g} to {last:g}{_escaped(curve.unit)}"
            "</figcaption></figure>"
        )


def _pictures(evaluation: Evaluation) -> Iterator[str]:
    names = evaluation.report.class_names
    shown = zip(evaluation.report.wrong, evaluation.pictures[:MOST_PICTURES], strict=False)
    for row, picture in shown:
        file = io.BytesIO()
        Image.fromarray(255 - picture.image).save(file, "PNG")
        data = base64.b64encode(file.getvalue()).decode()
        words = (
            f"{printable(names[row.label], 20)} → {printable(names[row.predicted], 20)},"
            f" {row.confidence:.0%}"
        )
        yield (
            f'<figure><img width="{_PICTURE_PX}" height="{_PICTURE_PX}" alt=""'
            f' style="image-rendering: pixelated" src="data:image/png;base64,{data}">'
            f"<figcaption>{_escaped(words)}</figcaption></figure>"
        )


def _escaped(text: str) -> str:
    return html.escape(text, quote=True)


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    shown = printable(text, 60)
    return f"'{shown}" if shown[:1] in "=+-@" else shown


WRITERS = (
    Writer("html", "Page (*.html)", as_page),
    Writer("csv", "Table (*.csv)", as_csv),
    Writer("json", "Everything (*.json)", as_json),
)
"""Every format, the first by default."""
