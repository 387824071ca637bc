"""Small model files made by hand, without Keras, in the forms that Keras writes.

A network of one convolution and one dense layer; every part can be swapped for something odd.
"""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import h5py
import numpy as np

Config = dict[str, Any]
Weights = Mapping[str, Any]

SHAPES = {
    "layers/conv2d/vars/0": (3, 3, 1, 4),
    "layers/conv2d/vars/1": (4,),
    "layers/dense/vars/0": (676, 10),
    "layers/dense/vars/1": (10,),
}


def layer(kind: str, name: str, **settings: Any) -> Config:
    """Return a layer's entry as Keras 3 writes it."""
    return {
        "module": "keras.layers",
        "class_name": kind,
        "config": {"name": name, "trainable": True, "dtype": "float32", **settings},
        "registered_name": None,
    }


def input_layer(*shape: int, name: str = "ink") -> Config:
    """Return the entry of an input, without the batch axis."""
    entry = layer("InputLayer", name, batch_shape=[None, *shape], sparse=False, ragged=False)
    entry["config"].pop("trainable")
    return entry


def convolution(**settings: Any) -> Config:
    """Return the entry of a convolution, (28, 28, 1) to (26, 26, 4)."""
    usual = {
        "filters": 4,
        "kernel_size": [3, 3],
        "strides": [1, 1],
        "padding": "valid",
        "data_format": "channels_last",
        "activation": "relu",
        "use_bias": True,
        "kernel_initializer": {
            "module": "keras.initializers",
            "class_name": "GlorotUniform",
            "config": {"seed": None},
            "registered_name": None,
        },
        "bias_initializer": "zeros",
    }
    return layer("Conv2D", "conv2d", **(usual | settings))


def dense(**settings: Any) -> Config:
    """Return the entry of the last layer, ten probabilities."""
    return layer("Dense", "dense", **({"units": 10, "activation": "softmax"} | settings))


def sequential(*layers: Config, name: str = "made") -> Config:
    """Return the configuration of a sequential model."""
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": name, "trainable": True, "layers": list(layers)},
        "registered_name": None,
    }


def good_config(*extra: Config) -> Config:
    """Return the configuration of a good model, with more layers before its last one."""
    pooling = layer("MaxPooling2D", "pool", pool_size=[2, 2], strides=[2, 2], padding="valid")
    rescaling = layer("Rescaling", "rescaling", scale=1 / 255, offset=0.0)
    flatten = layer("Flatten", "flatten")
    first = input_layer(28, 28, 1)
    return sequential(first, rescaling, convolution(), pooling, flatten, *extra, dense())


def connected(entry: Config, *sources: str) -> Config:
    """Return a layer's entry as it stands in a functional model, fed by other layers."""
    tensors = [
        {
            "class_name": "__keras_tensor__",
            "config": {"shape": [None], "dtype": "float32", "keras_history": [source, 0, 0]},
        }
        for source in sources
    ]
    nodes = [{"args": [tensors] if len(tensors) > 1 else tensors, "kwargs": {}}] if sources else []
    return {**entry, "name": entry["config"]["name"], "inbound_nodes": nodes}


def functional(*layers: Config, outputs: Any = None) -> Config:
    """Return the configuration of a functional model; the last layer is its output."""
    last = layers[-1]["name"]
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {
            "name": "made",
            "layers": list(layers),
            "input_layers": [layers[0]["name"], 0, 0],
            "output_layers": outputs or [last, 0, 0],
        },
        "registered_name": "Functional",
    }


def good_weights() -> dict[str, Any]:
    """Return the good model's weights, small random numbers."""
    random = np.random.default_rng(1)
    return {path: random.normal(0, 0.2, shape).astype("f4") for path, shape in SHAPES.items()}


def weights_file(
    weights: Weights | None = None, change: Callable[[h5py.File], None] | None = None
) -> bytes:
    """Return `model.weights.h5` as Keras writes it, changed at the end."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for path, values in (good_weights() if weights is None else weights).items():
            file[path] = values
        if change:
            change(file)
    return buffer.getvalue()


def archive(
    config: Config | bytes | None = None,
    weights: bytes | None = None,
    members: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a `.keras` file."""
    if not isinstance(config, bytes):
        config = json.dumps(good_config() if config is None else config).encode()
    parts = {
        "metadata.json": b'{"keras_version": "3.15.1", "date_saved": "2026-01-02@03:04:05"}',
        "config.json": config,
        "model.weights.h5": weights_file() if weights is None else weights,
        **(members or {}),
    }
    return zipped(parts.items())


def zipped(members: Any, compression: int = zipfile.ZIP_STORED) -> bytes:
    """Return a zip archive of pairs of names (or ZipInfo) and bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, data in members:
            file.writestr(name, data)
    return buffer.getvalue()


def old_config() -> Config:
    """Return the good model's configuration as Keras 2 writes it into an `.h5` file."""
    entries = [
        {key: value for key, value in entry.items() if key in ("class_name", "config")}
        for entry in good_config()["config"]["layers"]
    ]
    shape = entries[0]["config"].pop("batch_shape")
    entries[0]["config"]["batch_input_shape"] = shape
    entries[2]["config"]["kernel_initializer"] = {
        "class_name": "GlorotUniform",
        "config": {"seed": None},
    }
    return {"class_name": "Sequential", "config": {"name": "sequential", "layers": entries}}


def old_file(
    config: Config | str | None = None, change: Callable[[h5py.File], None] | None = None
) -> bytes:
    """Return an `.h5` file as Keras 2 writes it, changed at the end."""
    config = old_config() if config is None else config
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file.attrs["keras_version"] = b"2.15.0"
        file.attrs["backend"] = b"tensorflow"
        file.attrs["model_config"] = config if isinstance(config, str) else json.dumps(config)
        names = [entry["config"]["name"] for entry in old_config()["config"]["layers"]]
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [name.encode() for name in names[1:]]
        for name in names[1:]:
            _add_old_weights(group.create_group(name), name)
        if change:
            change(file)
    return buffer.getvalue()


def _add_old_weights(group: h5py.Group, name: str) -> None:
    values = [good_weights()[path] for path in SHAPES if path.startswith(f"layers/{name}/")]
    names = [f"{name}/kernel:0", f"{name}/bias:0"][: len(values)]
    group.attrs["weight_names"] = [each.encode() for each in names]
    for each, value in zip(names, values, strict=True):
        group[each] = value
