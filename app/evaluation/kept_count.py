"""How many drawings the user keeps, said in the list of data before they are measured."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.child.background import BackgroundWorker
from app.widgets.data_box import DataBox
from model.data.kept_drawings import NAME, TITLE, kept_count


class KeptCount(QObject):
    """Counts in a thread, as another window may hold the database, each time a lens is shown."""

    def __init__(self, lens: QWidget, data: DataBox, parent: QObject) -> None:
        """Count from now on.

        Args:
            lens: Where the list is.
            data: The list.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._data = data
        self._worker = BackgroundWorker(self)
        lens.installEventFilter(self)
        data.list_opened.connect(self._count)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count when the lens is shown."""
        if event.type() == QEvent.Type.Show:
            self._count()
        return super().eventFilter(watched, event)

    def _count(self) -> None:
        # A database that can't be read is reported where it is measured.
        self._worker.call(kept_count, then=self._on_counted, failed=lambda _error: None)

    def _on_counted(self, count: int) -> None:
        self._data.retitle(NAME, f"{TITLE} ({count:,})" if count else f"{TITLE} (none yet)")
