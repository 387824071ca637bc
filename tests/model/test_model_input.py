"""What networks are fed: scale, polarity, shape and size; and answers that are no numbers."""

import numpy as np
import pytest

from model.ink import ink_from_strokes
from model.metadata import InputFormat, ModelMetadata
from model.recognizer import Recognizer, model_input
from model.verdicts import Verdict

INK = ink_from_strokes([[[0, 0], [20, 0], [5, 40]]])


def fed(**wanted) -> np.ndarray:
    return model_input(INK[np.newaxis], ModelMetadata(input_format=InputFormat(**wanted)))[0]


@pytest.mark.parametrize("shape", [(28, 28, 1), (28, 28), (784,)])
def test_same_numbers_in_every_shape(shape: tuple[int, ...]) -> None:
    assert fed(shape=shape).shape == shape
    np.testing.assert_array_equal(fed(shape=shape).ravel(), INK.ravel())


def test_scale_and_polarity() -> None:
    assert fed(scale=255.0).max() == pytest.approx(255 * INK.max())
    np.testing.assert_allclose(fed(scale=255.0, is_inverted=True)[..., 0], 255 * (1 - INK), 1e-6)


def test_an_offset_is_added() -> None:
    np.testing.assert_allclose(fed(scale=2.0, offset=-1.0)[..., 0], 2 * INK - 1, atol=1e-6)


@pytest.mark.parametrize("side", [14, 20, 32, 64])
def test_other_sizes_keep_place_range_and_amount_of_ink(side: int) -> None:
    resized = fed(shape=(side, side))
    assert resized.dtype == np.float32
    assert resized.shape == (side, side)
    assert 0 <= resized.min() <= resized.max() <= 1
    assert resized.mean() == pytest.approx(INK.mean(), rel=0.05)
    places = np.indices((side, side)) + 0.5
    middle = (places * resized).sum(axis=(1, 2)) / resized.sum() / side
    wanted = ((np.indices((28, 28)) + 0.5) * INK).sum(axis=(1, 2)) / INK.sum() / 28
    np.testing.assert_allclose(middle, wanted, atol=0.01)


def test_shrinking_is_anti_aliased() -> None:
    stripes = np.zeros((28, 28), np.float32)
    stripes[:, ::2] = 1
    form = ModelMetadata(input_format=InputFormat(shape=(14, 14)))
    inner = model_input(stripes[np.newaxis], form)[0][:, 2:-2]
    assert inner.min() > 0.3
    assert inner.max() < 0.7


def test_no_inks_are_no_inks() -> None:
    form = ModelMetadata(input_format=InputFormat(shape=(32, 32)))
    assert model_input(np.zeros((0, 28, 28), np.float32), form).shape == (0, 32, 32)


def test_answer_that_is_no_number_is_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    recognizer = Recognizer.bundled()
    nothing = np.full((1, 10), np.nan, np.float32)
    monkeypatch.setattr(recognizer, "_outputs", lambda inks: nothing)
    answer = recognizer.recognize(INK)
    assert answer.verdict is Verdict.UNSURE
    assert answer.confidence == pytest.approx(0.1)
