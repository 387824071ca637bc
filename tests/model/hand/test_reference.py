"""What the bundled network makes of other people's digits, which comes with the program."""

from pathlib import Path

import numpy as np
import pytest

from model.hand import teachable_network as module
from model.hand.teachable_network import (
    REFERENCE_ARRAYS,
    REFERENCE_FILE,
    TeachableNetwork,
    stored_reference,
)

SOURCES = [b"a network", b"a picture"]


def test_the_stored_reference_is_of_the_bundled_network(monkeypatch: pytest.MonkeyPatch):
    """After another network is bundled: make network-assets."""

    def compute(*_: object) -> None:
        raise AssertionError("hand_reference.npz is of another network; run make network-assets")

    monkeypatch.setattr(module, "cached_arrays", compute)
    assert len(TeachableNetwork.bundled().reference.digits) == 2000


def test_the_stored_reference_is_what_would_be_computed(network: TeachableNetwork):
    stored, made = network.reference, network.reference_arrays()
    assert np.allclose(stored.digits.log_probabilities, made["digit_answers"], atol=1e-3)
    # An axis may point either way.
    places = np.abs(np.asarray(made["digit_coordinates"], np.float32))
    assert np.allclose(np.abs(stored.digits.coordinates), places, atol=0.02)


def test_a_reference_of_another_network_or_a_damaged_one_is_computed(tmp_path: Path):
    file = tmp_path / "reference.npz"
    assert stored_reference(SOURCES, REFERENCE_FILE) is None
    assert stored_reference(SOURCES, file) is None
    file.write_bytes(b"this is no archive")
    assert stored_reference(SOURCES, file) is None


def test_a_written_reference_is_read_for_its_network_alone(
    tmp_path: Path, network: TeachableNetwork, monkeypatch: pytest.MonkeyPatch
):
    arrays = {name: np.ones(3, np.float32) for name in REFERENCE_ARRAYS}
    monkeypatch.setattr(network, "reference_arrays", lambda: arrays)
    monkeypatch.setattr(network, "_reference_sources", lambda: SOURCES)
    file = tmp_path / "reference.npz"
    network.write_reference(file)
    assert stored_reference([b"another", SOURCES[1]], file) is None
    read = stored_reference(SOURCES, file)
    assert read is not None
    assert all(np.array_equal(read[name], arrays[name]) for name in REFERENCE_ARRAYS)
