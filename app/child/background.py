"""Work in a thread beside the window: reading folders and files, which may take long."""

import threading
from collections.abc import Callable
from functools import cache, partial
from queue import SimpleQueue
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

_Value = TypeVar("_Value")


class BackgroundWorker:
    """Calls functions in a thread of its own, one after the other.

    The thread is a daemon: a hanging network folder does not delay the end of the program.
    """

    def __init__(self, owner: QObject) -> None:
        """Prepare; the first call starts the thread.

        Args:
            owner: Lives in the window's thread. Once it is deleted, results are dropped.
        """
        self._owner = owner
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._is_started = False

    def call(
        self,
        function: Callable[[], _Value],
        *,
        then: Callable[[_Value], object],
        failed: Callable[[BaseException], object],
    ) -> None:
        """Call a function in the thread and continue in the window's thread.

        Args:
            function: Touches nothing of Qt's.
            then: Receives what it returns.
            failed: Receives what it raises.
        """
        if not self._is_started:
            self._is_started = True
            self._owner.destroyed.connect(partial(self._calls.put, None))
            threading.Thread(target=_work, args=(self._calls,), daemon=True).start()
        mailbox, owner = _mailbox(), self._owner

        def call() -> None:
            try:
                continuation = partial(then, function())
            except Exception as error:  # noqa: BLE001  # the border: `failed` reports it
                continuation = partial(failed, error)
            mailbox.arrived.emit(owner, continuation)

        self._calls.put(call)

    def finish(self) -> None:
        """Wait until everything that was called is done."""
        if self._is_started:
            is_done = threading.Event()
            self._calls.put(is_done.set)
            is_done.wait()


def _work(calls: "SimpleQueue[Callable[[], None] | None]") -> None:
    while (call := calls.get()) is not None:
        call()


class _Mailbox(QObject):
    """Brings continuations from any thread into the window's; it lives as long as the program."""

    arrived = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def _on_arrived(self, owner: QObject, continuation: Callable[[], object]) -> None:
        if shiboken6.isValid(owner):
            continuation()


@cache
def _mailbox() -> _Mailbox:
    return _Mailbox()
