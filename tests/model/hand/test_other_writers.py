"""The picture of other people's digits."""

from model.hand.other_writers import FILE, read_other_writers
from model.hand.teachable_network import TeachableNetwork


def test_other_writers_are_as_many_as_said():
    others = read_other_writers()
    assert others.digits.shape == (2000, 28, 28)
    assert others.non_digits.shape == (400, 28, 28)
    assert others.digits.min() == 0
    assert others.digits.max() == 1
    assert (others.digits.reshape(2000, -1).sum(axis=1) > 10).all()
    assert FILE.stat().st_size < 1_000_000


def test_labels_and_images_lie_in_the_same_order(network: TeachableNetwork):
    reference = network.reference
    answers = reference.digits.log_probabilities.argmax(axis=1)
    assert (answers == reference.labels).mean() > 0.99
