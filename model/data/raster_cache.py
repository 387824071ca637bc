"""What was drawn once: images made from strokes or pictures, kept in the user's cache.

Drawing 10,000 digits takes seconds, and reading them back none. A kept file that is missing or
damaged only means that the images are made again.
"""

import functools
import hashlib
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from model.data.npz_files import read_npz
from model.errors import DatasetError
from model.files.atomic_file import atomic_path
from model.files.paths import cache_folder
from model.ink import Strokes, ink_from_strokes

Arrays = dict[str, npt.NDArray[np.generic]]

MAX_KEPT_BYTES = 1 << 30
"""Beyond this the files that were made longest ago are removed."""

_logger = logging.getLogger(__name__)


def kept_arrays(sources: Iterable[bytes], names: list[str], make: Callable[[], Arrays]) -> Arrays:
    """Return the arrays that were made from the same sources before, or make and keep them.

    Args:
        sources: Everything that decides what is made, ink aside.
        names: Of the arrays.
        make: Makes them.
    """
    digest = hashlib.sha256(_ink_fingerprint())
    for source in sources:
        digest.update(hashlib.sha256(source).digest())
    path = cache_folder() / "drawn" / f"{digest.hexdigest()}.npz"
    arrays = _read(path, names)
    if arrays is None:
        arrays = make()
        _write(path, arrays)
    return arrays


@functools.cache
def _ink_fingerprint() -> bytes:
    """What ink makes of a few strokes: another ink, another fingerprint."""
    angles = np.linspace(0, 5, 40)
    spiral = np.stack([angles * np.cos(angles), angles * np.sin(angles)], axis=1)
    drawings: list[Strokes] = [
        [[(0, 0), (3, 7)], [(3, 1), (3, 1)]],
        [spiral],
        [spiral[::-1] * 100, [(9, 9)]],
    ]
    return b"".join(ink_from_strokes(strokes).tobytes() for strokes in drawings)


def _read(path: Path, names: list[str]) -> Arrays | None:
    if not path.is_file():
        return None
    try:
        arrays = read_npz(path, names)
    except DatasetError as error:
        _logger.warning("Drawing again what %s held: %s", path, error)
        return None
    return arrays if arrays.keys() == set(names) else None


def _write(path: Path, arrays: Arrays) -> None:
    """Keep arrays; where that fails, they are drawn again the next time."""
    try:
        with atomic_path(path) as temporary, temporary.open("wb") as file:
            np.savez(file, **cast(dict[str, Any], arrays))
        _remove_oldest(path)
    except OSError as error:
        _logger.warning("The drawn images can't be kept in %s: %s", path.parent, error)


def _remove_oldest(kept: Path) -> None:
    files = [(path.stat(), path) for path in kept.parent.glob("*.npz") if path != kept]
    total = kept.stat().st_size
    for status, path in sorted(files, key=lambda entry: entry[0].st_mtime, reverse=True):
        total += status.st_size
        if total > MAX_KEPT_BYTES:
            path.unlink(missing_ok=True)
