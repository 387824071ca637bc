"""Loading converted networks, whoever made them and their records."""

from math import exp
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from model.converted_model import ConvertedModel, read_converted_model
from model.errors import ModelFileError
from model.ink import ink_from_strokes
from model.metadata import DIGIT_NAMES, ModelMetadata, VerdictThresholds
from model.model_files.model_file import write_converted_model
from model.recognizer import BUNDLED_MODEL, LitertNetwork, Recognition, Recognizer, calibrated
from tests.made_pictures import hand_drawings

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


@pytest.mark.parametrize(("suffix", "mebibytes"), [(".tflite", 640), (".json", 8)])
def test_a_network_or_a_record_that_is_too_large_is_not_read(
    tmp_path: Path, suffix: str, mebibytes: int
) -> None:
    path = written(tmp_path, ModelMetadata())
    with path.with_suffix(suffix).open("r+b") as file:
        file.truncate((mebibytes << 20) + 1)  # a hole: takes no space on the disk
    with pytest.raises(ModelFileError, match=f"larger than {mebibytes} MiB"):
        Recognizer.from_files(path)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        (".tflite", r"network net\.tflite can't be read: No such file"),
        (".json", r"LiteRT file net\.tflite has no record net\.json beside it"),
    ],
)
def test_a_network_without_a_record_or_the_other_way_round_is_a_sentence(
    tmp_path: Path, missing: str, sentence: str
) -> None:
    path = written(tmp_path, ModelMetadata())
    path.with_suffix(missing).unlink()
    with pytest.raises(ModelFileError, match=sentence):
        Recognizer.from_files(path)


@pytest.mark.parametrize("record", [b"", b"[]", b"{}", b"{", b'{"litert_sha256": "\xff"}'])
def test_a_record_that_is_none_is_damaged(tmp_path: Path, record: bytes) -> None:
    path = written(tmp_path, ModelMetadata())
    path.with_suffix(".json").write_bytes(record)
    with pytest.raises(ModelFileError, match=r"record net\.json is damaged"):
        Recognizer.from_files(path)


def test_the_hashes_in_a_record_are_named() -> None:
    with pytest.raises(TypeError):
        ConvertedModel("a", "b", ModelMetadata())  # type: ignore[misc]


