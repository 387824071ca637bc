"""Copies of a model that answer at the same time."""

from collections.abc import Iterator

import numpy as np
import pytest

from model.errors import DatasetError
from model.evaluation.answering import BATCH, AnswerPool, answer_in_turn
from model.ink import ink_from_strokes
from model.recognizer import Recognizer
from model.synthesis.builtin_strokes import generate
from model.verdicts import VERDICTS

COUNT = 3 * BATCH + 5


@pytest.fixture(scope="module")
def bundled() -> Recognizer:
    return Recognizer.bundled()


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    """Digits, scribbles of noise and one blank image: uint8 (images, 28, 28)."""
    drawings, _, _ = generate(COUNT, 5)
    images = np.rint(255 * np.stack([ink_from_strokes(each) for each in drawings])).astype(np.uint8)
    images[:4] = np.random.default_rng(1).integers(0, 256, (4, 28, 28))
    images[4] = 0
    return images


@pytest.mark.parametrize("threads", [1, 3])
def test_answers_are_the_recognizers(bundled: Recognizer, images: np.ndarray, threads: int) -> None:
    labels = np.arange(COUNT) % 10
    with AnswerPool(bundled, threads=threads) as pool:
        found = pool.answer(images, labels)
    single = [bundled.recognize(image.astype(np.float32) / 255) for image in images]
    assert found.predicted.tolist() == [answer.digit for answer in single]
    assert [VERDICTS[each] for each in found.verdicts] == [answer.verdict for answer in single]
    confidences = [answer.confidence for answer in single]
    np.testing.assert_allclose(found.confidences, confidences, atol=1e-5)
    assert found.labels.tolist() == labels.tolist()


def test_a_large_network_is_not_copied(
    bundled: Recognizer, images: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.evaluation.answering.MOST_COPIED_BYTES", 1_000)
    with AnswerPool(bundled, threads=2) as pool:
        found = pool.answer(images, np.zeros(COUNT, np.int64))
    assert found.predicted[-1] == bundled.recognize(images[-1].astype(np.float32) / 255).digit


def test_parts_come_in_their_order_and_the_next_is_read_meanwhile(
    bundled: Recognizer, images: np.ndarray
) -> None:
    read: list[int] = []

    def parts() -> Iterator[int]:
        for count in (40, 0, 7):
            read.append(count)
            yield count

    with AnswerPool(bundled) as pool:
        turns = answer_in_turn([pool, pool], parts(), lambda n: (images[:n], np.zeros(n, int)))
        first, answers = next(turns)
        assert read == [40, 0]
        assert (first, [len(each) for each in answers]) == (40, [40, 40])
        assert [(part, len(each)) for part, (each, _) in turns] == [(0, 0), (7, 7)]


def test_damaged_data_end_the_work(bundled: Recognizer, images: np.ndarray) -> None:
    def parts() -> Iterator[int]:
        yield COUNT
        raise DatasetError("Line 2 is damaged.")

    with pytest.raises(DatasetError, match="Line 2"), AnswerPool(bundled) as pool:
        list(answer_in_turn([pool], parts(), lambda n: (images[:n], np.zeros(n, int))))
