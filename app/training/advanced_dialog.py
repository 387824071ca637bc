"""The dialog with the settings of a run that are rarely changed, and the network's layers."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.models.words import name_of_file
from app.style.plain_text import PlainLabel, set_tip
from app.training.recipe_editors import FieldEditor, combo_box
from app.widgets.network_summary import NetworkSummary
from model.files.paths import tensorboard_folder
from model.training_job import AUTO_DEVICE

DEVICES = ((AUTO_DEVICE, "Automatic"), ("cpu", "CPU"), ("gpu:0", "GPU 0"), ("gpu:1", "GPU 1"))
FIRST_WEIGHTS = ((False, "Random initial weights"), (True, "The model in use"))

FIELD_MIN_WIDTH_PX = 110
_LABEL_GAP_PX = 5


class AdvancedDialog(QDialog):
    """A recipe's other fields, first weights, device, and the layers.

    Changes take effect at once; the dialog has no OK button.

    Attributes:
        start_from: Random weights, those of the current model, or those of a model's file.
        device: Where to train.
        tensorboard: Whether to write logs for TensorBoard.
        restore: Shows the recipe's own values again.
        network: One row per layer.
    """

    def __init__(self, editors: Sequence[FieldEditor], parent: QWidget) -> None:
        """Make it, hidden.

        Args:
            editors: Of the fields that it shows.
            parent: The form that the fields belong to.
        """
        super().__init__(parent)
        self.setObjectName("advancedDialog")
        self.setWindowTitle("Advanced settings of the run")
        self.start_from = combo_box(FIRST_WEIGHTS)
        self.start_from.setObjectName("startFrom")
        set_tip(self.start_from, "Whether to begin with random weights or with the model in use")
        self.device = combo_box(DEVICES)
        self.device.setObjectName("device")
        set_tip(self.device, "Automatic takes a GPU where there is one")
        self.tensorboard = QCheckBox("Write logs for TensorBoard")
        self.tensorboard.setObjectName("tensorboard")
        set_tip(self.tensorboard, f"Loss and accuracy of each epoch, in {tensorboard_folder()}")
        self.restore = QPushButton("Restore the recipe's values")
        self.restore.setAutoDefault(False)
        self.network = NetworkSummary()
        self._lay_out(editors)

    def begin_with(self, file: Path) -> None:
        """Choose a model's file for the first weights; it takes the place of another one."""
        place = len(FIRST_WEIGHTS)
        if self.start_from.count() == place:
            self.start_from.addItem("")
        self.start_from.setItemText(place, name_of_file(file))
        self.start_from.setItemData(place, str(file))
        self.start_from.setCurrentIndex(place)

    def _lay_out(self, editors: Sequence[FieldEditor]) -> None:
        fields = _grid()
        _place(fields, 0, 0, "Initial weights", self.start_from)
        _place(fields, 0, 1, "Device", self.device)
        _place_all(fields, editors, row=2)
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.addLayout(fields)
        rows.addWidget(self.tensorboard)
        layers = PlainLabel("Layers")
        layers.setProperty("role", "caption")
        rows.addWidget(layers)
        rows.addWidget(self.network, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.restore, QDialogButtonBox.ButtonRole.ResetRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll, 1)
        layout.addWidget(buttons)
        width = max(page.sizeHint().width() + 40, 460)
        self.resize(width, min(page.sizeHint().height() + 80, 640))


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    return grid


def _place_all(grid: QGridLayout, editors: Iterable[FieldEditor], *, row: int) -> None:
    """Place editors two in a row; a wide one and a check box get a row of their own."""
    column = 0
    for editor in editors:
        has_own_row = editor.field.is_wide or editor.field.kind == "flag"
        if has_own_row and column:
            row, column = row + 2, 0
        span = 2 if has_own_row else 1
        if editor.field.kind == "flag":
            grid.addWidget(editor.widget, row, 0, 1, 2)
        else:
            _place(grid, row, column, editor.field.label, editor.widget, span=span)
        column = (column + span) % 2
        row += 0 if column else 2


def _place(
    grid: QGridLayout, row: int, column: int, text: str, field: QWidget, *, span: int = 1
) -> None:
    """Place a field under its label."""
    label = PlainLabel(text)
    label.setProperty("role", "caption")
    label.setBuddy(field)
    # Nearer to its own field than to the one above.
    label.setContentsMargins(0, _LABEL_GAP_PX if row else 0, 0, 0)
    field.setAccessibleName(text)
    field.setMinimumWidth(FIELD_MIN_WIDTH_PX)
    grid.addWidget(label, row, column)
    grid.addWidget(field, row + 1, column, 1, span)
