"""A combo box whose list shows its entries whole."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox
from typing_extensions import override

MOST_ROWS = 24
"""A longer list scrolls; Qt makes it shorter where the screen is lower."""


_TEXT_MARGIN_PX = 4


class ChoiceBox(QComboBox):
    """Opens a list below itself, as wide as its longest entry and as high as its entries.

    The style sheet gives it that kind of list (`combobox-popup: 0`). Qt's other kind lies over the
    box, with the chosen entry on it, and cuts its first and last entries or leaves empty rows.
    """

    @override
    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """Cut a text without room in its middle: names of models end in what tells two apart."""
        super().initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        middle = Qt.TextElideMode.ElideMiddle
        option.currentText = self.fontMetrics().elidedText(
            option.currentText, middle, field.width() - _TEXT_MARGIN_PX
        )

    @override
    def showPopup(self) -> None:
        self.setMaxVisibleItems(MOST_ROWS)
        view = self.view()
        view.ensurePolished()
        frame = 2 * view.frameWidth()
        bar = view.verticalScrollBar().sizeHint().width() if self.count() > MOST_ROWS else 0
        wanted = view.sizeHintForColumn(self.modelColumn()) + frame + bar
        view.setMinimumWidth(min(max(wanted, self.width()), self.screen().availableSize().width()))
        super().showPopup()
