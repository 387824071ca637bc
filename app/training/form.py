"""What to train and how: the choices above the Train button."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QEvent, QLocale, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.training.order import AUTO_DEVICE, TrainingChoice
from app.widgets.disclosure import Disclosure
from model.recipes import (
    MAX_BATCH_SIZE,
    MAX_EPOCHS,
    AugmentationName,
    NetworkName,
    OptimizerName,
    Recipe,
    ScheduleName,
    changed_recipe,
)

OWN_FILE = "own file"
OWN_FOLDER = "own folder"
DATA_FOLDER = "data folder"
WISHES = (OWN_FILE, OWN_FOLDER, DATA_FOLDER)
"""Lines of the data list that are no data but ask for some."""

DEVICES = ((AUTO_DEVICE, "Automatic"), ("cpu", "CPU"), ("gpu:0", "GPU 0"), ("gpu:1", "GPU 1"))

FIELD_MIN_WIDTH_PX = 110

_LABEL_GAP_PX = 5

TEXT_MARGIN_PX = 5
"""Room before a number: style sheets do not reach the field inside a spin box."""

MAX_SEED = 2**31 - 1
"""A spin box counts to here; the command line takes seeds up to 2**32 - 1."""


@dataclass(frozen=True)
class DataEntry:
    """A line of the data list: the name the command line knows, and what people read."""

    name: str
    title: str
    summary: str = ""


class TrainingForm(QWidget):
    """Recipe, data, epochs, where to start, device, and the rest of the recipe folded away.

    Signals:
        choice_changed (TrainingChoice): Something else is chosen.
        data_requested (str): The user wants to say where data lies, one of `WISHES`;
            `set_own_data` answers the first two.
    """

    choice_changed = Signal(object)
    data_requested = Signal(str)

    def __init__(
        self,
        recipes: Sequence[Recipe],
        data: Sequence[DataEntry],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._recipes = {recipe.name: recipe for recipe in recipes}
        self._is_filling = False
        self._make_fields(data)
        self._lay_out()
        self._connect()
        guard = _WheelGuard(self)
        for field in (*self.findChildren(QComboBox), *self.findChildren(QAbstractSpinBox)):
            # Else the wheel would give it the focus, too.
            field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            field.installEventFilter(guard)
        self._fill()

    @property
    def choice(self) -> TrainingChoice:
        """What is chosen now."""
        return TrainingChoice(
            recipe=changed_recipe(
                self._recipes[self.recipe.currentData()],
                network=self.network.currentText(),
                dataset=self.dataset.currentData(),
                epochs=self.epochs.value(),
                batch_size=self.batch_size.value(),
                optimizer=self.optimizer.currentText(),
                learning_rate=self.learning_rate.value(),
                schedule=self.schedule.currentText(),
                weight_decay=self.weight_decay.value(),
                augmentation=self.augmentation.currentText(),
                unaugmented_share=self.unaugmented_share.value() / 100,
                label_smoothing=self.label_smoothing.value(),
                averages_weights=self.averages_weights.isChecked(),
                validation_share=self.validation_share.value() / 100,
                seed=self.seed.value(),
            ),
            device=self.device.currentData(),
            goes_on=bool(self.start_from.currentData()),
        )

    def show_recipe(self, name: str) -> None:
        """Choose a recipe, with all its values; one that is unknown changes nothing."""
        place = self.recipe.findData(name)
        if place == self.recipe.currentIndex():
            self._fill()
        elif place >= 0:
            self.recipe.setCurrentIndex(place)

    def set_data(self, name: str) -> None:
        """Choose data by its name or, where it is the user's own, by its path."""
        if self.dataset.findData(name) < 0 and Path(name).exists():
            self.set_own_data(Path(name))
        elif self.dataset.findData(name) >= 0:
            self.dataset.setCurrentIndex(self.dataset.findData(name))

    def set_own_data(self, path: Path | None) -> None:
        """Choose the user's own data.

        Args:
            path: File or folder; None leaves the choice as it was.
        """
        if path is None:
            return
        self._choose_data(str(path), title=path.name)

    def _fill(self) -> None:
        """Give every field the value of the recipe that is chosen."""
        recipe = self._recipes[self.recipe.currentData()]
        self._is_filling = True
        self.summary.setText(f"{recipe.summary}.")
        self.network.setCurrentText(recipe.network)
        self._choose_data(recipe.dataset, title=recipe.dataset)
        self.epochs.setValue(recipe.epochs)
        self.batch_size.setValue(recipe.batch_size)
        self.optimizer.setCurrentText(recipe.optimizer)
        self.learning_rate.setValue(recipe.learning_rate)
        self.schedule.setCurrentText(recipe.schedule)
        self.weight_decay.setValue(recipe.weight_decay)
        self.augmentation.setCurrentText(recipe.augmentation)
        self.unaugmented_share.setValue(round(recipe.unaugmented_share * 100))
        self.label_smoothing.setValue(recipe.label_smoothing)
        self.averages_weights.setChecked(recipe.averages_weights)
        self.validation_share.setValue(round(recipe.validation_share * 100))
        self.seed.setValue(recipe.seed)
        self._is_filling = False
        self._on_field_changed()

    def _choose_data(self, name: str, *, title: str) -> None:
        """Choose data that may have to be added to the list first."""
        place = self.dataset.findData(name)
        if place < 0:
            place = self.dataset.findData(OWN_FILE)
            self.dataset.insertItem(place, title, name)
            self.dataset.setItemData(place, name, Qt.ItemDataRole.ToolTipRole)
        self.dataset.setCurrentIndex(place)

    def _make_fields(self, data: Sequence[DataEntry]) -> None:
        self.recipe = _combo("recipe", ((name, name) for name in self._recipes))
        for index, recipe in enumerate(self._recipes.values()):
            self.recipe.setItemData(index, recipe.summary, Qt.ItemDataRole.ToolTipRole)
        self.summary = QLabel()
        self.summary.setProperty("role", "quiet")
        self.summary.setWordWrap(True)
        self.dataset = DataBox()
        _fill_combo(self.dataset, "dataset", ((entry.name, entry.title) for entry in data))
        for index, entry in enumerate(data):
            self.dataset.setItemData(index, entry.summary, Qt.ItemDataRole.ToolTipRole)
        self.dataset.addItem("Your own file…", OWN_FILE)
        self.dataset.addItem("Your own folder of pictures…", OWN_FOLDER)
        self.dataset.addItem("Folder of data sets…", DATA_FOLDER)
        self._data_index = 0
        self.epochs = _spin("epochs", 1, MAX_EPOCHS)
        self.start_from = _combo("startFrom", ((False, "Fresh weights"), (True, "Current model")))
        self.device = _combo("device", DEVICES)
        self.network = _combo("network", _as_they_are(get_args(NetworkName)))
        self.batch_size = _spin("batchSize", 1, MAX_BATCH_SIZE)
        self.learning_rate = NumberBox("learningRate", 1e-7, 10.0)
        self.weight_decay = NumberBox("weightDecay", 0.0, 1.0)
        self.label_smoothing = NumberBox("labelSmoothing", 0.0, 0.5)
        self.averages_weights = QCheckBox("Average weights")
        self.averages_weights.setObjectName("averagesWeights")
        self.optimizer = _combo("optimizer", _as_they_are(get_args(OptimizerName)))
        self.schedule = _combo("schedule", _as_they_are(get_args(ScheduleName)))
        self.augmentation = _combo("augmentation", _as_they_are(get_args(AugmentationName)))
        self.validation_share = _share("validationShare")
        self.unaugmented_share = _share("unaugmentedShare")
        self.seed = _spin("seed", 0, MAX_SEED)
        self.restore = QPushButton("Restore the recipe's values")

    def _lay_out(self) -> None:
        fields = _grid()
        _place(fields, 0, 0, "Recipe", self.recipe, span=2)
        fields.addWidget(self.summary, 2, 0, 1, 2)
        _place(fields, 3, 0, "Data", self.dataset)
        _place(fields, 3, 1, "Epochs", self.epochs)
        _place(fields, 5, 0, "Start from", self.start_from)
        _place(fields, 5, 1, "Device", self.device)
        more = QWidget()
        settings = _grid()
        more.setLayout(settings)
        _place(settings, 0, 0, "Network", self.network, span=2)
        _place(settings, 2, 0, "Batch size", self.batch_size)
        _place(settings, 2, 1, "Held out", self.validation_share)
        _place(settings, 4, 0, "Optimizer", self.optimizer)
        _place(settings, 4, 1, "Learning rate", self.learning_rate)
        _place(settings, 6, 0, "Schedule", self.schedule)
        _place(settings, 6, 1, "Weight decay", self.weight_decay)
        _place(settings, 8, 0, "Augmentation", self.augmentation)
        _place(settings, 8, 1, "Unaugmented", self.unaugmented_share)
        _place(settings, 10, 0, "Label smoothing", self.label_smoothing)
        _place(settings, 10, 1, "Seed", self.seed)
        settings.addWidget(self.averages_weights, 12, 0, 1, 2)
        settings.addWidget(self.restore, 13, 0, 1, 2)
        self.more = Disclosure("More settings", more, is_open=False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(fields)
        layout.addWidget(self.more)
        self._explain()

    def _explain(self) -> None:
        tips = {
            self.epochs: "How often every training image is shown",
            self.start_from: "Whether to begin with random weights or with the model in use",
            self.device: "Automatic takes a GPU where there is one",
            self.validation_share: "Share of the training images held out to choose the best epoch",
            self.learning_rate: "Learning rate; the peak where the schedule is one-cycle",
            self.weight_decay: "Weight decay, used by adamw",
            self.label_smoothing: "How much of each label is spread over the other classes",
            self.averages_weights: "Keep a moving average of the weights instead of the last ones",
            self.augmentation: "How each image is varied each time it is shown",
            self.unaugmented_share: "Share of the epochs, the last ones, that show images as they"
            " are",
            self.seed: "Seed of all chance: first weights, order of images, augmentation",
        }
        for field, tip in tips.items():
            field.setToolTip(tip)

    def _connect(self) -> None:
        self.recipe.currentIndexChanged.connect(self._fill)
        self.restore.clicked.connect(self._fill)
        self.dataset.activated.connect(self._on_data_activated)
        for combo in (
            self.dataset,
            self.start_from,
            self.device,
            self.network,
            self.optimizer,
            self.schedule,
            self.augmentation,
        ):
            combo.currentIndexChanged.connect(self._on_field_changed)
        for spin in (
            self.epochs,
            self.batch_size,
            self.validation_share,
            self.unaugmented_share,
            self.seed,
        ):
            spin.valueChanged.connect(self._on_field_changed)
        for box in (self.learning_rate, self.weight_decay, self.label_smoothing):
            box.valueChanged.connect(self._on_field_changed)
        self.averages_weights.toggled.connect(self._on_field_changed)

    def _on_data_activated(self) -> None:
        wish = self.dataset.currentData()
        if wish in WISHES:
            # The list goes back at once: nothing is chosen until a file is.
            self.dataset.setCurrentIndex(self._data_index)
            if not self.dataset.is_stepping:
                self.data_requested.emit(wish)

    def _on_field_changed(self) -> None:
        if self._is_filling or self.dataset.currentData() in WISHES:
            return
        self._data_index = self.dataset.currentIndex()
        choice = self.choice
        self.restore.setEnabled(choice.recipe != self._recipes[choice.recipe.name])
        self.choice_changed.emit(choice)


class _WheelGuard(QObject):
    """Keeps the wheel from changing a field that it only passes while the panel scrolls."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() != QEvent.Type.Wheel or not isinstance(watched, QWidget):
            return False
        if watched.hasFocus():
            return False
        event.ignore()
        return True


class DataBox(QComboBox):
    """A combo box that knows whether an entry was chosen from its open list.

    Attributes:
        is_stepping: Whether a key or the wheel went to the entry while the list was closed.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_stepping = False

    def showPopup(self) -> None:  # noqa: N802 - a virtual function of Qt's
        """Open the list: what comes next is a choice."""
        self.is_stepping = False
        super().showPopup()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to an entry, or open the list."""
        self.is_stepping = True
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Go to an entry."""
        self.is_stepping = True
        super().wheelEvent(event)


class NumberBox(QDoubleSpinBox):
    """A number over many powers of ten, shown without needless zeros; a step is a tenth of it.

    It is written with a decimal point in every locale, as in recipes; a comma is read as one.
    """

    def __init__(
        self, name: str, lowest: float, highest: float, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        # What `textFromValue` writes has to be what is read: elsewhere a point separates thousands.
        self.setLocale(QLocale.c())
        self.setDecimals(7)
        self.setRange(lowest, highest)
        self.lineEdit().setTextMargins(TEXT_MARGIN_PX, 0, 0, 0)
        self.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)

    def textFromValue(self, value: float) -> str:  # noqa: N802 - a virtual function of Qt's
        """Return the value as Python prints it, such as 0.001."""
        return f"{value:.7f}".rstrip("0").rstrip(".") or "0"

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Judge what is typed, with a decimal point in place of each comma."""
        return super().validate(text.replace(",", "."), place)


def _combo(name: str, entries: Iterable[tuple[object, str]]) -> QComboBox:
    combo = QComboBox()
    _fill_combo(combo, name, entries)
    return combo


def _fill_combo(combo: QComboBox, name: str, entries: Iterable[tuple[object, str]]) -> None:
    combo.setObjectName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(6)
    for value, title in entries:
        combo.addItem(title, value)


def _spin(name: str, lowest: int, highest: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setObjectName(name)
    spin.setRange(lowest, highest)
    spin.lineEdit().setTextMargins(TEXT_MARGIN_PX, 0, 0, 0)
    return spin


def _share(name: str) -> QSpinBox:
    """A share of at most a half, in percent."""
    spin = _spin(name, 0, 50)
    spin.setSuffix(" %")
    return spin


def _as_they_are(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(3)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    return grid


def _place(
    grid: QGridLayout, row: int, column: int, text: str, field: QWidget, *, span: int = 1
) -> None:
    """Put a field under its name: that way two fit beside each other in a narrow panel."""
    label = QLabel(text)
    label.setProperty("role", "caption")
    label.setBuddy(field)
    # Nearer to its own field than to the one above.
    label.setContentsMargins(0, _LABEL_GAP_PX if row else 0, 0, 0)
    field.setAccessibleName(text)
    field.setMinimumWidth(FIELD_MIN_WIDTH_PX)
    grid.addWidget(label, row, column)
    grid.addWidget(field, row + 1, column, 1, span)
