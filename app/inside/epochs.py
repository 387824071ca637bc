"""The epochs of the run that taught the model in use, on a slider, with the same drawing."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.child.background import BackgroundWorker
from app.inside import words
from app.inside.panel import InsidePanel
from app.inside.presenter import InsidePresenter

if TYPE_CHECKING:  # importing them for real would load the runtime before the window is shown
    from model.activations.watched_network import WatchedNetwork
    from model.model_files.epoch_copies import EpochCopy
    from model.recognizer import Recognizer


class Epochs(QObject):
    """Lets the lens look into the network as it was after an epoch."""

    def __init__(
        self,
        panel: InsidePanel,
        presenter: InsidePresenter,
        report: Callable[[BaseException], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._presenter = presenter
        self._report = report
        self._worker = BackgroundWorker(self)
        self._recognizer: Recognizer | None = None
        self._path = Path()
        self._copies: tuple[EpochCopy, ...] = ()
        self._networks: dict[int, WatchedNetwork] = {}
        self._number = 0
        panel.epoch_slider.valueChanged.connect(self._on_epoch_chosen)
        panel.shown_changed.connect(self._on_shown_changed)

    @property
    def copies(self) -> "tuple[EpochCopy, ...]":
        """The epochs that can be chosen."""
        return self._copies

    def set_recognizer(self, recognizer: "Recognizer") -> None:
        """Offer the epochs of another model's run, if they are kept."""
        self._recognizer = recognizer
        self._number += 1
        number = self._number
        self._networks = {}
        self._offer(())

        def read() -> "tuple[Path, tuple[EpochCopy, ...]]":
            from model.model_files.epoch_copies import epoch_copies_path, read_epoch_copies

            path = epoch_copies_path(recognizer.source_sha256)
            return path, read_epoch_copies(path)

        def take(found: "tuple[Path, tuple[EpochCopy, ...]]") -> None:
            if number == self._number:
                self._path, copies = found
                self._offer(copies)

        self._worker.call(read, then=take, failed=self._report)

    def leave(self) -> None:
        """Go back to the network as it is in use."""
        self._panel.epoch_slider.setValue(len(self._copies))

    def _offer(self, copies: "tuple[EpochCopy, ...]") -> None:
        self._copies = copies
        self._panel.show_epochs(len(copies))
        self._panel.epoch_label.setText(words.IN_USE)

    def _on_shown_changed(self, is_shown: bool) -> None:
        if not is_shown:
            self.leave()

    def _on_epoch_chosen(self, index: int) -> None:
        self._panel.epoch_label.setText(self._said_of(index))
        if index >= len(self._copies):
            self._presenter.show_epoch(None, "")
        elif index in self._networks:
            self._show(index)
        else:
            self._load(index)

    def _said_of(self, index: int) -> str:
        if index >= len(self._copies):
            return words.IN_USE
        copy = self._copies[index]
        return words.epoch_text(copy.epoch, copy.accuracy)

    def _show(self, index: int) -> None:
        self._presenter.show_epoch(self._networks[index], f"epoch {self._copies[index].epoch}")

    def _load(self, index: int) -> None:
        """Load an epoch's network in the thread; the newest choice counts."""
        recognizer, path, copy = self._recognizer, self._path, self._copies[index]
        if recognizer is None:
            return
        number = self._number

        def load() -> "WatchedNetwork":
            from model.activations.watched_network import WatchedNetwork
            from model.converted_model import ConvertedModel
            from model.model_files.epoch_copies import read_epoch_litert

            litert = read_epoch_litert(path, copy)
            record = ConvertedModel.of(litert, recognizer.metadata)
            return WatchedNetwork(litert, record)

        def take(network: "WatchedNetwork") -> None:
            if number != self._number:
                return
            self._networks[index] = network
            if self._panel.epoch_slider.value() == index:
                self._show(index)

        def fail(error: BaseException) -> None:
            if number == self._number:
                self._report(error)
                self.leave()

        self._worker.call(load, then=take, failed=fail)
