"""Downloads of published files: from the first address that works, checked by hash.

`pooch` keeps the files: a file that is whole and has its hash is not fetched again, and one that
arrives is hashed under a temporary name before it gets its own. What travels over the network is
counted here, so that the user sees how far it is and an address cannot send without end.
"""

import errno
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from model.errors import DatasetError
from model.progress import ReportProgress

if TYPE_CHECKING:
    import requests

CONNECT_SECONDS = 10.0
IDLE_TIMEOUT_SECONDS = 30.0
"""An address that sends nothing for this time has failed."""

RESUMPTIONS = 4
"""Number of times that a cut connection is resumed, at each address."""

CHUNK_BYTES = 1 << 16


class DownloadError(DatasetError):
    """A data set can't be downloaded."""


@dataclass(frozen=True)
class PublishedFile:
    """A file as its publisher offers it.

    Attributes:
        name: Under which it is kept.
        addresses: Where it lies, the best one first.
        sha256: Its hash, in hexadecimal digits.
        size: In bytes.
    """

    name: str
    addresses: tuple[str, ...]
    sha256: str
    size: int


def fetch_file(
    file: PublishedFile, folder: Path, *, title: str, progress: ReportProgress | None = None
) -> Path:
    """Return the file's path in a folder, and fetch it first if it is missing or damaged.

    Args:
        file: What to fetch.
        folder: Where it is kept; made if it is missing.
        title: Name of the data in messages and to `progress`.
        progress: Called after each chunk.

    Raises:
        DownloadError: If no address delivers, or the file can't be written.
    """
    # Imported here, because requests takes 0.2 s to import and only a download needs it.
    import pooch
    import requests

    pooch.get_logger().setLevel("ERROR")
    failures = []
    for address in file.addresses:
        transfer = _Transfer(file.size, _reporter(title, progress))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = pooch.retrieve(
                address, file.sha256, fname=file.name, path=folder, downloader=transfer
            )
            return Path(path)
        except requests.RequestException as error:
            failures.append(_Failure(address, _reason(error), str(error)))
        except (_NotAsPublishedError, ValueError) as error:
            # pooch raises ValueError for another hash.
            failures.append(
                _Failure(address, "sent another file than the one published", str(error))
            )
        except OSError as error:
            raise _unwritable(error, folder, file, title) from error
    raise _undelivered(title, failures)


class _NotAsPublishedError(Exception):
    """An address sends more than the file holds."""


@dataclass(frozen=True)
class _Failure:
    """Why an address failed.

    Attributes:
        address: The whole address.
        reason: The rest of a sentence that begins with the address's host.
        detail: The library's own words.
    """

    address: str
    reason: str
    detail: str

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or self.address


NO_CONNECTION = "could not be reached"


def _reason(error: "requests.RequestException") -> str:
    import requests

    if error.response is not None:
        return f"answered {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.exceptions.SSLError):
        return "could not prove that it is the right server"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "cut the connection"
    if isinstance(error, requests.Timeout):
        return "did not answer in time"
    return NO_CONNECTION


def _undelivered(title: str, failures: list[_Failure]) -> DownloadError:
    if all(failure.reason == NO_CONNECTION for failure in failures):
        what = f"{title} can't be downloaded, because there is no connection to the network."
    else:
        told = "; ".join(f"{failure.host} {failure.reason}" for failure in failures)
        what = f"{title} can't be downloaded: {told}."
    return DownloadError(
        f"{what} Try again later, or use the built-in strokes, which need no download.",
        detail="\n".join(
            [
                *(f"{failure.address}: {failure.detail}" for failure in failures),
                "The folder that the variable DIGITPAD_DATA names is searched first.",
            ]
        ),
    )


def _unwritable(error: OSError, folder: Path, file: PublishedFile, title: str) -> DownloadError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        megabytes = max(1, round(file.size / 1e6))
        return DownloadError(
            f"The disk is full: {title} needs {megabytes} MB more in {folder}. Make room, or set"
            " DIGITPAD_CACHE to a folder on another disk.",
            detail=str(error),
        )
    return DownloadError(
        f"{title} can't be kept in {folder}: {error.strerror or error}. Set DIGITPAD_CACHE to a"
        " folder that you can write to.",
        detail=str(error),
    )


def _reporter(title: str, progress: ReportProgress | None) -> Callable[[float], None]:
    def report(fraction: float) -> None:
        if progress is not None:
            progress(f"Downloading {title}", fraction)

    return report


class _Transfer:
    """Downloads one address into a file; pooch calls it as its downloader."""

    def __init__(self, size: int, report: Callable[[float], None]) -> None:
        self._size = size
        self._report = report

    def __call__(self, address: str, target: str, _pooch: object) -> None:
        """Write what an address sends to `target`, resuming where the connection is cut."""
        import requests

        with Path(target).open("wb") as output:
            for attempt in range(RESUMPTIONS + 1):
                received = output.tell()
                try:
                    self._receive(address, output)
                except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
                    # Nothing came, or the connection was cut too often: the next address is tried.
                    if output.tell() == received or attempt == RESUMPTIONS:
                        raise
                    if output.tell() < self._size:
                        continue
                return

    def _receive(self, address: str, output: BinaryIO) -> None:
        import requests

        # requests would unpack the file in transit, and its hash would differ.
        headers = {"Accept-Encoding": "identity", "Range": f"bytes={output.tell()}-"}
        if not output.tell():
            del headers["Range"]
        with requests.get(
            address, headers=headers, stream=True, timeout=(CONNECT_SECONDS, IDLE_TIMEOUT_SECONDS)
        ) as response:
            response.raise_for_status()
            if response.status_code != requests.codes.partial_content:
                output.seek(0)
                output.truncate()
            for chunk in response.iter_content(CHUNK_BYTES):
                output.write(chunk)
                if output.tell() > self._size:
                    raise _NotAsPublishedError(f"more than {self._size} bytes")
                self._report(output.tell() / self._size)
