"""Which models there are, whatever happens to their files meanwhile."""

import os
import zipfile
from pathlib import Path

import pytest

from app.models.library import ModelShelf, Origin
from model.recognizer import BUNDLED_MODEL
from tests.app.planted_models import plant
from tests.made_models import zipped


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "models"


def shelf_of(folder: Path, *opened: Path) -> ModelShelf:
    return ModelShelf(BUNDLED_MODEL, folder, lambda: tuple(map(str, opened)))


def test_without_a_folder_there_is_the_bundled_model(folder):
    models = shelf_of(folder).models()
    assert [model.origin for model in models] == [Origin.BUNDLED]
    assert models[0].name == "Digitpad network"
    assert models[0].metadata.test_accuracy > 0.9
    assert not models[0].is_own


def test_own_models_come_newest_first_and_opened_ones_after_them(folder, tmp_path):
    plant(folder / "older.keras", accuracy=0.91)
    os.utime(folder / "older.keras", (1, 1))
    plant(folder / "newer.keras", accuracy=0.92)
    plant(tmp_path / "elsewhere.keras", accuracy=0.93)
    models = shelf_of(folder, tmp_path / "elsewhere.keras", folder / "older.keras").models()
    assert [model.name for model in models[1:]] == ["newer", "older", "elsewhere"]
    assert [model.origin for model in models[1:]] == [Origin.TRAINED, Origin.TRAINED, Origin.OPENED]
    assert [model.metadata.test_accuracy for model in models[1:]] == [0.92, 0.91, 0.93]


def test_what_is_no_whole_model_file_is_not_listed(folder, tmp_path):
    folder.mkdir()
    (folder / ".half.keras").write_bytes(b"PK")
    (folder / "notes.txt").write_text("no model")
    (folder / "folder.keras").mkdir()
    os.mkfifo(folder / "pipe.keras")
    assert len(shelf_of(folder, tmp_path / "gone.keras").models()) == 1


def test_a_damaged_file_is_listed_without_its_record(folder):
    folder.mkdir()
    (folder / "broken.keras").write_bytes(b"not an archive")
    (folder / "old.h5").write_bytes(b"\x89HDF")
    models = shelf_of(folder).models()[1:]
    assert {model.name for model in models} == {"broken", "old"}
    assert all(model.metadata is None for model in models)


def damaged_record() -> bytes:
    """Return an archive whose record is no deflated data."""
    good = zipped([("digitpad.json", b"{}" + b" " * 200)], zipfile.ZIP_DEFLATED)
    start = good.index(b"digitpad.json") + len("digitpad.json")
    return good[:start] + b"\xff" * 4 + good[start + 4 :]


def cut_record() -> bytes:
    """Return an archive whose record is said to be longer than the file."""
    good = zipped([("digitpad.json", b"{}")])
    place = good.index(b"PK\x01\x02") + 20
    return good[:place] + (1 << 20).to_bytes(4, "little") * 2 + good[place + 8 :]


@pytest.mark.parametrize(
    "data",
    [
        damaged_record(),
        cut_record(),
        zipped([("digitpad.json", b'{"recipe": {"name": ' + b"[" * 100_000)]),
    ],
    ids=["damaged", "cut", "nested"],
)
def test_an_archive_with_a_damaged_record_is_listed(folder: Path, data: bytes):
    folder.mkdir()
    (folder / "broken.keras").write_bytes(data)
    models = shelf_of(folder).models()
    assert [(model.name, model.metadata) for model in models[1:]] == [("broken", None)]


def test_a_file_that_changes_is_read_again(folder):
    first = plant(folder / "mine.keras", accuracy=0.91)
    shelf = shelf_of(folder)
    assert shelf.file_of(first) == folder / "mine.keras"
    second = plant(folder / "mine.keras", accuracy=0.97)
    assert shelf.models()[1].metadata.test_accuracy == 0.97
    assert shelf.file_of(second) == folder / "mine.keras"
    assert shelf.file_of(first) is None


def test_no_file_has_an_empty_hash(folder):
    folder.mkdir()
    (folder / "secret.keras").write_bytes(b"x")
    (folder / "secret.keras").chmod(0)
    assert shelf_of(folder).file_of("") is None
