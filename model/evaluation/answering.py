"""Answering many images on all processors."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from typing_extensions import Self

from model.evaluation.answers import Answers, answers_of
from model.recognizer import Recognizer

BATCH = 16
"""Images in one call of the network: more make it slower, because they leave the nearest cache."""

MOST_THREADS = 8
MOST_COPIED_BYTES = 16 << 20
"""A network whose file is larger is not copied for each processor."""

Part = TypeVar("Part")
Images = npt.NDArray[np.uint8] | npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


def answering_threads() -> int:
    """Return the number of threads that answer: the processors, up to a limit."""
    return min(os.cpu_count() or 1, MOST_THREADS)


class AnswerPool:
    """Copies of a model that answer at the same time, one on each processor.

    Each copy answers batches of its own. Threads that share a batch would wait for each other after
    every layer, and for a window that takes one of the processors.
    """

    def __init__(self, recognizer: Recognizer, *, threads: int | None = None) -> None:
        """Copy a model; its second opinion is not asked.

        Args:
            recognizer: The model, which is not used itself.
            threads: How many processors answer; None for all, up to a limit.
        """
        threads = threads or answering_threads()
        is_copied = len(recognizer.litert) <= MOST_COPIED_BYTES
        copies, threads_each = (threads, 1) if is_copied else (1, threads)
        self._idle: SimpleQueue[Recognizer] = SimpleQueue()
        for _ in range(copies):
            copy = Recognizer(recognizer.litert, recognizer.record, threads=threads_each)
            self._idle.put(copy)
        self._executor = ThreadPoolExecutor(copies)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave out what has not begun, and wait for the rest."""
        self._executor.shutdown(cancel_futures=True)

    def answer(self, images: Images, labels: Labels) -> Answers:
        """Answer images.

        Args:
            images: uint8 (images, 28, 28), 255 is ink; or float32 in [0, 1], 1 is ink.
            labels: int64 (images,), indices of the model's classes.
        """
        return _joined(self.begin(images, labels))

    def begin(self, images: Images, labels: Labels) -> list[Future[Answers]]:
        """Begin to answer images; arguments are those of `answer`."""
        places = [slice(first, first + BATCH) for first in range(0, len(images), BATCH)]
        return [self._executor.submit(self._answer, images[each], labels[each]) for each in places]

    def _answer(self, images: Images, labels: Labels) -> Answers:
        """Answer up to `BATCH` images, filled up with blank ones.

        Batches of changing size would make LiteRT allocate each time, and it keeps some of it.
        """
        inks = np.zeros((BATCH, *images.shape[1:]), np.float32)
        inks[: len(images)] = images
        if images.dtype == np.uint8:
            inks /= np.float32(255)
        recognizer = self._idle.get()
        try:
            probabilities = recognizer.probabilities_of(inks)
        finally:
            self._idle.put(recognizer)
        return answers_of(
            probabilities[: len(images)],
            labels,
            has_ink=inks[: len(images)].max(axis=(1, 2)) > 0,
            thresholds=recognizer.metadata.verdicts,
        )


def answer_in_turn(
    pools: Sequence[AnswerPool],
    parts: Iterable[Part],
    labelled: Callable[[Part], tuple[Images, Labels]],
) -> Iterator[tuple[Part, list[Answers]]]:
    """Answer parts of the data in their order; while one is answered, the next is read.

    Args:
        pools: The models.
        parts: Of any kind.
        labelled: Returns a part's images and labels, as `AnswerPool.answer` takes them.

    Yields:
        Each part with every model's answers to its images.
    """
    begun: deque[tuple[Part, list[list[Future[Answers]]]]] = deque()
    for part in parts:
        begun.append((part, [pool.begin(*labelled(part)) for pool in pools]))
        if len(begun) > 1:
            done, models = begun.popleft()
            yield done, [_joined(futures) for futures in models]
    for done, models in begun:
        yield done, [_joined(futures) for futures in models]


def _joined(futures: Iterable[Future[Answers]]) -> Answers:
    return Answers.joined([future.result() for future in futures])
