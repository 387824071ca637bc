"""Saving and exporting the model in use."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.child.process import python_command
from app.child.tasks import TaskResult, TaskRunner, export_network
from app.models.export_dialog import ExportDialog, ExportKind
from app.models.keeping import save_copy
from app.models.library import ModelShelf
from app.models.words import exported_in_words
from app.recognition.current_model import ModelInUse
from model.errors import DigitpadError, ModelFileError
from model.protocol import Exported, Failed, Preparing


class ExportPresenter(QObject):
    """Writes the model in use elsewhere, as it is or in another format.

    Attributes:
        dialog: What follows an export; None where there is none.
        runner: Runs the child.

    Signals:
        saved (Path): A copy was written.
    """

    saved = Signal(object)

    def __init__(
        self,
        window: QWidget,
        shelf: ModelShelf,
        model_in_use: Callable[[], ModelInUse | None],
        report: Callable[[BaseException], None],
        *,
        command_line: Callable[..., list[str]] = python_command,
        parent: QObject | None = None,
    ) -> None:
        """Prepare.

        Args:
            window: The dialogs' parent.
            shelf: Knows which file a model is from.
            model_in_use: Says which model answers now.
            report: Shows problems.
            command_line: Turns arguments of `python -m model` into program and arguments.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self.dialog: ExportDialog | None = None
        self.runner = TaskRunner(command_line, self)
        self._window = window
        self._shelf = shelf
        self._model_in_use = model_in_use
        self._report = report

    def ask_where_to_save(self, folder: str) -> None:
        """Ask under which name the model in use shall be saved, and do it."""
        found = self._found()
        if found is None:
            return
        model, source = found
        dialog = QFileDialog(self._window, "Save model", folder, f"Model (*{source.suffix})")
        dialog.setObjectName("saveModelDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(source.suffix.removeprefix("."))
        dialog.selectFile(f"{model.name}{source.suffix}")
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, target: Path) -> None:
        """Copy the model in use."""
        found = self._found()
        if found is None:
            return
        model, source = found
        recognizer = model.recognizer
        try:
            save_copy(source, target, sha256=source_hash(model), metadata=recognizer.metadata)
        except (DigitpadError, OSError) as error:
            self._report(error)
        else:
            self.saved.emit(target)

    def ask_for_format(self) -> None:
        """Ask what the model in use shall be exported to, and do it."""
        found = self._found()
        if found is None or self.dialog is not None:
            return
        model, source = found
        self.dialog = ExportDialog(model.name, parent=self._window)
        self.dialog.export_requested.connect(
            lambda kind: self._ask_where_to_export(model, source, kind)
        )
        self.dialog.finished.connect(self._on_dialog_finished)
        self.dialog.open()

    def export(self, model: ModelInUse, source: Path, kind: ExportKind, out: Path) -> None:
        """Have a child export a model file."""
        if self.dialog is None:
            return
        self.dialog.show_activity("Starting", None)
        task = export_network(
            source,
            target=kind.target,
            quantization=kind.quantization,
            out=out,
            input_format=model.recognizer.metadata.input_format,
        )
        self.runner.run(task, on_progress=self._on_progress, then=self._take_result)

    def _ask_where_to_export(self, model: ModelInUse, source: Path, kind: ExportKind) -> None:
        name_filter = f"{kind.title} (*{kind.suffix})" if kind.suffix else "Folder (*)"
        dialog = QFileDialog(self.dialog, "Export network", "", name_filter)
        dialog.setObjectName("exportFileDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(kind.suffix.removeprefix("."))
        dialog.selectFile(f"{model.name}{kind.suffix}")
        dialog.fileSelected.connect(lambda name: self.export(model, source, kind, Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _found(self) -> tuple[ModelInUse, Path] | None:
        """Return the model in use and its file; say so where there is none."""
        model = self._model_in_use()
        if model is None:
            self._report(ModelFileError("There is no network to save; open one first."))
            return None
        source = self._shelf.file_of(source_hash(model))
        if source is None:
            self._report(
                ModelFileError(f"The file of {model.name} is gone, so it can't be written again.")
            )
            return None
        return model, source

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
        if isinstance(result, Exported):
            self.dialog.show_result(exported_in_words(result), is_done=True)
        elif isinstance(result, Failed):
            self.dialog.show_result(result.sentence, is_done=False)
            self._report(ModelFileError(result.sentence, detail=result.detail))


def source_hash(model: ModelInUse) -> str:
    """Return the hash of the file that a model was converted from."""
    return str(getattr(model.recognizer, "source_sha256", ""))
