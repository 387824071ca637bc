"""Measuring a model on a data set's test split, or on its training split if it has no other."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from model.data.datasets import Dataset
from model.errors import DatasetError
from model.evaluation.answers import Answers, answer_images
from model.evaluation.class_matching import NO_MATCH, match_classes, model_labels
from model.evaluation.comparison import ModelComparison, compare
from model.evaluation.doubted_labels import doubted_test_labels
from model.evaluation.report import EvaluationReport, report_of
from model.ink import Strokes
from model.metadata import InputFormat
from model.metrics import interval_by_writers
from model.pixel_ranges import find_pixels_name, pixels_in_words
from model.recognizer import Recognizer

ReportFraction = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class MeasuredImages:
    """The images of a data set that a model can be measured on.

    Attributes:
        images: uint8 (images, 28, 28), 255 is ink.
        labels: int64 (images,), indices of the model's classes.
        indices: int64 (images,), each image's place in the data set's measured split.
        left_out: How many images are of no class of the model.
        is_test: Whether the split is one for tests: no network was trained with it.
        writers: int64 (images,), the writer's index; None if writers are unknown.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    indices: npt.NDArray[np.int64]
    left_out: int
    is_test: bool
    writers: npt.NDArray[np.int64] | None


def measured_images(data: Dataset, class_names: tuple[str, ...]) -> MeasuredImages:
    """Choose the images to measure on, their classes matched by name.

    Args:
        data: The data set.
        class_names: The model's classes.

    Raises:
        DatasetError: If no class of the data is one of the model's, or no image is of any.
    """
    is_test = data.test_images is not None and data.test_labels is not None
    if data.test_images is not None and data.test_labels is not None:
        images, labels, writers = data.test_images, data.test_labels, data.test_groups
    else:
        images, labels, writers = data.train_images, data.train_labels, data.train_groups
    found = model_labels(labels, match_classes(data.class_names, class_names))
    indices = np.flatnonzero(found != NO_MATCH)
    if not len(indices):
        raise DatasetError(f"{data.title} holds no image of a class; choose another data set.")
    return MeasuredImages(
        images=images[indices],
        labels=found[indices],
        indices=indices,
        left_out=len(labels) - len(indices),
        is_test=is_test,
        writers=None if writers is None else writers[indices],
    )


def measure(
    recognizer: Recognizer,
    data: Dataset,
    *,
    model: str,
    strokes: list[Strokes] | None = None,
    progress: ReportFraction | None = None,
) -> tuple[EvaluationReport, Answers]:
    """Measure a model on a data set.

    Args:
        recognizer: The model.
        data: The data set.
        model: The model's name, for the report.
        strokes: Of each image of the measured split, where it was drawn; for slices.
        progress: Told the fraction that is done; it may raise to end the work.

    Returns:
        The report, and the answers it was made from.

    Raises:
        DatasetError: If no class of the data is one of the model's, or no image is of any.
    """
    metadata = recognizer.metadata
    measured = measured_images(data, metadata.class_names)
    began = time.monotonic()
    answers = answer_images(recognizer, measured.images, measured.labels, progress=progress)
    seconds = time.monotonic() - began
    report = report_of(
        answers,
        model=model,
        model_sha256=recognizer.source_sha256,
        dataset=data.name,
        dataset_sha256=data.sha256,
        class_names=metadata.class_names,
        indices=measured.indices,
        left_out=measured.left_out,
        doubted=doubted_test_labels(data.name) if measured.is_test else frozenset(),
        slices=_slices(measured, strokes),
        pixels=_pixels(metadata.input_format),
        seconds=seconds,
    )
    if measured.writers is not None:
        interval = interval_by_writers(answers.is_right, measured.writers)
        report = msgspec.structs.replace(report, interval=interval)
    return report, answers


def compared(
    first: Recognizer, second: Recognizer, data: Dataset, answers: Answers
) -> ModelComparison:
    """Measure a second model on the images that a first one has answered, and compare.

    Args:
        first: The model that was measured.
        second: The other one.
        data: The data set.
        answers: The first one's.

    Raises:
        DatasetError: If the models' classes differ.
    """
    names = first.metadata.class_names
    if second.metadata.class_names != names:
        raise DatasetError("Two models can be compared if both have the same classes.")
    measured = measured_images(data, names)
    others = answer_images(second, measured.images, measured.labels)
    return compare(answers, others, measured.indices, len(names))


def _pixels(wanted: InputFormat) -> str:
    """Return a pixel range as the command line names it, or in words if it has no name."""
    return find_pixels_name(wanted) or pixels_in_words(wanted)


def _slices(measured: MeasuredImages, strokes: list[Strokes] | None) -> dict[str, list[str]]:
    """Return by what the images can be cut: a name for each image."""
    slices: dict[str, list[str]] = {}
    if measured.writers is not None:
        slices["writer"] = [str(writer) for writer in measured.writers]
    if strokes is not None:
        slices["strokes"] = [str(len(strokes[index])) for index in measured.indices]
    return slices
