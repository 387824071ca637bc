"""The card about the chosen data: counts, classes and ten images, or why they can't be used."""

import itertools
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.style.icons import themed_icon
from app.style.inked import inked
from app.style.plain_text import height_of_lines, wrapping_label
from app.style.text_sizes import TextSize, sized
from app.widgets.announcement import announce
from model.ink import INK_SIZE
from model.task_events import DataChecked, DataSample

MOST_NAMES = 12

FACT_LINES = 3
"""So many lines are kept free for the facts, so that the lens does not jump when they come."""

_GAP_PX = 4
_LARGEST_PX = 40
_SIGN_SIZE = QSize(16, 16)


class DataCard(QWidget):
    """Facts about data, and images of it.

    Attributes:
        facts: Counts and classes in words.
        problem: Why the data can't be used; empty if they can.
        samples: One image of each class.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataCard")
        self.facts = wrapping_label(role="quiet")
        self.facts.setObjectName("dataFacts")
        self.facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.problem = wrapping_label(name="dataProblem")
        self._sign = _WarningSign()
        self._problem_row = QWidget()
        row = QHBoxLayout(self._problem_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.problem, 1)
        self.samples = SampleStrip()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.facts)
        layout.addWidget(self._problem_row)
        layout.addWidget(self.samples)
        layout.addStretch(1)
        self._rows = layout
        self._problem_row.hide()
        self._keep_room()

    def show_activity(self, activity: str, fraction: float | None = None) -> None:
        """Show that the data are being checked."""
        part = "" if fraction is None else f" {fraction * 100:.0f} %"
        self.facts.setText(f"{activity.rstrip('.…')}…{part}")
        self.facts.show()
        self._problem_row.hide()
        self.samples.show()
        self.samples.show_samples(())

    def show_data(self, data: DataChecked) -> None:
        """Show the facts about the data."""
        self.facts.setText(data_in_words(data))
        self.facts.show()
        self._problem_row.hide()
        self.samples.show()
        self.samples.show_samples(data.samples)

    def show_problem(self, sentence: str) -> None:
        """Show why the data can't be used."""
        self.facts.hide()
        self.problem.setText(sentence)
        self._problem_row.show()
        announce(self.problem, sentence)
        self.samples.show_samples(())
        self.samples.hide()  # the sentence has its room, too

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._keep_room()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._keep_room()

    def _keep_room(self) -> None:
        """Be as high before the data are checked as after it."""
        lines = height_of_lines(self.facts, FACT_LINES)
        self.facts.setMinimumHeight(lines)
        self.setMinimumHeight(lines + self._rows.spacing() + self.samples.sizeHint().height())


def data_in_words(data: DataChecked) -> str:
    """Return counts and classes, such as "60,000 to train, 10,000 to test · 10 classes"."""
    tests = f", {data.test_images:,} to test" if data.test_images else ", no test split"
    counts = f"{data.training_images:,} images to train{tests}" if data.training_images else ""
    classes = f"{len(data.class_names)} classes: {_names(data.class_names)}"
    if data.class_counts and min(data.class_counts) * 2 < max(data.class_counts):
        fewest, most = min(data.class_counts), max(data.class_counts)
        classes += f" ({fewest:,} to {most:,} images each)"
    return "\n".join(filter(None, (counts, classes, data.note)))


def _names(class_names: Sequence[str]) -> str:
    if len(class_names) <= MOST_NAMES:
        return ", ".join(class_names)
    return ", ".join(class_names[: MOST_NAMES - 1]) + "…"


class _WarningSign(QWidget):
    """A warning sign in the theme's colours at the time that it is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_SIGN_SIZE)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        themed_icon("warning").paint(painter, self.rect())
        painter.end()


class SampleStrip(QWidget):
    """Images in a row, their classes below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataSamples")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._samples: tuple[tuple[str, QImage], ...] = ()
        self.show_samples(())

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes of the images that are shown."""
        return tuple(label for label, _ in self._samples)

    def show_samples(self, samples: Sequence[DataSample]) -> None:
        """Show images; none if there are none."""
        self._samples = tuple((sample.label, _image(sample)) for sample in samples)
        names = ", ".join(label for label, _, _ in runs_of(self.labels))
        self.setAccessibleName(f"Images of {names}" if names else "No images")
        self.update()

    def sizeHint(self) -> QSize:
        """Ten images beside each other."""
        return QSize(10 * (INK_SIZE + _GAP_PX), _LARGEST_PX + _GAP_PX + self._text_height)

    def minimumSizeHint(self) -> QSize:
        """Ten small images beside each other."""
        return QSize(10 * 16, self.sizeHint().height())

    @property
    def _text_height(self) -> int:
        return round(TextSize.SMALL.pixels * 1.5)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ink on paper, in the colours of the theme."""
        if not self._samples:
            return
        painter = QPainter(self)
        painter.setFont(sized(self.font(), TextSize.SMALL))
        side = min(self.width() / len(self._samples) - _GAP_PX, _LARGEST_PX)
        for index, (_, image) in enumerate(self._samples):
            place = QRectF(index * (side + _GAP_PX), 0, side, side)
            painter.fillRect(place, self.palette().color(QPalette.ColorRole.AlternateBase))
            painter.drawImage(place, inked(image, self.palette()))
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        for label, first, count in runs_of(self.labels):
            width = count * (side + _GAP_PX) - _GAP_PX
            below = QRectF(first * (side + _GAP_PX), side + 2, width, self._text_height)
            room = round(width)
            text = painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, room)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()


def runs_of(labels: Sequence[str]) -> list[tuple[str, int, int]]:
    """Return each label once, with its first place and how many places in a row it has."""
    runs, first = [], 0
    for label, group in itertools.groupby(labels):
        count = len(list(group))
        runs.append((label, first, count))
        first += count
    return runs


def _image(sample: DataSample) -> QImage:
    view = QImage(sample.pixels, INK_SIZE, INK_SIZE, INK_SIZE, QImage.Format.Format_Alpha8)
    return view.copy()  # copied, as the bytes are freed when this function ends
