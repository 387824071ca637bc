"""The real window with its training lens, as the tests with real processes use it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.application import Application, build
from app.training.outcome import RunOutcome
from app.training.panel import TrainingPanel
from app.training.presenter import TrainingPresenter

PATIENCE_MS = 200_000
"""What a busy machine may need to start Keras, train and convert."""


def write_bars(folder: Path) -> Path:
    """Write two classes that are easy to tell apart: an upright bar and a lying one."""
    images = np.zeros((400, 28, 28), np.uint8)
    labels = np.arange(400) % 2
    images[labels == 0, 4:24, 13:16] = 255
    images[labels == 1, 13:16, 4:24] = 255
    path = folder / "bars.npz"
    np.savez(path, x_train=images, y_train=labels, x_test=images[:40], y_test=labels[:40])
    return path


class Desk:
    """The window, its training panel, and the process of the run."""

    def __init__(self, qtbot: QtBot, data: Path) -> None:
        _, self.window = build(["digitpad"])
        self.qtbot = qtbot
        # A window with a run would ask whether to stop it.
        qtbot.addWidget(self.window, before_close_func=lambda _: self.presenter.end_now())
        self.window.show()
        qtbot.waitExposed(self.window)
        self.root = next(c for c in self.window.children() if isinstance(c, Application))
        self.window.show_lens("train")
        room = self.root.training
        qtbot.waitUntil(lambda: room.panel is not None)
        assert isinstance(room.panel, TrainingPanel)
        assert isinstance(room.presenter, TrainingPresenter)
        self.panel, self.presenter = room.panel, room.presenter
        self.panel.form.show_recipe("dense128")
        self.panel.form.dataset.add(str(data))
        self.outcomes: list[RunOutcome] = []

    def train(self, epochs: int, batch_size: int) -> int:
        """Start a run and return its process id once it learns."""
        pid = self.start(epochs, batch_size)
        self.wait_until(self.learns)
        return pid

    def start(self, epochs: int, batch_size: int) -> int:
        """Start a run and return its process id."""
        self.panel.form.editor("epochs").set_value(epochs)
        self.panel.form.editor("batch_size").set_value(batch_size)
        self.qtbot.mouseClick(self.panel.foot.train_button, Qt.MouseButton.LeftButton)
        self.wait_until(self.has_begun)  # the file to start from may have to be found first
        assert self.presenter.process is not None
        self.presenter.process.run_ended.connect(self.outcomes.append)
        return self.presenter.process.process_id

    def has_begun(self) -> None:
        assert self.presenter.process is not None

    def learns(self) -> None:
        assert not self.outcomes, self.outcomes[0].detail()
        assert self.panel.epochs.rowCount() > 0

    def has_ended(self) -> None:
        assert self.outcomes

    def wait_until(self, is_so: Callable[[], None]) -> None:
        self.qtbot.waitUntil(is_so, timeout=PATIENCE_MS)
