"""The real child process: trains, stops, dies, and always says how it ended."""

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from model.model_files.model_file import converted_model_of, file_sha256, read_metadata
from model.protocol import AnyEvent, Probe, Stop, decode_event, encode_line
from model.recognizer import Recognizer
from model.run_events import EpochFinished, Event, Failed, Finished, Preparing, Probed, Started

pytestmark = pytest.mark.process

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 200.0
"""Seconds that a busy machine may need for anything at all."""

_Kind = TypeVar("_Kind", bound=Event)


class Child:
    """A training process, its events, and its standard error."""

    def __init__(self, folder: Path, *arguments: object, limit: Callable[[], None] | None = None):
        self.errors = folder / "stderr.txt"
        self.events: list[AnyEvent] = []
        self.strays: list[bytes] = []
        self._queue: queue.Queue[AnyEvent | None] = queue.Queue()
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "model", "train", "--json", *map(str, arguments)],
                cwd=PROJECT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                preexec_fn=limit,
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            event = decode_event(line)
            if event is None:
                self.strays.append(line)
            else:
                self._queue.put(event)
        self._queue.put(None)

    def wait_for(self, kind: type[_Kind]) -> _Kind:
        """Return the next event of a kind."""
        deadline = time.monotonic() + PATIENCE
        while item := self._queue.get(timeout=deadline - time.monotonic()):
            self.events.append(item)
            if isinstance(item, kind):
                return item
        raise AssertionError(f"no {kind.__name__}; stderr: {self.errors.read_text()}")

    def wait_for_end(self) -> int:
        """Return the exit code; every event has been read then."""
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        while item := self._queue.get():
            self.events.append(item)
        return code

    def say(self, line: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def hang_up(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()

    @property
    def terminal_events(self) -> list[Finished | Failed]:
        return [event for event in self.events if isinstance(event, Finished | Failed)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Ten classes that are easy to tell apart: a bar whose place is the class."""
    random = np.random.default_rng(1)

    def part(images: int) -> tuple[np.ndarray, np.ndarray]:
        labels = np.arange(images) % 10
        pixels = random.integers(0, 60, (images, 28, 28), np.uint8)
        for image, label in zip(pixels, labels, strict=True):
            image[4:24, 3 + 2 * label : 6 + 2 * label] = 255
        return pixels, labels

    x_train, y_train = part(400)
    x_test, y_test = part(50)
    path = tmp_path / "bars.npz"
    np.savez(path, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    return path


@pytest.fixture
def start(tmp_path: Path, data: Path) -> Iterator[Callable[..., Child]]:
    """Starts children that never outlive the test."""
    children: list[Child] = []

    def start_child(*arguments: object, limit: Callable[[], None] | None = None) -> Child:
        defaults = ("--recipe=dense128", f"--dataset={data}", f"--out={tmp_path / 'new.keras'}")
        children.append(Child(tmp_path, *defaults, "--device=cpu", *arguments, limit=limit))
        return children[-1]

    yield start_child
    for child in children:
        child.close()


def test_trains_and_answers_through_rubbish(start: Callable[..., Child], tmp_path: Path) -> None:
    child = start("--epochs=3", "--validation-split=0.2")
    child.say(b"rubbish\n\xff\xfe{}\n" + b"[" * 5000 + b"\n")
    started = child.wait_for(Started)
    child.say(encode_line(Probe(number=7, ink=(0,) * 784, with_layers=True)))
    answer = child.wait_for(Probed)
    finished = child.wait_for(Finished)
    assert child.wait_for_end() == 0

    assert (started.training_images, started.validation_images) == (320, 80)
    assert started.parameters == 101_770
    assert answer.number == 7
    assert [each.full_shape for each in answer.layers] == [(128,), (10,)]
    assert sum(answer.probabilities) == pytest.approx(1, abs=1e-4)
    assert finished.test_accuracy is not None
    assert finished.test_accuracy > 0.5
    assert finished.epochs == 3
    assert not finished.was_stopped
    assert len(child.terminal_events) == 1
    assert not child.strays
    assert [e.figures.epoch for e in child.events if isinstance(e, EpochFinished)] == [1, 2, 3]
    _check_model(tmp_path / "new.keras", finished)


def _check_model(file: Path, finished: Finished) -> None:
    metadata = read_metadata(file)
    assert metadata.dataset == "bars.npz"
    assert metadata.network_map is not None
    assert metadata.network_map.layers[-1].name == "probabilities"
    assert len(metadata.history) == finished.epochs
    assert metadata.test_accuracy == finished.test_accuracy
    copy = converted_model_of(file_sha256(file))
    assert str(copy) == finished.litert_file
    assert copy is not None
    assert Recognizer.from_files(copy).metadata == metadata
    assert [path.name for path in file.parent.glob("*new*")] == ["new.keras"]


def test_stop_keeps_the_best_epoch_at_once(start: Callable[..., Child], tmp_path: Path) -> None:
    child = start("--epochs=1000", "--batch-size=4")
    child.wait_for(EpochFinished)
    child.say(encode_line(Stop()))
    finished = child.wait_for(Finished)
    assert child.wait_for_end() == 0
    assert finished.was_stopped
    assert 1 <= finished.epochs < 1000
    assert (tmp_path / "new.keras").exists()


def test_a_stop_before_there_is_anything_to_keep(
    start: Callable[..., Child], tmp_path: Path
) -> None:
    child = start()
    child.wait_for(Preparing)
    child.say(encode_line(Stop()))
    failed = child.wait_for(Failed)
    assert child.wait_for_end() == 2
    assert failed.kind == "StoppedError"
    assert len(child.terminal_events) == 1
    assert not (tmp_path / "new.keras").exists()


def test_the_window_gone_ends_the_run(start: Callable[..., Child], tmp_path: Path) -> None:
    child = start("--epochs=1000", "--batch-size=4")
    child.wait_for(EpochFinished)
    child.hang_up()
    child.wait_for_end()
    assert [event.kind for event in child.terminal_events] == ["StoppedError"]
    assert not (tmp_path / "new.keras").exists()


def test_a_killed_run_goes_on_where_its_last_epoch_ended(
    start: Callable[..., Child], tmp_path: Path
) -> None:
    settings = ("--epochs=40", "--batch-size=8", "--optimizer=adamw", "--schedule=one-cycle")
    child = start(*settings)
    for _ in range(3):
        child.wait_for(EpochFinished)
    child.process.kill()
    assert child.wait_for_end() < 0
    assert not child.terminal_events
    assert not (tmp_path / "new.keras").exists()

    other = start("--epochs=2", "--resume")
    assert "other settings" in other.wait_for(Failed).sentence

    again = start(*settings, "--resume")
    assert again.wait_for(EpochFinished).figures.epoch >= 3
    assert again.wait_for(Finished).epochs == 40
    assert [row.epoch for row in read_metadata(tmp_path / "new.keras").history] == [*range(1, 41)]


def test_a_diverging_run_says_so(start: Callable[..., Child], tmp_path: Path) -> None:
    (tmp_path / "new.keras").write_bytes(b"the model before")
    child = start("--recipe=conv5x5", "--learning-rate=10", "--batch-size=4")
    failed = child.wait_for(Failed)
    assert child.wait_for_end() == 2
    assert "Lower the learning rate" in failed.sentence
    assert (tmp_path / "new.keras").read_bytes() == b"the model before"


def test_a_full_disk_leaves_the_model_before(start: Callable[..., Child], tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    (tmp_path / "new.keras").write_bytes(b"the model before")

    def no_large_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    child = start("--epochs=2", limit=no_large_files)
    failed = child.wait_for(Failed)
    assert "can't be written" in failed.sentence, failed.detail
    assert child.wait_for_end() == 2
    assert (tmp_path / "new.keras").read_bytes() == b"the model before"
    assert [path.name for path in tmp_path.glob("*new*")] == ["new.keras"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--epochs=0"], "The epochs must be from 1 to 1000, not 0."),
        (["--learning-rate=nan"], "The learning rate must be in (0, 10], not nan."),
        (["--recipe=none"], "There is no recipe 'none'"),
        (["--out=/proc/new.keras"], "The model can't be written to /proc/new.keras"),
        (["--out=new.h5"], "The model file must end in .keras"),
    ],
)
def test_mistakes_are_told_before_anything_is_loaded(
    start: Callable[..., Child], arguments: list[str], sentence: str
) -> None:
    child = start(*arguments)
    failed = child.wait_for(Failed)
    assert child.wait_for_end() == 2
    assert failed.sentence.startswith(sentence)
    assert len(child.terminal_events) == 1


def test_the_child_gives_way_to_the_window(start: Callable[..., Child]) -> None:
    child = start()
    child.wait_for(Preparing)
    assert os.getpriority(os.PRIO_PROCESS, child.process.pid) > os.getpriority(os.PRIO_PROCESS, 0)
