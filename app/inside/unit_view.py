"""One unit, opened in place: the arithmetic of its number, with the real values."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.inside.window_view import WindowView
from app.style.plain_text import set_tip, wrapping_label
from app.widgets.announcement import announce

MOST_INPUTS = 5


class UnitView(QFrame):
    """Shows a unit's arithmetic; the user can go to another unit, close or break it.

    Attributes:
        heading: Which number it is.
        sentence: What its layer does.
        window_view: The window that slides.
        lines: The arithmetic, line by line.
        inputs: The strongest inputs; each leads to that unit.
        output: Leads to the unit of the next layer that this one changes most.
        dead_end: Says why it leads nowhere; hidden if it does.
        off: Switches the unit off.
        noise: Puts noise on the layer.
        restore: Mends all that is broken; hidden if nothing is.

    Signals:
        closed: It is to be closed.
        input_wanted: Number of a strongest input to walk to.
        output_wanted: Go to a unit of the next layer.
        off_toggled: Whether the unit is to be off.
        noise_toggled: Whether there is to be noise on the layer.
        restore_wanted: All that is broken is to be mended.
    """

    closed = Signal()
    input_wanted = Signal(int)
    output_wanted = Signal()
    off_toggled = Signal(bool)
    noise_toggled = Signal(bool)
    restore_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unitView")
        self.setProperty("role", "card")
        self.heading, self.sentence, self.lines = (
            wrapping_label(role="heading"),
            wrapping_label(role="quiet"),
            wrapping_label(),
        )
        self.window_view = WindowView()
        self.inputs = tuple(_button(f"strongestInput{number}") for number in range(MOST_INPUTS))
        for number, button in enumerate(self.inputs):
            button.clicked.connect(partial(self.input_wanted.emit, number))
            set_tip(button, "Go to this input" + ("  (Page Up)" if number == 0 else ""))
        self.output = QPushButton("Go to what it moves most")
        self.output.clicked.connect(self.output_wanted)
        self.dead_end = wrapping_label(name="deadEnd", role="caption")
        set_tip(self.output, "Open what this number moves most in the next layer  (Page Down)")
        self.off, self.noise = _switch("Switch this unit off"), _switch("Noise on this layer")
        self.off.clicked.connect(self.off_toggled)
        self.noise.clicked.connect(self.noise_toggled)
        self.restore = QPushButton("Restore")
        self.restore.clicked.connect(self.restore_wanted)
        set_tip(self.restore, "Mend all that is switched off or noisy")
        self._close = QToolButton()
        self._close.setText("×")
        self._close.setAccessibleName("Close this unit")
        set_tip(self._close, "Close this unit  (Escape)")
        self._close.clicked.connect(self.closed)
        self._inputs_title = wrapping_label(role="caption")
        self._inputs_title.setText("Strongest inputs: number × weight")
        self._lay_out()

    @property
    def tab_stops(self) -> tuple[QWidget, ...]:
        """What takes the focus, from the top down."""
        ways = (*self.inputs, self.output)
        return (self._close, self.window_view, *ways, self.off, self.noise, self.restore)

    def show_unit(self, heading: str, sentence: str, lines: Sequence[str]) -> None:
        """Show the unit's heading, sentence and arithmetic."""
        self.heading.setText(heading)
        self.sentence.setText(sentence)
        self.lines.setText("\n".join(lines))
        self.dead_end.hide()

    def show_dead_end(self, sentence: str) -> None:
        """Say why no unit of the next layer is opened, until another unit is shown."""
        self.dead_end.setText(sentence)
        self.dead_end.show()
        announce(self, sentence)

    def show_inputs(self, texts: Sequence[str], can_go: Sequence[bool]) -> None:
        """Name the strongest inputs.

        Args:
            texts: Up to `MOST_INPUTS`.
            can_go: Whether each is a unit that can be opened.
        """
        for number, button in enumerate(self.inputs):
            button.setVisible(number < len(texts))
            if number < len(texts):
                button.setText(texts[number].replace("&", "&&"))
                button.setEnabled(can_go[number])
        self._inputs_title.setVisible(bool(texts))

    def show_breaks(
        self, *, is_off: bool, has_noise: bool, can_break: bool, is_broken: bool
    ) -> None:
        """Show what is broken.

        Args:
            is_off: Whether this unit is switched off.
            has_noise: Whether there is noise on its layer.
            can_break: Whether it can be broken.
            is_broken: Whether anything in the network is.
        """
        self.restore.setVisible(is_broken)
        for switch, is_on in ((self.off, is_off), (self.noise, has_noise)):
            switch.setChecked(is_on)
            switch.setEnabled(can_break)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to another unit, or close."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif key == Qt.Key.Key_PageUp:
            self._walk_in()
        elif key == Qt.Key.Key_PageDown:
            self.output_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _walk_in(self) -> None:
        """Go to the strongest input that can be opened: another vote's can't."""
        for number, button in enumerate(self.inputs):
            if button.isEnabled() and not button.isHidden():
                self.input_wanted.emit(number)
                return

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self._close)
        inputs = QGridLayout()
        inputs.setSpacing(4)
        for number, button in enumerate(self.inputs):
            inputs.addWidget(button, number, 0)
        inputs.setColumnStretch(1, 1)
        switches = QHBoxLayout()
        for switch in (self.output, self.off, self.noise, self.restore):
            switches.addWidget(switch)
        switches.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 12)
        rows.setSpacing(8)
        rows.addLayout(top)
        rows.addWidget(self.sentence)
        rows.addWidget(self.window_view)
        rows.addWidget(self.lines)
        rows.addWidget(self._inputs_title)
        rows.addLayout(inputs)
        rows.addWidget(self.dead_end)
        rows.addLayout(switches)


def _button(name: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    return button


def _switch(text: str) -> QPushButton:
    switch = QPushButton(text)
    switch.setCheckable(True)
    return switch
