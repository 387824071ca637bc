"""The models there are: the bundled one, those in the user's folder, those opened elsewhere.

No Qt. Files may come, go and change at any moment, by this window, another one, or by hand.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from app.recognition.current_model import BUNDLED_NAME, MODEL_SUFFIXES
from model.errors import ModelFileError
from model.metadata import ModelMetadata
from model.model_files.model_file import file_sha256, read_metadata


class Origin(Enum):
    """Where a model is from."""

    BUNDLED = "bundled"
    TRAINED = "trained"
    OPENED = "opened"


@dataclass(frozen=True)
class ShelvedModel:
    """One model file, as far as can be told without opening it.

    Attributes:
        path: The file.
        origin: Where it is from.
        sha256: Its hash; empty where it can't be read.
        metadata: Its own record; None where it has none that can be read.
    """

    path: Path
    origin: Origin
    sha256: str
    metadata: ModelMetadata | None

    @property
    def name(self) -> str:
        """Under which people know it."""
        return BUNDLED_NAME if self.origin is Origin.BUNDLED else self.path.stem

    @property
    def is_own(self) -> bool:
        """Whether it lies in the user's folder of models, to be renamed and deleted."""
        return self.origin is Origin.TRAINED


@dataclass(frozen=True)
class _Contents:
    sha256: str
    metadata: ModelMetadata | None


class ModelShelf:
    """Lists models; a file is read again only when it has changed."""

    def __init__(self, bundled: Path, folder: Path, opened: Callable[[], tuple[str, ...]]) -> None:
        """Make a shelf.

        Args:
            bundled: The file that comes with the program.
            folder: The user's models; may be missing.
            opened: Says which files were opened elsewhere, the newest first.
        """
        self.folder = folder
        self._bundled = bundled
        self._opened = opened
        self._known: dict[tuple[Path, int, int, int], _Contents] = {}

    def models(self) -> list[ShelvedModel]:
        """Return the bundled model, then the user's own, the newest first, then opened ones."""
        known: dict[tuple[Path, int, int, int], _Contents] = {}
        found = []
        for path, origin in self._places():
            try:
                seen = path.stat()
            except OSError:
                continue  # Gone since the folder was listed.
            key = (path, seen.st_mtime_ns, seen.st_size, seen.st_ino)
            known[key] = self._known.get(key) or _read(path)
            found.append(ShelvedModel(path, origin, known[key].sha256, known[key].metadata))
        self._known = known
        return found

    def file_of(self, sha256: str) -> Path | None:
        """Return a file with that hash; None where there is none any more."""
        fitting = (model.path for model in self.models() if sha256 and model.sha256 == sha256)
        return next(fitting, None)

    def _places(self) -> Iterator[tuple[Path, Origin]]:
        if self._bundled.is_file():
            yield self._bundled, Origin.BUNDLED
        own = _model_files(self.folder)
        for path in own:
            yield path, Origin.TRAINED
        elsewhere = (Path(name) for name in self._opened())
        for path in elsewhere:
            if path not in own and path != self._bundled and _is_file(path):
                yield path, Origin.OPENED


def _model_files(folder: Path) -> list[Path]:
    """Return a folder's model files, the newest first; hidden ones are not whole yet."""
    try:
        paths = [path for path in folder.iterdir() if path.suffix.lower() in MODEL_SUFFIXES]
    except OSError:
        return []
    shown = [path for path in paths if not path.name.startswith(".") and _is_file(path)]
    return sorted(shown, key=_age, reverse=True)


def _age(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0  # Gone this very moment.


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _read(path: Path) -> _Contents:
    try:
        sha256 = file_sha256(path)
    except ModelFileError:
        return _Contents("", None)
    try:
        metadata = read_metadata(path)
    except ModelFileError:
        return _Contents(sha256, None)
    return _Contents(sha256, metadata if metadata != ModelMetadata() else None)
