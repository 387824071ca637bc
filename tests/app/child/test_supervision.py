"""What the supervisor does about each word of a child: its waits, its requests, its end."""

import json
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess, QTimer
from pytestqt.qtbot import QtBot

from app.child import process as supervision
from app.child.process import ChildEnd, ChildProcess, Countdown, EndedBy, LineFramer, Timeouts
from model.protocol import Stop, decode_event, encode_line
from model.run_events import STARTING, Event, Failed, Finished, Preparing, Progress

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")

PUPPET = """
import sys
for line in sys.stdin:
    if line.startswith("print "):
        sys.stdout.write(line[6:])
        sys.stdout.flush()
"""
"""Repeats what it is told to print, and ends with its standard input."""

DEAF_PUPPET = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + PUPPET

PROGRESS = Progress(
    epoch=1, batch=1, loss=1.0, accuracy=0.5, images_per_second=9.0, seconds_left=1.0
)
FINISHED = Finished(
    file="/a.keras", litert_file="/a.tflite", test_accuracy=0.9, validation_accuracy=0.9,
    epochs=1, was_stopped=False, seconds=1.0, measured_on="Bars", previous_accuracy=0.9,
)  # fmt: skip
FAILED = Failed(kind="DatasetError", sentence="No.", detail="")
TIMES = Timeouts(idle_ms=11, starting_ms=22, stop_ms=33, terminate_ms=44, exit_ms=55)


def prints(event: Event) -> str:
    """Return the Python statement that prints an event."""
    return f"print({encode_line(event).decode().strip()!r}, flush=True)"


class KeptCountdown:
    """Counts nothing down, but keeps what it was asked to."""

    def __init__(self, parent: object) -> None:
        self.limits: list[int] = []
        self.then: Callable[[], object] | None = None

    def start(self, limit_ms: int, then: Callable[[], object]) -> None:
        self.limits.append(limit_ms)
        self.then = then

    def stop(self) -> None:
        self.then = None


class Watched:
    """A supervised child with its events, its ends, its requests and its countdown."""

    def __init__(self, qtbot: QtBot, script: str = PUPPET, **options: object) -> None:
        self.process = ChildProcess(
            [sys.executable, "-I", "-S", "-c", script],
            decode=decode_event,
            timeouts=TIMES,
            **options,  # type: ignore[arg-type]
        )
        self.countdown: KeptCountdown = self.process._countdown  # type: ignore[assignment]
        self.events: list[Event] = []
        self.ends: list[ChildEnd] = []
        self.requests: list[str] = []
        self.process.event_received.connect(self.events.append)
        self.process.ended.connect(self.ends.append)
        self._heard = 0
        self._qtbot, self._pipe = qtbot, self.process._process
        self._write = self._pipe.write
        self._pipe.write = self._keep  # type: ignore[method-assign,assignment]

    def _keep(self, line: bytes) -> int:
        self.requests.append(json.loads(line)["request"])
        return self._write(line)

    def start(self) -> None:
        self.process.start()
        assert self._pipe.waitForStarted(60_000)

    def hears(self, event: Event) -> None:
        """Wait until the child's next event has come, and check that it is this one."""
        self._heard += 1
        self._qtbot.waitUntil(lambda: len(self.events) >= self._heard, timeout=60_000)
        assert self.events[self._heard - 1 :] == [event]

    def says(self, event: Event) -> None:
        """Let the puppet say something, and wait until it is heard."""
        self._write(b"print " + encode_line(event))
        self.hears(event)

    def end(self) -> ChildEnd:
        """Wait for the end, and return it."""
        self._qtbot.waitUntil(lambda: len(self.ends) > 0, timeout=60_000)
        assert len(self.ends) == 1
        assert self.countdown.then is None
        return self.ends[0]


@pytest.fixture
def watched(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Watched]]:
    monkeypatch.setattr(supervision, "Countdown", KeptCountdown)
    made: list[Watched] = []

    def make(script: str = PUPPET, **options: object) -> Watched:
        made.append(Watched(qtbot, script, **options))
        return made[-1]

    yield make
    for each in made:
        each.process._process.kill()
        each.process._process.waitForFinished(60_000)


def test_each_word_has_its_wait(watched: Callable[..., Watched]) -> None:
    child = watched()
    child.start()
    assert child.countdown.limits == [TIMES.idle_ms]
    waits = [
        (Preparing(activity=STARTING), TIMES.starting_ms),
        (Preparing(activity="Converting"), TIMES.idle_ms),
        (Preparing(activity="Reading MNIST"), TIMES.idle_ms),
        (PROGRESS, TIMES.idle_ms),
        (FINISHED, TIMES.exit_ms),
    ]
    for event, limit in waits:
        child.countdown.limits.clear()
        child.says(event)
        assert child.countdown.limits == [limit]
    end = child.end()  # its standard input is closed
    assert (end.result, end.ended_by) == (FINISHED, EndedBy.ITSELF)
    assert (end.exit_code, end.signal_number, end.idle_ms) == (0, 0, TIMES.idle_ms)
    assert (end.was_started, end.error_tail, end.ignored_lines) == (True, "", 0)


