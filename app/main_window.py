"""The window: the layout, the menus and the signals for what the user asks for.

Dialogs are imported when they are opened, to keep the start of the window short.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow, QMenu, QVBoxLayout, QWidget

from app.actions import PadActions, WindowActions, described_actions
from app.drawing.data_address import addresses_in
from app.drawing.pad import DrawingPad
from app.menus import WindowMenus
from app.recognition.answer_panel import AnswerPanel
from app.recognition.pad_column import PadColumn
from app.widgets.lenses import Lens, Lenses
from app.widgets.pad_and_lens import PadAndLens
from app.widgets.pad_messages import PadMessages
from app.widgets.pen_width import PenWidth
from app.widgets.toast import ToastAction
from app.widgets.tool_bar import ToolBar

if TYPE_CHECKING:
    from app.widgets.close_dialog import OpenWork

TITLE = "Digitpad"
DEFAULT_SIZE = QSize(1120, 720)
SMALLEST_SIZE = QSize(640, 520)
_MARGIN_PX = 16


class MainWindow(QMainWindow):
    """Pad and answer, which stay, and lenses on the same drawing.

    Attributes:
        drawing_pad: The pad to draw on.
        answer_panel: The answer to the drawing.
        lenses: What `add_lens` has added.
        tool_bar: The row of buttons.
        actions_by_name: All actions.
        model_menu_actions: The last actions of the menu under the model's name.

    Signals:
        first_painted: The window is on the screen for the first time.
        start_finished: The first answer is painted, too; postponed work begins now.
        open_requested: A `Path` is to be opened.
        save_requested: The drawing is to be saved under this `Path`.
        mime_dropped: A `QMimeData` with files or a picture was dropped on the window.
        theme_chosen: "system", "light" or "dark".
        closing: The window is about to close for good.
        work_given_up: The user agreed that all work ends; the window closes when a run is saved.
    """

    first_painted = Signal()
    start_finished = Signal()
    open_requested = Signal(object)
    save_requested = Signal(object)
    mime_dropped = Signal(object)
    theme_chosen = Signal(str)
    closing = Signal()
    work_given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mainWindow")
        self.setWindowTitle(TITLE)
        self.setAcceptDrops(True)
        self.drawing_pad = DrawingPad()
        self.answer_panel = AnswerPanel()
        self.lenses = Lenses()
        self.tool_bar = ToolBar()
        self.actions_by_name = WindowActions(self)
        PadActions(self.actions_by_name, self.drawing_pad)
        self.model_menu_actions: list[QAction] = []
        self.close_guards: list[Callable[[], bool]] = []
        self._works: list[Callable[[], Sequence[OpenWork]]] = []
        self._pen_width = PenWidth()
        self._messages = PadMessages(self.drawing_pad, self.lenses)
        column = PadColumn(self.drawing_pad, self.answer_panel)
        self._pad_and_lens = PadAndLens(column, self.lenses)
        self._was_painted = False
        self._answer = ""
        self._activities: dict[str, str] = {}
        # Tab goes through what is in the window in the order in which it came: first the tools.
        self.addToolBar(self.tool_bar)
        self._fill_tool_bar()
        self._lay_out()
        self._menus = WindowMenus(self.menuBar(), self.actions_by_name, self)
        self._wire()
        self.drawing_pad.setFocus()
        self._limit_to_screen()
        self.resize(DEFAULT_SIZE.boundedTo(self._room_on_screen()))

    @property
    def open_lens(self) -> str:
        """Name of the lens that is shown; empty if the pad is alone."""
        return self.lenses.current if self.lenses.isVisibleTo(self) else ""

    @property
    def pad_fraction(self) -> float:
        """The part of a wide window that pad and answer have."""
        return self._pad_and_lens.pad_fraction

    def add_lens(
        self, name: str, title: str, factory: Callable[[], QWidget], *, widest_badge: str = ""
    ) -> None:
        """Offer a lens on the drawing.

        Args:
            name: One of `app.widgets.lenses.ORDER`; its page has the objectName `NAMELens`.
            title: On its tab and in the View menu.
            factory: Makes what it shows when it is first seen, after the window's start.
            widest_badge: The widest state that work shows on its tab.
        """
        self.lenses.add_lens(Lens(name, title, factory, widest_badge))
        self._menus.add_lens(name, title, partial(self.go_to_lens, name))
        self._mark_lens()

    def show_lens(self, name: str) -> None:
        """Show the lens of that name."""
        self.lenses.show()
        self.lenses.show_lens(name)
        self._fill_lens()
        self._pad_and_lens.share_room()
        self._mark_lens()

    def go_to_lens(self, name: str) -> None:
        """Show a lens; where it is shown already, bring the keyboard into it."""
        is_shown = self.open_lens == name
        self.show_lens(name)
        if is_shown:
            self.lenses.focus_content()

    def show_pad_alone(self) -> None:
        """Hide the lens, so that the pad fills the window."""
        self._pad_and_lens.open_pad()
        self.lenses.hide()
        self._mark_lens()

    def set_badge(self, lens: str, text: str) -> None:
        """Show a state on a lens's tab, such as "54 %"; an empty text ends it."""
        self.lenses.set_badge(lens, text)

    def set_pad_fraction(self, fraction: float) -> None:
        """Choose the part of a wide window that pad and answer have."""
        self._pad_and_lens.set_pad_fraction(fraction)

    def menu(self, title: str) -> QMenu:
        """Return the menu of that title; makes it before Help where it is new."""
        return self._menus.menu(title)

    @property
    def model_menu(self) -> QMenu:
        """The menu under the model's name; fill it when it is about to show."""
        return self.answer_panel.foot.model_button.menu()

    def set_model_name(self, name: str, tip: str = "") -> None:
        """Show which model answers."""
        self.answer_panel.foot.show_model(name, tip or "The model that answers")

    def set_answer_in_title(self, text: str) -> None:
        """Show the answer in the title, such as "7" or "8 or 3"; empty for none."""
        self._answer = text
        self._show_title()

    def set_activity(self, lens: str, text: str) -> None:
        """Show in the title what is going on in a lens.

        Args:
            lens: Its name.
            text: Such as "training 54 %"; empty for nothing.
        """
        self._activities[lens] = text
        self._show_title()

    def say(
        self, sentence: str, *, is_problem: bool = False, action: ToastAction | None = None
    ) -> None:
        """Show a sentence over the pad, perhaps with what can be done about it.

        What the action can undo is a step of `drawing_pad.undo_stack`.
        """
        self._messages.say(sentence, is_problem=is_problem, action=action)

    def end_problem(self) -> None:
        """Hide a problem's message, as a later action succeeded."""
        self._messages.toast.end_problem()

    def end_message(self, sentence: str) -> None:
        """Hide a message, if it is still shown: what it speaks of has changed."""
        self._messages.end(sentence)

    @property
    def status_text(self) -> str:
        """What is said over the pad."""
        return self._messages.toast.text

    def show_bug(self, sentence: str, details: str) -> None:
        """Show a dialog from which the details can be copied."""
        from app.widgets.bug_dialog import BugDialog

        dialog = BugDialog(sentence, details, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def mark_theme(self, name: str) -> None:
        """Show in the menu which theme was chosen."""
        self._menus.mark_theme(name)

    def add_close_guard(self, may_close: Callable[[], bool]) -> None:
        """Ask `may_close` before the window closes; it returns False to keep it open."""
        self.close_guards.append(may_close)

    def add_work(self, work: "Callable[[], Sequence[OpenWork]]") -> None:
        """Let `work` say what would end with the window, for a question about other work."""
        self._works.append(work)

    @property
    def open_work(self) -> "list[OpenWork]":
        """What would end with the window now, as far as it was added."""
        return [each for work in self._works for each in work()]

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
        centre = QWidget()
        rows = QVBoxLayout(centre)
        rows.setContentsMargins(_MARGIN_PX, 8, _MARGIN_PX, _MARGIN_PX)
        rows.addWidget(self._pad_and_lens)
        self.setCentralWidget(centre)

    def _fill_tool_bar(self) -> None:
        bar, actions = self.tool_bar, self.actions_by_name
        bar.add_button(actions["pen"], "penButton")
        bar.add_button(actions["eraser"], "eraserButton")
        bar.addWidget(self._pen_width)
        bar.addSeparator()
        bar.add_button(actions["undo"], "undoButton")
        bar.add_button(actions["redo"], "redoButton")
        bar.add_button(actions["clear"], "clearButton")
        bar.addSeparator()
        bar.add_button(actions["random_digit"], "testDigitButton", has_text=True)
        bar.add_button(actions["open"], "openButton", has_text=True)

    def _wire(self) -> None:
        pad, actions = self.drawing_pad, self.actions_by_name
        actions["help"].triggered.connect(self._on_help_triggered)
        actions["quit"].triggered.connect(self.close)
        self._menus.theme_chosen.connect(self.theme_chosen)
        actions["pad_alone"].triggered.connect(self._on_pad_alone_triggered)
        self.lenses.lens_shown.connect(self._mark_lens)
        self._pen_width.width_chosen.connect(pad.set_pen_width)
        pad.pen_width_changed.connect(self._show_pen_width)
        self._show_pen_width()

    def _show_pen_width(self) -> None:
        pad = self.drawing_pad
        self._pen_width.show_width(pad.pen_width, pad.pen_width_px)

    def _on_help_triggered(self) -> None:
        from app.widgets.shortcuts_page import ShortcutsPage

        page = self.findChild(ShortcutsPage)
        if page is None or not page.isVisible():
            page = ShortcutsPage(described_actions(self._menus.by_title), self)
            page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            page.show()
        page.raise_()
        page.activateWindow()

    def _show_title(self) -> None:
        parts = (self._answer, TITLE, *self._activities.values())
        self.setWindowTitle(" — ".join(filter(None, parts)))

    def _on_pad_alone_triggered(self) -> None:
        if self.open_lens:
            self.show_pad_alone()
        elif self.lenses.names:
            self.show_lens(self.lenses.current)

    def _mark_lens(self) -> None:
        self._menus.mark_lens(self.open_lens)

    def _fill_lens(self) -> None:
        if self._was_painted:
            self.lenses.fill()

    def _room_on_screen(self) -> QSize:
        return self.screen().availableSize()

    def _limit_to_screen(self) -> None:
        self.setMinimumSize(SMALLEST_SIZE.boundedTo(self._room_on_screen()))

    def _on_first_painted(self) -> None:
        self.first_painted.emit()
        # The next turn of the event loop works out the first answer, the one after it paints it.
        QTimer.singleShot(0, self, lambda: QTimer.singleShot(0, self, self._on_start_finished))

    def _on_start_finished(self) -> None:
        self.lenses.fill()
        self.start_finished.emit()

    # ── Qt ──

    def event(self, event: QEvent) -> bool:
        """Let the widget that has the focus claim a key before the actions do."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            from app.widgets.focused_keys import is_for_focused

            if is_for_focused(self.focusWidget(), event):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the focused button by Enter, as by Space; leave a preview or a lens by Escape.

        Qt presses buttons by Enter in dialogs only.
        """
        from app.widgets.focused_keys import press_by_enter

        if press_by_enter(self.focusWidget(), event):
            return
        if event.key() == Qt.Key.Key_Escape:
            if not self.drawing_pad.undo_stack.end_preview():
                self.drawing_pad.setFocus()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell when the window has come up."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self._on_first_painted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._pad_and_lens.share_room()

    def showEvent(self, event: QShowEvent) -> None:
        """Be no larger than the screen, whatever size was remembered."""
        self._limit_to_screen()
        room = self._room_on_screen()
        if self.width() > room.width() or self.height() > room.height():
            self.resize(self.size().boundedTo(room))
        super().showEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files and pictures."""
        if event.mimeData().hasImage() or addresses_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Announce what was dropped."""
        event.acceptProposedAction()
        self.mime_dropped.emit(event.mimeData())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close unless a close guard refuses."""
        if all(may_close() for may_close in self.close_guards):
            self.closing.emit()
            event.accept()
        else:
            event.ignore()
