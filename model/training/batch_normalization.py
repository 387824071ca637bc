"""Batch normalisation in one operation of TensorFlow, where Keras takes some twenty.

Keras 3 computes mean, variance and output of a `BatchNormalization` by separate operations, and so
are their gradients. On a CPU they took as long as a network's convolutions.
"""

import keras
from keras import layers
from typing_extensions import override

LEAST_EPSILON = 1.001e-5
"""The least epsilon of the operation."""


def with_fused_normalization(network: keras.Model) -> keras.Model:
    """Return a network with the same layers and weights that normalises faster while it trains.

    Args:
        network: Its own graph, which is saved, stays as it is.

    Returns:
        The network itself where it has nothing to be fused, or the backend is not TensorFlow.
    """
    fused = {layer: FusedNormalization(layer) for layer in network.layers if _can_be_fused(layer)}
    if not fused:
        return network

    def call(layer: keras.Layer, images: keras.KerasTensor, **others: object) -> keras.KerasTensor:
        # The other argument is a mask, which images do not have.
        return fused[layer](images) if layer in fused else layer(images, **others)

    return keras.models.clone_model(network, clone_function=lambda layer: layer, call_function=call)


def _can_be_fused(layer: keras.Layer) -> bool:
    """Whether a layer normalises images over their last axis, in the usual way."""
    return (
        keras.config.backend() == "tensorflow"
        and type(layer) is layers.BatchNormalization
        and layer.trainable
        and len(layer.input.shape) == 4
        and layer.axis in (-1, 3)
        and layer.scale
        and layer.center
        and layer.epsilon >= LEAST_EPSILON
        and not (layer.synchronized or layer.renorm)
    )


@keras.saving.register_keras_serializable("digitpad")
class FusedNormalization(layers.Layer):
    """Does what a `BatchNormalization` does, with its weights."""

    def __init__(self, normalization: layers.BatchNormalization) -> None:
        super().__init__(dtype=normalization.dtype_policy)
        self.normalization = normalization

    def call(self, images: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Normalise (batch, height, width, channels)."""
        layer = self.normalization
        if not training:
            return layer(images)
        import tensorflow as tf

        output, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=images,
            scale=layer.gamma.value,
            offset=layer.beta.value,
            mean=[],
            variance=[],
            epsilon=layer.epsilon,
            is_training=True,
        )
        count = tf.cast(tf.size(images) / tf.shape(images)[-1], "float32")
        _average(layer.moving_mean, mean, layer.momentum)
        # The operation divides by one less than the count, Keras by the count.
        _average(layer.moving_variance, variance * (count - 1) / count, layer.momentum)
        return output

    @override
    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape


def _average(moving: keras.Variable, value: keras.KerasTensor, momentum: float) -> None:
    moving.assign(moving * momentum + value * (1 - momentum))
