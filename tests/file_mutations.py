"""Ways to damage a model file: blindly, inside its archive, inside its configuration."""

import io
import json
import random
import zipfile
from collections.abc import Callable
from typing import Any

from tests.made_models import zipped

Mutation = Callable[[bytes, random.Random], bytes]

_ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 7, 28, 10**9, -(10**9), 2**63, 0.5, -0.1, 1e30, 1e308, "", "a",
    "Lambda", "__lambda__", "linear", "softmax", "relu", "same", "causal", "channels_first", "../x",
    "\x00", "\ud800", "x" * 1000, [], [1], [1, 1], [0, 0], [-1], [[1, 2], [3, 4]], {}, {"a": 1},
    [None, 28, 28, 1], [None, 784], ["ink", 0, 0], ["dense", 1, 0],
    {"class_name": "Dense", "config": {}}, {"class_name": "function", "config": "exec"},
    {"module": "builtins", "class_name": "function", "config": "eval"},
    {"module": "os", "class_name": "system", "config": "touch MARKER-the-payload-ran"},
    {"class_name": "__lambda__", "config": {"code": "4wAAAA==", "defaults": None}},
    {"class_name": "__numpy__", "config": {"value": [1], "dtype": "object"}},
)  # fmt: skip


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Flip a few bits anywhere."""
    damaged = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def overwritten(data: bytes, chance: random.Random) -> bytes:
    """Overwrite a region with zeros, ones, noise, or another region."""
    length = min(len(data), chance.choice((1, 2, 4, 8, 64, 512)))
    place, source = (chance.randrange(len(data) - length + 1) for _ in range(2))
    new = chance.choice(
        (b"\0" * length, b"\xff" * length, chance.randbytes(length), data[source : source + length])
    )
    return data[:place] + new + data[place + length :]


def cut(data: bytes, chance: random.Random) -> bytes:
    """Cut the file off, or take a region out of it."""
    place = chance.randrange(len(data))
    if chance.random() < 0.5:
        return data[:place]
    return data[:place] + data[place + chance.choice((1, 8, 512)) :]


def grown(data: bytes, chance: random.Random) -> bytes:
    """Insert noise, or a region a second time."""
    place = chance.randrange(len(data))
    length = chance.choice((1, 8, 512))
    return data[:place] + chance.choice((chance.randbytes(length), data[-length:])) + data[place:]


def with_odd_config(data: bytes, chance: random.Random) -> bytes:
    """Replace, remove or add values in a JSON part of a whole archive; the archive stays valid."""
    name = chance.choice(("config.json", "config.json", "config.json", "metadata.json"))
    return _with_member(data, name, lambda text: _odd_json(text, chance))


def with_odd_record(data: bytes, chance: random.Random) -> bytes:
    """Give a whole archive a description of its own with odd values."""
    record = b'{"class_names": ["a","b"], "output": "logits", "input_format": {"scale": 1.0}}'
    return _with_member(data, "digitpad.json", lambda _: _odd_json(record, chance))


def with_odd_weights(data: bytes, chance: random.Random) -> bytes:
    """Damage the HDF5 part inside a whole archive, so that its checksum is right."""
    damage = chance.choice((flipped, overwritten, cut))

    def at_the_start(weights: bytes) -> bytes:
        # The structures lie at the start and at the end; most of the rest is numbers.
        edge = min(len(weights), 4096)
        if chance.random() < 0.5:
            return damage(weights[:edge], chance) + weights[edge:]
        return weights[:-edge] + damage(weights[-edge:], chance)

    return _with_member(data, "model.weights.h5", at_the_start)


BLIND: tuple[Mutation, ...] = (flipped, overwritten, cut, grown)
STRUCTURED: tuple[Mutation, ...] = (
    with_odd_config, with_odd_config, with_odd_config, with_odd_record, with_odd_weights,
)  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Damage a file once or twice, in ways that its format allows."""
    for _ in range(chance.choice((1, 1, 2))):
        kinds = BLIND + STRUCTURED * 2 if zipfile.is_zipfile(io.BytesIO(data)) else BLIND
        try:
            data = chance.choice(kinds)(data, chance) or b"\0"
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, OSError):
            data = flipped(data, chance)  # an archive that is too damaged to be opened again
    return data


def _with_member(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    members[name] = change(members.get(name, b"{}"))
    return zipped(members.items())


def _odd_json(text: bytes, chance: random.Random) -> bytes:
    value = json.loads(text)
    for _ in range(chance.choice((1, 1, 2, 3))):
        places = _places(value)
        if places:
            holder, key = chance.choice(places)
            _make_odd(holder, key, value, chance)
    return json.dumps(value).encode()


def _make_odd(holder: Any, key: Any, root: Any, chance: random.Random) -> None:
    what = chance.random()
    if what < 0.15:
        del holder[key]
    elif what < 0.3:
        other, place = chance.choice(_places(root))
        holder[key] = json.loads(json.dumps(other[place]))
    elif what < 0.4 and isinstance(holder, dict):
        holder[chance.choice(("function", "module", "class_name", "units", "x"))] = holder[key]
    else:
        holder[key] = json.loads(json.dumps(chance.choice(_ODD_VALUES)))


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Return every place in a JSON value as its holder and the key or number in it."""
    places: list[tuple[Any, Any]] = []
    pending = [value]
    while pending:
        here = pending.pop()
        keys = (
            here if isinstance(here, dict) else range(len(here)) if isinstance(here, list) else ()
        )
        places += [(here, key) for key in keys]
        pending += [here[key] for key in keys]
    return places
