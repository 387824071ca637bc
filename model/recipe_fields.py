"""The fields of a recipe, each with its label, tip, range and kind of widget.

A field is described once, by `msgspec.Meta` in the annotations of `model.recipes.Recipe`. The
training form, the command line and the checks of ranges read the description from here.
"""

import typing
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal

import msgspec

from model.errors import RecipeError

FieldKind = Literal["choice", "flag", "integer", "number", "percent"]

_KINDS: dict[object, FieldKind] = {bool: "flag", int: "integer", float: "number"}


@dataclass(frozen=True, kw_only=True)
class RecipeField:
    """One field of a recipe that a user can set.

    Attributes:
        name: The attribute of the recipe.
        label: Names the field on a form.
        tip: Explains the field in one sentence without a full stop.
        kind: What edits it; `percent` is a fraction in [0, 1] that a form shows in percent.
        choices: The values of a `choice`; empty for the other kinds.
        titles: What a form calls the choices, in their order; empty for their own names.
        lowest: The least number allowed; itself not allowed where `excludes_lowest`.
        highest: The greatest number allowed.
        excludes_lowest: Whether a number must be greater than `lowest`.
        is_wide: Whether a form gives the field a row of its own.
    """

    name: str
    label: str
    tip: str
    kind: FieldKind
    choices: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    lowest: float = 0
    highest: float = 0
    excludes_lowest: bool = False
    is_wide: bool = False

    @property
    def option(self) -> str:
        """The option on the command line, such as `--batch-size`."""
        return "--" + self.name.replace("_", "-")

    @property
    def is_number(self) -> bool:
        """Whether the value is a number within a range."""
        return self.kind in ("integer", "number", "percent")

    @property
    def number_type(self) -> type[int] | type[float]:
        """The type of a number: `int` for an integer, else `float`."""
        return int if self.kind == "integer" else float

    @property
    def allowed(self) -> str:
        """The range in words, such as "from 1 to 1000" or "in (0, 10]"."""
        if self.kind == "integer":
            return f"from {self.lowest} to {self.highest}"
        return f"in {'(' if self.excludes_lowest else '['}{self.lowest:g}, {self.highest:g}]"

    def check_range(self, value: object) -> None:
        """Check a number against the range; other values are not judged here.

        Raises:
            RecipeError: If the number is out of range or NaN.
        """
        if not (self.is_number and isinstance(value, int | float)):
            return
        is_above = value > self.lowest if self.excludes_lowest else value >= self.lowest
        if not (is_above and value <= self.highest):
            words = self.name.replace("_", " ")
            raise RecipeError(f"The {words} must be {self.allowed}, not {value}.")


@lru_cache
def recipe_fields(kind: type[msgspec.Struct]) -> tuple[RecipeField, ...]:
    """Return the fields of a type of recipe that have a description, in their order.

    Args:
        kind: `model.recipes.Recipe`, or a type derived from it.
    """
    hints = typing.get_type_hints(kind, include_extras=True)
    return tuple(
        _field(name, *typing.get_args(hint))
        for name, hint in hints.items()
        if typing.get_origin(hint) is Annotated
    )


def _field(name: str, value_type: object, meta: msgspec.Meta) -> RecipeField:
    extra = meta.extra or {}
    choices = typing.get_args(value_type)
    bounds = [bound for bound in (meta.gt, meta.ge) if bound is not None]
    return RecipeField(
        name=name,
        label=meta.title or name,
        tip=meta.description or "",
        kind="choice" if choices else extra.get("kind") or _KINDS[value_type],
        choices=choices,
        titles=tuple(extra.get("titles", {}).get(name, name) for name in choices),
        lowest=bounds[0] if bounds else 0,
        highest=meta.le if meta.le is not None else 0,
        excludes_lowest=meta.gt is not None,
        is_wide=extra.get("is_wide", False),
    )
