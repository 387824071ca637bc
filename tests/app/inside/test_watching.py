"""The Inside lens while a network learns."""

import numpy as np
import pytest

from app.inside import words
from app.inside.watching import Watching
from app.recognition.learning_network import LearningNetwork
from model.recognizer import Recognizer
from model.run_events import LayerMaps
from tests.app.explain.scene import SEVEN
from tests.app.inside.scene import InsideScene


def maps(kinds: tuple[str, ...], shape: tuple[int, ...], level: int) -> LayerMaps:
    values = np.full(shape, level, np.int8).tobytes()
    return LayerMaps(kinds=kinds, full_shape=shape, shape=shape, largest=2.0, values=values)


def layers(level: int) -> tuple[LayerMaps, ...]:
    return (
        maps(("Conv2D", "BatchNormalization", "ReLU"), (14, 14, 16), level),
        maps(("Dense",), (10,), -level),
    )


class WatchingScene(InsideScene):
    def __init__(self, qtbot, recognizer: Recognizer) -> None:
        super().__init__(qtbot, recognizer)
        self.learning = LearningNetwork(self.pad)
        self.watching = Watching(
            self.panel, self.presenter, self.recognition, self.learning, self.pad
        )


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.bundled()


@pytest.fixture
def scene(qtbot, recognizer) -> WatchingScene:
    return WatchingScene(qtbot, recognizer)


def test_nobody_is_watched_while_nobody_learns(scene):
    assert not scene.panel.learning.isVisible()
    assert not scene.learning.is_watched


def test_the_lens_shows_the_network_that_learns_and_its_maps_move(scene):
    scene.pad.set_strokes(SEVEN)
    scene.learning.begin()
    assert scene.learning.is_watched
    assert scene.panel.learning.isChecked()
    assert scene.panel.rows == ()
    scene.learning.moment = "epoch 1, batch 20"
    scene.learning.show_layers(layers(127))
    assert "epoch 1, batch 20" in scene.panel.sentence
    rows = scene.panel.rows
    assert [row.shown.title for row in rows] == ["Input", "Convolution + ReLU", "Dense"]
    assert "kernel" in rows[1].shown.sentence
    np.testing.assert_array_equal(rows[0].values[..., 0], scene.recognition.current_ink)
    np.testing.assert_allclose(rows[1].values, 2.0)
    scene.learning.show_layers(layers(64))
    assert scene.panel.rows is rows
    np.testing.assert_allclose(rows[2].values, -2.0 * 64 / 127, rtol=1e-5)


def test_a_map_of_the_network_that_learns_does_not_open(scene):
    scene.pad.set_strokes(SEVEN)
    scene.learning.begin()
    scene.learning.show_layers(layers(100))
    scene.panel.rows[1].unit_opened.emit(3)
    assert scene.presenter.unit.opened is None
    assert not scene.panel.unit_view.isVisible()


def test_the_network_in_use_can_be_seen_meanwhile_and_comes_back_at_the_end(scene):
    scene.pad.set_strokes(SEVEN)
    scene.learning.begin()
    scene.learning.show_layers(layers(100))
    scene.panel.in_use.click()
    assert not scene.learning.is_watched
    assert len(scene.panel.rows) > 5
    assert scene.presenter.look is not None
    scene.learning.show_layers(layers(100))  # was under way
    assert len(scene.panel.rows) > 5
    scene.panel.learning.click()
    assert scene.learning.is_watched
    scene.learning.show_layers(layers(100))
    assert len(scene.panel.rows) == 3
    scene.learning.end()
    assert not scene.panel.learning.isVisible()
    assert len(scene.panel.rows) > 5
    assert scene.panel.votes[0].isVisible()


def test_another_model_in_use_and_the_pen_leave_the_network_that_learns_in_the_lens(scene, qtbot):
    scene.pad.set_strokes(SEVEN)
    scene.learning.begin()
    scene.learning.show_layers(layers(100))
    scene.presenter.set_recognizer(Recognizer.bundled())
    scene.pad.set_strokes([np.array(stroke)[:20] for stroke in SEVEN])
    assert len(scene.panel.rows) == 3
    np.testing.assert_array_equal(scene.panel.rows[0].values[..., 0], scene.recognition.current_ink)
    scene.learning.end()
    qtbot.waitUntil(lambda: _assert_many(scene), timeout=60_000)


def _assert_many(scene: WatchingScene) -> None:
    assert len(scene.panel.rows) > 5


def test_an_empty_pad_and_a_network_that_cannot_be_watched_are_said(scene):
    scene.learning.begin()
    assert scene.panel.sentence == words.LEARNING_EMPTY
    scene.pad.set_strokes(SEVEN)
    scene.learning.show_layers(())
    assert scene.panel.sentence == words.CANNOT_WATCH
    scene.learning.show_layers(layers(100))
    scene.pad.clear()
    scene.learning.show_layers(())
    assert all(row.values is None for row in scene.panel.rows)


def test_layers_are_asked_for_only_while_the_lens_is_seen(scene):
    scene.learning.begin()
    scene.page.hide()
    scene.panel.hide()
    assert not scene.learning.is_watched
    scene.page.show()
    scene.panel.show()
    assert scene.learning.is_watched
