"""The list of data sets, whose last entries ask for the user's own data."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.style.choice_box import ChoiceBox
from app.style.plain_text import plain_tip
from model.metadata import shown_name

OWN_FILE = "own file"
OWN_FOLDER = "own folder"
DATA_FOLDER = "data folder"
DIALOG_ENTRIES = {
    OWN_FILE: "Your own file…",
    OWN_FOLDER: "Your own folder of pictures…",
    DATA_FOLDER: "Folder of data sets…",
}
"""Entries that open a dialog, and their titles."""


@dataclass(frozen=True)
class DataEntry:
    """An entry of the list: its name on the command line, and its title and summary for people."""

    name: str
    title: str
    summary: str = ""


class DataBox(ChoiceBox):
    """A combo box of data sets.

    Signals:
        data_changed: Another data set is chosen.
        list_opened: The list is about to be seen.
        dialog_requested (str): One of `DIALOG_ENTRIES` is chosen from the open list; the data set
            chosen before stays.
    """

    data_changed = Signal()
    list_opened = Signal()
    dialog_requested = Signal(str)

    def __init__(self, data: Sequence[DataEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for index, entry in enumerate(data):
            self.addItem(entry.title, entry.name)
            self.setItemData(index, entry.summary, Qt.ItemDataRole.ToolTipRole)
        for name, title in DIALOG_ENTRIES.items():
            self.addItem(title, name)
        self._chosen_index = 0
        # A key can reach an entry while the list is closed.
        self._is_list_closed = False
        self.currentIndexChanged.connect(self._on_index_changed)
        self.activated.connect(self._on_activated)

    @property
    def chosen(self) -> str:
        """The name of the data set that is chosen, or the path of the user's own data."""
        return str(self.itemData(self._chosen_index))

    def choose(self, name: str) -> None:
        """Choose data by its name, or by its path; data that does not exist changes nothing."""
        if self.findData(name) >= 0:
            self.setCurrentIndex(self.findData(name))
        elif Path(name).exists():
            self.add(name)

    def add(self, name: str) -> None:
        """Choose data by its name or path, and add it to the list if it is missing."""
        index = self.findData(name)
        if index < 0:
            index = self.findData(OWN_FILE)
            self.insertItem(index, shown_name(Path(name).name), name)
            self.setItemData(index, plain_tip(name), Qt.ItemDataRole.ToolTipRole)
        self.setCurrentIndex(index)

    def retitle(self, name: str, title: str) -> None:
        """Give the data of a name another title."""
        self.setItemText(self.findData(name), title)

    @override
    def showPopup(self) -> None:
        self._is_list_closed = False
        self.list_opened.emit()
        super().showPopup()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._is_list_closed = True
        super().keyPressEvent(event)

    def _on_index_changed(self) -> None:
        if self.currentData() not in DIALOG_ENTRIES:
            self._chosen_index = self.currentIndex()
            self.data_changed.emit()

    def _on_activated(self) -> None:
        entry = self.currentData()
        if entry in DIALOG_ENTRIES:
            self.setCurrentIndex(self._chosen_index)
            if not self._is_list_closed:
                self.dialog_requested.emit(entry)
