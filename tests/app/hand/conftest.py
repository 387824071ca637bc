"""A teacher with the bundled network, prepared once, and a database of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.hand.teacher import Teacher
from model.hand.teachable_network import TeachableNetwork
from model.recognizer import BUNDLED_MODEL, Recognizer


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that outlives a test, so that the network is prepared once."""
    if not BUNDLED_MODEL.with_suffix(".tflite").exists():
        pytest.skip("needs the bundled network in assets/")
    folder = tmp_path_factory.mktemp("shared-cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIGITPAD_CACHE", str(folder))
        assert len(TeachableNetwork.bundled().reference.digits)
    return folder


@pytest.fixture(autouse=True)
def _cache(_own_folders: None, shared_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITPAD_CACHE", str(shared_cache))


@pytest.fixture
def recognizer() -> Recognizer:
    return Recognizer.bundled()


@pytest.fixture
def teacher(qtbot: QtBot, recognizer: Recognizer) -> Iterator[Teacher]:
    """A teacher that has read its hand, of which nothing is kept yet, and is ready to answer."""
    made = Teacher()
    made.set_model(recognizer)
    made.begin("me")
    made.get_ready()

    def is_ready() -> None:
        assert made.recognizer is not None
        assert made.state.prototypes is not None

    qtbot.waitUntil(is_ready, timeout=60_000)
    yield made
    made.end()
    made.finish()
    made.deleteLater()
