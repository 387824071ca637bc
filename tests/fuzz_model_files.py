"""Damages model files and opens each the way a person would; prints what came of them.

    python tests/fuzz_model_files.py --files 2000 --seconds 3600

A worker opens them one after the other, so that TensorFlow is loaded only once; it is replaced
when it dies, hangs, or has opened many. Each file in a hundred goes the whole way of a single
file, through `model.model_files.opening.import_model` and a child of its own. What was opened is
loaded here as the window would. Ends with 1 where a payload ran, something hung, a refusal had no
reason, or the model in use changed.
"""

import argparse
import collections
import hashlib
import json
import os
import queue
import random
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from model.data.sample_digits import sample_digits  # noqa: E402
from model.errors import ModelFileError  # noqa: E402
from model.model_files.model_file import converted_model_of  # noqa: E402
from model.model_files.opening import UnknownPixelsError, import_model  # noqa: E402  # the path comes first
from model.pixel_ranges import PIXELS  # noqa: E402
from model.recognizer import BUNDLED_MODEL, Recognizer  # noqa: E402
from tests.file_mutations import mutated  # noqa: E402
from tests.hostile_models import MARKER_NAME, hostile_files, inert_files  # noqa: E402
from tests.made_models import archive, old_file  # noqa: E402

LIMIT_SECONDS = 30.0
STARTING_SECONDS = 120.0
OPENED_BY_ONE_WORKER = 150
WHOLE_WAY_EVERY = 100

Outcome = dict[str, Any]


def main(arguments: list[str]) -> int:
    """Fuzz for a while; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=2000, help="at most so many mutations")
    parser.add_argument("--seconds", type=float, default=60.0, help="at most so long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--patience", type=float, default=LIMIT_SECONDS, help="seconds until a step has hung"
    )
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep files that went wrong")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.worker:
        return work()
    with tempfile.TemporaryDirectory(prefix="digitpad-fuzz-") as folder:
        os.environ.update(DIGITPAD_CACHE=str(Path(folder) / "cache"), CUDA_VISIBLE_DEVICES="-1")
        os.chdir(folder)  # payloads would leave their marker here
        fuzz = Fuzz(Path(folder), options.keep, options.patience)
        try:
            fuzz.run(options.files, options.seconds, options.seed)
        finally:
            fuzz.close()
        return fuzz.report()


class Fuzz:
    """One fuzzing run.

    Attributes:
        counts: How many files came to which end.
        reasons: How many were refused for which reason.
        faults: What must not happen, and did.
    """

    def __init__(self, folder: Path, keep: Path | None, patience: float) -> None:
        self.counts: collections.Counter[str] = collections.Counter()
        self.reasons: collections.Counter[str] = collections.Counter()
        self.faults: list[str] = []
        self._folder = folder
        self._keep = keep
        self._patience = patience
        self._worker: Worker | None = None
        self._slowest = 0.0
        self._digit = sample_digits(10).inks[0]
        self._bundled = hashlib.sha256(BUNDLED_MODEL.read_bytes()).hexdigest()
        self._answer = Recognizer.bundled().recognize(self._digit).probabilities.tobytes()

    def run(self, files: int, seconds: float, seed: int) -> None:
        """Open the corpus, then mutations until there are enough or the time is over."""
        marker = self._folder / MARKER_NAME
        for file in [*hostile_files(marker), *inert_files(marker)]:
            self._open(file.data, Path(file.name).suffix, "corpus")
        chance = random.Random(seed)
        seeds = _seeds()
        end = time.monotonic() + seconds
        for number in range(files):
            if time.monotonic() > end:
                break
            data, suffix = chance.choice(seeds)
            if number % 250 == 249:
                print(f"{number + 1} files, {len(self.faults)} faults", file=sys.stderr)
            whole_way = number % WHOLE_WAY_EVERY == WHOLE_WAY_EVERY // 2
            self._open(mutated(data, chance), suffix, "alone" if whole_way else "mutation")

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.end()

    def report(self) -> int:
        """Print the counts; return the exit code."""
        unchanged = hashlib.sha256(BUNDLED_MODEL.read_bytes()).hexdigest() == self._bundled
        answer = Recognizer.bundled().recognize(self._digit).probabilities.tobytes()
        if not unchanged or answer != self._answer:
            self.faults.append("the model in use changed")
        cache = self._folder / "cache"
        self.faults += [f"left behind: {path.name}" for path in cache.rglob(".*") if path.is_file()]
        for name, count in sorted(self.counts.items()):
            print(f"{count:6} {name}")
        print(f"{self._slowest:6.1f} seconds for the slowest")
        for reason, count in self.reasons.most_common(12):
            print(f"{count:6} refused: {reason}")
        print(f"{len(self.faults):6} faults")
        for fault in self.faults[:20]:
            print(f"FAULT {fault}")
        return 1 if self.faults else 0

    def _open(self, data: bytes, suffix: str, source: str) -> None:
        path = self._folder / f"model{suffix}"
        path.write_bytes(data)
        began = time.monotonic()
        outcome = opened_alone(path) if source == "alone" else self._opened_by_worker(path)
        took = time.monotonic() - began
        before = len(self.faults)
        self._judge(data, outcome)
        if not outcome.get("has_started"):
            self._slowest = max(self._slowest, took)
        self.counts[f"{source}: {outcome['end']}"] += 1
        if self._keep and len(self.faults) > before:
            self._keep.mkdir(parents=True, exist_ok=True)
            (self._keep / f"{hashlib.sha256(data).hexdigest()[:12]}{suffix}").write_bytes(data)

    def _opened_by_worker(self, path: Path) -> Outcome:
        if self._worker is None:
            self._worker = Worker(self._folder, self._patience)
        outcome = self._worker.open(path)
        if self._worker.is_done:
            self._worker.end()
            self._worker = None
        return outcome

    def _judge(self, data: bytes, outcome: Outcome) -> None:
        end, sentence = outcome["end"], outcome.get("sentence", "")
        if (self._folder / MARKER_NAME).exists():
            self.faults.append("a payload ran")
            (self._folder / MARKER_NAME).unlink()
        if end in ("bug", "hung"):
            self.faults.append(f"{end}: {outcome.get('detail', '')[-1500:]}")
        if end == "refused":
            self.reasons[sentence.partition("'")[0][:70]] += 1
            if not sentence.endswith(".") or not sentence.isprintable():
                self.faults.append(f"no sentence: {sentence!r}")
        if end == "opened":
            copy = converted_model_of(hashlib.sha256(data).hexdigest())
            if copy is None:
                self.faults.append("opened, but nothing is kept")
            else:
                # As the window does, in its own process.
                Recognizer.from_files(copy).recognize(self._digit)


class Worker:
    """A process that opens files one after the other.

    Attributes:
        is_done: Whether it has died, or has opened enough.
    """

    def __init__(self, folder: Path, patience: float) -> None:
        scratch = tempfile.mkdtemp(dir=folder)
        environment = {**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), scratch)}
        self._errors = (folder / "worker-errors.txt").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), "--worker"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._opened = 0
        self._patience = patience
        self._has_started = False
        self.is_done = False

    def open(self, path: Path) -> Outcome:
        """Open a file; whatever happens to the process is an outcome, too."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        limit, starts = self._patience, False
        while True:
            try:
                line = self._lines.get(timeout=limit)
            except queue.Empty:
                self.is_done = True
                return {"end": "hung", "detail": self._tail()}
            if not line:
                # The window would show a sentence: the process that read the file ended.
                self.is_done = True
                return {"end": "child died", "detail": self._tail()}
            outcome: Outcome = json.loads(line)
            if outcome["end"] == "starting":
                starts, self._has_started = not self._has_started, True
                limit = STARTING_SECONDS + self._patience if starts else self._patience
                continue
            self._opened += outcome["end"] == "opened"
            self.is_done = self._opened >= OPENED_BY_ONE_WORKER
            return {**outcome, "has_started": starts}

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            if pipe is not None:
                pipe.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def _tail(self) -> str:
        return Path(self._errors.name).read_text("utf-8", "replace")[-1500:]


