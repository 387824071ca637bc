"""Reading an HDF5 file that may be hostile.

HDF5 can point at other files in four ways (external links, soft links, external storage, virtual
data sets) and can declare far more data than it stores. Here only plain numbers and plain text
come out, each bounded before a byte of it is read. The library itself is large and written in C;
open untrusted files in a process of their own.
"""

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from model.errors import ModelFileError
from model.model_files.config_json import shown

if TYPE_CHECKING:
    import h5py

MAGIC = b"\x89HDF\r\n\x1a\n"
"""The first bytes of an HDF5 file."""

_HEAP = b"GCOL\1"
"""The first bytes of a heap of texts, with its version."""

# Errors of h5py and zlib on damaged files.
_DAMAGE = (OSError, RuntimeError, KeyError, ValueError, TypeError, OverflowError, zlib.error)

_LINKS_HEAP = b"FRHP\0"
"""The first bytes of a heap of a large group's links, with its version."""

MAX_TEXT_BYTES = 8 << 20
MAX_COPIED_BYTES = 64 << 20
MAX_NAMES = 2_000
MAX_HEAP_OBJECTS = 100_000
MAX_CHUNK_BYTES = 64 << 20

Weights = npt.NDArray[np.float32]


@contextmanager
def open_hdf5(data: bytes) -> "Iterator[h5py.File]":
    """Open an HDF5 file that lies in memory.

    Raises:
        ModelFileError: If it is damaged, here or anywhere inside the block.
    """
    import h5py

    _check_sizes(data)
    _check_links_heaps(data)
    longest_text(data)
    try:
        with h5py.File(io.BytesIO(data), "r") as file:
            yield file
    except _DAMAGE as error:
        raise ModelFileError(
            "The file is damaged: its HDF5 part can't be read. Get it again from where it came"
            " from.",
            detail=repr(error)[:500],
        ) from error


def read_text(group: "h5py.Group", name: str) -> str:
    """Return an attribute that is a text.

    Raises:
        ModelFileError: If it is missing, no text, or too long.
    """
    texts = _texts(group, name) if _count(group, name) == 1 else []
    if not texts:
        raise ModelFileError(f"The file is not a Keras model: it has no {name}.")
    return texts[0]


def read_names(group: "h5py.Group", name: str, longest: int) -> list[str]:
    """Return an attribute that is a list of texts; long lists come in parts, numbered from 0.

    Args:
        group: What has the attribute.
        name: The attribute's.
        longest: The result of `longest_text` for the file.

    Raises:
        ModelFileError: If the texts are too many or too long.
    """
    if name in group.attrs:
        return _names(group, name, longest)
    names: list[str] = []
    for part in range(MAX_NAMES):
        if f"{name}{part}" not in group.attrs:
            break
        names += _names(group, f"{name}{part}", longest)
        if len(names) > MAX_NAMES or sum(map(len, names)) > MAX_TEXT_BYTES:
            raise ModelFileError(f"The file is refused: its attribute {shown(name)} is too large.")
    return names


