"""The training form: a card for the network, one for the data, and the fields used most often."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.style.choice_box import ChoiceBox
from app.style.plain_text import PlainLabel, height_of_lines, set_tip, wrapping_label
from app.training.advanced_dialog import AdvancedDialog
from app.training.data_card import DataCard
from app.training.recipe_editors import FieldEditor, combo_box, field_editor
from app.widgets.data_box import DataBox, DataEntry
from app.widgets.wheel_guard import guard_fields
from model.data.datasets import dataset_title
from model.recipe_fields import recipe_fields
from model.recipes import Recipe, changed_recipe

NARROW_PX = 520
"""In a narrower form the two cards stand one below the other."""

NO_AUGMENTATION = "none"
DEFAULT_AUGMENTATION = "affine-elastic"
"""Varies the images of a recipe that has no augmentation of its own."""

ON_FORM = ("epochs", "refusal")
"""Fields that stand on the form itself; the dialog has the others."""


class TrainingForm(QWidget):
    """Network, data, epochs, two switches, and a dialog with the recipe's other fields.

    The data stay when another recipe is chosen, which offers its own data beside them; epochs that
    the user has chosen stay, too.

    Attributes:
        recipe: The recipes by their titles.
        dataset: The data sets.
        own_data: Chooses the recipe's own data, where others are chosen.
        data_card: What the chosen data hold.
        vary: Whether the images are varied at random.
        advanced: The dialog with the other fields.
        start_from: Random weights, or those of a model; in the dialog.
        device: Where to train; in the dialog.
        restore: Shows the recipe's own values again; in the dialog.

    Signals:
        settings_changed: Some field has another value.
        data_chosen: Other data are chosen.
    """

    settings_changed = Signal()
    data_chosen = Signal()

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
        self._has_chosen_epochs = False
        self._make_choices(data)
        self._lay_out()
        self._connect()
        guard_fields(self)
        self._show_own_data()
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
        """Whether training starts with the weights of the current model, not with random ones."""
        return self.start_from.currentData() is True

    @property
    def first_model(self) -> Path | None:
        """The model file that training starts from, if it need not be the current model's."""
        chosen = self.start_from.currentData()
        return Path(chosen) if isinstance(chosen, str) else None

    @property
    def writes_tensorboard(self) -> bool:
        """Whether logs for TensorBoard are wanted."""
        return self.advanced.tensorboard.isChecked()

    def editor(self, name: str) -> FieldEditor:
        """Return the editor of the recipe's field of that name."""
        return self._editors[name]

    def show_recipe(self, name: str) -> None:
        """Choose a recipe, with all its values but the data; an unknown name changes nothing."""
        index = self.recipe.findData(name)
        if index == self.recipe.currentIndex():
            self._fill()
        elif index >= 0:
            self.recipe.setCurrentIndex(index)

    def show_settings(self, settings: Recipe) -> None:
        """Show all the settings of a run; of a recipe that is gone, nothing."""
        if settings.name not in self._recipes:
            return
        self.show_recipe(settings.name)
        self.dataset.choose(settings.dataset)
        for name, editor in self._editors.items():
            editor.set_value(getattr(settings, name))

    def begin_with(self, file: Path | None) -> None:
        """Start from the weights in a model's file, whichever model is in use; from random ones."""
        if file is None:
            self.start_from.setCurrentIndex(self.start_from.findData(False))
        else:
            self.advanced.begin_with(file)
        self.settings_changed.emit()

    def show_network_facts(self, facts: str) -> None:
        """Show the size of the network, and how long an epoch takes."""
        self._network_facts.setText(facts)

    def show_refusal_possible(self, is_possible: bool) -> None:
        """Offer the training of refusal, which needs data of digits."""
        widget = self._editors["refusal"].widget
        widget.setEnabled(is_possible)
        field = self._editors["refusal"].field
        set_tip(widget, field.tip if is_possible else "Only for data whose classes are 0 to 9")

    @property
    def _own_recipe(self) -> Recipe:
        """The recipe that is chosen, without the changes made on the form."""
        return self._recipes[self.recipe.currentData()]

    def _fill(self) -> None:
        """Show the values of the recipe that is chosen, but keep the data and the user's epochs."""
        recipe = self._own_recipe
        self._is_filling = True
        self._summary.setText(f"{recipe.summary}.")
        self._id.setText(recipe.name)
        for name, editor in self._editors.items():
            if name != "epochs" or not self._has_chosen_epochs:
                editor.set_value(getattr(recipe, name))
        self._is_filling = False
        self._on_field_changed()

    def _show_own_data(self) -> None:
        """Show the recipe's own data."""
        if self.own_data.hasFocus():  # it is about to be hidden
            self.dataset.setFocus()
        self.dataset.add(self._own_recipe.dataset)

    def _offer_own_data(self) -> None:
        """Offer the recipe's own data where others are chosen."""
        own = self._own_recipe.dataset
        self.own_data.setText(f"Use the recipe's own: {dataset_title(own)}")
        self.own_data.setVisible(own != self.dataset.chosen)

    def _make_choices(self, data: Sequence[DataEntry]) -> None:
        self.recipe = combo_box((name, recipe.title) for name, recipe in self._recipes.items())
        self.recipe.setObjectName("recipe")
        for index, recipe in enumerate(self._recipes.values()):
            tip = f"{recipe.name}: {recipe.summary}"
            self.recipe.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)
        self._summary = wrapping_label()
        self._network_facts = wrapping_label(role="quiet")
        self._network_facts.setObjectName("networkFacts")
        self._network_facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._id = wrapping_label(role="caption")
        self._id.setObjectName("recipeId")
        self.dataset = DataBox(data)
        combo_box((), self.dataset).setObjectName("dataset")
        self.own_data = QPushButton()
        self.own_data.setObjectName("ownDataButton")
        set_tip(self.own_data, "The data that this recipe was made for")
        kept = self.own_data.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # or the lens would jump when it comes and goes
        self.own_data.setSizePolicy(kept)
        self.own_data.hide()
        self.data_card = DataCard()
        self.vary = QCheckBox("Vary the images")
        self.vary.setObjectName("varyImages")
        set_tip(
            self.vary,
            "Turn, bend and shift each image at random in each epoch: slower, but better on"
            " handwriting it has not seen",
        )
        others = [editor for name, editor in self._editors.items() if name not in ON_FORM]
        self.advanced = AdvancedDialog(others, self)
        self.start_from, self.device = self.advanced.start_from, self.advanced.device
        self.restore = self.advanced.restore
        self.advanced_button = QPushButton("Advanced…")
        self.advanced_button.setObjectName("advancedButton")

    def _lay_out(self) -> None:
        self._card_frames = (QFrame(), QFrame())
        network = _card(self._card_frames[0], "Network", self.recipe)
        for label in (self._summary, self._id, self._network_facts):
            network.addWidget(label)
        network.addWidget(self.own_data, alignment=Qt.AlignmentFlag.AlignLeft)
        network.addStretch(1)
        data = _card(self._card_frames[1], "Data", self.dataset)
        data.addWidget(self.data_card, 1)
        self._cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._cards.setSpacing(8)
        for card in self._card_frames:
            self._cards.addWidget(card, 1)
        epochs = self._editors["epochs"].widget
        epochs.setAccessibleName("Epochs")
        epochs.setMinimumWidth(72)
        label = PlainLabel("Epochs")
        label.setBuddy(epochs)
        self._epochs = QHBoxLayout()
        self._epochs.addWidget(label)
        self._epochs.addWidget(epochs)
        self._epochs.addStretch(1)
        self._epochs.addWidget(self.advanced_button)
        self._switches = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._switches.setSpacing(8)
        for flag in self._flags:
            self._switches.addWidget(flag)
        self._switches.addStretch(1)
        self._options = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._options.setSpacing(8)
        self._options.addLayout(self._switches)
        self._options.addLayout(self._epochs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._cards)
        layout.addLayout(self._options)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @override
    def minimumSizeHint(self) -> QSize:
        """Return a size as narrow as one card."""
        cards = [card.minimumSizeHint() for card in self._card_frames]
        rows = (self._epochs.minimumSize(), *(widget.minimumSizeHint() for widget in self._flags))
        width = max(size.width() for size in (*cards, *rows))
        return QSize(width, super().minimumSizeHint().height())

    @property
    def _flags(self) -> tuple[QWidget, QWidget]:
        return self.vary, self._editors["refusal"].widget

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Keep a line free for the weights that a run begins with."""
        super().showEvent(event)
        self._network_facts.setMinimumHeight(height_of_lines(self._network_facts, 2))

    def _arrange(self) -> None:
        """Place widgets side by side if there is room for all of them."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        least = sum(card.minimumSizeHint().width() for card in self._card_frames)
        is_wide = self.width() >= max(NARROW_PX, least + 8)
        self._cards.setDirection(across if is_wide else down)
        flags = sum(widget.sizeHint().width() for widget in self._flags) + 16
        self._switches.setDirection(across if self.width() >= flags else down)
        needed = flags + self._epochs.sizeHint().width() + 24
        upwards = QBoxLayout.Direction.BottomToTop
        self._options.setDirection(across if self.width() >= needed else upwards)

    def _connect(self) -> None:
        self.recipe.currentIndexChanged.connect(self._on_recipe_chosen)
        self.restore.clicked.connect(self._on_restore_clicked)
        self.dataset.data_changed.connect(self._on_data_changed)
        self.own_data.clicked.connect(self._show_own_data)
        self.advanced_button.clicked.connect(self.advanced.open)
        self.vary.clicked.connect(self._on_vary_clicked)
        self._editors["epochs"].changed.connect(self._on_epochs_changed)
        for combo in (self.start_from, self.device):
            combo.currentIndexChanged.connect(self._on_field_changed)
        for editor in self._editors.values():
            editor.changed.connect(self._on_field_changed)

    def _on_recipe_chosen(self) -> None:
        """Begin with random weights: those of another network would not fit."""
        self._is_filling = True
        self.start_from.setCurrentIndex(self.start_from.findData(False))
        self._fill()

    def _on_restore_clicked(self) -> None:
        self._has_chosen_epochs = False
        self._show_own_data()
        self._fill()

    def _on_data_changed(self) -> None:
        self.data_chosen.emit()
        self._on_field_changed()

    def _on_epochs_changed(self) -> None:
        self._has_chosen_epochs |= not self._is_filling

    def _on_vary_clicked(self, is_varied: bool) -> None:
        own = self._own_recipe.augmentation
        varied = DEFAULT_AUGMENTATION if own == NO_AUGMENTATION else own
        self._editors["augmentation"].set_value(varied if is_varied else NO_AUGMENTATION)

    def _on_field_changed(self) -> None:
        if self._is_filling:
            return
        recipe = self.chosen_recipe
        self.vary.setChecked(recipe.augmentation != NO_AUGMENTATION)
        self.restore.setEnabled(recipe != self._own_recipe)
        self._offer_own_data()
        self.settings_changed.emit()


def _card(card: QFrame, title: str, choice: ChoiceBox) -> QVBoxLayout:
    """Lay out a card that begins with a choice under its label; return its layout."""
    card.setProperty("role", "card")
    card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    label = PlainLabel(title)
    label.setProperty("role", "caption")
    label.setBuddy(choice)
    choice.setAccessibleName(title)
    choice.setMinimumWidth(120)
    layout = QVBoxLayout(card)
    layout.setContentsMargins(12, 8, 12, 8)
    layout.setSpacing(4)
    layout.addWidget(label)
    layout.addWidget(choice)
    return layout
