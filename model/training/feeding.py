"""How Keras is fed with batches: without the waits that TensorFlow's own feeding has.

Given arrays, `fit` and `predict` make a `tf.data` pipeline that tunes itself in a thread of its
own. That thread sleeps for longer and longer, and the end of a pipeline waits until it wakes:
between two epochs of twenty seconds a run was seen to stand still for eighteen. There is nothing
here to tune.
"""

from typing import Any

import keras

from model.training.split import Part


def training_feed(learned: Part, held_out: Part, batch_size: int, held_out_batch: int) -> Any:
    """Return what to give to `fit`: both parts, as keyword arguments.

    Args:
        learned: Shuffled anew each epoch, by Keras's random seed.
        held_out: Measured after each epoch; may be empty.
        batch_size: Images a step.
        held_out_batch: Images measured at once.
    """
    if keras.config.backend() == "tensorflow":
        return {
            "x": _pipeline(learned, batch_size, is_shuffled=True),
            "shuffle": False,
            "validation_data": _pipeline(held_out, held_out_batch) if len(held_out) else None,
        }
    return {
        "x": learned.images,
        "y": learned.targets,
        "batch_size": batch_size,
        "validation_data": (held_out.images, held_out.targets) if len(held_out) else None,
        "validation_batch_size": held_out_batch,
    }


def measuring_feed(part: Part, batch_size: int) -> Any:
    """Return what to give to `predict`, as keyword arguments."""
    if keras.config.backend() == "tensorflow":
        return {"x": _pipeline(part, batch_size)}
    return {"x": part.images, "batch_size": batch_size}


def _pipeline(part: Part, batch_size: int, *, is_shuffled: bool = False) -> Any:
    """Return a `tf.data.Dataset` of batches: uint8 images and float32 targets."""
    import tensorflow as tf

    # On a GPU the whole part would take memory that the network can use.
    with tf.device("cpu"):
        images, targets = tf.constant(part.images), tf.constant(part.targets)
    order = tf.data.Dataset.range(len(part))
    if is_shuffled:
        order = order.shuffle(len(part))
    batches = order.batch(batch_size).map(
        lambda rows: (tf.gather(images, rows), tf.gather(targets, rows))
    )
    options = tf.data.Options()
    options.autotune.enabled = False
    # Each of several GPUs takes its share of every batch.
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.DATA
    return batches.prefetch(2).with_options(options)
