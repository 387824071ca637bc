"""The window: where everything stands, and which wish goes where. No decisions.

Dialogs are imported when they are opened: they are not what the start of the window waits for.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from app.actions import MENUS, WindowActions, is_for_focused, shown_keys
from app.drawing.pad import DrawingPad, Tool
from app.icons import themed_icon
from app.recognition.answer_panel import AnswerPanel
from app.widgets.columns import Columns
from app.widgets.late_page import LatePage
from app.widgets.side_panel import SidePanel
from app.widgets.status_line import StatusLine
from app.widgets.tool_bar import ToolBar

TITLE = "Digitpad"
DEFAULT_SIZE = QSize(1120, 720)
SMALLEST_SIZE = QSize(760, 560)

_THEMES = (("system", "&System"), ("light", "&Light"), ("dark", "&Dark"))
_MARGIN_PX = 16
_MODEL_NAME_WIDTH_PX = 260


class MainWindow(QMainWindow):
    """The pad at the left, the answer beside it, and a panel that opens at the right.

    Attributes:
        drawing_pad: Where one draws.
        answer_panel: What came of it.
        side_panel: Training, models and whatever `add_panel` brought.
        tool_bar: The row of buttons.
        actions_by_name: All actions.

    Signals:
        first_painted: The window is on the screen for the first time.
        open_requested: A `Path` is to be opened.
        save_requested: The drawing is to be saved under this `Path`.
        mime_dropped: A `QMimeData` with files or a picture was dropped on the window.
        theme_chosen: "system", "light" or "dark".
        closing: The window is about to close for good.
    """

    first_painted = Signal()
    open_requested = Signal(object)
    save_requested = Signal(object)
    mime_dropped = Signal(object)
    theme_chosen = Signal(str)
    closing = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mainWindow")
        self.setWindowTitle(TITLE)
        self.setAcceptDrops(True)
        self.setMinimumSize(SMALLEST_SIZE)
        self.resize(DEFAULT_SIZE)
        self.drawing_pad = DrawingPad()
        self.answer_panel = AnswerPanel()
        self.side_panel = SidePanel()
        self.tool_bar = ToolBar()
        self.actions_by_name = WindowActions(self)
        self.close_guards: list[Callable[[], bool]] = []
        self._status = StatusLine(themed_icon("warning"))
        self._model_name = _model_name_label()
        self._columns = Columns(self.drawing_pad, self.answer_panel, self.side_panel)
        self._panel_actions: dict[str, QAction] = {}
        self._menus: dict[str, QMenu] = {}
        self._theme_group = QActionGroup(self)
        self._was_painted = False
        self._lay_out()
        self._fill_menus()
        self._fill_tool_bar()
        self._wire()

    # ── what others use ──

    @property
    def open_panel(self) -> str:
        """Name of the panel that is open; empty where none is."""
        return self.side_panel.current if self.side_panel.isVisibleTo(self) else ""

    @property
    def panel_width(self) -> int:
        """Width that was chosen for the panel; it is narrower where the window is."""
        return self._columns.panel_width

    def add_panel(
        self, name: str, title: str, factory: Callable[[], QWidget], icon: str = ""
    ) -> None:
        """Offer a panel at the right.

        Args:
            name: For `show_panel` and the settings.
            title: On its button and in the View menu.
            factory: Makes the panel's widget when it is first shown, but not before the window
                can be seen.
            icon: Name of an icon in `assets/icons`.
        """
        self.side_panel.add_page(name, lambda: self._late_page(factory))
        keys = QKeySequence(f"Ctrl+{len(self._panel_actions) + 1}")
        action = QAction(f"{title} panel", self)
        action.setCheckable(True)
        action.setShortcut(keys)
        action.triggered.connect(lambda: self._on_panel_toggled(name))
        self._panel_actions[name] = action
        self.menu("&View").insertAction(self._theme_menu.menuAction(), action)
        drawn = themed_icon(icon) if icon else QIcon()
        self.tool_bar.add_panel_button(name, title, f"{title} panel  ({shown_keys([keys])})", drawn)

    def show_panel(self, name: str) -> None:
        """Open the panel of that name."""
        self.side_panel.show_page(name)
        self.side_panel.show()
        self._columns.fit()
        self._mark_panel(name)

    def close_panel(self) -> None:
        """Give the panel's room back to the pad."""
        self.side_panel.hide()
        self._mark_panel("")
        self._columns.fit()

    def add_answer_column(self, column: QWidget) -> None:
        """Take in a second column of answers, hidden at first."""
        self._columns.add_second_answer(column)

    def show_answer_column(self, *, is_shown: bool) -> None:
        """Show or hide the second column; where there is no room for both, the panel closes."""
        self._columns.show_second_answer(is_shown=is_shown)
        if is_shown and self.open_panel and not self._columns.has_room_for_all():
            self.close_panel()

    def set_panel_width(self, width_px: int) -> None:
        """Choose how wide the panel is; it leaves the pad room to draw."""
        self._columns.set_panel_width(width_px)

    def menu(self, title: str) -> QMenu:
        """Return the menu of that title; makes it before Help where it is new."""
        if title not in self._menus:
            menu = QMenu(title, self)
            self.menuBar().insertMenu(self._menus["&Help"].menuAction(), menu)
            self._menus[title] = menu
        return self._menus[title]

    def set_model_name(self, name: str, tip: str = "") -> None:
        """Show which model answers; a long name is cut, and whole in the tip."""
        metrics = self._model_name.fontMetrics()
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, _MODEL_NAME_WIDTH_PX)
        self._model_name.setText(shown)
        tip = tip or "The model that answers"
        self._model_name.setToolTip(tip if shown == name else f"{name}\n{tip}")

    def set_answer_in_title(self, label: str) -> None:
        """Let the task bar tell the answer, too."""
        self.setWindowTitle(f"{label} — {TITLE}" if label else TITLE)

    def say(self, sentence: str, *, is_problem: bool = False) -> None:
        """Show a sentence in the status line."""
        self._status.say(sentence, is_problem=is_problem)

    @property
    def status_text(self) -> str:
        """What the status line says."""
        return self._status.text

    def show_bug(self, sentence: str, details: str) -> None:
        """Show a dialog from which the details can be copied."""
        from app.widgets.bug_dialog import BugDialog

        dialog = BugDialog(sentence, details, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def mark_theme(self, name: str) -> None:
        """Show in the menu which theme was chosen."""
        for action in self._theme_group.actions():
            action.setChecked(action.data() == name)

    def add_close_guard(self, may_close: Callable[[], bool]) -> None:
        """Ask `may_close` before the window closes; it returns False to keep it open."""
        self.close_guards.append(may_close)

    def ask_for_file(self, folder: str, filters: list[str]) -> None:
        """Ask which file to open; `open_requested` brings the answer."""
        from app.widgets.file_dialogs import ask_for_file

        ask_for_file(self, folder, filters, self.open_requested.emit)

    def ask_where_to_save(self, folder: str, filters: list[str]) -> None:
        """Ask under which name to save; `save_requested` brings the answer."""
        from app.widgets.file_dialogs import ask_where_to_save

        ask_where_to_save(self, folder, filters, self.save_requested.emit)

    # ── layout ──

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(_MARGIN_PX)
        foot.addWidget(self._status, 1)
        foot.addWidget(self._model_name)
        centre = QWidget()
        rows = QVBoxLayout(centre)
        rows.setContentsMargins(_MARGIN_PX, 6, _MARGIN_PX, 8)
        rows.setSpacing(8)
        rows.addWidget(self.tool_bar)
        rows.addWidget(self._columns, 1)
        rows.addLayout(foot)
        self.setCentralWidget(centre)

    def _fill_menus(self) -> None:
        for title in MENUS:
            menu = self.menuBar().addMenu(title)
            self._menus[title] = menu
            for spec, action in self.actions_by_name.of_menu(title):
                if spec.begins_section:
                    menu.addSeparator()
                menu.addAction(action)
        self._theme_menu = self.menu("&View").addMenu("&Theme")
        for name, text in _THEMES:
            action = self._theme_menu.addAction(text)
            action.setData(name)
            action.setCheckable(True)
            self._theme_group.addAction(action)

    def _fill_tool_bar(self) -> None:
        actions = self.actions_by_name
        self.tool_bar.add_action(actions["pen"], "penButton")
        self.tool_bar.add_action(actions["eraser"], "eraserButton")
        self.tool_bar.add_pen_width()
        self.tool_bar.add_line()
        self.tool_bar.add_action(actions["undo"], "undoButton")
        self.tool_bar.add_action(actions["redo"], "redoButton")
        self.tool_bar.add_action(actions["clear"], "clearButton")
        self.tool_bar.add_room()

    def _wire(self) -> None:
        pad, actions = self.drawing_pad, self.actions_by_name
        actions["undo"].triggered.connect(pad.undo)
        actions["redo"].triggered.connect(pad.redo)
        actions["clear"].triggered.connect(pad.clear)
        actions["pen"].triggered.connect(lambda: pad.set_tool(Tool.PEN))
        actions["eraser"].triggered.connect(self._on_eraser_triggered)
        actions["thinner"].triggered.connect(lambda: pad.set_pen_width(pad.pen_width_px - 2))
        actions["thicker"].triggered.connect(lambda: pad.set_pen_width(pad.pen_width_px + 2))
        actions["help"].triggered.connect(self._on_help_triggered)
        actions["quit"].triggered.connect(self.close)
        self._theme_group.triggered.connect(lambda action: self.theme_chosen.emit(action.data()))
        self.tool_bar.pen_width_chosen.connect(pad.set_pen_width)
        self.tool_bar.panel_toggled.connect(self._on_panel_toggled)
        self.tool_bar.set_pen_width(pad.pen_width_px)
        pad.pen_width_changed.connect(self.tool_bar.set_pen_width)
        pad.tool_changed.connect(self._on_tool_changed)
        for signal in (
            pad.stroke_begun,
            pad.stroke_finished,
            pad.undo_stack.canUndoChanged,
            pad.undo_stack.canRedoChanged,
        ):
            signal.connect(self._enable_actions)
        self._on_tool_changed(pad.tool)
        self._enable_actions()

    def _on_eraser_triggered(self) -> None:
        """Take up the eraser of strokes, then that of points, then the pen again."""
        following = {Tool.PEN: Tool.ERASER, Tool.ERASER: Tool.POINT_ERASER}
        self.drawing_pad.set_tool(following.get(self.drawing_pad.tool, Tool.PEN))

    def _on_tool_changed(self, tool: Tool) -> None:
        actions = self.actions_by_name
        actions["pen"].setChecked(tool is Tool.PEN)
        actions["eraser"].setChecked(tool is not Tool.PEN)
        splits = tool is Tool.POINT_ERASER
        actions["eraser"].setIcon(themed_icon("point-eraser" if splits else "eraser"))
        actions["eraser"].setToolTip(
            "Erase points of strokes  (E: pen)" if splits else "Erase whole strokes  (E: points)"
        )

    def _enable_actions(self) -> None:
        pad, actions = self.drawing_pad, self.actions_by_name
        actions["undo"].setEnabled(pad.undo_stack.canUndo() or pad.is_drawing)
        actions["redo"].setEnabled(pad.undo_stack.canRedo())
        actions["clear"].setEnabled(not pad.drawing.is_empty or pad.is_drawing)
        for name in ("save", "copy_drawing"):  # both without the stroke in progress
            actions[name].setEnabled(not pad.drawing.is_empty)

    def _on_help_triggered(self) -> None:
        from app.widgets.shortcuts_page import ShortcutsPage

        page = self.findChild(ShortcutsPage)
        if page is None or not page.isVisible():
            page = ShortcutsPage(self._described_actions(), self)
            page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            page.show()
        page.raise_()
        page.activateWindow()

    def _described_actions(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the menus with the actions that have keys: texts and keys as they are shown."""
        groups = [
            (
                title.replace("&", ""),
                [
                    (action.text().replace("&", "").rstrip("…"), shown_keys(action.shortcuts()))
                    for action in self._menus[title].actions()
                    if action.shortcuts()
                ],
            )
            for title in self._menus
        ]
        return [group for group in groups if group[1]]

    def _late_page(self, factory: Callable[[], QWidget]) -> LatePage:
        page = LatePage(factory)
        if self._was_painted:
            page.fill()
        else:
            self.first_painted.connect(page.fill)
        return page

    def _on_panel_toggled(self, name: str) -> None:
        if self.open_panel == name:
            self.close_panel()
        else:
            self.show_panel(name)

    def _mark_panel(self, name: str) -> None:
        self.tool_bar.set_open_panel(name)
        for other, action in self._panel_actions.items():
            action.setChecked(other == name)

    # ── Qt ──

    def event(self, event: QEvent) -> bool:
        """Let the widget that has the focus claim a key before the actions do."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and is_for_focused(self.focusWidget(), event)
        ):
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell when the window has come up."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.first_painted.emit)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and pictures."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand over what was dropped."""
        event.acceptProposedAction()
        self.mime_dropped.emit(event.mimeData())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask those who have something to lose."""
        if all(may_close() for may_close in self.close_guards):
            self.closing.emit()
            event.accept()
        else:
            event.ignore()


def _model_name_label() -> QLabel:
    label = QLabel()
    label.setObjectName("modelName")
    label.setAccessibleName("Model")
    label.setProperty("role", "quiet")
    return label
