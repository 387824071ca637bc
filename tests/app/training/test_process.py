"""The child as the window sees it, against a child that misbehaves in every way."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.child.process import Timeouts
from app.training.outcome import Ending, RunOutcome
from app.training.process import TrainingProcess
from model.protocol import AnyEvent
from model.run_events import EpochFinished, Failed, Finished, Preparing, Probed, Progress, Started

FAKE_TRAINER = Path(__file__).parents[1] / "fake_trainer.py"
SHORT = Timeouts(idle_ms=300, stop_ms=200, terminate_ms=200, exit_ms=200)

Start = Callable[..., tuple[TrainingProcess, list[AnyEvent], list[RunOutcome]]]


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Start]:
    """Start a child in a mode; offers the process, its events so far and its outcome."""
    started: list[TrainingProcess] = []

    def start_mode(
        mode: str, timeouts: Timeouts | None = None, *, has_epochs: bool = False
    ) -> tuple[TrainingProcess, list[AnyEvent], list[RunOutcome]]:
        process = TrainingProcess(
            [sys.executable, "-I", "-S", str(FAKE_TRAINER), mode],
            has_epochs=has_epochs,
            timeouts=timeouts,
        )
        events: list[AnyEvent] = []
        outcomes: list[RunOutcome] = []
        process.event_received.connect(events.append)
        process.run_ended.connect(outcomes.append)
        started.append(process)
        process.start()
        return process, events, outcomes

    yield start_mode
    for process in started:
        process.end_now()


def wait_for_end(qtbot: QtBot, outcomes: list[RunOutcome]) -> RunOutcome:
    def has_ended() -> None:
        assert outcomes

    qtbot.waitUntil(has_ended, timeout=60_000)
    assert len(outcomes) == 1
    return outcomes[0]


def wait_for_event(qtbot: QtBot, events: list[AnyEvent], kind: type) -> None:
    def has_come() -> None:
        assert kind in map(type, events)

    qtbot.waitUntil(has_come, timeout=60_000)


def test_a_run_says_its_events_in_order_and_finishes(qtbot: QtBot, start: Start) -> None:
    process, events, outcomes = start("trains")
    outcome = wait_for_end(qtbot, outcomes)
    assert outcome.ending is Ending.FINISHED
    assert outcome.end.ignored_lines == 0
    kinds = list(map(type, events))
    assert kinds[:2] == [Preparing, Started]
    assert kinds.count(Progress) == 20
    assert kinds.count(EpochFinished) == 2
    assert kinds[-1] is Finished
    assert not process.is_running


@pytest.mark.parametrize("mode", ["in_pieces", "shouts"])
def test_pieces_and_noise_lose_nothing(qtbot: QtBot, start: Start, mode: str) -> None:
    _, events, outcomes = start(mode)
    outcome = wait_for_end(qtbot, outcomes)
    assert outcome.ending is Ending.FINISHED
    assert list(map(type, events)).count(Progress) == 20
    if mode == "shouts":
        assert outcome.end.error_tail.endswith("the end")
        assert len(outcome.end.error_tail) < 20_000


def test_rubbish_is_ignored_and_counted(qtbot: QtBot, start: Start) -> None:
    _, events, outcomes = start("rubbish")
    outcome = wait_for_end(qtbot, outcomes)
    assert outcome.ending is Ending.FINISHED
    assert outcome.end.ignored_lines == 6
    assert list(map(type, events)).count(Progress) == 20


def test_a_probe_is_answered_with_its_number(qtbot: QtBot, start: Start) -> None:
    process, events, _ = start("listens")
    wait_for_event(qtbot, events, Started)
    ink = np.zeros((28, 28), np.float32)
    ink[:14] = 1
    process.probe(41, ink)
    wait_for_event(qtbot, events, Probed)
    answer = next(event for event in events if isinstance(event, Probed))
    assert answer.number == 41
    assert answer.probabilities[0] == pytest.approx(0.5)


def test_stop_ends_the_run_with_what_it_learnt(qtbot: QtBot, start: Start) -> None:
    process, events, outcomes = start("listens")
    wait_for_event(qtbot, events, Progress)
    process.stop()
    assert process.is_stopping
    outcome = wait_for_end(qtbot, outcomes)
    assert outcome.ending is Ending.STOPPED
    assert outcome.finished is not None
    assert outcome.finished.epochs == 1


def test_a_second_stop_says_nothing_more(qtbot: QtBot, start: Start) -> None:
    process, events, outcomes = start("listens")
    wait_for_event(qtbot, events, Started)
    process.stop()
    process.stop()
    assert wait_for_end(qtbot, outcomes).end.ignored_lines == 0


def test_a_stop_before_the_first_epoch_keeps_nothing(qtbot: QtBot, start: Start) -> None:
    process, _, outcomes = start("stops_with_nothing")
    process.stop()
    outcome = wait_for_end(qtbot, outcomes)
    assert outcome.ending is Ending.STOPPED
    assert outcome.finished is None


@pytest.mark.posix
def test_a_child_that_hears_no_stop_is_ended(qtbot: QtBot, start: Start) -> None:
    process, events, outcomes = start("hangs_on", Timeouts(stop_ms=50, terminate_ms=50))
    wait_for_event(qtbot, events, Started)
    process.stop()
    outcome = wait_for_end(qtbot, outcomes)
    assert outcome.ending is Ending.STOPPED
    assert outcome.end.signal_number == signal.SIGKILL


def test_a_resumed_run_that_dies_stopping_had_something_to_keep(qtbot: QtBot, start: Start) -> None:
    timeouts = Timeouts(stop_ms=50, terminate_ms=50)
    process, events, outcomes = start("hangs_on", timeouts, has_epochs=True)
    wait_for_event(qtbot, events, Started)
    process.stop()
    assert wait_for_end(qtbot, outcomes).ending is Ending.UNKEPT


def test_a_silent_child_is_ended_and_said_so(qtbot: QtBot, start: Start) -> None:
    _, _, outcomes = start("hangs", SHORT)
    outcome = wait_for_end(qtbot, outcomes)
    assert outcome.ending is Ending.SILENT
    assert outcome.end.idle_ms == 300


def test_keras_may_take_its_time_to_start(qtbot: QtBot, start: Start) -> None:
    timeouts = Timeouts(idle_ms=20_000, starting_ms=50, terminate_ms=50)
    _, events, outcomes = start("starts_slowly", timeouts)
    outcome = wait_for_end(qtbot, outcomes)
    assert list(map(type, events)) == [Preparing]
    assert outcome.ending is Ending.SILENT
    assert outcome.end.idle_ms == 50


@pytest.mark.posix
def test_a_child_that_finishes_but_stays_is_ended(qtbot: QtBot, start: Start) -> None:
    _, _, outcomes = start("finishes_but_stays", Timeouts(exit_ms=50))
    outcome = wait_for_end(qtbot, outcomes)
    assert outcome.ending is Ending.FINISHED
    assert outcome.end.signal_number == signal.SIGKILL


@pytest.mark.parametrize("channel", ["Output", "Error"])
def test_what_is_read_only_when_the_child_is_gone_counts(
    qtbot: QtBot, start: Start, channel: str
) -> None:
    process, _, outcomes = start("shouts")
    getattr(process._process, f"readyReadStandard{channel}").disconnect()
    outcome = wait_for_end(qtbot, outcomes)
    assert outcome.ending is Ending.FINISHED
    assert outcome.end.error_tail.endswith("the end")


def test_each_wait_is_as_long_as_it_is_said(qtbot: QtBot, start: Start) -> None:
    """A limit that is not the one that applies would end the child, or never end it."""
    never = 10_000_000
    stop = Timeouts(idle_ms=never, stop_ms=50, terminate_ms=50, exit_ms=never)
    process, events, outcomes = start("hangs_on", stop)
    wait_for_event(qtbot, events, Started)
    process.stop()
    assert wait_for_end(qtbot, outcomes).ending is Ending.STOPPED
    stays = Timeouts(idle_ms=never, stop_ms=never, terminate_ms=never, exit_ms=50)
    _, _, outcomes = start("finishes_but_stays", stays)
    assert wait_for_end(qtbot, outcomes).ending is Ending.FINISHED


def test_a_child_that_is_asked_to_stop_has_its_time(qtbot: QtBot, start: Start) -> None:
    short = Timeouts(idle_ms=1, stop_ms=10_000_000, terminate_ms=1, exit_ms=10_000_000)
    process, _, outcomes = start("stops_with_nothing", short)
    qtbot.waitUntil(lambda: process.is_running, timeout=60_000)
    process.stop()
    assert wait_for_end(qtbot, outcomes).end.signal_number == 0


def test_a_failure_comes_in_the_childs_words(qtbot: QtBot, start: Start) -> None:
    _, events, outcomes = start("fails")
    outcome = wait_for_end(qtbot, outcomes)
    assert outcome.ending is Ending.FAILED
    assert outcome.sentence() == "MNIST is not here."
    assert isinstance(events[-1], Failed)


@pytest.mark.parametrize(
    ("mode", "ending", "printed"),
    [
        ("raises", Ending.CRASHED, "ValueError: surprise"),
        ("crashes", Ending.CRASHED, "about to crash"),
        ("runs_out_of_memory", Ending.OUT_OF_MEMORY, "MemoryError"),
        ("dies_after_finishing", Ending.FINISHED, ""),
    ],
)
def test_deaths_are_told_apart(
    qtbot: QtBot, start: Start, mode: str, ending: Ending, printed: str
) -> None:
    _, _, outcomes = start(mode)
    outcome = wait_for_end(qtbot, outcomes)
    assert outcome.ending is ending
    assert printed in outcome.end.error_tail


@pytest.mark.posix
def test_a_killed_child_is_reported(qtbot: QtBot, start: Start) -> None:
    process, events, outcomes = start("listens")
    wait_for_event(qtbot, events, Started)
    with qtbot.waitSignal(process.run_ended, timeout=60_000):
        os.kill(process.process_id, signal.SIGKILL)
    assert outcomes[0].ending is Ending.KILLED


def test_end_now_leaves_no_process(qtbot: QtBot, start: Start) -> None:
    process, events, outcomes = start("hangs_on")
    wait_for_event(qtbot, events, Started)
    pid = process.process_id
    process.end_now()
    assert not process.is_running
    assert outcomes[0].ending is Ending.STOPPED
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_program_that_is_not_there_is_an_outcome_too(qtbot: QtBot) -> None:
    process = TrainingProcess(["/nowhere/python"])
    outcomes: list[RunOutcome] = []
    process.run_ended.connect(outcomes.append)
    process.start()
    outcome = wait_for_end(qtbot, outcomes)
    assert outcome.ending is Ending.NOT_STARTED
    assert outcome.end.error_tail
