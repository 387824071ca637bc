"""The row that stays in sight below the Train lens: Train, Pause and Stop, and how far a run is."""

from PySide6.QtCore import QSize, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from app.style.plain_text import height_of_lines, set_tip, wrapping_label
from app.training.progress import RunProgress
from app.widgets.lenses import PANEL_MARGINS_PX

NOT_THESE_DATA = "These data can't be trained with; the Data card says why."

WORDS_PX = 240
"""With less room beside the buttons, the words stand above them."""


class RunControls(QWidget):
    """Begins, pauses and ends runs; says beside that how long one takes, or how far it is.

    Attributes:
        train_button: Begins a run.
        pause_button: Pauses it, or lets it go on.
        stop_button: Ends it.
        skip_button: In the place of Stop, leaves out the measurement that goes on.
        estimate: How long a run will take.
        progress: In its place, the bar of the run and where it is.

    Signals:
        train_requested: The user wants a run by the settings on the form.
        pause_requested: The user wants the run to pause.
        go_on_requested: The user wants the run to go on.
        stop_requested: The user wants the run to end.
        skip_requested: The user does not want to wait for the measurement that goes on.
    """

    train_requested = Signal()
    pause_requested = Signal()
    go_on_requested = Signal()
    stop_requested = Signal()
    skip_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runControls")
        self.train_button = _button("trainButton", "Train", self.train_requested)
        self.train_button.setProperty("role", "primary")
        self.pause_button = _button("pauseButton", "Pause")
        self.pause_button.clicked.connect(self._on_pause_clicked)
        self.stop_button = _button("stopButton", "Stop", self.stop_requested)
        set_tip(
            self.stop_button,
            "Stop after this batch and keep what was learned, or an epoch that was better",
        )
        self.skip_button = _button("skipButton", "Skip the comparison")
        set_tip(self.skip_button, "Leave out this measurement; the new model is kept already")
        self.skip_button.clicked.connect(self._on_skip_clicked)
        self.estimate = wrapping_label(name="runEstimate", role="quiet")
        self.progress = RunProgress()
        self._estimate_line = self._obstacle = self._settings_line = self._weights_line = ""
        self._is_running = False
        self._is_paused = False
        self._lay_out()
        self.set_running(is_running=False)
        self.show_run(is_shown=False)
        self.skip_button.hide()

    @property
    def is_running(self) -> bool:
        """Whether a run is shown that is going on."""
        return self._is_running

    @property
    def is_paused(self) -> bool:
        """Whether the user has paused the run."""
        return self._is_paused

    @property
    def has_obstacle(self) -> bool:
        """Whether no run can begin with these data."""
        return bool(self._obstacle)

    @property
    def has_run_focus(self) -> bool:
        """Whether the keyboard is with the run that goes on."""
        places = self.stop_button, self.pause_button, self.skip_button, self.progress
        return any(widget.hasFocus() for widget in places)

    def show_obstacle(self, sentence: str) -> None:
        """Disable Train and say why; enable it if the sentence is empty."""
        self._obstacle = sentence
        self.train_button.setEnabled(not self._is_running and not sentence)
        set_tip(self.train_button, sentence)
        self.train_button.setAccessibleDescription(sentence)
        self._show_estimate_line()

    def show_estimate(self, line: str) -> None:
        """Show how long a run will take; a run says so itself."""
        self._estimate_line = line
        self._show_estimate_line()

    def show_weights(self, line: str) -> None:
        """Say which weights the next run begins with; nothing for random ones."""
        self._weights_line = line
        self._show_estimate_line()

    def show_settings_of(self, line: str) -> None:
        """Say where the settings on the form come from; nothing where the user chose them."""
        self._settings_line = line
        self._show_estimate_line()

    def _show_estimate_line(self) -> None:
        line = NOT_THESE_DATA if self._obstacle else self._estimate_line
        source = " ".join(filter(None, (self._settings_line, self._weights_line)))
        lines = "\n".join(filter(None, (source, line)))
        self.estimate.setText("" if self._is_running else lines)

    def show_run(self, *, is_shown: bool) -> None:
        """Show how far a run is, or was, in the place of the estimate."""
        self.progress.setVisible(is_shown)
        self.estimate.setVisible(not is_shown)

    def set_running(self, *, is_running: bool) -> None:
        """Enable the buttons for a run that begins, or for the next one."""
        self._is_running = is_running
        buttons = self.train_button, self.stop_button
        pressed, other = buttons if is_running else buttons[::-1]
        had_focus = pressed.hasFocus() if is_running else self.has_run_focus
        self.offer_skip(is_offered=False)
        if had_focus:
            other.setEnabled(True)
            other.setFocus()  # before the pressed one is disabled and loses the focus
        self.train_button.setEnabled(not is_running and not self._obstacle)
        self._show_estimate_line()
        self.stop_button.setEnabled(is_running)
        self.pause_button.setEnabled(False)
        self.stop_button.setText("Stop")
        self._set_paused(is_paused=False)

    def enable_pause(self, *, is_enabled: bool) -> None:
        """Let the run be paused, unless it is stopping."""
        self.pause_button.setEnabled(is_enabled and self.stop_button.isEnabled())

    def show_stopping(self) -> None:
        """Show that the run is stopping."""
        self._keep_focus(self.stop_button, self.pause_button)
        self.stop_button.setEnabled(False)
        self.pause_button.setEnabled(False)
        self.stop_button.setText("Stopping…")
        self.progress.show_stopping()

    def offer_skip(self, *, is_offered: bool) -> None:
        """Show Skip in the place of Stop: what was learned is kept already."""
        if self.skip_button.isVisibleTo(self) == is_offered:
            return
        if is_offered:
            had_focus = self.stop_button.hasFocus() or self.progress.hasFocus()
        else:
            had_focus = False
            self._keep_focus(self.skip_button)
        self.skip_button.setEnabled(is_offered)
        self.skip_button.setVisible(is_offered)
        self.stop_button.setVisible(not is_offered)
        if had_focus:
            self.skip_button.setFocus()
        self._arrange()

    def _keep_focus(self, *going: QWidget) -> None:
        """Keep the keyboard with the run while its buttons are disabled, not on the next widget."""
        if any(widget.hasFocus() for widget in going):
            self.progress.setFocus()

    def _on_skip_clicked(self) -> None:
        self._keep_focus(self.skip_button)
        self.skip_button.setEnabled(False)
        self.skip_requested.emit()

    def _set_paused(self, *, is_paused: bool) -> None:
        self._is_paused = is_paused
        self.pause_button.setText("Go on" if is_paused else "Pause")

    def _on_pause_clicked(self) -> None:
        self._set_paused(is_paused=not self._is_paused)
        if self._is_paused:
            self.pause_requested.emit()
        else:
            self.go_on_requested.emit()

    # ── layout ──

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @override
    def minimumSizeHint(self) -> QSize:
        """Return a size as narrow as the buttons."""
        return QSize(self._buttons_px, super().minimumSizeHint().height())

    @property
    def _buttons_px(self) -> int:
        return self._buttons.minimumSize().width() + PANEL_MARGINS_PX[2]

    def _arrange(self) -> None:
        """Put the words beside the buttons if there is room for them, or else above."""
        beside, above = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.BottomToTop
        is_wide = self.width() >= self._buttons_px + WORDS_PX
        self._row.setDirection(beside if is_wide else above)

    def _lay_out(self) -> None:
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        for button in (self.train_button, self.pause_button, self.stop_button, self.skip_button):
            self._buttons.addWidget(button)
        # As high as the words of a long sentence, or the lens would jump with each of them.
        self.estimate.setMinimumHeight(height_of_lines(self.estimate, 2))
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        left, _, right, _ = PANEL_MARGINS_PX
        self._row.setContentsMargins(left, 8, right, 0)
        self._row.setSpacing(8)
        self._row.addLayout(self._buttons)
        self._row.addWidget(self.estimate, 1)
        self._row.addWidget(self.progress, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


def _button(name: str, text: str, clicked: SignalInstance | None = None) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    if clicked is not None:
        button.clicked.connect(clicked)
    return button
