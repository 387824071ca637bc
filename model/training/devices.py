"""The devices that can train, and the reason if no GPU is among them."""

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
from keras import layers

from model.errors import TrainingError

ALL_GPUS = "gpus"
"""The device name of all GPUs of this machine together."""

BFLOAT16_CAPABILITY = (8, 0)
"""NVIDIA's GPUs multiply bfloat16 from this compute capability on (Ampere, 2020)."""

CPU_FLAGS = Path("/proc/cpuinfo")
"""Says, on Linux, what a CPU has."""

BFLOAT16_FLAGS = frozenset({"avx512_bf16", "amx_bf16"})
"""Either is for instructions that multiply bfloat16."""


@dataclass(frozen=True)
class Device:
    """A device that can train.

    Attributes:
        name: For `--device`: `cpu`, `gpu:0`, `gpu:1`, ..., or `gpus` for all of them together.
        title: Its name for people, such as "CPU (2 cores)".
        is_gpu: Whether it is a GPU, or several.
        has_bfloat16: Whether it multiplies bfloat16, whose range needs no loss scaling, faster than
            32-bit numbers.
    """

    name: str
    title: str
    is_gpu: bool = False
    has_bfloat16: bool = False


def available_devices() -> list[Device]:
    """Return every device that Keras's backend can use, GPUs first."""
    gpus = _gpus()
    together = [_together(gpus)] if len(gpus) > 1 else []
    cpu = Device("cpu", f"CPU ({os.cpu_count()} cores)", has_bfloat16=_cpu_has_bfloat16())
    return [*gpus, *together, cpu]


def chosen_device(name: str) -> Device:
    """Return the device of that name.

    Args:
        name: `auto` (the first GPU where there is one), `cpu`, `gpu`, `gpu:N` or `gpus`.

    Raises:
        TrainingError: If there is no such device.
    """
    devices = available_devices()
    if name == "auto":
        return devices[0]
    wanted = "gpu:0" if name == "gpu" else name
    for device in devices:
        if device.name == wanted:
            return device
    names = ", ".join(device.name for device in reversed(devices))
    note = "" if devices[0].is_gpu else f" {missing_gpu_note()}"
    raise TrainingError(f"There is no device {name!r} here; choose one of {names}.{note}")


def use_device(device: Device) -> None:
    """Make the backend train on a device; call before the first tensor is made."""
    if keras.config.backend() == "tensorflow":
        _use_in_tensorflow(device)
    elif keras.config.backend() == "jax":
        _use_in_jax(device)


@contextmanager
def training_scope(device: Device) -> Iterator[None]:
    """Give each of several GPUs a copy of the network that is built in this scope."""
    if device.name != ALL_GPUS:
        yield
    elif keras.config.backend() == "tensorflow":
        import tensorflow as tf

        with tf.distribute.MirroredStrategy().scope():
            yield
    else:
        keras.distribution.set_distribution(keras.distribution.DataParallel())
        yield


def precision_of(device: Device, network: keras.Model) -> str:
    """Return Keras's dtype policy for training a network on a device.

    GPUs multiply 16-bit numbers several times faster. Of CPUs, some multiply bfloat16 faster; there
    a network takes it that normalises its batches, which keeps its numbers in range, and the others
    train exactly as on any CPU.
    """
    if device.is_gpu:
        return "mixed_bfloat16" if device.has_bfloat16 else "mixed_float16"
    normalizes = any(isinstance(layer, layers.BatchNormalization) for layer in network.layers)
    return "mixed_bfloat16" if device.has_bfloat16 and normalizes else "float32"


def missing_gpu_note() -> str:
    """Return one sentence on why there is no GPU here, and what to do."""
    backend = keras.config.backend()
    if backend != "tensorflow":
        return f"No GPU: the {backend} backend sees none; install its GPU build to train on one."
    if sys.platform == "win32":
        return "No GPU: TensorFlow uses one on Windows only inside WSL2; install Digitpad there."
    if sys.platform == "darwin":
        return "No GPU: this TensorFlow has no Metal plugin on macOS, so it trains on the CPU."
    if platform.machine() not in ("x86_64", "AMD64"):
        return "No GPU: TensorFlow has no CUDA packages for this processor."
    if not _has_nvidia_driver():
        return "No GPU: no NVIDIA driver was found; install one if this computer has an NVIDIA GPU."
    return "No GPU: TensorFlow lacks its CUDA packages; install Digitpad's extra gpu (see README)."


def _cpu_has_bfloat16() -> bool:
    """Whether TensorFlow's convolutions are faster in bfloat16; XLA's, which JAX takes, are not."""
    if keras.config.backend() != "tensorflow" or not CPU_FLAGS.exists():
        return False
    flags = CPU_FLAGS.read_text(encoding="utf-8", errors="replace").split()
    return not BFLOAT16_FLAGS.isdisjoint(flags)


def _has_nvidia_driver() -> bool:
    # Inside WSL2 this device reaches the driver of Windows.
    return Path("/proc/driver/nvidia/version").exists() or Path("/dev/dxg").exists()


def _gpus() -> list[Device]:
    if keras.config.backend() == "tensorflow":
        return _gpus_of_tensorflow()
    if keras.config.backend() == "jax":
        return [
            _gpu(number, gpu.device_kind, _as_version(getattr(gpu, "compute_capability", "")))
            for number, gpu in enumerate(_jax_gpus())
        ]
    import torch

    return [
        _gpu(number, torch.cuda.get_device_name(number), torch.cuda.get_device_capability(number))
        for number in range(torch.cuda.device_count())
    ]


def _gpus_of_tensorflow() -> list[Device]:
    import tensorflow as tf

    gpus = []
    for number, gpu in enumerate(tf.config.list_physical_devices("GPU")):
        details = tf.config.experimental.get_device_details(gpu)
        capability = details.get("compute_capability", ())
        gpus.append(_gpu(number, details.get("device_name", "GPU"), capability))
    return gpus


def _gpu(number: int, title: str, capability: tuple[int, ...]) -> Device:
    return Device(
        f"gpu:{number}",
        title,
        is_gpu=True,
        has_bfloat16=tuple(capability) >= BFLOAT16_CAPABILITY,
    )


def _together(gpus: list[Device]) -> Device:
    titles = " + ".join(gpu.title for gpu in gpus)
    return Device(ALL_GPUS, titles, is_gpu=True, has_bfloat16=all(gpu.has_bfloat16 for gpu in gpus))


def _as_version(text: str) -> tuple[int, ...]:
    parts = text.split(".")
    return tuple(map(int, parts)) if all(part.isdigit() for part in parts) else ()


def _use_in_tensorflow(device: Device) -> None:
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    used = [gpu for i, gpu in enumerate(gpus) if device.name in (f"gpu:{i}", ALL_GPUS)]
    tf.config.set_visible_devices(used, "GPU")
    for gpu in used:
        # Otherwise TensorFlow takes all of the GPU's memory at once.
        tf.config.experimental.set_memory_growth(gpu, True)


def _use_in_jax(device: Device) -> None:
    import jax

    # As with TensorFlow; it must be set before the first array is on the GPU.
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    if device.name == ALL_GPUS:
        return
    used = _jax_gpus()[int(device.name.partition(":")[2])] if device.is_gpu else _jax_cpu()
    jax.config.update("jax_default_device", used)


def _jax_cpu() -> Any:
    import jax

    return jax.local_devices(backend="cpu")[0]


def _jax_gpus() -> list[Any]:
    import jax

    try:
        return list(jax.local_devices(backend="gpu"))
    except RuntimeError:  # JAX's error if there is none
        return []
