"""The widgets that edit a recipe's fields, made from the table of fields."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QLocale, SignalInstance
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QSpinBox, QWidget
from typing_extensions import override

from app.style.choice_box import ChoiceBox
from app.style.plain_text import set_tip
from model.recipe_fields import RecipeField

DECIMALS = 7
"""Digits after the point of a number; the least number that can be entered is 1e-7."""

MAX_INTEGER = 2**31 - 1
"""Greatest value of a spin box; the command line takes seeds up to 2**32 - 1."""

TEXT_MARGIN_PX = 5
"""Margin before a number: style sheets do not reach the text inside a spin box."""


@dataclass(frozen=True, eq=False)
class FieldEditor:
    """A widget that edits one field of a recipe.

    Attributes:
        field: The field.
        widget: The widget.
        value: Returns the field's value.
        set_value: Shows a value of the field.
        changed: The widget's signal that the value has changed.
    """

    field: RecipeField
    widget: QWidget
    value: Callable[[], object]
    set_value: Callable[[Any], object]
    changed: SignalInstance


def field_editor(field: RecipeField) -> FieldEditor:
    """Return the editor of a recipe's field."""
    editor = _MAKERS[field.kind](field)
    first, *rest = field.name.split("_")
    editor.widget.setObjectName(first + "".join(map(str.capitalize, rest)))
    set_tip(editor.widget, field.tip)
    return editor


class NumberBox(QDoubleSpinBox):
    """A number over many powers of ten, shown without needless zeros; a step is a tenth of it.

    In every locale it shows a decimal point, as recipes do; a typed comma counts as a point.
    """

    def __init__(self, lowest: float, highest: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Texts are written and read in one locale: in others a point separates thousands.
        self.setLocale(QLocale.c())
        self.setDecimals(DECIMALS)
        self.setRange(lowest, highest)
        self.lineEdit().setTextMargins(TEXT_MARGIN_PX, 0, 0, 0)
        self.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)

    @override
    def textFromValue(self, value: float) -> str:
        return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".") or "0"

    @override
    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return super().validate(text.replace(",", "."), position)


def combo_box(entries: Iterable[tuple[object, str]], box: ChoiceBox | None = None) -> ChoiceBox:
    """Return a combo box of values and titles that fits into a narrow panel.

    Args:
        entries: Value and title of each entry.
        box: The combo box to fill; a new one if None.
    """
    box = ChoiceBox() if box is None else box
    box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(6)
    for value, title in entries:
        box.addItem(title, value)
    return box


def _choice(field: RecipeField) -> FieldEditor:
    box = combo_box(zip(field.choices, field.titles, strict=True))

    def choose(name: str) -> None:
        box.setCurrentIndex(box.findData(name))

    return FieldEditor(field, box, box.currentData, choose, box.currentIndexChanged)


def _flag(field: RecipeField) -> FieldEditor:
    box = QCheckBox(field.label)
    return FieldEditor(field, box, box.isChecked, box.setChecked, box.toggled)


def _integer(field: RecipeField) -> FieldEditor:
    box = _spin_box(int(field.lowest), min(int(field.highest), MAX_INTEGER))
    return FieldEditor(field, box, box.value, box.setValue, box.valueChanged)


def _number(field: RecipeField) -> FieldEditor:
    lowest = max(field.lowest, 10**-DECIMALS) if field.excludes_lowest else field.lowest
    box = NumberBox(lowest, field.highest)
    return FieldEditor(field, box, box.value, box.setValue, box.valueChanged)


def _percent(field: RecipeField) -> FieldEditor:
    box = _spin_box(round(field.lowest * 100), round(field.highest * 100))
    box.setSuffix(" %")

    def set_fraction(fraction: float) -> None:
        box.setValue(round(fraction * 100))

    return FieldEditor(field, box, lambda: box.value() / 100, set_fraction, box.valueChanged)


def _spin_box(lowest: int, highest: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(lowest, highest)
    box.lineEdit().setTextMargins(TEXT_MARGIN_PX, 0, 0, 0)
    return box


_MAKERS = {
    "choice": _choice,
    "flag": _flag,
    "integer": _integer,
    "number": _number,
    "percent": _percent,
}
