"""The report on a model: accuracy, confusion, calibration, slices and wrong answers.

A report is a value that can be written as JSON; the window, the command line and the page of a run
show the same one.
"""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from model.errors import DatasetError
from model.evaluation.answers import Answers
from model.evaluation.slices import Accuracy, Slice, slice_by
from model.metrics import CALIBRATION_BINS, calibration_error, wilson_interval
from model.verdicts import VERDICTS, Verdict

SURE = 0.9
"""A wrong answer above this confidence is counted on its own."""

MOST_WRONG = 10_000
"""More wrong answers than this are not listed one by one."""


class ClassFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One class of the model.

    Attributes:
        name: The class.
        images: How many images are of it.
        recall: Fraction of its images that are answered with it; None if it has none.
        interval: The recall's 95 % interval (Wilson 1927); None if it has none.
        precision: Fraction of the answers with it that are right; None if there is none.
        f1: Harmonic mean of both; None if either is missing.
    """

    name: str
    images: int
    recall: float | None = None
    interval: tuple[float, float] | None = None
    precision: float | None = None
    f1: float | None = None


class CalibrationBin(msgspec.Struct, frozen=True, kw_only=True):
    """Answers of about the same confidence.

    Attributes:
        low: The bin's lower end, in [0, 1].
        high: Its upper end.
        images: How many answers fall into it.
        confidence: Their mean confidence; None if there are none.
        accuracy: Fraction of them that is right; None if there are none.
    """

    low: float
    high: float
    images: int
    confidence: float | None = None
    accuracy: float | None = None


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """How well confidence matches accuracy.

    Attributes:
        error: Expected calibration error over the bins, in [0, 1].
        bins: 15 of equal width.
        wrong_and_sure: Number of wrong answers with a confidence above 90 %.
    """

    error: float
    bins: tuple[CalibrationBin, ...]
    wrong_and_sure: int


class WrongAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One image that is answered wrongly.

    Attributes:
        index: Its place among the images of the data set's measured part.
        label: The true class, an index.
        predicted: The answered class, an index.
        confidence: Of the answer, in [0, 1].
        doubted: Whether people doubt the label.
    """

    index: int
    label: int
    predicted: int
    confidence: float
    doubted: bool = False


class EvaluationReport(msgspec.Struct, frozen=True, kw_only=True):
    """A model measured on a data set.

    Attributes:
        model: The model's name.
        model_sha256: Hash of its file.
        dataset: The data set's name.
        dataset_sha256: Hash of the data.
        class_names: The model's classes.
        images: How many images were measured.
        left_out: How many were not, because the model lacks their class.
        right: How many answers are right.
        accuracy: Fraction right, in [0, 1].
        interval: Its 95 % interval, by writers where they are known.
        confusion: Row: true class; column: answered class; in the order of `class_names`.
        per_class: One entry per class.
        calibration: How well confidence matches accuracy.
        verdicts: How many answers have each verdict.
        slices: Accuracy of parts of the data, by property.
        wrong: The wrong answers, the surest first.
        pixels: The pixel range of the network's input, by name.
        seconds: How long reading and answering took.
    """

    model: str
    model_sha256: str
    dataset: str
    dataset_sha256: str
    class_names: tuple[str, ...]
    images: int
    left_out: int
    right: int
    accuracy: float
    interval: tuple[float, float]
    confusion: tuple[tuple[int, ...], ...]
    per_class: tuple[ClassFigures, ...]
    calibration: Calibration
    verdicts: dict[str, int]
    slices: dict[str, tuple[Accuracy, ...]]
    wrong: tuple[WrongAnswer, ...]
    pixels: str = ""
    seconds: float = 0.0


def confusion_matrix(answers: Answers, classes: int) -> npt.NDArray[np.int64]:
    """Count answers by true and answered class.

    Returns:
        int64 (classes, classes); a row is a true class, a column an answered one.
    """
    cells = answers.labels * classes + answers.predicted
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def class_figures(
    confusion: npt.NDArray[np.int64], class_names: Sequence[str]
) -> tuple[ClassFigures, ...]:
    """Return precision, recall and F1 of each class of a confusion matrix (classes, classes)."""
    right = confusion.diagonal()
    return tuple(
        _class_figures(name, int(right[n]), int(confusion[n].sum()), int(confusion[:, n].sum()))
        for n, name in enumerate(class_names)
    )


