"""The arithmetic behind one unit's number, as values that can be shown and checked.

A unit is one number in a layer's output. Each kind of arithmetic holds the numbers that go in, what
is done with them, and the number that comes out; `value` is computed from what is held here, so it
can be compared with what the network shows.
"""

from dataclasses import dataclass
from math import exp, log, tanh
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

Position: TypeAlias = tuple[int, ...]
"""Where a number lies in a layer's output, without the batch axis."""


@dataclass(frozen=True)
class Source:
    """A number that goes into a unit.

    Attributes:
        tensor: The tensor that it lies in.
        position: Where it lies there; None if it is padding outside.
        value: The number.
        weight: What it is multiplied by.
    """

    tensor: int
    position: Position | None
    value: float
    weight: float = 1.0

    @property
    def product(self) -> float:
        """What it adds to the unit's sum."""
        return self.value * self.weight


@dataclass(frozen=True, eq=False)
class WeightedSum:
    """Inputs times weights, added up with a bias: convolutions, dense layers, sums and means.

    Attributes:
        tensor: The tensor of the inputs.
        patch: float32 (height, width, channels) or (inputs,): the numbers that go in; 0 where the
            patch reaches beyond the edge.
        kernel: float32, the same shape: what they are multiplied by.
        corner: Where the patch's first number lies in its tensor; it may be negative.
        extent: Shape of the tensor, without the batch axis.
        spread: Distance in the tensor between two neighbours of the patch, along each axis.
        bias: Added to the products.
        activation: What is done with the sum: a name in `ACTIVATIONS`.
    """

    tensor: int
    patch: Array
    kernel: Array
    corner: Position
    extent: Position
    spread: Position
    bias: float = 0.0
    activation: str = "none"

    @property
    def products(self) -> Array:
        """Inputs times weights, float32 in the patch's shape."""
        return self.patch * self.kernel

    @property
    def sum(self) -> float:
        """The products and the bias, added up."""
        exact = self.patch.astype(np.float64) * self.kernel.astype(np.float64)
        return float(exact.sum()) + self.bias

    @property
    def value(self) -> float:
        """The unit's number."""
        return activated(self.activation, self.sum)

    def strongest(self, count: int = 5) -> tuple[Source, ...]:
        """Return the inputs that change the sum most, up or down, the strongest first."""
        products = np.abs(self.products).reshape(-1)
        order = np.argsort(-products, kind="stable")[:count]
        return tuple(self._source(int(flat)) for flat in order if products[flat] > 0)

    def _source(self, flat: int) -> Source:
        inside = tuple(map(int, np.unravel_index(flat, self.patch.shape)))
        position = tuple(
            start + step * offset
            for start, step, offset in zip(self.corner, self.spread, inside, strict=True)
        )
        is_inside = all(0 <= at < size for at, size in zip(position, self.extent, strict=True))
        return Source(
            self.tensor,
            position if is_inside else None,
            float(self.patch[inside]),
            float(self.kernel[inside]),
        )


@dataclass(frozen=True)
class Combination:
    """Several numbers combined: sums, means, products, maxima and minima of layers.

    Attributes:
        sources: The numbers.
        operation: `sum`, `product`, `maximum`, `minimum` or `mean`.
        bias: Added to a sum.
        activation: What is done with the result: a name in `ACTIVATIONS`.
    """

    sources: tuple[Source, ...]
    operation: str
    bias: float = 0.0
    activation: str = "none"

    @property
    def value(self) -> float:
        """The unit's number."""
        products = [source.product for source in self.sources]
        result = {
            "sum": lambda: sum(products) + self.bias,
            "product": lambda: float(np.prod(products)),
            "maximum": lambda: max(products),
            "minimum": lambda: min(products),
            "mean": lambda: sum(products) / len(products),
        }[self.operation]()
        return activated(self.activation, result)

    def strongest(self, count: int = 5) -> tuple[Source, ...]:
        """Return the inputs that count most, the strongest first."""
        sign = -1 if self.operation == "minimum" else 1
        by_size = self.operation in ("maximum", "minimum")
        return tuple(
            sorted(
                self.sources,
                key=lambda each: -sign * each.product if by_size else -abs(each.product),
            )[:count]
        )


@dataclass(frozen=True)
class PassedOn:
    """One number, unchanged or through an activation: dropout, flatten, padding, ReLU.

    Attributes:
        source: The number.
        activation: What is done with it: a name in `ACTIVATIONS`.
        slope: What a negative number is multiplied by, if the activation has one.
    """

    source: Source
    activation: str = "none"
    slope: float = 0.0

    @property
    def value(self) -> float:
        """The unit's number."""
        return activated(self.activation, self.source.product, self.slope)

    def strongest(self, count: int = 5) -> tuple[Source, ...]:
        """Return the number that goes in."""
        return (self.source,)[:count]


@dataclass(frozen=True)
class Softmaxed:
    """Softmax: e to the power of one number, divided by the sum of e to the power of each.

    Attributes:
        sources: The numbers of all classes.
        unit: Which of them this is about.
        beta: What each is multiplied by before.
        is_logarithm: Whether it returns the logarithm, as LogSoftmax does.
    """

    sources: tuple[Source, ...]
    unit: int
    beta: float = 1.0
    is_logarithm: bool = False

    @property
    def powers(self) -> tuple[float, ...]:
        """E to the power of each number minus the largest, which leaves the softmax as it is."""
        largest = max(source.value for source in self.sources)
        return tuple(exp(self.beta * (source.value - largest)) for source in self.sources)

    @property
    def value(self) -> float:
        """The unit's number."""
        probability = self.powers[self.unit] / sum(self.powers)
        return log(max(probability, 1e-300)) if self.is_logarithm else probability

    def strongest(self, count: int = 5) -> tuple[Source, ...]:
        """Return the largest of the numbers."""
        return tuple(sorted(self.sources, key=lambda source: -source.value)[:count])


Arithmetic: TypeAlias = WeightedSum | Combination | PassedOn | Softmaxed

ACTIVATIONS = (
    "none", "relu", "relu_n1_to_1", "relu6", "tanh", "sigmoid", "leaky_relu", "elu",
)  # fmt: skip
"""Activations of a single number."""


def activated(name: str, number: float, slope: float = 0.0) -> float:
    """Return an activation's output for a number."""
    return {
        "none": lambda: number,
        "relu": lambda: max(number, 0.0),
        "relu_n1_to_1": lambda: min(max(number, -1.0), 1.0),
        "relu6": lambda: min(max(number, 0.0), 6.0),
        "tanh": lambda: tanh(number),
        "sigmoid": lambda: 1 / (1 + exp(-max(number, -700.0))),
        "leaky_relu": lambda: number if number >= 0 else slope * number,
        "elu": lambda: number if number >= 0 else exp(number) - 1,
    }[name]()
