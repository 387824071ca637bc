"""Damages records, names, data sets and folders, and reads each as the program would.

    python tests/fuzz_data.py --inputs 2000 --seconds 600

Everything ends in a value or in a `DigitpadError`. Ends with 1 where another exception came, an
input took longer than its limit, or a file outside of the input's folder was opened.
"""

import argparse
import collections
import io
import json
import os
import random
import signal
import struct
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from app.drawing.files import load_strokes  # noqa: E402  # the path comes first
from app.settings import SettingsFile  # noqa: E402
from app.training.run_files import interrupted_runs  # noqa: E402
from model.checkpoint_file import read_checkpoint, read_record  # noqa: E402
from model.data.datasets import dataset_title, load_dataset, load_test_strokes  # noqa: E402
from model.data.stroke_files import read_strokes  # noqa: E402
from model.errors import DigitpadError  # noqa: E402
from model.evaluation.class_matching import match_classes  # noqa: E402
from model.metadata import (  # noqa: E402
    ModelMetadata,
    decode_metadata,
    encode_metadata,
    printable_metadata,
)
from model.recognizer import Recognizer  # noqa: E402
from tests.file_mutations import cut, flipped, grown, overwritten  # noqa: E402

LIMIT_SECONDS = 30
SECRET = "secret"

NAMES = (
    "3", "03", "Class_3", "three", "", " ", ".", "..", f"../{SECRET}/a", f"/{SECRET}", "a" * 250,
    "é", "\u202eexe", "\ud800", "\x00", "\n", "<img src=/dev/zero>", "%s%n", "CON", "mnist", "-",
    "__MACOSX", "~root", "~nobody-there", "٣", "³", "1e999", "-1",
)  # fmt: skip
NUMBERS = (0, -1, 1, 0.5, 1e308, -1e308, 1e999, float("nan"), 2**63, 10**30, "", None, [], {})

Read = Callable[[Path], object]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return bytes that are damaged blindly."""
    return chance.choice((flipped, overwritten, cut, grown))(data, chance)


class HangError(Exception):
    """An input takes too long."""


def main(arguments: list[str]) -> int:
    """Fuzz for a while; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=60, help="at most about so long")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    counts: collections.Counter[str] = collections.Counter()
    with tempfile.TemporaryDirectory(prefix="digitpad-fuzz-") as name:
        folder = Path(name).resolve()
        for part in ("CACHE", "SETTINGS", "MODELS", "USER_DATA"):
            os.environ[f"DIGITPAD_{part}"] = str(folder / part.lower())
        os.environ.pop("DIGITPAD_DATA", None)
        (folder / SECRET).mkdir()
        signal.signal(signal.SIGALRM, _hang)
        _watch_opens(folder, counts)
        ends = _seconds() + options.seconds
        for number in range(options.inputs):
            if _seconds() > ends:
                break
            _try(folder / "in" / str(number), random.Random(options.seed * 10**6 + number), counts)
    for what, count in sorted(counts.items()):
        sys.stdout.write(f"{count:6} {what}\n")
    faults = sum(count for what, count in counts.items() if what.startswith("fault"))
    sys.stdout.write(f"{faults:6} faults\n")
    return 1 if faults else 0


def _seconds() -> float:
    return os.times().elapsed


def _hang(*_: object) -> None:
    raise HangError


def _watch_opens(folder: Path, counts: "collections.Counter[str]") -> None:
    secret = str(folder / SECRET)

    def hook(event: str, details: tuple[Any, ...]) -> None:
        if event == "open" and os.path.normpath(str(details[0])).startswith(secret):
            counts["fault: opened outside"] += 1

    sys.addaudithook(hook)


def _try(folder: Path, chance: random.Random, counts: "collections.Counter[str]") -> None:
    folder.mkdir(parents=True)
    kind, read = chance.choice(KINDS)(folder, chance)
    try:
        with _limited():
            read(folder)
        outcome = "read"
    except DigitpadError as error:
        outcome = "refused"
        if not 10 < len(error.sentence) < 2000 or "\n" in error.sentence.strip():
            outcome = "fault: no sentence"
            sys.stdout.write(f"{folder.name} {kind}: {error.sentence!r}\n")
    except HangError:
        outcome = "fault: hung"
        sys.stdout.write(f"{folder}: hung\n")
    except Exception:  # noqa: BLE001  # what is looked for
        outcome = "fault: crashed"
        sys.stdout.write(f"{folder.name} {kind}\n{traceback.format_exc()}\n")
    counts[f"{outcome}: {kind}"] += 1


