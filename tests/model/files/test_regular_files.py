"""Every reader opens ordinary files only; a pipe or a device in their place is a sentence."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.drawing.files import load_strokes
from app.settings import SettingsFile
from app.training.run_files import interrupted_runs
from model.checkpoint_file import read_checkpoint, read_record
from model.data.datasets import load_dataset
from model.data.idx_files import read_idx
from model.data.npz_files import read_npz
from model.data.stroke_files import read_strokes
from model.errors import DigitpadError
from model.files.regular_files import OddFileError, read_regular
from model.files.zip_members import read_members
from model.model_files.inspection import read_model_bytes
from model.model_files.model_file import file_sha256, read_metadata
from model.raster.pictures import open_picture
from model.recognizer import Recognizer

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files"),
    pytest.mark.timeout(60),  # what waits for a pipe's writer waits for ever
]

Read = Callable[[Path], object]

READERS: dict[str, tuple[str, Read]] = {
    "arrays": ("data.npz", lambda path: load_dataset(str(path))),
    "named arrays": ("data.npz", lambda path: read_npz(path, ["x"])),
    "zip members": ("data.zip", lambda path: read_members(path, ["x"], max_bytes=10)),
    "drawings": ("data.jsonl", lambda path: load_dataset(str(path))),
    "packed drawings": ("data.jsonl.gz", lambda path: load_dataset(str(path))),
    "IDX": ("train-images-idx3-ubyte", read_idx),
    "packed IDX": ("train-images-idx3-ubyte.gz", read_idx),
    "strokes": ("rows.jsonl", lambda path: list(read_strokes(path))),
    "a saved drawing": ("drawing.json", load_strokes),
    "picture": ("seven.png", open_picture),
    "checkpoint": ("run.resume.npz", read_checkpoint),
    "checkpoint's record": ("run.resume.npz", read_record),
    "model file": ("model.keras", read_model_bytes),
    "model file's hash": ("model.keras", file_sha256),
    "model file's record": ("model.keras", read_metadata),
    "converted network": ("model.tflite", Recognizer.from_files),
}


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.posix
@pytest.mark.parametrize("make", [pipe, endless])
@pytest.mark.parametrize(("name", "read"), READERS.values(), ids=READERS)
def test_a_pipe_or_a_device_in_a_files_place_is_refused(
    tmp_path: Path, name: str, read: Read, make: Callable[[Path], None]
) -> None:
    path = tmp_path / name
    make(path)
    with pytest.raises(DigitpadError, match=r"not (an ordinary|a) file"):
        read(path)


@pytest.mark.posix
@pytest.mark.parametrize("make", [pipe, endless])
def test_a_pipe_or_a_device_among_pictures_is_refused(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        make(tmp_path / name / "one.png")
    with pytest.raises(DigitpadError, match=r"one\.png can't be read: it is not an ordinary file"):
        load_dataset(str(tmp_path))


@pytest.mark.posix
@pytest.mark.parametrize("make", [pipe, endless])
def test_a_pipe_or_a_device_in_place_of_the_settings_gives_the_defaults(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "settings.json")
    file = SettingsFile(tmp_path / "settings.json")
    assert "not an ordinary file" in file.complaint


@pytest.mark.posix
@pytest.mark.parametrize("make", [pipe, endless])
def test_a_pipe_or_a_device_in_place_of_a_runs_note_is_no_run(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    np.savez(tmp_path / "a.resume.npz", record=np.zeros(1, np.uint8))
    make(tmp_path / ".a.job.json")
    assert interrupted_runs(tmp_path) == []


def test_a_size_is_looked_at_before_anything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # sparse: it takes no room
    with pytest.raises(OddFileError, match="it is larger than 5 MiB"):
        read_regular(path, max_bytes=5 << 20)


def test_an_ordinary_file_is_read_whole_also_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "b").symlink_to("a")
    assert read_regular(tmp_path / "b", max_bytes=5) == b"12345"
