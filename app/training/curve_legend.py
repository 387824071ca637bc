"""The legend of the curves: a fixed number of lines, so that nothing below it ever moves."""

import html
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.style.plain_text import PlainLabel, set_tip
from app.training.curve_plot import (
    EPOCHS_MARK,
    TRAINING_MARK,
    VALIDATION_MARK,
    curve_colours,
    pale,
)
from app.training.run_marks import EARLIER_MARKS, earlier_colour
from model.metadata import printable

EARLIER_VALIDATION_MARK = "╍"

MOST_LINES = 3
"""Of earlier runs; where more are shown, the last line says so: Runs has the colour of each."""

WHOLE_EPOCHS = "Each run by its whole epochs"
"""Stands first where several runs are compared."""

_LONGEST_NAME = 80
_APART = " &nbsp; &nbsp;"


@dataclass(frozen=True)
class EarlierRun:
    """A line of the legend.

    Attributes:
        name: The run's time, network and data.
        colour: Which of `EARLIER_COLOURS` it has.
        is_validation: Whether the curve is of the validation split, not of the training split.
    """

    name: str
    colour: int
    is_validation: bool

    @property
    def words(self) -> str:
        """What the line is, in full."""
        why = "validation split" if self.is_validation else NO_VALIDATION
        return f"{printable(self.name, _LONGEST_NAME)}: {why}"

    @property
    def short_words(self) -> str:
        """What the line is, where there is less room."""
        split = "validation" if self.is_validation else "training"
        return f"{printable(self.name, _LONGEST_NAME)}: {split}"


NO_VALIDATION = "training split, as it had no validation split"


class CurveLegend(PlainLabel):
    """The colour and mark of each curve, and its name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._earlier: dict[str, EarlierRun] = {}
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)  # or its text would keep the lens wide
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setProperty("role", "caption")
        self._has_validation = True
        self._is_own_drawn = False
        self._lines = 0
        self._show()

    def show_validation(self, is_shown: bool) -> None:
        """Name the validation curve, or not."""
        self._has_validation = is_shown
        self._show()

    def show_own(self, *, is_drawn: bool) -> None:
        """Say beside earlier runs how the own run is drawn, if it is drawn by itself."""
        if is_drawn != self._is_own_drawn:
            self._is_own_drawn = is_drawn
            self._show()

    def keep_room(self, runs: int) -> None:
        """Keep lines free for as many earlier runs, so that showing them moves nothing below."""
        self._lines = min(runs, MOST_LINES)
        self._keep_height()

    def show_earlier(self, run_id: str, run: EarlierRun) -> None:
        """Add the line of an earlier run."""
        self._earlier[run_id] = run
        self._show()

    def hide_earlier(self, run_id: str) -> None:
        """Take the line of an earlier run away."""
        self._earlier.pop(run_id, None)
        self._show()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._show()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._show()

    def _keep_height(self) -> None:
        lines = max(self._lines, min(len(self._earlier), MOST_LINES))
        self.setMinimumHeight((1 + lines) * self.fontMetrics().lineSpacing() if lines else 0)

    def _show(self) -> None:
        runs = list(self._earlier.values())
        shown = runs if len(runs) <= MOST_LINES else runs[-(MOST_LINES - 1) :]
        lines = [self._own_words, *map(self._line, shown)]
        if len(shown) < len(runs):
            lines.append(f"and {len(runs) - len(shown)} more: Runs below has the colour of each")
        self.setText("<br>".join(lines))
        set_tip(self, "\n".join(run.words for run in runs))
        self._keep_height()

    @property
    def _own_words(self) -> str:
        """What is what in the run's own curves; beside earlier runs all show whole epochs."""
        training, validation = curve_colours(self.palette())
        if self._earlier and not self._is_own_drawn:
            return WHOLE_EPOCHS
        words = f"{_coloured(training, TRAINING_MARK)} training"
        if self._earlier:
            behind = pale(QColor(training), self.palette()).name()
            words = f"This run: {_coloured(behind, TRAINING_MARK)} within the epochs"
            if not self._has_validation:
                return f"{words}{_APART}{_coloured(training, EPOCHS_MARK)} training, whole epochs"
        if self._has_validation:
            words += f"{_APART}{_coloured(validation, VALIDATION_MARK)} validation"
        return words

    def _line(self, run: EarlierRun) -> str:
        """Return a run's line, short enough not to be broken: its time and data stay."""
        colour = earlier_colour(run.colour, self.palette()).name()
        line = EARLIER_VALIDATION_MARK if run.is_validation else TRAINING_MARK
        mark = f"{line}{EARLIER_MARKS[run.colour]}"
        metrics = self.fontMetrics()
        room = self.contentsRect().width() - metrics.horizontalAdvance(f"{mark}  ")
        fits = metrics.horizontalAdvance(run.words) <= room
        words = run.words if fits else run.short_words
        words = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, max(room, 0))
        return f"{_coloured(colour, mark)} {html.escape(words)}"


def _coloured(colour: str, mark: str) -> str:
    return f'<span style="color:{colour}">{mark}</span>'
