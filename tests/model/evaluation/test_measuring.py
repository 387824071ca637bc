"""Measuring the bundled network on digits drawn from the built-in strokes."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.__main__ import main
from model.data.datasets import Dataset
from model.errors import DatasetError
from model.evaluation.measured_data import DatasetRows
from model.evaluation.measuring import measure
from model.evaluation.report import EvaluationReport
from model.ink import ink_from_strokes
from model.metadata import DIGIT_NAMES
from model.recognizer import BUNDLED_MODEL, Recognizer
from model.synthesis.builtin_strokes import generate


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


def evaluate(recognizer: Recognizer, data: Dataset) -> EvaluationReport:
    rows = DatasetRows(data, recognizer.metadata.class_names)
    measured = measure(recognizer, rows, model="bundled")
    assert len(measured.answers) == measured.report.images
    return measured.report


def test_the_bundled_network_reads_built_in_digits(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    evaluation = evaluate(Recognizer.bundled(), dataset(*drawn))
    assert evaluation.images == 100
    assert evaluation.accuracy > 0.9
    low, high = evaluation.interval
    assert low < evaluation.accuracy < high or evaluation.accuracy == 1
    assert len(evaluation.per_class) == 10


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
    assert evaluation.left_out == 40
    with pytest.raises(DatasetError, match="no image of a class"):
        evaluate(Recognizer.bundled(), dataset(images, np.full(100, -1)))


def test_a_class_that_is_not_shown_has_no_accuracy(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    images, labels = drawn
    evaluation = evaluate(Recognizer.bundled(), dataset(images[labels != 4], labels[labels != 4]))
    assert evaluation.per_class[4].recall is None


def test_classes_that_the_model_lacks_are_left_out_and_counted(
    drawn: tuple[np.ndarray, np.ndarray],
) -> None:
    images, labels = drawn
    names = (*"01234567", "cat", "NINE")
    report = evaluate(Recognizer.bundled(), dataset(images, labels, class_names=names))
    assert report.left_out == int((labels == 8).sum())
    assert report.accuracy > 0.9


def test_a_folder_of_some_digits_is_measured_by_name(
    drawn: tuple[np.ndarray, np.ndarray], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, labels = drawn
    for digit, name in ((3, "THREE"), (7, "07")):
        (tmp_path / "some" / name).mkdir(parents=True)
        for number in np.flatnonzero(labels == digit):
            picture = Image.fromarray(images[number])
            picture.save(tmp_path / "some" / name / f"{number}.png")
    assert main(["evaluate", f"--dataset={tmp_path / 'some'}", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["images"] == int(np.isin(labels, (3, 7)).sum())
    assert figures["accuracy"] > 0.8
    assert np.array(figures["confusion"])[[3, 7]].sum() == figures["images"]


def test_data_of_one_class_can_be_measured(
    drawn: tuple[np.ndarray, np.ndarray], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"label": 7, "strokes": [[[0, 0], [50, 0], [20, 90]]]} for _ in range(3)]
    path = tmp_path / "sevens.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    assert main(["evaluate", f"--dataset={path}", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["images"], figures["accuracy"]) == (3, 1.0)
    assert figures["slices"]["strokes"][0]["name"] == "1"


def test_two_models_are_compared_on_the_same_images(
    drawn: tuple[np.ndarray, np.ndarray], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, labels = drawn
    path = tmp_path / "drawn.npz"
    np.savez(path, x_train=images, y_train=labels)
    compared = BUNDLED_MODEL.with_suffix(".tflite")
    assert main(["evaluate", f"--dataset={path}", f"--compare={compared}", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["comparison"]["only_first"] == figures["comparison"]["only_second"] == 0
    assert "same images" in figures["comparison"]["sentence"]
    assert figures["comparison"]["second_accuracy"] == figures["accuracy"]
    assert figures["comparison"]["second_interval"] == figures["interval"]
    assert main(["evaluate", f"--dataset={path}", f"--compare={compared}"]) == 0
    right = f"{figures['accuracy']:.2%} right (95 % interval"
    assert f"the second model: {right}" in capsys.readouterr().out


def test_robustness_of_drawings_and_of_pictures(
    drawn: tuple[np.ndarray, np.ndarray], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, labels = drawn
    path = tmp_path / "drawn.npz"
    np.savez(path, x_train=images[:20], y_train=labels[:20], class_names=list("0123456789"))
    assert main(["evaluate", f"--dataset={path}", "--robustness", "--json"]) == 0
    names = [row["name"] for row in json.loads(capsys.readouterr().out)["robustness"]]
    assert names == ["size", "shift", "noise", "blur", "contrast", "cover"]
    row = {"label": 7, "strokes": [[[0, 0], [50, 0], [20, 90]]]}
    lines = tmp_path / "sevens.jsonl"
    lines.write_text(json.dumps(row))
    assert main(["evaluate", f"--dataset={lines}", "--robustness"]) == 0
    assert "Rotation (°): -60: " in capsys.readouterr().out


def test_robustness_of_two_models_has_the_curves_of_both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = tmp_path / "sevens.jsonl"
    lines.write_text(json.dumps({"label": 7, "strokes": [[[0, 0], [50, 0], [20, 90]]]}))
    second = BUNDLED_MODEL.with_suffix(".tflite")
    asked = ["evaluate", f"--dataset={lines}", "--robustness", f"--compare={second}"]
    page, table = tmp_path / "report.html", tmp_path / "report.csv"
    assert main([*asked, "--json", f"--report={page}"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["second_robustness"] == figures["robustness"]  # the same network
    words = page.read_text(encoding="utf-8")
    curves = len(figures["robustness"])
    assert words.count(f">{second.name}</span>") == curves
    assert words.count("stroke-dasharray") == curves
    assert words.count(">accuracy</text>") >= curves
    assert ">rotation, degrees</text>" in words
    assert main([*asked, f"--report={table}"]) == 0
    rows = table.read_text(encoding="utf-8-sig")
    assert len(re.findall(rf"^rotation,.*,{second.name}$", rows, re.MULTILINE)) == 13
    assert capsys.readouterr().out.count("Rotation (°): -60: ") == 2


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
    assert main(["evaluate", f"--dataset={path}"]) == 2
    sentence = capsys.readouterr().err
    assert "has characters that can't be shown" in sentence
    assert "\x1b" not in sentence
