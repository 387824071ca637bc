"""Hostile configurations for the corpus: what a model file can name, and how it can be wired.

Every payload would create one marker file, and nothing else.
"""

import base64
import json
import marshal
import pickle
from collections.abc import Iterator
from typing import Any

from tests.made_models import (
    Config,
    connected,
    convolution,
    dense,
    functional,
    good_config,
    input_layer,
    layer,
    sequential,
)


def lambda_code(marker: str) -> str:
    """Return a function that creates the marker, as Keras writes the code of a lambda."""
    source = f"lambda x: (open({marker!r}, 'w').close(), x)[1]"
    code = compile(source, "payload", "eval").co_consts[0]
    return base64.b64encode(marshal.dumps(code)).decode()


def lambda_object(marker: str) -> Config:
    """Return the same as an object in a configuration."""
    value = {"code": lambda_code(marker), "defaults": None, "closure": None}
    return {"class_name": "__lambda__", "config": value}


def named_function(module: str, name: str, registered: str | None = None) -> Config:
    """Return a function that a configuration names."""
    return {
        "module": module,
        "class_name": "function",
        "config": name,
        "registered_name": registered or name,
    }


class Payload:
    """What a pickle would run."""

    def __init__(self, marker: str) -> None:
        self.marker = marker

    def __reduce__(self) -> Any:
        return open, (self.marker, "w")


def hostile_layers(marker: str) -> Iterator[tuple[str, Config, str]]:
    """Layers that stand in an otherwise good model."""
    command = f"touch {marker}"
    pickled = base64.b64encode(pickle.dumps(Payload(marker))).decode()
    lambda_layer = layer("Lambda", "evil", function=lambda_object(marker), arguments={})
    runs = "runs code of its own"
    yield "lambda", lambda_layer, runs
    unlock = named_function("keras.config", "enable_unsafe_deserialization")
    yield "CVE-2025-9906 unlocks", layer("Lambda", "evil", function=unlock), runs
    yield "CVE-2025-9906 direct", {**unlock, "name": "evil", "inbound_nodes": []}, runs
    attribute = named_function("keras.src.backend.common.global_state", "set_global_attribute")
    yield "CVE-2025-9906 sets a global", layer("Lambda", "evil", function=attribute), runs
    download = layer(
        "Lambda",
        "evil",
        function=named_function("keras.utils", "get_file"),
        arguments={"origin": f"file://{marker}", "extract": True, "cache_dir": "/tmp"},
    )
    yield "CVE-2025-8747 downloads", download, runs
    call = [{"args": [command], "kwargs": {}}]
    system = {**named_function("os", "system"), "name": "evil", "inbound_nodes": call}
    yield "CVE-2025-1550 os.system", system, runs
    run = {**layer("run", "evil", args=command, shell=True), "module": "subprocess"}
    yield "CVE-2025-1550 subprocess.run", run, "'run'"
    popen = {**layer("Popen", "evil", args=command, shell=True), "module": "subprocess"}
    yield "CVE-2025-1550 subprocess.Popen", popen, "'Popen'"
    builtin = {**named_function("builtins", "exec"), "config": f"open({marker!r}, 'w')"}
    yield "builtins.exec", builtin, runs
    yield "dense of os", {**dense(), "module": "os"}, "'os'"
    yield (
        "dense of a keras neighbour",
        {**dense(), "module": "keras.src.utils"},
        "'keras.src.utils'",
    )
    yield "dense of a lookalike", {**dense(), "module": "keras_evil"}, "'keras_evil'"
    own = {**layer("Evil", "evil"), "module": "evil", "registered_name": "Custom>Evil"}
    yield "custom class", own, "'Evil'"
    yield "registered name", {**dense(), "registered_name": "os>system"}, "'os>system'"
    yield "torch module", layer("TorchModuleWrapper", "evil", module=pickled), runs
    yield "jax layer", layer("JaxLayer", "evil", call_fn=lambda_object(marker)), runs
    yield "saved model layer", layer("TFSMLayer", "evil", filepath="/tmp/evil"), "reads other files"
    lookup = layer("StringLookup", "evil", vocabulary="/etc/passwd")
    yield "CVE-2025-12058 vocabulary", lookup, "reads other files"
    yield "hashing", layer("Hashing", "evil", num_bins=3), "'Hashing'"
    yield "wrapped lambda", layer("TimeDistributed", "evil", layer=lambda_layer), "'"
    yield "nested lambda", sequential(sequential(lambda_layer, name="in"), name="out"), runs
    spec = {"class_name": "__typespec__", "spec_name": "evil", "module": "os", "config": []}
    yield "type spec", layer("Dropout", "evil", rate=spec), runs
    tensor = {"class_name": "__tensor__", "config": {"value": [1], "dtype": "float32"}}
    yield "tensor", layer("Rescaling", "evil", scale=tensor, offset=0.0), "'__tensor__'"
    array = {"class_name": "__numpy__", "config": {"value": [1], "dtype": "object"}}
    yield "numpy", layer("Rescaling", "evil", scale=array, offset=0.0), "'__numpy__'"
    for where in ("kernel_initializer", "kernel_regularizer", "kernel_constraint", "activation"):
        evil = layer("Dense", "evil", units=10, **{where: named_function("builtins", "eval")})
        yield f"function as {where}", evil, runs
        evil = layer("Dense", "evil", units=10, **{where: lambda_object(marker)})
        yield f"lambda as {where}", evil, runs
        evil = layer("Dense", "evil", units=10, **{where: "os.system"})
        yield f"word as {where}", evil, "'os.system'"
    build = {**layer("Dropout", "evil", rate=0.5), "build_config": named_function("os", "system")}
    yield "build_config", build, runs
    policy = {
        "module": "keras.dtype_policies",
        "class_name": "QuantizedDTypePolicy",
        "config": {},
    }
    yield "policy", layer("Dropout", "evil", dtype=policy), "'QuantizedDTypePolicy'"
    yield "odd precision", layer("Dense", "evil", units=3, dtype="object"), "'object'"
    yield "setting of no layer", layer("Dense", "evil", units=3, evil="yes"), "'evil'"
    yield "kind is a list", {**dense(), "class_name": ["Dense"]}, "names"
    yield "text as units", layer("Dense", "evil", units="10"), "has units"
    yield "true as units", layer("Dense", "evil", units=True), "has units"
    yield "minus one unit", layer("Dense", "evil", units=-1), "has units"
    yield "no units", layer("Dense", "evil"), "has no units"
    yield "a billion weights", layer("Dense", "evil", units=1_000_000_000), "has units"
    first = layer("Conv2D", "evil", filters=1, kernel_size=3, data_format="channels_first")
    yield "channels first", first, "channels first"
    yield "same name twice", layer("Flatten", "flatten"), "same name"
    yield "empty name", layer("Flatten", ""), "no name"
    yield "shape that does not fit", layer("Reshape", "evil", target_shape=[7, 7]), "can't give"
    yield "two unknown extents", layer("Reshape", "evil", target_shape=[-1, -1]), "can't give"
    yield "zero extent", layer("Reshape", "evil", target_shape=[0, -1]), "can't give"


