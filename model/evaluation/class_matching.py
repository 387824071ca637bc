"""Matching the classes of a data set with those of a model, by name."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from model.errors import DatasetError
from model.metadata import printable

NO_MATCH = -1
"""The index of a class of the data that the model lacks."""

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_PREFIX = re.compile(r"^(?:class|digit|label|number|category)(?=[\W_\d])", re.IGNORECASE)
_SHOWN = 12


def plain_name(name: str) -> str:
    """Return the normal form of a class name.

    `3`, `03`, `3.0`, `Class_3`, `digit-3` and `THREE` all become `3`.
    """
    name = unicodedata.normalize("NFKC", name)
    bare = _PREFIX.sub("", name.strip()).strip(" _-:.#").casefold()
    if bare in _WORDS:
        return str(_WORDS.index(bare))
    number = re.fullmatch(r"(\d{1,6})(?:\.0*)?", bare)
    return str(int(number[1])) if number else bare


def _without_accents(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return plain_name("".join(letter for letter in letters if not unicodedata.combining(letter)))


class ClassMatcher:
    """Finds a model's classes by the names that data give them."""

    def __init__(self, model_names: Sequence[str]) -> None:
        self._names = tuple(model_names)
        self._ways = tuple(
            (way, _unique(map(way, model_names))) for way in (str, plain_name, _without_accents)
        )

    def index(self, name: str) -> int:
        """Return the index of the model's class of that name, or `NO_MATCH`.

        Equal names match first; then names are compared by `plain_name`, and at last without
        accents. What is ambiguous among the model's classes in one way is compared in no other.
        """
        for way, indices in self._ways:
            if (found := indices.get(way(name))) is not None:
                return found
        return NO_MATCH

    def no_match(self, data_names: Sequence[str]) -> DatasetError:
        """Return the error for data of other classes; its sentence lists both."""
        return DatasetError(
            f"No class of the data is one of the model's. The data has {_listed(data_names)};"
            f" the model has {_listed(self._names)}."
        )


def _unique(names: Iterable[str]) -> dict[str, int]:
    """Return the index of each name; `NO_MATCH` where two classes have it."""
    indices: dict[str, int] = {}
    for index, name in enumerate(names):
        indices[name] = NO_MATCH if name in indices else index
    return indices


def match_classes(data_names: Sequence[str], model_names: Sequence[str]) -> tuple[int, ...]:
    """Find each class of a data set among a model's classes.

    Args:
        data_names: Class names of the data set.
        model_names: Class names of the model.

    Returns:
        For each class of the data its index among the model's, or `NO_MATCH`.

    Raises:
        DatasetError: If no class of the data is one of the model's; the sentence lists both.
    """
    matcher = ClassMatcher(model_names)
    found = tuple(map(matcher.index, data_names))
    if all(index == NO_MATCH for index in found):
        raise matcher.no_match(data_names)
    return found


def model_labels(labels: npt.NDArray[np.int64], matches: Sequence[int]) -> npt.NDArray[np.int64]:
    """Turn a data set's labels into the model's.

    Args:
        labels: int64 (images,), indices of the data's classes, or a negative number.
        matches: What `match_classes` returned.

    Returns:
        int64 (images,), indices of the model's classes, or `NO_MATCH`.
    """
    table = np.array([*matches, NO_MATCH], np.int64)
    return table[np.where(labels < 0, len(matches), labels)]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(printable(name, 30) for name in names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
