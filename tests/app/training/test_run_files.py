"""No two windows write to the same model file, and an interrupted run can be resumed."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from app.training.run_files import (
    KEPT_SECONDS,
    NewModelFile,
    finished_epochs,
    held_first_model,
    interrupted_runs,
    remove_leftovers,
    reserve_interrupted_run,
)
from model.checkpoint_file import checkpoint_path
from model.errors import TrainingError
from model.recipes import RECIPES, changed_recipe
from model.training_job import TrainingJob
from tests.app.left_behind import leave_behind

MOMENT = datetime(2026, 5, 4, 13, 37)


def left_behind(out: Path) -> TrainingJob:
    """Leave a note with everything in it, and a checkpoint."""
    job = TrainingJob(
        recipe=changed_recipe(RECIPES["conv5x5"], dataset="/my/own data.npz", epochs=7),
        device="gpu:0",
        out=out,
        from_model=out.with_name("before.keras"),
        data_folder=Path("/data"),
    )
    leave_behind(job, epochs=2)
    return job


def test_a_job_comes_back_as_it_was_but_resumed(tmp_path: Path) -> None:
    job = left_behind(tmp_path / "mine.keras")
    (run,) = interrupted_runs(tmp_path)
    assert run.job == replace(job, is_resumed=True)
    assert run.sentence.startswith("Training of Two 5×5 convolutions (Keras) on own data")
    assert "epoch 2 of 7" in run.sentence


def test_the_epochs_of_an_interrupted_run_are_known(tmp_path: Path) -> None:
    left_behind(tmp_path / "mine.keras")
    epochs, best = finished_epochs(tmp_path / "mine.keras")
    assert (len(epochs), best) == (2, 1)
    assert finished_epochs(tmp_path / "another.keras") == ((), 0)


def test_a_folder_that_was_moved_keeps_its_runs(tmp_path: Path) -> None:
    left_behind(tmp_path / "old" / "mine.keras")
    moved = (tmp_path / "old").rename(tmp_path / "new")
    (run,) = interrupted_runs(moved)
    assert run.job.out == moved / "mine.keras"


def test_the_newest_comes_first(tmp_path: Path) -> None:
    for name, age_s in (("old", 300), ("new", 100), ("middle", 200)):
        out = tmp_path / f"{name}.keras"
        left_behind(out)
        moment = time.time() - age_s
        os.utime(checkpoint_path(out), (moment, moment))
    assert [run.job.out.stem for run in interrupted_runs(tmp_path)] == ["new", "middle", "old"]


def test_a_run_in_its_first_epoch_has_nothing_to_go_on_with(tmp_path: Path) -> None:
    out = tmp_path / "mine.keras"
    left_behind(out)
    checkpoint_path(out).unlink()
    assert interrupted_runs(tmp_path) == []


@pytest.mark.parametrize("content", [b"", b"rubbish", b'{"out": 7}', b'{"recipe": {}}', b"[]"])
def test_a_damaged_note_is_passed_over(tmp_path: Path, content: bytes) -> None:
    left_behind(tmp_path / "good.keras")
    (tmp_path / ".bad.job.json").write_bytes(content)
    assert [run.job.out.stem for run in interrupted_runs(tmp_path)] == ["good"]


def test_a_damaged_checkpoint_is_passed_over(tmp_path: Path) -> None:
    out = tmp_path / "mine.keras"
    left_behind(out)
    checkpoint_path(out).write_bytes(b"PK")
    assert interrupted_runs(tmp_path) == []


def test_what_nobody_asked_for_in_a_week_is_removed(tmp_path: Path) -> None:
    out = tmp_path / "mine.keras"
    left_behind(out)
    moment = time.time() - KEPT_SECONDS - 60
    os.utime(checkpoint_path(out), (moment, moment))
    assert interrupted_runs(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_what_is_damaged_is_removed_in_a_week_too(tmp_path: Path) -> None:
    out = tmp_path / "mine.keras"
    left_behind(out)
    note = tmp_path / ".mine.job.json"
    note.write_bytes(b"rubbish")
    moment = time.time() - KEPT_SECONDS - 60
    os.utime(checkpoint_path(out), (moment, moment))
    assert interrupted_runs(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_run_of_another_window_is_never_forgotten(tmp_path: Path) -> None:
    out = tmp_path / "mine.keras"
    left_behind(out)
    place = NewModelFile.reserved(out)
    assert place is not None
    moment = time.time() - KEPT_SECONDS - 60
    os.utime(checkpoint_path(out), (moment, moment))
    assert interrupted_runs(tmp_path) == []
    assert checkpoint_path(out).exists()
    place.release()


def test_a_forgotten_run_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "mine.keras"
    left_behind(out)
    assert interrupted_runs(tmp_path)
    remove_leftovers(out)
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_goes_on_in_another_window_is_passed_over(tmp_path: Path) -> None:
    out = tmp_path / "mine.keras"
    left_behind(out)
    place = NewModelFile.reserved(out)
    assert place is not None
    assert reserve_interrupted_run(tmp_path) is None
    place.release()
    assert reserve_interrupted_run(tmp_path) is not None


def test_the_name_says_what_and_when(tmp_path: Path) -> None:
    place = NewModelFile.named(tmp_path / "models", "conv5x5", MOMENT)
    assert place.path == tmp_path / "models" / "conv5x5 4 May 13.37.keras"
    assert not place.path.exists()


def test_two_windows_in_the_same_minute_get_two_names(tmp_path: Path) -> None:
    first = NewModelFile.named(tmp_path, "digitpad", MOMENT)
    second = NewModelFile.named(tmp_path, "digitpad", MOMENT)
    assert first.path != second.path
    assert second.path.name == "digitpad 4 May 13.37 (2).keras"


def test_many_at_once_get_many_names(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        places = list(
            pool.map(lambda _: NewModelFile.named(tmp_path, "digitpad", MOMENT), range(40))
        )
    assert len({place.path for place in places}) == 40


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "digitpad 4 May 13.37.keras").touch()
    assert "(2)" in NewModelFile.named(tmp_path, "digitpad", MOMENT).path.name


def test_a_name_given_up_leaves_nothing_and_can_be_had_again(tmp_path: Path) -> None:
    place = NewModelFile.named(tmp_path, "digitpad", MOMENT)
    place.release()
    place.release()
    assert list(tmp_path.iterdir()) == []
    assert NewModelFile.named(tmp_path, "digitpad", MOMENT).path == place.path


def test_a_name_that_another_window_holds_is_not_had(tmp_path: Path) -> None:
    place = NewModelFile.named(tmp_path, "digitpad", MOMENT)
    assert NewModelFile.reserved(place.path) is None
    place.release()
    assert NewModelFile.reserved(place.path) is not None


def test_a_hold_lasts_however_long_the_run_takes(tmp_path: Path) -> None:
    place = NewModelFile.named(tmp_path, "digitpad", MOMENT)
    lock = place.path.with_name(f".{place.path.stem}.held")
    assert lock.exists()
    os.utime(lock, (0, 0))
    assert NewModelFile.reserved(place.path) is None
    place.release()


@pytest.mark.posix
def test_the_hold_of_a_killed_window_is_void(tmp_path: Path) -> None:
    out = tmp_path / "digitpad.keras"
    code = (
        "import os, signal, sys; from pathlib import Path;"
        "from app.training.run_files import NewModelFile;"
        "place = NewModelFile.reserved(Path(sys.argv[1]));"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, out], check=False)
    assert (tmp_path / ".digitpad.held").exists()
    assert NewModelFile.reserved(out) is not None


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "models").touch()
    with pytest.raises(TrainingError, match="can't be kept in"):
        NewModelFile.named(tmp_path / "models", "digitpad", MOMENT)


def test_a_resumed_run_finds_the_model_that_it_began_with_where_its_folder_was_moved_to(
    tmp_path: Path,
) -> None:
    before, now = tmp_path / "before", tmp_path / "now"
    before.mkdir()
    (before / "Lesson A.keras").write_bytes(b"weights")
    job = TrainingJob(
        recipe=RECIPES["dense128"],
        out=before / "new.keras",
        from_model=before / "Lesson A.keras",
    )
    held = held_first_model(job)
    before.rename(now)
    moved = held_first_model(replace(job, out=now / "new.keras", from_model=held))
    assert moved == now / held.relative_to(before)
    assert moved.read_bytes() == b"weights"
