"""Feeding Keras with batches, without the waits of TensorFlow's own feeding.

From arrays, `fit` and `predict` make a `tf.data` pipeline that tunes itself in a thread. The
thread sleeps longer and longer, and the end of a pipeline waits until it wakes: between two epochs
of twenty seconds, runs stood still for up to eighteen. The pipelines here do not tune themselves.
"""

from typing import Any

import keras

from model.training.split import Split


def training_feed(train: Split, validation: Split, batch_size: int, validation_batch: int) -> Any:
    """Return both splits as keyword arguments of `fit`.

    Args:
        train: Shuffled in each epoch, by Keras's random seed.
        validation: Evaluated after each epoch; may be empty.
        batch_size: Images in a training step.
        validation_batch: Images in an evaluation step.
    """
    if keras.config.backend() == "tensorflow":
        return {
            "x": _pipeline(train, batch_size, is_shuffled=True),
            "shuffle": False,
            "validation_data": _pipeline(validation, validation_batch) if len(validation) else None,
        }
    return {
        "x": train.images,
        "y": train.targets,
        "batch_size": batch_size,
        "validation_data": (validation.images, validation.targets) if len(validation) else None,
        "validation_batch_size": validation_batch,
    }


def prediction_feed(split: Split, batch_size: int) -> Any:
    """Return a split's images as keyword arguments of `predict`."""
    if keras.config.backend() == "tensorflow":
        return {"x": _pipeline(split, batch_size)}
    return {"x": split.images, "batch_size": batch_size}


def _pipeline(split: Split, batch_size: int, *, is_shuffled: bool = False) -> Any:
    """Return a `tf.data.Dataset` of batches: uint8 images and float32 targets."""
    import tensorflow as tf

    # On a GPU the images would take memory that the network can use.
    with tf.device("cpu"):
        images, targets = tf.constant(split.images), tf.constant(split.targets)
    order = tf.data.Dataset.range(len(split))
    if is_shuffled:
        order = order.shuffle(len(split))
    batches = order.batch(batch_size).map(
        lambda rows: (tf.gather(images, rows), tf.gather(targets, rows))
    )
    options = tf.data.Options()
    options.autotune.enabled = False
    # With several GPUs, each gets its part of every batch.
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA
    return batches.prefetch(2).with_options(options)