def longest_text(data: bytes) -> int:
    """Return the length of the longest text in an HDF5 file's heaps, in bytes.

    Raises:
        ModelFileError: If the HDF5 library would never leave a heap. The library (1.14)
            steps from object to object by their sizes, and never leaves one whose size
            is 0.
    """
    # A heap begins with a signature, its version and its size; then objects follow, each with its
    # number, 0 for the free rest, and its size.
    start, steps, longest = data.find(_HEAP), 0, 0
    while start >= 0:
        size = int.from_bytes(data[start + 8 : start + 16], "little")
        heap = data[start : start + min(size, len(data))]
        place = 16
        while place + 16 <= len(heap):
            number = int.from_bytes(heap[place : place + 2], "little")
            stated = int.from_bytes(heap[place + 8 : place + 16], "little")
            step = 16 + -(-stated // 8) * 8 if number else stated
            steps += 1
            if not 16 <= step <= size - place or steps > MAX_HEAP_OBJECTS:
                raise ModelFileError("The file is damaged: a list of texts in it has no end.")
            if number:
                longest = max(longest, stated)
            place += step
        start = data.find(_HEAP, start + 1)
    return longest


def open_group(parent: "h5py.Group", path: str) -> "h5py.Group | None":
    """Return the group at a path of plain links; None if there is none.

    Raises:
        ModelFileError: If a link on the way is not a plain one.
    """
    import h5py

    found: Any = parent
    for part in path.split("/"):
        if not isinstance(found, h5py.Group) or not _has(found, part):
            return None
        found = found[part]
    return found if isinstance(found, h5py.Group) else None


def read_weights(parent: "h5py.Group", path: str, shape: tuple[int, ...]) -> Weights:
    """Return the numbers at a path of plain links.

    Args:
        parent: Where the path begins.
        path: Names, separated by slashes.
        shape: The shape that the network's plan expects there.

    Returns:
        float32, of that shape, every number finite.

    Raises:
        ModelFileError: If they are missing, of another shape or kind, not all in the file itself,
            or not all finite.
    """
    import h5py

    folder, _, name = path.rpartition("/")
    group = open_group(parent, folder) if folder else parent
    found = group[name] if group is not None and _has(group, name) else None
    if not isinstance(found, h5py.Dataset):
        raise ModelFileError(f"The file is damaged: its weights {shown(path)} are missing.")
    _check_storage(found, path)
    if found.shape != shape:
        raise ModelFileError(
            f"The file is damaged: its weights {shown(path)} have the shape {shown(found.shape)},"
            f" but its network needs {shape}."
        )
    _check_chunks(found, path)
    numbers = np.asarray(found[()])
    if numbers.dtype.kind == "V":
        numbers = _from_bfloat16(numbers)
    with np.errstate(over="ignore"):  # what is too large becomes infinite and is refused below
        weights = numbers.astype(np.float32)
    if not np.isfinite(weights).all():
        raise ModelFileError(
            f"The file is refused: its weights {shown(path)} are not all finite numbers; its"
            " training went wrong."
        )
    return weights


def _check_sizes(data: bytes) -> None:
    """Check that addresses and lengths in the file are 8 bytes long, as Keras writes them."""
    # The superblock's version says where the two sizes stand.
    place = 13 if data[8:9] in (b"\0", b"\1") else 9
    if data[place : place + 2] != b"\x08\x08":
        raise ModelFileError(
            "The file is damaged: its HDF5 part does not begin as Keras writes it."
        )


def _check_links_heaps(data: bytes) -> None:
    """Refuse a heap of links that is compressed: HDF5 allocates whatever size it unpacks to.

    After the signature come two bytes for the length of its names, and two for the length of its
    list of filters.
    """
    start = data.find(_LINKS_HEAP)
    while start >= 0:
        if data[start + 7 : start + 9] != b"\0\0":
            raise ModelFileError(
                "The file is refused: a group in it is compressed, which Keras does not do."
            )
        start = data.find(_LINKS_HEAP, start + 1)


def _has(group: "h5py.Group", name: str) -> bool:
    """Whether a group has a plain link of that name; any other kind of link is refused."""
    import h5py

    if not name or name == "." or "\0" in name:
        return False
    key = name.encode("utf-8", "surrogatepass")
    if not group.id.links.exists(key):
        return False
    if group.id.links.get_info(key).type != h5py.h5l.TYPE_HARD:
        raise ModelFileError(
            f"The file is refused: its part {shown(name)} is a link to somewhere else."
        )
    return True


def _check_storage(dataset: "h5py.Dataset", path: str) -> None:
    """Refuse a data set that lies in other files or that could be a bomb."""
    import h5py

    plan = dataset.id.get_create_plist()
    if plan.get_layout() == h5py.h5d.VIRTUAL or plan.get_external_count():
        raise ModelFileError(f"The file is refused: its weights {shown(path)} lie in another file.")
    # Once each, in the order of h5py: in another order deflate unpacks something else.
    known = (h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_FLETCHER32)
    filters = _filters(dataset)
    is_number = dataset.dtype.kind in "fiu" and dataset.dtype.itemsize <= 8
    # Brain floats are two opaque bytes to HDF5.
    if not (is_number or dataset.dtype.str == "|V2") or filters != [
        f for f in known if f in filters
    ]:
        raise ModelFileError(
            f"The file is refused: its weights {shown(path)} are kept in a way that Keras does not"
            " use."
        )
    if dataset.chunks and prod(dataset.chunks) * dataset.dtype.itemsize > MAX_CHUNK_BYTES:
        raise ModelFileError(
            f"The file is refused: its weights {shown(path)} lie in chunks of excessive size."
        )


def _check_chunks(dataset: "h5py.Dataset", path: str) -> None:
    """Refuse a deflated chunk that unpacks to more than a chunk holds.

    HDF5 itself allocates whatever size it unpacks to.
    """
    import h5py

    if not dataset.chunks or h5py.h5z.FILTER_DEFLATE not in _filters(dataset):
        return
    most = prod(dataset.chunks) * dataset.dtype.itemsize
    for part in dataset.iter_chunks():
        place = tuple(axis.start for axis in part)
        if dataset.id.get_chunk_info_by_coord(place).byte_offset is None:
            continue  # never written
        _, packed = dataset.id.read_direct_chunk(place)
        # A checksum may follow the deflated bytes; it is not read.
        if len(zlib.decompressobj().decompress(packed, most + 1)) > most:
            raise ModelFileError(
                f"The file is refused: its weights {shown(path)} unpack to more than they are."
            )


def _filters(dataset: "h5py.Dataset") -> list[int]:
    """Return the numbers of the filters that chunks pass through when they are written."""
    plan = dataset.id.get_create_plist()
    return [plan.get_filter(index)[0] for index in range(plan.get_nfilters())]


def _from_bfloat16(numbers: npt.NDArray[Any]) -> Weights:
    """Widen brain floats: the upper halves of float32."""
    halves = numbers.view(np.uint16).astype(np.uint32) << 16
    return halves.view(np.float32)


def _count(group: "h5py.Group", name: str) -> int:
    """Return how many values an attribute has; 0 if it is missing."""
    return prod(group.attrs.get_id(name).shape) if name in group.attrs else 0


def _names(group: "h5py.Group", name: str, longest: int) -> list[str]:
    """Return the texts of an attribute, all of which may point at one text in a heap."""
    if _count(group, name) * longest > MAX_COPIED_BYTES:
        raise ModelFileError(f"The file is refused: its attribute {shown(name)} is too large.")
    return _texts(group, name)


def _texts(group: "h5py.Group", name: str) -> list[str]:
    """Return the texts of an attribute; none if it is missing or holds no text."""
    import h5py

    if name not in group.attrs:
        return []
    attribute = group.attrs.get_id(name)
    count = prod(attribute.shape)
    if not count:
        return []
    if attribute.get_storage_size() > MAX_TEXT_BYTES or count > MAX_NAMES:
        raise ModelFileError(f"The file is refused: its attribute {shown(name)} is too large.")
    if not isinstance(attribute.get_type(), h5py.h5t.TypeStringID):
        return []
    values = np.atleast_1d(np.asarray(group.attrs[name], object)).ravel()
    texts = [value.decode("utf-8") if isinstance(value, bytes) else str(value) for value in values]
    if sum(map(len, texts)) > MAX_TEXT_BYTES:
        raise ModelFileError(f"The file is refused: its attribute {shown(name)} is too large.")
    return texts
