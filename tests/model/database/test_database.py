"""The user's database: shared by processes, and whole whatever happens to its file."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from model.database import database as module
from model.database import schema
from model.database.database import FILE_NAME, Database
from model.errors import UserDatabaseError
from model.files.paths import user_data_folder

ROOT = Path(__file__).resolve().parents[3]

ADD_HAND = "INSERT INTO hands (name, created) VALUES (?, '')"


def add_hand(database: Database, name: str) -> None:
    with database.writing() as connection:
        connection.execute(ADD_HAND, (name,))


def names(database: Database) -> list[str]:
    return [name for (name,) in database.read("SELECT name FROM hands ORDER BY id")]


def start(script: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_lies_in_the_users_data_folder_and_is_found_again():
    with Database() as database:
        add_hand(database, "Ada")
    assert (user_data_folder() / FILE_NAME).is_file()
    with Database() as database:
        assert names(database) == ["Ada"]
        assert database.notice == ""


def write_and_fail(database: Database) -> None:
    with database.writing():
        add_hand(database, "nobody")
        raise ZeroDivisionError


def test_what_a_block_wrote_before_it_failed_is_taken_back(tmp_path: Path):
    with Database(tmp_path / "db") as database:
        add_hand(database, "Ada")
        with pytest.raises(ZeroDivisionError):
            write_and_fail(database)
        assert names(database) == ["Ada"]


def test_a_block_inside_a_block_is_one_transaction(tmp_path: Path):
    with Database(tmp_path / "db") as database:
        with pytest.raises(ZeroDivisionError):
            write_and_fail(database)
        assert names(database) == []


def test_two_windows_share_it_and_notice_each_other(tmp_path: Path):
    with Database(tmp_path / "db") as one, Database(tmp_path / "db") as other:
        before = other.change_counter()
        add_hand(one, "Ada")
        assert names(other) == ["Ada"]
        assert other.change_counter() != before


@pytest.mark.parametrize("damage", ["text", "head", "middle", "log"])
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(tmp_path: Path, damage: str):
    path = tmp_path / FILE_NAME
    with Database(path) as database:
        for number in range(500):
            add_hand(database, f"hand {number} " + "x" * 200)
    whole = path.read_bytes()
    if damage == "text":
        path.write_bytes(b"this is no database\n" * 500)
    elif damage == "head":
        path.write_bytes(b"\0" * 100 + whole[100:])
    elif damage == "middle":
        path.write_bytes(whole[:20_000] + b"\xff" * 30_000 + whole[50_000:])
    else:
        path.write_bytes(whole[: len(whole) // 2])
        Path(f"{path}-wal").write_bytes(b"rubbish" * 1000)
    broken = path.read_bytes()
    with Database(path) as database:
        assert names(database) == []
        assert "damaged" in database.notice
        aside = list(tmp_path.glob("*-damaged-*.sqlite3"))
        assert [p.name in database.notice for p in aside] == [True]
        assert aside[0].read_bytes() == broken
        add_hand(database, "Ada")
    with Database(path) as database:
        assert names(database) == ["Ada"]
        assert database.notice == ""


def test_another_programs_database_is_set_aside(tmp_path: Path):
    path = tmp_path / FILE_NAME
    stranger = sqlite3.connect(path)
    stranger.execute("CREATE TABLE recipes (name)")
    stranger.close()
    with Database(path) as database:
        assert names(database) == []
        assert database.notice


def test_a_database_without_one_of_its_tables_is_set_aside(tmp_path: Path):
    path = tmp_path / FILE_NAME
    with Database(path) as database, database.writing() as connection:
        connection.execute("DROP TABLE drawings")
    with Database(path) as database:
        assert database.notice
        assert database.read("SELECT count(*) FROM drawings") == [(0,)]


def test_what_another_process_set_aside_is_not_set_aside_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / FILE_NAME
    path.write_bytes(b"this is no database\n" * 500)
    connected = module._connected
    is_first = [True]

    def slow(path: Path, busy_seconds: float) -> sqlite3.Connection:
        try:
            return connected(path, busy_seconds)
        except Exception:
            if is_first.pop():  # meanwhile, in the other process
                with Database(path) as other:
                    add_hand(other, "Ada")
            raise

    monkeypatch.setattr(
        module, "_connected", lambda *args: slow(*args) if is_first else connected(*args)
    )
    with Database(path) as database:
        assert names(database) == ["Ada"]
        assert database.notice == ""


def test_a_newer_version_is_refused_and_left_alone(tmp_path: Path):
    path = tmp_path / FILE_NAME
    with Database(path) as database, database.writing() as connection:
        connection.execute(ADD_HAND, ("Ada",))
        connection.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(UserDatabaseError, match="newer version"):
        Database(path)
    assert path.read_bytes() == before


def test_a_locked_database_is_said_and_nothing_is_lost(tmp_path: Path):
    path = tmp_path / FILE_NAME
    with Database(path) as one, Database(path, busy_seconds=0.05) as other:
        add_hand(one, "Ada")
        with one.writing():
            with pytest.raises(UserDatabaseError, match="Another Digitpad"):
                add_hand(other, "Bea")
            assert names(other) == ["Ada"]
        add_hand(other, "Bea")
        assert names(one) == ["Ada", "Bea"]


def test_a_full_disk_is_said_and_nothing_is_lost(tmp_path: Path):
    with Database(tmp_path / "db") as database:
        add_hand(database, "Ada")
        pages = database.read("PRAGMA page_count")[0][0]
        database.read(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(UserDatabaseError, match="disk is full"):
            add_hand(database, "x" * 100_000)
        assert names(database) == ["Ada"]
        database.read("PRAGMA max_page_count = 100000")
        add_hand(database, "Bea")
        assert names(database) == ["Ada", "Bea"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserDatabaseError, match="folder"):
        Database(tmp_path / "file" / "digitpad" / FILE_NAME)


def test_each_earlier_version_becomes_one_of_today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The next migration is tried on databases of every version before it."""
    for version in range(1, schema.SCHEMA_VERSION + 1):
        monkeypatch.setattr(module, "MIGRATIONS", schema.MIGRATIONS[:version])
        monkeypatch.setattr(module, "SCHEMA_VERSION", version)
        path = tmp_path / f"version-{version}"
        with Database(path) as database:
            add_hand(database, "Ada")
        added = (*schema.MIGRATIONS, "CREATE TABLE later (id); UPDATE hands SET created = 'then'")
        monkeypatch.setattr(module, "MIGRATIONS", added)
        monkeypatch.setattr(module, "SCHEMA_VERSION", len(added))
        with Database(path) as database:
            assert database.read("SELECT name, created FROM hands") == [("Ada", "then")]
            assert database.read("SELECT count(*) FROM later") == [(0,)]
            assert database.read("PRAGMA user_version") == [(len(added),)]


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / FILE_NAME
    with Database(path) as database:
        add_hand(database, "Ada")
    broken = (*schema.MIGRATIONS, "DELETE FROM hands; CREATE TABLE hands (id)")
    with monkeypatch.context() as patch:
        patch.setattr(module, "MIGRATIONS", broken)
        patch.setattr(module, "SCHEMA_VERSION", len(broken))
        with pytest.raises(UserDatabaseError):
            Database(path)
    with Database(path) as database:
        assert names(database) == ["Ada"]


