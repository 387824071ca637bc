"""An evaluation as one HTML page that needs nothing else: no script, no file, no network.

Its texts come from files of any origin; `_text` escapes them.
"""

import base64
import html
import io
import math
from collections.abc import Iterator, Sequence

from PIL import Image

from model.data.datasets import dataset_title
from model.evaluation.kept import AnyEvaluation, Evaluation, NumbersEvaluation, TrainingRecord
from model.evaluation.robustness import RobustnessCurve
from model.evaluation.slices import SLICE_TITLES, Accuracy
from model.evaluation.svg import Axis, Line, bar_plot, line_plot
from model.metadata import EpochFigures, printable
from model.metrics import percent
from model.recipe_fields import recipe_fields
from model.recipes import NETWORK_TITLES, RECIPES, Recipe

MOST_PICTURES = 120
"""Wrong pictures on a page."""

_VALIDATION = "var(--second)"
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; --accent: #3557d5; --second: #b4530a; --ground: #fff;
  --text: #1b1d22; --edge: #c9ccd4; }
@media (prefers-color-scheme: dark) { :root { --accent: #8aa2ff; --second: #f0a45a;
  --ground: #17181c; --text: #e8e9ed; --edge: #44474f; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem;
  background: var(--ground); color: var(--text); }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.scrolls { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0; font-variant-numeric: tabular-nums; }
td, th { border: 1px solid var(--edge); padding: 2px 8px; text-align: right; }
th:first-child, .words td { text-align: left; }
td.wrong { font-weight: 600; background: color-mix(in srgb, var(--accent) 22%, transparent); }
figure { display: inline-block; margin: 0 12px 12px 0; font-size: 12px; text-align: center;
  vertical-align: top; }
img { image-rendering: pixelated; background: #fff; border: 1px solid var(--edge); }
"""


def as_page(evaluation: AnyEvaluation) -> bytes:
    """Return the page as UTF-8."""
    title = f"{evaluation.report.model} on {evaluation.title}"
    if isinstance(evaluation, NumbersEvaluation):
        parts = list(_numbers(evaluation))
    else:
        parts = list(_images(evaluation))
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title, 140)}</title>\n<style>{_STYLE}</style></head><body>\n"
        f"<h1>{_text(title, 140)}</h1>\n" + "\n".join(parts) + "\n</body></html>\n"
    )
    return page.encode("utf-8", "replace")


def _images(evaluation: Evaluation) -> Iterator[str]:
    report = evaluation.report
    low, high = report.interval
    yield (
        f"<p><b>{percent(report.accuracy)}</b> of {report.images:,}"
        f" {'test' if evaluation.is_test else 'training'} images right (95 % interval"
        f" {percent(low)} to {percent(high)}); calibration error"
        f" {percent(report.calibration.error)}; {report.calibration.wrong_and_sure:,} wrong and"
        " more than 90 % sure.</p>"
    )
    if report.left_out:
        yield f"<p>{report.left_out:,} images of other classes are left out.</p>"
    if evaluation.comparison is not None:
        second = _text(evaluation.compared_with)
        low, high = evaluation.comparison.second_interval
        yield (
            f"<p>Second model {second}: <b>{percent(evaluation.comparison.second_accuracy)}</b> of"
            f" the same images right (95 % interval {percent(low)} to {percent(high)})."
            f" {_text(evaluation.comparison.sentence, 400)}</p>"
        )
    yield _hashes(report.model_sha256, report.dataset_sha256, report.pixels)
    yield from _training(evaluation.training)
    yield "<h2>Confusion matrix</h2>" + _matrix(evaluation)
    yield "<h2>Classes</h2>" + _classes(evaluation)
    yield "<h2>Reliability</h2>" + _reliability(evaluation)
    yield from _slices(report.slices)
    yield from _curves(evaluation)
    yield from _pictures(evaluation)


def _numbers(evaluation: NumbersEvaluation) -> Iterator[str]:
    report = evaluation.report
    low, high = report.interval
    yield (
        f"<p><b>{percent(report.accuracy)}</b> of {report.numbers:,} numbers read right"
        f" (95 % interval {percent(low)} to {percent(high)}).</p>"
    )
    if report.group_accuracy is not None:
        yield f"<p>{percent(report.group_accuracy)} of {report.groups:,} digits found.</p>"
    yield _hashes(report.model_sha256, report.dataset_sha256, "")
    yield from _slices(report.slices)
    yield "<h2>Wrong numbers</h2>"
    rows = [(str(row.row), row.text, row.answer) for row in report.wrong]
    yield _table(("Row", "Number", "Read as"), rows) if rows else "<p>None.</p>"


def _hashes(model: str, data: str, pixels: str) -> str:
    rows = [("Model file, SHA-256", model), ("Data, SHA-256", data), ("Pixels", pixels)]
    return _table((), [row for row in rows if row[1]], is_words=True)


def _training(training: TrainingRecord) -> Iterator[str]:
    if training.history:
        yield "<h2>Training</h2>"
        yield _learning_plot("Loss", training.history, "loss")
        yield _learning_plot("Accuracy", training.history, "accuracy")
    settings = list(_settings(training))
    if settings:
        yield "<h2>Settings</h2>" + _table((), settings, is_words=True)


def _learning_plot(title: str, history: Sequence[EpochFigures], name: str) -> str:
    lines = []
    for label, field, colour in (
        ("training", name, "var(--accent)"),
        ("validation", f"validation_{name}", _VALIDATION),
    ):
        rows = [(float(row.epoch), getattr(row, field)) for row in history]
        points = tuple(row for row in rows if row[1] is not None and math.isfinite(row[1]))
        if points:
            lines.append(Line(label, points, colour))
    values = [y for line in lines for _, y in line.points if math.isfinite(y)] or [0.0]
    across = Axis(history[0].epoch, max(history[-1].epoch, history[0].epoch + 1), "epoch")
    if name == "accuracy":
        up = Axis(math.floor(min(values) * 20) / 20, 1.0, "accuracy", "%")
    else:
        up = Axis(0.0, max(*values, 1e-6) if len(values) > 1 else values[0] or 1.0, "loss")
    return line_plot(title, lines, across, up)


def _settings(training: TrainingRecord) -> Iterator[tuple[str, str]]:
    recipe, labels = training.recipe, {row.name: row.label for row in recipe_fields(Recipe)}
    if training.dataset:
        yield "Data", dataset_title(training.dataset)
    for name in ("name", *labels):
        if name in recipe:
            yield labels.get(name, "Recipe"), _titled(name, str(recipe[name]))
    if training.began_with:
        name = training.began_with_name or "another model"
        yield "Began with the weights of", f"{name}, SHA-256 {training.began_with}"
    if training.parameters:
        yield "Weights", f"{training.parameters:,}"
    if training.device:
        yield "Device", training.device
    if training.created:
        yield "Trained", training.created
    yield from ((name, version) for name, version in training.versions.items())


def _titled(field: str, value: str) -> str:
    """Return a recipe's or a network's title in place of its name; other values as they are."""
    if field == "network":
        return next((title for name, title in NETWORK_TITLES.items() if name == value), value)
    is_known = field == "name" and value in RECIPES
    return RECIPES[value].title if is_known else value


def _matrix(evaluation: Evaluation) -> str:
    report = evaluation.report
    names = [_text(name, 30) for name in report.class_names]
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
    return f'<div class="scrolls"><table>{"".join(rows)}</table></div>'


def _classes(evaluation: Evaluation) -> str:
    rows = [
        (
            row.name,
            f"{row.images:,}",
            _percent(row.recall),
            _interval(row.interval),
            _percent(row.precision),
            "" if row.f1 is None else f"{row.f1:.3f}",
        )
        for row in evaluation.report.per_class
    ]
    return _table(("Class", "Images", "Right", "95 % interval", "Precision", "F1"), rows)


def _reliability(evaluation: Evaluation) -> str:
    bars = [
        (
            row.low,
            row.high,
            row.accuracy,
            f"{row.images:,} answers {percent(row.confidence or 0, 0)} sure,"
            f" {percent(row.accuracy, 0)} right",
        )
        for row in evaluation.report.calibration.bins
        if row.accuracy is not None
    ]
    across, up = Axis(0, 1, "confidence", "%"), Axis(0, 1, "right", "%")
    plot = bar_plot("How often answers of each confidence are right", bars, across, up)
    counts = [
        (
            f"{row.low * 100:.0f} to {percent(row.high, 0)}",
            f"{row.images:,}",
            _percent(row.accuracy),
        )
        for row in evaluation.report.calibration.bins
        if row.images
    ]
    return plot + _table(("Confidence", "Answers", "Right"), counts)


def _slices(slices: dict[str, tuple[Accuracy, ...]]) -> Iterator[str]:
    for by, parts in slices.items():
        title = SLICE_TITLES.get(by, by)
        rows = [
            (row.name, f"{row.images:,}", _percent(row.accuracy), _interval(row.interval))
            for row in parts
        ]
        yield f"<h2>By {_text(title).lower()}</h2>"
        yield _table((title, "Images", "Right", "95 % interval"), rows)


def _curves(evaluation: Evaluation) -> Iterator[str]:
    if not evaluation.curves:
        return
    images = max(curve.images for curve in evaluation.curves)
    yield f"<h2>Robustness</h2><p>On {images:,} drawings, with 95 % intervals.</p>"
    seconds = {curve.name: curve for curve in evaluation.second_curves}
    for curve in evaluation.curves:
        second = seconds.get(curve.name)
        lines = [_curve_line(curve, evaluation.report.model if second else "")]
        if second is not None:
            name = printable(evaluation.compared_with, 60)
            lines.append(_curve_line(second, name, is_second=True))
        first, last = curve.points[0].amount, curve.points[-1].amount
        across = Axis(first, last, curve.axis_title)
        yield line_plot(curve.title, lines, across, Axis(0, 1, "accuracy", "%"))


def _curve_line(curve: RobustnessCurve, name: str, *, is_second: bool = False) -> Line:
    return Line(
        printable(name, 60),
        tuple((point.amount, point.accuracy) for point in curve.points),
        colour="var(--second)" if is_second else "var(--accent)",
        band=tuple((point.low, point.high) for point in curve.points),
        is_dashed=is_second,
    )


def _pictures(evaluation: Evaluation) -> Iterator[str]:
    report = evaluation.report
    shown = evaluation.pictures[:MOST_PICTURES]
    yield "<h2>Wrong pictures, the surest first</h2>"
    yield f"<p>{len(shown):,} of {report.images - report.right:,}. A question mark: people doubt"
    yield "the label (Northcutt, Athalye, Mueller 2021).</p>"
    for row, picture in zip(report.wrong, shown, strict=False):
        file = io.BytesIO()
        Image.fromarray(255 - picture.image).save(file, "PNG")
        data = base64.b64encode(file.getvalue()).decode()
        words = (
            f"{printable(report.class_names[row.label], 20)} →"
            f" {printable(report.class_names[row.predicted], 20)}, {percent(row.confidence, 0)}"
        )
        yield (
            f'<figure><img width="56" height="56" alt="{_text(words)}"'
            f' src="data:image/png;base64,{data}">'
            f"<figcaption>{_text(words)}{' ?' if row.doubted else ''}</figcaption></figure>"
        )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], *, is_words: bool = False) -> str:
    lines = ["<tr>" + "".join(f"<th>{_text(cell)}</th>" for cell in head) + "</tr>"] if head else []
    for first, *others in rows:
        cells = "".join(f"<td>{_text(cell, 120)}</td>" for cell in others)
        lines.append(f"<tr><th>{_text(first)}</th>{cells}</tr>")
    kind = ' class="words"' if is_words else ""
    return f'<div class="scrolls"><table{kind}>{"".join(lines)}</table></div>'


def _percent(fraction: float | None) -> str:
    return "" if fraction is None else percent(fraction)


def _interval(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else f"{percent(interval[0], 1)} to {percent(interval[1], 1)}"


def _text(text: str, longest: int = 60) -> str:
    """Return a stranger's text, cut and escaped."""
    return html.escape(printable(text, longest), quote=True)
