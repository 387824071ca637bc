"""Temporary folders: removed at the end, and by whoever comes next after an abrupt one."""

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from model.errors import FolderError
from model.files.temporary_folders import (
    TemporaryFolder,
    naming_folder,
    own_temporary_files,
    remove_abandoned_folders,
    temporary_folder,
)

HOLD = """
import pathlib, sys, time
from model.files.temporary_folders import TemporaryFolder
folder = TemporaryFolder(pathlib.Path(sys.argv[1]))
(folder.path / "left.py").touch()
print(folder.path, flush=True)
sys.stdin.read()
"""


def test_a_folder_goes_with_its_block(tmp_path: Path) -> None:
    with temporary_folder(tmp_path) as folder:
        (folder / "a").mkdir()
        assert folder.is_dir()
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_killed_process_is_removed_and_that_of_a_living_one_stays(
    tmp_path: Path,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        try:
            assert child.stdout
            folder = Path(child.stdout.readline().strip())
            with temporary_folder(tmp_path):
                assert (folder / "left.py").exists()
        finally:
            child.kill()
            child.wait()
    with temporary_folder(tmp_path):
        assert not folder.exists()


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    (tmp_path / "digitpad-notes").mkdir()
    (tmp_path / "digitpad-letter").touch()
    (tmp_path / "digitpad-link").symlink_to(tmp_path / "digitpad-notes")
    remove_abandoned_folders(tmp_path)
    assert len(list(tmp_path.iterdir())) == 3


def test_a_process_keeps_its_temporary_files_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = os.environ.get("TMPDIR")
    with own_temporary_files():
        assert Path(tempfile.gettempdir()).parent == tmp_path
        assert os.environ["TMPDIR"] == tempfile.gettempdir()
    assert os.environ.get("TMPDIR") == before
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=f"{tmp_path}/gone can't be written: No such file"):
        TemporaryFolder(tmp_path / "gone")


@pytest.mark.parametrize(
    ("number", "variable", "advice"),
    [
        (errno.ENOSPC, "TMPDIR", "make room there, or set TMPDIR to another folder"),
        (errno.EACCES, "TMPDIR", "set TMPDIR to another folder"),
        (errno.ENOSPC, "", "make room there, or choose another folder"),
        (errno.EACCES, "", "choose another folder"),
    ],
)
def test_the_advice_fits_the_reason(
    tmp_path: Path, number: int, variable: str, advice: str
) -> None:
    with pytest.raises(FolderError) as told, naming_folder(tmp_path, variable):
        raise OSError(number, os.strerror(number))
    assert told.value.sentence.endswith(f": {os.strerror(number)}; {advice}.")
    assert str(tmp_path) in told.value.sentence


def test_a_folder_that_the_user_named_is_not_moved_by_a_variable(tmp_path: Path) -> None:
    with (
        pytest.raises(FolderError, match="choose another folder"),
        temporary_folder(tmp_path / "gone", ".export-"),
    ):
        pass
