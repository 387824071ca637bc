"""Which courses of a run's loss are taken for lost."""

import math

import pytest

from model.errors import TrainingError
from model.worker.control import RunControl

keras = pytest.importorskip("keras")

from model.training.callbacks import KeepsBestEpoch  # noqa: E402  # after the check for Keras


def go_through(losses: list[float], *, epochs: int, classes: int = 2) -> KeepsBestEpoch:
    """Have a run end its first epochs with these losses, in units of ln(classes)."""
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(classes)])
    keeper = KeepsBestEpoch(network, RunControl(), lambda event: None, classes=classes)
    keeper.set_model(network)
    keeper.set_params({"epochs": epochs, "steps": 1})
    for epoch, loss in enumerate(losses):
        keeper.on_epoch_begin(epoch)
        keeper.on_epoch_end(epoch, {"loss": loss * math.log(classes), "accuracy": 0.5})
    return keeper


@pytest.mark.parametrize(
    "losses",
    [
        [1.9, 2.1, 1.0, 0.3],
        [1.7, 3.4, 4.3, 0.9, 0.4],
        [5.6, 11.5, 5.2, 3.4, 1.4, 0.7],
    ],
)
def test_a_run_that_begins_badly_may_recover(losses: list[float]) -> None:
    assert len(go_through(losses, epochs=8).history) == len(losses)


@pytest.mark.parametrize(
    ("losses", "epochs", "classes"),
    [
        ([math.nan], 8, 2),
        ([math.inf], 8, 2),
        ([1e4], 8, 10),
        # What is left of a lost network where probabilities are clipped.
        ([6.3] * 5, 8, 10),
        ([6.3], 1, 10),
        ([0.5, *[3.8] * 5], 1000, 62),
    ],
)
def test_a_run_that_does_not_come_back_has_diverged(
    losses: list[float], epochs: int, classes: int
) -> None:
    with pytest.raises(TrainingError, match="Lower the learning rate"):
        go_through(losses, epochs=epochs, classes=classes)
