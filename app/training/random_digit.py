"""A random image of a data set's test part on the pad, with its true label."""

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
from model.data.datasets import Dataset, load_dataset
from model.data.labelled_images import Images, Labels
from model.errors import DatasetError

LOOK_INTERVAL_MS = 50
"""How often the window looks whether the data has come."""

SHOWN_SCALE = 20
"""An image of 28 pixels is shown this much larger, so that each pixel can be seen."""


@dataclass(frozen=True, eq=False)
class TestPart:
    """What there is to pick from.

    Attributes:
        name: Under which the data was asked for.
        title: For people.
        images: uint8 (images, 28, 28), 255 is ink.
        labels: int64 (images,), an index into `class_names`.
        class_names: What the labels mean.
    """

    name: str
    title: str
    images: Images
    labels: Labels
    class_names: tuple[str, ...]

    __test__ = False  # pytest takes every class of that name for tests


@dataclass(frozen=True)
class Activity:
    """What the loading is at; `fraction` is None where it cannot be told."""

    words: str
    fraction: float | None = None


class RandomDigitPresenter(QObject):
    """Loads test parts in a thread and shows an image of them.

    The thread never touches Qt: what it has to say waits in a queue until the window looks.

    Signals:
        said (str): A sentence for the status line.
        failed (BaseException): The data could not be had.
    """

    said = Signal(str)
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
        self._part: TestPart | None = None
        self._news: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._shown: Picture | None = None
        self._truth = ""
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_loading(self) -> bool:
        """Whether an image is on its way."""
        return self._timer.isActive()

    def show_from(self, dataset: str, *, folder: Path | None = None) -> None:
        """Put an image of a data set's test part on the pad, as soon as it is there.

        Args:
            dataset: Its name, or the path of the user's own.
            folder: Searched first; None for the usual places.
        """
        if self.is_loading:
            return
        if self._part is not None and self._part.name == dataset:
            self._show(self._part)
            return
        self._timer.start()
        # A daemon: a download must not keep the program from ending.
        threading.Thread(target=self._work, args=(dataset, folder), daemon=True).start()

    def take_answer(self, answer: Answer) -> None:
        """Hold the network's answer against the truth, where it is about the image shown.

        A network that is still learning answers several times a second, and is not asked here.
        """
        if self._shown is None or self._pad.picture() is not self._shown or not answer.label:
            return
        if answer.source:
            return
        verdict = "right" if answer.label == self._truth else "wrong"
        self.said.emit(f"The label is {self._truth}; the network says {answer.label}: {verdict}.")

    def _work(self, dataset: str, folder: Path | None) -> None:
        try:
            data = self._load(dataset, folder=folder, progress=self._tell)
            self._news.put(_test_part(dataset, data))
        except Exception as error:  # noqa: BLE001  # the thread's border: the window reports it
            self._news.put(error)

    def _tell(self, words: str, fraction: float | None = None) -> None:
        self._news.put(Activity(words, fraction))

    def _on_timeout(self) -> None:
        while not self._news.empty():
            news = self._news.get()
            if isinstance(news, Activity):
                self.said.emit(_in_words(news))
                continue
            self._timer.stop()
            if isinstance(news, BaseException):
                self.failed.emit(news)
            elif isinstance(news, TestPart):
                self._part = news
                self._show(news)

    def _show(self, part: TestPart) -> None:
        index = int(self._random.integers(len(part.images)))
        image = part.images[index]
        self._truth = part.class_names[int(part.labels[index])]
        paper = Image.fromarray(255 - image)
        size = (paper.width * SHOWN_SCALE, paper.height * SHOWN_SCALE)
        self._shown = Picture(
            image=paper.resize(size, Image.Resampling.NEAREST),
            # As it was measured: no pen, no centring, the pixels themselves.
            ink=(image / np.float32(255)).astype(np.float32),
            caption=f"{part.title}, test image {index + 1:,}: the label is {self._truth}",
        )
        self._pad.set_picture(self._shown)


def _test_part(name: str, data: Dataset) -> TestPart:
    """Return a data set's test part alone: the rest takes five times as much memory."""
    if data.test_images is None or data.test_labels is None or not len(data.test_labels):
        raise DatasetError(f"{data.title} has no test images to pick from; choose other data.")
    return TestPart(name, data.title, data.test_images, data.test_labels, data.class_names)


def _in_words(activity: Activity) -> str:
    percent = "" if activity.fraction is None else f", {activity.fraction * 100:.0f} %"
    return f"{activity.words.rstrip('.…')}{percent}…"
