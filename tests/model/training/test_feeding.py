"""What Keras is fed with: every image once an epoch, in another order each time."""

import numpy as np
import pytest

from model.training.split import Split

keras = pytest.importorskip("keras")

from model.training.feeding import prediction_feed, training_feed  # noqa: E402  # Keras is there

needs_tensorflow = pytest.mark.skipif(
    keras.config.backend() != "tensorflow", reason="only TensorFlow is fed with a pipeline"
)


def numbered(count: int) -> Split:
    """Return images whose every byte is their number, and targets that repeat it."""
    numbers = np.arange(count, dtype=np.uint8)
    images = np.broadcast_to(numbers[:, np.newaxis, np.newaxis], (count, 28, 28)).copy()
    return Split(images, np.repeat(numbers[:, np.newaxis], 3, axis=1).astype(np.float32))


@needs_tensorflow
def test_an_epoch_shows_every_image_once_and_the_next_in_another_order() -> None:
    feed = training_feed(numbered(50), numbered(0), 8, 16)
    epochs = []
    for _epoch in range(2):
        batches = [(images.numpy(), targets.numpy()) for images, targets in feed["x"]]
        assert [len(images) for images, _targets in batches] == [8] * 6 + [2]
        shown = np.concatenate([images[:, 0, 0] for images, _targets in batches])
        aimed = np.concatenate([targets[:, 0] for _images, targets in batches])
        np.testing.assert_array_equal(shown, aimed)
        assert sorted(shown) == list(range(50))
        epochs.append(shown.tolist())
    assert epochs[0] != epochs[1]
    assert feed["validation_data"] is None


@needs_tensorflow
def test_what_is_measured_keeps_its_order() -> None:
    feed = training_feed(numbered(9), numbered(20), 8, 16)
    for pipeline in (feed["validation_data"], prediction_feed(numbered(20), 16)["x"]):
        shown = [images.numpy()[:, 0, 0] for images, _targets in pipeline]
        np.testing.assert_array_equal(np.concatenate(shown), np.arange(20))


@needs_tensorflow
def test_no_pipeline_tunes_itself() -> None:
    feed = training_feed(numbered(9), numbered(20), 8, 16)
    for pipeline in (feed["x"], feed["validation_data"]):
        assert pipeline.options().autotune.enabled is False
