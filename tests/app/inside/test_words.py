"""What layers and their arithmetic are called."""

import numpy as np

from app.inside import words
from model.activations.arithmetic import PassedOn, Softmaxed, Source, WeightedSum
from model.network_map import MappedLayer, Step


def test_a_convolution_with_a_fused_activation_says_both():
    step = Step(
        operation="CONV_2D", inputs=(0, 1), output=2, options={"fusedActivationFunction": 1}
    )
    layer = MappedLayer(name="x", kind="ReLU", inputs=(0,), output=2, steps=(step,))
    assert words.title_of(layer) == "Convolution + ReLU"
    assert words.sentence_of(layer).startswith("A kernel is a small grid of weights")


def test_a_layer_that_nobody_knows_keeps_its_own_name():
    layer = MappedLayer(name="x", kind="Mystery", inputs=(0,), output=2)
    assert words.title_of(layer) == "Mystery"
    assert words.arithmetic_lines(None, 0.5) == (words.UNKNOWN, "The network has 0.500 here.")


def test_shapes_are_said_in_words():
    assert words.facts_of((28, 28, 16), 208) == "16 maps of 28 × 28 · 208 weights"
    assert words.facts_of((28, 28, 1), 0) == "1 map of 28 × 28"
    assert words.facts_of((3136,), 0) == "3,136 numbers"


def test_a_sum_below_zero_says_what_relu_makes_of_it():
    made = WeightedSum(
        tensor=0,
        patch=np.array([1.0, 2.0], np.float32),
        kernel=np.array([0.5, -1.0], np.float32),
        corner=(0,),
        extent=(2,),
        spread=(1,),
        bias=0.25,
        activation="relu",
    )
    lines = words.arithmetic_lines(made, 0.0)
    assert lines[0] == "products −1.500 + 0.250 (bias) = −1.250"
    assert lines[1] == "ReLU: −1.250 below zero becomes 0 → 0.000"


def test_a_share_is_said_with_its_powers():
    sources = tuple(Source(0, (each,), float(each)) for each in range(2))
    lines = words.arithmetic_lines(Softmaxed(sources, 0), 0.269)
    assert lines[0] == "e^(0.000 − 1.000) = 0.3679"
    assert lines[1] == "0.3679 of 1.368 in all = 0.269"


def test_a_number_passed_on_says_so():
    lines = words.arithmetic_lines(PassedOn(Source(0, (3,), 0.5)), 0.5)
    assert lines[0] == "0.500, passed on"
