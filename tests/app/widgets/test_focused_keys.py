"""Keys beside lists: letters find entries by name, but pictures are found by sight."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QWidget

from app.evaluation.picture_list import PictureList
from app.style.choice_box import ChoiceBox
from app.widgets.focused_keys import is_for_focused


def pressed(key: Qt.Key, text: str) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier, text)


@pytest.mark.parametrize(
    ("made", "letter", "space"),
    [
        (QListWidget, True, True),
        (ChoiceBox, True, True),
        (PictureList, False, True),
        (QWidget, False, False),
    ],
)
def test_letters_are_the_window_s_beside_pictures(qtbot, made, letter, space):
    widget = made()
    qtbot.addWidget(widget)
    assert is_for_focused(widget, pressed(Qt.Key.Key_W, "w")) is letter
    assert is_for_focused(widget, pressed(Qt.Key.Key_Space, " ")) is space
