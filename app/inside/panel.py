"""The Inside lens: the network from the drawing to the answer, one row per layer."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.inside import words
from app.inside.edges import EdgesLayer
from app.inside.layer_row import LayerRow
from app.inside.layers import ShownLayer
from app.inside.unit_view import UnitView
from app.style.plain_text import PlainLabel, set_tip, wrapping_label
from app.widgets.lenses import PANEL_MARGINS_PX

MOST_VOTES = 8


class InsidePanel(QWidget):
    """Shows layers, without knowledge of the network.

    Attributes:
        in_use: Shows the network in use, while another learns.
        learning: Shows the network in training.
        epoch_slider: Chooses an epoch of the run; its right end is the network in use.
        epoch_label: Says which epoch it is.
        votes: A switch for each member of an ensemble.
        rows: The layers, the input first.
        unit_view: The unit that is open; hidden if none is.
        edges: Lines from the unit to its strongest inputs.
        restore: Mends all that is broken.

    Signals:
        vote_chosen: Number of the network to show.
        learning_chosen: Whether to show the network in training, not the one in use.
        unit_opened: Numbers of a row and of a unit in it.
        restore_requested: All that is broken is to be mended.
        shown_changed: Whether the panel can be seen now.
    """

    vote_chosen = Signal(int)
    learning_chosen = Signal(bool)
    unit_opened = Signal(int, int)
    restore_requested = Signal()
    shown_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[LayerRow, ...] = ()
        self.unit_view = UnitView(self)
        self.unit_view.hide()
        self.votes = tuple(_vote(number) for number in range(MOST_VOTES))
        for number, button in enumerate(self.votes):
            button.clicked.connect(partial(self._on_vote_clicked, number))
        self.in_use, self.learning = _chip("In use"), _chip("Learning now")
        set_tip(self.in_use, "Show the layers of the network in use")
        set_tip(self.learning, "Show the layers of the network that learns, several times a second")
        self.in_use.clicked.connect(partial(self.learning_chosen.emit, False))
        self.learning.clicked.connect(partial(self.learning_chosen.emit, True))
        self.epoch_slider, self.epoch_label = QSlider(Qt.Orientation.Horizontal), wrapping_label()
        self.epoch_slider.setObjectName("epochSlider")
        self.epoch_slider.setAccessibleName("Epoch of its run to look into")
        self.epoch_slider.setPageStep(1)
        set_tip(self.epoch_slider, "See your drawing as the network saw it after each epoch")
        self.restore = QPushButton("Restore")
        self.restore.setObjectName("restoreNetwork")
        set_tip(self.restore, "Mend all that is switched off or noisy")
        self.restore.clicked.connect(self.restore_requested)
        self._introduction, self._legend = wrapping_label(), wrapping_label(role="caption")
        self._legend.setText(words.LEGEND)
        self._broken = wrapping_label()
        self.edges = EdgesLayer(self)
        self._lay_out()
        self.show_sentence(words.NO_NETWORK)
        self.show_votes((), 0)
        self.show_watch(is_learning=False, is_watching=False)
        self.show_epochs(0)
        self.show_broken("")

    @property
    def sentence(self) -> str:
        """What is said above the layers."""
        return self._introduction.text()

    def show_sentence(self, sentence: str) -> None:
        """Show a sentence in place of all layers."""
        self.close_unit()
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = ()
        self._introduction.setText(sentence)
        self._legend.hide()

    def show_layers(self, layers: Sequence[ShownLayer]) -> None:
        """Show layers in place of those before, with empty maps."""
        self.show_sentence(words.INTRODUCTION)
        self._legend.show()
        self.rows = tuple(LayerRow(layer) for layer in layers)
        for number, row in enumerate(self.rows):
            row.unit_opened.connect(partial(self.unit_opened.emit, number))
            self._column.addWidget(row)

    def show_introduction(self, sentence: str) -> None:
        """Show a sentence above the layers."""
        if sentence != self._introduction.text():
            self._introduction.setText(sentence)

    def show_watch(self, *, is_learning: bool, is_watching: bool) -> None:
        """Offer the network in training, during a run, and mark which one is shown."""
        self._watch_line.setVisible(is_learning)
        self.in_use.setChecked(not is_watching)
        self.learning.setChecked(is_watching)

    def show_epochs(self, count: int) -> None:
        """Offer a number of epochs, and the network in use after them; hidden without epochs."""
        self._epoch_line.setVisible(count > 0)
        with QSignalBlocker(self.epoch_slider):
            self.epoch_slider.setRange(0, count)
            self.epoch_slider.setValue(count)

    def hide_epochs(self, *, is_hidden: bool) -> None:
        """Hide the epochs while another network is shown."""
        self._epoch_line.setVisible(not is_hidden and self.epoch_slider.maximum() > 0)

    def show_votes(self, texts: Sequence[str], chosen: int) -> None:
        """Show the answer of each member of an ensemble; hidden for a single network."""
        for number, button in enumerate(self.votes):
            button.setVisible(number < len(texts))
            if number < len(texts):
                text = texts[number].replace("&", "&&")
                if text != button.text():
                    button.setText(text)
                button.setChecked(number == chosen)
        self._vote_line.setVisible(bool(texts))

    def show_broken(self, sentence: str) -> None:
        """Say what is broken; empty if nothing is."""
        self._broken.setText(sentence)
        self._broken_line.setVisible(bool(sentence))

    def open_unit(self, row: int, unit: int) -> None:
        """Open the view of a unit below its row."""
        for number, each in enumerate(self.rows):
            each.mark_opened(unit if number == row else -1)
        place = self._column.indexOf(self.rows[row]) + 1
        if self._column.indexOf(self.unit_view) != place:
            self._column.removeWidget(self.unit_view)
            place = self._column.indexOf(self.rows[row]) + 1
            self._column.insertWidget(place, self.unit_view)
        self.unit_view.show()
        before: QWidget = self.rows[row]
        for stop in self.unit_view.tab_stops:  # the keyboard comes to it from its row
            QWidget.setTabOrder(before, stop)
            before = stop

    def close_unit(self) -> None:
        """Close the view of the unit."""
        self.unit_view.hide()
        self.edges.show_edges(())
        for row in self.rows:
            row.mark_opened(-1)

    def reveal(self, row: int) -> None:
        """Scroll so that a row and the unit that is open below it can be seen.

        If both do not fit, the unit is shown, and of the unit its arithmetic first.
        """
        area = self._scroll_area()
        if area is None or row >= len(self.rows):
            return
        own = self.rows[row]
        top, bottom = own.y(), own.y() + own.height()
        if self.unit_view.isVisible():
            window = self.unit_view.window_view
            bottom = window.mapTo(self, window.rect().bottomLeft()).y()
            tops = (top, self.unit_view.y(), window.mapTo(self, window.rect().topLeft()).y())
            fitting = [each for each in tops if bottom - each <= area.viewport().height()]
            top = fitting[0] if fitting else tops[-1]
        area.ensureVisible(0, bottom, 0, 8)
        area.ensureVisible(0, top, 0, 8)

    def sizeHint(self) -> QSize:
        return QSize(560, 620)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.shown_changed.emit(False)

    def _scroll_area(self) -> QScrollArea | None:
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        return above

    def _on_vote_clicked(self, number: int) -> None:
        self.vote_chosen.emit(number)

    def _lay_out(self) -> None:
        self._watch_line, self._vote_line, self._broken_line = QWidget(), QWidget(), QWidget()
        self._epoch_line = QWidget()
        epochs = QHBoxLayout(self._epoch_line)
        epochs.setContentsMargins(0, 0, 0, 0)
        epochs.addWidget(PlainLabel(words.EPOCHS))
        epochs.addWidget(self.epoch_slider, 1)
        epochs.addWidget(self.epoch_label, 1)
        watch = QHBoxLayout(self._watch_line)
        watch.setContentsMargins(0, 0, 0, 0)
        watch.addWidget(self.in_use)
        watch.addWidget(self.learning)
        watch.addStretch(1)
        votes = QHBoxLayout()
        vote_lines = QVBoxLayout(self._vote_line)
        vote_lines.setContentsMargins(0, 0, 0, 0)
        vote_lines.setSpacing(4)
        vote_lines.addWidget(wrapping_label(words.VOTES, role="quiet"))
        vote_lines.addLayout(votes)
        for button in self.votes:
            votes.addWidget(button)
        votes.addStretch(1)
        broken = QHBoxLayout(self._broken_line)
        broken.setContentsMargins(0, 0, 0, 0)
        broken.addWidget(self._broken, 1)
        broken.addWidget(self.restore)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*PANEL_MARGINS_PX)
        self._column.setSpacing(8)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        for widget in (
            self._watch_line,
            self._epoch_line,
            self._introduction,
            self._legend,
            self._vote_line,
            self._broken_line,
        ):
            self._column.addWidget(widget)


def _chip(text: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setProperty("role", "chip")
    button.setCheckable(True)
    return button


def _vote(number: int) -> QToolButton:
    button = _chip("")
    button.setObjectName(f"vote{number + 1}")
    set_tip(button, "Several networks vote: show this one's layers")
    return button