@contextmanager
def _limited() -> Iterator[None]:
    signal.alarm(LIMIT_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)


def _json(value: object) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


def _spoilt(value: Any, chance: random.Random) -> Any:
    """Return a JSON value with a part of it replaced."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        key = chance.choice(list(value))
        return {**value, key: _spoilt(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        place = chance.randrange(len(value))
        return [*value[:place], _spoilt(value[place], chance), *value[place + 1 :]]
    return chance.choice([*NUMBERS, *NAMES, [value] * 70, {"a": value}])


def _record(folder: Path, chance: random.Random) -> tuple[str, Read]:
    history = [{"epoch": 1, "loss": 0.5, "accuracy": 0.9, "validation_loss": 0.4, "seconds": 1}]
    good = json.loads(encode_metadata(ModelMetadata(created="2026-01-31T12:00:00")))
    good |= {"history": history, "test_accuracy": 0.9, "versions": {"keras": "3"}}
    data = _json(_spoilt(good, chance))
    if chance.random() < 0.3:
        data = mutated(data, chance)

    def read(_: Path) -> None:
        metadata = printable_metadata(decode_metadata(data))
        match_classes(NAMES[:3], metadata.class_names)
        encode_metadata(metadata)

    return "record", read


def _converted(folder: Path, chance: random.Random) -> tuple[str, Read]:
    record = {"source_sha256": "", "litert_sha256": "0" * 64, "metadata": {"temperature": 1.0}}
    (folder / "a.tflite").write_bytes(chance.randbytes(300))
    (folder / "a.json").write_bytes(_json(_spoilt(record, chance)))
    return "converted network", lambda at: Recognizer.from_files(at / "a.tflite")


def _settings(folder: Path, chance: random.Random) -> tuple[str, Read]:
    good = {"theme": "dark", "pen_width": 7, "recent_files": ["a"], "pad_fraction": 0.5}
    data = mutated(_json(good), chance) if chance.random() < 0.5 else _json(_spoilt(good, chance))
    (folder / "settings.json").write_bytes(data)

    def read(at: Path) -> None:
        file = SettingsFile(at / "settings.json")
        file.change(lens="none", open_folder=chance.choice(NAMES))
        file.save()

    return "settings", read


def _leftovers(folder: Path, chance: random.Random) -> tuple[str, Read]:
    record = {"recipe": {"name": "a"}, "dataset_sha256": "", "history": [], "best_epoch": 0}
    file = io.BytesIO()
    np.savez(file, record=np.frombuffer(_json(_spoilt(record, chance)), np.uint8))
    (folder / "a.resume.npz").write_bytes(mutated(file.getvalue(), chance))
    job = {"recipe": {"name": "digitpad", "summary": "", "network": "dense128"}, "out": "a.keras"}
    (folder / ".a.job.json").write_bytes(_json(_spoilt(job, chance)))

    def read(at: Path) -> None:
        interrupted_runs(at)
        read_record(at / "a.resume.npz")
        read_checkpoint(at / "a.resume.npz")

    return "leftovers of a run", read


def _arrays(folder: Path, chance: random.Random) -> tuple[str, Read]:
    labels = np.arange(8) % 2
    images = np.zeros((8, 28, 28), np.uint8)
    fields: dict[str, Any] = {"x_train": images, "y_train": labels}
    if chance.random() < 0.5:
        fields["class_names"] = np.array([chance.choice(NAMES) for _ in range(2)])
    if chance.random() < 0.5:
        shape = chance.choice([(8,), (8, 784), (8, 28, 28, 3), (8, 3, 28, 28), (0, 28, 28), (8, 2)])
        dtype = chance.choice(["f8", "u1", "i8", "U3", "c8", "?", "M8[s]"])
        fields[chance.choice(["x_train", "y_train", "x_test"])] = np.zeros(shape, dtype)
    file = io.BytesIO()
    chance.choice([np.savez, np.savez_compressed])(file, **fields)
    data = file.getvalue()
    (folder / "a.npz").write_bytes(mutated(data, chance) if chance.random() < 0.6 else data)
    return "arrays", lambda at: load_dataset(str(at / "a.npz"))


def _rows(folder: Path, chance: random.Random) -> tuple[str, Read]:
    pixels = ",0" * 784
    data = "\n".join(f"{label}{pixels}" for label in (0, 1, 0, 1)).encode()
    data = mutated(data, chance) if chance.random() < 0.7 else data
    (folder / "train.csv").write_bytes(data)
    return "rows", lambda at: load_dataset(str(at))


def _idx(folder: Path, chance: random.Random) -> tuple[str, Read]:
    images = struct.pack(">4I", 0x803, 4, 28, 28) + bytes(4 * 784)
    labels = struct.pack(">2I", 0x801, 4) + bytes([0, 1, 0, 1])
    dot = chance.choice("-.")
    for name, data in ((f"images{dot}idx3", images), (f"labels{dot}idx1", labels)):
        spoilt = mutated(data, chance) if chance.random() < 0.7 else data
        (folder / f"train-{name}-ubyte").write_bytes(spoilt)
    return "IDX", lambda at: load_dataset(str(at))


def _drawings(folder: Path, chance: random.Random) -> tuple[str, Read]:
    row = {"label": 1, "strokes": [[[0, 1], [5, 9]]], "writer": "a"}
    lines = [_json(row | {"label": n}) for n in (0, 1, 0)]
    lines.append(_json(_spoilt(row, chance)))
    data = b"\n".join(lines)
    (folder / "a.jsonl").write_bytes(mutated(data, chance) if chance.random() < 0.5 else data)

    def read(at: Path) -> None:
        list(read_strokes(at / "a.jsonl"))
        load_strokes(at / "a.jsonl")
        load_test_strokes(str(at / "a.jsonl"))
        load_dataset(str(at / "a.jsonl"))

    return "drawings", read


def _name(folder: Path, chance: random.Random) -> tuple[str, Read]:
    name = chance.choice(NAMES) + chance.choice(["", *NAMES])

    def read(_: Path) -> None:
        dataset_title(name)
        match_classes([name, "3"], ["1", "2", "3", name])
        if name not in ("mnist",):
            load_dataset(name + "!")

    return "name", read


def _tree(folder: Path, chance: random.Random) -> tuple[str, Read]:
    for _ in range(chance.randrange(1, 6)):
        place = folder / (chance.choice(NAMES).strip("/.\x00") or "x").replace("/", "_")
        try:
            place.mkdir(exist_ok=True)
            _odd_file(place, chance)
        except (OSError, ValueError):
            continue  # a name that the system does not take
    if chance.random() < 0.3:
        (folder / chance.choice(["train", "test", "loop"])).symlink_to(folder)
    return "folder", lambda at: load_dataset(str(at))


def _odd_file(place: Path, chance: random.Random) -> None:
    path = place / chance.choice(["a.png", "a.jpg", "b.gif", "train.jsonl", "x.tiff"])
    kind = chance.randrange(6)
    if path.exists() or path.is_symlink():
        return
    if kind == 0:
        os.mkfifo(path)
    elif kind == 1:
        path.symlink_to(chance.choice(["/dev/zero", "nowhere", str(path), "/dev/tty", "."]))
    elif kind == 2:
        path.mkdir()
    elif kind == 3:
        path.write_bytes(chance.randbytes(chance.randrange(200)))
    else:
        path.write_bytes(mutated(PNG, chance) if kind == 4 else PNG)


def _png() -> bytes:
    from PIL import Image, ImageDraw

    picture = Image.new("L", (40, 40), 255)
    ImageDraw.Draw(picture).line((8, 5, 30, 5, 12, 34), fill=0, width=4)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


PNG = _png()

KINDS = (
    _record, _converted, _settings, _leftovers, _arrays, _rows, _idx, _drawings, _name, _tree,
)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
