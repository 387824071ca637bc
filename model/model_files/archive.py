"""Reading a `.keras` archive that may be hostile.

Nothing is unpacked to the disk, no member is read before the whole list is judged, and none is
read further than its limit.
"""

import io
import stat
import zipfile
from types import TracebackType

from model.errors import ModelFileError
from model.files.damage import DAMAGE

MAGIC = b"PK\x03\x04"
"""The first bytes of a zip archive with members."""

MAX_MEMBERS = 64
MAX_UNPACKED_BYTES = 640 << 20
MAX_COMPRESSION = 200
"""A member may be at most this many times larger than its compressed form, past the first MiB."""

_CENTRAL_ENTRY = b"PK\x01\x02"

_DAMAGE = (*DAMAGE, OSError)


class Archive:
    """The members of a zip archive, each name once and each size within bounds."""

    def __init__(self, data: bytes) -> None:
        """Check the list of members; their contents are not read yet.

        Args:
            data: The whole file.

        Raises:
            ModelFileError: If the archive is damaged, has odd members or could be a bomb.
        """
        # Counted before the list is parsed: a directory of millions would eat the memory.
        if data.count(_CENTRAL_ENTRY) > 16 * MAX_MEMBERS:
            raise ModelFileError(f"The file is refused: it has more than {MAX_MEMBERS} members.")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise _damaged(error) from error
        self._members = _judged(self._zip.infolist())

    def __enter__(self) -> "Archive":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str, limit: int) -> bytes:
        """Return one member's bytes.

        Args:
            name: The member's name.
            limit: Its largest size, in bytes.

        Raises:
            ModelFileError: If it is missing, larger than the limit, or damaged.
        """
        if name not in self._members:
            raise ModelFileError(
                f"The file is not a Keras model: its member {name} is missing.",
            )
        member = self._members[name]
        if member.file_size > limit:
            raise ModelFileError(
                f"The file is refused: its member {name} unpacks to {member.file_size:,} bytes,"
                f" more than {limit:,}."
            )
        try:
            with self._zip.open(member) as file:
                data = file.read(limit + 1)
        except _DAMAGE as error:
            raise _damaged(error) from error
        if len(data) != member.file_size:
            raise ModelFileError(f"The file is damaged: its member {name} is cut off.")
        return data


def _judged(members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    if len(members) > MAX_MEMBERS:
        raise ModelFileError(f"The file is refused: it has more than {MAX_MEMBERS} members.")
    by_name: dict[str, zipfile.ZipInfo] = {}
    for member in members:
        reason = _why_refused(member, by_name)
        if reason:
            raise ModelFileError(
                f"The file is refused: {reason}.", detail=ascii(member.orig_filename[:200])
            )
        by_name[member.filename] = member
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise ModelFileError(
            f"The file is refused: it unpacks to more than {MAX_UNPACKED_BYTES >> 20} MiB."
        )
    return by_name


def _why_refused(member: zipfile.ZipInfo, seen: dict[str, zipfile.ZipInfo]) -> str:
    """Return what is wrong with a member, or nothing."""
    name = member.orig_filename
    shown = ascii(name[:40])
    if not _is_plain(name):
        return f"its member {shown} has a name that leads out of the archive"
    if member.filename in seen:
        return f"its member {shown} is there twice"
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return f"its member {shown} is a link or a device"
    if member.flag_bits & 1:
        return f"its member {shown} is encrypted"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"its member {shown} is compressed in a way that Keras does not use"
    if member.file_size > (1 << 20) + MAX_COMPRESSION * member.compress_size:
        return f"its member {shown} is a zip bomb"
    return ""


def _is_plain(name: str) -> bool:
    """Whether a member's name is a relative path of ordinary parts."""
    parts = name.rstrip("/").split("/")
    return (
        0 < len(name) <= 200
        and name.isprintable()
        and not set(name) & set('\\:*?"<>|')
        and all(part not in ("", ".", "..") for part in parts)
    )


def _damaged(error: BaseException) -> ModelFileError:
    return ModelFileError(
        "The file is damaged: its archive can't be read. Get it again from where it came from.",
        detail=repr(error),
    )
