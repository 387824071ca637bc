"""Model and data → measured in a child → figures, and wrong pictures on the pad."""

from collections.abc import Callable
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
    cell_words,
    comparison_sentence,
    details,
    headline,
    number_details,
    wrong_number_words,
    wrong_words,
)
from app.evaluation.wrong_pictures import (
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
        self._then: Callable[[], object] | None = None
        panel.measure_requested.connect(self.measure)
        panel.invert_requested.connect(partial(self.measure, is_inverted=True))
        panel.stop_requested.connect(self.stop)
        panel.matrix.cell_chosen.connect(self._on_cell_chosen)
        panel.pictures.picture_chosen.connect(self._on_picture_chosen)
        current_model.changed.connect(self.refresh_models)
        self.refresh_models()

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
        self._then = None
        self._panel.show_problem("")
        self._panel.show_progress("Starting", None)
        self._show_state("…")
        task = Task(arguments=arguments, name="The measurement", idle_s=IDLE_SECONDS)
        self.runner.run(task, on_progress=self._on_progress, then=self._on_measured)

    def measure_file(self, path: Path, *, then: Callable[[], object]) -> None:
        """Choose a model by its file, measure it on the chosen data, and continue.

        Args:
            path: Of the model; one sentence says so if it is not listed any more.
            then: Called when its figures are shown; not if it is stopped or fails.
        """

        def measure(models: object) -> None:
            self._on_models_listed(models)
            if self._panel.choose_model(path):
                self.measure()
                self._then = then
            else:
                self._panel.show_problem(
                    f"{path.name} is not among your models any more; it was deleted, or has"
                    " another name."
                )

        self._worker.call(self._library.models, then=measure, failed=self._report)

    def stop(self) -> None:
        """End the measurement."""
        self._then = None
        self.runner.cancel()
        self._end_progress()

    def end_now(self) -> None:
        """End the child; a window that closes does this."""
        self.runner.end_now()

    def show(self, evaluation: "AnyEvaluation") -> None:
        """Show the result of a measurement."""
        self.evaluation = evaluation
        self._panel.headline.setText(headline(evaluation))
        if isinstance(evaluation, NumbersEvaluation):
            self._show_numbers(evaluation)
        else:
            self._show_images(evaluation)
        self.shown.emit(evaluation)

    def _show_images(self, evaluation: "Evaluation") -> None:
        panel, report = self._panel, evaluation.report
        panel.details.setText(details(evaluation))
        panel.comparison.setText(comparison_sentence(evaluation))
        panel.matrix.show_matrix(report.confusion, report.class_names)
        panel.reliability.show_bins(report.calibration.bins)
        panel.show_classes(report.per_class)
        panel.show_slices(report.slices)
        panel.curves.show_curves(evaluation.curves)
        panel.show_results(
            has_comparison=evaluation.comparison is not None, has_curves=bool(evaluation.curves)
        )
        self._on_cell_chosen(*panel.matrix.chosen)

    def _show_numbers(self, evaluation: "NumbersEvaluation") -> None:
        panel = self._panel
        panel.details.setText(number_details(evaluation))
        panel.show_slices(evaluation.report.slices)
        panel.curves.show_curves(())
        panel.show_results(is_of_numbers=True)
        shown = pictures_of_numbers(evaluation)
        panel.show_pictures(f"Wrong numbers: {len(shown):,}", shown)

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
        self._panel.show_models(entries, current.sha256 if current is not None else "")

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
            self.refresh_models()  # the model may be gone

    def _on_read(self, evaluation: "AnyEvaluation") -> None:
        self._end_progress()
        self.show(evaluation)
        self.said.emit(headline(evaluation) + ".")
        then, self._then = self._then, None
        if then is not None:
            then()

    def _on_failed(self, error: BaseException) -> None:
        self._end_progress()
        self._panel.show_problem(getattr(error, "sentence", str(error)))

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
        self._panel.show_pictures(cell_words(names, label, predicted, len(shown)), shown)

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
        words = wrong_words(row, evaluation.report.class_names)
        if picture.strokes:
            self._pad.set_strokes(arrays_of(picture.strokes))
        else:
            ink = picture.image / np.float32(255)
            self._pad.set_picture(picture_of_ink(ink, f"{words} (image {row.index + 1:,})"))
        self.said.emit(f"{words}.")

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
