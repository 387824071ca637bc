"""What to train and how: the settings above the Train button."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.training.recipe_editors import FieldEditor, combo_box, field_editor
from app.widgets.data_box import DataBox, DataEntry
from app.widgets.disclosure import Disclosure
from model.recipe_fields import recipe_fields
from model.recipes import Recipe, changed_recipe
from model.training_job import AUTO_DEVICE

DEVICES = ((AUTO_DEVICE, "Automatic"), ("cpu", "CPU"), ("gpu:0", "GPU 0"), ("gpu:1", "GPU 1"))

FIELD_MIN_WIDTH_PX = 110

_LABEL_GAP_PX = 5


class TrainingForm(QWidget):
    """Recipe, data, epochs, first weights, device, and the recipe's other fields folded away.

    Attributes:
        recipe: The names of the recipes.
        dataset: The data sets.
        start_from: Fresh weights or those of the current model.
        device: Where to train.
        more: The recipe's other fields.
        restore: Shows the recipe's own values again.

    Signals:
        settings_changed: Something else is chosen.
    """

    settings_changed = Signal()

    def __init__(
        self, recipes: Sequence[Recipe], data: Sequence[DataEntry], parent: QWidget | None = None
    ) -> None:
        """Make a form.

        Args:
            recipes: The recipes to choose from; all of one type, whose fields the form shows.
            data: The data sets to choose from.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._recipes = {recipe.name: recipe for recipe in recipes}
        self._editors = {
            field.name: field_editor(field) for field in recipe_fields(type(recipes[0]))
        }
        self._is_filling = False
        self._make_choices(data)
        self._lay_out()
        self._connect()
        wheel_guard = _WheelGuard(self)
        for field in (*self.findChildren(QComboBox), *self.findChildren(QAbstractSpinBox)):
            # Otherwise the wheel would give it the focus, too.
            field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            field.installEventFilter(wheel_guard)
        self._fill()

    @property
    def chosen_recipe(self) -> Recipe:
        """The recipe, with the changes made on the form; its data set may be a path."""
        values = {name: editor.value() for name, editor in self._editors.items()}
        return changed_recipe(self._own_recipe, dataset=self.dataset.chosen, **values)

    @property
    def chosen_device(self) -> str:
        """The device as on the command line, such as `auto` or `gpu:0`."""
        return str(self.device.currentData())

    @property
    def starts_from_current_model(self) -> bool:
        """Whether training starts with the weights of the current model, not with fresh ones."""
        return bool(self.start_from.currentData())

    def editor(self, name: str) -> FieldEditor:
        """Return the editor of the recipe's field of that name."""
        return self._editors[name]

    def show_recipe(self, name: str) -> None:
        """Choose a recipe, with all its values; an unknown name changes nothing."""
        index = self.recipe.findData(name)
        if index == self.recipe.currentIndex():
            self._fill()
        elif index >= 0:
            self.recipe.setCurrentIndex(index)

    @property
    def _own_recipe(self) -> Recipe:
        """The recipe that is chosen, without the changes made on the form."""
        return self._recipes[self.recipe.currentData()]

    def _fill(self) -> None:
        """Show the values of the recipe that is chosen."""
        recipe = self._own_recipe
        self._is_filling = True
        self._summary.setText(f"{recipe.summary}.")
        self.dataset.add(recipe.dataset)
        for name, editor in self._editors.items():
            editor.set_value(getattr(recipe, name))
        self._is_filling = False
        self._on_field_changed()

    def _make_choices(self, data: Sequence[DataEntry]) -> None:
        self.recipe = combo_box((name, name) for name in self._recipes)
        self.recipe.setObjectName("recipe")
        for index, recipe in enumerate(self._recipes.values()):
            self.recipe.setItemData(index, recipe.summary, Qt.ItemDataRole.ToolTipRole)
        self._summary = QLabel()
        self._summary.setProperty("role", "quiet")
        self._summary.setWordWrap(True)
        self.dataset = DataBox(data)
        combo_box((), self.dataset).setObjectName("dataset")
        self.start_from = combo_box(((False, "Fresh weights"), (True, "Current model")))
        self.start_from.setObjectName("startFrom")
        self.start_from.setToolTip("Whether to begin with random weights or with the model in use")
        self.device = combo_box(DEVICES)
        self.device.setObjectName("device")
        self.device.setToolTip("Automatic takes a GPU where there is one")
        self.restore = QPushButton("Restore the recipe's values")

    def _lay_out(self) -> None:
        first = _grid()
        _place(first, 0, 0, "Recipe", self.recipe, span=2)
        first.addWidget(self._summary, 2, 0, 1, 2)
        _place(first, 3, 0, "Data", self.dataset)
        _place(first, 3, 1, "Epochs", self.editor("epochs").widget)
        _place(first, 5, 0, "Start from", self.start_from)
        _place(first, 5, 1, "Device", self.device)
        others = _grid()
        _place_all(others, (e for name, e in self._editors.items() if name != "epochs"))
        others.addWidget(self.restore, others.rowCount(), 0, 1, 2)
        more = QWidget()
        more.setLayout(others)
        self.more = Disclosure("More settings", more, is_open=False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(first)
        layout.addWidget(self.more)

    def _connect(self) -> None:
        self.recipe.currentIndexChanged.connect(self._fill)
        self.restore.clicked.connect(self._fill)
        self.dataset.data_changed.connect(self._on_field_changed)
        for combo in (self.start_from, self.device):
            combo.currentIndexChanged.connect(self._on_field_changed)
        for editor in self._editors.values():
            editor.changed.connect(self._on_field_changed)

    def _on_field_changed(self) -> None:
        if self._is_filling:
            return
        self.restore.setEnabled(self.chosen_recipe != self._own_recipe)
        self.settings_changed.emit()


class _WheelGuard(QObject):
    """Keeps the wheel from changing a field that it only passes while the panel scrolls."""

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_passing = isinstance(watched, QWidget) and not watched.hasFocus()
        if not (isinstance(event, QWheelEvent) and is_passing):
            return False
        event.ignore()
        return True


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(3)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    return grid


def _place_all(grid: QGridLayout, editors: Iterable[FieldEditor]) -> None:
    """Place editors two in a row; a wide one and a check box get a row of their own."""
    row = column = 0
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
    """Place a field under its label: that way two fit beside each other in a narrow panel."""
    label = QLabel(text)
    label.setProperty("role", "caption")
    label.setBuddy(field)
    # Nearer to its own field than to the one above.
    label.setContentsMargins(0, _LABEL_GAP_PX if row else 0, 0, 0)
    field.setAccessibleName(text)
    field.setMinimumWidth(FIELD_MIN_WIDTH_PX)
    grid.addWidget(label, row, column)
    grid.addWidget(field, row + 1, column, 1, span)
