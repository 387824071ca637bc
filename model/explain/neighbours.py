"""The training digits most similar to a drawing, and how typical the drawing is.

The bundled network's features of ten thousand training digits lie in an asset, as 64 whole numbers
each; the nearest ones by angle are the most similar to the network. A drawing's typicality is the
fraction of training digits that lie further from their own nearest neighbours than the drawing does
(deep k-nearest neighbours: Papernot and McDaniel, 2018, arXiv 1803.04765). For another network,
some of the same digits are drawn again and its own features are used.
"""

from dataclasses import dataclass
from functools import cached_property
from math import prod
from pathlib import Path

import numpy as np
import numpy.typing as npt

import assets
from model.activations.watched_network import WatchedNetwork
from model.errors import ExplanationError
from model.ink import InkImage, ink_from_strokes
from model.network_map import DensePart

Array = npt.NDArray[np.float32]

ASSET = assets.FOLDER / "training_digits.npz"
NEAREST = 5
SOURCES = ("pen digits", "built-in strokes")
MOST_VALUES = 200_000_000
"""Largest number of activations computed for another network's features of training digits."""

FAR_BELOW = 0.1
"""A drawing that is refused and less typical than this is like none of the training digits.

Of 498 built-in non-digits that the bundled network refuses (seed 11, training families), 99 % lie
below; a tenth of the training digits do by definition, and none of 3,000 of them is refused.
"""

MOST_DRAWN = 1000
_FEWEST_DRAWN = 100
_GRID = 2
_AT_A_TIME = 20


@dataclass(frozen=True, eq=False)
class TrainingDigit:
    """A training digit similar to a drawing.

    Attributes:
        label: What it shows.
        distance: One less the cosine of the angle between its features and the drawing's, in
            [0, 2].
        source: The data set that it comes from.
        strokes: float64 (points, 2) each, in [0, 1]; some of the points that were recorded.
    """

    label: str
    distance: float
    source: str
    strokes: tuple[npt.NDArray[np.float64], ...]


@dataclass(frozen=True, eq=False)
class Resemblance:
    """The training digits similar to a drawing.

    Attributes:
        nearest: The nearest training digits, the nearest first.
        typical: Fraction of training digits that lie further from their own nearest, in [0, 1].
    """

    nearest: tuple[TrainingDigit, ...]
    typical: float

    @property
    def is_far(self) -> bool:
        """Whether the drawing lies far from all training digits."""
        return self.typical < FAR_BELOW


class StoredDigits:
    """The training digits of the asset.

    Attributes:
        labels: uint8 (digits,).
    """

    def __init__(self, file: Path = ASSET) -> None:
        """Read the asset.

        Raises:
            ExplanationError: If it is missing or damaged.
        """
        try:
            with np.load(file, allow_pickle=False) as archive:
                self._arrays = {name: archive[name] for name in archive.files}
            self.labels: npt.NDArray[np.uint8] = self._arrays["labels"]
            self.features: npt.NDArray[np.int8] = self._arrays["features"]
            self.projection: Array = self._arrays["projection"].astype(np.float32)
            self.mean: Array = self._arrays["mean"].astype(np.float32)
            self.distances: Array = self._arrays["distances"].astype(np.float32)
            self.source_sha256 = str(self._arrays["network"])
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise ExplanationError(
                f"The file {file.name} is missing or damaged; install Digitpad again.",
                detail=str(error),
            ) from error

    def __len__(self) -> int:
        return len(self.labels)

    def source(self, number: int) -> str:
        """Return which data set a digit comes from."""
        return SOURCES[int(self._arrays["sources"][number])]

    def strokes(self, number: int) -> tuple[npt.NDArray[np.float64], ...]:
        """Return a digit's strokes, float64 (points, 2) each, in [0, 1]."""
        first, end = self._first_strokes[number : number + 2]
        return tuple(
            self._arrays["points"][start:stop].astype(np.float64) / 255
            for start, stop in zip(
                self._first_points[first:end], self._first_points[first + 1 : end + 1], strict=True
            )
        )

    @cached_property
    def _first_strokes(self) -> npt.NDArray[np.int64]:
        return np.concatenate([[0], np.cumsum(self._arrays["strokes"], dtype=np.int64)])

    @cached_property
    def _first_points(self) -> npt.NDArray[np.int64]:
        return np.concatenate([[0], np.cumsum(self._arrays["lengths"], dtype=np.int64)])


