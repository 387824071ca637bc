"""Walking from a unit to one that it goes into."""

import numpy as np
import pytest

from model.activations.look import Look
from model.activations.unit_arithmetic import unit_arithmetic
from model.activations.walking import strongest_output
from model.activations.watched_network import WatchedNetwork
from model.data.sample_digits import sample_digits


@pytest.fixture(scope="module")
def look() -> Look:
    return Look(WatchedNetwork.bundled(), sample_digits().inks[0])


def outputs(look: Look) -> list[int]:
    return [layer.output for layer in look.network.layers]


def test_a_walk_leads_from_the_first_layer_to_the_answer(look):
    (member, *_) = look.network.map.members()
    layer = member[0]
    position = tuple(
        map(int, np.unravel_index(look.output(layer).argmax(), look.output(layer).shape))
    )
    kinds = [layer.kind]
    by_tensor = {each.output: each for each in look.network.layers if each.steps}
    while (unit := strongest_output(look, layer.output, position, among=outputs(look))) is not None:
        layer, position = by_tensor[unit.tensor], unit.position
        assert look.output(layer)[position] == pytest.approx(look.shown(layer, position))
        kinds.append(layer.kind)
    assert kinds[-1] == "Softmax"
    assert {"MaxPooling2D", "Flatten", "Dense"} <= set(kinds)


def test_the_unit_that_is_walked_to_is_the_one_that_is_moved_most(look):
    (member, *_) = look.network.map.members()
    dense = next(layer for layer in member if layer.kind == "Dense")
    flatten = next(layer for layer in member if layer.kind == "Flatten")
    position = (int(look.output(flatten).argmax()),)
    unit = strongest_output(look, flatten.output, position, among=outputs(look))
    assert unit.tensor == dense.output
    products = [
        abs(float(unit_arithmetic(look, dense, (each,)).products[position])) for each in range(10)
    ]
    assert unit.position == (int(np.argmax(products)),)


def test_no_walk_leads_to_a_unit_that_is_0(look):
    (member, *_) = look.network.map.members()
    for layer in member:
        values = look.output(layer)
        for flat in np.linspace(0, values.size - 1, 40).astype(int):
            position = tuple(map(int, np.unravel_index(flat, values.shape)))
            unit = strongest_output(look, layer.output, position, among=outputs(look))
            assert unit is None or look.values(unit.tensor)[unit.position] != 0
            assert unit is None or values[position] != 0


def test_nothing_comes_after_the_answer(look):
    assert strongest_output(look, look.network.layers[-1].output, (3,), among=outputs(look)) is None


def test_the_ink_leads_only_to_layers_that_count(look):
    members = look.network.map.members()
    inputs = members[0][0].inputs[0]
    for member in members:
        among = [each.output for each in member]
        ink = np.unravel_index(look.values(inputs).argmax(), look.values(inputs).shape)
        unit = strongest_output(look, inputs, tuple(map(int, ink)), among=among)
        assert unit.tensor == member[0].output
