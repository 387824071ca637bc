"""What a model file holds: facts, remarks and layers."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QVBoxLayout, QWidget

from app.style.plain_text import PlainLabel, wrapping_label
from app.widgets.disclosure import Disclosure
from app.widgets.network_summary import NetworkSummary
from model.run_events import LayerRow


class ModelFacts(QWidget):
    """Rows of a name and a value, sentences about what is odd, and a table of layers.

    Attributes:
        remarks: The sentences.
        layers: The table.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelFacts")
        self._rows: dict[str, str] = {}
        self._form = QFormLayout()
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(4)
        self.remarks = _text()
        self.remarks.setObjectName("modelRemarks")
        self.layers = NetworkSummary()
        self.layers.show_whole()
        self._disclosure = Disclosure("Layers", self.layers)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._form)
        layout.addWidget(self.remarks)
        layout.addWidget(self._disclosure)
        layout.addStretch(1)

    @property
    def rows(self) -> dict[str, str]:
        """The facts that are shown."""
        return dict(self._rows)

    def show_facts(
        self,
        rows: Sequence[tuple[str, str]],
        remarks: Sequence[str],
        layers: Sequence[LayerRow],
    ) -> None:
        """Show a file.

        Args:
            rows: Names and values.
            remarks: Sentences.
            layers: The network.
        """
        self._rows = dict(rows)
        while self._form.rowCount():
            self._form.removeRow(0)
        for name, value in rows:
            caption = PlainLabel(name)
            caption.setProperty("role", "quiet")
            caption.setAlignment(Qt.AlignmentFlag.AlignTop)
            words = _text(value if name != "SHA-256" else _broken(value))
            words.setAccessibleName(name)
            self._form.addRow(caption, words)
        self.remarks.setText("\n".join(remarks))
        self.remarks.setVisible(bool(remarks))
        self.layers.show_layers(layers)


def _text(words: str = "") -> PlainLabel:
    label = wrapping_label(words)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label


def _broken(sha256: str) -> str:
    """Let a hash be broken in the middle: it has no spaces."""
    half = len(sha256) // 2
    return f"{sha256[:half]} {sha256[half:]}"
