"""The network as it is trained: behind a wrapper that takes bytes and varies them.

The wrapper shares the network's weights. It is compiled and trained; the network is kept.
"""

import keras
import numpy as np
import numpy.typing as npt
from keras import layers, ops

from model.ink import INK_SIZE
from model.metadata import InputFormat, ModelMetadata
from model.protocol import LayerRow
from model.recipes import Recipe
from model.training.augmentation import AugmentationSwitch, augmentation_layers
from model.training.networks import ensemble_members
from model.training.optimizers import recipe_optimizer

FULL_PRECISION = "float32"

AUGMENTATION_SWITCH = "augmentation_switch"
"""Name of the layer that ends augmentation, in the wrapper of a recipe that asks for it."""

FULL_INK = 255
"""What full ink is in the data's bytes."""


def training_model(
    network: keras.Model,
    form: ModelMetadata,
    recipe: Recipe,
    *,
    steps: int,
    precision: str,
    is_compiled_by_xla: bool,
) -> keras.Model:
    """Wrap and compile a network for `fit`.

    Args:
        network: float32 (batch, 28, 28, 1) in [0, 1] to probabilities (batch, classes), unless
            `form` says something else.
        form: What the network is fed and what its outputs are.
        recipe: Optimizer, schedule, augmentation, smoothing.
        steps: Batches of the whole run.
        precision: Keras's dtype policy for all of the network but the layers that answer.
        is_compiled_by_xla: Whether XLA builds the step; JAX always does it.

    Returns:
        uint8 (batch, 28, 28) to probabilities (batch, classes); it fits float targets of that
        shape and reports `loss` and `accuracy`.
    """
    set_precision(network, precision)
    inputs = keras.Input((INK_SIZE, INK_SIZE), dtype="uint8", name="bytes")
    x = layers.Rescaling(1 / FULL_INK, dtype="float32")(inputs)
    x = layers.Reshape((INK_SIZE, INK_SIZE, 1), dtype="float32")(x)  # (batch, 28, 28, 1)
    varied = x
    for layer in augmentation_layers(recipe.augmentation, recipe.seed):
        varied = layer(varied)
    if recipe.augmented_epochs < recipe.epochs:
        varied = AugmentationSwitch(name=AUGMENTATION_SWITCH)((varied, x))
    fed = _fed(varied, form.input_format)
    members = [layer.output for layer in ensemble_members(network)]
    if members:
        outputs = MembersLearnAlone()(keras.Model(network.input, members)(fed))
    else:
        outputs = network(fed)  # (batch, classes)
    if form.output == "logits":
        outputs = layers.Softmax(dtype="float32")(outputs)
    model = keras.Model(inputs, outputs, name="training")
    model.compile(
        optimizer=recipe_optimizer(recipe, steps),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing),
        metrics=[ShareRight(name="accuracy")],
        jit_compile=is_compiled_by_xla,
    )
    return model


def set_precision(network: keras.Model, precision: str) -> None:
    """Have a network compute in a dtype policy, but answer in 32 bits, as its weights are."""
    answering = [network.layers[-1], *ensemble_members(network)]
    for layer in network.layers:
        if layer not in answering:
            layer.dtype_policy = precision


def seen_now(model: keras.Model, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return the probabilities (batch, classes) a wrapper gives to uint8 (batch, 28, 28)."""
    return np.asarray(model.predict_on_batch(images), np.float32)


def layer_rows(network: keras.Model) -> tuple[LayerRow, ...]:
    """Return a network's summary, a row a layer after its input, as Keras prints it."""
    return tuple(
        LayerRow(
            name=layer.name,
            kind=type(layer).__name__,
            output_shape=tuple(layer.output.shape),
            parameters=layer.count_params(),
        )
        for layer in network.layers
        if not isinstance(layer, layers.InputLayer)
    )


@keras.saving.register_keras_serializable("digitpad")
class MembersLearnAlone(layers.Layer):
    """Averages the members of an ensemble, and has each of them learn as if it were alone.

    Trained on the loss of their common answer, members come to rely on each other and differ less.
    The cross-entropy of the common answer and the disagreement added here, the negative logarithm
    of the sum of the geometric mean of the members' probabilities, make up the mean of the
    members' own cross-entropies, whatever the target.
    """

    def call(self, logits: list[keras.KerasTensor]) -> keras.KerasTensor:
        """Turn the members' logits, each (batch, classes), into probabilities of that shape."""
        each = ops.log_softmax(ops.stack(logits), axis=-1)  # (members, batch, classes)
        mean = ops.mean(each, axis=0)
        self.add_loss(-ops.mean(ops.logsumexp(mean, axis=-1)))
        return ops.softmax(mean, axis=-1)


@keras.saving.register_keras_serializable("digitpad")
class ShareRight(keras.metrics.Metric):
    """Share of images whose most probable class is the right one.

    Images without a class of their own, whose target is spread over all, do not count.
    """

    def __init__(self, name: str = "accuracy", **kwargs: object) -> None:
        super().__init__(name=name, **kwargs)
        self.right = self.add_weight(shape=(), initializer="zeros", name="right")
        self.counted = self.add_weight(shape=(), initializer="zeros", name="counted")

    def update_state(
        self, y_true: keras.KerasTensor, y_pred: keras.KerasTensor, sample_weight: object = None
    ) -> None:
        """Count a batch of targets and probabilities, both (batch, classes)."""
        counts = ops.cast(ops.max(y_true, axis=-1) > 0.5, "float32")  # (batch,)
        is_right = ops.argmax(y_true, axis=-1) == ops.argmax(y_pred, axis=-1)  # (batch,)
        self.right.assign_add(ops.sum(counts * ops.cast(is_right, "float32")))
        self.counted.assign_add(ops.sum(counts))

    def result(self) -> keras.KerasTensor:
        """Return the share in [0, 1]; 0 where nothing counts."""
        return ops.divide_no_nan(self.right, self.counted)


def _fed(x: keras.KerasTensor, form: InputFormat) -> keras.KerasTensor:
    """Bring ink (batch, 28, 28, 1) into the form that a network wants, like `model_input`."""
    if (form.paper, form.ink) != (0.0, 1.0):
        x = layers.Rescaling(form.ink - form.paper, form.paper, dtype="float32")(x)
    return x if form.shape == x.shape[1:] else layers.Reshape(form.shape, dtype="float32")(x)
