"""`python -m model measure`: the child process behind the Test lens. Not for people.

It prints one event a line; the last is `measured` or `failed`. The figures lie in the file that
`measured` names.
"""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.commands.model_option import add_model_option, converted_file

if TYPE_CHECKING:
    from model.data.datasets import Dataset
    from model.ink import Strokes
    from model.progress import ReportProgress
    from model.protocol import Measured
    from model.recognizer import Recognizer

ANSWERED = 0.9
"""Fraction of the work that is done when the answers are there, if robustness is not asked."""


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line; without help text, the help does not list it."""
    parser = subparsers.add_parser("measure", description="Measure a model for the window.")
    add_model_option(parser)
    parser.add_argument("--name", default="", help="what the window calls the model")
    parser.add_argument("--dataset", required=True, metavar="NAME", help="name or path")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="searched first for data")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="a second model file")
    parser.add_argument("--compare-name", default="", help="what the window calls the second")
    parser.add_argument("--robustness", action="store_true", help="measure disturbed drawings, too")
    parser.add_argument("--again", action="store_true", help="measure anew what was kept")
    parser.set_defaults(func=run)


def measure_arguments(
    *,
    model: Path | None,
    name: str,
    dataset: str,
    compare: Path | None = None,
    compare_name: str = "",
    has_robustness: bool = False,
    is_again: bool = False,
) -> tuple[str, ...]:
    """Return the arguments of `python -m model` that measure a model.

    Args:
        model: Its file; None for the bundled network.
        name: What the window calls it.
        dataset: One of `DATASETS`, or a path.
        compare: A second model's file.
        compare_name: What the window calls the second.
        has_robustness: Whether disturbed drawings are measured, too.
        is_again: Whether what was kept is measured anew.
    """
    arguments = ["measure", f"--name={name}", f"--dataset={dataset}"]
    if model is not None:
        arguments.append(f"--model={model.absolute()}")
    if compare is not None:
        arguments += [f"--compare={compare.absolute()}", f"--compare-name={compare_name}"]
    if has_robustness:
        arguments.append("--robustness")
    if is_again:
        arguments.append("--again")
    return tuple(arguments)


def run(arguments: argparse.Namespace) -> int:
    """Measure; return the exit code."""
    from model.protocol import Preparing
    from model.worker.event_writer import EventWriter
    from model.worker.tasks import end_on_request, run_task

    writer = EventWriter()
    end_on_request(lambda: os._exit(1))  # nothing is half written: files are replaced whole

    def report(activity: str, fraction: float | None) -> None:
        writer.send(Preparing(activity=activity, fraction=fraction))

    return run_task(writer, lambda: _measured(arguments, report))


def _measured(arguments: argparse.Namespace, report: "ReportProgress") -> "Measured":
    from model.data.datasets import load_dataset, load_test_strokes
    from model.evaluation.kept import evaluation_file, kept_evaluation
    from model.protocol import Measured
    from model.recognizer import Recognizer

    report("Loading the model", None)
    recognizer = Recognizer.from_files(converted_file(arguments.model, arguments.pixels))
    second = None
    if arguments.compare is not None:
        second = Recognizer.from_files(converted_file(arguments.compare))
    hashes = tuple(model.source_sha256 for model in (recognizer, second) if model is not None)
    path = evaluation_file(
        models=hashes, dataset=arguments.dataset, has_curves=arguments.robustness
    )
    if not arguments.again and kept_evaluation(path) is not None:
        return Measured(file=str(path), is_kept=True)
    data = load_dataset(
        arguments.dataset, folder=arguments.data, progress=report, is_for_training=False
    )
    strokes = load_test_strokes(arguments.dataset, folder=arguments.data)
    _keep(path, arguments, (recognizer, second), data, strokes, report)
    return Measured(file=str(path), is_kept=False)


def _keep(
    path: Path,
    arguments: argparse.Namespace,
    models: "tuple[Recognizer, Recognizer | None]",
    data: "Dataset",
    strokes: "list[Strokes] | None",
    report: "ReportProgress",
) -> None:
    """Measure, and write what came of it."""
    from model.evaluation.kept import Evaluation, keep_evaluation, wrong_pictures
    from model.evaluation.measuring import compared, measure
    from model.evaluation.robustness import robustness_curves

    recognizer, second = models
    share = 0.3 if arguments.robustness else ANSWERED

    def answered(fraction: float) -> None:
        report("Measuring", share * fraction)

    figures, answers = measure(
        recognizer, data, model=arguments.name or "bundled", strokes=strokes, progress=answered
    )
    curves = []
    if arguments.robustness:
        curves = robustness_curves(
            recognizer,
            data,
            strokes,
            progress=lambda fraction: report("Measuring disturbed drawings", 0.3 + 0.7 * fraction),
        )
    evaluation = Evaluation(
        title=data.title,
        is_test=data.test_images is not None,
        report=figures,
        pictures=wrong_pictures(figures, data, strokes),
        curves=tuple(curves),
        compared_with=arguments.compare_name if second is not None else "",
        comparison=None if second is None else compared(recognizer, second, data, answers),
    )
    keep_evaluation(path, evaluation)
