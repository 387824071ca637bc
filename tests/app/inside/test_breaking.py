"""A network that can't be broken stays whole, and says why."""

import pytest

from model.activations import broken_network
from model.errors import ModelFileError
from model.recognizer import Recognizer
from tests.app.explain.scene import SEVEN
from tests.app.inside.scene import InsideScene


@pytest.fixture
def scene(qtbot, monkeypatch) -> InsideScene:
    def refuse(*_: object) -> None:
        raise ModelFileError("Layers of this network can't be switched off.")

    monkeypatch.setattr(broken_network, "_started", refuse)
    return InsideScene(qtbot, Recognizer.bundled())


def test_a_network_that_cannot_be_broken_says_so_and_answers_as_before(scene, qtbot):
    scene.pad.set_strokes(SEVEN)
    before = scene.recognition.recognition
    scene.panel.unit_opened.emit(1, 3)
    scene.panel.unit_view.off_toggled.emit(True)
    qtbot.waitUntil(lambda: _assert_problem(scene))
    assert not scene.presenter.breaking.is_broken
    assert not scene.presenter.breaking.off(scene.panel.rows[1].shown.tensor)
    assert scene.recognition.recognition.label == before.label
    assert scene.presenter.unit.opened is not None


def _assert_problem(scene: InsideScene) -> None:
    assert [str(problem) for problem in scene.problems] == [
        "Layers of this network can't be switched off."
    ]