def test_after_a_request_to_stop_only_preparing_counts(watched: Callable[..., Watched]) -> None:
    child = watched()
    child.start()
    child.process.stop()
    assert child.countdown.limits == [TIMES.idle_ms, TIMES.stop_ms]
    child.countdown.limits.clear()
    child.says(PROGRESS)
    assert child.countdown.limits == []
    child.says(Preparing(activity=STARTING))
    assert child.countdown.limits == [TIMES.stop_ms]
    child.says(FINISHED)
    assert child.end().ended_by is EndedBy.STOP
    assert child.requests == ["stop"]


def test_only_a_running_child_is_asked_to_stop_and_only_once(
    watched: Callable[..., Watched],
) -> None:
    child = watched()
    child.process.stop()
    assert not child.process.is_stopping
    child.start()
    child.process.stop()
    child.process.stop()
    assert child.process.is_stopping
    assert child.requests == ["stop"]
    assert child.countdown.limits == [TIMES.idle_ms, TIMES.stop_ms]


@posix
def test_a_child_with_a_result_or_none_at_all_is_asked_nothing(
    watched: Callable[..., Watched],
) -> None:
    child = watched(f"{prints(FINISHED)}; import signal; signal.pause()")
    child.process.send(Stop())  # it does not run yet
    child.start()
    child.hears(FINISHED)
    child.process.send(Stop())
    child.process.stop()
    assert child.process.is_stopping
    assert child.requests == []
    assert child.countdown.limits == [TIMES.idle_ms, TIMES.exit_ms]
    assert child.countdown.then is not None
    child.countdown.then()
    assert (child.end().ended_by, child.end().signal_number) == (EndedBy.STOP, signal.SIGKILL)


@posix
def test_a_child_that_says_nothing_is_asked_to_terminate_and_then_killed(
    watched: Callable[..., Watched],
) -> None:
    child = watched(DEAF_PUPPET)
    child.start()
    child.says(Preparing(activity=STARTING))
    assert child.countdown.then is not None
    child.countdown.then()
    assert child.countdown.limits[-1] == TIMES.terminate_ms
    child.says(PROGRESS)  # it is alive yet
    child.process._terminate()
    assert child.countdown.then is not None
    child.countdown.then()
    end = child.end()
    assert (end.ended_by, end.signal_number, end.exit_code) == (
        EndedBy.IDLE_TIMEOUT,
        signal.SIGKILL,
        0,
    )
    assert end.result is None


@posix
def test_the_signal_is_the_one_that_a_polite_end_sends(watched: Callable[..., Watched]) -> None:
    child = watched()
    child.start()
    child.says(PROGRESS)
    assert child.countdown.then is not None
    child.countdown.then()
    assert (child.end().signal_number, child.end().exit_code) == (signal.SIGTERM, 0)


@posix
def test_who_ended_a_child_first_stays_so(
    watched: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "END_NOW_MS", 100)
    child = watched(DEAF_PUPPET)
    child.start()
    child.says(PROGRESS)
    assert child.countdown.then is not None
    child.countdown.then()
    child.process.end_now()
    assert child.end().ended_by is EndedBy.IDLE_TIMEOUT
    other = watched(DEAF_PUPPET)
    other.start()
    other.says(PROGRESS)
    other.process.end_now()
    assert other.end().ended_by is EndedBy.STOP


@posix
@pytest.mark.parametrize(("event", "counts"), [(FINISHED, True), (FAILED, False)])
def test_what_a_child_says_to_the_end_of_the_window(
    watched: Callable[..., Watched], event: Event, *, counts: bool
) -> None:
    """That it finished is worth knowing; that it was asked to end is known."""
    child = watched(
        "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"{prints(PROGRESS)}; sys.stdin.readline(); {prints(event)}"
    )
    child.start()
    child.hears(PROGRESS)
    child.process.end_now()
    assert child.end().result == (event if counts else None)
    assert child.events[1:] == [event] * counts
    assert child.requests == ["stop"]


