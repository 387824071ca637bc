"""Downloads from a publisher on the loopback interface that cuts, lies and refuses."""

import errno
import gzip
import hashlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from model.data import datasets, readers
from model.data.downloads import DownloadError, PublishedFile, fetch_file

CONTENT = bytes(range(256)) * 2000
BUILT_IN_OFFER = "built-in strokes, which need no download"


class Publisher(ThreadingHTTPServer):
    """Answers each path with what a test put there.

    Attributes:
        answers: Path to a function that is given the request's handler.
        requests: Path and range of each request, in order.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Callable[[_Handler], None]] = {}
        self.requests: list[tuple[str, str | None]] = []

    def address(self, path: str, answer: Callable[["_Handler"], None]) -> str:
        self.answers[path] = answer
        return f"http://127.0.0.1:{self.server_port}{path}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Connections break here on purpose."""


class _Handler(BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        self.server.requests.append((self.path, self.headers["Range"]))
        self.server.answers[self.path](self)

    def log_message(self, *_arguments: object) -> None:
        """Keep the tests' output clean."""

    def send(self, content: bytes, *, length: int | None = None, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Publisher() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def whole(handler: _Handler) -> None:
    handler.send(CONTENT)


def missing(handler: _Handler) -> None:
    handler.send_error(404)


def other_content(handler: _Handler) -> None:
    handler.send(CONTENT[:-1] + b"!")


def cut_after_half(handler: _Handler) -> None:
    handler.send(CONTENT[: len(CONTENT) // 2], length=len(CONTENT))


def cut_but_resumable(handler: _Handler) -> None:
    """Send at most a third at a time, from where the request asks."""
    start = int((handler.headers["Range"] or "bytes=0-")[6:-1])
    part = CONTENT[start : start + len(CONTENT) // 3 + 1]
    handler.send(part, length=len(CONTENT) - start, status=206 if start else 200)


def endless(handler: _Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(CONTENT)


def published(*addresses: str) -> PublishedFile:
    return PublishedFile("file.gz", addresses, hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))


def fetch(file: PublishedFile, folder: Path) -> Path:
    return fetch_file(file, folder, title="MNIST")


def test_a_file_is_fetched_once_and_its_progress_told(publisher: Publisher, tmp_path: Path) -> None:
    file = published(publisher.address("/a", whole))
    told: list[tuple[str, float | None]] = []
    path = fetch_file(
        file, tmp_path / "new" / "mnist", title="MNIST", progress=lambda *news: told.append(news)
    )
    assert path == tmp_path / "new" / "mnist" / "file.gz"
    assert path.read_bytes() == CONTENT
    fractions = [fraction for _, fraction in told]
    assert told[-1] == ("Downloading MNIST", 1.0)
    assert len(fractions) > 3
    assert fractions == sorted(fractions)
    assert fetch(file, path.parent) == path
    assert len(publisher.requests) == 1


def test_a_damaged_file_is_fetched_again(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "file.gz").write_bytes(CONTENT[:100])
    fetch(published(publisher.address("/a", whole)), tmp_path)
    assert (tmp_path / "file.gz").read_bytes() == CONTENT


@pytest.mark.parametrize("fault", [missing, other_content, cut_after_half, endless])
def test_the_second_address_serves_where_the_first_fails(
    publisher: Publisher, tmp_path: Path, fault: Callable[[_Handler], None]
) -> None:
    file = published(publisher.address("/a", fault), publisher.address("/b", whole))
    assert fetch(file, tmp_path).read_bytes() == CONTENT
    assert publisher.requests[-1] == ("/b", None)
    assert [path.name for path in tmp_path.iterdir()] == ["file.gz"]


def test_a_cut_connection_is_taken_up_where_it_ended(publisher: Publisher, tmp_path: Path) -> None:
    file = published(publisher.address("/a", cut_but_resumable))
    assert fetch(file, tmp_path).read_bytes() == CONTENT
    starts = [int((asked or "bytes=0-")[6:-1]) for _, asked in publisher.requests]
    assert len(starts) >= 3
    assert starts == sorted(set(starts)), "each request asks for what is still missing"


def test_an_address_that_cannot_resume_starts_again(publisher: Publisher, tmp_path: Path) -> None:
    def cut_once(handler: _Handler) -> None:
        (whole if handler.headers["Range"] else cut_after_half)(handler)

    file = published(publisher.address("/a", cut_once))
    assert fetch(file, tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (missing, "127.0.0.1 answered 404 Not Found"),
        (other_content, "127.0.0.1 sent another file than the one published"),
        (endless, "127.0.0.1 sent another file than the one published"),
        (cut_after_half, "127.0.0.1 cut the connection"),
    ],
)
def test_a_failure_is_a_sentence_and_leaves_nothing(
    publisher: Publisher, tmp_path: Path, fault: Callable[[_Handler], None], reason: str
) -> None:
    with pytest.raises(DownloadError) as caught:
        fetch(published(publisher.address("/a", fault)), tmp_path)
    assert caught.value.sentence.startswith(f"MNIST can't be downloaded: {reason}. Try again")
    assert BUILT_IN_OFFER in caught.value.sentence
    assert "/a" in caught.value.detail
    assert not list(tmp_path.iterdir())


def test_without_a_network_it_offers_the_built_in_strokes(tmp_path: Path) -> None:
    with socket.socket() as unused:
        # Bound but not listening: a connection is refused, and nobody else gets the port.
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        file = published(f"http://127.0.0.1:{port}/a", f"http://127.0.0.1:{port}/b")
        with pytest.raises(DownloadError, match="no connection to the network") as caught:
            fetch(file, tmp_path)
    assert BUILT_IN_OFFER in caught.value.sentence


def test_a_full_disk_says_how_much_is_needed_and_where(
    publisher: Publisher, tmp_path: Path
) -> None:
    def fill_the_disk(_activity: str, _fraction: float | None) -> None:
        # Raised in the middle of the writing, as the system does.
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DownloadError, match=r"The disk is full: MNIST needs 1 MB") as caught:
        fetch_file(
            published(publisher.address("/a", whole)),
            tmp_path,
            title="MNIST",
            progress=fill_the_disk,
        )
    assert str(tmp_path) in caught.value.sentence
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_says_which(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DownloadError, match=r"can't be kept in .*: Not a directory") as caught:
        fetch(published(publisher.address("/a", whole)), tmp_path / "file" / "mnist")
    assert "DIGITPAD_CACHE" in caught.value.sentence
    assert not publisher.requests


def test_a_data_set_that_is_nowhere_is_downloaded_once(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    published_files = []
    for name, content in idx_files().items():
        address = publisher.address(f"/{name}", lambda handler, sent=content: handler.send(sent))
        sha256 = hashlib.sha256(content).hexdigest()
        published_files.append(PublishedFile(name, (address,), sha256, len(content)))
    monkeypatch.setattr(readers, "MNIST", replace(readers.MNIST, files=tuple(published_files)))
    for _ in range(2):
        assert datasets.load_dataset("mnist").train_labels.tolist() == list(range(10))
        assert len(publisher.requests) == 4


def idx_files() -> dict[str, bytes]:
    """Make MNIST's four files with one black image of each digit in both parts."""
    images = struct.pack(">HBB3I", 0, 8, 3, 10, 28, 28) + bytes(7840)
    labels = struct.pack(">HBBI", 0, 8, 1, 10) + bytes(range(10))
    return {
        f"{part}-{kind}-ubyte.gz": gzip.compress(content)
        for part in ("train", "t10k")
        for kind, content in (("images-idx3", images), ("labels-idx1", labels))
    }
