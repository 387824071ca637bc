"""`digitpad evaluate --dataset numbers`: how many numbers are read right."""

import argparse
import sys
from typing import TYPE_CHECKING

from model.errors import DatasetError
from model.files.text import visible

if TYPE_CHECKING:
    from model.evaluation.numbers_report import NumbersReport
    from model.recognizer import Recognizer

SHOWN_WRONG = 20
"""Wrong numbers that are listed for people; --json has more."""


def evaluate_numbers(arguments: argparse.Namespace, recognizer: "Recognizer", model: str) -> int:
    """Measure a model on numbers and print what it reads right; return the exit code.

    Args:
        arguments: Of `evaluate`.
        recognizer: The model.
        model: Its name.

    Raises:
        DatasetError: If something was asked for that numbers do not have.
    """
    from model.evaluation import evaluating
    from model.evaluation.saving import write_report

    if arguments.compare is not None or arguments.robustness:
        raise DatasetError("Numbers are measured without --compare and --robustness.")
    evaluation = evaluating.evaluate_numbers(
        recognizer, arguments.dataset, model=model, folder=arguments.data
    )
    if arguments.report is not None:
        write_report(evaluation, arguments.report)
    written = _as_json if arguments.json else _as_text
    sys.stdout.write(written(evaluation.report) + "\n")
    return 0


def _as_json(report: "NumbersReport") -> str:
    import msgspec

    row = msgspec.to_builtins(report) | {"group_accuracy": report.group_accuracy}
    for wrong in row["wrong"]:
        del wrong["strokes"]
    return msgspec.json.encode(row).decode()


def _as_text(report: "NumbersReport") -> str:
    from model.metadata import printable

    low, high = report.interval
    lines = [
        f"{visible(report.model)} on {visible(report.dataset)}: {report.accuracy:.2%} of the"
        f" numbers right ({report.right:,} of {report.numbers:,};"
        f" 95 % interval {low:.2%} to {high:.2%})"
    ]
    if report.group_accuracy is not None:
        lines.append(f"{report.group_accuracy:.2%} of {report.groups:,} digits found")
    lines += [
        f"row {wrong.row}: {printable(wrong.text, 60)} read as {wrong.answer}"
        for wrong in report.wrong[:SHOWN_WRONG]
    ]
    return "\n".join(lines)
