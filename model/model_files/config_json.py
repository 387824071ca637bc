"""Reading JSON that may be hostile, and refusing names that are not on a list.

Keras rebuilds a model by importing whatever classes and functions its configuration names. Each
known way around Keras's safe mode (CVE-2025-1550, -8747, -9906 and their kin) is a name that is
no layer. So every object in a configuration must be on a short list before anything else is done
with it, wherever in the configuration it stands.
"""

import json
from collections.abc import Iterator
from typing import NoReturn, TypeAlias

from model.errors import ModelFileError

MAX_CONFIG_BYTES = 8 << 20
MAX_DEPTH = 64
MAX_VALUES = 200_000

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

INITIALIZERS = frozenset(
    {
        "Constant", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "Identity",
        "IdentityInitializer", "LecunNormal", "LecunUniform", "Ones", "Orthogonal",
        "OrthogonalInitializer", "RandomNormal", "RandomUniform", "TruncatedNormal",
        "VarianceScaling", "Zeros",
    }
)  # fmt: skip
REGULARIZERS = frozenset({"L1", "L2", "L1L2", "OrthogonalRegularizer"})
CONSTRAINTS = frozenset({"MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"})

_MODULES = frozenset(
    {
        "keras", "keras.layers", "keras.models", "keras.initializers", "keras.regularizers",
        "keras.constraints", "keras.dtype_policies",
        # Under these names different versions of Keras write a functional or sequential model.
        "keras.src.models.functional", "keras.src.models.sequential",
        "keras.src.engine.functional", "keras.src.engine.sequential",
        "keras.engine.functional", "keras.engine.sequential",
    }
)  # fmt: skip
_OTHER_CLASSES = (
    INITIALIZERS
    | REGULARIZERS
    | CONSTRAINTS
    | {"DTypePolicy", "Policy", "FloatDTypePolicy", "__keras_tensor__"}
)

# How a network was trained is of no use when it is opened; own losses and metrics are common there.
_UNUSED_SECTIONS = frozenset({"compile_config", "training_config"})

_RUNS_CODE = "runs code of its own"
_READS_FILES = "reads other files"
_REASONS = {
    "Lambda": _RUNS_CODE,
    "__lambda__": _RUNS_CODE,
    "function": _RUNS_CODE,
    "TorchModuleWrapper": _RUNS_CODE,
    "JaxLayer": _RUNS_CODE,
    "FlaxLayer": _RUNS_CODE,
    "TFOpLambda": _RUNS_CODE,
    "SlicingOpLambda": _RUNS_CODE,
    "__typespec__": _RUNS_CODE,
    "TFSMLayer": _READS_FILES,
    "StringLookup": _READS_FILES,
    "IntegerLookup": _READS_FILES,
    "TextVectorization": _READS_FILES,
}


def decode_config(data: bytes | str, what: str) -> dict[str, Json]:
    """Read a JSON object whose size, depth and numbers are within bounds.

    Args:
        data: UTF-8 JSON.
        what: Its name in messages.

    Raises:
        ModelFileError: If it is not such an object, or a key is there twice.
    """
    if len(data) > MAX_CONFIG_BYTES:
        raise ModelFileError(f"The file is refused: its {what} is larger than 8 MiB.")
    try:
        value: Json = json.loads(
            _text(data), object_pairs_hook=_without_repeats, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        raise ModelFileError(
            f"The file is damaged: its {what} is not valid JSON.", detail=str(error)[:500]
        ) from error
    if not isinstance(value, dict):
        raise ModelFileError(f"The file is damaged: its {what} is not a JSON object.")
    for number, (depth, _) in enumerate(_walk(value)):
        if depth > MAX_DEPTH or number > MAX_VALUES:
            raise ModelFileError(
                f"The file is refused: its {what} is nested too deeply or is too long."
            )
    return value


def _walk(value: Json, skipped: frozenset[str] = frozenset()) -> Iterator[tuple[int, Json]]:
    """Yield a value and everything inside it with its depth; no recursion.

    Args:
        value: Where to begin.
        skipped: Keys of objects whose values are left out.
    """
    pending = [(0, value)]
    while pending:
        depth, here = pending.pop()
        yield depth, here
        if isinstance(here, dict):
            pending.extend((depth + 1, here[key]) for key in here.keys() - skipped)
        elif isinstance(here, list):
            pending.extend((depth + 1, each) for each in here)


def check_objects(config: dict[str, Json], layer_kinds: frozenset[str]) -> None:
    """Check that every object a configuration names is one that Digitpad knows.

    Args:
        config: A model's configuration; its training settings are not looked at.
        layer_kinds: Names of the layers and models that may occur.

    Raises:
        ModelFileError: With the name of the first object that may not, and why.
    """
    for _, here in _walk(config, skipped=_UNUSED_SECTIONS):
        if isinstance(here, dict):
            _check_object(here, layer_kinds)


def _check_object(value: dict[str, Json], layer_kinds: frozenset[str]) -> None:
    kind = value.get("class_name")
    if "class_name" in value and not is_one_of(kind, layer_kinds | _OTHER_CLASSES):
        reason = _REASONS.get(str(kind), "is not among the layers that Digitpad knows")
        raise ModelFileError(f"The file is refused: it names {shown(kind)}, which {reason}.")
    module = value.get("module")
    if module is not None and not is_one_of(module, _MODULES):
        raise ModelFileError(
            f"The file is refused: it names {shown(kind)} of {shown(module)},"
            " which is not a part of Keras that layers come from."
        )
    registered = value.get("registered_name")
    if registered is not None and registered != kind:
        raise ModelFileError(
            f"The file is refused: it names {shown(registered)}, which is not Keras's own."
        )


def is_one_of(value: Json, names: frozenset[str]) -> bool:
    """Whether a value is a text, and one of some names."""
    return isinstance(value, str) and value in names


def shown(value: object) -> str:
    """Return a value from a file as something short and printable for a sentence."""
    text = value if isinstance(value, str) else repr(value)
    return ascii(text if len(text) <= 40 else text[:37] + "...")


def _text(data: bytes | str) -> str:
    # Left to itself, the JSON reader would take UTF-16 and UTF-32 as well.
    return data if isinstance(data, str) else data.decode("utf-8")


def _without_repeats(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a key is there twice")
    return values


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
