"""A worker's pipes, with another task in place of the training."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from model.protocol import decode_event
from model.run_events import Failed, Finished, Preparing

pytestmark = pytest.mark.process

PROJECT = Path(__file__).resolve().parents[2]
START = """
import os, sys, time
import msgspec
from model.worker import event_writer, worker
from model.run_events import Failed, Finished, Preparing
worker.HEARTBEAT_SECONDS = 0.05
FINISHED = Finished(file="", litert_file="", test_accuracy=None, validation_accuracy=None,
                    epochs=1, was_stopped=False, seconds=1.0)
def task(listener, control):
{body}
sys.exit(worker.run_worker(task))
"""


def told(body: str, *, patience: float = 30.0) -> tuple[list[object], bytes, int]:
    """Run a job's body; return its events, its standard error and its exit code."""
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    with subprocess.Popen(
        [sys.executable, "-c", START.replace("{body}", indented)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout
        assert child.stderr
        # Standard input stays open: its end would mean that the window is gone.
        output, errors = child.stdout.read(), child.stderr.read()
        code = child.wait(patience)
        assert child.stdin
    return [decode_event(line) for line in output.splitlines()], errors, code


def test_a_long_silence_is_filled_with_signs_of_life() -> None:
    events, _, code = told(
        "listener(Preparing(activity='Loading'))\ntime.sleep(1)\nreturn FINISHED"
    )
    assert code == 0
    assert events.count(Preparing(activity="Loading")) >= 3
    assert isinstance(events[-1], Finished)
    assert sum(isinstance(event, Finished) for event in events) == 1


def test_what_hangs_falls_silent() -> None:
    events, _, _ = told(
        "event_writer.MAX_ACTIVITY_SECONDS = 0.2\n"
        "listener(Preparing(activity='Loading'))\ntime.sleep(1.5)\nreturn FINISHED"
    )
    assert 1 <= events.count(Preparing(activity="Loading")) <= 5


def test_what_libraries_print_does_not_reach_the_window() -> None:
    events, errors, _ = told("print('hello')\nos.write(1, b'from C\\n')\nreturn FINISHED")
    assert [type(event) for event in events] == [Finished]
    assert b"hello" in errors
    assert b"from C" in errors


def test_a_bug_is_the_last_event_and_in_the_log() -> None:
    events, errors, code = told("raise RuntimeError('broken')")
    assert code == 1
    (event,) = events
    assert isinstance(event, Failed)
    assert event.kind == "bug"
    assert "broken" in event.detail
    assert b"RuntimeError: broken" in errors


def test_the_system_out_of_room_is_no_bug() -> None:
    events, _, code = told("raise OSError(28, 'No space left on device')")
    assert code == 2
    assert "No space left on device" in events[0].sentence


def test_a_last_word_that_cant_be_written_is_followed_by_why() -> None:
    events, _, code = told("return msgspec.structs.replace(FINISHED, epochs=object())")
    assert code == 1
    assert [type(event) for event in events] == [Failed]


def test_nothing_follows_the_last_event() -> None:
    events, _, _ = told("listener(FINISHED)\nlistener(Preparing(activity='Late'))\nreturn FINISHED")
    assert [type(event) for event in events] == [Finished]


@pytest.fixture
def at_work() -> Iterator[Callable[[str], "subprocess.Popen[bytes]"]]:
    """Starts jobs that have said their first word; none outlives the test."""
    children: list[subprocess.Popen[bytes]] = []

    def start(body: str) -> "subprocess.Popen[bytes]":
        indented = "\n".join(f"    {line}" for line in body.splitlines())
        child = subprocess.Popen(
            [sys.executable, "-c", START.replace("{body}", indented)],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        children.append(child)
        assert child.stdout
        child.stdout.readline()
        return child

    yield start
    for child in children:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            assert pipe
            pipe.close()


def test_a_reader_who_went_away_ends_the_run(
    at_work: Callable[[str], "subprocess.Popen[bytes]"],
) -> None:
    body = "while True:\n    listener(Preparing(activity='Loading'))\n    time.sleep(0.01)"
    child = at_work(body)
    assert child.stdout
    child.stdout.close()
    assert child.wait(30) == 0


def test_a_window_that_died_leaves_no_process_in_a_long_step(
    at_work: Callable[[str], "subprocess.Popen[bytes]"],
) -> None:
    """Both pipes are gone at once, and the run can't look: the last word must not keep it alive."""
    body = "listener(Preparing(activity='Loading'))\ntime.sleep(300)"
    child = at_work(f"worker.HEARTBEAT_SECONDS = 300\n{body}")
    for pipe in (child.stdout, child.stdin):
        assert pipe
        pipe.close()
    assert child.wait(30) == 0