def test_nothing_counts_after_the_result(watched: Callable[..., Watched]) -> None:
    said = "; ".join(map(prints, (PROGRESS, FAILED, FINISHED, PROGRESS)))
    child = watched(f"{said}; print(); print('no event'); print('{{neither'); raise SystemExit(7)")
    child.start()
    end = child.end()
    assert child.events == [PROGRESS, FAILED]
    assert (end.result, end.exit_code, end.signal_number) == (FAILED, 7, 0)
    assert end.ignored_lines == 3


def test_the_last_of_what_a_child_prints_on_its_standard_error_is_kept(
    watched: Callable[..., Watched],
) -> None:
    child = watched("import sys; sys.stderr.write('<' + 'x' * 16383 + 'é!')")
    child.start()
    end = child.end()
    assert end.error_tail == "x" * (16_384 - 3) + "é!"


def test_a_program_that_is_not_there_ends_without_having_started(qtbot: QtBot) -> None:
    process = ChildProcess(["/nowhere/python"], decode=decode_event)
    ends: list[ChildEnd] = []
    process.ended.connect(ends.append)
    process.start()
    qtbot.waitUntil(lambda: len(ends) > 0, timeout=60_000)
    [end] = ends
    assert end == ChildEnd(
        result=None,
        ended_by=EndedBy.ITSELF,
        was_started=False,
        exit_code=0,
        signal_number=0,
        idle_ms=0,
        error_tail=end.error_tail,
        ignored_lines=0,
    )
    assert end.error_tail
    assert not process.is_running
    assert process.process_id == 0


def test_the_end_is_told_once_whatever_qt_says(watched: Callable[..., Watched]) -> None:
    child = watched("")
    child.start()
    child.end()
    child.process._process.finished.emit(1, QProcess.ExitStatus.NormalExit)
    child.process._process.errorOccurred.emit(QProcess.ProcessError.FailedToStart)
    assert len(child.ends) == 1


def test_a_child_starts_in_the_packages_folder_with_the_variables_it_is_given(
    watched: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import os, sys\n"
        "for each in os.getcwd(), os.environ.get('ONE', 'none'), os.environ['PYTHONUTF8']:\n"
        "    print(each, file=sys.stderr)"
    )
    monkeypatch.setenv("ONE", "the window's")
    for environment, one in ((None, "the window's"), ({"ONE": "its own"}, "its own"), ({}, "none")):
        child = watched(script, environment=environment)
        child.start()
        folder, *values = child.end().error_tail.splitlines()
        assert values == [one, "1"]
        assert Path(folder).samefile(Path(__file__).parents[3])


def test_the_values_that_travel_have_named_fields_and_stay_as_they_are() -> None:
    for kind in (Timeouts, ChildEnd):
        with pytest.raises(TypeError):
            kind(1)  # type: ignore[misc]
        value = kind()
        assert value == kind()
        with pytest.raises(AttributeError):
            value.idle_ms = 1  # type: ignore[misc]


def test_the_times_that_users_wait() -> None:
    """A minute of silence counts as hanging; a stop has 20 s; a closing window waits 2 s twice."""
    assert supervision.END_NOW_MS == 2_000
    assert Timeouts() == Timeouts(
        idle_ms=60_000, starting_ms=120_000, stop_ms=20_000, terminate_ms=2_000, exit_ms=1_500
    )


@pytest.mark.parametrize(("limit_ms", "tick_ms"), [(1_000, 50), (39, 1), (5, 1), (0, 1)])
def test_a_countdown_takes_twenty_ticks(qtbot: QtBot, limit_ms: int, tick_ms: int) -> None:
    countdown, calls = Countdown(), []
    timer = countdown.findChild(QTimer)
    countdown.start(limit_ms, lambda: calls.append("expired"))
    assert timer.interval() == tick_ms
    for _ in range(19):
        timer.timeout.emit()
    assert not calls
    for _ in range(5):  # ticks that were on their way
        timer.timeout.emit()
    assert calls == ["expired"]


def test_a_countdown_that_is_stopped_does_not_expire(qtbot: QtBot) -> None:
    countdown = Countdown()
    timer = countdown.findChild(QTimer)
    timer.timeout.emit()  # before any start
    countdown.start(1_000, lambda: pytest.fail("expired"))
    countdown.stop()
    assert not timer.isActive()


def test_each_over_long_line_is_counted() -> None:
    framer = LineFramer(max_line_bytes=2)
    assert framer.dropped == 0
    assert framer.feed(b"123\n456\n78\n9012") == [b"78"]
    assert framer.dropped == 3
    assert framer.feed(b"3\n\n") == [b""]
    assert framer.dropped == 3
    assert LineFramer().feed(b"x" * (1 << 20) + b"\n" + b"y" * ((1 << 20) + 1) + b"\n") == [
        b"x" * (1 << 20)
    ]
