"""A random test image of a data set on the pad, with its label."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, QTimer, Signal

from app.drawing.drawing import Picture
from app.drawing.pad import DrawingPad
from app.recognition.answer_words import Answer
from model.data.datasets import Dataset, holder_of_test_split, load_dataset
from model.data.labelled_images import Images, Labels
from model.errors import DatasetError

POLL_INTERVAL_MS = 50
"""How often the window reads the messages of the thread."""

SHOWN_SCALE = 20
"""An image of 28 pixels is enlarged by this factor, so that each pixel is visible."""


@dataclass(frozen=True, eq=False)
class TestSplit:
    """The test split of a data set.

    Attributes:
        name: The data set's name, or the path of the user's own data.
        title: Its name for people.
        images: uint8 (images, 28, 28), 255 is ink.
        labels: int64 (images,), an index into `class_names`.
        class_names: What the labels mean.
    """

    name: str
    title: str
    images: Images
    labels: Labels
    class_names: tuple[str, ...]

    __test__ = False  # pytest would collect a class of this name


@dataclass(frozen=True)
class Activity:
    """What is being loaded; `fraction` is None if it is unknown."""

    words: str
    fraction: float | None = None


class RandomDigitPresenter(QObject):
    """Loads test splits in a thread and shows an image of them.

    The thread never touches Qt: its messages wait in a queue until the window reads them.

    Signals:
        said (str): A sentence for the status line.
        outdated (str): What was said of an image that is not on the pad any more.
        failed (BaseException): The data can't be loaded.
    """

    said = Signal(str)
    outdated = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        pad: DrawingPad,
        *,
        load: Callable[..., Dataset] = load_dataset,
        random: np.random.Generator | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Connect a pad with data.

        Args:
            pad: Where images are shown.
            load: Loads a data set by its name.
            random: Picks the images.
            parent: Owner, as in Qt.
        """
        super().__init__(parent)
        self._pad = pad
        self._load = load
        self._random = random or np.random.default_rng()
        self._split: TestSplit | None = None
        self._messages: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._shown: Picture | None = None
        self._truth = ""
        self._compared = ""
        pad.drawing_changed.connect(self._on_drawing_changed)
        pad.stroke_begun.connect(self._on_drawing_changed)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_loading(self) -> bool:
        """Whether data is being loaded."""
        return self._timer.isActive()

    def show_from(self, dataset: str, *, folder: Path | None = None) -> None:
        """Show a test image of a data set on the pad, as soon as the data is loaded.

        Args:
            dataset: Its name, or the path of the user's own.
            folder: Searched first; None for the usual places.
        """
        if self.is_loading:
            return
        # Where only the test split is another data set's, the rest need not be read or drawn.
        dataset = holder_of_test_split(dataset)
        if self._split is not None and self._split.name == dataset:
            self._show(self._split)
            return
        self._timer.start()
        # A daemon: a download must not keep the program alive.
        threading.Thread(target=self._work, args=(dataset, folder), daemon=True).start()

    def take_answer(self, answer: Answer) -> None:
        """Compare the model's answer with the label, if it is for the image shown.

        The answers of a network in training, several a second, do not count.
        """
        if not self._is_on_pad() or not answer.label:
            return
        if answer.source:
            return
        sign = "✓" if answer.label == self._truth else "✗"
        self._compared = f"True label {self._truth}, predicted {answer.label} {sign}"
        self.said.emit(self._compared)

    def _on_drawing_changed(self) -> None:
        if self._compared and (self._pad.is_drawing or not self._is_on_pad()):
            self.outdated.emit(self._compared)
            self._compared = ""

    def _is_on_pad(self) -> bool:
        picture = self._pad.picture()
        # Undo brings the picture back as another one, with the same ink.
        return bool(picture and self._shown and picture.ink is self._shown.ink)

    def _work(self, dataset: str, folder: Path | None) -> None:
        try:
            data = self._load(dataset, folder=folder, progress=self._report)
            self._messages.put(_test_split(dataset, data))
        except Exception as error:  # noqa: BLE001  # the thread's border: the window reports it
            self._messages.put(error)

    def _report(self, words: str, fraction: float | None = None) -> None:
        self._messages.put(Activity(words, fraction))

    def _on_timeout(self) -> None:
        while not self._messages.empty():
            message = self._messages.get()
            if isinstance(message, Activity):
                self.said.emit(_sentence(message))
                continue
            self._timer.stop()
            if isinstance(message, BaseException):
                self.failed.emit(message)
            elif isinstance(message, TestSplit):
                self._split = message
                self._show(message)

    def _show(self, split: TestSplit) -> None:
        index = int(self._random.integers(len(split.images)))
        image = split.images[index]
        self._truth = split.class_names[int(split.labels[index])]
        paper = Image.fromarray(255 - image)
        size = (paper.width * SHOWN_SCALE, paper.height * SHOWN_SCALE)
        self._shown = Picture(
            image=paper.resize(size, Image.Resampling.NEAREST),
            # The pixels themselves, as in the measurement: without a pen and without centring.
            ink=(image / np.float32(255)).astype(np.float32),
            caption=f"{split.title}, test image {index + 1:,}: true label {self._truth}",
        )
        self._pad.set_picture(self._shown)


def _test_split(name: str, data: Dataset) -> TestSplit:
    """Return a data set's test split alone: the rest takes five times as much memory."""
    if data.test_images is None or data.test_labels is None or not len(data.test_labels):
        raise DatasetError(f"{data.title} has no test images to pick from; choose other data.")
    return TestSplit(name, data.title, data.test_images, data.test_labels, data.class_names)


def _sentence(activity: Activity) -> str:
    percent = "" if activity.fraction is None else f", {activity.fraction * 100:.0f} %"
    return f"{activity.words.rstrip('.…')}{percent}…"
