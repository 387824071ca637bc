"""Asking for a file, without stopping the window while the answer is thought about."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

SUGGESTED_NAME = "drawing"


def first_folder(remembered: str) -> str:
    """Return the folder in which a dialog begins.

    Args:
        remembered: Where the user was last; empty if nowhere yet. It may be gone.

    Returns:
        That folder; else the user's documents, or home where there are none.
    """
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    for folder in (remembered, documents):
        if folder and Path(folder).is_absolute() and Path(folder).is_dir():
            return folder
    return str(Path.home())


def ask_for_file(
    parent: QWidget,
    folder: str,
    filters: list[str],
    tell: Callable[[Path], None],
    *,
    title: str = "Open",
) -> None:
    """Ask which file to open.

    Args:
        parent: The window.
        folder: Where to begin, as in `first_folder`.
        filters: Such as "Pictures (*.png *.jpg)".
        tell: Gets the answer, if one is given.
        title: The dialog's.
    """
    dialog = QFileDialog(parent, title, first_folder(folder))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(filters)
    _open(dialog, tell)


def ask_where_to_save(
    parent: QWidget, folder: str, filters: list[str], tell: Callable[[Path], None]
) -> None:
    """Ask under which name to save; the chosen filter gives the suffix.

    Args:
        parent: The window.
        folder: Where to begin, as in `first_folder`.
        filters: Such as "PNG picture (*.png)", one suffix each.
        tell: Gets the answer, if one is given.
    """
    dialog = QFileDialog(parent, "Save drawing", first_folder(folder))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(filters)
    dialog.setDefaultSuffix(_suffix_of(filters[0]))
    dialog.selectFile(f"{SUGGESTED_NAME}.{_suffix_of(filters[0])}")
    dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix(_suffix_of(text)))
    _open(dialog, tell)


def _open(dialog: QFileDialog, tell: Callable[[Path], None]) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: tell(Path(name)))
    dialog.open()


def _suffix_of(name_filter: str) -> str:
    """Return "png" for "PNG picture (*.png)"."""
    return name_filter.partition("*.")[2].rstrip(")")
