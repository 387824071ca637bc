"""Titles and sentences about layers, units and their arithmetic. No Qt."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # importing them for real would load the runtime before the window is shown
    from model.activations.arithmetic import Arithmetic, Source
    from model.network_map import MappedLayer

INTRODUCTION = (
    "From your drawing at the top to the answer below. Click a map to see how it is made."
)
LEGEND = "orange: below zero · paper: zero · blue: above zero; each layer has its own scale"
NO_NETWORK = "The layers appear here as soon as a network answers."
TOO_LARGE = "This network is too large to be looked into while one draws."
UNKNOWN = "How this layer computes is not known here; its numbers are real all the same."

_OPERATIONS = {
    "CONV_2D": "Convolution",
    "DEPTHWISE_CONV_2D": "Depthwise convolution",
    "FULLY_CONNECTED": "Dense",
    "MAX_POOL_2D": "Max pooling",
    "AVERAGE_POOL_2D": "Average pooling",
    "SOFTMAX": "Softmax",
}
_FUSED = ("", " + ReLU", " + ReLU −1 to 1", " + ReLU6", " + tanh")

_SENTENCES = {
    "Input": "What the network sees of your drawing.",
    "Convolution": (
        "A kernel is a small grid of weights that slides over the layer before. At each place the"
        " numbers under it are multiplied by the weights and added up: large where the picture"
        " looks like the kernel."
    ),
    "Depthwise convolution": "Each map has a kernel of its own, which slides over that map alone.",
    "Dense": "Every number of the layer before, times a weight of its own, all added up.",
    "Max pooling": "Of each small window only the largest number is kept: what was found stays,"
    " its exact place goes.",
    "Average pooling": "Of each window the mean is kept.",
    "Softmax": "Each class's probability: e to the power of its number, divided by the sum of all.",
    "Dropout": "While the network learns, some numbers are left out at random; now all pass.",
    "Flatten": "The maps' numbers one after the other, as one long row; none changes.",
    "Average": "The mean of the votes.",
    "BatchNormalization": "Each map is brought to a common size and middle.",
    "Reshape": "The same numbers in another order.",
    "Rescaling": "Each number is multiplied and moved to the range that the network learned with.",
    "GlobalAveragePooling2D": "The mean of each map.",
    "Add": "The numbers of layers added up, place by place.",
    "Concatenate": "The maps of layers side by side.",
}
_KINDS = {"Average": "Mean of the votes"}
_KERAS_KINDS = {
    "Conv2D": "Convolution",
    "DepthwiseConv2D": "Depthwise convolution",
    "MaxPooling2D": "Max pooling",
    "AveragePooling2D": "Average pooling",
    "Average": "Mean of the votes",
}

VOTES = "These networks vote, and the answer is the mean of their votes. Shown below is one:"
ALL_ZERO = "all of these are 0"
NOTHING_MOVED = "It moves nothing in the next layer."
NO_NEXT_LAYER = "No layer comes after this one."
LEARNING_SOON = "The network that learns is asked for its maps…"
IN_USE = "as it is in use"
EPOCHS = "How it learned:"
CANNOT_WATCH = "The layers of this network can't be watched while it learns."
LEARNING_EMPTY = "Draw a digit: here you will see how the network that learns comes to see it."


def title_of(layer: "MappedLayer") -> str:
    """Return a layer's title, such as "Convolution + ReLU"."""
    if len(layer.steps) == 1 and (known := _OPERATIONS.get(layer.steps[0].operation)):
        code = int(layer.steps[0].options.get("fusedActivationFunction", 0))
        return known + (_FUSED[code] if 0 <= code < len(_FUSED) else "")
    return _KINDS.get(layer.kind, layer.kind)


def sentence_of(layer: "MappedLayer") -> str:
    """Return what a layer does, in one plain sentence or two."""
    operation = layer.steps[0].operation if len(layer.steps) == 1 else ""
    kind = _OPERATIONS.get(operation, layer.kind)
    return _SENTENCES.get(kind, _SENTENCES.get(layer.kind, ""))


def epoch_text(epoch: int, accuracy: float) -> str:
    """Say which epoch the slider is at.

    Args:
        epoch: Counted from 1.
        accuracy: In [0, 1].
    """
    return f"after epoch {epoch}, accuracy {accuracy * 100:.1f} %"


def introduction(*, is_taught: bool) -> str:
    """Return the introduction.

    Args:
        is_taught: Whether My hand has a part in the answer that is shown.
    """
    if is_taught:
        return f"{INTRODUCTION} My hand comes after this network and is not shown here."
    return INTRODUCTION


def learning_sentence(moment: str) -> str:
    """Return the introduction for a network in training.

    Args:
        moment: How far the run is; may be empty.
    """
    at = f" ({moment})" if moment else ""
    return (
        f"The network that learns{at}: its maps change as its weights do. A map can be opened"
        " when the run has ended."
    )


def title_of_kinds(kinds: Sequence[str]) -> str:
    """Return a layer's title by the Keras class names of it and of the layers fused into it."""
    title = _KERAS_KINDS.get(kinds[0], kinds[0])
    return f"{title} + ReLU" if "ReLU" in kinds[1:] else title


def sentence_of_kinds(kinds: Sequence[str]) -> str:
    """Return what a layer does, by Keras's names."""
    return _SENTENCES.get(_KERAS_KINDS.get(kinds[0], kinds[0]), _SENTENCES.get(kinds[0], ""))


