"""What a unit's number is made of, what it can see, and what the answer is without it."""

from collections.abc import Iterator

import msgspec
import numpy as np
import pytest

from model.activations.arithmetic import Combination, PassedOn, Softmaxed, WeightedSum
from model.activations.broken_network import Break, BrokenNetwork, unbroken, with_noise
from model.activations.look import Look
from model.activations.receptive_field import ReceptiveField, receptive_field
from model.activations.unit_arithmetic import unit_arithmetic
from model.activations.watched_network import WatchedNetwork
from model.data.sample_digits import sample_digits
from model.network_map import MappedLayer
from model.recognizer import Recognizer

INKS = sample_digits(4).inks


@pytest.fixture(scope="module")
def network() -> WatchedNetwork:
    return WatchedNetwork.bundled()


@pytest.fixture(scope="module")
def look(network: WatchedNetwork) -> Look:
    return Look(network, INKS[0])


def named(look: Look, name: str) -> MappedLayer:
    return next(layer for layer in look.network.layers if layer.name == name)


def without_unit(output: np.ndarray, unit: int) -> Break:
    broken = unbroken(output)
    broken.switch_off(unit)
    return broken


def some_units(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    random = np.random.default_rng(1)
    yield (0,) * len(shape)
    yield tuple(size - 1 for size in shape)
    for _ in range(30):
        yield tuple(int(random.integers(size)) for size in shape)


def test_arithmetic_gives_the_number_shown(look: Look) -> None:
    kinds = set()
    for layer in look.network.layers:
        for unit in some_units(look.output(layer).shape):
            made = unit_arithmetic(look, layer, unit)
            assert made is not None
            kinds.add(type(made))
            assert abs(made.value - look.shown(layer, unit)) <= 1e-4, (layer.name, unit)
    assert kinds == {WeightedSum, Combination, PassedOn, Softmaxed}


def test_the_strongest_inputs_move_the_sum_most(look: Look) -> None:
    made = unit_arithmetic(look, named(look, "re_lu_1"), (7, 7, 3))
    assert isinstance(made, WeightedSum)
    strongest = made.strongest(5)
    products = sorted(np.abs(made.products).reshape(-1), reverse=True)
    assert [abs(each.product) for each in strongest] == pytest.approx(products[:5])
    before = look.output(named(look, "re_lu"))
    for each in strongest:
        assert each.position is not None
        assert each.value == before[each.position]


def test_a_look_stays_as_it_is_while_the_network_answers_others(network: WatchedNetwork) -> None:
    look = Look(network, INKS[0])
    layer = network.layers[0]
    before = look.output(layer).copy()
    network.activations(INKS)
    np.testing.assert_array_equal(look.output(layer), before)


def test_receptive_fields_grow_from_layer_to_layer(look: Look) -> None:
    # A 3x3 convolution, one of stride 2, and another of 3x3 on that.
    assert receptive_field(look, named(look, "re_lu"), (14, 14, 0)) == ReceptiveField(
        13, 13, 16, 16
    )
    assert receptive_field(look, named(look, "re_lu"), (0, 0, 0)) == ReceptiveField(0, 0, 2, 2)
    assert receptive_field(look, named(look, "re_lu_1"), (7, 7, 0)) == ReceptiveField(
        13, 13, 18, 18
    )
    whole = ReceptiveField(0, 0, 28, 28)
    assert receptive_field(look, named(look, "logits_1"), (3,)) == whole


def test_nothing_outside_the_receptive_field_changes_a_unit(look: Look) -> None:
    random = np.random.default_rng(2)
    for name, unit in (("re_lu_2", (5, 8, 10)), ("re_lu_4", (3, 2, 1)), ("flatten", (1700,))):
        field = receptive_field(look, named(look, name), unit)
        rows, columns = np.mgrid[:28, :28]
        inside = (
            (rows >= field.top) & (rows < field.bottom)
            & (columns >= field.left) & (columns < field.right)
        )  # fmt: skip
        assert not inside.all()
        noise = random.random((28, 28), np.float32)
        other = Look(look.network, np.where(inside, INKS[0], noise))
        layer = named(look, name)
        assert abs(other.shown(layer, unit) - look.shown(layer, unit)) < 1e-5


def test_an_unbroken_network_answers_as_before(network: WatchedNetwork, look: Look) -> None:
    layer = named(look, "re_lu_2")
    broken = BrokenNetwork(network, [layer.output])
    answer = broken.probabilities(INKS[0], {layer.output: unbroken(look.output(layer))})
    assert np.abs(answer - Recognizer.bundled().recognize(INKS[0]).probabilities).max() < 1e-6


def test_units_switched_off_and_noise_change_the_answer(
    network: WatchedNetwork, look: Look
) -> None:
    first, last = named(look, "re_lu_2"), named(look, "logits_1")
    broken = BrokenNetwork(network, [first.output, last.output])
    whole = {each.output: unbroken(look.output(each)) for each in (first, last)}
    right = broken.probabilities(INKS[0], whole)
    digit = int(right.argmax())
    off = broken.probabilities(
        INKS[0], whole | {last.output: without_unit(look.output(last), digit)}
    )
    assert off[digit] < right[digit]
    noisy = broken.probabilities(
        INKS[0], whole | {first.output: with_noise(look.output(first), 3.0)}
    )
    assert np.abs(noisy - right).max() > 1e-3


def test_a_logit_switched_off_lacks_in_the_mean(network: WatchedNetwork, look: Look) -> None:
    layer = named(look, "logits_1")
    answer = BrokenNetwork(network, [layer.output]).probabilities(
        INKS[0], {layer.output: without_unit(look.output(layer), 4)}
    )
    logits = look.output(named(look, "mean_logits")).astype(np.float64)
    logits[4] -= look.output(layer)[4] / 3
    shares = np.exp((logits - logits.max()) / network.metadata.temperature)
    np.testing.assert_allclose(answer, shares / shares.sum(), atol=1e-5)


def test_steps_that_do_not_fit_their_tensors_have_no_arithmetic(look: Look) -> None:
    layer = named(look, "logits_1")
    (step,) = layer.steps
    for inputs in ((step.inputs[1], step.inputs[0]), (step.inputs[0],), (step.inputs[0], -1, -1)):
        wrong = msgspec.structs.replace(
            layer, steps=(msgspec.structs.replace(step, inputs=inputs),)
        )
        assert unit_arithmetic(look, wrong, (3,)) is None
