"""A model's file is told by its hash, whatever it is called."""

from pathlib import Path

from app.models.origin import file_of
from app.recognition.current_model import ModelInUse
from model.model_files.model_file import file_sha256


class Converted:
    """As much of a recognizer as a file is found by."""

    def __init__(self, source_sha256: str) -> None:
        self.source_sha256 = source_sha256


def test_the_file_is_found_among_others_and_gone_ones(tmp_path: Path) -> None:
    one, other = tmp_path / "one.keras", tmp_path / "other.keras"
    one.write_bytes(b"one")
    other.write_bytes(b"other")
    model = ModelInUse(Converted(file_sha256(other)), "renamed since")
    assert file_of(model, [tmp_path / "gone.keras", tmp_path, one, other]) == other


def test_a_file_that_was_written_over_is_not_it(tmp_path: Path) -> None:
    file = tmp_path / "one.keras"
    file.write_bytes(b"one")
    model = ModelInUse(Converted(file_sha256(file)), "one")
    file.write_bytes(b"another")
    assert file_of(model, [file]) is None


def test_a_model_without_a_hash_has_no_file(tmp_path: Path) -> None:
    assert file_of(ModelInUse(Converted(""), "made up"), [tmp_path / "gone.keras"]) is None
