"""The panel that lists models, with what can be done with each."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.models.row import ROW_ROLE, ModelRow, ModelRowDelegate
from app.plain_text import PlainLabel, set_tip

HINT = "Double-click a model to use it. Files can be dropped on the window."


class ModelsPanel(QWidget):
    """Lists models; its signals bring what the user wants, with a row's key.

    Attributes:
        list: The rows.
        use_button: Lets the chosen model answer.
        compare_button: Starts or ends its comparison with the one in use.
        open_button: Asks for a file.
        rename_action: Asks for another name.
        delete_action: Moves the file to the trash.
        show_action: Shows the file in the file manager.

    Signals:
        use_requested (str): A model shall answer.
        compare_requested (str): A model shall answer beside it.
        comparison_end_requested: Only the model in use shall answer.
        rename_requested (str, str): A model shall have another name.
        delete_requested (str): A model shall go to the trash, or off the list.
        show_requested (str): A model's file shall be shown.
        open_requested: A file shall be opened.
    """

    use_requested = Signal(str)
    compare_requested = Signal(str)
    comparison_end_requested = Signal()
    rename_requested = Signal(str, str)
    delete_requested = Signal(str)
    show_requested = Signal(str)
    open_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelsPanel")
        self._compared = ""
        self._in_use = ""
        self.list = _ModelsList()
        self.list.setObjectName("modelsList")
        self.list.setAccessibleName("Models")
        self.list.setItemDelegate(ModelRowDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.use_button = QPushButton("Use")
        self.use_button.setObjectName("useButton")
        self.use_button.setProperty("role", "primary")
        self.compare_button = QPushButton("Compare")
        self.compare_button.setObjectName("compareButton")
        set_tip(self.compare_button, "Let this model answer beside the one in use")
        self.open_button = QPushButton("Open file…")
        self._more = QPushButton("More")
        self._more.setObjectName("moreButton")
        self._menu = QMenu(self._more)
        self.rename_action = self._action("Rename…", "F2", self._on_rename_triggered)
        self.show_action = self._action("Show in file manager", "", self._on_show_triggered)
        self.delete_action = self._action("Move to trash", "", self._on_delete_triggered)
        self.list.delete_pressed.connect(self.delete_action.trigger)
        self._more.setMenu(self._menu)
        self._wire()
        self._lay_out()
        self._on_current_changed()

    @property
    def chosen(self) -> ModelRow | None:
        """The row that is chosen."""
        item = self.list.currentItem()
        row = item.data(ROW_ROLE) if item is not None else None
        return row if isinstance(row, ModelRow) else None

    @property
    def rows(self) -> list[ModelRow]:
        """The rows that are shown."""
        return [self.list.item(index).data(ROW_ROLE) for index in range(self.list.count())]

    def show_rows(self, rows: Sequence[ModelRow], *, in_use: str, compared: str) -> None:
        """Show models; the one that was chosen stays chosen, or else its neighbour.

        Args:
            rows: From the top down.
            in_use: Key of the one that answers; empty where none of them does.
            compared: Key of the one that answers beside it; empty where none does.
        """
        before, place = self.chosen, self.list.currentRow()
        self._in_use, self._compared = in_use, compared
        self.list.blockSignals(True)
        self.list.clear()
        for row in rows:
            item = QListWidgetItem(row.name, self.list)  # for the search by what is typed
            item.setData(ROW_ROLE, row)
            set_tip(item, row.tip)
            spoken = (row.name, row.badge, row.kind, row.details)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, spoken)))
        keys = [row.key for row in rows]
        wanted = before.key if before is not None else in_use
        index = keys.index(wanted) if wanted in keys else min(max(place, 0), len(keys) - 1)
        self.list.setCurrentRow(index)
        self.list.blockSignals(False)
        self._on_current_changed()

    def choose(self, key: str) -> None:
        """Choose the row with that key, if there is one."""
        for index, row in enumerate(self.rows):
            if row.key == key:
                self.list.setCurrentRow(index)

    def _wire(self) -> None:
        self.list.itemActivated.connect(lambda _item: self._on_use_clicked())
        self.list.currentRowChanged.connect(self._on_current_changed)
        self.list.customContextMenuRequested.connect(self._on_menu_requested)
        self.use_button.clicked.connect(self._on_use_clicked)
        self.compare_button.clicked.connect(self._on_compare_clicked)
        self.open_button.clicked.connect(self.open_requested)

    def _action(self, text: str, keys: str, slot: object) -> QAction:
        action = QAction(text, self.list)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(slot)
        self.list.addAction(action)
        self._menu.addAction(action)
        return action

    def _on_current_changed(self) -> None:
        row = self.chosen
        is_compared = row is not None and row.key == self._compared
        is_in_use = row is not None and row.key == self._in_use
        self.use_button.setEnabled(row is not None and not is_in_use)
        self.compare_button.setEnabled(row is not None and (is_compared or not is_in_use))
        self.compare_button.setText("End comparison" if is_compared else "Compare")
        self.rename_action.setEnabled(row is not None and row.is_own)
        self.show_action.setEnabled(row is not None)
        self.delete_action.setEnabled(row is not None and (row.is_own or row.is_listed_only))
        is_listed_only = row is not None and row.is_listed_only
        self.delete_action.setText("Take off the list" if is_listed_only else "Move to trash")

    def _on_use_clicked(self) -> None:
        row = self.chosen
        if row is not None and row.key != self._in_use:
            self.use_requested.emit(row.key)

    def _on_compare_clicked(self) -> None:
        row = self.chosen
        if row is not None and row.key == self._compared:
            self.comparison_end_requested.emit()
        elif row is not None:
            self.compare_requested.emit(row.key)

    def _on_show_triggered(self) -> None:
        if self.chosen is not None:
            self.show_requested.emit(self.chosen.key)

    def _on_delete_triggered(self) -> None:
        if self.chosen is not None:
            self.delete_requested.emit(self.chosen.key)

    def _on_rename_triggered(self) -> None:
        row = self.chosen
        if row is None:
            return
        dialog = QInputDialog(self)
        dialog.setObjectName("renameDialog")
        dialog.setWindowTitle("Rename model")
        dialog.setLabelText("Name")
        dialog.setTextValue(row.name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(lambda name: self.rename_requested.emit(row.key, name))
        dialog.open()

    def _on_menu_requested(self, place: QPoint) -> None:
        if self.list.itemAt(place) is not None:
            self._menu.popup(self.list.viewport().mapToGlobal(place))

    def _lay_out(self) -> None:
        heading = PlainLabel("Models")
        heading.setProperty("role", "heading")
        hint = PlainLabel(HINT)
        hint.setProperty("role", "caption")
        hint.setWordWrap(True)
        top = QHBoxLayout()
        top.addWidget(heading, 1)
        top.addWidget(self.open_button)
        deeds = QHBoxLayout()
        deeds.setSpacing(8)
        deeds.addWidget(self.use_button, 1)
        deeds.addWidget(self.compare_button, 1)
        deeds.addWidget(self._more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 14)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)
        layout.addWidget(hint)
        layout.addLayout(deeds)


class _ModelsList(QListWidget):
    """A list that tells the delete key; the window leaves it that key while it has the focus.

    Signals:
        delete_pressed: The key was pressed.
    """

    delete_pressed = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)
