"""The map of a converted network: the output tensor of each layer, and the operations that make it.

It is made from the network's graph at its conversion, and stored in its metadata.
Tensors are numbered as in the LiteRT file.
"""

from collections.abc import Mapping

import msgspec

NO_TENSOR = -1
"""In place of an optional input, such as a bias, that is missing."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One operation of the runtime.

    Attributes:
        operation: Its name in LiteRT, such as CONV_2D.
        inputs: Tensors that go in, constants among them; `NO_TENSOR` where one is missing.
        output: The tensor that comes out, the first of several.
        options: Its settings under LiteRT's names, such as strideW.
    """

    operation: str
    inputs: tuple[int, ...]
    output: int
    options: Mapping[str, int | float | bool] = {}


class MappedLayer(msgspec.Struct, frozen=True, kw_only=True):
    """One layer and the tensors that belong to it.

    Attributes:
        name: Its name in Keras; a number and its kind where only the graph is known.
        kind: Keras's class name where there is one, otherwise the operation's own.
        inputs: Tensors that go in and depend on the ink.
        output: The tensor that comes out; that of the input where the layer does nothing when a
            network answers, as dropout does.
        steps: The operations from the inputs to the output, sizes of arrays left out; none if
            the layer does nothing, or has too many to keep.
        folded: Names of layers that are fused into the steps, such as a normalisation.
        parameters: Number of weights.
    """

    name: str
    kind: str
    inputs: tuple[int, ...]
    output: int
    steps: tuple[Step, ...] = ()
    folded: tuple[str, ...] = ()
    parameters: int = 0


class DensePart(msgspec.Struct, frozen=True, kw_only=True):
    """A last dense layer; the logits are the sum of all parts' outputs, each times its factor.

    Attributes:
        features: The tensor that goes in, (batch, units).
        kernel: The constant tensor (classes, units); LiteRT keeps kernels transposed.
        bias: The constant tensor (classes,), or `NO_TENSOR`.
        factor: What its outputs are multiplied by before they are added up.
    """

    features: int
    kernel: int
    bias: int = NO_TENSOR
    factor: float = 1.0


class NetworkMap(msgspec.Struct, frozen=True, kw_only=True):
    """A network's layers.

    Attributes:
        layers: In the order in which they answer.
        logits: The tensor before the softmax; the answer itself if there is none.
        last_dense: The layers that make the logits, if these are dense layers alone.
    """

    layers: tuple[MappedLayer, ...]
    logits: int
    last_dense: tuple[DensePart, ...] = ()

    def activation_tensors(self) -> set[int]:
        """Return the tensors that depend on the ink: the layers' inputs and outputs."""
        tensors = {self.logits}
        for layer in self.layers:
            tensors |= {*layer.inputs, layer.output, *(step.output for step in layer.steps)}
        return tensors

    def members(self) -> tuple[tuple[MappedLayer, ...], ...]:
        """Return the layers on the way to each last dense layer, and that layer, in their order.

        An average of three networks has three members; any other network has one, or none if
        its logits are not made by dense layers.
        """
        return tuple(self._way_to(part) for part in self.last_dense)

    def _way_to(self, part: DensePart) -> tuple[MappedLayer, ...]:
        needed, way = {part.features}, []
        for layer in reversed(self.layers):
            is_last = any(step.inputs[1:2] == (part.kernel,) for step in layer.steps)
            if is_last or layer.output in needed:
                way.append(layer)
                needed |= set(layer.inputs)
        return tuple(reversed(way))
