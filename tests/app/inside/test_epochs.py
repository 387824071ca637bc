"""A slider goes through the epochs of the run that taught the model in use."""

import pytest

from app.inside import words
from app.inside.epochs import Epochs
from model.model_files.epoch_copies import EpochCopy, epoch_copies_path, write_epoch_copies
from model.recognizer import Recognizer
from tests.app.explain.scene import SEVEN
from tests.app.inside.scene import InsideScene
from tests.litert_changes import with_scaled_constants

SHA = "b" * 64


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGITPAD_CACHE", str(tmp_path))


class EpochScene(InsideScene):
    """The bundled network as if a run had taught it, whose first epoch was another network."""

    def __init__(self, qtbot, *, has_archive: bool = True, is_damaged: bool = False) -> None:
        recognizer = Recognizer.bundled()
        recognizer.source_sha256 = SHA
        super().__init__(qtbot, recognizer)
        self.earlier = with_scaled_constants(recognizer.litert, 0.5)
        copies = [
            (EpochCopy.of(litert, epoch=epoch, accuracy=accuracy), litert)
            for litert, epoch, accuracy in ((self.earlier, 1, 0.25), (recognizer.litert, 2, 0.99))
        ]
        if is_damaged:
            copies = [(copy, b"nothing") for copy, _ in copies]
        if has_archive:
            write_epoch_copies(epoch_copies_path(SHA), copies)
        self.slider = self.panel.epoch_slider
        self.epochs = Epochs(self.panel, self.presenter, self.problems.append, self.panel)
        self.epochs.set_recognizer(recognizer)
        self.pad.set_strokes(SEVEN)

    def assert_epochs(self) -> None:
        assert len(self.epochs.copies) == 2

    def looks_into(self, litert: bytes) -> bool:
        """Return whether the lens shows that network.

        It is no assertion: pytest would write out how millions of bytes differ.
        """
        look = self.presenter.look
        return look is not None and look.network.litert == litert


def test_an_earlier_epoch_is_looked_into_and_the_bars_are_its(qtbot):
    scene = EpochScene(qtbot)
    qtbot.waitUntil(scene.assert_epochs)
    assert scene.slider.isVisible()
    assert (scene.slider.value(), scene.slider.maximum()) == (2, 2)
    assert scene.panel.epoch_label.text() == words.IN_USE
    own = scene.recognition.recognition
    rows = scene.panel.rows
    scene.slider.setValue(0)
    assert scene.panel.epoch_label.text() == "after epoch 1, accuracy 25.0 %"
    qtbot.waitUntil(lambda: scene.looks_into(scene.earlier))
    assert scene.panel.rows is rows
    shown = scene.recognition.recognition
    assert abs(shown.confidence - own.confidence) > 1e-3
    scene.slider.setValue(2)
    assert scene.looks_into(scene.recognition.recognizer.litert)
    assert scene.recognition.recognition.confidence == own.confidence


def test_an_open_unit_shows_its_arithmetic_of_that_epoch(qtbot):
    scene = EpochScene(qtbot)
    qtbot.waitUntil(scene.assert_epochs)
    scene.panel.rows[1].unit_opened.emit(3)
    before = scene.panel.unit_view.lines.text()
    scene.slider.setValue(0)
    qtbot.waitUntil(lambda: scene.looks_into(scene.earlier))
    assert scene.presenter.unit.opened is not None
    qtbot.waitUntil(lambda: _assert_other(scene, before))


def _assert_other(scene: EpochScene, before: str) -> None:
    assert scene.panel.unit_view.lines.text() != before


def test_a_lens_that_is_left_goes_back_to_the_network_in_use(qtbot):
    scene = EpochScene(qtbot)
    qtbot.waitUntil(scene.assert_epochs)
    scene.slider.setValue(1)
    scene.page.hide()
    scene.panel.hide()
    assert scene.slider.value() == 2


def test_a_model_without_a_run_has_no_slider(qtbot):
    scene = EpochScene(qtbot, has_archive=False)
    qtbot.waitUntil(scene.assert_layers)
    assert not scene.slider.isVisible()


def test_a_damaged_epoch_is_said_and_the_network_in_use_stays(qtbot):
    scene = EpochScene(qtbot, is_damaged=True)
    qtbot.waitUntil(scene.assert_epochs)
    scene.slider.setValue(0)
    qtbot.waitUntil(lambda: _assert_problem(scene))
    assert scene.slider.value() == 2
    assert scene.looks_into(scene.recognition.recognizer.litert)


def _assert_problem(scene: EpochScene) -> None:
    assert scene.problems
