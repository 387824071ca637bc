"""No two windows ever write to the same model file."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from app.new_model_file import NewModelFile
from model.errors import TrainingError
from model.runs.checkpoint import checkpoint_path

MOMENT = datetime(2026, 5, 4, 13, 37)


def test_the_name_says_what_and_when(tmp_path: Path) -> None:
    place = NewModelFile(tmp_path / "models", "conv5x5", MOMENT)
    assert place.path == tmp_path / "models" / "conv5x5 2026-05-04 13.37.keras"
    assert not place.path.exists()


def test_two_windows_in_the_same_minute_get_two_names(tmp_path: Path) -> None:
    first = NewModelFile(tmp_path, "digitpad", MOMENT)
    second = NewModelFile(tmp_path, "digitpad", MOMENT)
    assert first.path != second.path
    assert second.path.name == "digitpad 2026-05-04 13.37 (2).keras"


def test_many_at_once_get_many_names(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        places = pool.map(lambda _: NewModelFile(tmp_path, "digitpad", MOMENT), range(40))
    assert len({place.path for place in places}) == 40


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "digitpad 2026-05-04 13.37.keras").touch()
    assert "(2)" in NewModelFile(tmp_path, "digitpad", MOMENT).path.name


def test_a_name_given_up_leaves_nothing_and_can_be_had_again(tmp_path: Path) -> None:
    place = NewModelFile(tmp_path, "digitpad", MOMENT)
    place.release()
    place.release()
    assert list(tmp_path.iterdir()) == []
    assert NewModelFile(tmp_path, "digitpad", MOMENT).path == place.path


def test_what_a_killed_window_left_is_removed_after_a_week(tmp_path: Path) -> None:
    forgotten = NewModelFile(tmp_path, "forgotten", MOMENT)
    running = NewModelFile(tmp_path, "running", MOMENT)
    for place in (forgotten, running):
        checkpoint_path(place.path).touch()
    week_ago = time.time() - 8 * 24 * 3600
    os.utime(tmp_path / ".forgotten 2026-05-04 13.37.held", (week_ago, week_ago))
    NewModelFile(tmp_path, "next", MOMENT).release()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".running 2026-05-04 13.37.held",
        "running 2026-05-04 13.37.resume.npz",
    ]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "models").touch()
    with pytest.raises(TrainingError, match="can't be kept in"):
        NewModelFile(tmp_path / "models", "digitpad", MOMENT)
