"""A layer's settings: what each may be, checked one by one.

Only values that pass here ever reach Keras, and only as arguments of a layer's constructor.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TypeAlias

from model.model_files.config_json import (
    CONSTRAINTS,
    INITIALIZERS,
    REGULARIZERS,
    Json,
    shown,
)

Value: TypeAlias = "bool | int | float | str | tuple[Value, ...] | None"
Settings: TypeAlias = Mapping[str, Value]
Check: TypeAlias = Callable[[Json], Value]

MAX_UNITS = 1 << 16
"""More filters or neurons than this in one layer are refused."""

MAX_EXTENT = 1 << 12
"""Larger kernels, strides and paddings than this are refused."""

ACTIVATIONS = frozenset(
    {
        "celu", "elu", "exponential", "gelu", "hard_sigmoid", "hard_silu", "hard_swish",
        "leaky_relu", "linear", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid", "silu",
        "softmax", "softplus", "softsign", "swish", "tanh",
    }
)  # fmt: skip


class SettingError(ValueError):
    """A setting that is not what the layer takes; the message says what was expected."""


@dataclass(frozen=True)
class Setting:
    """One argument of a layer's constructor.

    Attributes:
        check: Returns the value in the form the constructor takes, or raises SettingError.
        default: Its value if the file has none; `...` if the file must have one.
        alias: Its name in older versions of Keras.
    """

    check: Check
    default: object = ...
    alias: str = ""


# Settings of training, bookkeeping and speed, which do not change the answer.
_IRRELEVANT = frozenset(
    {
        "name", "trainable", "dtype", "batch_shape", "batch_input_shape", "input_shape",
        "sparse", "ragged", "optional", "seed", "noise_shape", "momentum", "renorm_momentum",
        "renorm_clipping", "synchronized", "autocast", "implementation", "unroll", "use_cudnn",
        "dropout", "recurrent_dropout", "time_major", "zero_output_for_mask", "lora_rank",
        "lora_alpha", "input_length", "input_dim", "unit_forget_bias", "fill_mode", "fill_value",
    }
)  # fmt: skip


def checked_settings(config: dict[str, Json], settings: Mapping[str, Setting]) -> Settings:
    """Return a layer's settings in the form its constructor takes, every one checked.

    Args:
        config: The layer's configuration.
        settings: What the layer takes.

    Raises:
        SettingError: With the first setting that is unknown or not what the layer takes.
    """
    left = dict(config)
    checked: dict[str, Value] = {}
    for name, setting in settings.items():
        given = left.pop(name, left.pop(setting.alias, setting.default))
        if given is ...:
            raise SettingError(f"has no {name}")
        try:
            checked[name] = setting.check(given)  # type: ignore[arg-type]  # defaults are JSON, too
        except SettingError as error:
            raise SettingError(f"has {name} {shown(given)}, not {error}") from None
    for name, value in left.items():
        _check_unused(name, value)
    return checked


def _check_unused(name: str, value: Json) -> None:
    """Refuse a setting that could change the answer and that Digitpad does not know."""
    for ending, known in _TRAINING_OBJECTS.items():
        if name.endswith(ending):
            if not isinstance(value, str) or value.replace("_", "").lower() in known:
                return  # an object has been judged by its class already
            raise SettingError(f"has {name} {shown(value)}, which is not Keras's own")
    if name == "data_format" and value not in (None, "channels_last"):
        raise SettingError("keeps its channels first, which only some GPUs can do")
    if name in _IRRELEVANT or name == "data_format" or value in (None, False, 0, ""):
        return
    if name == "groups" and value == 1:
        return  # Keras 2 writes it for every convolution, even for those that can't have any
    raise SettingError(f"has a setting {shown(name)} that Digitpad does not know")


_TRAINING_OBJECTS = {
    "_initializer": {name.lower() for name in INITIALIZERS} | {"normal", "uniform", "one", "zero"},
    "_regularizer": {name.lower() for name in REGULARIZERS},
    "_constraint": {name.lower() for name in CONSTRAINTS},
}


def whole(lowest: int, highest: int) -> Check:
    """A whole number within bounds."""

    def check(value: Json) -> int:
        if type(value) is not int or not lowest <= value <= highest:
            raise SettingError(f"a whole number from {lowest} to {highest}")
        return value

    return check


def extents(dimensions: int, lowest: int = 1) -> Check:
    """A whole number for each dimension, or one for all."""
    extent = whole(lowest, MAX_EXTENT)

    def check(value: Json) -> tuple[Value, ...]:
        each = value if isinstance(value, list) else [value] * dimensions
        if len(each) != dimensions:
            raise SettingError(f"{dimensions} whole numbers")
        return tuple(map(extent, each))

    return check


def margins(value: Json) -> tuple[Value, ...]:
    """Rows and columns at the edges: one number, a pair, or a pair of pairs."""
    pair = value if isinstance(value, list) else [value, value]
    if len(pair) != 2:
        raise SettingError("two pairs of whole numbers")
    return tuple(extents(2, lowest=0)(side) for side in pair)


def whole_numbers(value: Json) -> tuple[Value, ...]:
    """A list of up to eight whole numbers, or one; -1 is allowed."""
    each = value if isinstance(value, list) else [value]
    if len(each) > 8:
        raise SettingError("at most 8 whole numbers")
    return tuple(map(whole(-8, MAX_UNITS), each))


def axis(value: Json) -> int:
    """The number of an axis, or a list of just that."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if type(value) is not int or not -8 <= value <= 8:
        raise SettingError("the number of one axis")
    return value


def number(value: Json) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise SettingError("a number")
    if not abs(value) < 1e30 or not isfinite(value):
        raise SettingError("a number of ordinary size")
    return float(value)


def flag(value: Json) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise SettingError("true or false")
    return value


def one_of(*allowed: str) -> Check:
    """One of some words."""

    def check(value: Json) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise SettingError(f"one of {', '.join(allowed)}")
        return value

    return check


def activation(value: Json) -> str:
    """The name of one of Keras's own activations."""
    if value is None:
        return "linear"
    if not isinstance(value, str) or value not in ACTIVATIONS:
        raise SettingError("one of Keras's own activations")
    return value


def optional(check: Check) -> Check:
    """What another check allows, or nothing."""
    return lambda value: None if value is None else check(value)
