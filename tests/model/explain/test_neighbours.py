"""Whom a drawing resembles."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from model.activations.watched_network import WatchedNetwork
from model.converted_model import read_converted_model
from model.errors import ExplanationError
from model.explain.neighbours import NEAREST, Neighbours, StoredDigits, own_distances, unit_length
from model.ink import ink_from_strokes
from model.model_files.model_file import write_converted_model
from model.recognizer import BUNDLED_MODEL
from model.synthesis.builtin_strokes import generate
from model.synthesis.non_digits import generate_non_digits

LITERT = BUNDLED_MODEL.with_suffix(".tflite")
DRAWINGS, LABELS, _ = generate(30, 77)


@pytest.fixture(scope="module")
def neighbours() -> Neighbours:
    return Neighbours.of_network(WatchedNetwork.from_files(LITERT))


def test_the_asset_belongs_to_the_bundled_network() -> None:
    stored = StoredDigits()
    assert stored.source_sha256 == read_converted_model(LITERT)[1].source_sha256
    assert len(stored) == 10_000
    assert stored.features.shape == (10_000, 64)
    assert set(stored.labels) == set(range(10))


def test_digits_resemble_digits_of_their_class(neighbours: Neighbours) -> None:
    found = [neighbours.of(ink_from_strokes(drawing)) for drawing in DRAWINGS]
    assert all(len(each.nearest) == NEAREST for each in found)
    right = [each.nearest[0].label == str(label) for each, label in zip(found, LABELS, strict=True)]
    assert np.mean(right) >= 0.9
    for each in found:
        distances = [one.distance for one in each.nearest]
        assert distances == sorted(distances)
        assert 0 <= each.typical <= 1


def test_strokes_of_stored_digits_are_those_digits(neighbours: Neighbours) -> None:
    stored = StoredDigits()
    for number in range(0, len(stored), 500):
        found = neighbours.of(ink_from_strokes(stored.strokes(number)))
        assert found.nearest[0].distance < 0.1
        assert str(stored.labels[number]) in {each.label for each in found.nearest}


def test_digits_are_more_typical_than_noise(neighbours: Neighbours) -> None:
    digits = [neighbours.of(ink_from_strokes(drawing)).typical for drawing in DRAWINGS]
    random = np.random.default_rng(5)
    noise = [neighbours.of(ink_from_strokes([random.random((30, 2))])).typical for _ in range(15)]
    assert np.median(digits) > 0.2
    assert np.median(noise) < 0.1


def test_non_digits_are_far_from_all_training_digits(neighbours: Neighbours) -> None:
    others, _ = generate_non_digits(30, 11, part="train")
    far, near = (
        np.mean([neighbours.of(ink_from_strokes(drawing)).is_far for drawing in drawings])
        for drawings in (others, DRAWINGS)
    )
    assert far >= 0.9
    assert near <= 0.3


def test_another_network_uses_its_own_features(tmp_path: Path) -> None:
    litert, copy = read_converted_model(LITERT)
    other = tmp_path / "other.tflite"
    metadata = msgspec.structs.replace(copy.metadata, network_map=None)
    write_converted_model(other, litert, metadata, source_sha256="another")
    found = Neighbours.of_network(WatchedNetwork.from_files(other))
    right = [
        found.of(ink_from_strokes(drawing)).nearest[0].label == str(label)
        for drawing, label in zip(DRAWINGS, LABELS, strict=True)
    ]
    assert np.mean(right) >= 0.9


@pytest.mark.parametrize("damage", [b"", b"no archive", None])
def test_a_damaged_asset_is_said(tmp_path: Path, damage: bytes | None) -> None:
    file = tmp_path / "digits.npz"
    if damage is not None:
        file.write_bytes(damage)
    with pytest.raises(ExplanationError, match=r"digits\.npz is missing or damaged"):
        StoredDigits(file)


def test_a_digit_is_not_its_own_neighbour() -> None:
    directions = unit_length(np.eye(8, dtype=np.float32))
    np.testing.assert_allclose(own_distances(directions), 1)
