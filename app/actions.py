"""The window's actions: a table of texts, keys, icons and tips, and the actions on the pad."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from app.drawing.erasing import PART_ERASER, STROKE_ERASER, Tool
from app.drawing.pad import DrawingPad
from app.style.icons import themed_icon
from app.style.plain_text import set_tip


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    Attributes:
        name: In code; the `QAction` becomes `NAME_action` as its objectName.
        menu: Title of its menu.
        text: In the menu, with its mnemonic.
        keys: Portable key sequences, the first is the one shown.
        icon: Name of an icon; empty if it has none.
        tip: What it does, shown on hover; the text is shown where it is empty.
        is_checkable: Whether it is on or off.
        begins_section: Whether a line stands above it in the menu.
    """

    name: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    is_checkable: bool = False
    begins_section: bool = False


MENUS = ("&File", "&Edit", "&View", "&Help")

ACTIONS = (
    ActionSpec("open", "&File", "&Open…", ("Ctrl+O",), "open", "Open a picture, drawing or model"),
    ActionSpec(
        "random_digit",
        "&File",
        "&Test digit",
        ("Ctrl+R",),
        "test-digit",
        tip="Put an image of the test data on the pad, with its true label",
    ),
    ActionSpec(
        "save", "&File", "&Save drawing…", ("Ctrl+S",), "save", "Save as PNG, SVG or strokes"
    ),
    ActionSpec("quit", "&File", "&Quit", ("Ctrl+Q",), begins_section=True),
    ActionSpec("undo", "&Edit", "&Undo", ("Ctrl+Z",), "undo"),
    ActionSpec("redo", "&Edit", "&Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    ActionSpec("clear", "&Edit", "C&lear", ("Del", "Backspace"), "clear", "Clear the pad"),
    ActionSpec(
        "pen", "&Edit", "&Pen", ("P",), "pen", "Draw", is_checkable=True, begins_section=True
    ),
    ActionSpec(
        "eraser", "&Edit", f"&{STROKE_ERASER}", ("E",), "eraser", STROKE_ERASER, is_checkable=True
    ),
    ActionSpec(
        "point_eraser",
        "&Edit",
        "Eraser of &parts",
        tip="Erase only what it passes over",
        is_checkable=True,
    ),
    ActionSpec("thinner", "&Edit", "T&hinner pen", ("[",)),
    ActionSpec("thicker", "&Edit", "Thic&ker pen", ("]",)),
    ActionSpec(
        "split", "&Edit", "&Split digit", ("S",), tip="Split the digit in two", begins_section=True
    ),
    ActionSpec("join", "&Edit", "&Join digits", ("J",), tip="Join the digit to the one before it"),
    ActionSpec(
        "copy",
        "&Edit",
        "&Copy answer",
        ("Ctrl+C",),
        "copy",
        "Copy the digit or number as text",
        begins_section=True,
    ),
    ActionSpec("copy_drawing", "&Edit", "Copy &drawing", ("Ctrl+Shift+C",)),
    ActionSpec("paste", "&Edit", "Pa&ste picture", ("Ctrl+V",)),
    ActionSpec("pad_alone", "&View", "&Pad alone", ("Ctrl+0",), is_checkable=True),
    ActionSpec(
        "why",
        "&View",
        "&Why?",
        ("W",),
        begins_section=True,
        tip="Show what made it that answer",
    ),
    ActionSpec(
        "numbers",
        "&View",
        "Read &numbers",
        tip="Read several digits as a number",
        is_checkable=True,
    ),
    ActionSpec("help", "&Help", "&Keys and gestures", ("F1",)),
)


class WindowActions(QObject):
    """The window's actions by name."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._actions = {spec.name: _made(spec, self) for spec in ACTIONS}

    def __getitem__(self, name: str) -> QAction:
        """Return the action of that name."""
        return self._actions[name]

    def of_menu(self, title: str) -> Iterable[tuple[ActionSpec, QAction]]:
        """Return a menu's actions in order."""
        return [(spec, self._actions[spec.name]) for spec in ACTIONS if spec.menu == title]


class PadActions(QObject):
    """Connects the actions on the pad with it: each is enabled where the pad can do it."""

    def __init__(self, actions: WindowActions, pad: DrawingPad) -> None:
        super().__init__(actions)
        self._actions = actions
        self._pad = pad
        actions["undo"].triggered.connect(pad.undo)
        actions["redo"].triggered.connect(pad.redo)
        actions["clear"].triggered.connect(pad.clear)
        actions["pen"].triggered.connect(lambda: pad.set_tool(Tool.PEN))
        actions["eraser"].triggered.connect(self._on_eraser_triggered)
        actions["point_eraser"].triggered.connect(lambda: pad.set_tool(Tool.POINT_ERASER))
        actions["thinner"].triggered.connect(lambda: pad.set_pen_width(pad.pen_width - 2))
        actions["thicker"].triggered.connect(lambda: pad.set_pen_width(pad.pen_width + 2))
        pad.tool_changed.connect(self._on_tool_changed)
        for signal in (
            pad.stroke_begun,
            pad.stroke_finished,
            pad.undo_stack.canUndoChanged,
            pad.undo_stack.canRedoChanged,
        ):
            signal.connect(self._enable)
        self._on_tool_changed(pad.tool)
        self._enable()

    def _on_eraser_triggered(self) -> None:
        """Choose the eraser of strokes, then that of points, then the pen again."""
        following = {Tool.PEN: Tool.ERASER, Tool.ERASER: Tool.POINT_ERASER}
        self._pad.set_tool(following.get(self._pad.tool, Tool.PEN))

    def _on_tool_changed(self, tool: Tool) -> None:
        actions = self._actions
        actions["pen"].setChecked(tool is Tool.PEN)
        actions["eraser"].setChecked(tool is not Tool.PEN)
        splits = tool is Tool.POINT_ERASER
        actions["point_eraser"].setChecked(splits)
        actions["eraser"].setIcon(themed_icon("point-eraser" if splits else "eraser"))
        set_tip(
            actions["eraser"],
            f"{PART_ERASER}  (press E for the pen)"
            if splits
            else f"{STROKE_ERASER}  (E; press it again for the eraser of parts)",
        )

    def _enable(self) -> None:
        pad, actions = self._pad, self._actions
        actions["undo"].setEnabled(pad.undo_stack.canUndo() or pad.is_drawing)
        actions["redo"].setEnabled(pad.undo_stack.canRedo())
        actions["clear"].setEnabled(not pad.drawing.is_empty or pad.is_drawing)
        for name in ("save", "copy_drawing"):  # both without the stroke in progress
            actions[name].setEnabled(not pad.drawing.is_empty)


def shown_keys(shortcuts: Sequence[QKeySequence]) -> str:
    """Return key sequences as the desktop writes them."""
    return " or ".join(keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in shortcuts)


def described_actions(menus: Mapping[str, QMenu]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return menus with their actions that have keys: texts and keys as they are shown."""
    groups = [
        (
            title.replace("&", ""),
            [
                (action.text().replace("&", "").rstrip("…"), shown_keys(action.shortcuts()))
                for action in menu.actions()
                if action.shortcuts()
            ],
        )
        for title, menu in menus.items()
    ]
    return [group for group in groups if group[1]]


def _made(spec: ActionSpec, parent: QObject) -> QAction:
    action = QAction(spec.text, parent)
    action.setObjectName(f"{spec.name}_action")
    action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
    action.setCheckable(spec.is_checkable)
    if spec.icon:
        action.setIcon(themed_icon(spec.icon))
    action.setIconVisibleInMenu(False)
    tip = spec.tip or spec.text.replace("&", "").rstrip("…")
    set_tip(action, f"{tip}  ({shown_keys(action.shortcuts())})" if spec.keys else tip)
    return action
