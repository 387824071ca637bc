"""Explains in a thread of its own; of several requests the newest counts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.child.background import BackgroundWorker
from app.explain.explained import (
    Explained,
    explained_picture,
    explained_strokes,
    searched_thoroughly,
)
from app.explain.subject import Subject

if TYPE_CHECKING:  # importing them for real would load the runtime before the window is shown
    from model.explain.neighbours import Neighbours
    from model.recognizer import Recognizer


@dataclass(frozen=True, eq=False)
class Wish:
    """What is to be explained.

    Attributes:
        subject: The digit.
        against: The class to weigh the answer against; None for the runner-up.
    """

    subject: Subject
    against: int | None = None


class Explainer(QObject):
    """Explains the drawing by the model that answers.

    Signals:
        explained (Explained): The explanation of the newest request.
        failed (BaseException): Why it can't be explained.
    """

    explained = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = BackgroundWorker(self)
        self._network: _Network | None = None
        self._newest = 0

    @property
    def recognizer(self) -> "Recognizer | None":
        """A copy of the network, for this thread."""
        return None if self._network is None else self._network.source

    def set_recognizer(self, recognizer: "Recognizer") -> None:
        """Ask another network from now on; requests to the earlier one are dropped."""
        self.forget()
        self._network = _Network(recognizer)

    def ask(self, wish: Wish) -> None:
        """Explain; first without the training digits, if these take long.

        Where no stroke is found that changes the answer, the search goes on after that.
        """
        if self._network is None:
            return
        self.forget()
        network, number = self._network, self._newest

        def search_on(explained: Explained) -> None:
            if explained.is_unsearched(wish.against):
                self._call(number, lambda: network.search_thoroughly(explained, wish))

        if not network.has_neighbours:
            self._call(number, lambda: network.explain(wish, with_neighbours=False))
        self._call(number, lambda: network.explain(wish, with_neighbours=True), then=search_on)

    def forget(self) -> None:
        """Drop the requests so far."""
        self._newest += 1

    def _call(
        self,
        number: int,
        work: "Callable[[], Explained]",
        then: Callable[[Explained], None] | None = None,
    ) -> None:
        def work_if_newest() -> Explained | None:
            # The user went on drawing while it waited.
            return work() if number == self._newest else None

        self._worker.call(
            work_if_newest,
            then=lambda explained: self._on_explained(number, explained, then),
            failed=lambda error: self._on_failed(number, error),
        )

    def _on_explained(
        self, number: int, explained: Explained | None, then: Callable[[Explained], None] | None
    ) -> None:
        if explained is not None and number == self._newest:
            self.explained.emit(explained)
            if then is not None:
                then(explained)

    def _on_failed(self, number: int, error: BaseException) -> None:
        if number == self._newest:
            self.failed.emit(error)


class _Network:
    """A network of the thread's own: the window's answers at the same time."""

    def __init__(self, recognizer: "Recognizer") -> None:
        self.source = recognizer
        self._own: Recognizer | None = None
        self._neighbours: Neighbours | None = None

    @property
    def has_neighbours(self) -> bool:
        """Whether the training digits are ready."""
        return self._neighbours is not None

    def explain(self, wish: Wish, *, with_neighbours: bool) -> Explained:
        """Explain, in the thread."""
        if self._own is None:
            from model.explain.questions import THREADS
            from model.recognizer import Recognizer

            source = self.source
            self._own = Recognizer(source.litert, source.record, threads=THREADS)
        if with_neighbours and self._neighbours is None:
            self._neighbours = self._made_neighbours()
        neighbours = self._neighbours if with_neighbours else None
        subject, against = wish.subject, wish.against
        if subject.picture is not None:
            return explained_picture(self._own, subject.picture, against, neighbours, subject.box)
        return explained_strokes(self._own, subject, against, neighbours)

    def search_thoroughly(self, explained: Explained, wish: Wish) -> Explained:
        """Look longer for a stroke that changes the answer, in the thread."""
        if self._own is None:
            return explained
        return searched_thoroughly(self._own, explained, wish.subject, wish.against)

    def _made_neighbours(self) -> "Neighbours":
        from model.activations.watched_network import WatchedNetwork
        from model.explain.neighbours import Neighbours

        return Neighbours.of_network(WatchedNetwork(self.source.litert, self.source.record))
