"""Loading converted networks, whoever made them and their records."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from model.errors import ModelFileError
from model.metadata import DIGIT_NAMES, ModelMetadata, VerdictThresholds
from model.model_files.model_file import write_converted_model
from model.recognizer import BUNDLED_MODEL, ConvertedModel, Recognition, Recognizer, calibrated

LITERT = BUNDLED_MODEL.with_suffix(".tflite").read_bytes()


def written(folder: Path, metadata: ModelMetadata, litert: bytes = LITERT) -> Path:
    path = folder / "net.tflite"
    write_converted_model(path, litert, metadata, source_sha256="")
    return path


@pytest.mark.parametrize("litert", [b"", b"no network at all", LITERT[:1000]])
def test_bytes_that_are_no_network_are_refused(tmp_path: Path, litert: bytes) -> None:
    path = written(tmp_path, ModelMetadata(), litert)
    with pytest.raises(ModelFileError, match="not one that LiteRT can read"):
        Recognizer.from_files(path)


@pytest.mark.parametrize("change", [{"temperature": 0.0}, {"class_names": ("0",)}])
def test_a_record_with_impossible_values_is_refused(tmp_path: Path, change: dict) -> None:
    path = written(tmp_path, msgspec.structs.replace(ModelMetadata(), **change))
    with pytest.raises(ModelFileError, match="make no sense"):
        Recognizer.from_files(path)


def test_a_record_that_is_nested_too_deeply_is_damaged(tmp_path: Path) -> None:
    path = written(tmp_path, ModelMetadata())
    nested = '{"metadata": {"recipe": {"name": ' + "[" * 100_000
    path.with_suffix(".json").write_text(nested)
    with pytest.raises(ModelFileError, match=r"record net\.json is damaged"):
        Recognizer.from_files(path)


def test_class_names_hold_nothing_that_a_terminal_obeys(tmp_path: Path) -> None:
    names = (*"012345678", "nine\x1b[2J\nten")
    recognizer = Recognizer.from_files(written(tmp_path, ModelMetadata(class_names=names)))
    assert recognizer.metadata.class_names[-1] == "nine[2Jten"


def test_of_two_equal_probabilities_the_second_is_the_runner_up() -> None:
    """`unsure` said "3 or 3?" when the two largest probabilities were equal."""
    probabilities = np.full(10, 0.01, np.float32)
    probabilities[[3, 8]] = 0.46
    answer = Recognition.judged(probabilities, DIGIT_NAMES, VerdictThresholds(), has_ink=True)
    assert (answer.digit, answer.runner_up) == (3, 8)


def test_only_the_bundled_network_says_it_is_that_one(tmp_path: Path) -> None:
    assert Recognizer.bundled().is_bundled
    assert not Recognizer.from_files(BUNDLED_MODEL.with_suffix(".tflite")).is_bundled


def test_an_answer_is_equal_to_itself_alone_and_can_be_a_key() -> None:
    answers = Recognizer.bundled().recognize_batch(np.zeros((2, 28, 28), np.float32))
    assert answers[0] != answers[1]
    assert len(set(answers)) == 2


def test_the_outputs_of_more_classes_than_names_are_refused(tmp_path: Path) -> None:
    names = (*DIGIT_NAMES, "ten")
    with pytest.raises(ModelFileError, match="10 outputs but 11 class names"):
        Recognizer.from_files(written(tmp_path, ModelMetadata(class_names=names)))


@pytest.mark.parametrize("sha256", ["0" * 64, "f" * 64])
def test_a_network_of_another_hash_is_refused(sha256: str) -> None:
    record = ConvertedModel(source_sha256="", litert_sha256=sha256, metadata=ModelMetadata())
    with pytest.raises(ModelFileError, match="damaged"):
        Recognizer(LITERT, record)


def test_a_temperature_flattens_probabilities_and_one_leaves_them() -> None:
    given = np.array([[0.9, 0.1]], np.float32)
    for temperature, expected in ((1.0, 0.9), (2.0, 0.75)):
        metadata = ModelMetadata(output="probabilities", temperature=temperature)
        assert calibrated(given, metadata)[0, 0] == pytest.approx(expected, abs=1e-4)


def test_answers_and_records_cannot_be_changed() -> None:
    answer = Recognizer.bundled().recognize(np.zeros((28, 28), np.float32))
    with pytest.raises(AttributeError):
        answer.verdict = None  # type: ignore[misc,assignment]
    with pytest.raises(AttributeError):
        Recognizer.bundled().record.metadata = ModelMetadata()  # type: ignore[misc]
