"""`digitpad evaluate`: how much a model gets right on a data set's test split."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.recognizer import Recognizer
    from model.training.evaluation import Evaluation


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "evaluate",
        help="measure a model on a data set",
        description="Measure how much a model gets right on a data set's test split.",
    )
    parser.add_argument(
        "--model", type=Path, metavar="FILE", help="model file; the bundled network by default"
    )
    parser.add_argument(
        "--dataset", default="mnist", metavar="NAME", help="name or path (default mnist)"
    )
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="folder to search first for published data sets"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(func=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure what was asked for; return the exit code."""
    from model.data.datasets import load_dataset
    from model.training.evaluation import evaluate

    recognizer = _recognizer(arguments.model)
    data = load_dataset(arguments.dataset, folder=arguments.data)
    evaluation = evaluate(recognizer, data)
    name = arguments.model.name if arguments.model else "bundled"
    if arguments.json:
        sys.stdout.write(_as_json(name, data.name, evaluation) + "\n")
    else:
        sys.stdout.write(_as_text(name, data.title, evaluation, data.class_names))
    return 0


def _recognizer(model_file: Path | None) -> "Recognizer":
    from model.recognizer import Recognizer

    if model_file is None:
        return Recognizer.bundled()
    from model.model_files.opening import import_model

    return Recognizer.from_files(import_model(model_file))


def _as_json(model: str, dataset: str, evaluation: "Evaluation") -> str:
    import msgspec

    return msgspec.json.encode(
        {
            "model": model,
            "dataset": dataset,
            "accuracy": evaluation.accuracy,
            "interval": evaluation.interval,
            "right": evaluation.right,
            "images": evaluation.images,
            "calibration_error": evaluation.calibration,
            "class_accuracies": evaluation.class_accuracies,
            "seconds": evaluation.seconds,
        }
    ).decode()


def _as_text(
    model: str, dataset: str, evaluation: "Evaluation", class_names: tuple[str, ...]
) -> str:
    from model.metadata import printable

    low, high = evaluation.interval
    lines = [
        f"{model} on {dataset}: {evaluation.accuracy:.2%} right"
        f" ({evaluation.right:,} of {evaluation.images:,}; 95 % interval {low:.2%} to {high:.2%})",
        f"calibration error {evaluation.calibration:.2%}",
    ]
    names = [printable(name, 40) for name in class_names]
    width = max(map(len, names))
    for name, accuracy in zip(names, evaluation.class_accuracies, strict=False):
        figure = "none shown" if accuracy is None else f"{accuracy:.2%}"
        lines.append(f"{name:>{width}}  {figure}")
    return "\n".join(lines) + "\n"
