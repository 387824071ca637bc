"""A network that can be taught: its answers, its features, and those for other people's digits."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import assets
from model.activations.watched_network import WatchedNetwork
from model.converted_model import ConvertedModel, read_converted_model
from model.data.npz_files import read_npz
from model.data.raster_cache import cached_arrays
from model.errors import DatasetError
from model.files.atomic_file import atomic_path
from model.hand import other_writers
from model.hand.feature_space import Array, FeatureSpace, directions, fitted_space
from model.hand.other_writers import read_other_writers
from model.metadata import DIGIT_NAMES
from model.recognizer import BUNDLED_MODEL, Recognition, Recognizer

REFERENCE_FILE = assets.FOLDER / "hand_reference.npz"
"""The bundled network's features of other people's digits; `make network-assets` writes it."""

BATCH = 16
"""Digits at once; every activation of each is kept meanwhile, 0.6 MB of the bundled network."""

REMEMBERED = 256
"""Number of ink images whose results are cached: a corrected drawing with all its groups."""

_FITTED_ON = 600
_SEED = 1
_VERSION = b"reference 2"
"""Part of the cache's key; it changes with the way of computing."""


@dataclass(frozen=True, eq=False)
class Seen:
    """A network's features and answers for drawings.

    Attributes:
        log_probabilities: float32 (batch, classes), calibrated.
        coordinates: float32 (batch, dimensions) in the network's feature space.
    """

    log_probabilities: Array
    coordinates: Array

    def __len__(self) -> int:
        return len(self.coordinates)

    @cached_property
    def directions(self) -> Array:
        """Coordinates at length 1, float32 (batch, dimensions)."""
        return directions(self.coordinates)


@dataclass(frozen=True, eq=False)
class Reference:
    """A network's features and answers for other people's digits and for non-digits.

    Attributes:
        space: The feature space that fits these digits.
        digits: Those for the digits.
        labels: int64 (digits,), an index of a class: the truth where the classes are digits,
            otherwise what the network answers, which ought to stay.
        non_digits: Those for letters, scribbles and marks.
    """

    space: FeatureSpace
    digits: Seen
    labels: npt.NDArray[np.int64]
    non_digits: Seen

    @cached_property
    def typical_margin(self) -> float:
        """Median distance between the best and the second best log probability of a digit."""
        best = np.partition(self.digits.log_probabilities, -2, axis=1)[:, -2:]
        return float(np.median(best[:, 1] - best[:, 0]))

    @cached_property
    def margins(self) -> Array:
        """How far each class is below a digit's label: float32 (digits, classes).

        Infinite for the label itself, and where another class has won already.
        """
        answers = self.digits.log_probabilities
        margins: Array = np.take_along_axis(answers, self.labels[:, np.newaxis], axis=1) - answers
        margins[answers.argmax(axis=1) != self.labels] = np.inf
        margins[np.arange(len(self.labels)), self.labels] = np.inf
        return margins