class Neighbours:
    """The features of training digits by one network."""

    def __init__(
        self,
        network: WatchedNetwork,
        stored: StoredDigits,
        *,
        numbers: npt.NDArray[np.int64],
        directions: Array,
        distances: Array,
        is_projected: bool,
    ) -> None:
        """Hold known features; `of_network` computes them.

        Args:
            network: The network of the features.
            stored: The training digits.
            numbers: int64 (digits,): which of them are compared with.
            directions: float32 (digits, features), each of length 1.
            distances: float32 (any,), rising: how far digits lie from their own nearest.
            is_projected: Whether features are projected to 64 numbers first.
        """
        self._network = network
        self._stored = stored
        self._numbers = numbers
        self._directions = directions
        self._distances = distances
        self._is_projected = is_projected

    @classmethod
    def of_network(cls, network: WatchedNetwork) -> "Neighbours":
        """Load the features of the bundled network; compute those of another one.

        That takes another network a second or two.

        Raises:
            ExplanationError: If the asset is missing or damaged.
        """
        stored = StoredDigits()
        if network.source_sha256 == stored.source_sha256:
            return cls(
                network,
                stored,
                numbers=np.arange(len(stored)),
                directions=unit_length(stored.features.astype(np.float32)),
                distances=stored.distances,
                is_projected=True,
            )
        return cls._by_own_features(network, stored)

    @classmethod
    def _by_own_features(cls, network: WatchedNetwork, stored: StoredDigits) -> "Neighbours":
        affordable = MOST_VALUES // max(1, network.values)
        count = min(MOST_DRAWN, len(stored), max(_FEWEST_DRAWN, affordable))
        numbers = np.linspace(0, len(stored) - 1, count).astype(np.int64)
        inks = np.stack([ink_from_strokes(stored.strokes(int(each))) for each in numbers])
        directions = unit_length(pooled_features(network, inks))
        return cls(
            network,
            stored,
            numbers=numbers,
            directions=directions,
            distances=own_distances(directions),
            is_projected=False,
        )

    def of(self, ink: InkImage) -> Resemblance:
        """Return the training digits nearest to an ink image, float32 (28, 28) in [0, 1]."""
        features = pooled_features(self._network, ink[np.newaxis])
        if self._is_projected:
            features = np.asarray(
                (features - self._stored.mean) @ self._stored.projection, np.float32
            )
        (direction,) = unit_length(features)
        distances = 1 - self._directions @ direction
        order = np.argpartition(distances, NEAREST)[:NEAREST]
        order = order[np.argsort(distances[order], kind="stable")]
        further = len(self._distances) - np.searchsorted(
            self._distances, distances[order].mean(), side="left"
        )
        return Resemblance(
            tuple(self._digit(int(each), float(distances[each])) for each in order),
            float(further / len(self._distances)),
        )

    def _digit(self, place: int, distance: float) -> TrainingDigit:
        number = int(self._numbers[place])
        return TrainingDigit(
            str(self._stored.labels[number]),
            distance,
            self._stored.source(number),
            self._stored.strokes(number),
        )


def pooled_features(network: WatchedNetwork, inks: Array) -> Array:
    """Return the input of the last dense layers, images averaged over a grid of 2x2.

    They hardly change if the digit moves by a pixel, and are few enough to compare.

    Args:
        network: Any network.
        inks: float32 (batch, 28, 28) in [0, 1].

    Returns:
        float32 (batch, features).
    """
    parts = network.map.last_dense
    if not parts:
        return network.features(inks)
    tensors = [_image_before(network, part) for part in parts]
    batches = [inks[start : start + _AT_A_TIME] for start in range(0, len(inks), _AT_A_TIME)]
    return np.concatenate(
        [
            np.concatenate(list(map(_pooled, network.outputs(batch, tensors))), axis=1)
            for batch in batches
        ]
    )


def unit_length(features: Array) -> Array:
    """Return features (digits, features), each digit's divided by its length."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    scaled: Array = (features / np.maximum(lengths, np.float32(1e-12))).astype(np.float32)
    return scaled


def own_distances(directions: Array) -> Array:
    """Return how far each digit lies from its nearest others on average, rising.

    Args:
        directions: float32 (digits, features), each of length 1.
    """
    found = []
    for start in range(0, len(directions), 500):
        distances = 1 - directions[start : start + 500] @ directions.T
        # Each digit is nearest to itself.
        nearest = np.partition(distances, NEAREST, axis=1)[:, : NEAREST + 1]
        found.append((nearest.sum(axis=1) - nearest.min(axis=1)) / NEAREST)
    rising: Array = np.sort(np.concatenate(found)).astype(np.float32)
    return rising


def _image_before(network: WatchedNetwork, part: DensePart) -> int:
    """Return the image that was flattened to a dense layer's input, or the input itself."""
    tensor = part.features
    for layer in reversed(network.layers):
        if layer.output == tensor and [each.operation for each in layer.steps] == ["RESHAPE"]:
            return layer.inputs[0]
    return tensor


def _pooled(values: Array) -> Array:
    """Average (batch, height, width, channels) over a grid; anything else is only flattened."""
    if values.ndim != 4:
        return values.reshape(len(values), prod(values.shape[1:]))
    rows = np.array_split(values, min(_GRID, values.shape[1]), axis=1)
    cells = [
        cell.mean(axis=(1, 2))
        for row in rows
        for cell in np.array_split(row, min(_GRID, values.shape[2]), axis=2)
    ]
    return np.concatenate(cells, axis=1)
