"""A random image of the test part, with the truth beside the network's answer."""

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.drawing.pad import DrawingPad
from app.recognition.answer_words import Answer
from app.training.random_digit import RandomDigitPresenter
from model.data.datasets import Dataset, load_dataset
from model.errors import DatasetError
from model.verdicts import Verdict

CLASS_NAMES = ("shirt", "shoe")


def dataset(*, has_test_part: bool = True) -> Dataset:
    """A test part of two images: the left half is a shirt, the right half is a shoe."""
    images = np.zeros((2, 28, 28), np.uint8)
    images[0, :, :14] = 255
    images[1, :, 14:] = 51
    labels = np.array([0, 1], np.int64)
    return Dataset(
        name="clothes",
        title="Clothes",
        train_images=images,
        train_labels=labels,
        test_images=images if has_test_part else None,
        test_labels=labels if has_test_part else None,
        class_names=CLASS_NAMES,
        sha256="",
    )


def answer(label: str) -> Answer:
    return Answer(
        verdict=Verdict.DIGIT,
        label=label,
        sentence="",
        class_names=CLASS_NAMES,
        probabilities=(0.5, 0.5),
    )


class Desk:
    """A pad and a presenter whose data comes when the test lets it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.pad = DrawingPad()
        qtbot.addWidget(self.pad)
        self.said: list[str] = []
        self.failed: list[BaseException] = []
        self.asked: list[tuple[str, Path | None]] = []
        self.may_load = threading.Event()
        self.result: Dataset | DatasetError = dataset()
        self.presenter = RandomDigitPresenter(
            self.pad, load=self.load, random=np.random.default_rng(1)
        )
        self.presenter.said.connect(self.said.append)
        self.presenter.failed.connect(self.failed.append)

    def load(self, name: str, *, folder: Path | None, progress: object) -> Dataset:
        self.asked.append((name, folder))
        assert callable(progress)
        progress("Downloading Clothes", 0.25)
        self.may_load.wait(10)
        if isinstance(self.result, DatasetError):
            raise self.result
        return self.result


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def wait_for_picture(qtbot: QtBot, desk: Desk) -> None:
    def is_there() -> None:
        assert desk.pad.picture() is not None

    qtbot.waitUntil(is_there)


def test_only_the_test_split_of_the_bundled_mix_is_read(desk: Desk, qtbot: QtBot) -> None:
    desk.may_load.set()
    desk.presenter.show_from("bundled-mix")
    wait_for_picture(qtbot, desk)
    assert [name for name, _ in desk.asked] == ["mnist"]


def test_the_image_comes_with_its_label_and_as_it_is(desk: Desk, qtbot: QtBot) -> None:
    desk.may_load.set()
    desk.presenter.show_from("clothes")
    wait_for_picture(qtbot, desk)
    picture = desk.pad.picture()
    assert picture is not None
    truth = picture.caption.rsplit(" ", 1)[1]
    data = dataset()
    assert data.test_images is not None
    expected = data.test_images[CLASS_NAMES.index(truth)] / 255
    np.testing.assert_allclose(picture.ink, expected, atol=1e-6)
    assert picture.ink.dtype == np.float32
    # Shown as ink on paper, each pixel large.
    shown = np.asarray(picture.image)
    np.testing.assert_allclose(shown[10::20, 10::20], 255 - expected * 255)


def test_the_window_goes_on_while_data_loads(desk: Desk, qtbot: QtBot) -> None:
    desk.presenter.show_from("clothes", folder=Path("/data"))

    def says_so() -> None:
        assert desk.said == ["Downloading Clothes, 25 %…"]

    qtbot.waitUntil(says_so)
    assert desk.presenter.is_loading
    desk.presenter.show_from("clothes")
    desk.may_load.set()
    wait_for_picture(qtbot, desk)
    assert desk.asked == [("clothes", Path("/data"))]


def test_the_next_image_of_the_same_data_is_there_at_once(desk: Desk, qtbot: QtBot) -> None:
    desk.may_load.set()
    desk.presenter.show_from("clothes")
    wait_for_picture(qtbot, desk)
    captions = set()
    for _ in range(20):
        desk.presenter.show_from("clothes")
        picture = desk.pad.picture()
        assert picture is not None
        captions.add(picture.caption)
    assert len(captions) == 2
    assert len(desk.asked) == 1


def test_the_truth_is_held_against_the_answer(desk: Desk, qtbot: QtBot) -> None:
    desk.may_load.set()
    desk.presenter.show_from("clothes")
    wait_for_picture(qtbot, desk)
    picture = desk.pad.picture()
    assert picture is not None
    truth = picture.caption.rsplit(" ", 1)[1]
    other = CLASS_NAMES[1 - CLASS_NAMES.index(truth)]
    desk.said.clear()
    desk.presenter.take_answer(answer(truth))
    desk.presenter.take_answer(answer(other))
    assert desk.said[0] == f"True label {truth}, predicted {truth} ✓"
    assert desk.said[1] == f"True label {truth}, predicted {other} ✗"
    desk.presenter.take_answer(replace(answer(truth), source="still learning"))
    desk.pad.set_strokes([[(0.0, 0.0), (9.0, 9.0)]])
    desk.presenter.take_answer(answer(truth))
    assert len(desk.said) == 2


def test_an_image_that_undo_brings_back_still_has_its_label(desk: Desk, qtbot: QtBot) -> None:
    desk.may_load.set()
    desk.presenter.show_from("clothes")
    qtbot.waitUntil(lambda: _assert(desk.pad.picture() is not None))
    shown = desk.pad.picture()
    desk.pad.clear()
    step = desk.pad.undo_stack.command(0)
    qtbot.waitUntil(lambda: _assert(step.after.picture is not shown))  # compressed
    desk.pad.undo()
    desk.said.clear()
    desk.presenter.take_answer(answer("shoe"))
    assert [words.split()[0] for words in desk.said] == ["True"]
    desk.pad.clear()
    desk.presenter.take_answer(answer("shoe"))
    assert len(desk.said) == 1


def test_what_is_said_of_an_image_ends_with_the_image(desk: Desk, qtbot: QtBot) -> None:
    desk.may_load.set()
    desk.presenter.show_from("clothes")
    wait_for_picture(qtbot, desk)
    ended: list[str] = []
    desk.presenter.outdated.connect(ended.append)
    desk.presenter.take_answer(answer("shoe"))
    said = desk.said[-1]
    assert not ended
    desk.pad.clear()
    assert ended == [said]
    desk.pad.set_strokes([[(0.0, 0.0), (9.0, 9.0)]])
    assert ended == [said]


def _assert(condition: object) -> None:
    assert condition


@pytest.mark.parametrize("has_error", [True, False])
def test_data_that_cannot_be_had_is_said(desk: Desk, qtbot: QtBot, has_error: bool) -> None:
    desk.result = DatasetError("It is not here.") if has_error else dataset(has_test_part=False)
    desk.may_load.set()
    desk.presenter.show_from("clothes")

    def has_failed() -> None:
        assert len(desk.failed) == 1

    qtbot.waitUntil(has_failed)
    assert ("not here" if has_error else "no test images") in str(desk.failed[0])
    assert desk.pad.picture() is None
    assert not desk.presenter.is_loading


def test_a_digit_of_mnist(
    qtbot: QtBot, shared_datasets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGITPAD_DATA", str(shared_datasets))
    pad = DrawingPad()
    qtbot.addWidget(pad)
    presenter = RandomDigitPresenter(pad, load=load_dataset, random=np.random.default_rng(2))
    presenter.show_from("mnist")

    def is_there() -> None:
        assert pad.picture() is not None

    qtbot.waitUntil(is_there, timeout=60_000)
    picture = pad.picture()
    assert picture is not None
    assert picture.caption.startswith("MNIST, test image ")
