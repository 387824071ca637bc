"""Model and data → measured in a child → figures, and wrong pictures on the pad."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.child.background import BackgroundWorker
from app.child.process import python_command
from app.child.tasks import Task, TaskResult, TaskRunner
from app.drawing.pad import DrawingPad
from app.evaluation.panel import EvaluationPanel, ModelEntry
from app.evaluation.words import (
    caption_words,
    cell_words,
    comparison_sentence,
    details,
    headline,
    number_details,
    second_headline,
    stale_words,
    subject_words,
    wrong_number_words,
    wrong_words,
)
from app.evaluation.wrong_pictures import (
    CELL_LEGEND,
    NUMBERS_LEGEND,
    arrays_of,
    picture_of_ink,
    pictures_of_cell,
    pictures_of_numbers,
)
from app.models.library import ModelLibrary, Origin
from app.recognition.current_model import CurrentModel
from model.commands.measure import measure_arguments
from model.data.polarity import DarkInkError
from model.errors import DatasetError
from model.evaluation.kept import NumbersEvaluation
from model.run_events import Failed, Preparing
from model.task_events import Measured

if TYPE_CHECKING:
    from model.evaluation.kept import AnyEvaluation, Evaluation

IDLE_SECONDS = 300.0
"""Downloading or drawing a data set can be one silent step."""


@dataclass(frozen=True)
class _Choice:
    """What was measured: a model on data, perhaps beside a second model."""

    model: ModelEntry
    data: str
    second: ModelEntry | None


class EvaluationPresenter(QObject):
    """Measures in a child process, and shows the result.

    Attributes:
        evaluation: What is shown; None before the first measurement.
        runner: Runs the child.

    Signals:
        said (str): A sentence for the status line.
        shown (AnyEvaluation): The evaluation whose figures are shown.
    """

    said = Signal(str)
    shown = Signal(object)

    def __init__(
        self,
        panel: EvaluationPanel,
        pad: DrawingPad,
        library: ModelLibrary,
        current_model: CurrentModel,
        *,
        report: Callable[[BaseException], None],
        show_state: Callable[[str], None],
        command_line: Callable[..., list[str]] = python_command,
        parent: QObject | None = None,
    ) -> None:
        """Connect a panel.

        Args:
            panel: Shows choices and figures.
            pad: Shows a picture that was answered wrongly.
            library: The models there are.
            current_model: The one that answers.
            report: Shows problems.
            show_state: Shows the progress on the tab; an empty text without a measurement.
            command_line: Turns arguments of `python -m model` into program and arguments.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.evaluation: AnyEvaluation | None = None
        self.runner = TaskRunner(command_line, self)
        self._panel = panel
        self._pad = pad
        self._library = library
        self._current_model = current_model
        self._report = report
        self._show_state = show_state
        self._worker = BackgroundWorker(self)
        self._measured: _Choice | None = None
        self._shown: _Choice | None = None
        self._has_failed = False
        panel.measure_requested.connect(self.measure)
        panel.invert_requested.connect(partial(self.measure, is_inverted=True))
        panel.stop_requested.connect(self.stop)
        panel.choice_changed.connect(self._show_whether_stale)
        panel.results.matrix.cell_chosen.connect(self._on_cell_chosen)
        panel.results.pictures.picture_chosen.connect(self._on_picture_chosen)
        current_model.changed.connect(self.refresh_models)
        self.refresh_models()

    @property
    def is_measuring(self) -> bool:
        """Whether a measurement goes on."""
        return self.runner.process is not None

    def refresh_models(self, _model: object = None) -> None:
        """List the models again, in a worker thread."""
        self._worker.call(self._library.models, then=self._on_models_listed, failed=self._report)

    def measure(self, *, is_inverted: bool = False) -> None:
        """Measure the chosen model on the chosen data; what was measured before is kept.

        Args:
            is_inverted: Whether the data's dark ink is turned to light.
        """
        entry = self._panel.chosen_model
        if entry is None:
            self._panel.show_problem("The models are still being listed; try again in a moment.")
            return
        second = self._panel.chosen_second
        arguments = measure_arguments(
            model=entry.path,
            name=entry.name,
            dataset=self._panel.data.chosen,
            compare=_file_of(second),
            compare_name=second.name if second else "",
            has_robustness=self._panel.robustness.isChecked(),
            is_inverted=is_inverted,
        )
        self._panel.keep_choice()
        self._measured = _Choice(entry, self._panel.data.chosen, second)
        self._has_failed = False
        self._panel.show_problem("")
        self._show_whether_stale()
        self._panel.show_progress("Starting", None)
        self._show_state("…")
        task = Task(arguments=arguments, name="The measurement", idle_s=IDLE_SECONDS)
        self.runner.run(task, on_progress=self._on_progress, then=self._on_measured)

    def stop(self) -> None:
        """End the measurement."""
        self.runner.cancel()
        self._end_progress()

    def end_now(self) -> None:
        """End the child; a window that closes does this."""
        self.runner.end_now()

    def show(self, evaluation: "AnyEvaluation") -> None:
        """Show the result of a measurement."""
        self.evaluation = evaluation
        results = self._panel.results
        self._panel.headline.setText(headline(evaluation))
        self._panel.second_headline.setText(second_headline(evaluation))
        results.set_subject(subject_words(evaluation))
        results.show_slices(evaluation.report.slices)
        if isinstance(evaluation, NumbersEvaluation):
            self._show_numbers(evaluation)
        else:
            self._show_images(evaluation)
        self._show_whether_stale()
        self.shown.emit(evaluation)

    def _show_images(self, evaluation: "Evaluation") -> None:
        results, report = self._panel.results, evaluation.report
        results.details.setText(details(evaluation))
        results.comparison.setText(comparison_sentence(evaluation))
        results.matrix.show_matrix(report.confusion, report.class_names)
        results.reliability.show_bins(report.calibration.bins)
        results.show_classes(report.per_class)
        names = (report.model, evaluation.compared_with)
        results.curves.show_curves(evaluation.curves, evaluation.second_curves, names)
        results.show_parts(
            has_comparison=evaluation.comparison is not None, has_curves=bool(evaluation.curves)
        )
        self._panel.show_results()
        self._on_cell_chosen(*results.matrix.chosen)

    def _show_numbers(self, evaluation: "NumbersEvaluation") -> None:
        results = self._panel.results
        results.details.setText(number_details(evaluation))
        results.curves.show_curves(())
        results.show_parts(is_of_numbers=True)
        self._panel.show_results(is_of_numbers=True)
        shown = pictures_of_numbers(evaluation)
        results.show_pictures(f"Wrong numbers: {len(shown):,}", shown, legend=NUMBERS_LEGEND)

    def _show_whether_stale(self) -> None:
        """Say so where the figures are not those of the model and the data that are chosen."""
        if self.evaluation is None:
            return
        shown, entry = self._shown, self._panel.chosen_model
        is_current = shown is None or (
            entry is not None
            and (entry.sha256, self._panel.data.chosen) == (shown.model.sha256, shown.data)
        )
        is_stale = self._has_failed or not is_current
        self._panel.show_stale(stale_words(self.evaluation) if is_stale else "")

    # ── the child ──

    def _on_models_listed(self, models: object) -> None:
        if not isinstance(models, list):
            return
        entries = [
            ModelEntry(
                model.name, None if model.origin is Origin.BUNDLED else model.path, model.sha256
            )
            for model in models
            if not model.problem
        ]
        current = self._current_model.value
        entries += self._measured_and_gone(entries)
        self._panel.show_models(entries, current.sha256 if current is not None else "")
        self._follow_names(entries)

    def _measured_and_gone(self, entries: list[ModelEntry]) -> list[ModelEntry]:
        """Return the models of the measurement that goes on whose files are deleted meanwhile."""
        if not self.is_measuring or self._measured is None:
            return []
        listed = {entry.sha256 for entry in entries}
        measured = filter(None, (self._measured.model, self._measured.second))
        return [entry for entry in measured if entry.sha256 not in listed]

    def _follow_names(self, entries: list[ModelEntry]) -> None:
        """Show the new name of a model that was measured and then renamed."""
        evaluation, shown = self.evaluation, self._shown
        if evaluation is None or shown is None:
            return
        names = {entry.sha256: entry.name for entry in entries}
        second = shown.second
        renamed = evaluation.with_names(
            names.get(shown.model.sha256, shown.model.name),
            names.get(second.sha256, second.name) if second else "",
        )
        if renamed != evaluation:
            self.show(renamed)

    def _on_progress(self, event: Preparing) -> None:
        self._panel.show_progress(event.activity, event.fraction)
        self._show_state("…" if event.fraction is None else f"{100 * event.fraction:.0f} %")

    def _on_measured(self, result: TaskResult) -> None:
        if isinstance(result, Measured):
            self._worker.call(
                partial(_read, Path(result.file)), then=self._on_read, failed=self._on_failed
            )
            return
        self._end_progress()
        if isinstance(result, Failed):
            is_dark = result.kind == DarkInkError.__name__
            self._panel.show_problem(result.sentence, can_invert=is_dark)
            self._on_nothing_measured()
            self.refresh_models()  # the model may be gone

    def _on_read(self, evaluation: "AnyEvaluation") -> None:
        self._end_progress()
        self._shown = self._measured
        if self._shown is not None:  # what was kept may have an earlier name
            second = self._shown.second.name if self._shown.second else ""
            evaluation = evaluation.with_names(self._shown.model.name, second)
        self.show(evaluation)
        self.said.emit(headline(evaluation) + ".")

    def _on_failed(self, error: BaseException) -> None:
        self._end_progress()
        self._panel.show_problem(getattr(error, "sentence", str(error)))
        self._on_nothing_measured()

    def _on_nothing_measured(self) -> None:
        """What is shown is not what was asked for."""
        self._has_failed = True
        self._show_whether_stale()

    def _end_progress(self) -> None:
        self._show_state("")
        self._panel.show_ready()

    # ── wrong pictures ──

    def _on_cell_chosen(self, label: int, predicted: int) -> None:
        """Show the wrong pictures of a cell; on the diagonal, all that are wrong of the class."""
        if self._images is None:
            return
        names = self._images.report.class_names
        shown = pictures_of_cell(self._images, label, predicted)
        title = cell_words(names, label, predicted, len(shown))
        self._panel.results.show_pictures(title, shown, legend=CELL_LEGEND)

    def _on_picture_chosen(self, number: int) -> None:
        """Put a wrong answer's picture on the pad, as strokes where it was drawn."""
        if isinstance(self.evaluation, NumbersEvaluation):
            wrong = self.evaluation.report.wrong[number]
            self._pad.set_strokes(arrays_of(wrong.strokes))
            self.said.emit(f"{wrong_number_words(wrong)}.")
        elif self.evaluation is not None:
            self._show_picture(self.evaluation, number)

    def _show_picture(self, evaluation: "Evaluation", number: int) -> None:
        row, picture = evaluation.report.wrong[number], evaluation.pictures[number]
        names, model = evaluation.report.class_names, evaluation.report.model
        if picture.strokes:
            self._pad.set_strokes(arrays_of(picture.strokes))
            self.said.emit(f"{wrong_words(row, names, model)}.")
        else:  # the caption says it, and no message may lie over it
            ink = picture.image / np.float32(255)
            self._pad.set_picture(picture_of_ink(ink, caption_words(row, names, model)))

    @property
    def _images(self) -> "Evaluation | None":
        """The evaluation that is shown, if it is of single digits."""
        shown = self.evaluation
        return None if isinstance(shown, NumbersEvaluation) else shown


def _file_of(entry: ModelEntry | None) -> Path | None:
    """Return the file of a second model; the bundled network has one, too."""
    from model.recognizer import BUNDLED_MODEL

    if entry is None:
        return None
    return entry.path or BUNDLED_MODEL.with_suffix(".tflite")


def _read(path: Path) -> "AnyEvaluation":
    from model.evaluation.kept import kept_evaluation

    evaluation = kept_evaluation(path)
    if evaluation is None:
        raise DatasetError("What was measured can't be read again; measure once more.")
    return evaluation
