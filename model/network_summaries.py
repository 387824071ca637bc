"""What the networks are made of, told without Keras: a row a layer, as Keras would print it.

The window shows a network before it is trained, and it may not import Keras. So the layers of
`model.training.networks` are described here a second time, as sizes alone; a test builds every
network and
compares row by row.
"""

from collections.abc import Callable
from math import prod

from model.ink import INK_SIZE
from model.protocol import LayerRow
from model.recipes import MEMBERS, NetworkName


def network_layers(name: NetworkName, classes: int = 10) -> tuple[LayerRow, ...]:
    """Return one row for each layer of a network, without its input.

    Args:
        name: One of the names in `model.recipes.NetworkName`.
        classes: Number of outputs.
    """
    members = MEMBERS.get(name, 1)
    summary = _Summary(members)
    _DESCRIPTIONS[name](summary)
    summary.dense(classes)
    if members > 1:
        summary.together()
    return tuple(summary.rows)


def total_parameters(rows: tuple[LayerRow, ...]) -> int:
    """Return the number of weights in all layers."""
    return sum(row.parameters for row in rows)


class _Summary:
    """Counts what each further layer puts out and how many weights it has.

    Attributes:
        rows: The layers so far.
        shape: What the last of them puts out, without the batch axis.
    """

    def __init__(self, members: int) -> None:
        """Begin with the ink; `members` networks of the same layers stand side by side."""
        self._members = members
        self.rows: list[LayerRow] = []
        self.shape: tuple[int, ...] = (INK_SIZE, INK_SIZE, 1)

    def convolution(
        self, filters: int, size: int, *, keeps_size: bool, has_bias: bool, stride: int = 1
    ) -> None:
        height, width, channels = self.shape
        lost = 0 if keeps_size else size - 1
        weights = filters * (size * size * channels + has_bias)
        # Rounded up, as Keras does.
        sides = (-(-(side - lost) // stride) for side in (height, width))
        self._add("Conv2D", (*sides, filters), weights)

    def pooling(self) -> None:
        height, width, channels = self.shape
        self._add("MaxPooling2D", (height // 2, width // 2, channels))

    def normalisation(self) -> None:
        # Scale, offset, and the running mean and variance.
        self._add("BatchNormalization", self.shape, 4 * self.shape[-1])

    def dense(self, units: int) -> None:
        self._add("Dense", (units,), units * (self.shape[-1] + 1))

    def flatten(self) -> None:
        self._add("Flatten", (prod(self.shape),))

    def same_shape(self, kind: str) -> None:
        self._add(kind, self.shape)

    def together(self) -> None:
        self._members = 1
        self.same_shape("Average")
        self.same_shape("Softmax")

    def normalised_convolution(
        self, filters: int, *, keeps_size: bool = True, stride: int = 1
    ) -> None:
        self.convolution(filters, 3, keeps_size=keeps_size, has_bias=False, stride=stride)
        self.normalisation()
        self.same_shape("ReLU")

    def plain_convolution(self, filters: int, size: int) -> None:
        self.convolution(filters, size, keeps_size=False, has_bias=True)
        self.pooling()

    def _add(self, kind: str, shape: tuple[int, ...], parameters: int = 0) -> None:
        for _member in range(self._members):
            name = f"{kind.lower()}_{len(self.rows) + 1}"
            self.rows.append(
                LayerRow(name=name, kind=kind, output_shape=(None, *shape), parameters=parameters)
            )
        self.shape = shape


def _digitpad(summary: _Summary) -> None:
    summary.normalised_convolution(16)
    summary.normalised_convolution(32, stride=2)
    summary.normalised_convolution(64)
    summary.pooling()
    summary.normalised_convolution(64)
    summary.normalised_convolution(64)
    summary.flatten()


def _bundled(summary: _Summary) -> None:
    _digitpad(summary)
    summary.same_shape("Dropout")


def _conv32_dropout(summary: _Summary) -> None:
    summary.plain_convolution(32, 3)
    summary.flatten()
    summary.same_shape("Dropout")


def _conv32_dense100(summary: _Summary) -> None:
    summary.plain_convolution(32, 3)
    summary.flatten()
    summary.dense(100)


def _conv64_dense128(summary: _Summary) -> None:
    summary.plain_convolution(64, 3)
    summary.plain_convolution(64, 3)
    summary.flatten()
    summary.dense(128)


def _dense128(summary: _Summary) -> None:
    summary.flatten()
    summary.dense(128)


def _conv5x5_dense1024(summary: _Summary) -> None:
    _conv5x5(summary)
    summary.dense(1024)
    summary.same_shape("Dropout")


def _conv5x5(summary: _Summary) -> None:
    summary.plain_convolution(32, 5)
    summary.plain_convolution(64, 5)
    summary.flatten()


_DESCRIPTIONS: dict[NetworkName, Callable[[_Summary], None]] = {
    "digitpad": _digitpad,
    "bundled": _bundled,
    "conv32-dropout": _conv32_dropout,
    "conv32-dense100": _conv32_dense100,
    "conv64-dense128": _conv64_dense128,
    "dense128": _dense128,
    "conv5x5-dense1024": _conv5x5_dense1024,
    "conv5x5": _conv5x5,
}
