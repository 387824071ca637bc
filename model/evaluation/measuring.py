"""Measuring a model on data, in one pass over its rows."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from model.errors import DatasetError
from model.evaluation.answering import AnswerPool, answer_in_turn
from model.evaluation.answers import Answers
from model.evaluation.comparison import ModelComparison, compare
from model.evaluation.doubted_labels import doubted_test_labels
from model.evaluation.measured_data import MeasuredData, Rows
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
        self._models = [recognizer] if second is None else [recognizer, second]
        self._answers = [Answers.room_for(data.count) for _ in self._models]
        self._indices = np.empty(data.count, np.int64)
        self._slices = SliceColumns(data.count)
        self._wrong = SurestWrong()
        self._sample = DrawingSample.of_rows(data.count, has_strokes=data.has_strokes)
        self._count = self._left_out = 0
        self._seconds = 0.0

    def run(self, progress: ReportFraction | None) -> None:
        began = time.monotonic()
        with ExitStack() as stack:
            pools = [stack.enter_context(AnswerPool(model)) for model in self._models]
            for rows, answers in answer_in_turn(pools, self._data.batches(), _labelled):
                self._put(rows, answers)
                if progress is not None:
                    progress(min(1.0, (self._count + self._left_out) / self._data.count))
        self._seconds = time.monotonic() - began

    def _put(self, rows: Rows, answers: Sequence[Answers]) -> None:
        first = self._count
        for room, found in zip(self._answers, answers, strict=True):
            room.put(first, found)
        self._indices[first : first + len(rows.labels)] = rows.indices
        self._slices.put(first, rows)
        self._wrong.put(rows, answers[0])
        self._sample.put(rows)
        self._count += len(rows.labels)
        self._left_out += rows.left_out

    def measurement(self, model: str) -> Measurement:
        answers, *others = (room.first(self._count) for room in self._answers)
        indices, classes = self._indices[: self._count], len(self._models[0].metadata.class_names)
        comparison = None
        if others:
            comparison = compare(answers, others[0], indices, classes)
            interval = self._interval_by_writers(others[0])
            if interval is not None:
                comparison = msgspec.structs.replace(comparison, second_interval=interval)
        return Measurement(
            report=self._report(model, answers),
            answers=answers,
            pictures=self._wrong.pictures,
            comparison=comparison,
            sample=self._sample,
        )

    def _report(self, model: str, answers: Answers) -> EvaluationReport:
        data, recognizer = self._data, self._models[0]
        slices = self._slices.slices(self._count)
        report = report_of(
            answers,
            model=model,
            model_sha256=recognizer.source_sha256,
            dataset=data.name,
            dataset_sha256=data.sha256,
            class_names=recognizer.metadata.class_names,
            indices=self._indices[: self._count],
            left_out=self._left_out,
            doubted=doubted_test_labels(data.name) if data.is_test else frozenset(),
            slices=slices,
            pixels=_pixels(recognizer.metadata.input_format),
            seconds=self._seconds,
        )
        interval = self._interval_by_writers(answers)
        return report if interval is None else msgspec.structs.replace(report, interval=interval)

    def _interval_by_writers(self, answers: Answers) -> tuple[float, float] | None:
        """Return the 95 % interval of an accuracy; None where the writers are not known."""
        writers = self._slices.slices(self._count).get("writer")
        if writers is None or not 2 <= len(writers.names) <= MOST_WRITERS:
            return None
        return interval_by_writers(answers.is_right, writers.places.astype(np.int64))


def _labelled(rows: Rows) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    return rows.images, rows.labels


def _pixels(wanted: InputFormat) -> str:
    """Return a pixel range as the command line names it, or in words if it has no name."""
    return find_pixels_name(wanted) or pixels_in_words(wanted)
