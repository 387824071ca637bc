import hashlib
import re
from pathlib import Path

import pytest

from model.data import published_data
from model.data.downloads import DownloadError, PublishedFile
from model.data.published_data import FASHION_MNIST, MNIST, PEN_DIGITS, PublishedData, locate
from model.files.paths import cache_folder
from model.progress import ReportProgress

CONTENT = b"published"
SIZES = (("large", 300), ("small", 100))
UNREACHABLE = "http://127.0.0.1:9/file.gz"


def data(*system_folders: Path) -> PublishedData:
    file = PublishedFile(
        "file.gz", (UNREACHABLE,), hashlib.sha256(CONTENT).hexdigest(), len(CONTENT)
    )
    return PublishedData("some", "Some", (file,), ("file.gz", "file"), system_folders)


def put(folder: Path, name: str = "file.gz", content: bytes = CONTENT) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder


def test_the_folders_are_searched_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    asked, named, system = tmp_path / "asked", tmp_path / "named", tmp_path / "system"
    asked.mkdir()
    with pytest.raises(DownloadError):
        locate(data(system), asked, None)
    put(system)
    assert locate(data(system), asked, None) == system
    cached = put(cache_folder() / "datasets" / "some")
    assert locate(data(system), asked, None) == cached
    monkeypatch.setenv("DIGITPAD_DATA", str(named))
    put(named / "some")
    assert locate(data(system), asked, None) == named / "some"
    put(asked / "some", "file")
    assert locate(data(system), asked, None) == asked / "some"
    assert locate(data(system), None, None) == named / "some"
    assert locate(data(system), asked / "some", None) == asked / "some"
    assert locate(data(system), put(tmp_path / "other"), None) == named / "some"


def test_a_damaged_file_in_the_cache_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    put(cache_folder() / "datasets" / "some", content=b"damaged")
    with pytest.raises(DownloadError):
        locate(data(), None, None)


def test_a_folder_that_lacks_the_data_is_named_when_nothing_can_be_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("DIGITPAD_DATA", str(tmp_path))
    with pytest.raises(DownloadError) as caught:
        locate(data(), None, None)
    assert f"{tmp_path} has no folder some with Some's files." in caught.value.sentence
    assert "can't be downloaded" in caught.value.sentence
    monkeypatch.delenv("DIGITPAD_DATA")
    with pytest.raises(DownloadError) as caught:
        locate(data(), None, None)
    assert "no folder" not in caught.value.sentence


def test_progress_is_that_of_all_files_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deliver(file: PublishedFile, folder: Path, *, title: str, progress: ReportProgress) -> Path:
        progress(f"Downloading {title}", 0.5)
        progress(f"Downloading {title}", 1.0)
        return folder / file.name

    monkeypatch.setattr(published_data, "fetch_file", deliver)
    files = tuple(PublishedFile(name, (UNREACHABLE,), "", size) for name, size in SIZES)
    told: list[tuple[str, float | None]] = []
    locate(PublishedData("some", "Some", files, ()), None, lambda *news: told.append(news))
    assert told == [("Downloading Some", fraction) for fraction in (0.375, 0.75, 0.875, 1.0)]


@pytest.mark.parametrize("published", [MNIST, FASHION_MNIST, PEN_DIGITS])
def test_files_are_known_by_hash_and_size(published: PublishedData) -> None:
    for file in published.files:
        assert re.fullmatch("[0-9a-f]{64}", file.sha256)
        assert file.size > 1000
        # Plain HTTP may only come last: what is fetched over it is known by its hash alone.
        assert file.addresses[0].startswith("https://")
        assert all(address.endswith(file.name) for address in file.addresses)
    assert len({file.sha256 for file in published.files}) == len(published.files)


def test_mnist_at_hand_is_the_one_that_is_published(shared_datasets: Path) -> None:
    for file in published_data.MNIST.files:
        content = (shared_datasets / "mnist" / file.name).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (file.sha256, file.size)
