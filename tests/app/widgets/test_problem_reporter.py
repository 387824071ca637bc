"""Everything that goes wrong ends in one place."""

import sys
import threading

import pytest

from app.widgets.problem_reporter import ProblemReporter
from model.errors import PictureError


class Listener:
    """Keeps what a window would show."""

    def __init__(self) -> None:
        self.said: list[tuple[str, bool]] = []
        self.bugs: list[tuple[str, str]] = []

    def say(self, sentence: str, *, is_problem: bool = False) -> None:
        self.said.append((sentence, is_problem))

    def show_bug(self, sentence: str, details: str) -> None:
        self.bugs.append((sentence, details))


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def reporter(qapp, listener):
    reporter = ProblemReporter()
    reporter.attach(listener)
    yield reporter
    reporter.uninstall()


def broken(number: int) -> None:
    raise KeyError(number)


def caught(number: int) -> BaseException:
    try:
        broken(number)
    except KeyError as error:
        return error
    raise AssertionError


def test_a_mistake_of_the_user_is_a_sentence(reporter, listener):
    reporter.report(PictureError("photo.png is damaged.", detail="chunk 7"))
    assert listener.said == [("photo.png is damaged.", True)]
    assert listener.bugs == []


def test_the_system_s_refusal_is_a_sentence(reporter, listener):
    reporter.report(OSError(28, "No space left on device"))
    assert listener.said == [("The system refused: No space left on device.", True)]


def test_a_bug_is_shown_with_its_details_and_logged_once(reporter, listener, caplog):
    for number in range(3):
        reporter.report(caught(number))
    assert len(listener.bugs) == 1
    sentence, details = listener.bugs[0]
    assert "KeyError" in sentence
    assert "broken(number)" in details
    assert len([record for record in caplog.records if record.name == "digitpad"]) == 1


def test_what_comes_before_the_window_is_kept_for_it(qapp, listener):
    reporter = ProblemReporter()
    reporter.report(PictureError("early.png is damaged."))
    reporter.say("Something went well.")
    reporter.attach(listener)
    assert listener.said == [("early.png is damaged.", True), ("Something went well.", False)]


def test_an_exception_that_nobody_caught_reaches_the_window_later(reporter, listener, qtbot):
    reporter.install()
    problem = caught(1)
    sys.excepthook(type(problem), problem, problem.__traceback__)
    assert listener.bugs == []  # not in the middle of a repaint
    qtbot.waitUntil(lambda: _assert_count(listener.bugs, 1))


def test_an_exception_in_a_thread_reaches_the_window(reporter, listener, qtbot):
    reporter.install()
    thread = threading.Thread(target=broken, args=(3,))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: _assert_count(listener.bugs, 1))


def _assert_count(items: list, count: int) -> None:
    assert len(items) == count


def test_hooks_are_given_back(reporter):
    before = (sys.excepthook, threading.excepthook)
    reporter.install()
    assert sys.excepthook != before[0]
    reporter.uninstall()
    assert (sys.excepthook, threading.excepthook) == before


def test_ctrl_c_is_no_bug(reporter, listener, qapp, capsys):
    reporter.install()
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    qapp.processEvents()
    assert listener.bugs == listener.said == []
    assert "KeyboardInterrupt" in capsys.readouterr().err
