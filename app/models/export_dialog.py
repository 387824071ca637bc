"""The export dialog: the choice of a format, progress, and the result."""

from dataclasses import dataclass
from importlib.util import find_spec

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QRadioButton, QVBoxLayout, QWidget

from app.style.plain_text import wrapping_label
from app.widgets.task_dialog import TaskDialog
from model.exporting.formats import EXPORT_FORMATS

WIDTH_PX = 440


@dataclass(frozen=True)
class ExportKind:
    """Something a network can be exported to.

    Attributes:
        title: Its name.
        summary: What it is for.
        target: Name of the format on the command line.
        quantization: `none` or `int8`.
        suffix: How its files end; empty for a folder.
        missing: Packages that it needs and that are not installed.
    """

    title: str
    summary: str
    target: str
    quantization: str
    suffix: str
    missing: tuple[str, ...] = ()

    @property
    def obstacle(self) -> str:
        """Why it can't be chosen, and what to do; empty if it can."""
        if not self.missing:
            return ""
        names = ", ".join(self.missing)
        return f"Needs {names}: install them with pip install {' '.join(self.missing)}"


def export_kinds() -> tuple[ExportKind, ...]:
    """Return every format of the table, and the quantized version of those that have one."""
    kinds = []
    for row in EXPORT_FORMATS.values():
        missing = tuple(name for name in row.packages if find_spec(name) is None)
        kinds.append(ExportKind(row.title, row.summary, row.name, "none", row.suffix, missing))
        if row.quantized_summary:
            title, summary = f"{row.title} int8", row.quantized_summary
            kinds.append(ExportKind(title, summary, row.name, "int8", row.suffix, missing))
    return tuple(kinds)


class ExportDialog(TaskDialog):
    """Asks for a format, then follows the export.

    Attributes:
        kinds: One button per format.
        export_button: Begins.

    Signals:
        export_requested (ExportKind): The user wants that format.
    """

    export_requested = Signal(object)

    def __init__(self, model_name: str, parent: QWidget | None = None) -> None:
        export_button = QPushButton("Export…")
        super().__init__("Export network", export_button, parent)
        self.setObjectName("exportDialog")
        self._kinds = export_kinds()
        self._group = QButtonGroup(self)
        self.kinds = tuple(QRadioButton(f"{kind.title}: {kind.summary}") for kind in self._kinds)
        for number, button in enumerate(self.kinds):
            self._group.addButton(button, number)
        can_be = [not kind.missing for kind in self._kinds]
        self.kinds[can_be.index(True) if any(can_be) else 0].setChecked(True)
        self.sentence.setText("The file is loaded again and compared before it is kept.")
        self.sentence.setObjectName("exportSentence")
        self.progress.setAccessibleName("Progress of the export")
        self.progress.hide()
        self.export_button = export_button
        self.export_button.setObjectName("exportButton")
        self.export_button.clicked.connect(self._on_export_clicked)
        self._lay_out(model_name)

    def show_activity(self, activity: str, fraction: float | None) -> None:
        """Show what is going on; no other format can be chosen meanwhile."""
        super().show_activity(activity, fraction)
        self.cancel_button.setText("Cancel")
        self._set_busy(True)

    def show_result(self, sentence: str, *, is_done: bool) -> None:
        """Show the result; another format can be chosen."""
        self._set_busy(False)
        self.sentence.setText(sentence)
        self.cancel_button.setText("Close" if is_done else "Cancel")

    def _set_busy(self, is_busy: bool) -> None:
        self.progress.setVisible(is_busy)
        self.export_button.setEnabled(not is_busy)
        for button, kind in zip(self.kinds, self._kinds, strict=True):
            button.setEnabled(not is_busy and not kind.missing)

    def _on_export_clicked(self) -> None:
        self.export_requested.emit(self._kinds[self._group.checkedId()])

    def _lay_out(self, model_name: str) -> None:
        title = wrapping_label(f"Export {model_name} to")
        title.setProperty("role", "heading")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(title)
        for button, kind in zip(self.kinds, self._kinds, strict=True):
            layout.addWidget(button)
            button.setEnabled(not kind.missing)
            if kind.obstacle:
                why = wrapping_label(kind.obstacle)
                why.setProperty("role", "caption")
                why.setContentsMargins(24, 0, 0, 0)
                button.setAccessibleDescription(kind.obstacle)
                layout.addWidget(why)
        layout.addSpacing(4)
        layout.addWidget(self.sentence)
        layout.addWidget(self.progress)
        layout.addStretch(1)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(WIDTH_PX)