@pytest.mark.process
def test_many_processes_make_and_fill_it_at_once(tmp_path: Path):
    path = tmp_path / FILE_NAME
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from model.database.database import Database\n"
        "sys.stdin.read()\n"
        "with Database(Path(sys.argv[1]), busy_seconds=60) as database:\n"
        "    for number in range(20):\n"
        "        with database.writing() as connection:\n"
        f'            connection.execute("{ADD_HAND}", (f"{{sys.argv[2]}}-{{number}}",))\n'
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(path), str(number)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    for child in children:  # all at once
        assert child.stdin is not None
        child.stdin.close()
        child.stdin = None
    for child in children:
        _, errors = child.communicate(timeout=200)
        assert child.returncode == 0, errors
    with Database(path) as database:
        assert len(names(database)) == 80
        assert database.notice == ""


@pytest.mark.process
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_what_was_committed_survives_a_killed_process(tmp_path: Path):
    path = tmp_path / FILE_NAME
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from model.database.database import Database\n"
        "database = Database(Path(sys.argv[1]))\n"
        "with database.writing() as connection:\n"
        f'    connection.execute("{ADD_HAND}", ("kept",))\n'
        "with database.writing() as connection:\n"
        f'    connection.execute("{ADD_HAND}", ("half",))\n'
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    child = start(script, str(path))
    _, errors = child.communicate(timeout=100)
    assert child.returncode == -signal.SIGKILL, errors
    with Database(path) as database:
        assert names(database) == ["kept"]
        assert database.notice == ""


def test_the_file_lists_no_secrets_to_others(tmp_path: Path):
    """What somebody wrote is theirs: the folder that is made for it lets nobody else in."""
    if os.name == "nt":
        pytest.skip("Windows keeps the user's folders by their own lists")
    with Database(tmp_path / "new" / FILE_NAME) as database:
        assert database.path.parent.stat().st_mode & 0o077 == 0
