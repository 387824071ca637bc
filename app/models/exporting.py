"""Saving and exporting a model: the one that answers, or another one."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.child.background import BackgroundWorker
from app.child.process import python_command
from app.child.tasks import TaskResult, TaskRunner, export_network
from app.models.export_dialog import ExportDialog, ExportKind
from app.models.library import (
    ModelLibrary,
    file_stem,
    is_replaced,
    missing_words,
    save_copy,
)
from app.models.words import exported_in_words
from app.recognition.current_model import CurrentModel, LoadedModel
from app.widgets.file_dialogs import first_folder
from model.errors import ModelFileError
from model.metadata import shown_name
from model.run_events import Failed, Preparing
from model.task_events import Exported

logger = logging.getLogger("digitpad")


class ExportPresenter(QObject):
    """Writes a model elsewhere, as it is or in another format.

    Attributes:
        dialog: Follows an export; None if there is none.
        runner: Runs the child.

    Signals:
        saved (Path): A copy was written.
    """

    saved = Signal(object)

    def __init__(
        self,
        window: QWidget,
        library: ModelLibrary,
        current_model: CurrentModel,
        report: Callable[[BaseException], None],
        *,
        folder: Callable[[], str] = str,
        remember_folder: Callable[[Path], object] = lambda _: None,
        command_line: Callable[..., list[str]] = python_command,
        parent: QObject | None = None,
    ) -> None:
        """Prepare.

        Args:
            window: The dialogs' parent.
            library: Finds the file of a model.
            current_model: The model that answers.
            report: Shows problems.
            folder: Returns the folder in which something was saved last; empty if nothing was.
            remember_folder: Takes the folder in which something was exported.
            command_line: Turns arguments of `python -m model` into program and arguments.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.dialog: ExportDialog | None = None
        self.runner = TaskRunner(command_line, self)
        self._window = window
        self._library = library
        self._current_model = current_model
        self._report = report
        self._folder = folder
        self._remember_folder = remember_folder
        self._worker = BackgroundWorker(self)

    def ask_where_to_save(self) -> None:
        """Ask under which name to save the model that answers, and save it."""
        self._find_file(self.save_model)

    def ask_for_format(self) -> None:
        """Ask for the format and the place of an export of the model that answers."""
        self._find_file(self.export_model)

    def save(self, model: LoadedModel, source: Path, target: Path) -> None:
        """Copy a model's file."""
        problem = problem_with_target(target, source.suffix)
        if problem:
            self._report(ModelFileError(problem))
            return
        metadata = model.recognizer.metadata
        self._worker.call(
            partial(save_copy, source, target, sha256=model.sha256, metadata=metadata),
            then=lambda _: self.saved.emit(target),
            failed=self._report,
        )

    def export(self, model: LoadedModel, source: Path, kind: ExportKind, out: Path) -> None:
        """Have a child export a model file."""
        if self.dialog is None:
            return
        self.dialog.show_activity("Preparing TensorFlow", None)
        task = export_network(
            source,
            target=kind.target,
            quantization=kind.quantization,
            out=out,
            input_format=model.recognizer.metadata.input_format,
        )
        self.runner.run(task, on_progress=self._on_progress, then=self._on_exported)

    def end_now(self) -> None:
        """End the child, and wait until a copy that is being saved is whole."""
        self.runner.end_now()
        self._worker.finish()

    def _find_file(self, then: Callable[[LoadedModel, Path], object]) -> None:
        """Continue with the current model and its file; report if there is none."""
        model = self._current_model.value
        if model is None:
            self._report(ModelFileError("There is no network to save; open one first."))
            return
        self._worker.call(
            partial(self._file_of, model),
            then=lambda path: then(model, path),
            failed=self._report,
        )

    def _file_of(self, model: LoadedModel) -> Path:
        """Return a model's file; call it in a thread.

        Raises:
            ModelFileError: If no file of the library is the model's any more.
        """
        path = self._library.file_of(model.sha256)
        if path is None:
            missing = missing_words(model.name, is_replaced=is_replaced(model.path))
            raise ModelFileError(f"{missing}, so it can't be written again.")
        return path

    def save_model(self, model: LoadedModel, source: Path) -> None:
        """Ask under which name to copy a model's file, and copy it."""
        name_filter, folder = f"Model (*{source.suffix})", self._folder()
        dialog = _file_dialog(self._window, "Save model", name_filter, folder)
        dialog.setObjectName("saveModelDialog")
        dialog.setDefaultSuffix(source.suffix.removeprefix("."))
        dialog.selectFile(f"{file_stem(model.name)}{source.suffix}")
        dialog.fileSelected.connect(lambda name: self.save(model, source, Path(name)))
        dialog.open()

    def export_model(self, model: LoadedModel, source: Path) -> None:
        """Ask for the format and the place of an export of a model, and export it."""
        if self.dialog is not None:
            return
        self.dialog = ExportDialog(model.name, parent=self._window)
        self.dialog.export_requested.connect(partial(self._ask_where_to_export, model, source))
        self.dialog.finished.connect(self._on_dialog_finished)
        self.dialog.open()

    def _ask_where_to_export(self, model: LoadedModel, source: Path, kind: ExportKind) -> None:
        name_filter = f"{kind.title} (*{kind.suffix})" if kind.suffix else "Folder (*)"
        dialog = _file_dialog(self.dialog, "Export network", name_filter, self._folder())
        dialog.setObjectName("exportFileDialog")
        dialog.setDefaultSuffix(kind.suffix.removeprefix("."))
        dialog.selectFile(f"{file_stem(model.name)}{kind.suffix}")
        dialog.fileSelected.connect(lambda name: self._export_to(model, source, kind, Path(name)))
        dialog.open()

    def _export_to(self, model: LoadedModel, source: Path, kind: ExportKind, out: Path) -> None:
        """Ask for a path until one can be written; show the obstacle in the dialog."""
        problem = problem_with_target(out, kind.suffix)
        if problem and self.dialog is not None:
            self.dialog.show_result(problem, is_done=False)
        else:
            self.export(model, source, kind, out)

    def _on_progress(self, preparing: Preparing) -> None:
        if self.dialog is not None:
            self.dialog.show_activity(preparing.activity, preparing.fraction)

    def _on_exported(self, result: TaskResult) -> None:
        if self.dialog is None:
            return
        if isinstance(result, Exported):
            self._remember_folder(Path(result.file).absolute().parent)
            self.dialog.show_result(exported_in_words(result), is_done=True)
        elif isinstance(result, Failed):
            self.dialog.show_result(result.sentence, is_done=False)  # where it was asked for
            logger.info("%s (%s)", result.sentence, result.detail)

    def _on_dialog_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
        self.runner.cancel()


def _file_dialog(parent: QWidget | None, title: str, name_filter: str, folder: str) -> QFileDialog:
    dialog = QFileDialog(parent, title, first_folder(folder), name_filter)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.finished.connect(dialog.deleteLater)
    return dialog


def problem_with_target(target: Path, suffix: str) -> str:
    """Return why a file can't be written, in one sentence; empty if it can."""
    if suffix and target.suffix.lower() != suffix:
        return f"The file's name has to end in {suffix}."
    if not target.parent.is_dir():
        return f"There is no folder {shown_name(str(target.parent))}; choose one that there is."
    return ""