def _class_figures(name: str, right: int, images: int, answered: int) -> ClassFigures:
    recall = right / images if images else None
    precision = right / answered if answered else None
    f1 = None
    if recall is not None and precision is not None:
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return ClassFigures(
        name=name,
        images=images,
        recall=recall,
        interval=wilson_interval(right, images) if images else None,
        precision=precision,
        f1=f1,
    )


def calibration(answers: Answers) -> Calibration:
    """Compare confidence with accuracy, in 15 bins of equal width."""
    places = np.minimum((answers.confidences * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    bins = tuple(_bin(number, answers, places == number) for number in range(CALIBRATION_BINS))
    is_sure = answers.confidences > SURE
    return Calibration(
        error=calibration_error(answers.confidences, answers.is_right),
        bins=bins,
        wrong_and_sure=int((is_sure & ~answers.is_right).sum()),
    )


def _bin(number: int, answers: Answers, is_inside: npt.NDArray[np.bool_]) -> CalibrationBin:
    images = int(is_inside.sum())
    return CalibrationBin(
        low=number / CALIBRATION_BINS,
        high=(number + 1) / CALIBRATION_BINS,
        images=images,
        confidence=float(answers.confidences[is_inside].mean()) if images else None,
        accuracy=float(answers.is_right[is_inside].mean()) if images else None,
    )


def wrong_answers(
    answers: Answers,
    indices: npt.NDArray[np.int64],
    doubted: frozenset[int] = frozenset(),
) -> tuple[WrongAnswer, ...]:
    """List the wrong answers, the surest first.

    Args:
        answers: Of all images.
        indices: int64 (images,), each image's place in the data set's measured part.
        doubted: Places whose label people doubt.
    """
    wrong = np.flatnonzero(~answers.is_right)
    surest = wrong[np.argsort(-answers.confidences[wrong], kind="stable")][:MOST_WRONG]
    return tuple(
        WrongAnswer(
            index=int(indices[row]),
            label=int(answers.labels[row]),
            predicted=int(answers.predicted[row]),
            confidence=float(answers.confidences[row]),
            doubted=int(indices[row]) in doubted,
        )
        for row in surest
    )


def verdict_counts(answers: Answers) -> dict[str, int]:
    """Count answers by verdict, every verdict of digits named."""
    counts = np.bincount(answers.verdicts, minlength=len(VERDICTS))
    return {
        verdict.value: int(count)
        for verdict, count in zip(VERDICTS, counts, strict=True)
        if count or verdict in (Verdict.DIGIT, Verdict.UNSURE, Verdict.NOT_A_DIGIT)
    }


def report_of(
    answers: Answers,
    *,
    model: str,
    model_sha256: str,
    dataset: str,
    dataset_sha256: str,
    class_names: tuple[str, ...],
    indices: npt.NDArray[np.int64],
    left_out: int = 0,
    doubted: frozenset[int] = frozenset(),
    slices: Mapping[str, Slice] | None = None,
    pixels: str = "",
    seconds: float = 0.0,
) -> EvaluationReport:
    """Put a model's answers together as a report.

    Args:
        answers: Of the measured images.
        model: The model's name.
        model_sha256: Hash of its file.
        dataset: The data set's name.
        dataset_sha256: Hash of the data.
        class_names: The model's classes.
        indices: int64 (images,), each image's place in the data set's measured part.
        left_out: How many images were not measured.
        doubted: Places whose label people doubt.
        slices: The properties by which the data are grouped.
        pixels: The pixel range of the network's input.
        seconds: How long reading and answering took.

    Raises:
        DatasetError: If there is no answer.
    """
    if not len(answers):
        raise DatasetError(f"{dataset} holds no image of a class that the model knows.")
    confusion = confusion_matrix(answers, len(class_names))
    right = int(answers.is_right.sum())
    return EvaluationReport(
        model=model,
        model_sha256=model_sha256,
        dataset=dataset,
        dataset_sha256=dataset_sha256,
        class_names=class_names,
        images=len(answers),
        left_out=left_out,
        right=right,
        accuracy=right / len(answers),
        interval=wilson_interval(right, len(answers)),
        confusion=tuple(tuple(map(int, row)) for row in confusion),
        per_class=class_figures(confusion, class_names),
        calibration=calibration(answers),
        verdicts=verdict_counts(answers),
        slices={name: slice_by(answers.is_right, by) for name, by in (slices or {}).items()},
        wrong=wrong_answers(answers, indices, doubted),
        pixels=pixels,
        seconds=seconds,
    )
