"""The model library: the bundled model, those in the user's folder, those opened elsewhere. No Qt.

Files may come, go and change at any moment, by this window, another one, or by hand. They may
also be anything: `ModelLibrary` reads them within bounds, in a worker thread.
"""

import hashlib
import itertools
import os
import stat
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from app.recognition.current_model import BUNDLED_NAME
from model.errors import ModelFileError, system_reason
from model.files.atomic_file import atomic_path
from model.metadata import MEMBER_NAME, ModelMetadata, shown_name

MODEL_SUFFIXES = (".keras", ".h5", ".hdf5")
"""How files end that may hold a model."""

FOREIGN_SUFFIXES = (
    *(".onnx", ".tflite", ".pb", ".pt", ".pth", ".safetensors", ".mlmodel", ".caffemodel"),
    *(".ckpt", ".weights"),
)
"""How models of other programs end, which can't be opened."""

MAX_LISTED = 1000
"""Of more files in the folder the oldest are not listed."""

MAX_NAME_LENGTH = 100

FORBIDDEN_IN_NAMES = set('/\\<>:"|?*')
"""Characters that some system does not allow in a name; files may move between systems."""

_PORTS = {f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)}
_RESERVED = {"con", "prn", "aux", "nul", *_PORTS}
"""Names that Windows keeps for devices, whatever follows their first dot."""


class Origin(Enum):
    """Where a model comes from."""

    BUNDLED = "bundled"
    TRAINED = "trained"
    OPENED = "opened"


@dataclass(frozen=True)
class ListedModel:
    """One model file, as far as is known without opening it.

    Attributes:
        path: The file.
        origin: Where it comes from.
        sha256: Its hash; empty if it can't be read.
        metadata: Its own record; None if it has none that can be read.
        problem: Why it can't be used, in two or three words; empty if nothing is known against it.
        title: What the window calls it; empty for the name of its file.
    """

    path: Path
    origin: Origin
    sha256: str = ""
    metadata: ModelMetadata | None = None
    problem: str = ""
    title: str = ""

    @property
    def name(self) -> str:
        """What the window calls it."""
        return self.title or shown_name(self.path.stem)

    @property
    def is_own(self) -> bool:
        """Whether it lies in the user's folder of models, to be renamed and deleted."""
        return self.origin is Origin.TRAINED


@dataclass(frozen=True)
class _Contents:
    sha256: str = ""
    metadata: ModelMetadata | None = None
    problem: str = ""


class ModelLibrary:
    """Lists models; a file is read again only when it has changed.

    Its methods read and hash files, so they belong into a worker thread; they may run in several.

    Attributes:
        folder: The user's models; may be missing.
    """

    def __init__(
        self, folder: Path, opened: Callable[[], tuple[str, ...]], bundled: Path | None = None
    ) -> None:
        """Describe a library.

        Args:
            folder: The user's models.
            opened: Returns the files that were opened elsewhere, the newest first.
            bundled: The file that comes with the program; the real one if None.
        """
        self.folder = folder
        self._opened = opened
        self._bundled = bundled
        self._known: dict[tuple[Path, int, int, int], _Contents] = {}
        self._titles: dict[Path, str] = {}
        self._lock = threading.Lock()

    def models(self) -> list[ListedModel]:
        """Return the bundled model, then the user's own, the newest first, then opened ones."""
        with self._lock:
            known: dict[tuple[Path, int, int, int], _Contents] = {}
            titles: dict[Path, str] = {}
            found = []
            for path, origin, seen in self._places():
                key = (path, seen.st_mtime_ns, seen.st_size, seen.st_ino)
                known[key] = contents = self._known.get(key) or _read(path, seen.st_size)
                title = BUNDLED_NAME if origin is Origin.BUNDLED else _free_title(path, titles)
                titles[path] = title
                found.append(
                    ListedModel(
                        path, origin, contents.sha256, contents.metadata, contents.problem, title
                    )
                )
            self._known, self._titles = known, titles
            return found

    def title_of(self, path: Path) -> str:
        """Return what the window calls a model file, as it was listed last; reads nothing."""
        if path == (self._bundled or _bundled_file()):
            return BUNDLED_NAME
        return self._titles.get(path) or _free_title(path, self._titles)

    def file_of(self, sha256: str) -> Path | None:
        """Return the path of the file with a hash, under any name; None if it is gone."""
        fitting = (model.path for model in self.models() if sha256 and model.sha256 == sha256)
        return next(fitting, None)

    def holds(self, path: Path) -> bool:
        """Return whether the library lists an absolute path wherever it was opened."""
        return path.parent == self.folder.absolute() or path == (self._bundled or _bundled_file())

    def _places(self) -> Iterator[tuple[Path, Origin, os.stat_result]]:
        bundled = self._bundled or _bundled_file()
        own = _model_files(self.folder)
        elsewhere = [Path(name) for name in self._opened()]
        yield from _regular([bundled], Origin.BUNDLED)
        yield from _regular(own, Origin.TRAINED)
        others = [path for path in elsewhere if path not in own and path != bundled]
        yield from _regular(others, Origin.OPENED)


