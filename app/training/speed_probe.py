"""How fast this computer trains where it has no runs yet: a child trains on noise for a second."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.child.process import python_command
from app.child.tasks import Task, TaskResult, TaskRunner
from app.training.run_speed import WHAT_TAKES_TIME
from model.commands.train import recipe_arguments
from model.recipes import Recipe
from model.task_events import SpeedMeasured

DELAY_MS = 1_000
"""Time without a change of settings until a probe starts: its child loads TensorFlow."""

IDLE_SECONDS = 120.0

MOST_MS = 60_000
"""Time after which a probe is given up: on so busy a computer its figure would mislead anyway."""

_log = logging.getLogger(__name__)

_Key = tuple[object, ...]


class SpeedProbe(QObject):
    """Measures the speed of one recipe after the other, each once.

    Signals:
        measured: `images_per_second` has another result.
    """

    measured = Signal()

    def __init__(
        self,
        command_line: Callable[..., list[str]] = python_command,
        parent: QObject | None = None,
    ) -> None:
        """Prepare.

        Args:
            command_line: Turns arguments of `python -m model` into program and arguments.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._runner = TaskRunner(command_line, self)
        self._speeds: dict[_Key, float] = {}
        self._wanted: tuple[Recipe, str] | None = None
        self._timer = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._timer.timeout.connect(self._begin)
        self._limit = QTimer(self, singleShot=True, interval=MOST_MS)
        self._limit.timeout.connect(self._on_time_over)

    @property
    def is_measuring(self) -> bool:
        """Whether a speed is being measured, or about to be."""
        return self._wanted is not None

    def images_per_second(self, recipe: Recipe, device: str) -> float | None:
        """Return the speed of a recipe; None if it was not measured or could not be."""
        return self._speeds.get(_key(recipe, device)) or None

    def ask(self, recipe: Recipe, device: str) -> None:
        """Measure the speed of a recipe soon, unless that was tried or is going on."""
        key = _key(recipe, device)
        if key in self._speeds or (self._wanted is not None and key == _key(*self._wanted)):
            return
        self.cancel()
        self._wanted = recipe, device
        self._timer.start()

    def cancel(self) -> None:
        """Stop measuring: a run needs the processor, or the speed is known."""
        self._wanted = None
        self._timer.stop()
        self._limit.stop()
        self._runner.cancel()

    def end_now(self) -> None:
        """End the child and wait until it is gone."""
        self.cancel()
        self._runner.end_now()

    def _begin(self) -> None:
        if self._wanted is None:
            return
        task = Task(
            arguments=("speed", *recipe_arguments(*self._wanted)),
            name="Measuring the speed",
            idle_s=IDLE_SECONDS,
            trains=True,
        )
        self._limit.start()
        self._runner.run(task, on_progress=lambda _: None, then=self._on_measured)

    def _on_time_over(self) -> None:
        wanted = self._wanted
        self.cancel()
        if wanted is not None:
            self._speeds[_key(*wanted)] = 0.0
            self.measured.emit()

    def _on_measured(self, result: TaskResult) -> None:
        wanted, self._wanted = self._wanted, None
        self._limit.stop()
        if wanted is None:
            return
        # The user did not ask for it: where it fails, nothing is estimated.
        speed = result.images_per_second if isinstance(result, SpeedMeasured) else 0.0
        if not speed:
            _log.warning("The speed of training can't be measured: %s", result)
        self._speeds[_key(*wanted)] = speed
        self.measured.emit()


def _key(recipe: Recipe, device: str) -> _Key:
    return (device, *(getattr(recipe, name) for name in WHAT_TAKES_TIME))
