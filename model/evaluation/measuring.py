"""Measuring a model on data, in one pass over its rows."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
import numpy as np

from model.errors import DatasetError
from model.evaluation.answers import Answers, answer_images
from model.evaluation.comparison import ModelComparison, compare
from model.evaluation.doubted_labels import doubted_test_labels
from model.evaluation.measured_data import MeasuredData
from model.evaluation.report import EvaluationReport, report_of
from model.evaluation.robustness import DrawingSample
from model.evaluation.slices import SliceColumns
from model.evaluation.wrong_pictures import SurestWrong, WrongPicture
from model.metadata import InputFormat
from model.metrics import interval_by_writers
from model.pixel_ranges import find_pixels_name, pixels_in_words
from model.recognizer import Recognizer

MOST_WRITERS = 5_000
"""With more writers, drawings count as independent: resampling by writer would be slow."""

ReportFraction = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Measurement:
    """The result of measuring a model.

    Attributes:
        report: The figures.
        answers: The answers they were made from.
        pictures: Of the surest wrong answers, in the report's order.
        comparison: Beside a second model; None without one.
        sample: Some of the drawings, to be disturbed.
    """

    report: EvaluationReport
    answers: Answers
    pictures: tuple[WrongPicture, ...]
    comparison: ModelComparison | None
    sample: DrawingSample


def measure(
    recognizer: Recognizer,
    data: MeasuredData,
    *,
    model: str,
    second: Recognizer | None = None,
    progress: ReportFraction | None = None,
) -> Measurement:
    """Measure a model on data, and perhaps a second one on the same rows.

    Args:
        recognizer: The model.
        data: Its labels are the model's classes.
        model: The model's name, for the report.
        second: A model to compare with.
        progress: Gets the fraction that is done; it may raise to end the work.

    Raises:
        DatasetError: If a row can't be read, no row is of a class of the model, or the second
            model has other classes.
    """
    if second is not None and second.metadata.class_names != recognizer.metadata.class_names:
        raise DatasetError("Two models can be compared if both have the same classes.")
    one_pass = _Pass(data, recognizer, second)
    one_pass.run(progress)
    return one_pass.measurement(model)


class _Pass:
    """One pass over the rows, which collects what the figures are made from."""

    def __init__(
        self, data: MeasuredData, recognizer: Recognizer, second: Recognizer | None
    ) -> None:
        self._data = data
        self._recognizer = recognizer
        self._second = second
        self._answers = Answers.room_for(data.count)
        self._others = Answers.room_for(data.count if second is not None else 0)
        self._indices = np.empty(data.count, np.int64)
        self._slices = SliceColumns(data.count)
        self._wrong = SurestWrong()
        self._sample = DrawingSample.of_rows(data.count, has_strokes=data.has_strokes)
        self._count = self._left_out = 0
        self._seconds = 0.0

    def run(self, progress: ReportFraction | None) -> None:
        for rows in self._data.batches():
            began = time.monotonic()
            answers = answer_images(self._recognizer, rows.images, rows.labels)
            self._seconds += time.monotonic() - began
            first = self._count
            self._answers.put(first, answers)
            if self._second is not None:
                others = answer_images(self._second, rows.images, rows.labels)
                self._others.put(first, others)
            self._indices[first : first + len(answers)] = rows.indices
            self._slices.put(first, rows)
            self._wrong.put(rows, answers)
            self._sample.put(rows)
            self._count += len(answers)
            self._left_out += rows.left_out
            if progress is not None:
                progress(min(1.0, (self._count + self._left_out) / self._data.count))

    def measurement(self, model: str) -> Measurement:
        answers, indices = self._answers.first(self._count), self._indices[: self._count]
        names = self._recognizer.metadata.class_names
        comparison = None
        if self._second is not None:
            others = self._others.first(self._count)
            comparison = compare(answers, others, indices, len(names))
        return Measurement(
            report=self._report(model),
            answers=answers,
            pictures=self._wrong.pictures,
            comparison=comparison,
            sample=self._sample,
        )

    def _report(self, model: str) -> EvaluationReport:
        data, answers = self._data, self._answers.first(self._count)
        slices = self._slices.slices(self._count)
        report = report_of(
            answers,
            model=model,
            model_sha256=self._recognizer.source_sha256,
            dataset=data.name,
            dataset_sha256=data.sha256,
            class_names=self._recognizer.metadata.class_names,
            indices=self._indices[: self._count],
            left_out=self._left_out,
            doubted=doubted_test_labels(data.name) if data.is_test else frozenset(),
            slices=slices,
            pixels=_pixels(self._recognizer.metadata.input_format),
            seconds=self._seconds,
        )
        writers = slices.get("writer")
        if writers is None or not 2 <= len(writers.names) <= MOST_WRITERS:
            return report
        interval = interval_by_writers(answers.is_right, writers.places.astype(np.int64))
        return msgspec.structs.replace(report, interval=interval)


def _pixels(wanted: InputFormat) -> str:
    """Return a pixel range as the command line names it, or in words if it has no name."""
    return find_pixels_name(wanted) or pixels_in_words(wanted)
