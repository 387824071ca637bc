"""Opening a model file: loaded at once if its converted model is known, or else imported first."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.child.background import BackgroundWorker
from app.child.process import python_command
from app.child.tasks import Task, TaskResult, TaskRunner, import_model, look_inside
from app.models.file_dialog import ModelFileDialog
from app.models.words import choice_in_words, facts_of, short_details
from app.recognition.current_model import LoadedModel, bundled_model
from model.errors import DigitpadError, ModelFileError
from model.metadata import InputFormat, shown_name
from model.model_files.opening import known_model
from model.model_files.summary import ModelSummary
from model.recognizer import BUNDLED_MODEL, Recognizer
from model.run_events import Failed, Preparing
from model.task_events import Asked, Imported

Then = Callable[[LoadedModel], object]

logger = logging.getLogger("digitpad")

PROPOSED = "The likeliest comes first."

_THIS_IS = "This is "


class OpeningPresenter(QObject):
    """Opens model files; nothing else changes until a network is ready.

    Attributes:
        dialog: Shows the file that is being imported; None if there is none.
        runner: Runs the children.
    """

    def __init__(
        self,
        window: QWidget,
        report: Callable[[BaseException], None],
        *,
        command_line: Callable[..., list[str]] = python_command,
        parent: QObject | None = None,
    ) -> None:
        """Prepare to open files.

        Args:
            window: The dialog's parent.
            report: Shows problems.
            command_line: Turns arguments of `python -m model` into program and arguments.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.dialog: ModelFileDialog | None = None
        self.runner = TaskRunner(command_line, self)
        self._window = window
        self._report = report
        self._worker = BackgroundWorker(self)

    def open_file(self, path: Path, then: Then) -> None:
        """Open a model file and continue with its network.

        Args:
            path: The file.
            then: Receives the network; a file that can't be opened is reported instead.
        """
        path = path.absolute()
        self._worker.call(
            partial(_load_known, path),
            then=lambda model: then(model) if model else self._import(path, then),
            failed=self._report,
        )

    def end_now(self) -> None:
        """End the children and wait until they are gone."""
        self.runner.end_now()

    def _import(self, path: Path, then: Then) -> None:
        if self.dialog is not None:
            self._report(
                ModelFileError("A model file is being opened; finish or cancel that first.")
            )
            return
        self.dialog = dialog = ModelFileDialog(shown_name(path.name), self._window)
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

        def show(result: TaskResult) -> None:
            if isinstance(result, ModelSummary):
                _show_summary(dialog, result)
                dialog.use_requested.connect(partial(convert, result.sha256))
            elif isinstance(result, Failed):
                dialog.reject()  # there is nothing in it to look at
                self._report(failure_of(path, result))

        def convert(sha256: str, input_format: InputFormat | None) -> None:
            task = import_model(path, sha256, input_format)
            self._run(dialog, task, "Preparing TensorFlow", then=finish)

        def finish(result: TaskResult) -> None:
            if isinstance(result, Asked):
                answers = {
                    choice_in_words(choice): choice.input_format for choice in result.choices
                }
                dialog.ask(f"{result.sentence} {PROPOSED}", answers)
            elif isinstance(result, Imported):
                self._use(dialog, path, Path(result.litert_file), then)
            else:
                self._fail(result)

        self._run(dialog, look_inside(path), "Looking into the file", then=show)

    def _run(
        self,
        dialog: ModelFileDialog,
        task: Task,
        activity: str,
        *,
        then: Callable[[TaskResult], object],
    ) -> None:
        def show_progress(preparing: Preparing) -> None:
            dialog.show_activity(preparing.activity, preparing.fraction)

        dialog.show_activity(activity, None)
        self.runner.run(task, on_progress=show_progress, then=then)

    def _use(self, dialog: ModelFileDialog, path: Path, litert_file: Path, then: Then) -> None:
        try:
            recognizer = Recognizer.from_files(litert_file)
        except DigitpadError as error:
            self._fail(Failed(kind="ModelFileError", sentence=error.sentence, detail=error.detail))
            return
        dialog.accept()
        then(_named(recognizer, path))

    def _fail(self, result: TaskResult) -> None:
        if isinstance(result, Failed) and self.dialog is not None:
            self.dialog.show_failure(result.sentence)  # there, and nowhere else as well
            logger.info("%s (%s)", result.sentence, result.detail)

    def _on_dialog_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
        self.runner.cancel()


def _show_summary(dialog: ModelFileDialog, summary: ModelSummary) -> None:
    obstacle = " ".join(summary.obstacles)
    dialog.show_facts(
        facts_of(summary),
        [*summary.questions, *summary.warnings],
        summary.layers,
        obstacle=f"It can't be used here. {obstacle}" if obstacle else "",
    )


def failure_of(path: Path, failed: Failed) -> ModelFileError:
    """Return why a file can't be opened, in a sentence with its name."""
    name, sentence = shown_name(path.name), failed.sentence
    if sentence.startswith(_THIS_IS):
        sentence = f"{name} is {sentence.removeprefix(_THIS_IS)}"
    elif name not in sentence:
        sentence = f"{name}: {sentence}"
    return ModelFileError(sentence, detail=failed.detail)


def _load_known(path: Path) -> LoadedModel | None:
    """Return the network of a file that was imported before; None if it was not.

    Raises:
        DigitpadError: If the file can't be read.
    """
    if path == BUNDLED_MODEL:
        return bundled_model()
    litert_file = known_model(path)
    if litert_file is None:
        return None
    try:
        return _named(Recognizer.from_files(litert_file), path)
    except DigitpadError:
        return None  # The converted model is damaged or gone meanwhile; importing makes it again.


def _named(recognizer: Recognizer, path: Path) -> LoadedModel:
    details = short_details(recognizer.metadata)
    return LoadedModel(recognizer, shown_name(path.stem), details, path)
