"""A network's plan: its layers and how they are connected, read from a model's configuration.

The plan holds only checked values. The network is rebuilt from it, so a file never decides what
Python runs; it only says how known layers are connected.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

from model.errors import ModelFileError
from model.model_files.config_json import Json, check_objects
from model.model_files.functional_graph import MAX_CALLS, graph_from_config
from model.model_files.layer_entries import (
    MODEL_KINDS,
    Entry,
    Place,
    input_shape,
    model_entries,
    model_name,
    wrong,
)
from model.model_files.layer_kinds import LAYER_KINDS, LayerKind, multiply_adds
from model.model_files.layer_settings import SettingError, Settings, checked_settings
from model.model_files.layer_shapes import Shape, ShapeError

MAX_PARAMETERS = 32_000_000
MAX_VALUES = 4_000_000
"""Most outputs of one layer for one ink image."""
MAX_ALL_VALUES = 16_000_000
"""Most outputs of all layers together: 64 MB for one ink image."""
MAX_MULTIPLY_ADDS = 8_000_000_000
"""More work than this for one answer would take a second and is refused."""
MAX_NESTING = 4


@dataclass(frozen=True)
class PlannedLayer:
    """One layer with its checked settings.

    Attributes:
        name: Its name in the file; that of a nested model's layer follows the model's and a slash.
        kind: Keras's class name, one of `LAYER_KINDS`.
        settings: Arguments of the constructor.
        weights: Shapes of its weights, in Keras's order.
        is_trainable: Whether training changes it; decides the order of weights in old files.
        group: Where its weights lie in a `.keras` archive.
        stem: Name of the top-level layer it belongs to: where its weights lie in old files.
        order: Its number in the file, after the numbers of the models around it.
    """

    name: str
    kind: str
    settings: Settings
    weights: tuple[Shape, ...]
    is_trainable: bool
    group: str
    stem: str
    order: tuple[int, ...]

    @property
    def traits(self) -> LayerKind:
        """What Digitpad knows of this kind of layer."""
        return LAYER_KINDS[self.kind]

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(map(prod, self.weights))


@dataclass(frozen=True)
class Call:
    """One use of a layer; a shared layer has several.

    Attributes:
        layer: Its place among the plan's layers.
        inputs: Numbers of its input values: 0 is the ink image, n the output of call n - 1.
        output_shape: Without the batch axis.
    """

    layer: int
    inputs: tuple[int, ...]
    output_shape: Shape


@dataclass(frozen=True)
class NetworkPlan:
    """A network as a value.

    Attributes:
        name: The model's name; may be empty.
        layers: In the order of the file.
        calls: In an order in which the inputs of each are computed before it.
        input_shape: Shape of one ink image, as the network wants it.
        output: Which value is the answer, counted as in `Call.inputs`.
    """

    name: str
    layers: tuple[PlannedLayer, ...]
    calls: tuple[Call, ...]
    input_shape: Shape
    output: int

    @property
    def output_shape(self) -> Shape:
        """Shape of the answer to one ink image."""
        return self.calls[self.output - 1].output_shape if self.output else self.input_shape

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def multiply_adds(self) -> int:
        """Multiplications of one answer."""
        shapes = [self.input_shape, *(call.output_shape for call in self.calls)]
        return sum(
            multiply_adds(
                self.layers[call.layer].weights,
                [shapes[value] for value in call.inputs],
                call.output_shape,
            )
            for call in self.calls
        )

    @property
    def values(self) -> int:
        """Number of outputs of all layers together for one ink image."""
        return sum(prod(call.output_shape) for call in self.calls)


def plan_from_config(config: dict[str, Json]) -> NetworkPlan:
    """Read the plan of a sequential or functional model.

    Args:
        config: What `config.json` or the attribute `model_config` holds.

    Raises:
        ModelFileError: If anything in it is unknown, impossible or too large.
    """
    check_objects(config, frozenset(LAYER_KINDS) | MODEL_KINDS | {"InputLayer"})
    plan = _Planner(input_shape(config)).plan(config)
    for what, amount, limit in (
        ("weights", plan.parameters, MAX_PARAMETERS),
        ("numbers between its layers", plan.values, MAX_ALL_VALUES),
        ("multiplications an answer", plan.multiply_adds, MAX_MULTIPLY_ADDS),
    ):
        if amount > limit:
            raise ModelFileError(
                f"The file is refused: its network has {amount:,} {what}, more than {limit:,}."
            )
    return plan


class _Planner:
    """Collects layers and calls while it walks through a model and the models nested in it."""

    def __init__(self, shape: Shape) -> None:
        self._layers: list[PlannedLayer] = []
        self._numbers: dict[str, int] = {}
        self._calls: list[Call] = []
        self._shapes = [shape]
        self._uses = 0

    def plan(self, config: dict[str, Json]) -> NetworkPlan:
        """Return the plan of the outermost model."""
        output = self._model(config, 0, Place())
        # Calls were found layer by layer; the file's own order is the one people and old files use.
        by_order = sorted(range(len(self._layers)), key=lambda index: self._layers[index].order)
        place = {index: number for number, index in enumerate(by_order)}
        return NetworkPlan(
            name=model_name(config),
            layers=tuple(self._layers[index] for index in by_order),
            calls=tuple(replace(call, layer=place[call.layer]) for call in self._calls),
            input_shape=self._shapes[0],
            output=output,
        )

    def _model(self, config: dict[str, Json], value: int, place: Place) -> int:
        """Pass a value through a model; return the model's output."""
        if len(place.order) > MAX_NESTING:
            raise ModelFileError("The file is refused: models are nested in it too deeply.")
        entries = model_entries(config, place)
        if config.get("class_name") == "Sequential":
            for entry in entries:
                if entry.kind != "InputLayer":
                    value = self._use(entry, (value,))
            return value
        graph = graph_from_config(config, entries)
        by_name = {entry.name: entry for entry in entries}
        values = {graph.input: value}
        for call in graph.calls:
            # The input's own entry has no calls, and any other layer's inputs are known by now.
            inputs = tuple(values[reference] for reference in call.inputs)
            values[call.itself] = self._use(by_name[call.itself[0]], inputs)
        if graph.output not in values:
            raise ModelFileError("The file is damaged: its output comes from no layer.")
        return values[graph.output]

    def _use(self, entry: Entry, inputs: tuple[int, ...]) -> int:
        self._uses += 1
        if self._uses > MAX_CALLS:
            raise ModelFileError(f"The file is refused: it has more than {MAX_CALLS} layer calls.")
        if entry.kind in MODEL_KINDS:
            if len(inputs) != 1:
                raise wrong(entry.name, "is a model with more than one input")
            return self._model(entry.config, inputs[0], entry.inside)
        if entry.kind not in LAYER_KINDS:
            raise wrong(entry.name, f"is a second {entry.kind}")
        shapes = [self._shapes[value] for value in inputs]
        layer, shape = _planned(entry, shapes)
        self._calls.append(Call(self._number(layer), inputs, shape))
        self._shapes.append(shape)
        return len(self._calls)

    def _number(self, layer: PlannedLayer) -> int:
        """Return a layer's place in the list; it is added when it is first used."""
        known = self._numbers.setdefault(layer.group, len(self._layers))
        if known == len(self._layers):
            self._layers.append(layer)
        elif self._layers[known] != layer:
            raise wrong(layer.name, "is used on data of different shapes")
        return known


def _planned(entry: Entry, inputs: Sequence[Shape]) -> tuple[PlannedLayer, Shape]:
    """Return an entry's layer and the shape that comes out of it for these inputs."""
    traits = LAYER_KINDS[entry.kind]
    try:
        settings = {} if traits.is_identity else checked_settings(entry.settings, traits.settings)
        shape = traits.output_shape(settings, inputs)
        weights = traits.weights(settings, inputs)
    except (SettingError, ShapeError) as error:
        raise wrong(entry.name, str(error)) from error
    if not 1 <= prod(shape) <= MAX_VALUES or len(shape) > 8:
        raise wrong(entry.name, f"gives out {prod(shape):,} numbers, from 1 to {MAX_VALUES:,} may")
    layer = PlannedLayer(
        name=entry.place.prefix + entry.name,
        kind=entry.kind,
        settings=settings,
        weights=weights,
        is_trainable=entry.is_trainable,
        group=entry.place.group,
        stem=entry.place.stem,
        order=entry.place.order,
    )
    return layer, shape
