"""A corpus of hostile and broken model files, made on the spot.

Nothing here is real malware: every payload would create one marker file, and nothing else.
`python tests/hostile_models.py FOLDER` writes the corpus.
"""

import io
import json
import pickle
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

PROJECT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))

from tests.hostile_configs import (  # noqa: E402  # found only once the path is set
    Payload,
    hostile_configs,
    hostile_layers,
    lambda_code,
    lambda_object,
    named_function,
)
from tests.made_models import (  # noqa: E402  # found only once the path is set
    Config,
    archive,
    good_config,
    good_weights,
    layer,
    old_config,
    old_file,
    sequential,
    weights_file,
    zipped,
)

MARKER_NAME = "MARKER-the-payload-ran"


@dataclass(frozen=True)
class HostileFile:
    """One file of the corpus.

    Attributes:
        name: Its file name, and the test's.
        data: Its bytes.
        reason: What the refusal must speak of.
    """

    name: str
    data: bytes
    reason: str


def hostile_files(marker: Path) -> Iterator[HostileFile]:
    """Make the corpus; each payload would create `marker`."""
    for name, config, reason in hostile_layers(str(marker)):
        yield HostileFile(f"{name}.keras", archive(good_config(config)), reason)
    for name, whole, reason in hostile_configs(str(marker)):
        yield HostileFile(f"{name}.keras", archive(whole), reason)
    for name, data, reason in _hostile_archives():
        yield HostileFile(f"{name}.keras", data, reason)
    for name, data, reason in _hostile_weights(str(marker)):
        yield HostileFile(f"{name}.keras", archive(weights=data), reason)
    for name, record, reason in _hostile_records():
        yield HostileFile(f"{name}.keras", archive(members={"digitpad.json": record}), reason)
    for name, data, reason in _hostile_old_files(str(marker)):
        yield HostileFile(f"{name}.h5", data, reason)
    for name, data, reason in _no_models(str(marker)):
        yield HostileFile(name, data, reason)


def inert_files(marker: Path) -> Iterator[HostileFile]:
    """Make files whose payload stands where nobody looks: they open, and nothing happens."""
    evil = named_function("builtins", "exec", "exec")
    config = good_config()
    config["compile_config"] = {
        "optimizer": evil,
        "loss": evil,
        "metrics": [lambda_object(str(marker))],
    }
    yield HostileFile("payload in compile_config.keras", archive(config), "")
    config = good_config(sequential(layer("Dropout", "drop", rate=0.5), name="inner"))
    config["config"]["layers"][-2]["compile_config"] = {"loss": evil}
    yield HostileFile("payload in an inner compile_config.keras", archive(config), "")
    members = {"assets/lookup/vocabulary.txt": b"/etc/passwd"}
    yield HostileFile("unread assets.keras", archive(members=members), "")

    def add_optimizer(file: h5py.File) -> None:
        file["optimizer/vars/0"] = h5py.ExternalLink("/etc/passwd", "/")

    yield HostileFile(
        "link in the optimizer.keras", archive(weights=weights_file(None, add_optimizer)), ""
    )
    training = json.dumps({"loss": evil, "optimizer_config": evil})

    def add_training(file: h5py.File) -> None:
        file.attrs["training_config"] = training

    yield HostileFile("payload in training_config.h5", old_file(change=add_training), "")


