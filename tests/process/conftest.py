"""The real window with data to train on, for the tests with real processes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.process.desk import Desk, write_bars


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two classes that are easy to tell apart."""
    return write_bars(tmp_path)


@pytest.fixture
def make_desk(qtbot: QtBot, data: Path) -> Callable[[], Desk]:
    """Open windows that are about to train on them; their runs end with the test."""
    return lambda: Desk(qtbot, data)


@pytest.fixture
def desk(make_desk: Callable[[], Desk]) -> Desk:
    """A window that is about to train on them."""
    return make_desk()
