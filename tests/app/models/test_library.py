"""Which models there are, whatever happens to their files meanwhile."""

import os
import zipfile
from pathlib import Path

import pytest

from app.models.library import ModelLibrary, Origin, renamed, save_copy
from model.errors import ModelFileError
from model.metadata import ModelMetadata
from model.model_files import model_file
from model.model_files.inspection import inspect_model_file
from model.model_files.model_file import file_sha256, read_metadata
from tests.app.planted_models import plant
from tests.made_models import archive, zipped


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "models"


def library_of(folder: Path, *opened: Path) -> ModelLibrary:
    return ModelLibrary(folder, lambda: tuple(map(str, opened)))


def test_without_a_folder_there_is_the_bundled_model(folder):
    models = library_of(folder).models()
    assert [model.origin for model in models] == [Origin.BUNDLED]
    assert models[0].name == "Digitpad network"
    assert models[0].metadata.test_accuracy > 0.9
    assert not models[0].is_own


def test_own_models_come_newest_first_and_opened_ones_after_them(folder, tmp_path):
    plant(folder / "older.keras", accuracy=0.91)
    os.utime(folder / "older.keras", (1, 1))
    plant(folder / "newer.keras", accuracy=0.92)
    plant(tmp_path / "elsewhere.keras", accuracy=0.93)
    models = library_of(folder, tmp_path / "elsewhere.keras", folder / "older.keras").models()
    assert [model.name for model in models[1:]] == ["newer", "older", "elsewhere"]
    assert [model.origin for model in models[1:]] == [Origin.TRAINED, Origin.TRAINED, Origin.OPENED]
    assert [model.metadata.test_accuracy for model in models[1:]] == [0.92, 0.91, 0.93]


@pytest.mark.posix
def test_what_is_no_whole_model_file_is_not_listed(folder, tmp_path):
    folder.mkdir()
    (folder / ".half.keras").write_bytes(b"PK")
    (folder / "notes.txt").write_text("no model")
    (folder / "folder.keras").mkdir()
    os.mkfifo(folder / "pipe.keras")
    assert len(library_of(folder, tmp_path / "gone.keras").models()) == 1


def test_a_damaged_file_is_listed_without_its_record(folder):
    folder.mkdir()
    (folder / "broken.keras").write_bytes(b"not an archive")
    (folder / "old.h5").write_bytes(b"\x89HDF")
    models = library_of(folder).models()[1:]
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
    models = library_of(folder).models()
    assert [(model.name, model.metadata) for model in models[1:]] == [("broken", None)]


def test_a_file_that_changes_is_read_again(folder):
    first = plant(folder / "mine.keras", accuracy=0.91)
    library = library_of(folder)
    assert library.file_of(first) == folder / "mine.keras"
    second = plant(folder / "mine.keras", accuracy=0.97)
    assert library.models()[1].metadata.test_accuracy == 0.97
    assert library.file_of(second) == folder / "mine.keras"
    assert library.file_of(first) is None


def test_a_file_that_can_not_be_a_model_is_only_a_row(folder, monkeypatch):
    folder.mkdir()
    with (folder / "sparse.keras").open("wb") as file:
        file.truncate(20_000_000_000)
    members = b"PK\x01\x02".ljust(46, b"\0") * 100_000
    end = b"PK\x05\x06" + b"\0" * 4 + b"\xff" * 4 + len(members).to_bytes(4, "little") + b"\0" * 6
    (folder / "many.keras").write_bytes(members + end)
    monkeypatch.setattr(zipfile.ZipInfo, "_decodeExtra", never)  # called for each member
    library = ModelLibrary(folder, tuple, bundled=folder / "no such file")
    rows = {model.name: model for model in library.models()}
    assert rows["sparse"].problem == "too large (20.0 GB)"
    assert rows["sparse"].sha256 == ""
    assert rows["many"].problem == "damaged"
    assert rows["many"].metadata is None


def never(*_):
    raise AssertionError("the list of members was read")


def test_a_file_that_grows_while_it_is_read_is_not_hashed_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(model_file, "MAX_FILE_BYTES", 10)
    (tmp_path / "a.keras").write_bytes(b"x" * 11)
    with pytest.raises(ModelFileError, match="larger"):
        file_sha256(tmp_path / "a.keras")


def test_of_very_many_files_the_newest_are_listed(folder, monkeypatch):
    monkeypatch.setattr("app.models.library.MAX_LISTED", 2)
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.h5").write_bytes(b"x")
        os.utime(folder / f"{number}.h5", (number, number))
    assert [model.name for model in library_of(folder).models()[1:]] == ["3", "2"]


@pytest.mark.posix
def test_no_file_has_an_empty_hash(folder):
    folder.mkdir()
    (folder / "secret.keras").write_bytes(b"x")
    (folder / "secret.keras").chmod(0)
    assert library_of(folder).file_of("") is None


def test_a_copy_is_the_same_file(tmp_path):
    sha256 = plant(tmp_path / "mine.keras")
    target = tmp_path / "sub" / "copy.keras"
    save_copy(tmp_path / "mine.keras", target, sha256=sha256, metadata=ModelMetadata())
    assert file_sha256(target) == sha256


