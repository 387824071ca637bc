"""A copy elsewhere, another name."""

import os
import zipfile

import pytest

from app.models.keeping import renamed, save_copy
from model.errors import ModelFileError
from model.metadata import ModelMetadata
from model.model_files.inspection import inspect_model_file
from model.model_files.model_file import file_sha256, read_metadata
from tests.app.planted_models import plant
from tests.made_models import archive


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


@pytest.mark.parametrize("name", ["", "  ", ".hidden", "a/b", "a\\b", "what?", "a\nb", "x" * 101])
def test_impossible_names(tmp_path, name):
    (tmp_path / "a.keras").write_bytes(b"a")
    with pytest.raises(ModelFileError, match="name"):
        renamed(tmp_path / "a.keras", name)
    assert (tmp_path / "a.keras").exists()


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
