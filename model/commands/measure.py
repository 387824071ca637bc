"""`python -m model measure`: the child process behind the Test lens. Not for people.

It prints one event per line; the last is `measured` or `failed`. The figures lie in the file that
`measured` names.
"""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.commands.model_option import add_model_option, converted_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.evaluation.kept import AnyEvaluation, Evaluation
    from model.progress import ReportProgress
    from model.recognizer import Recognizer
    from model.task_events import Measured


def add_parser(subparsers: Any) -> None:
    """Add the command to the command line; without help text, the help does not list it."""
    parser = subparsers.add_parser("measure", description="Measure a model for the window.")
    add_model_option(parser)
    parser.add_argument("--name", default="", help="what the window calls the model")
    parser.add_argument("--dataset", required=True, metavar="NAME", help="name or path")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="searched first for data")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="a second model file")
    parser.add_argument("--compare-name", default="", help="what the window calls the second")
    parser.add_argument("--invert", action="store_true", help="turn dark ink to light")
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
    is_inverted: bool = False,
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
        is_inverted: Whether dark ink is turned to light.
        is_again: Whether to measure again although a result is kept.
    """
    arguments = ["measure", f"--name={name}", f"--dataset={dataset}"]
    if model is not None:
        arguments.append(f"--model={model.absolute()}")
    if compare is not None:
        arguments += [f"--compare={compare.absolute()}", f"--compare-name={compare_name}"]
    if has_robustness:
        arguments.append("--robustness")
    if is_inverted:
        arguments.append("--invert")
    if is_again:
        arguments.append("--again")
    return tuple(arguments)


def run(arguments: argparse.Namespace) -> int:
    """Measure; return the exit code."""
    from model.run_events import Preparing
    from model.worker.event_writer import EventWriter
    from model.worker.priority import lower_priority
    from model.worker.tasks import end_on_request, run_task

    lower_priority()
    writer = EventWriter()
    end_on_request(lambda: os._exit(1))  # no file is left half written: files are replaced whole

    def report(activity: str, fraction: float | None) -> None:
        writer.send(Preparing(activity=activity, fraction=fraction))

    return run_task(writer, lambda: _measured(arguments, report))


def _measured(arguments: argparse.Namespace, report: "ReportProgress") -> "Measured":
    from model.data.number_rows import are_numbers
    from model.recognizer import Recognizer

    report("Loading the model", None)
    recognizer = Recognizer.from_files(converted_file(arguments.model, arguments.pixels))
    if are_numbers(arguments.dataset):
        return _measured_numbers(arguments, recognizer, report)
    second = None
    if arguments.compare is not None:
        second = Recognizer.from_files(converted_file(arguments.compare))
    return _measured_images(arguments, recognizer, second, report)


def _measured_numbers(
    arguments: argparse.Namespace, recognizer: "Recognizer", report: "ReportProgress"
) -> "Measured":
    """Measure numbers; a second model and robustness are for single digits."""
    from model.evaluation.evaluating import evaluate_numbers
    from model.evaluation.kept import evaluation_file

    path = evaluation_file(
        models=(recognizer.source_sha256,), dataset=arguments.dataset, has_curves=False
    )
    return _kept_or_new(
        path,
        is_again=arguments.again,
        evaluate=lambda: evaluate_numbers(
            recognizer,
            arguments.dataset,
            model=arguments.name or "bundled",
            folder=arguments.data,
            progress=report,
        ),
    )


def _measured_images(
    arguments: argparse.Namespace,
    recognizer: "Recognizer",
    second: "Recognizer | None",
    report: "ReportProgress",
) -> "Measured":
    from model.evaluation.chosen_data import chosen_data, my_drawings_sha256
    from model.evaluation.evaluating import evaluate
    from model.evaluation.kept import evaluation_file

    path = evaluation_file(
        models=tuple(each.source_sha256 for each in (recognizer, second) if each is not None),
        dataset=arguments.dataset,
        has_curves=arguments.robustness,
        data_sha256=my_drawings_sha256(arguments.dataset) + ("inverted" * arguments.invert),
    )

    def evaluation() -> "Evaluation":
        data = chosen_data(
            arguments.dataset,
            recognizer.metadata,
            folder=arguments.data,
            invert=arguments.invert or None,
            progress=report,
        )
        return evaluate(
            recognizer,
            data,
            model=arguments.name or "bundled",
            second=second,
            second_name=arguments.compare_name,
            has_robustness=arguments.robustness,
            progress=report,
        )

    return _kept_or_new(path, is_again=arguments.again, evaluate=evaluation)


def _kept_or_new(
    path: Path, *, is_again: bool, evaluate: "Callable[[], AnyEvaluation]"
) -> "Measured":
    """Return what was kept, or measure and keep it."""
    from model.evaluation.kept import keep_evaluation, kept_evaluation
    from model.task_events import Measured

    if not is_again and kept_evaluation(path) is not None:
        return Measured(file=str(path), is_kept=True)
    keep_evaluation(path, evaluate())
    return Measured(file=str(path), is_kept=False)
