"""Atomic writes: whole or not at all, with the place, the permissions and the link kept."""

import errno
import os
import re
import stat
import sys
import time
from pathlib import Path

import pytest

from model.files import atomic_file
from model.files.atomic_file import atomic_path, check_writable, write_atomically
from model.files.regular_files import OddFileError

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


def test_a_full_disk_names_the_file(tmp_path: Path) -> None:
    with (
        pytest.raises(OSError, match=re.escape(str(tmp_path / "full"))),
        atomic_path(tmp_path / "full"),
    ):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@posix
def test_the_temporary_files_suffix_is_that_of_the_link(tmp_path: Path) -> None:
    (tmp_path / "link.keras").symlink_to("none")
    with atomic_path(tmp_path / "link.keras") as temporary:
        assert temporary.suffix == ".keras"
    assert (tmp_path / "none").exists()


def test_what_can_be_written_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    check_writable(tmp_path / "old")
    check_writable(tmp_path / "folder" / "new")
    assert (tmp_path / "old").read_bytes() == b"old"
    assert list((tmp_path / "folder").iterdir()) == []
    with pytest.raises(OSError, match="old"):
        check_writable(tmp_path / "old" / "new")


@posix
@pytest.mark.posix
def test_a_pipe_is_found_before_the_work(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OddFileError):
        check_writable(tmp_path / "pipe")


@posix
@pytest.mark.posix
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


def test_a_write_whose_temporary_file_is_taken_away_says_what_went_wrong(tmp_path: Path) -> None:
    def write() -> None:
        with atomic_path(tmp_path / "a.txt") as temporary:
            temporary.unlink()
            raise RuntimeError("the reason")

    with pytest.raises(RuntimeError, match="the reason"):
        write()


@pytest.mark.parametrize(
    ("suffix", "is_kept"),
    [
        (".keras", True),
        ("." + "x" * 31, True),
        ("." + "x" * 32, False),
        ("." + "é" * 15 + "x", True),  # in bytes, as file systems count
        ("." + "é" * 16, False),
    ],
)
def test_the_temporary_file_keeps_a_suffix_of_no_more_than_32_bytes(
    tmp_path: Path, suffix: str, *, is_kept: bool
) -> None:
    with atomic_path(tmp_path / f"a{suffix}") as temporary:
        assert temporary.suffix == (suffix if is_kept else "")


@posix
def test_the_umask_is_read_without_a_moment_in_which_others_may_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    masks: list[int] = []
    monkeypatch.setattr(os, "umask", lambda mask: masks.append(mask) or 0o027)
    assert atomic_file._read_umask() == 0o027
    assert masks == [0o077, 0o027]


@posix
def test_a_link_that_looks_abandoned_stays(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.touch()
    os.utime(old, (0, 0))
    (tmp_path / ".digitpad-link").symlink_to(old)
    write_atomically(tmp_path / "a.txt", b"new")
    assert (tmp_path / ".digitpad-link").is_symlink()


def test_two_windows_may_sweep_at_the_same_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        left = tmp_path / f".digitpad-{name}"
        left.touch()
        os.utime(left, (0, 0))
    unlink = Path.unlink

    def taken_before(path: Path, *, missing_ok: bool = False) -> None:
        unlink(path)
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", taken_before)
    atomic_file.remove_abandoned(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_listed_is_not_swept(tmp_path: Path) -> None:
    atomic_file.remove_abandoned(tmp_path / "nowhere")


@posix
def test_a_refusal_is_final_where_files_are_never_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def refuse(source: Path, target: Path) -> Path:
        tries.append(target)
        raise PermissionError

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        write_atomically(tmp_path / "a.txt", b"new")
    assert len(tries) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_file_to_write(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):  # noqa: PT011 - which one is the system's affair
        write_atomically(tmp_path / "folder", b"new")


def test_folders_that_are_missing_are_made(tmp_path: Path) -> None:
    target = tmp_path / "one" / "two" / "file.txt"
    write_atomically(target, b"new")
    assert target.read_bytes() == b"new"


def test_a_target_that_stays_open_on_windows_is_tried_for_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries, rests = [], []

    def refuse(source: Path, target: Path) -> Path:
        tries.append(target)
        raise PermissionError

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr(atomic_file.time, "sleep", rests.append)
    with pytest.raises(PermissionError):
        write_atomically(tmp_path / "a.txt", b"new")
    assert sum(rests) == pytest.approx(1)
    assert len(tries) == 21  # before each rest, and after the last


@pytest.mark.parametrize(("age", "is_left"), [(3_600, False), (3_600.5, True)])
def test_a_temporary_file_is_abandoned_after_an_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, age: float, *, is_left: bool
) -> None:
    path = tmp_path / ".digitpad-abc"
    path.touch()
    os.utime(path, (1_000_000, 1_000_000))
    monkeypatch.setattr(atomic_file.time, "time", lambda: 1_000_000 + age)
    atomic_file.remove_abandoned(tmp_path)
    assert path.exists() is not is_left


def test_an_interrupted_write_leaves_nothing(tmp_path: Path) -> None:
    def write() -> None:
        with atomic_path(tmp_path / "a.txt"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert list(tmp_path.iterdir()) == []


def test_the_folder_may_be_there_and_may_be_one_of_many(tmp_path: Path) -> None:
    for _ in range(2):
        write_atomically(tmp_path / "a" / "b.txt", b"new")
    (tmp_path / "a" / ".digitpad-folder").mkdir()
    os.utime(tmp_path / "a" / ".digitpad-folder", (0, 0))
    write_atomically(tmp_path / "a" / "b.txt", b"newer")
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"newer"
    assert (tmp_path / "a" / ".digitpad-folder").is_dir()
