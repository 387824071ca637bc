"""The entries of a model's configuration: which layers it lists, under which names.

Four generations of Keras write them a little differently; here they become one form.
"""

import re
from collections import Counter
from dataclasses import dataclass

from model.errors import ModelFileError
from model.model_files.config_json import Json, is_one_of, shown
from model.model_files.layer_shapes import Shape

MAX_LAYERS = 500
MODEL_KINDS = frozenset({"Sequential", "Functional", "Model"})

_PRECISIONS = frozenset({"float32", "float16", "bfloat16", "mixed_float16", "mixed_bfloat16"})
_INPUT_TYPES = _PRECISIONS | {"float64", "uint8", "int32", "int64"}


@dataclass(frozen=True)
class Place:
    """Where a layer stands.

    Attributes:
        prefix: What precedes its name: the names of the models around it.
        group: Its group in the weights of a `.keras` archive.
        stem: The top-level layer it is or belongs to, by whose name old files keep weights.
        is_trainable: Whether no model around it is frozen.
        order: Its number in the file, after the numbers of the models around it.
    """

    prefix: str = ""
    group: str = ""
    stem: str = ""
    is_trainable: bool = True
    order: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Entry:
    """One layer or nested model as the file lists it, its name and class already judged.

    Attributes:
        name: Unique among its neighbours.
        kind: Keras's class name.
        config: The whole entry.
        place: Where it stands.
    """

    name: str
    kind: str
    config: dict[str, Json]
    place: Place

    @property
    def settings(self) -> dict[str, Json]:
        """The layer's own configuration."""
        return _object(self.config.get("config"))

    @property
    def is_trainable(self) -> bool:
        """Whether neither the layer nor a model around it is frozen."""
        return self.place.is_trainable and self.settings.get("trainable") is not False

    @property
    def inside(self) -> Place:
        """Where the layers of this entry stand, where it is a model."""
        place = self.place
        prefix = f"{place.prefix}{self.name}/"
        return Place(prefix, place.group, place.stem, self.is_trainable, place.order)


def model_entries(config: dict[str, Json], place: Place) -> list[Entry]:
    """List the layers of a sequential or functional model.

    Args:
        config: The model's configuration.
        place: Where the model stands.

    Raises:
        ModelFileError: If it is neither, or an entry is not one.
    """
    kind, layers = config.get("class_name"), _layer_list(config)
    if len(layers) > MAX_LAYERS:
        raise ModelFileError(f"The file is refused: it has more than {MAX_LAYERS} layers.")
    entries: list[Entry] = []
    seen: Counter[str] = Counter()
    for index, layer in enumerate(layers):
        entry = _entry(_object(layer), place)
        # Keras finds weights by class and order; a sequential model does not count its input.
        stem = _snake_case(entry.kind)
        number = seen[stem]
        if not (kind == "Sequential" and entry.kind == "InputLayer"):
            seen[stem] += 1
        group = f"layers/{stem}_{number}" if number else f"layers/{stem}"
        here = Place(
            place.prefix,
            f"{place.group}/{group}" if place.group else group,
            place.stem or entry.name,
            place.is_trainable,
            (*place.order, index),
        )
        entries.append(Entry(entry.name, entry.kind, entry.config, here))
    names = [entry.name for entry in entries]
    if len(set(names)) != len(names):
        raise ModelFileError("The file is damaged: two of its layers have the same name.")
    return entries


def model_name(config: dict[str, Json]) -> str:
    """Return a model's name, short and printable; empty if it has none."""
    name = _object(config.get("config")).get("name")
    return shown(name).strip("'\"") if isinstance(name, str) else ""


def input_shape(config: dict[str, Json]) -> Shape:
    """Return the shape of one ink image as the outermost model wants it, without the batch axis.

    Raises:
        ModelFileError: If the file does not say, or says something impossible.
    """
    settings = _object(config.get("config"))
    layers = [_object(_object(layer).get("config")) for layer in _layer_list(config)]
    inputs = [
        _object(layer) for layer in _layer_list(config)
        if _object(layer).get("class_name") == "InputLayer"
    ]  # fmt: skip
    if len(inputs) > 1:
        raise ModelFileError(f"The file is refused: its network has {len(inputs)} inputs, not one.")
    says = [_object(each.get("config")) for each in inputs] or layers[:1]
    shape = next(
        (each[key] for each in says for key in ("batch_shape", "batch_input_shape") if key in each),
        settings.get("build_input_shape") or _object(config.get("build_config")).get("input_shape"),
    )
    return _checked_input_shape(shape)


def wrong(name: str, complaint: str) -> ModelFileError:
    """Return the error for a layer that is not what it should be."""
    return ModelFileError(f"The file is refused: its layer {shown(name)} {complaint}.")


def _layer_list(config: dict[str, Json]) -> list[Json]:
    inner = config.get("config")
    layers = inner if isinstance(inner, list) else _object(inner).get("layers")
    if not is_one_of(config.get("class_name"), MODEL_KINDS) or not isinstance(layers, list):
        raise ModelFileError(
            "The file is refused: its network is neither sequential nor functional."
        )
    return layers


def _entry(config: dict[str, Json], place: Place) -> Entry:
    settings = _object(config.get("config"))
    kind, name = config.get("class_name"), config.get("name", settings.get("name"))
    if isinstance(config.get("config"), list) and name is None:
        name = kind  # a sequential model of Keras 2.0 has no name
    if not isinstance(kind, str) or not isinstance(name, str) or not 0 < len(name) <= 200:
        raise ModelFileError("The file is damaged: one of its layers has no class or no name.")
    precision = settings.get("dtype", "float32")
    if isinstance(precision, dict):
        precision = _object(precision.get("config")).get("name")
    allowed = _INPUT_TYPES if kind == "InputLayer" else _PRECISIONS
    if precision is not None and not is_one_of(precision, allowed):
        raise wrong(name, f"computes in {shown(precision)}, which Digitpad does not know")
    return Entry(name, kind, config, place)


def _checked_input_shape(shape: Json) -> Shape:
    if not isinstance(shape, list) or not 2 <= len(shape) <= 5:
        raise ModelFileError("The file is refused: it does not say what its network's input is.")
    extents = shape[1:]
    if not all(type(extent) is int and 1 <= extent <= 512 * 512 for extent in extents):
        raise ModelFileError(
            f"The file is refused: its network's input is data of shape {shown(shape)},"
            " which is no picture of a fixed size."
        )
    return tuple(extent for extent in extents if isinstance(extent, int))


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _snake_case(name: str) -> str:
    """How Keras turns a class name into the name of a group: `MaxPooling2D`, `max_pooling2d`."""
    words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()