def hostile_configs(marker: str) -> Iterator[tuple[str, Config | bytes, str]]:
    """Configurations that are wrong as a whole."""
    good = json.dumps(good_config()).encode()
    yield "not JSON", b"import os", "not valid JSON"
    yield "empty configuration", b"", "not valid JSON"
    yield "list as configuration", b"[]", "not a JSON object"
    yield "recursion", b"[" * 100_000, "not valid JSON"
    yield "closed recursion", b'{"a":' * 5_000 + b"1" + b"}" * 5_000, ""
    yield "deep", b'{"a":' * 100 + b"1" + b"}" * 100, "nested too deeply"
    yield "long", b'{"a": [' + b"0," * 300_000 + b"0]}", ""
    yield "many objects", b'{"a": [' + b"{}," * 300_000 + b"{}]}", "too long"
    yield "key twice", good[:-1] + b', "class_name": "Lambda"}', "not valid JSON"
    yield "not a number", good.replace(b"0.00392", b'NaN, "a": 0.00392'), "not valid JSON"
    yield "infinite number", good.replace(b"0.00392", b'1e999, "a": 0.00392'), "'rescaling'"
    yield "endless number", good.replace(b"0.00392", b"9" * 5_000 + b', "a": 0.00392'), ""
    yield "UTF-16", good.decode().encode("utf-16"), "not valid JSON"
    yield "not a model", {"class_name": "Dense", "config": {}}, "neither sequential nor functional"
    own = {**good_config(), "class_name": "MyModel", "registered_name": "MyModel"}
    yield "model of its own", own, "'MyModel'"
    yield "model of os", {**good_config(), "module": "os"}, "'os'"
    yield "no layers", sequential(), "does not say what its network's input is"
    yield "no input", sequential(dense()), "does not say what its network's input is"
    yield "picture of any size", sequential(input_layer(None, None, 1), dense()), "fixed size"  # type: ignore[arg-type]
    yield "negative input", sequential(input_layer(-28, 28, 1), dense()), "fixed size"
    many = [layer("Dropout", f"drop_{number}", rate=0.1) for number in range(600)]
    yield "too many layers", good_config(*many), "more than 500 layers"
    wide = [layer("Dense", f"wide_{number}", units=65_536) for number in range(3)]
    yield "too many weights", good_config(*wide), "weights"
    padding = layer("ZeroPadding2D", "pad", padding=[[4096, 4096], [4096, 4096]])
    yield "too many values", sequential(input_layer(28, 28, 1), padding), "numbers"
    growing = [layer("UpSampling2D", f"grow_{n}", size=[4096, 4096]) for n in range(4)]
    yield "growing", sequential(input_layer(28, 28, 1), *growing), "numbers"
    many = [layer("Dropout", f"drop_{number}", rate=0.1) for number in range(6)]
    large = [input_layer(28, 28, 1), layer("Resizing", "r", height=1_900, width=1_900), *many]
    yield "values that add up", sequential(*large), "numbers between its layers"
    pool = layer("MaxPooling2D", "p", pool_size=[999, 999], strides=[1, 1], padding="same")
    yield "endless pooling", sequential(*large[:2], pool), "windows"
    big, small = input_layer(512, 512, 1), input_layer(28, 28, 1)
    window = convolution(kernel_size=[24, 24])
    yield "windows that fill the memory", sequential(big, window), "numbers at once"
    window = layer(
        "Conv2DTranspose", "t", filters=512, kernel_size=[32, 32], strides=[1, 1], padding="same"
    )
    yield "transposed windows", sequential(input_layer(64, 64, 1), window), "numbers at once"
    spread = convolution(dilation_rate=[4096, 4096], padding="same")
    yield "dilated beyond the picture", sequential(small, spread), "dilated by"
    lines = layer("Reshape", "lines", target_shape=[784, 1])
    lstm = layer("LSTM", "lstm", units=4)
    yield "endless sequence", sequential(input_layer(28, 28, 1), lines, lstm), "784 steps"
    inner = sequential(layer("Dropout", "drop", rate=0.1), name="level_0")
    for number in range(1, 8):
        inner = sequential(inner, name=f"level_{number}")
    yield "nested models", good_config(inner), "nested"
    yield from _hostile_graphs(marker)


