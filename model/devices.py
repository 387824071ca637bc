"""The devices that can train, in words, and why there is no GPU where there is none."""

import os
import platform
import sys
from dataclasses import dataclass
from typing import Any

import keras

from model.errors import TrainingError


@dataclass(frozen=True)
class Device:
    """Something that can train.

    Attributes:
        name: For `--device`: `cpu`, `gpu:0`, `gpu:1`, ...
        title: For people, such as "CPU (2 cores)".
        is_gpu: Whether it is a GPU.
    """

    name: str
    title: str
    is_gpu: bool


def available_devices() -> list[Device]:
    """Return every device that Keras's backend can use, GPUs first."""
    gpus = [Device(f"gpu:{i}", title, True) for i, title in enumerate(_gpu_titles())]
    return [*gpus, Device("cpu", f"CPU ({os.cpu_count()} cores)", False)]


def chosen_device(wish: str) -> Device:
    """Return the device that a wish names.

    Args:
        wish: `auto` (a GPU where there is one), `cpu`, `gpu` or `gpu:N`.

    Raises:
        TrainingError: If there is no such device.
    """
    devices = available_devices()
    if wish == "auto":
        return devices[0]
    wanted = "gpu:0" if wish == "gpu" else wish
    for device in devices:
        if device.name == wanted:
            return device
    names = ", ".join(device.name for device in reversed(devices))
    note = "" if devices[0].is_gpu else f" {missing_gpu_note()}"
    raise TrainingError(f"There is no device {wish!r} here; choose one of {names}.{note}")


def use_device(device: Device) -> None:
    """Make the backend train on a device; call before the first tensor is made."""
    if keras.config.backend() == "tensorflow":
        _use_in_tensorflow(device)
    elif keras.config.backend() == "jax":
        _use_in_jax(device)


def missing_gpu_note() -> str:
    """Say in one sentence why there is no GPU on this platform, and what to do."""
    backend = keras.config.backend()
    if backend != "tensorflow":
        return f"The {backend} backend sees no GPU; install its GPU build to train on one."
    if sys.platform == "win32":
        return "TensorFlow uses GPUs on Windows only inside WSL2; install Digitpad there."
    if sys.platform == "darwin":
        return "TensorFlow has no GPU support on macOS for this version; the CPU is used."
    if platform.machine() not in ("x86_64", "AMD64"):
        return "TensorFlow has no GPU packages for this processor; the CPU is used."
    import tensorflow as tf

    if not tf.test.is_built_with_cuda():
        return "This TensorFlow was built without GPU support; the CPU is used."
    return "No NVIDIA GPU is ready; with one, run: pip install 'digitpad[gpu]'."


def _gpu_titles() -> list[str]:
    if keras.config.backend() == "tensorflow":
        import tensorflow as tf

        details = tf.config.experimental.get_device_details
        gpus = tf.config.list_physical_devices("GPU")
        return [str(details(gpu).get("device_name", "GPU")) for gpu in gpus]
    if keras.config.backend() == "jax":
        return [str(gpu.device_kind) for gpu in _jax_gpus()]
    import torch

    return [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]


def _use_in_tensorflow(device: Device) -> None:
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    used = [gpu for i, gpu in enumerate(gpus) if device.name == f"gpu:{i}"]
    tf.config.set_visible_devices(used, "GPU")
    for gpu in used:
        # Otherwise TensorFlow takes all of the GPU's memory at once.
        tf.config.experimental.set_memory_growth(gpu, True)


def _use_in_jax(device: Device) -> None:
    import jax

    cpus = jax.devices("cpu")
    gpus = _jax_gpus()
    used = gpus[int(device.name.partition(":")[2])] if device.is_gpu else cpus[0]
    jax.config.update("jax_default_device", used)


def _jax_gpus() -> list[Any]:
    import jax

    try:
        return list(jax.devices("gpu"))
    except RuntimeError:  # how JAX says that there is none
        return []
