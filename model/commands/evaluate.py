"""`digitpad evaluate`: how good a model is on a data set, where it is wrong, when it breaks."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.commands.model_option import add_model_option, converted_file
from model.files.text import visible

if TYPE_CHECKING:
    from model.evaluation.kept import Evaluation
    from model.evaluation.report import EvaluationReport
    from model.evaluation.robustness import RobustnessCurve

SHOWN_WRONG = 10
"""Wrong answers that are listed for people; --json has all."""


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "evaluate",
        help="measure a model on a data set",
        description="Measure how much a model gets right on a data set's test split, where it is"
        " wrong, and whether its confidence means what it says. Classes are matched by name.",
    )
    add_model_option(parser)
    parser.add_argument(
        "--dataset",
        default="mnist",
        metavar="NAME",
        help='name or path (default mnist); "numbers"'
        " or rows with a text measure the reading of numbers",
    )
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="folder to search first for published data sets"
    )
    parser.add_argument(
        "--invert",
        action=argparse.BooleanOptionalAction,
        help="turn your own images' dark ink to light; --no-invert takes them as they are",
    )
    parser.add_argument(
        "--compare", type=Path, metavar="FILE", help="a second model file, on the same images"
    )
    parser.add_argument(
        "--robustness",
        action="store_true",
        help="also measure drawings that are turned, slanted, shaken, blurred or cut",
    )
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FILE",
        help="also write a report: a page (.html), tables (.csv) or everything (.json)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure what was asked for; return the exit code."""
    from model.commands.evaluate_numbers import evaluate_numbers
    from model.data.number_rows import are_numbers
    from model.evaluation.chosen_data import chosen_data
    from model.evaluation.evaluating import evaluate
    from model.evaluation.saving import report_writer, write_report
    from model.recognizer import Recognizer

    if arguments.report is not None:
        report_writer(arguments.report)  # a wrong name is reported before the work begins
    recognizer = Recognizer.from_files(converted_file(arguments.model, arguments.pixels))
    name = arguments.model.name if arguments.model else "bundled"
    if are_numbers(arguments.dataset):
        return evaluate_numbers(arguments, recognizer, name)
    second = None
    if arguments.compare is not None:
        second = Recognizer.from_files(converted_file(arguments.compare))
    evaluation = evaluate(
        recognizer,
        chosen_data(
            arguments.dataset,
            recognizer.metadata,
            folder=arguments.data,
            invert=arguments.invert,
        ),
        model=name,
        second=second,
        second_name=arguments.compare.name if second is not None else "",
        has_robustness=arguments.robustness,
    )
    if arguments.report is not None:
        write_report(evaluation, arguments.report)
    written = _as_json if arguments.json else _as_text
    sys.stdout.write(written(evaluation) + "\n")
    return 0


def _as_json(evaluation: "Evaluation") -> str:
    import msgspec

    report, comparison = evaluation.report, evaluation.comparison
    row = msgspec.to_builtins(report)
    row["calibration_error"] = report.calibration.error
    if comparison is not None:
        row["comparison"] = msgspec.to_builtins(comparison) | {
            "sentence": comparison.sentence,
            "second_accuracy": comparison.second_accuracy,
        }
    if evaluation.curves:
        row["robustness"] = msgspec.to_builtins(evaluation.curves)
    if evaluation.second_curves:
        row["second_robustness"] = msgspec.to_builtins(evaluation.second_curves)
    return msgspec.json.encode(row).decode()


def _as_text(evaluation: "Evaluation") -> str:
    report = evaluation.report
    low, high = report.interval
    lines = [
        f"{visible(report.model)} on {visible(evaluation.title)}: {report.accuracy:.2%} right"
        f" ({report.right:,} of {report.images:,}; 95 % interval {low:.2%} to {high:.2%})",
        f"calibration error {report.calibration.error:.2%};"
        f" {report.calibration.wrong_and_sure:,} wrong and over 90 % sure",
    ]
    if report.pixels:
        lines[0] += f", pixels {report.pixels}"
    if report.left_out:
        lines.append(f"{report.left_out:,} images are of no class of the model and left out")
    lines += _class_rows(report)
    lines += _wrong_rows(report)
    if evaluation.comparison is not None:
        low, high = evaluation.comparison.second_interval
        lines += [
            "",
            f"the second model: {evaluation.comparison.second_accuracy:.2%} right"
            f" (95 % interval {low:.2%} to {high:.2%})",
            visible(evaluation.comparison.sentence),
        ]
    for curve in evaluation.curves:
        lines.append(_curve_row(curve))
    if evaluation.second_curves:
        lines.append(f"The second model, {visible(evaluation.compared_with)}:")
        lines += map(_curve_row, evaluation.second_curves)
    return "\n".join(lines)


def _curve_row(curve: "RobustnessCurve") -> str:
    figures = "  ".join(f"{p.amount:g}: {p.accuracy:.1%}" for p in curve.points)
    return f"{curve.title} ({curve.unit.strip()}): {figures}"


def _class_rows(report: "EvaluationReport") -> Iterator[str]:
    from model.metadata import printable

    names = [printable(name, 40) for name in report.class_names]
    width = max(5, *map(len, names))
    yield f"{'class':>{width}}  {'images':>7}  {'right':>8}  precision"
    for name, row in zip(names, report.per_class, strict=True):
        recall = "none shown" if row.recall is None else f"{row.recall:.2%}"
        precision = "" if row.precision is None else f"{row.precision:.2%}"
        yield f"{name:>{width}}  {row.images:>7,}  {recall:>8}  {precision}".rstrip()


def _wrong_rows(report: "EvaluationReport") -> Iterator[str]:
    from model.metadata import printable

    for row in report.wrong[:SHOWN_WRONG]:
        label = printable(report.class_names[row.label], 40)
        answer = printable(report.class_names[row.predicted], 40)
        doubted = "; the label is doubted" if row.doubted else ""
        yield f"image {row.index}: {label} taken for {answer}, {row.confidence:.1%} sure{doubted}"
    if len(report.wrong) > SHOWN_WRONG:
        yield f"and {len(report.wrong) - SHOWN_WRONG:,} more wrong answers"