def _hostile_archives() -> Iterator[tuple[str, bytes, str]]:
    """Archives that are wrong as archives."""
    good = archive()
    config, weights = json.dumps(good_config()).encode(), weights_file()
    parts = [("config.json", config), ("model.weights.h5", weights)]
    yield "duplicate member", _with_duplicate(parts), "there twice"
    out = "leads out of the archive"
    for number, name in enumerate(
        ("/etc/evil", "../evil", "a/../../evil", "..\\evil", "C:evil", "a//b", "./a", "evil\n")
    ):
        yield f"odd name {number}", zipped([*parts, (name, b"")]), out
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    yield "symbolic link", zipped([*parts, (link, b"/etc/passwd")]), "is a link"
    device = zipfile.ZipInfo("device")
    device.external_attr = 0o020666 << 16
    yield "device", zipped([*parts, (device, b"")]), "is a link or a device"
    many = [(f"assets/{number}", b"") for number in range(200)]
    yield "many members", zipped([*parts, *many]), "more than 64 members"
    crowd = [(f"assets/{number}", b"") for number in range(5_000)]
    yield "crowd of members", zipped([*parts, *crowd]), "more than 64 members"
    zeros = b"\0" * (64 << 20)
    bomb = zipped([*parts, ("assets/bomb", zeros)], zipfile.ZIP_DEFLATED)
    yield "zip bomb", bomb, "zip bomb"
    bomb = zipped([("config.json", b" " * (64 << 20)), parts[1]], zipfile.ZIP_DEFLATED)
    yield "zip bomb as configuration", bomb, "zip bomb"
    yield (
        "oversized configuration",
        zipped([("config.json", b" " * (9 << 20)), parts[1]]),
        "unpacks",
    )
    yield "bzip2", zipped(parts, zipfile.ZIP_BZIP2), "compressed in a way"
    yield "LZMA", zipped(parts, zipfile.ZIP_LZMA), "compressed in a way"
    yield "encrypted", _patched(good, b"PK\x01\x02", 8, b"\1\0"), "encrypted"
    yield "lying size", _patched(good, b"PK\x01\x02", 24, struct.pack("<I", 50)), ""
    yield "huge size", _patched(good, b"PK\x01\x02", 24, struct.pack("<I", 0xFFFFFF00)), ""
    yield "wrong checksum", _patched(good, b"PK\x01\x02", 16, b"\0\0\0\0"), "damaged"
    yield "wrong offset", _patched(good, b"PK\x01\x02", 42, b"\xff\xff\xff\x7f"), "damaged"
    yield "no configuration", zipped(parts[1:]), "config.json is missing"
    yield "no weights", zipped(parts[:1]), "model.weights.h5 is missing"
    yield "weights as npz", zipped([parts[0], ("model.weights.npz", b"x")]), "is missing"
    yield "other archive", zipped([("data.pkl", pickle.dumps(Payload("x")))]), "is missing"
    yield "script before the archive", b"#!/bin/sh\n" + good, "not a model file"


