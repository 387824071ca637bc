"""`digitpad evaluate --dataset numbers`: how many numbers are read right."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from model.data.number_rows import NAME, holds_numbers, load_numbers, read_numbers
from model.errors import DatasetError

if TYPE_CHECKING:
    from model.numbers.evaluation import NumbersEvaluation
    from model.recognizer import Recognizer


def are_numbers(dataset: str) -> bool:
    """Say whether a data set, by name or path, is of numbers."""
    return dataset == NAME or holds_numbers(Path(dataset).expanduser())


def evaluate_numbers(arguments: argparse.Namespace, recognizer: "Recognizer", model: str) -> int:
    """Measure a model on numbers and print what it reads right; return the exit code.

    Args:
        arguments: Of `evaluate`.
        recognizer: The model.
        model: Its name.

    Raises:
        DatasetError: If something was asked for that numbers do not have.
    """
    from model.numbers.evaluation import evaluate_reading
    from model.numbers.reader import NumberReader

    if arguments.compare is not None or arguments.robustness:
        raise DatasetError("Numbers are measured without --compare and --robustness.")
    path = Path(arguments.dataset).expanduser()
    is_named = arguments.dataset == NAME
    rows = load_numbers(arguments.data) if is_named else read_numbers(path)
    evaluation = evaluate_reading(NumberReader(recognizer), rows)
    written = _as_json if arguments.json else _as_text
    sys.stdout.write(written(model, NAME if is_named else path.name, evaluation) + "\n")
    return 0


def _as_json(model: str, dataset: str, evaluation: "NumbersEvaluation") -> str:
    import msgspec

    return msgspec.json.encode(
        {
            "model": model,
            "dataset": dataset,
            "accuracy": evaluation.accuracy,
            "interval": evaluation.interval,
            "right": evaluation.right,
            "numbers": evaluation.numbers,
            "group_accuracy": evaluation.group_accuracy,
            "groups": evaluation.groups,
            "wrong": [
                {"row": row, "text": text, "answer": answer}
                for row, text, answer in evaluation.wrong
            ],
            "seconds": evaluation.seconds,
        }
    ).decode()


def _as_text(model: str, dataset: str, evaluation: "NumbersEvaluation") -> str:
    low, high = evaluation.interval
    lines = [
        f"{model} on {dataset}: {evaluation.accuracy:.2%} of the numbers right"
        f" ({evaluation.right:,} of {evaluation.numbers:,};"
        f" 95 % interval {low:.2%} to {high:.2%})"
    ]
    if evaluation.group_accuracy is not None:
        lines.append(f"{evaluation.group_accuracy:.2%} of {evaluation.groups:,} digits found")
    lines += [f"row {row}: {text} read as {answer}" for row, text, answer in evaluation.wrong[:20]]
    return "\n".join(lines)
