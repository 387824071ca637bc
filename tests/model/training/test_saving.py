"""Writing a trained network: the file takes its place only with its converted model."""

from pathlib import Path

import numpy as np
import pytest

from model.errors import TrainingError
from model.metadata import ModelMetadata
from model.model_files.model_file import converted_model_of, file_sha256, read_metadata

keras = pytest.importorskip("keras")

from model.training import saving  # noqa: E402  # after the check that Keras is there
from model.training.saving import write_model  # noqa: E402

INKS = np.zeros((1, 28, 28), np.float32)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A cache of its own, and no real conversion."""
    monkeypatch.setenv("DIGITPAD_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(saving, "_converted", lambda *_: b"a LiteRT file")


def network() -> "keras.Model":
    inputs = keras.Input((28, 28, 1))
    flat = keras.layers.Flatten()(inputs)
    return keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(flat))


def test_a_model_file_and_its_copy_are_written(tmp_path: Path) -> None:
    out = tmp_path / "new.keras"
    metadata = ModelMetadata(dataset="bars")
    copy = write_model(network(), metadata, out, inks=INKS)
    assert converted_model_of(file_sha256(out)) == copy
    assert copy.read_bytes() == b"a LiteRT file"
    assert read_metadata(out) == metadata


def test_a_cache_that_cant_be_written_leaves_the_model_before(tmp_path: Path) -> None:
    out = tmp_path / "new.keras"
    out.write_bytes(b"the model before")
    (tmp_path / "cache").write_text("not a folder")
    with pytest.raises(TrainingError, match=r"can't be kept in .*cache: .*DIGITPAD_CACHE"):
        write_model(network(), ModelMetadata(), out, inks=INKS)
    assert out.read_bytes() == b"the model before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "new.keras"]