def _free_title(path: Path, titles: Mapping[Path, str]) -> str:
    """Return a name for a model file that no other model has."""
    taken = {BUNDLED_NAME.casefold(), *(title.casefold() for title in titles.values())}
    stem = shown_name(path.stem)
    wanted = (stem, f"{stem} ({shown_name(path.parent.name)})", shown_name(path.name))
    numbered = (f"{stem} ({number})" for number in itertools.count(2))
    titles_to_try = itertools.chain(wanted, numbered)
    return next(title for title in titles_to_try if title.casefold() not in taken)


def check_is_model(path: Path) -> None:
    """Refuse by its name a file that is no model that can be opened.

    Raises:
        ModelFileError: If it is a folder or of another suffix.
    """
    name, known = shown_name(path.name), ".keras, .h5 or .hdf5"
    if path.is_dir():
        raise ModelFileError(f"{name} is a folder; open the model file ({known}) in it.")
    if path.suffix.lower() not in MODEL_SUFFIXES:
        raise ModelFileError(
            f"{name} is not a model file that Digitpad can open: it opens Keras models, files that"
            f" end in {known}."
        )


IF_DELETED = "if it was deleted, Models can bring it back"
"""The way out where the file of a model is gone."""


def missing_words(name: str, *, is_replaced: bool) -> str:
    """Return the beginning of a sentence about a model whose file is not found by its hash.

    Args:
        name: What the window calls the model.
        is_replaced: Whether there is another file in its place.
    """
    what = "was replaced by another one" if is_replaced else "is gone"
    return f"The file of {name} {what}"


def is_replaced(path: Path | None) -> bool:
    """Return whether there is a file in a model's place; call it in a thread.

    Args:
        path: Where the model's file was; None for the network that comes with the program.
    """
    return (path or _bundled_file()).is_file()


def save_copy(source: Path, target: Path, *, sha256: str, metadata: ModelMetadata) -> None:
    """Copy a model file, whole or not at all; an archive without a record gets one.

    Args:
        source: The file.
        target: The copy; it replaces a file that is there.
        sha256: The expected hash: another file may have taken the name.
        metadata: The record, which Keras ignores.

    Raises:
        ModelFileError: If the file is gone or another one now, or the suffix is not its own.
        OSError: If the copy can't be written.
    """
    from model.model_files.inspection import read_model_bytes
    from model.model_files.model_file import add_metadata, read_metadata

    if target.suffix.lower() != source.suffix.lower():
        raise ModelFileError(f"This model is kept as {source.suffix}; give the copy that ending.")
    data = read_model_bytes(source)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ModelFileError(f"{source.name} has changed since it was opened; open it again.")
    with atomic_path(target) as temporary:
        temporary.write_bytes(data)
        if source.suffix.lower() == ".keras" and MEMBER_NAME.encode() not in data:
            add_metadata(temporary, metadata)
            read_metadata(temporary)  # What can't be read again is not kept.


def file_stem(name: str) -> str:
    """Return a model's name without the characters that file names can't hold."""
    allowed = ("-" if sign in FORBIDDEN_IN_NAMES else sign for sign in name)
    return "".join(allowed).strip(". ") or "model"