def _hostile_graphs(marker: str) -> Iterator[tuple[str, Config, str]]:
    """Functional models whose wiring is wrong."""
    start = connected(input_layer(28, 28, 1))
    flat = connected(layer("Flatten", "flatten"), "ink")
    yield "circle", functional(start, connected(layer("Flatten", "flatten"), "flatten")), "circle"
    loop = [connected(layer("Dropout", f"d{n}", rate=0.1), f"d{1 - n}") for n in range(2)]
    yield "long circle", functional(start, *loop), "circle"
    yield "connected to nothing", functional(start, connected(dense(), "nobody")), "circle"
    missing = functional(start, flat, connected(dense(), "flatten"), outputs=["nobody", 0, 0])
    yield "output of nobody", missing, "comes from no layer"
    two = functional(start, flat, outputs=[["flatten", 0, 0], ["flatten", 0, 0]])
    yield "two outputs", two, "2 outputs"
    other = connected(input_layer(28, 28, 1, name="other"))
    yield "two inputs", functional(start, other, flat), "2 inputs"
    call = connected(dense(), "flatten")
    call["inbound_nodes"][0]["args"] = [f"touch {marker}"]
    yield "text as input", functional(start, flat, call), "not another layer's output"
    call = connected(dense(), "flatten")
    call["inbound_nodes"][0]["kwargs"] = {"function": lambda_object(marker)}
    yield "lambda as argument", functional(start, flat, call), "runs code of its own"
    call = connected(dense(), "flatten")
    call["inbound_nodes"][0]["kwargs"] = {"training": True}
    yield "training as argument", functional(start, flat, call), "arguments"
    # Each level calls the one before twice: 2^30 calls from a few kilobytes.
    model = functional(
        connected(input_layer(784, name="in")), connected(layer("Dropout", "d", rate=0.1), "in")
    )
    for _ in range(3):
        model = _twice(model)
    calls = [connected(_named(model, f"m{n}"), f"m{n - 1}" if n else "flatten") for n in range(200)]
    yield "multiplying", functional(start, flat, *calls), "layer calls"


def _twice(model: Config) -> Config:
    """Return a model that calls another one twice."""
    twice = connected(_named(model, "a"), "in")
    twice["inbound_nodes"] += connected(_named(model, "a"), "a")["inbound_nodes"]
    return functional(connected(input_layer(784, name="in")), twice, outputs=["a", 1, 0])


def _named(model: Config, name: str) -> Config:
    return {**model, "config": {**model["config"], "name": name}}
