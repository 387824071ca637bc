"""The same recipe on JAX, alone and over two processes."""

import importlib.util
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model.model_files.model_file import converted_model_of, file_sha256, read_metadata
from model.recognizer import Recognizer

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="needs jax"),
]

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 200


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two classes: a bar on the left, a bar on the right."""
    labels = np.arange(120) % 2
    images = np.random.default_rng(1).integers(0, 60, (120, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[4:24, 4 + 14 * label : 8 + 14 * label] = 255
    path = tmp_path / "sides.npz"
    np.savez(path, x_train=images, y_train=labels, x_test=images[:40], y_test=labels[:40])
    return path


def start(data: Path, out: Path, *arguments: str) -> subprocess.Popen[str]:
    options = (f"--dataset={data}", f"--out={out}", "--device=cpu", "--batch-size=20")
    return subprocess.Popen(
        [sys.executable, "-m", "model", "train", *options, *arguments],
        cwd=PROJECT,
        env={**os.environ, "KERAS_BACKEND": "jax"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> None:
    try:
        output, _ = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode == 0, output


def test_jax_trains_our_recipe_and_its_file_opens_like_any_other(
    data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "new.keras"
    finish(start(data, out, "--recipe=digitpad", "--epochs=2", "--augmentation-off-fraction=0.5"))
    metadata = read_metadata(out)
    assert metadata.test_accuracy is not None
    assert "jax" in metadata.versions
    copy = converted_model_of(file_sha256(out))
    assert copy is not None
    assert Recognizer.from_files(copy).metadata.class_names == metadata.class_names


def test_two_processes_end_with_equal_weights(data: Path, tmp_path: Path) -> None:
    addresses = ",".join(f"localhost:{port}" for port in free_ports(2))
    outs = [tmp_path / f"{number}.keras" for number in range(2)]
    processes = [
        start(
            data,
            out,
            "--recipe=dense128",
            "--epochs=2",
            "--augmentation=affine",
            "--augmentation-off-fraction=0.5",
            f"--processes={addresses}",
            f"--process-id={number}",
        )
        for number, out in enumerate(outs)
    ]
    for process in processes:
        finish(process)
    first, second = (weights_in(out) for out in outs)
    assert len(first) == 4
    for ours, theirs in zip(first, second, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    history = read_metadata(outs[0]).history
    assert history[-1].loss < history[0].loss


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("localhost", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def weights_in(file: Path) -> list[np.ndarray]:
    """Return the weights in a model file, read without Keras."""
    from model.model_files.inspection import read_model, read_model_bytes

    layers = read_model(read_model_bytes(file), file.name).weights
    return [np.asarray(values) for layer in layers for values in layer]