def renamed(path: Path, name: str) -> Path:
    """Give a model file another name, without touching a file that has it already.

    Args:
        path: The file.
        name: The new name, without its suffix.

    Returns:
        The new path.

    Raises:
        ModelFileError: If the name is impossible or taken, or the file is gone.
    """
    name = name.strip()
    if not name or name.startswith(".") or len(name) > MAX_NAME_LENGTH or not name.isprintable():
        raise ModelFileError("A model's name needs 1 to 100 letters, and no dot as its first.")
    if FORBIDDEN_IN_NAMES & set(name):
        raise ModelFileError(
            f"A model's name can't hold any of {' '.join(sorted(FORBIDDEN_IN_NAMES))}."
        )
    if name.partition(".")[0].strip().casefold() in _RESERVED or name.endswith("."):
        raise ModelFileError(f"Windows does not allow the name {name}; choose another one.")
    return moved(path, path.with_name(f"{name}{path.suffix}"))


def moved(path: Path, target: Path) -> Path:
    """Give a model file a name that it may have, without touching a file that has it already.

    Args:
        path: The file.
        target: Its path from now on.

    Returns:
        The new path.

    Raises:
        ModelFileError: If the name is taken, or the file is gone.
    """
    if target == path:
        return path
    try:
        _move(path, target)
    except FileExistsError as error:
        raise ModelFileError(
            f"There is a model {target.stem} already; choose another name."
        ) from error
    except FileNotFoundError as error:
        raise ModelFileError(f"{path.name} is gone; another program has moved it.") from error
    except OSError as error:
        raise ModelFileError(
            f"{path.name} can't be renamed: {system_reason(error)}.", detail=str(error)
        ) from error
    return target


def _move(path: Path, target: Path) -> None:
    """Rename, but never over another file, not even over one that comes at this very moment."""
    is_same = path.stem.casefold() == target.stem.casefold() and _is_same_file(path, target)
    if os.name == "nt" or is_same:
        path.rename(target)  # Windows refuses by itself; a file's own name can't be lost
        return
    try:
        target.hardlink_to(path)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:  # A file system without hard links.
        if target.exists():
            raise FileExistsError(str(target)) from None
        path.rename(target)
    else:
        path.unlink()


def _is_same_file(path: Path, target: Path) -> bool:
    """Whether two names are one file, as on file systems that ignore case."""
    try:
        return path.samefile(target)
    except OSError:
        return False


def _bundled_file() -> Path:
    from model.recognizer import BUNDLED_MODEL

    return BUNDLED_MODEL


def _model_files(folder: Path) -> list[Path]:
    """Return a folder's model files, the newest first; hidden ones are not whole yet."""
    try:
        paths = [path for path in folder.iterdir() if path.suffix.lower() in MODEL_SUFFIXES]
    except OSError:
        return []
    shown = (path for path in paths if not path.name.startswith("."))
    newest = sorted(_regular(shown, Origin.TRAINED), key=lambda row: -row[2].st_mtime_ns)
    return [path for path, _, _ in newest[:MAX_LISTED]]


def _regular(
    paths: Iterable[Path], origin: Origin
) -> Iterator[tuple[Path, Origin, os.stat_result]]:
    for path in paths:
        try:
            seen = path.stat()
        except (OSError, ValueError):
            continue  # It is gone, or was never a name.
        if stat.S_ISREG(seen.st_mode):
            yield path, origin, seen


def _read(path: Path, size_bytes: int) -> _Contents:
    from model.model_files.model_file import MAX_FILE_BYTES, file_sha256, read_metadata

    if size_bytes > MAX_FILE_BYTES:
        return _Contents(problem=f"too large ({size_bytes / 1e9:.1f} GB)")
    try:
        sha256 = file_sha256(path)
    except ModelFileError:
        return _Contents(problem="can't be read")
    try:
        metadata = read_metadata(path)
    except ModelFileError:
        is_archive = path.suffix.lower() == ".keras"
        return _Contents(sha256, problem="damaged" if is_archive else "")
    return _Contents(sha256, metadata if metadata != ModelMetadata() else None)
