"""No two windows ever write to the same model file."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from app.training.new_model_file import NewModelFile
from model.errors import TrainingError

MOMENT = datetime(2026, 5, 4, 13, 37)


def test_the_name_says_what_and_when(tmp_path: Path) -> None:
    place = NewModelFile.named(tmp_path / "models", "conv5x5", MOMENT)
    assert place.path == tmp_path / "models" / "conv5x5 2026-05-04 13.37.keras"
    assert not place.path.exists()


def test_two_windows_in_the_same_minute_get_two_names(tmp_path: Path) -> None:
    first = NewModelFile.named(tmp_path, "digitpad", MOMENT)
    second = NewModelFile.named(tmp_path, "digitpad", MOMENT)
    assert first.path != second.path
    assert second.path.name == "digitpad 2026-05-04 13.37 (2).keras"


def test_many_at_once_get_many_names(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        places = list(
            pool.map(lambda _: NewModelFile.named(tmp_path, "digitpad", MOMENT), range(40))
        )
    assert len({place.path for place in places}) == 40


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "digitpad 2026-05-04 13.37.keras").touch()
    assert "(2)" in NewModelFile.named(tmp_path, "digitpad", MOMENT).path.name


def test_a_name_given_up_leaves_nothing_and_can_be_had_again(tmp_path: Path) -> None:
    place = NewModelFile.named(tmp_path, "digitpad", MOMENT)
    place.release()
    place.release()
    assert list(tmp_path.iterdir()) == []
    assert NewModelFile.named(tmp_path, "digitpad", MOMENT).path == place.path


def test_a_name_that_another_window_holds_is_not_had(tmp_path: Path) -> None:
    place = NewModelFile.named(tmp_path, "digitpad", MOMENT)
    assert NewModelFile.held(place.path) is None
    place.release()
    assert NewModelFile.held(place.path) is not None


def test_the_hold_of_a_killed_window_is_void(tmp_path: Path) -> None:
    out = tmp_path / "digitpad.keras"
    code = (
        "import os, signal, sys; from pathlib import Path;"
        "from app.training.new_model_file import NewModelFile;"
        "place = NewModelFile.held(Path(sys.argv[1]));"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, out], check=False)
    assert (tmp_path / ".digitpad.held").exists()
    assert NewModelFile.held(out) is not None


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "models").touch()
    with pytest.raises(TrainingError, match="can't be kept in"):
        NewModelFile.named(tmp_path / "models", "digitpad", MOMENT)
