"""One SQLite file that several windows and commands share.

The write-ahead log lets others read while one writes; a writer waits for another one up to
`BUSY_SECONDS`. What was committed survives the end of the process, however abrupt. A damaged file
is set aside under another name, never deleted, and a new one is begun.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from model.database.schema import APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION, TABLES
from model.errors import UserDatabaseError
from model.files.paths import user_data_folder

FILE_NAME = "digitpad.sqlite3"

BUSY_SECONDS = 5.0
"""How long a writer waits for another process's write."""

_ATTEMPTS = 20
_ATTEMPT_SECONDS = 0.05

_ASIDE = "-damaged-"
_LOG_SUFFIXES = ("-wal", "-shm")

Row = tuple[Any, ...]


class _DamagedFileError(Exception):
    """The file is no database, or not a whole one."""


class Database:
    """An open database; any thread may use it, one at a time.

    Attributes:
        path: The file.
        notice: A sentence for the user where a damaged file was set aside; else empty.
    """

    def __init__(self, path: Path | None = None, *, busy_seconds: float = BUSY_SECONDS) -> None:
        """Open the database; create or migrate it if necessary.

        Args:
            path: The file; that of the user by default.
            busy_seconds: How long to wait for another process's write.

        Raises:
            UserDatabaseError: If it can't be opened, is of a newer version, or stays locked.
        """
        self.path = path or user_data_folder() / FILE_NAME
        self.notice = ""
        self._lock = threading.RLock()
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._connection = self._opened(busy_seconds)
        except OSError as error:
            raise UserDatabaseError(
                f"The folder of Digitpad's database, {self.path.parent}, can't be used:"
                f" {error.strerror or error}.",
                detail=f"{self.path}: {error}",
            ) from error
        except sqlite3.Error as error:
            raise _complaint(error, self.path) from error

    def close(self) -> None:
        """Close the file; nothing can be asked afterwards."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Return the rows of a query.

        Raises:
            UserDatabaseError: If the database can't be read.
        """
        with self._lock, self._complaining():
            return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Offer the connection inside a transaction: all of the block is written, or nothing.

        Raises:
            UserDatabaseError: If another process writes for too long, or the disk is full.
        """
        with self._lock, self._complaining(), _transaction(self._connection) as connection:
            yield connection

    def prepare_to_write(self) -> None:
        """Begin the log of changes, which waits for the disk; later writes do not.

        Raises:
            UserDatabaseError: If another process writes for too long, or the disk is full.
        """
        with self.writing() as connection:
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def change_counter(self) -> int:
        """Return a number that changes with each write of another process."""
        return int(self.read("PRAGMA data_version")[0][0])

    def remove_set_aside(self) -> None:
        """Remove damaged files that were set aside, where the system lets us."""
        for path in self.path.parent.glob(f"{self.path.stem}{_ASIDE}*"):
            with suppress(OSError):
                path.unlink()

    @contextmanager
    def _complaining(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _complaint(error, self.path) from error

    def _opened(self, busy_seconds: float) -> sqlite3.Connection:
        identity = _identity(self.path)
        try:
            return _connected(self.path, busy_seconds)
        except _DamagedFileError:
            # Another process may have set it aside in the meantime.
            if _identity(self.path) == identity:
                self.notice = _set_aside(self.path)
        try:
            return _connected(self.path, busy_seconds)
        except _DamagedFileError as damage:
            raise sqlite3.DatabaseError(str(damage)) from damage


def now() -> str:
    """Return the time as the tables hold it."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _connected(path: Path, busy_seconds: float) -> sqlite3.Connection:
    """Connect to a file, check it and migrate it to the current version."""
    connection = sqlite3.connect(
        path, timeout=busy_seconds, isolation_level=None, check_same_thread=False
    )
    try:
        _prepare(connection)
    except sqlite3.Error as error:
        connection.close()
        if is_damage(error):
            raise _DamagedFileError(str(error)) from error
        raise
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    _check_version(connection)
    for (finding,) in connection.execute("PRAGMA quick_check(1)"):
        if finding != "ok":
            raise _DamagedFileError(finding)
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    _migrate(connection)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not tables >= TABLES:
        raise _DamagedFileError(f"missing tables: {', '.join(sorted(TABLES - tables))}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on, once in a file's life."""
    # While two processes make the file, SQLite refuses one of them at once instead of waiting.
    for _attempt in range(_ATTEMPTS - 1):
        if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            return
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not is_busy(error):
                raise
            time.sleep(_ATTEMPT_SECONDS)
    connection.execute("PRAGMA journal_mode = WAL")


def _check_version(connection: sqlite3.Connection) -> None:
    """Refuse a database of a newer version before anything is written to it."""
    # One transaction, one state: another process may be making the tables at this moment.
    connection.execute("BEGIN")
    version = _pragma(connection, "user_version")
    is_ours = _pragma(connection, "application_id") == APPLICATION_ID
    is_empty = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    connection.execute("COMMIT")
    if not is_ours and not is_empty:
        raise _DamagedFileError("the file is another program's database")
    if version > SCHEMA_VERSION:
        raise UserDatabaseError(
            "Digitpad's database was written by a newer version; nothing in it was changed."
            " Update Digitpad to use it.",
            detail=f"version {version}, this program knows {SCHEMA_VERSION}",
        )


def _migrate(connection: sqlite3.Connection) -> None:
    """Migrate a database to the current version, all or nothing."""
    if _pragma(connection, "user_version") == SCHEMA_VERSION:
        return
    with _transaction(connection):
        # Asked again: another process may have done it while this one waited.
        version = _pragma(connection, "user_version")
        for script in MIGRATIONS[version:]:
            for statement in script.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Write all of a block or nothing; a block inside a block belongs to the outer one."""
    if connection.in_transaction:
        yield connection
        return
    # Immediate, because a reader that turns writer would not wait for another writer.
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        # Does nothing after a failure that has rolled back by itself, such as a full disk.
        connection.rollback()
        raise


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error says that the file is no database, or not a whole one."""
    # Python raises the base class for exactly these; an error of the system or of another
    # process is an OperationalError.
    return type(error) is sqlite3.DatabaseError


def is_busy(error: sqlite3.Error) -> bool:
    """Whether an error says that another process is writing."""
    return "locked" in str(error)


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what identifies a file, even after another took its name; None if there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _set_aside(path: Path) -> str:
    """Rename a damaged database with its log; return a sentence that says so."""
    stamp = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.stem}{_ASIDE}{stamp}-{os.getpid()}{path.suffix}")
    # The log first: beside a new database it would be taken for that one's.
    for suffix in _LOG_SUFFIXES:
        with suppress(FileNotFoundError):
            Path(f"{path}{suffix}").replace(f"{aside}{suffix}")
    with suppress(FileNotFoundError):
        path.replace(aside)
    return (
        f"Digitpad's database was damaged; it is kept as {aside.name}, and a new one is begun in"
        f" {path.parent}."
    )


def _complaint(error: sqlite3.Error, path: Path) -> UserDatabaseError:
    """Return the sentence for the user about an error of SQLite."""
    text = str(error)
    if is_busy(error):
        sentence = "Another Digitpad is writing to the database; nothing was changed. Try again."
    elif "full" in text:
        sentence = "The disk is full; nothing was written. Make room and try again."
    elif "readonly" in text:
        sentence = f"The database {path.name} may not be written; nothing was changed."
    elif is_damage(error):
        sentence = (
            f"The database {path.name} is damaged; start Digitpad again, and it is set aside."
        )
    else:
        sentence = f"The database {path.name} can't be used: {text}."
    return UserDatabaseError(sentence, detail=f"{path}: {text}")
