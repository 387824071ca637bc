"""The only place that shows an error: sentences in the status line, bugs in a dialog."""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Protocol

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)

from model.errors import DigitpadError

logger = logging.getLogger("digitpad")


class ShowsProblems(Protocol):
    """What the reporter needs of a window."""

    def say(self, sentence: str, *, is_problem: bool = False) -> None:
        """Show a sentence in the status line."""
        ...

    def show_bug(self, sentence: str, details: str) -> None:
        """Show a dialog from which the details can be copied."""
        ...


class ProblemReporter(QObject):
    """Turns every error, from anywhere, into something a person can read.

    Errors that come before the window are kept, and shown when it is there.

    Signals:
        problem_caught: An exception from any thread; the window's thread reports it.
    """

    problem_caught = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window: ShowsProblems | None = None
        self._kept: list[Callable[[ShowsProblems], None]] = []
        self._known_bugs: set[tuple[str, str]] = set()
        self._restore: Callable[[], None] | None = None
        self.problem_caught.connect(self.report, Qt.ConnectionType.QueuedConnection)

    def attach(self, window: ShowsProblems) -> None:
        """Show problems in this window from now on, and those that were kept."""
        self._window = window
        kept, self._kept = self._kept, []
        for show in kept:
            show(window)

    def say(self, sentence: str) -> None:
        """Say that something succeeded."""
        self._show(lambda window: window.say(sentence))

    def report(self, problem: BaseException) -> None:
        """Show an error: a sentence for what the user can mend, a dialog for a bug."""
        if isinstance(problem, DigitpadError):
            if problem.detail:
                logger.info("%s (%s)", problem.sentence, problem.detail)
            self._show(lambda window: window.say(problem.sentence, is_problem=True))
        elif isinstance(problem, OSError):
            sentence = f"The system refused: {problem.strerror or problem}."
            logger.info("%s", problem)
            self._show(lambda window: window.say(sentence, is_problem=True))
        else:
            self._report_bug(problem)

    def _report_bug(self, problem: BaseException) -> None:
        details = "".join(traceback.format_exception(problem))
        frames = traceback.extract_tb(problem.__traceback__)
        place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        bug = (type(problem).__name__, place)
        if bug in self._known_bugs:
            return  # once is enough: a bug in a repaint would be shown sixty times a second
        self._known_bugs.add(bug)
        logger.error("%s", details)
        sentence = f"Something went wrong inside Digitpad ({type(problem).__name__})."
        self._show(lambda window: window.show_bug(sentence, details))

    def _show(self, show: Callable[[ShowsProblems], None]) -> None:
        if self._window is None:
            self._kept.append(show)
        else:
            show(self._window)

    def install(self) -> None:
        """Take over Python's and Qt's hooks, until `uninstall`."""
        before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        qt_before = qInstallMessageHandler(_on_qt_message)

        def restore() -> None:
            sys.excepthook, threading.excepthook = before
            qInstallMessageHandler(qt_before)

        self._restore = restore

    def uninstall(self) -> None:
        """Restore the hooks."""
        if self._restore is not None:
            self._restore()
            self._restore = None

    def _on_exception(
        self, kind: type[BaseException], problem: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, (KeyboardInterrupt, SystemExit)):
            sys.__excepthook__(kind, problem, trace)
            return
        # Queued, so that no dialog opens in the middle of a repaint.
        self.problem_caught.emit(problem.with_traceback(trace))

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None and arguments.exc_type is not SystemExit:
            self.problem_caught.emit(arguments.exc_value)


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Log a message of Qt's; none of them is for the user."""
    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
    }
    logger.log(levels.get(kind, logging.ERROR), "Qt: %s (%s)", message, context.category)
