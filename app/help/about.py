"""About the program: its version, and what it is made of, read from the installed packages."""

import platform
from importlib.metadata import PackageNotFoundError, distribution
from importlib.metadata import metadata as package_metadata

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.style.plain_text import PlainLabel, set_tip
from model.metadata import printable

PROGRAM = "digitpad"
PACKAGES = (
    "pyside6-essentials",
    "ai-edge-litert",
    "keras",
    "tensorflow",
    "numpy",
    "pillow",
    "h5py",
    "msgspec",
    "pyqtgraph",
    "platformdirs",
    "pooch",
    "requests",
    "rich",
    "onnx",
    "tf2onnx",
    "onnxruntime",
)
COLUMNS = ("Package", "Version", "Licence")
_LONGEST_LICENCE = 200


def package_rows() -> list[tuple[str, str, str]]:
    """Return name, version and licence of each package that is installed."""
    rows = []
    for name in PACKAGES:
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        rows.append((name, printable(found.version, 40), licence_of(name)))
    return rows


def licence_of(name: str) -> str:
    """Return the licence that a package's record names; empty without one."""
    record = package_metadata(name)
    expression = next(iter(record.get_all("License-Expression") or []), "")
    classifiers = [
        text.rpartition(" :: ")[2]
        for text in record.get_all("Classifier") or []
        if text.startswith("License ::") and text != "License :: OSI Approved"
    ]
    written = next(iter(record.get_all("License") or []), "").strip().partition("\n")[0]
    return printable(expression or ", ".join(classifiers) or written, _LONGEST_LICENCE)


def program_version() -> str:
    """Return the program's version; empty if it runs without being installed."""
    try:
        return distribution(PROGRAM).version
    except PackageNotFoundError:
        return ""


class AboutDialog(QDialog):
    """Name, version and licence, and a table of packages.

    Attributes:
        words: Name and version.
        table: The packages.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("aboutDialog")
        self.setWindowTitle("About Digitpad")
        self.resize(520, 480)
        self.words = PlainLabel(
            f"Digitpad {program_version()}".strip() + " · MIT licence\n"
            f"Python {platform.python_version()} on {platform.system()}"
        )
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        rest = PlainLabel(
            "A drawing pad that recognises digits while you draw them. What you draw stays on this"
            " computer. It stands on the work of others:"
        )
        rest.setWordWrap(True)
        self.table = _filled(package_rows())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        for widget in (self.words, rest, self.table, buttons):
            layout.addWidget(widget)


def _filled(rows: list[tuple[str, str, str]]) -> QTableWidget:
    table = QTableWidget(len(rows), len(COLUMNS))
    table.setAccessibleName("Packages")
    table.setHorizontalHeaderLabels(COLUMNS)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setStretchLastSection(True)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            item = QTableWidgetItem(value)
            set_tip(item, value)
            table.setItem(row, column, item)
    return table
