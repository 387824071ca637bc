"""Measuring the bundled network on digits drawn from the built-in strokes."""

import json

import numpy as np
import pytest

from model.__main__ import main
from model.data.datasets import Dataset
from model.errors import DatasetError
from model.ink import ink_from_strokes
from model.metadata import DIGIT_NAMES
from model.recognizer import Recognizer
from model.synthesis.builtin_strokes import generate
from model.training.evaluation import Evaluation, evaluate


@pytest.fixture(scope="module")
def drawn() -> tuple[np.ndarray, np.ndarray]:
    """100 digits: uint8 (100, 28, 28) and their labels."""
    drawings, labels, _ = generate(100, 77)
    inks = np.stack([ink_from_strokes(strokes) for strokes in drawings])
    return np.rint(inks * 255).astype(np.uint8), np.asarray(labels, np.int64)


def dataset(images: np.ndarray, labels: np.ndarray, class_names=DIGIT_NAMES) -> Dataset:
    return Dataset(
        name="drawn",
        title="Drawn",
        train_images=images[:1],
        train_labels=labels[:1],
        test_images=images,
        test_labels=labels,
        class_names=class_names,
        sha256="",
    )


def test_the_bundled_network_reads_built_in_digits(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    evaluation = evaluate(Recognizer.bundled(), dataset(*drawn))
    assert evaluation.images == 100
    assert evaluation.accuracy > 0.9
    low, high = evaluation.interval
    assert low < evaluation.accuracy < high or evaluation.accuracy == 1
    assert len(evaluation.class_accuracies) == 10


def test_wrong_labels_are_counted_as_wrong(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    images, labels = drawn
    right = evaluate(Recognizer.bundled(), dataset(images, labels)).right
    wrong = evaluate(Recognizer.bundled(), dataset(images, (labels + 1) % 10)).right
    assert right + wrong <= 100
    assert wrong < 10


def test_what_is_of_no_class_is_left_out(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    images, labels = drawn
    some = np.where(np.arange(100) < 40, -1, labels)
    evaluation = evaluate(Recognizer.bundled(), dataset(images, some))
    assert evaluation.images == 60
    with pytest.raises(DatasetError, match="no image of a class"):
        evaluate(Recognizer.bundled(), dataset(images, np.full(100, -1)))


def test_a_class_that_is_not_shown_has_no_accuracy(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    images, labels = drawn
    evaluation = evaluate(Recognizer.bundled(), dataset(images[labels != 4], labels[labels != 4]))
    assert evaluation.class_accuracies[4] is None


def test_more_classes_than_the_model_has_are_refused(
    drawn: tuple[np.ndarray, np.ndarray],
) -> None:
    names = tuple("0123456789ab")
    with pytest.raises(DatasetError, match="12 classes but the model tells 10 apart"):
        evaluate(Recognizer.bundled(), dataset(*drawn, class_names=names))


def test_accuracy_is_the_share_right() -> None:
    evaluation = Evaluation(
        images=8, right=6, interval=(0, 1), calibration=0, class_accuracies=(), seconds=1
    )
    assert evaluation.accuracy == 0.75


def test_the_command_prints_one_object(
    drawn: tuple[np.ndarray, np.ndarray], tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, labels = drawn
    path = tmp_path / "drawn.npz"
    np.savez(path, x_train=images, y_train=labels, x_test=images[:50], y_test=labels[:50])
    assert main(["evaluate", f"--dataset={path}", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["images"] == 50
    assert figures["accuracy"] == figures["right"] / 50
    assert main(["evaluate", f"--dataset={path}"]) == 0
    assert "95 % interval" in capsys.readouterr().out


def test_the_commands_words_hold_nothing_that_a_terminal_obeys(
    drawn: tuple[np.ndarray, np.ndarray], tmp_path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "named.npz"
    images, labels = drawn
    parts = {"x_train": images, "y_train": labels, "x_test": images, "y_test": labels}
    names = np.array([*"012345678", "nine\x1b[2J\nten"])
    np.savez(path, **parts, class_names=names)
    assert main(["evaluate", f"--dataset={path}"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 12
    assert lines[-1].startswith("nine[2Jten  ")
    np.savez(path, **parts, class_names=np.array([*names, "ten\x1b[2J"]))
    assert main(["evaluate", f"--dataset={path}"]) == 2
    assert "ten\\x1b[2J has none" in capsys.readouterr().err
