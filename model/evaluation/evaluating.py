"""Measuring a model: figures, pictures, curves and the facts of its training."""

from pathlib import Path

from model.data.number_rows import NAME as NUMBERS
from model.data.number_rows import NumberRow, load_numbers, read_numbers
from model.evaluation.kept import Evaluation, NumbersEvaluation, TrainingRecord
from model.evaluation.measured_data import MeasuredData
from model.evaluation.measuring import measure
from model.evaluation.numbers_report import measure_numbers
from model.evaluation.robustness import RobustnessCurve, robustness_curves
from model.progress import ReportProgress
from model.recognizer import Recognizer

ANSWERED = 0.3
"""Fraction of the progress for the answers if robustness is measured, too."""


def evaluate(
    recognizer: Recognizer,
    data: MeasuredData,
    *,
    model: str,
    second: Recognizer | None = None,
    second_name: str = "",
    has_robustness: bool = False,
    progress: ReportProgress | None = None,
) -> Evaluation:
    """Measure a model on data.

    Args:
        recognizer: The model.
        data: Its labels are the model's classes.
        model: The model's name.
        second: A model to compare with.
        second_name: Its name.
        has_robustness: Whether disturbed drawings are measured, too.
        progress: Gets the activity and the fraction that is done.

    Raises:
        DatasetError: If a row can't be read, no row is of a class of the model, or the second
            model has other classes.
    """
    report = progress or (lambda _activity, _fraction: None)
    answered = ANSWERED if has_robustness else 1.0
    found = measure(
        recognizer,
        data,
        model=model,
        second=second,
        progress=lambda fraction: report("Measuring", answered * fraction),
    )
    models = [recognizer] if second is None else [recognizer, second]
    curves: list[tuple[RobustnessCurve, ...]] = [(), ()]
    if has_robustness:
        for place, each in enumerate(models):

            def disturbed(fraction: float, done: int = place) -> None:
                part = (done + fraction) / len(models)
                report("Measuring disturbed drawings", answered + (1 - answered) * part)

            curves[place] = tuple(robustness_curves(each, found.sample, progress=disturbed))
    return Evaluation(
        title=data.title,
        is_test=data.is_test,
        report=found.report,
        pictures=found.pictures,
        curves=curves[0],
        second_curves=curves[1],
        compared_with=second_name if second is not None else "",
        comparison=found.comparison,
        training=TrainingRecord.of(recognizer.metadata),
    )


def number_rows(dataset: str, folder: Path | None) -> tuple[str, list[NumberRow]]:
    """Return the name and the rows of numbers, by their data set's name or a path.

    Raises:
        DatasetError: If they are damaged, or missing and can't be downloaded.
    """
    if dataset == NUMBERS:
        return NUMBERS, load_numbers(folder)
    path = Path(dataset).expanduser()
    return path.name, read_numbers(path)


def evaluate_numbers(
    recognizer: Recognizer,
    dataset: str,
    *,
    model: str,
    folder: Path | None = None,
    progress: ReportProgress | None = None,
) -> NumbersEvaluation:
    """Measure how many numbers a model reads.

    Args:
        recognizer: The model.
        dataset: "numbers", or the path of rows with a text.
        model: The model's name.
        folder: Searched first for published data.
        progress: Gets the activity and the fraction that is done.

    Raises:
        DatasetError: If the numbers can't be read.
        StrokesError: If one can't be drawn.
    """
    report = progress or (lambda _activity, _fraction: None)
    report("Reading the numbers", None)
    name, rows = number_rows(dataset, folder)
    figures = measure_numbers(
        recognizer,
        rows,
        model=model,
        dataset=name,
        progress=lambda fraction: report("Measuring", fraction),
    )
    return NumbersEvaluation(title="Numbers" if dataset == NUMBERS else name, report=figures)
