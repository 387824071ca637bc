"""The wiring of a functional model: which layer's output goes into which layer.

A reference names a layer and which of its calls is meant, because a shared layer has several.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from model.errors import ModelFileError
from model.model_files.config_json import Json
from model.model_files.layer_entries import MODEL_KINDS, Entry, wrong

MAX_CALLS = 1_000

Reference: TypeAlias = tuple[str, int]
"""A layer's name, and the number of its call, counted from 0."""

# What a file may say about a call besides its inputs, because it changes nothing.
_IDLE_ARGUMENTS = frozenset({"mask", "training", "initial_state"})


@dataclass(frozen=True)
class GraphCall:
    """One call of a layer: the layer, the number of the call, and its inputs."""

    itself: Reference
    inputs: tuple[Reference, ...]


@dataclass(frozen=True)
class FunctionalGraph:
    """A functional model's wiring.

    Attributes:
        input: The tensor of the ink image.
        output: The tensor of the answer.
        calls: In an order in which each finds its inputs ready.
    """

    input: Reference
    output: Reference
    calls: tuple[GraphCall, ...]


def graph_from_config(config: dict[str, Json], entries: Sequence[Entry]) -> FunctionalGraph:
    """Read the wiring.

    Args:
        config: The model's configuration.
        entries: Its layers.

    Raises:
        ModelFileError: If it has more than one input or output, or its layers form a circle.
    """
    inner = config.get("config")
    settings = inner if isinstance(inner, dict) else {}
    inputs = _endpoints(settings.get("input_layers"))
    outputs = _endpoints(settings.get("output_layers"))
    if len(inputs) != 1 or len(outputs) != 1:
        raise ModelFileError(
            f"The file is refused: its network has {len(inputs)} inputs and {len(outputs)}"
            " outputs, not one of each."
        )
    calls = {
        (entry.name, number): _references(node, entry.name)
        for entry in entries
        for number, node in enumerate(_nodes(entry))
    }
    if len(calls) > MAX_CALLS:
        raise ModelFileError(f"The file is refused: it has more than {MAX_CALLS} layer calls.")
    first = _first_calls(entries, [*calls.values(), outputs])
    counted = {
        itself: tuple((name, number - first.get(name, 0)) for name, number in references)
        for itself, references in calls.items()
    }
    output = (outputs[0][0], outputs[0][1] - first.get(outputs[0][0], 0))
    return FunctionalGraph(inputs[0], output, _in_order(inputs[0], counted))


def _in_order(
    start: Reference, calls: dict[Reference, tuple[Reference, ...]]
) -> tuple[GraphCall, ...]:
    ready = {start}
    ordered: list[GraphCall] = []
    waiting = dict(calls)
    while waiting:
        # A shared layer may be used early and late, so calls become ready in rounds.
        found = [itself for itself, inputs in waiting.items() if ready.issuperset(inputs)]
        if not found:
            raise ModelFileError(
                "The file is refused: its layers are connected in a circle, or to nothing."
            )
        ordered += [GraphCall(itself, waiting.pop(itself)) for itself in found]
        ready.update(found)
    return tuple(ordered)


def _first_calls(
    entries: Sequence[Entry], references: Sequence[Sequence[Reference]]
) -> dict[str, int]:
    """Number of each nested model's first call: some versions of Keras count from 1."""
    models = {entry.name for entry in entries if entry.kind in MODEL_KINDS}
    first: dict[str, int] = {}
    for name, number in (each for some in references for each in some):
        if name in models:
            first[name] = min(number, first.get(name, number))
    return first


def _nodes(entry: Entry) -> list[Json]:
    nodes = entry.config.get("inbound_nodes", [])
    if not isinstance(nodes, list) or (not nodes) != (entry.kind == "InputLayer"):
        raise wrong(entry.name, "is connected to nothing")
    return nodes


def _references(node: Json, name: str) -> tuple[Reference, ...]:
    """Return what goes into a call, written in the way of Keras 3 or of Keras 2."""
    if isinstance(node, dict):
        references = _tensors(node.get("args"), name)
        extra = node.get("kwargs")
    elif isinstance(node, list):
        references = [_reference(each[:3], name) for each in node if isinstance(each, list)]
        extra = {
            key: value
            for each in node
            for more in (each[3:] if isinstance(each, list) else [each])
            for key, value in (more.items() if isinstance(more, dict) else [("?", more)])
        }
    else:
        raise wrong(name, "is connected in a way that Keras does not use")
    _check_extra(extra, name)
    if not references:
        raise wrong(name, "is called without an input")
    return tuple(references)


def _tensors(arguments: Json, name: str) -> list[Reference]:
    """Return the tensors in a call's arguments: one, or a list of them."""
    if isinstance(arguments, list) and len(arguments) == 1 and isinstance(arguments[0], list):
        arguments = arguments[0]
    if not isinstance(arguments, list):
        raise wrong(name, "is called without arguments")
    references = []
    for argument in arguments:
        inner = argument.get("config") if isinstance(argument, dict) else None
        if not isinstance(inner, dict) or "keras_history" not in inner:
            raise wrong(name, "is called with something that is not another layer's output")
        references.append(_reference(inner["keras_history"], name))
    return references


def _reference(history: Json, name: str) -> Reference:
    if isinstance(history, list) and len(history) == 3:
        layer, number, output = history
        if isinstance(layer, str) and type(number) is int and number >= 0 and output == 0:
            return layer, number
    raise wrong(name, "is connected in a way that Keras does not use")


def _endpoints(value: Json) -> list[Reference]:
    """Return the model's inputs or outputs: one reference, or a list of them."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        value = [value]
    if not isinstance(value, list):
        raise ModelFileError("The file is damaged: its network has no input or no output.")
    return [_reference(each, "output") for each in value]


def _check_extra(extra: Json, name: str) -> None:
    given = extra if isinstance(extra, dict) else {}
    for key, value in given.items():
        if key not in _IDLE_ARGUMENTS or value not in (None, False):
            raise wrong(name, "is called with arguments that Digitpad does not know")
