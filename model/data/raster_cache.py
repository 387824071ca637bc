"""The raster cache: images made from strokes or pictures, kept in the user's cache folder.

Rasterizing 10,000 drawings takes seconds; reading them back takes none. Where a cached file is
missing or damaged, the images are made again.
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

MAX_CACHE_BYTES = 1 << 30
"""Beyond this size the oldest files are removed."""

_logger = logging.getLogger(__name__)


def cached_arrays(sources: Iterable[bytes], names: list[str], make: Callable[[], Arrays]) -> Arrays:
    """Return the arrays made from these sources: out of the cache, or made now and cached.

    Args:
        sources: Everything that the arrays depend on, except how ink is drawn.
        names: Names of the arrays.
        make: Makes the arrays.
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
    """Return the ink images of a few strokes, which change with the way of drawing ink."""
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
        _logger.warning("Making the images of %s again: %s", path, error)
        return None
    return arrays if arrays.keys() == set(names) else None


def _write(path: Path, arrays: Arrays) -> None:
    """Cache arrays; if that fails, they are made again the next time."""
    try:
        with atomic_path(path) as temporary, temporary.open("wb") as file:
            np.savez(file, **cast(dict[str, Any], arrays))
        _remove_oldest(path)
    except OSError as error:
        _logger.warning("The images can't be cached in %s: %s", path.parent, error)


def _remove_oldest(newest: Path) -> None:
    files = [(path.stat(), path) for path in newest.parent.glob("*.npz") if path != newest]
    total = newest.stat().st_size
    for status, path in sorted(files, key=lambda entry: entry[0].st_mtime, reverse=True):
        total += status.st_size
        if total > MAX_CACHE_BYTES:
            path.unlink(missing_ok=True)
