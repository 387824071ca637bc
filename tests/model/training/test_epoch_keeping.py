"""The epochs of a run are kept, bounded in number and bytes, and answer as they did."""

import os
from pathlib import Path

import numpy as np
import pytest

from model.converted_model import ConvertedModel
from model.data.sample_digits import sample_digits
from model.metadata import EpochFigures, ModelMetadata
from model.model_files import epoch_copies
from model.model_files.epoch_copies import (
    EpochCopy,
    epoch_copies_path,
    read_epoch_copies,
    read_epoch_litert,
    write_epoch_copies,
)
from model.recognizer import Recognizer

keras = pytest.importorskip("keras")
pytest.importorskip("tensorflow")

from model.conversion.litert import convert  # noqa: E402
from model.training import epoch_keeping  # noqa: E402
from model.training.batch_normalization import with_fused_normalization  # noqa: E402
from model.training.callbacks import KeepsBestEpoch  # noqa: E402
from model.training.epoch_keeping import EpochWeights, KeepsEpochs, keep_epochs  # noqa: E402
from model.training.networks import build_network  # noqa: E402
from model.worker.control import RunControl  # noqa: E402

SHA = "a" * 64


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DIGITPAD_CACHE", str(tmp_path / "cache"))


def kept_after(epochs: int) -> list[int]:
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    best = KeepsBestEpoch(network, RunControl(), lambda event: None, classes=2)
    keeper = KeepsEpochs(network, best)
    for callback in (best, keeper):
        callback.set_model(network)
        callback.set_params({"epochs": epochs, "steps": 1})
    for epoch in range(epochs):
        best.on_epoch_begin(epoch)
        for callback in (best, keeper):
            callback.on_epoch_end(epoch, {"loss": 0.5, "accuracy": 0.5})
    return [each.epoch for each in keeper.kept]


def test_each_epoch_of_a_short_run_is_kept_and_some_of_a_long_one() -> None:
    assert kept_after(5) == [1, 2, 3, 4, 5]
    long = kept_after(100)
    assert long[0] == 1
    assert 6 <= len(long) <= epoch_copies.MOST_EPOCHS
    assert long[-1] > 85


def test_a_network_too_large_to_be_kept_twice_is_not_kept(monkeypatch) -> None:
    monkeypatch.setattr(epoch_keeping, "MOST_BYTES", 30)
    assert kept_after(3) == []


def test_epochs_answer_as_they_did() -> None:
    network, inks = build_network("dense128"), sample_digits().inks[:4]
    random = np.random.default_rng(5)
    epochs = [
        EpochWeights(
            number,
            [each + random.normal(0, 0.05, each.shape).astype(np.float32)
             for each in network.get_weights()],
        )
        for number in (1, 2)
    ]  # fmt: skip
    network.set_weights(epochs[1].weights)
    history = [
        EpochFigures(
            epoch=n, loss=1.0, accuracy=0.4 * n, validation_loss=None,
            validation_accuracy=None, seconds=1.0,
        )
        for n in (1, 2)
    ]  # fmt: skip
    keep_epochs(
        network, convert(network), epochs, history=history, inputs=inks[..., None], model_sha256=SHA
    )
    path = epoch_copies_path(SHA)
    copies = read_epoch_copies(path)
    assert [(copy.epoch, copy.accuracy) for copy in copies] == [(1, 0.4), (2, 0.8)]
    for copy, each in zip(copies, epochs, strict=True):
        litert = read_epoch_litert(path, copy)
        recognizer = Recognizer(litert, ConvertedModel.of(litert, ModelMetadata()))
        network.set_weights(each.weights)
        exact = keras.ops.convert_to_numpy(network(inks[..., None], training=False))
        np.testing.assert_allclose(recognizer.recognize(inks[0]).probabilities, exact[0], atol=1e-4)


def test_epochs_are_kept_of_a_network_whose_layers_another_model_shares_while_it_trains() -> None:
    network = build_network("digitpad")
    epoch = EpochWeights(1, network.get_weights())
    row = EpochFigures(epoch=1, loss=1.0, accuracy=0.4, validation_loss=None,
                       validation_accuracy=None, seconds=1.0)  # fmt: skip
    assert with_fused_normalization(network) is not network
    keep_epochs(network, convert(network), [epoch], history=[row],
                inputs=np.zeros((1, 28, 28, 1), np.float32), model_sha256=SHA)  # fmt: skip
    assert [copy.epoch for copy in read_epoch_copies(epoch_copies_path(SHA))] == [1]


def test_epochs_that_cannot_be_kept_leave_the_model_alone(caplog) -> None:
    network = build_network("dense128")
    weights = EpochWeights(1, network.get_weights())
    keep_epochs(network, convert(network), [], history=[], inputs=np.zeros((1, 28, 28, 1)),
                model_sha256=SHA)  # fmt: skip
    other = build_network("conv5x5")
    row = EpochFigures(epoch=1, loss=1.0, accuracy=0.4, validation_loss=None,
                       validation_accuracy=None, seconds=1.0)  # fmt: skip
    keep_epochs(other, convert(network), [weights], history=[row],
                inputs=np.zeros((1, 28, 28, 1), np.float32), model_sha256=SHA)  # fmt: skip
    assert "not kept" in caplog.text
    assert read_epoch_copies(epoch_copies_path(SHA)) == ()


def test_damaged_archives_hold_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK no zip")
    assert read_epoch_copies(path) == ()
    copy = EpochCopy.of(b"network", epoch=1, accuracy=0.5)
    write_epoch_copies(path, [(copy, b"another")])
    assert read_epoch_copies(path) == (copy,)
    with pytest.raises(epoch_copies.ModelFileError, match="damaged"):
        read_epoch_litert(path, copy)


def test_the_oldest_archives_go_when_all_take_too_much_room(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(epoch_copies, "MOST_BYTES_OF_ALL", 3000)
    for number in range(5):
        litert = bytes([number]) * 1000
        copy = EpochCopy.of(litert, epoch=1, accuracy=0.5)
        path = tmp_path / f"{number}.zip"
        write_epoch_copies(path, [(copy, litert)])
        os.utime(path, (number, number))
    left = {path.name for path in tmp_path.iterdir()}
    assert "4.zip" in left
    assert "0.zip" not in left
    assert len(left) <= 3
