"""The model before, measured after a run, until that is skipped."""

import numpy as np
import pytest

from model.data.datasets import Dataset
from model.metadata import DIGIT_NAMES
from model.protocol import Skip, decode_request, encode_line
from model.recognizer import BUNDLED_MODEL

pytest.importorskip("keras")

from model.training.job import _previous_accuracy
from model.training.previous_model import SkippedError, accuracy_of
from model.worker.control import RunControl

LITERT = BUNDLED_MODEL.with_suffix(".tflite")

pytestmark = pytest.mark.skipif(not LITERT.exists(), reason="needs the bundled network")


@pytest.fixture
def data() -> Dataset:
    images = np.zeros((600, 28, 28), np.uint8)
    images[:, 4:24, 13:16] = 255
    labels = np.ones(600, np.int64)
    return Dataset("bars", "Bars", images, labels, images, labels, DIGIT_NAMES, "0" * 64)


def test_the_measurement_shows_how_far_it_is_and_can_be_skipped(data: Dataset) -> None:
    events = []
    assert _previous_accuracy(LITERT, data, events.append, RunControl()) == 1.0
    fractions = [event.fraction for event in events]
    assert fractions[0] == 0.0
    assert fractions[-1] == 1.0
    assert all(event.can_skip for event in events)


def test_a_request_to_skip_ends_it_between_two_batches(data: Dataset) -> None:
    control = RunControl()
    events = []

    def skip_soon(event) -> None:
        events.append(event)
        control.skip()

    assert _previous_accuracy(LITERT, data, skip_soon, control) is None
    assert len(events) == 1


def test_a_skipped_measurement_is_none(data: Dataset) -> None:
    def stop(_fraction: float) -> None:
        raise SkippedError

    assert accuracy_of(LITERT, data, stop) is None


def test_the_request_survives_the_pipe() -> None:
    assert decode_request(encode_line(Skip())) == Skip()
