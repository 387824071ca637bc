"""A process that is killed while it saves a model file: the old file is whole each time."""

import subprocess
import sys
from pathlib import Path

import pytest

from model.metadata import ModelMetadata
from model.model_files.inspection import inspect_model_file, read_model
from tests.made_models import archive

PROJECT = Path(__file__).resolve().parents[2]

# Says where it is, then waits for ever: the test kills it there.
STOP = """
import sys, time
def stop(where):
    print(where, flush=True)
    time.sleep(1000)
"""
BEFORE_WRITING = (
    STOP
    + """
from pathlib import Path
from model.files.atomic_file import atomic_path
with atomic_path(Path(sys.argv[1])) as temporary:
    stop("before writing")
"""
)
HALF_WAY = (
    STOP
    + """
from pathlib import Path
from model.files.atomic_file import atomic_path
new = Path(sys.argv[2]).read_bytes()
with atomic_path(Path(sys.argv[1])) as temporary, temporary.open("wb") as file:
    file.write(new[:len(new) // 2])
    file.flush()
    stop("half way")
"""
)
BEFORE_REPLACING = (
    STOP
    + """
from pathlib import Path
from model.metadata import ModelMetadata
from model.model_files.model_file import add_metadata
Path.replace = lambda self, target: stop("before replacing")
add_metadata(Path(sys.argv[1]), ModelMetadata(dataset="new"))
"""
)
AFTER_REPLACING = (
    STOP
    + """
from pathlib import Path
from model.metadata import ModelMetadata
from model.model_files.model_file import add_metadata
add_metadata(Path(sys.argv[1]), ModelMetadata(dataset="new"))
stop("after replacing")
"""
)


def killed_at_its_stop(code: str, *arguments: Path) -> str:
    """Run code until it stops, kill it there, and return where that was."""
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        where = child.stdout.readline().strip()
        child.kill()
    return where


@pytest.mark.process
@pytest.mark.parametrize(
    ("code", "where"),
    [
        (BEFORE_WRITING, "before writing"),
        (HALF_WAY, "half way"),
        (BEFORE_REPLACING, "before replacing"),
    ],
)
def test_old_file_is_whole(code: str, where: str, tmp_path: Path) -> None:
    old, new = tmp_path / "model.keras", tmp_path / "new.bin"
    whole = archive()
    old.write_bytes(whole)
    new.write_bytes(archive(members={"assets/new.bin": b"x" * 100_000}))
    assert killed_at_its_stop(code, old, new) == where
    assert old.read_bytes() == whole
    assert not inspect_model_file(old).has_metadata


@pytest.mark.process
def test_new_file_is_whole_once_it_has_replaced_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(archive())
    assert killed_at_its_stop(AFTER_REPLACING, path) == "after replacing"
    assert inspect_model_file(path).metadata.dataset == "new"
    assert [file.name for file in tmp_path.iterdir()] == ["model.keras"]


def test_file_with_a_record_of_ours_stays_an_archive_that_can_be_read(tmp_path: Path) -> None:
    from model.model_files.model_file import add_metadata

    path = tmp_path / "model.keras"
    path.write_bytes(archive())
    before = read_model(path.read_bytes(), "before")
    add_metadata(path, ModelMetadata(dataset="mnist"))
    after = read_model(path.read_bytes(), "after")
    assert after.summary.metadata.dataset == "mnist"
    assert after.plan == before.plan