class TeachableNetwork:
    """A converted network with its features.

    Attributes:
        recognizer: Answers; its answers are the ones without any hand.
        sha256: Hash of the model file.
        class_names: What the outputs mean, in order.
    """

    def __init__(self, recognizer: Recognizer, watched: WatchedNetwork) -> None:
        self.recognizer = recognizer
        self.sha256 = recognizer.source_sha256
        self.class_names = recognizer.metadata.class_names
        self._watched = watched
        self._remembered: OrderedDict[bytes, tuple[Recognition, Array]] = OrderedDict()

    @classmethod
    def from_files(cls, litert_file: Path) -> "TeachableNetwork":
        """Load a LiteRT file and the record beside it.

        Raises:
            ModelFileError: If either is missing or damaged.
        """
        return cls.converted(*read_converted_model(litert_file))

    @classmethod
    def converted(cls, litert: bytes, copy: ConvertedModel) -> "TeachableNetwork":
        """Start runtimes of its own on a LiteRT file's bytes and the record beside it.

        Raises:
            ModelFileError: If the bytes do not have the hash in the record.
        """
        return cls(Recognizer(litert, copy), WatchedNetwork(litert, copy))

    def twin(self) -> "TeachableNetwork":
        """Return the same network with runtimes of its own, for another thread."""
        twin = self.converted(self.recognizer.litert, self.recognizer.record)
        twin.__dict__["reference"] = self.reference  # computed already
        return twin

    @classmethod
    def bundled(cls) -> "TeachableNetwork":
        """Load the network that comes with the program.

        Raises:
            ModelFileError: If it is missing or damaged.
        """
        return cls.from_files(BUNDLED_MODEL.with_suffix(".tflite"))

    @cached_property
    def reference(self) -> Reference:
        """The network's features and answers for other people's digits.

        That of the bundled network comes with the program. Any other is computed once for a model,
        which takes a few seconds, and then kept in the cache.
        """
        sources = self._reference_sources()
        kept = stored_reference(sources)
        if kept is None:
            kept = cached_arrays(sources, list(REFERENCE_ARRAYS), self.reference_arrays)
        arrays = {name: np.asarray(kept[name], np.float32) for name in REFERENCE_ARRAYS}
        digits = Seen(arrays["digit_answers"], arrays["digit_coordinates"])
        return Reference(
            space=FeatureSpace(arrays["centre"], arrays["axes"]),
            digits=digits,
            labels=self._labels(digits.log_probabilities),
            non_digits=Seen(arrays["non_digit_answers"], arrays["non_digit_coordinates"]),
        )

    def see(self, inks: Array) -> Seen:
        """Return the features and answers of ink images, float32 (batch, 28, 28) in [0, 1]."""
        if len(inks) == 1:  # probably the one on the screen
            answers, coordinates = self.answers(inks)
            return Seen(log_of(answers[0].probabilities[np.newaxis]), coordinates)
        return self._seen(inks, self.reference.space)

    def answers(self, inks: Array) -> tuple[list[Recognition], Array]:
        """Return the answers without a hand, and the drawings' coordinates.

        The results of the last ink images are cached: the drawing that is corrected is
        the one on the screen.

        Args:
            inks: float32 (batch, 28, 28) in [0, 1].

        Returns:
            The answers, and coordinates, float32 (batch, dimensions).
        """
        keys = [ink.tobytes() for ink in inks]
        seen = {key: self._remembered[key] for key in keys if key in self._remembered}
        new = [index for index, key in enumerate(keys) if key not in seen]
        if new:
            answers, features = self._answers_and_features(inks[new])
            coordinates = self.reference.space.coordinates(features)
            seen.update(
                zip((keys[i] for i in new), zip(answers, coordinates, strict=True), strict=True)
            )
        self._remember(seen)
        found = [seen[key] for key in keys]
        return [answer for answer, _ in found], np.stack([place for _, place in found])

    def _remember(self, seen: dict[bytes, tuple[Recognition, Array]]) -> None:
        self._remembered.update(seen)
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)

    def _answers_and_features(self, inks: Array) -> tuple[list[Recognition], Array]:
        """Run the network once for both, if its outputs are exact."""
        outputs, features = self._watched.outputs_and_features(inks)
        if self._watched.is_exact:
            return self.recognizer.answers_of(outputs, inks), features
        return self.recognizer.recognize_batch(inks), features

    def _seen(self, inks: Array, space: FeatureSpace) -> Seen:
        answers, coordinates = [], []
        for start in range(0, len(inks), BATCH):
            found, features = self._answers_and_features(inks[start : start + BATCH])
            answers += [each.probabilities for each in found]
            coordinates.append(space.coordinates(features))
        if not len(inks):
            classes, dimensions = len(self.class_names), space.axes.shape[1]
            return Seen(np.empty((0, classes), np.float32), np.empty((0, dimensions), np.float32))
        return Seen(log_of(np.stack(answers)), np.concatenate(coordinates))

    def write_reference(self, file: Path) -> None:
        """Write what `reference` holds, as an asset of the program."""
        arrays: dict[str, Any] = self.reference_arrays()
        sources = np.array(_digest(self._reference_sources()))
        with atomic_path(file) as temporary, temporary.open("wb") as opened:
            np.savez_compressed(opened, **arrays, sources=sources)

    def _reference_sources(self) -> list[bytes]:
        """Return everything that the reference depends on."""
        return [_VERSION, self.sha256.encode(), other_writers.FILE.read_bytes()]

    def reference_arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """Compute what `reference` holds: float32 answers, float16 axes and coordinates."""
        others = read_other_writers()
        chosen = np.random.default_rng(_SEED).permutation(len(others.digits))[:_FITTED_ON]
        sample = others.digits[np.sort(chosen)]
        parts = [sample[start : start + BATCH] for start in range(0, len(sample), BATCH)]
        fitted = fitted_space(np.concatenate([self._watched.features(part) for part in parts]))
        # Rounded first, so that all measurements use the stored axes.
        space = FeatureSpace(fitted.centre, fitted.axes.astype(np.float16).astype(np.float32))
        digits = self._seen(others.digits, space)
        non_digits = self._seen(others.non_digits, space)
        return {
            "centre": space.centre,
            "axes": space.axes.astype(np.float16),
            "digit_answers": digits.log_probabilities,
            "digit_coordinates": digits.coordinates.astype(np.float16),
            "non_digit_answers": non_digits.log_probabilities,
            "non_digit_coordinates": non_digits.coordinates.astype(np.float16),
        }

    def _labels(self, log_probabilities: Array) -> npt.NDArray[np.int64]:
        if not set(DIGIT_NAMES) <= set(self.class_names):
            return np.asarray(log_probabilities.argmax(axis=1), np.int64)
        classes: npt.NDArray[np.int64] = np.array(
            [self.class_names.index(name) for name in DIGIT_NAMES], np.int64
        )
        return classes[read_other_writers().labels]


REFERENCE_ARRAYS = (
    "centre",
    "axes",
    "digit_answers",
    "digit_coordinates",
    "non_digit_answers",
    "non_digit_coordinates",
)


def stored_reference(
    sources: Sequence[bytes], file: Path = REFERENCE_FILE
) -> dict[str, npt.NDArray[np.generic]] | None:
    """Read the reference that comes with the program; None if it is of another network.

    Args:
        sources: Everything that it depends on.
        file: Where it lies.
    """
    try:
        arrays = read_npz(file, [*REFERENCE_ARRAYS, "sources"])
    except (DatasetError, OSError):
        return None  # it is computed, as for any other network
    return arrays if str(arrays.get("sources")) == _digest(sources) else None


def _digest(sources: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        digest.update(hashlib.sha256(source).digest())
    return digest.hexdigest()


def log_of(probabilities: Array) -> Array:
    """Return the natural logarithms of probabilities in [0, 1]; 0 counts as the least float."""
    logs: Array = np.log(np.maximum(probabilities, np.finfo(np.float32).tiny))
    return logs