def _with_duplicate(parts: list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, data in parts:
            file.writestr(name, data)
        # The module warns of a name that is there already, so it is changed after the fact.
        file.writestr("confih.json", parts[0][1])
    return buffer.getvalue().replace(b"confih.json", b"config.json")


def _patched(data: bytes, signature: bytes, offset: int, patch: bytes) -> bytes:
    place = data.index(signature) + offset
    return data[:place] + patch + data[place + len(patch) :]


def _hostile_weights(marker: str) -> Iterator[tuple[str, bytes, str]]:
    """Weights that lead elsewhere, explode, or do not fit."""
    path = "layers/dense/vars/0"

    def changed(change: Any) -> bytes:
        def swap(file: h5py.File) -> None:
            del file[path]
            change(file)

        return weights_file(None, swap)

    def external_link(file: h5py.File) -> None:
        file[path] = h5py.ExternalLink("/etc/passwd", "/")

    def soft_link(file: h5py.File) -> None:
        file["elsewhere"] = np.zeros((676, 10), "f4")
        file[path] = h5py.SoftLink("/elsewhere")

    def external_storage(file: h5py.File) -> None:
        file.create_dataset(path, (676, 10), "f4", external=[("/etc/passwd", 0, 27_040)])

    def virtual(file: h5py.File) -> None:
        layout = h5py.VirtualLayout((676, 10), "f4")
        layout[:] = h5py.VirtualSource("/etc/passwd", "x", (676, 10))
        file.create_virtual_dataset(path, layout)

    def bomb(file: h5py.File) -> None:
        file.create_dataset(path, (1 << 20, 1 << 20), "f4", chunks=(64, 64), compression="gzip")

    def chunk_bomb(file: h5py.File) -> None:
        file.create_dataset(path, (676, 10), "f4", chunks=(16_384, 8_192), maxshape=(None, None))

    def deflate_bomb(file: h5py.File) -> None:
        data = file.create_dataset(path, (676, 10), "f4", chunks=(676, 10), compression="gzip")
        data.id.write_direct_chunk((0, 0), zlib.compress(bytes(8 << 20)))

    def filtered(file: h5py.File, *filters: str) -> None:
        plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plan.set_chunk((676, 10))
        for name in filters:
            getattr(plan, f"set_{name}")()
        file.create_dataset(path, (676, 10), "f4", chunks=(676, 10), dcpl=plan)

    def bomb_in_a_bomb(file: h5py.File) -> None:
        filtered(file, "deflate", "deflate")

    def shuffled_late(file: h5py.File) -> None:
        filtered(file, "deflate", "shuffle")

    def lzf(file: h5py.File) -> None:
        file.create_dataset(path, data=good_weights()[path], compression="lzf")

    def text(file: h5py.File) -> None:
        file.create_dataset(path, (676, 10), h5py.string_dtype())

    def compound(file: h5py.File) -> None:
        file.create_dataset(path, (676, 10), np.dtype([("a", "f4"), ("b", "f4")]))

    def reference(file: h5py.File) -> None:
        file.create_dataset(path, (676, 10), h5py.ref_dtype)

    def group(file: h5py.File) -> None:
        file.create_group(path)

    yield "external link", changed(external_link), "link to somewhere else"
    yield "soft link", changed(soft_link), "link to somewhere else"
    yield "external storage", changed(external_storage), "lie in another file"
    yield "virtual data set", changed(virtual), "lie in another file"
    yield "shape bomb", changed(bomb), "shape"
    yield "chunk bomb", changed(chunk_bomb), "excessive size"
    yield "deflate bomb", changed(deflate_bomb), "unpack to more"
    yield "bomb in a bomb", changed(bomb_in_a_bomb), "in a way that Keras does not use"
    yield "shuffled late", changed(shuffled_late), "in a way that Keras does not use"
    heap = b"FRHP\0\7\0\x0c\0"  # with twelve bytes of filters
    yield "compressed group", weights_file() + heap, "a group in it is compressed"
    yield "odd filter", changed(lzf), "in a way that Keras does not use"
    yield "texts as weights", changed(text), "in a way that Keras does not use"
    yield "records as weights", changed(compound), "in a way that Keras does not use"
    yield "references as weights", changed(reference), "in a way that Keras does not use"
    yield "group as weights", changed(group), "missing"
    yield "no dense weights", changed(lambda file: None), "missing"
    for name, value in (("NaN", np.nan), ("infinite", np.inf)):
        weights = good_weights()
        weights[path][3, 4] = value
        yield f"{name} weights", weights_file(weights), "not all finite"
    big = {**good_weights(), path: np.full((676, 10), 1e300)}
    yield "weights beyond float32", weights_file(big), "not all finite"
    yield "shape mismatch", weights_file({**good_weights(), path: np.zeros((675, 10))}), "shape"
    yield "no HDF5", f"touch {marker}".encode(), "damaged"
    yield "empty HDF5", weights_file({}), "missing"


def _hostile_records() -> Iterator[tuple[str, bytes, str]]:
    """Descriptions (`digitpad.json`) that are damaged or contradict the network."""
    yield "broken description", b"{", "not valid JSON"
    yield "description of another type", b'{"class_names": 3}', "damaged"
    yield "two class names", b'{"class_names": ["a", "b"]}', "names 2 classes"
    yield "no class names", b'{"class_names": []}', "make no sense"
    yield "description with NaN", b'{"temperature": NaN}', "not valid JSON"
    yield "impossible temperature", b'{"temperature": 1e9}', "make no sense"
    names = json.dumps({"class_names": list("0123456789"), "input_format": {"scale": -1.0}})
    yield "impossible scale", names.encode(), "make no sense: pixels"
    yield "huge description", b" " * (5 << 20), "unpacks"


def _hostile_old_files(marker: str) -> Iterator[tuple[str, bytes, str]]:
    """Files in the old format, where Keras's safe mode is not even asked (CVE-2025-9905)."""

    def with_layer(entry: Config) -> bytes:
        config = old_config()
        config["config"]["layers"].insert(-1, entry)
        return old_file(config)

    evil = {
        "name": "evil",
        "function": [lambda_code(marker), None, None],
        "function_type": "lambda",
    }
    runs = "runs code of its own"
    yield "CVE-2025-9905 lambda", with_layer({"class_name": "Lambda", "config": evil}), runs
    named = {**evil, "function": "system", "module": "os", "function_type": "function"}
    yield "CVE-2025-9905 named", with_layer({"class_name": "Lambda", "config": named}), runs
    yield "operation", with_layer({"class_name": "TFOpLambda", "config": {"name": "x"}}), runs
    own = {"class_name": "Custom>Evil", "config": {"name": "x"}}
    yield "custom class", with_layer(own), "'Custom>Evil'"

    def drop(file: h5py.File) -> None:
        del file.attrs["model_config"]

    def number(file: h5py.File) -> None:
        file.attrs["model_config"] = 7

    def external(file: h5py.File) -> None:
        del file["model_weights"]
        file["model_weights"] = h5py.ExternalLink("/etc/passwd", "/")

    def link_inside(file: h5py.File) -> None:
        del file["model_weights/dense"]
        file["model_weights/dense"] = h5py.SoftLink("/model_weights/conv2d")

    def names(file: h5py.File) -> None:
        file["model_weights/dense"].attrs["weight_names"] = [b"../../x", b"dense/bias:0"]

    def fewer(file: h5py.File) -> None:
        file["model_weights/dense"].attrs["weight_names"] = [b"dense/bias:0"]

    def swapped(file: h5py.File) -> None:
        file["model_weights/dense"].attrs["weight_names"] = [b"dense/bias:0", b"dense/kernel:0"]

    def many_texts(file: h5py.File) -> None:
        file.attrs.create("model_config", ["x" * 20_000] * 500, dtype=h5py.string_dtype())

    def long_name(file: h5py.File) -> None:
        # As if each were the first, whose text HDF5 would copy for each.
        names = ["x" * (1 << 20), *["dense/bias:0"] * 99]
        file["model_weights/dense"].attrs["weight_names"] = names

    def long_names_in_parts(file: h5py.File) -> None:
        del file["model_weights/dense"].attrs["weight_names"]
        for part in range(10):
            file["model_weights/dense"].attrs[f"weight_names{part}"] = ["x" * (1 << 20)]

    def nan(file: h5py.File) -> None:
        file["model_weights/dense/dense/bias:0"][3] = np.nan

    yield "no configuration", old_file(change=drop), "not the network"
    yield "number as configuration", old_file(change=number), "no model_config"
    yield "weights linked", old_file(change=external), "link to somewhere else"
    yield "layer linked", old_file(change=link_inside), "link to somewhere else"
    yield "names that climb", old_file(change=names), "missing"
    yield "too few weights", old_file(change=fewer), "1 weights"
    yield "swapped weights", old_file(change=swapped), "shape"
    yield "many texts as configuration", old_file(change=many_texts), "no model_config"
    yield "long name", old_file(change=long_name), "'weight_names' is too large"
    yield "long names in parts", old_file(change=long_names_in_parts), "'weight_names' is too large"
    yield "NaN weights", old_file(change=nan), "not all finite"
    # Where the library that reads HDF5 would walk for ever.
    good = old_file()
    number, size = good.index(b"GCOL") + 16, good.index(b"GCOL") + 24
    still = good[:number] + b"\0\0" + good[number + 2 : size] + b"\0" * 8 + good[size + 8 :]
    yield "heap that stands still", still, "has no end"
    back = good[:size] + (2**64 - 16).to_bytes(8, "little") + good[size + 8 :]
    yield "heap that goes back", back, "has no end"
    entry = b"GCOL\1\0\0\0" + (2**40).to_bytes(8, "little")
    yield "heaps upon heaps", good[:100] + entry * 50_000, "damaged"
    yield "other sizes", good[:13] + b"\4\4" + good[15:], "does not begin as"
    yield "broken configuration", old_file("{"), "not valid JSON"
    yield "only data", weights_file(), "not the network"


def _no_models(marker: str) -> Iterator[tuple[str, bytes, str]]:
    """Files that are something else."""
    yield "empty.keras", b"", "is empty"
    yield "picture.keras", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "not a model file"
    yield "pickle.h5", pickle.dumps(Payload(marker)), "not a model file"
    yield "text.keras", b"import os", "not a model file"
    yield "lite.tflite", b"\x1c\0\0\0TFL3" + b"\0" * 100, "LiteRT file"
    yield "empty archive.keras", zipped([]), "not a model file"
    yield "one byte.keras", b"P", "not a model file"
    yield "magic only.keras", b"PK\x03\x04", "damaged"
    yield "magic only.h5", b"\x89HDF\r\n\x1a\n", "damaged"


def main(arguments: list[str]) -> int:
    """Write the corpus into a folder."""
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    files = list(hostile_files(folder / MARKER_NAME))
    for file in files:
        (folder / file.name).write_bytes(file.data)
    print(f"{len(files)} files in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
