"""The precision that a network trains in."""

from pathlib import Path

import pytest

keras = pytest.importorskip("keras")

from model.training import devices  # noqa: E402  # after the check that Keras is there
from model.training.devices import Device, chosen_device, precision_of  # noqa: E402
from model.training.networks import build_network  # noqa: E402


@pytest.mark.skipif(keras.config.backend() != "tensorflow", reason="for TensorFlow's CPU kernels")
@pytest.mark.parametrize(
    ("flags", "has_it"),
    [("fpu avx2 avx512f", False), ("avx512f avx512_bf16 fsrm", True), ("amx_bf16 amx_tile", True)],
)
def test_the_cpu_says_whether_it_multiplies_bfloat16(
    flags: str, has_it: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text(f"model name : CPU\nflags\t\t: {flags}\n")
    monkeypatch.setattr(devices, "CPU_FLAGS", file)
    assert chosen_device("cpu").has_bfloat16 is has_it


def test_a_system_without_that_file_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "CPU_FLAGS", tmp_path / "absent")
    assert not chosen_device("cpu").has_bfloat16


@pytest.mark.parametrize(
    ("is_gpu", "has_bfloat16", "name", "precision"),
    [
        (False, True, "digitpad", "mixed_bfloat16"),
        (False, False, "digitpad", "float32"),
        (False, True, "conv64-dense128", "float32"),
        (True, True, "conv64-dense128", "mixed_bfloat16"),
        (True, False, "conv64-dense128", "mixed_float16"),
    ],
)
def test_the_precision_follows_from_device_and_network(
    is_gpu: bool, has_bfloat16: bool, name: str, precision: str
) -> None:
    device = Device("device", "Device", is_gpu=is_gpu, has_bfloat16=has_bfloat16)
    assert precision_of(device, build_network(name)) == precision