class CountingInterpreter(Interpreter):
    """LiteRT's interpreter, which keeps its settings and counts how often it lays out memory."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.settings = settings
        self.layouts = 0

    def allocate_tensors(self) -> None:
        super().allocate_tensors()
        self.layouts += 1


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Recognizer:
    """Return the bundled network on an interpreter that counts."""
    monkeypatch.setattr("model.recognizer.Interpreter", CountingInterpreter)
    return Recognizer.bundled()


def test_memory_is_laid_out_at_the_start_and_when_the_number_of_images_changes(
    counting: Recognizer,
) -> None:
    layouts = []
    for images in (1, 1, 3, 3, 2, 1):
        counting.recognize_batch(np.zeros((images, 28, 28), np.float32))
        layouts.append(counting._interpreter.layouts)
    assert layouts == [1, 1, 2, 2, 3, 4]


def test_a_network_answers_in_one_thread_and_keeps_nothing_unless_it_is_asked_to(
    counting: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = BUNDLED_MODEL.with_suffix(".tflite")
    made = [
        counting,
        counting.twin(),
        Recognizer.from_files(path),
        LitertNetwork(*read_converted_model(path)),
    ]
    for network in made:
        assert network._interpreter.settings["num_threads"] == 1
        assert network._interpreter.settings["experimental_preserve_all_tensors"] is False
    assert Recognizer.from_files(path, threads=2)._interpreter.settings["num_threads"] == 2


@pytest.mark.parametrize("error", [RuntimeError, ValueError, IndexError])
@pytest.mark.parametrize("step", ["__init__", "get_input_details", "get_output_details"])
def test_a_network_that_the_runtime_does_not_take_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, step: str, error: type[Exception]
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Interpreter, step, fails)
    with pytest.raises(ModelFileError, match="not one that LiteRT can read"):
        Recognizer.bundled()


@pytest.mark.parametrize("error", [RuntimeError, ValueError])
@pytest.mark.parametrize("step", ["resize_tensor_input", "allocate_tensors"])
def test_a_network_that_does_not_take_its_images_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, step: str, error: type[Exception]
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(Interpreter, step, fails)
    with pytest.raises(ModelFileError, match="does not fit its description"):
        Recognizer.bundled()


@pytest.mark.parametrize("shape", [(28, 28), (1, 28, 27), (1, 27, 28), (1, 28, 28, 1), (1, 784)])
def test_only_ink_images_are_recognised(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected \(batch, 28, 28\)"):
        Recognizer.bundled().recognize_batch(np.zeros(shape, np.float32))


def test_no_images_have_no_answers() -> None:
    assert Recognizer.bundled().recognize_batch(np.zeros((0, 28, 28), np.float32)) == []


def test_answers_are_those_of_one_image_each() -> None:
    recognizer = Recognizer.bundled()
    inks = np.stack([ink_from_strokes(strokes) for _, strokes in hand_drawings()[:5]])
    probabilities = recognizer.probabilities_of(inks)
    for ink, row in zip(inks, probabilities, strict=True):
        answer = recognizer.recognize(ink)
        np.testing.assert_allclose(answer.probabilities, row, atol=1e-5)
        assert (answer.digit, answer.runner_up) == tuple(np.argsort(-row)[:2])
        assert answer.confidence == pytest.approx(row.max())
        assert answer.label == str(answer.digit)


def test_without_ink_the_network_alone_has_an_answer_yet() -> None:
    recognizer, empty = Recognizer.bundled(), np.zeros((1, 28, 28), np.float32)
    assert np.ptp(recognizer.probabilities_of(empty)) > 0
    assert np.ptp(recognizer.recognize(empty[0]).probabilities) == 0


def test_as_many_answers_as_images_or_none() -> None:
    recognizer = Recognizer.bundled()
    outputs = np.full((2, 10), 0.1, np.float32)
    with pytest.raises(ValueError, match="zip"):
        recognizer.answers_of(outputs, np.zeros((3, 28, 28), np.float32))

    class Forgetful:
        def recognize_batch(self, inks: np.ndarray) -> list[Recognition]:
            return []

    recognizer.second_opinion = Forgetful()  # type: ignore[assignment]
    with pytest.raises(ValueError, match="zip"):
        recognizer.answers_of(outputs, np.zeros((2, 28, 28), np.float32))


def test_a_twin_answers_the_same_with_a_second_opinion_of_its_own() -> None:
    recognizer = Recognizer.bundled()
    assert recognizer.twin().second_opinion is None
    recognizer.second_opinion = Recognizer.bundled()
    twin = recognizer.twin()
    assert twin.second_opinion is not None
    assert twin.second_opinion is not recognizer.second_opinion
    assert twin._interpreter is not recognizer._interpreter
    ink = ink_from_strokes(hand_drawings()[0][1])
    ours, theirs = recognizer.recognize(ink), twin.recognize(ink)
    np.testing.assert_array_equal(ours.probabilities, theirs.probabilities)
    assert ours.verdict is theirs.verdict


@pytest.mark.parametrize("output", ["logits", "probabilities"])
@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_probabilities_are_a_softmax_of_the_logits_over_the_temperature(
    output: str, temperature: float
) -> None:
    logits = np.random.default_rng(1).normal(0, 3, (3, 4))
    exponentials = [[exp(value / temperature) for value in row] for row in logits]
    expected = [[value / sum(row) for value in row] for row in exponentials]
    given = np.exp(logits) / np.exp(logits).sum(axis=1)[:, np.newaxis]
    outputs = (logits if output == "logits" else given).astype(np.float32)
    metadata = ModelMetadata(output=output, temperature=temperature)  # type: ignore[arg-type]
    np.testing.assert_allclose(calibrated(outputs, metadata), expected, rtol=1e-4)


def test_huge_logits_and_probabilities_of_zero_are_no_harm() -> None:
    logits = np.array([[1000.0, 999.0], [-1000.0, -1001.0]], np.float32)
    expected = [[0.7311, 0.2689]] * 2
    np.testing.assert_allclose(calibrated(logits, ModelMetadata(output="logits")), expected, 1e-3)
    sure = np.array([[1.0, 0.0]], np.float32)
    np.testing.assert_array_equal(calibrated(sure, ModelMetadata(output="probabilities")), sure)
