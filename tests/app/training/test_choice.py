"""Which of two models is better is said as far as the images can tell."""

import msgspec
import pytest

from app.training.choice import Better, better_of, compared_in_words
from model.run_events import Finished

FINISHED = Finished(
    file="/nowhere/new.keras",
    litert_file="/nowhere/new.tflite",
    test_accuracy=0.97,
    validation_accuracy=None,
    epochs=1,
    was_stopped=False,
    seconds=1.0,
    measured_on="MNIST, 10,000 images",
    previous_accuracy=0.9966,
)


def finished(**changes) -> Finished:
    return msgspec.structs.replace(FINISHED, **changes)


@pytest.mark.parametrize(
    ("changes", "better"),
    [
        ({}, Better.OLD),
        ({"previous_accuracy": 0.93}, Better.NEW),
        ({"previous_accuracy": 0.972}, Better.UNCLEAR),
        ({"measured_on": "Mine, 40 images"}, Better.UNCLEAR),
        ({"previous_accuracy": None}, Better.UNKNOWN),
        ({"test_accuracy": None}, Better.UNKNOWN),
        ({"measured_on": ""}, Better.UNKNOWN),
    ],
)
def test_a_model_is_better_where_the_intervals_do_not_overlap(changes, better) -> None:
    assert better_of(finished(**changes)) is better


def test_the_card_says_which_is_better() -> None:
    assert compared_in_words(FINISHED, "Digitpad network") == (
        "Test accuracy of the new model: 97.00 %, of “Digitpad network”: 99.66 % (MNIST,"
        " 10,000 images). The old one is better: their 95 % intervals do not overlap."
    )
    unclear = compared_in_words(finished(previous_accuracy=0.971), "old")
    assert unclear.endswith("Neither is clearly better: their 95 % intervals overlap.")