def opened_alone(path: Path) -> Outcome:
    """Open a file the way a person does, by a child of its own."""
    try:
        import_model(path)
    except UnknownPixelsError:
        return {"end": "asked"}
    except ModelFileError as error:
        return {"end": "refused", "sentence": error.sentence}
    return {"end": "opened", "has_started": True}


def work() -> int:
    """Open the files whose paths come on standard input; print what came of each."""
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    from model.commands.import_file import bound_resources

    bound_resources()

    def say(outcome: Outcome) -> None:
        out.write(json.dumps(outcome) + "\n")

    for line in sys.stdin:
        say(outcome_of(Path(line.rstrip("\n")), say))
    return 0


def outcome_of(path: Path, say: Any) -> Outcome:
    """Open a file in this process; whatever comes of it is an outcome."""
    try:
        return opened_here(path, say)
    except ModelFileError as error:
        return {"end": "refused", "sentence": error.sentence}
    except Exception:  # noqa: BLE001  # the border: what escapes here is a bug
        return {"end": "bug", "detail": traceback.format_exc()}


def opened_here(path: Path, say: Any) -> Outcome:
    """Open a file in this process, step by step like the child."""
    from model.model_files.inspection import read_model, read_model_bytes

    inspected = read_model(read_model_bytes(path), path.name)
    if inspected.summary.obstacles:
        raise ModelFileError(f"The file can't be used: {inspected.summary.obstacles[0]}")
    say({"end": "starting"})
    os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3")
    import keras

    from model.conversion.importing import import_model
    from model.task_events import Asked

    keras.utils.clear_session()
    result = import_model(inspected, input_format=None, report=lambda *_: None)
    if isinstance(result, Asked):
        result = import_model(inspected, input_format=PIXELS["0-1"], report=lambda *_: None)
    return {"end": "opened"}


def _seeds() -> list[tuple[bytes, str]]:
    """Return the good files that are damaged, small ones more often."""
    kept = PROJECT / "tests" / "data" / "keras-2.15"
    files = [file for file in kept.glob("*.*") if file.suffix in (".h5", ".keras")]
    seeds = [(file.read_bytes(), file.suffix) for file in sorted(files)]
    made = [(archive(), ".keras"), (old_file(), ".h5")] * 4
    return [*seeds, *made, (BUNDLED_MODEL.read_bytes(), ".keras")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
