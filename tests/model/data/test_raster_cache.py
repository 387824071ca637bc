import os
from pathlib import Path

import numpy as np
import pytest

from model.data import raster_cache as drawn_cache
from model.data.raster_cache import Arrays, cached_arrays
from model.files.paths import cache_folder


class Maker:
    """Makes an array, and counts how often it was asked to."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> Arrays:
        self.calls += 1
        return {"images": np.full((2, 3), 7, np.uint8), "labels": np.arange(2)}


def kept(make: Maker, *sources: bytes) -> Arrays:
    return cached_arrays(sources or (b"source",), ["images", "labels"], make)


def kept_files() -> list[Path]:
    return sorted((cache_folder() / "drawn").glob("*.npz"))


def test_arrays_are_made_once() -> None:
    make = Maker()
    first, second = kept(make), kept(make)
    assert make.calls == 1
    assert first.keys() == second.keys() == {"images", "labels"}
    for name in first:
        np.testing.assert_array_equal(first[name], second[name])
        assert first[name].dtype == second[name].dtype


def test_other_sources_and_other_ink_are_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    make = Maker()
    kept(make, b"a", b"b")
    kept(make, b"ab")
    kept(make, b"a")
    assert make.calls == 3
    monkeypatch.setattr(drawn_cache, "_ink_fingerprint", lambda: b"another ink")
    kept(make, b"a")
    assert make.calls == 4


def damage_in_the_middle(data: bytes) -> bytes:
    return data[:150] + b"\xff\xff\xff" + data[153:]


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[:-30], damage_in_the_middle]
)
def test_a_damaged_file_is_made_again(damage, caplog: pytest.LogCaptureFixture) -> None:
    make = Maker()
    kept(make)
    (file,) = kept_files()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert (kept(make)["images"] == 7).all()
    assert make.calls == 2
    assert "Making the images" in caplog.text
    assert (kept(make)["labels"] == [0, 1]).all()
    assert make.calls == 2


def test_a_cache_that_cannot_be_written_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("DIGITPAD_CACHE", str(tmp_path / "file"))
    make = Maker()
    assert (kept(make)["images"] == 7).all()
    assert "can't be cached" in caplog.text


def test_the_oldest_files_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    make = Maker()
    kept(make, b"1")
    (oldest,) = kept_files()
    os.utime(oldest, (1, 1))
    size = oldest.stat().st_size
    monkeypatch.setattr(drawn_cache, "MAX_CACHE_BYTES", 2 * size)
    kept(make, b"2")
    assert len(kept_files()) == 2
    kept(make, b"3")
    assert len(kept_files()) == 2
    assert oldest not in kept_files()
