"""Atomic writes: whole or not at all, with the place, the permissions and the link kept."""

import os
import stat
import sys
import time
from pathlib import Path

import pytest

from model.files import atomic_file
from model.files.atomic_file import atomic_path, write_atomically

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and links")


def broken_write(target: Path) -> None:
    """Write half a file, and fail."""
    with atomic_path(target) as temporary:
        temporary.write_bytes(b"half")
        raise RuntimeError


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    with pytest.raises(RuntimeError):
        broken_write(target)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@posix
@pytest.mark.parametrize("name", ["é" * 125 + ".json", "x" * 255, "x" * 250 + ".npz"])
def test_a_name_as_long_as_names_can_be(tmp_path: Path, name: str) -> None:
    write_atomically(tmp_path / name, b"new")
    assert (tmp_path / name).read_bytes() == b"new"


@posix
def test_permissions_are_kept(tmp_path: Path) -> None:
    target = tmp_path / "private"
    for mode in (0o600, 0o640, 0o444):
        target.unlink(missing_ok=True)
        target.touch()
        target.chmod(mode)
        write_atomically(target, b"new")
        assert stat.S_IMODE(target.stat().st_mode) == mode


@posix
def test_a_new_file_gets_what_open_would_give(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_atomically(tmp_path / "new", b"")
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "new")}
    assert len(modes) == 1


@posix
def test_the_umask_is_not_touched_by_a_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "umask", lambda mask: pytest.fail(f"umask({mask:o})"))
    write_atomically(tmp_path / "new", b"")


@posix
def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    real = tmp_path / "there" / "real"
    real.write_bytes(b"old")
    (tmp_path / "link").symlink_to("there/real")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert real.read_bytes() == b"new"


@posix
def test_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not an ordinary file"):
        write_atomically(tmp_path / "pipe", b"new")


def test_what_an_abrupt_end_left_is_removed_by_the_next_write(tmp_path: Path) -> None:
    left, fresh, foreign = (
        tmp_path / name for name in (".digitpad-abcd.npz", ".digitpad-new.npz", ".other-abcd.npz")
    )
    for path in (left, fresh, foreign):
        path.touch()
    long_ago = time.time() - 2 * atomic_file.ABANDONED_SECONDS
    for path in (left, foreign):
        os.utime(path, (long_ago, long_ago))
    write_atomically(tmp_path / "a.txt", b"new")
    assert {path.name for path in tmp_path.iterdir()} == {"a.txt", fresh.name, foreign.name}


def test_a_target_that_is_open_elsewhere_on_windows_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, refused = Path.replace, iter([True, True, False])

    def busy(source: Path, target: Path) -> Path:
        if next(refused):
            raise PermissionError
        return replace(source, target)

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(atomic_file, "_SECONDS_BETWEEN_ATTEMPTS", 0)
    monkeypatch.setattr(Path, "replace", busy)
    write_atomically(tmp_path / "a.txt", b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"new"
