"""The model that `fit` trains: a wrapper that takes bytes, augments them and asks the network.

The wrapper shares the network's weights. The wrapper is compiled and trained; the network is saved.
"""

import keras
import numpy as np
import numpy.typing as npt
from keras import layers, ops

from model.ink import INK_SIZE
from model.metadata import InputFormat, ModelMetadata
from model.recipes import Recipe
from model.run_events import LayerRow
from model.training.augmentation import AugmentationSwitch, augmentation_layers
from model.training.batch_normalization import with_fused_normalization
from model.training.networks import ensemble_members
from model.training.optimizers import recipe_optimizer

FULL_PRECISION = "float32"

AUGMENTATION_SWITCH = "augmentation_switch"
"""Name of the layer that switches augmentation off, in the wrapper of a recipe that asks for it."""

FULL_INK = 255
"""Full ink in the data, as a byte."""


def training_model(
    network: keras.Model,
    metadata: ModelMetadata,
    recipe: Recipe,
    *,
    steps: int,
    precision: str,
    jit_compile: bool,
) -> keras.Model:
    """Wrap and compile a network for `fit`.

    Args:
        network: float32 (batch, 28, 28, 1) in [0, 1] to probabilities (batch, classes), unless
            `metadata` says something else.
        metadata: What the network takes and what its outputs are.
        recipe: Optimizer, schedule, augmentation, smoothing.
        steps: Batches of the whole run.
        precision: Keras's dtype policy of the network, except for the layers that answer.
        jit_compile: Whether XLA compiles the training step; JAX always does.

    Returns:
        uint8 (batch, 28, 28) to probabilities (batch, classes); it fits float targets of that
        shape and reports `loss` and `accuracy`.
    """
    set_precision(network, precision)
    inputs = keras.Input((INK_SIZE, INK_SIZE), dtype="uint8", name="bytes")
    x = layers.Rescaling(1 / FULL_INK, dtype="float32")(inputs)
    x = layers.Reshape((INK_SIZE, INK_SIZE, 1), dtype="float32")(x)  # (batch, 28, 28, 1)
    augmented = x
    for layer in augmentation_layers(recipe.augmentation, recipe.seed):
        augmented = layer(augmented)
    if recipe.augmented_epochs < recipe.epochs:
        augmented = AugmentationSwitch(name=AUGMENTATION_SWITCH)((augmented, x))
    inks = _model_input(augmented, metadata.input_format)
    members = [layer.output for layer in ensemble_members(network)]
    answering = keras.Model(network.input, members) if members else network
    outputs = with_fused_normalization(answering)(inks)  # (batch, classes)
    if members:
        outputs = IndependentEnsemble()(outputs)
    if metadata.output == "logits":
        outputs = layers.Softmax(dtype="float32")(outputs)
    model = keras.Model(inputs, outputs, name="training")
    model.compile(
        optimizer=recipe_optimizer(recipe, steps),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing),
        metrics=[ClassAccuracy(name="accuracy")],
        jit_compile=jit_compile,
    )
    return model


def set_precision(network: keras.Model, precision: str) -> None:
    """Set the dtype policy of a network, except for the layers that answer, which keep 32 bits."""
    answering = [network.layers[-1], *ensemble_members(network)]
    for layer in network.layers:
        if layer not in answering:
            layer.dtype_policy = precision


def predict(model: keras.Model, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return a wrapper's probabilities (batch, classes) for images uint8 (batch, 28, 28)."""
    return np.asarray(model.predict_on_batch(images), np.float32)


def layer_rows(network: keras.Model) -> tuple[LayerRow, ...]:
    """Return one row per layer after the input, as Keras's own summary has them."""
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
class IndependentEnsemble(layers.Layer):
    """Averages the members of an ensemble, and makes each learn by its own cross-entropy.

    Members that are trained on the loss of their average come to rely on each other and differ
    less. The loss added here is the negative logarithm of the sum of the geometric mean of the
    members' probabilities. It and the cross-entropy of the average add up to the mean of the
    members' own cross-entropies, whatever the target.
    """

    def call(self, logits: list[keras.KerasTensor]) -> keras.KerasTensor:
        """Turn the members' logits, each (batch, classes), into probabilities of that shape."""
        each = ops.log_softmax(ops.stack(logits), axis=-1)  # (members, batch, classes)
        mean = ops.mean(each, axis=0)
        self.add_loss(-ops.mean(ops.logsumexp(mean, axis=-1)))
        return ops.softmax(mean, axis=-1)


@keras.saving.register_keras_serializable("digitpad")
class ClassAccuracy(keras.metrics.Metric):
    """Fraction of images whose most probable class is right.

    Images of no class, whose target is spread over all classes, do not count.
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
        """Return the fraction, in [0, 1]; 0 if nothing counts."""
        return ops.divide_no_nan(self.right, self.counted)


def _model_input(x: keras.KerasTensor, wanted: InputFormat) -> keras.KerasTensor:
    """Convert ink (batch, 28, 28, 1) to a network's input, as `model.recognizer.model_input`."""
    if (wanted.paper, wanted.ink) != (0.0, 1.0):
        x = layers.Rescaling(wanted.ink - wanted.paper, wanted.paper, dtype="float32")(x)
    return x if wanted.shape == x.shape[1:] else layers.Reshape(wanted.shape, dtype="float32")(x)
