"""Opening a model file: known at once, or looked into, agreed to, converted and then used."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.child.process import python_command
from app.child.tasks import Task, TaskResult, TaskRunner, import_model, look_inside
from app.models.file_dialog import ModelFileDialog
from app.models.words import choice_in_words, facts_of, short_details
from app.recognition.current_model import ModelInUse
from model.errors import DigitpadError, ModelFileError
from model.metadata import InputFormat, printable
from model.model_files.opening import known_copy
from model.model_files.summary import ModelSummary
from model.protocol import Adopted, Asked, Failed, InputChoice, Preparing
from model.recognizer import Recognizer

PROPOSED = "The likeliest comes first."


class OpeningPresenter(QObject):
    """Opens one model file at a time; what answers is unchanged until the very end.

    Attributes:
        dialog: What shows the file that is being opened; None where none is.
        runner: Runs the children.

    Signals:
        model_opened (Path, ModelInUse): A network is verified and ready.
    """

    model_opened = Signal(object, object)

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
        self._path = Path()
        self._summary: ModelSummary | None = None
        self._choices: tuple[InputChoice, ...] = ()

    def open_file(self, path: Path) -> None:
        """Open a model file; one that was opened before is used at once.

        Raises:
            DigitpadError: If the file can't be read, or another one is being opened.
        """
        if self.dialog is not None:
            raise ModelFileError("A model file is being opened; finish or cancel that first.")
        path = path.absolute()
        model = known_model(path)
        if model is not None:
            self.model_opened.emit(path, model)
        else:
            self._look_inside(path)

    def _look_inside(self, path: Path) -> None:
        self._path = path
        self._summary = None
        self.dialog = ModelFileDialog(printable(path.name, 255), self._window)
        self.dialog.use_requested.connect(lambda: self._convert(None))
        self.dialog.choice_made.connect(self._on_choice_made)
        self.dialog.finished.connect(self._on_dialog_finished)
        self._start(look_inside(path), "Looking into the file")
        self.dialog.open()

    def _start(self, task: Task, activity: str) -> None:
        if self.dialog is not None:
            self.dialog.show_activity(activity, None)
        self.runner.run(task, on_progress=self._on_progress, then=self._take_result)

    def _convert(self, input_format: InputFormat | None) -> None:
        if self._summary is not None:
            task = import_model(self._path, self._summary.sha256, input_format)
            self._start(task, "Starting")

    def _on_choice_made(self, number: int) -> None:
        self._convert(self._choices[number].input_format)

    def _on_progress(self, preparing: Preparing) -> None:
        if self.dialog is not None:
            self.dialog.show_activity(preparing.activity, preparing.fraction)

    def _on_dialog_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
        self.runner.cancel()

    def _take_result(self, result: TaskResult) -> None:
        """Show what came of a task, where its dialog is still there."""
        if self.dialog is None:
            return
        if isinstance(result, ModelSummary):
            self._show(self.dialog, result)
        elif isinstance(result, Asked):
            self._choices = result.choices
            answers = [choice_in_words(choice) for choice in result.choices]
            self.dialog.ask(f"{result.sentence} {PROPOSED}", answers)
        elif isinstance(result, Adopted):
            self._use(Path(result.litert_file))
        elif isinstance(result, Failed):
            self._fail(ModelFileError(result.sentence, detail=result.detail))

    def _show(self, dialog: ModelFileDialog, summary: ModelSummary) -> None:
        self._summary = summary
        remarks = [*summary.questions, *summary.warnings]
        obstacle = " ".join(summary.obstacles)
        dialog.show_facts(
            facts_of(summary),
            remarks,
            summary.layers,
            obstacle=f"It can't be used here. {obstacle}" if obstacle else "",
        )

    def _use(self, litert_file: Path) -> None:
        try:
            recognizer = Recognizer.from_files(litert_file)
        except DigitpadError as error:
            self._fail(error)
            return
        if self.dialog is not None:
            self.dialog.accept()
        self.model_opened.emit(self._path, _named(recognizer, self._path))

    def _fail(self, error: DigitpadError) -> None:
        if self.dialog is not None:
            self.dialog.show_failure(error.sentence)
        self._report(error)


def known_model(path: Path) -> ModelInUse | None:
    """Return the network of a file that was opened before, in milliseconds; None where it was not.

    Raises:
        DigitpadError: If the file can't be read.
    """
    copy = known_copy(path)
    if copy is None:
        return None
    try:
        recognizer = Recognizer.from_files(copy)
    except DigitpadError:
        return None  # The copy is damaged or gone meanwhile; it can be made again.
    return _named(recognizer, path)


def _named(recognizer: Recognizer, path: Path) -> ModelInUse:
    tip = short_details(recognizer.metadata)
    return ModelInUse(recognizer, printable(path.stem, 80), tip)
