"""The Models lens: a table of models, and the actions on each."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from app.models.deleted_row import DeletedRow
from app.models.row import ModelRow
from app.models.table import ModelsTable
from app.models.trash import KEPT_DAYS
from app.style.plain_text import set_tip
from app.widgets.empty_state import EmptyState
from app.widgets.lenses import PANEL_MARGINS_PX

NOTHING_YET = "Networks that you train or open appear here"
BUNDLED_STAYS = "The network that comes with Digitpad keeps its name and place"
LIES_ELSEWHERE = "The file lies elsewhere; rename it in the file manager"


class ModelsPanel(QWidget):
    """Lists models; its signals are the user's requests, with a row's key.

    Attributes:
        table: The rows.
        menu: The actions on the chosen one.
        nothing_yet: Shown while there is only the network that comes with the program.
        use_button: Lets the chosen model answer.
        compare_button: Starts or ends its comparison with the one in use.
        deleted: What was deleted, and the ways back.
        open_button: Asks for a file.

    Signals:
        use_requested (str): The user wants a model to answer.
        compare_requested (str): The user wants a model to answer beside it.
        comparison_end_requested: The user wants only the model in use to answer.
        rename_requested (str, str): The user gives a model another name.
        export_requested (str): The user wants a model in another format.
        save_requested (str): The user wants a copy of a model's file.
        delete_requested (str): The user wants a model deleted, or off the list.
        show_requested (str): The user wants to see a model's file in its folder.
        open_requested: The user wants to open a file.
        train_requested: The user wants to train a network.
        refused (str): A key did nothing, for this reason.
    """

    use_requested = Signal(str)
    compare_requested = Signal(str)
    comparison_end_requested = Signal()
    rename_requested = Signal(str, str)
    export_requested = Signal(str)
    save_requested = Signal(str)
    delete_requested = Signal(str)
    show_requested = Signal(str)
    open_requested = Signal()
    train_requested = Signal()
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelsPanel")
        self._compared = ""
        self._in_use = ""
        self.table = ModelsTable()
        self.use_button = QPushButton("Use")
        self.use_button.setObjectName("useButton")
        self.use_button.setProperty("role", "primary")
        self.compare_button = QPushButton("Compare")
        self.compare_button.setObjectName("compareButton")
        set_tip(self.compare_button, "Let this model answer beside the one in use")
        self.open_button = QPushButton("Open file…")
        self.nothing_yet = _NothingYet()
        self.deleted = DeletedRow()
        self._make_menu()
        self._wire()
        self._lay_out()
        self._on_chosen_changed()

    @property
    def chosen(self) -> ModelRow | None:
        """The row that is chosen."""
        return self.table.chosen

    @property
    def rows(self) -> list[ModelRow]:
        """The rows that are shown."""
        return self.table.rows

    def show_rows(self, rows: Sequence[ModelRow], *, in_use: str, compared: str) -> None:
        """Show models; see `ModelsTable.show_rows`."""
        self._in_use, self._compared = in_use, compared
        self.table.show_rows(rows, in_use=in_use, compared=compared)
        has_others = any(row.is_own or row.is_listed_only for row in rows)
        self.nothing_yet.setVisible(not has_others)
        self.open_button.setVisible(has_others)

    def choose(self, key: str) -> None:
        """Choose the row with that key, if there is one."""
        self.table.choose(key)

    def end_rename(self) -> None:
        """Close the line in which a name was typed."""
        self.table.editor.end()

    def refuse_name(self, sentence: str) -> None:
        """Show beside a typed name what is wrong with it."""
        self.table.editor.refuse(sentence)

    def _make_menu(self) -> None:
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self.use_action = self._action("Use", "", lambda key: self._use(key))
        self.compare_action = self._action("Compare", "", lambda key: self._compare(key))
        self.menu.addSeparator()
        self.rename_action = self._action("Rename", "F2", lambda _: self._begin_rename())
        self.export_action = self._action("Export…", "", self.export_requested.emit)
        self.save_action = self._action("Save as…", "", self.save_requested.emit)
        self.show_action = self._action("Show in folder", "", self.show_requested.emit)
        self.menu.addSeparator()
        self.delete_action = self._action("Delete", "", self.delete_requested.emit)
        self.menu.addMenu(self.deleted.menu)

    def show_restorable(self) -> None:
        """Open the list of deleted models, at its button where there is one."""
        at = self.deleted.deleted_button if self.deleted.deleted_button.isVisible() else self.table
        self.deleted.menu.popup(at.mapToGlobal(at.rect().topLeft()))

    def _action(self, text: str, keys: str, do: Callable[[str], object]) -> QAction:
        action = QAction(text, self.table)
        action.setShortcut(QKeySequence(keys))  # for the menu to show; the table has the key
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: do(self.chosen.key) if self.chosen else None)
        self.table.addAction(action)
        self.menu.addAction(action)
        return action

    def _wire(self) -> None:
        table = self.table
        table.chosen_changed.connect(self._on_chosen_changed)
        table.use_pressed.connect(lambda: self._do_or_say_why_not(self.use_action))
        table.delete_pressed.connect(lambda: self._do_or_say_why_not(self.delete_action))
        table.rename_pressed.connect(self._on_rename_pressed)
        table.menu_requested.connect(self._on_menu_requested)
        table.editor.name_entered.connect(self.rename_requested)
        self.use_button.clicked.connect(self.use_action.trigger)
        self.compare_button.clicked.connect(self.compare_action.trigger)
        self.open_button.clicked.connect(self.open_requested)
        self.deleted.focus_left.connect(table.setFocus)
        self.nothing_yet.open_button.clicked.connect(self.open_requested)
        self.nothing_yet.train_button.clicked.connect(self.train_requested)

    def _on_chosen_changed(self) -> None:
        """Enable the actions on the chosen row; the tip of a disabled one says why."""
        row = self.chosen
        nothing = "" if row is not None else "No model is chosen"
        damaged = f"The file is {row.problem}" if row is not None and row.problem else ""
        is_in_use = row is not None and row.key == self._in_use
        is_compared = row is not None and row.key == self._compared
        in_use = "It is in use already" if is_in_use else ""
        unnamed = "" if row is None or row.is_own else BUNDLED_STAYS
        if row is not None and row.is_listed_only:
            unnamed = LIES_ELSEWHERE
        _enable(self.use_action, "Let this model answer", nothing or damaged or in_use)
        obstacle = "" if is_compared else nothing or damaged or in_use
        _enable(self.compare_action, "Let it answer beside the one in use", obstacle)
        _enable(self.rename_action, "Change its name", nothing or unnamed)
        for action, tip in (
            (self.export_action, "Write it for other programs"),
            (self.save_action, "Copy its file"),
        ):
            _enable(action, tip, nothing or damaged)
        _enable(self.show_action, "Open its folder", nothing)
        is_listed_only = row is not None and row.is_listed_only
        stays = BUNDLED_STAYS if row is not None and not (row.is_own or is_listed_only) else ""
        kept = f"It can come back for {KEPT_DAYS} days"
        _enable(self.delete_action, "Its file stays" if is_listed_only else kept, nothing or stays)
        self.delete_action.setText("Remove from the list" if is_listed_only else "Delete")
        self.compare_action.setText("End comparison" if is_compared else "Compare")
        self.compare_button.setText(self.compare_action.text())
        self.use_button.setEnabled(self.use_action.isEnabled())
        self.compare_button.setEnabled(self.compare_action.isEnabled())

    def _do_or_say_why_not(self, action: QAction) -> None:
        """Do what a key asks for; a key that does nothing says why."""
        if action.isEnabled():
            action.trigger()
        else:
            self.refused.emit(f"{action.toolTip()}.")

    def _on_rename_pressed(self) -> None:
        row = self.chosen
        if row is None or self.rename_action.isEnabled():
            self._do_or_say_why_not(self.rename_action)
        else:
            self.table.show_fixed_name(row.key, row.name, f"{self.rename_action.toolTip()}.")

    def _use(self, key: str) -> None:
        self.use_requested.emit(key)

    def _compare(self, key: str) -> None:
        if key == self._compared:
            self.comparison_end_requested.emit()
        else:
            self.compare_requested.emit(key)

    def _begin_rename(self) -> None:
        row = self.chosen
        if row is not None:
            self.table.edit_name(row.key, Path(row.key).stem)

    def _on_menu_requested(self, place: QPoint) -> None:
        self.menu.popup(place)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.use_button, self.compare_button, self.open_button):
            buttons.addWidget(button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*PANEL_MARGINS_PX)
        layout.setSpacing(8)
        layout.addLayout(buttons)  # above the table: in a low window that may reach below the edge
        layout.addWidget(self.deleted)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.nothing_yet)


class _NothingYet(EmptyState):
    """What can be done if the user has no models yet."""

    def __init__(self) -> None:
        self.train_button = QPushButton("Train a network")
        self.open_button = QPushButton("Open a model file…")
        super().__init__("", NOTHING_YET, [self.train_button, self.open_button])


def _enable(action: QAction, tip: str, obstacle: str) -> None:
    """Enable an action, or say in its tip why it is disabled."""
    action.setEnabled(not obstacle)
    set_tip(action, obstacle or tip)