def facts_of(shape: Sequence[int], parameters: int) -> str:
    """Return a layer's shape and its number of weights."""
    if len(shape) == 3:
        height, width, maps = shape
        said = f"{maps:,} map{'s' * (maps != 1)} of {height} × {width}"
    elif len(shape) == 1:
        said = f"{shape[0]:,} numbers"
    else:
        said = " × ".join(map(str, shape)) or "one number"
    return f"{said} · {parameters:,} weights" if parameters else said


def range_of(lowest: float, highest: float) -> str:
    """Say how large a layer's numbers are; those of a ReLU have no sign."""
    if lowest >= 0:
        return f"up to {highest:.3g}"
    if highest <= 0:
        return f"down to {lowest:.3g}".replace("-", "−")
    return f"up to ±{max(-lowest, highest):.3g}"


def unit_name(title: str, position: Sequence[int], class_names: Sequence[str] = ()) -> str:
    """Say which number of a layer it is."""
    if len(position) == 3:
        row, column, unit = position
        return f"{title}, map {unit + 1}, row {row + 1}, column {column + 1}"
    if len(position) == 1 and class_names:
        return f"{title}, class {class_names[position[0]]}"
    return f"{title}, number {', '.join(str(at + 1) for at in position)}"


def number(value: float) -> str:
    """Return a number with three digits after the point, and a minus sign, not a hyphen."""
    return f"{value:.3f}".replace("-", "−")


def signed(value: float) -> str:
    """Return a number with its sign."""
    return f"{value:+.3f}".replace("-", "−")


def arithmetic_lines(made: "Arithmetic | None", shown: float) -> tuple[str, ...]:
    """Return the arithmetic of a number, line by line, with the real values.

    Args:
        made: The arithmetic; None if it is not known.
        shown: The number that the network has there.
    """
    if made is None:
        return (UNKNOWN, f"The network has {number(shown)} here.")
    lines = {
        "WeightedSum": _sum_lines,
        "Combination": _combination_lines,
        "PassedOn": _passed_lines,
        "Softmaxed": _softmax_lines,
    }[type(made).__name__](made)
    return (*lines, f"The network has {number(shown)} here.")


def _sum_lines(made: "object") -> tuple[str, ...]:
    from model.activations.arithmetic import WeightedSum

    if not isinstance(made, WeightedSum):
        return ()
    products = made.sum - made.bias
    total = f"products {number(products)} {_plus(made.bias)} (bias) = {number(made.sum)}"
    return (total, *_activation(made.activation, made.sum, made.value))


def _combination_lines(made: "object") -> tuple[str, ...]:
    from model.activations.arithmetic import Combination

    if not isinstance(made, Combination):
        return ()
    names = {"maximum": "largest", "minimum": "smallest", "mean": "mean"}
    numbers = ", ".join(number(each.product) for each in made.sources[:9])
    rest = " …" if len(made.sources) > 9 else ""
    if made.operation in names:
        line = f"{names[made.operation]} of {numbers}{rest} = {number(made.value)}"
    elif made.operation == "product":
        line = f"product of {numbers}{rest} = {number(made.value)}"
    else:
        terms = " + ".join(_term(each) for each in made.sources[:6])
        line = f"{terms}{rest} {_plus(made.bias)} = {number(made.value)}"
    return (line,)


def _term(source: "Source") -> str:
    if source.weight == 1.0:
        return number(source.value)
    return f"{number(source.value)} × {number(source.weight)}"


def _passed_lines(made: "object") -> tuple[str, ...]:
    from model.activations.arithmetic import PassedOn

    if not isinstance(made, PassedOn):
        return ()
    where = "from beyond the edge" if made.source.position is None else "passed on"
    if made.activation == "none":
        return (f"{number(made.source.product)}, {where}",)
    return _activation(made.activation, made.source.product, made.value)


def _softmax_lines(made: "object") -> tuple[str, ...]:
    from model.activations.arithmetic import Softmaxed

    if not isinstance(made, Softmaxed):
        return ()
    own, largest = made.sources[made.unit].value, max(each.value for each in made.sources)
    return (
        f"e^({number(own)} − {number(largest)}) = {made.powers[made.unit]:.4g}",
        f"{made.powers[made.unit]:.4g} of {sum(made.powers):.4g} in all = {number(made.value)}",
    )


def _plus(value: float) -> str:
    sign = "−" if value < 0 else "+"
    return f"{sign} {number(abs(value))}"


def _activation(name: str, before: float, after: float) -> tuple[str, ...]:
    if name == "none":
        return ()
    if name == "relu":
        kept = "stays" if before > 0 else "below zero becomes 0"
        return (f"ReLU: {number(before)} {kept} → {number(after)}",)
    return (f"{name}: {number(before)} → {number(after)}",)


def source_text(source: "Source", title: str) -> str:
    """Say what one input adds to a number."""
    where = "beyond the edge" if source.position is None else unit_name(title, source.position)
    factor = f"{number(source.value)} × {number(source.weight)} = {signed(source.product)}"
    return f"{where}: {factor}"


def vote_text(number_of_vote: int, label: str, confidence: str) -> str:
    """Return the name of an ensemble's member, and its own answer."""
    return f"Vote {number_of_vote}: {label} ({confidence})"