def test_a_copy_of_a_file_without_a_record_gets_one(tmp_path):
    source, target = tmp_path / "plain.keras", tmp_path / "copy.keras"
    source.write_bytes(archive())
    record = ModelMetadata(class_names=tuple("abcdefghij"))
    save_copy(source, target, sha256=file_sha256(source), metadata=record)
    assert read_metadata(target).class_names == tuple("abcdefghij")
    assert inspect_model_file(target).has_metadata
    with zipfile.ZipFile(target) as members:
        assert "model.weights.h5" in members.namelist()


def test_another_file_of_that_name_is_not_copied(tmp_path):
    source, target = tmp_path / "mine.keras", tmp_path / "copy.keras"
    plant(source)
    target.write_bytes(b"old")
    with pytest.raises(ModelFileError, match="has changed"):
        save_copy(source, target, sha256="0" * 64, metadata=ModelMetadata())
    assert target.read_bytes() == b"old"


def test_a_copy_keeps_its_ending(tmp_path):
    sha256 = plant(tmp_path / "mine.keras")
    with pytest.raises(ModelFileError, match=r"\.keras"):
        save_copy(
            tmp_path / "mine.keras", tmp_path / "a.h5", sha256=sha256, metadata=ModelMetadata()
        )


def test_a_disk_that_can_not_be_written_leaves_the_old_file(tmp_path, monkeypatch):
    source, target = tmp_path / "mine.keras", tmp_path / "copy.keras"
    sha256 = plant(source)
    target.write_bytes(b"old")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_copy(source, target, sha256=sha256, metadata=ModelMetadata())
    assert target.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_gets_another_name(tmp_path):
    (tmp_path / "a.keras").write_bytes(b"a")
    path = renamed(tmp_path / "a.keras", " Für Österreich 2 ")
    assert path == tmp_path / "Für Österreich 2.keras"
    assert path.read_bytes() == b"a"
    assert not (tmp_path / "a.keras").exists()
    assert renamed(path, "Für Österreich 2") == path


def test_a_name_that_is_taken_stays_with_its_file(tmp_path):
    (tmp_path / "a.keras").write_bytes(b"a")
    (tmp_path / "b.keras").write_bytes(b"b")
    with pytest.raises(ModelFileError, match="already"):
        renamed(tmp_path / "a.keras", "b")
    assert (tmp_path / "a.keras").read_bytes() == b"a"
    assert (tmp_path / "b.keras").read_bytes() == b"b"


@pytest.mark.parametrize(
    "name", ["", "  ", ".hidden", "a/b", "a\\b", "what?", "a\nb", "x" * 101, "b\u202ec"]
)
def test_impossible_names(tmp_path, name):
    (tmp_path / "a.keras").write_bytes(b"a")
    with pytest.raises(ModelFileError, match="name"):
        renamed(tmp_path / "a.keras", name)
    assert (tmp_path / "a.keras").exists()


@pytest.mark.parametrize("name", ["CON", "nul", "Com1", "lpt9.v2", "aux .x", "ends."])
def test_names_that_windows_keeps_for_itself(tmp_path, name):
    (tmp_path / "a.keras").write_bytes(b"a")
    with pytest.raises(ModelFileError, match="Windows"):
        renamed(tmp_path / "a.keras", name)
    assert renamed(tmp_path / "a.keras", "console") == tmp_path / "console.keras"


def test_another_case_is_another_name(tmp_path):
    (tmp_path / "mine.keras").write_bytes(b"a")
    path = renamed(tmp_path / "mine.keras", "Mine")
    assert [entry.name for entry in tmp_path.iterdir()] == ["Mine.keras"]
    assert path.read_bytes() == b"a"


def test_another_case_where_case_is_no_difference(tmp_path, monkeypatch):
    """As on macOS, where both names are the same file, so that the new one is there already."""
    path, target = tmp_path / "mine.keras", tmp_path / "Mine.keras"
    path.write_bytes(b"a")
    monkeypatch.setattr(type(path), "samefile", lambda self, other: other == target)
    monkeypatch.setattr(type(path), "hardlink_to", refuse_as_taken)
    assert renamed(path, "Mine") == target
    assert target.read_bytes() == b"a"


def refuse_as_taken(self, target):
    raise FileExistsError(17, "File exists", str(target))


def test_a_file_that_is_gone(tmp_path):
    with pytest.raises(ModelFileError, match="gone"):
        renamed(tmp_path / "a.keras", "b")


def test_where_files_can_have_one_name_only(tmp_path, monkeypatch):
    def refuse(self, target):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(type(tmp_path), "hardlink_to", refuse)
    (tmp_path / "a.keras").write_bytes(b"a")
    (tmp_path / "b.keras").write_bytes(b"b")
    with pytest.raises(ModelFileError, match="already"):
        renamed(tmp_path / "a.keras", "b")
    assert renamed(tmp_path / "a.keras", "c").read_bytes() == b"a"
