"""Prototypes: what is like an own example, and no further than it does no harm."""

import numpy as np
import pytest

from model.hand.looks import LOOK_SIZE
from model.hand.prototypes import PrototypeMaker, Prototypes
from model.hand.teachable_network import Seen, TeachableNetwork


@pytest.fixture(scope="session")
def maker(network: TeachableNetwork) -> PrototypeMaker:
    return PrototypeMaker(network.reference, network.recognizer.metadata.verdicts)


def taught(maker: PrototypeMaker, directions: np.ndarray, labels: list[int]) -> Prototypes:
    classes, ids = np.array(labels, np.int64), np.arange(len(labels))
    return maker.added(maker.empty, directions, classes, ids, all_alike(len(labels)))


def all_alike(count: int) -> np.ndarray:
    """Return looks of drawings that all look the same."""
    return np.full((count, LOOK_SIZE), LOOK_SIZE**-0.5, np.float32)


def bonuses(prototypes: Prototypes, directions: np.ndarray) -> np.ndarray:
    return prototypes.bonuses(prototypes.cosines(directions), 10)


def answers(seen: Seen, prototypes: Prototypes) -> np.ndarray:
    return (seen.log_probabilities + bonuses(prototypes, seen.directions)).argmax(axis=1)


def test_an_example_counts_for_its_class_alone(maker: PrototypeMaker, network: TeachableNetwork):
    own = network.reference.digits.directions[:1]
    one = taught(maker, own, [3])
    (found,) = bonuses(one, own)
    assert found[3] == pytest.approx(one.whole_bonus, rel=1e-3)
    assert (np.delete(found, 3) == 0).all()
    assert (bonuses(one, -own) == 0).all()


def test_what_was_said_last_of_the_same_drawing_counts(
    maker: PrototypeMaker, network: TeachableNetwork
):
    same = network.reference.digits.directions[[5]]
    one = taught(maker, same, [1])
    later = maker.added(one, same, np.array([7]), np.array([2]), all_alike(1))
    assert later.classes.tolist() == [7]
    unlike = maker.added(one, same, np.array([7]), np.array([2]), -all_alike(1))
    assert unlike.classes.tolist() == [1, 7]
    together = taught(maker, np.repeat(same, 3, axis=0), [1, 7, 1])
    assert together.ids.tolist() == [2]
    assert len(taught(maker, np.repeat(same, 2, axis=0), [1, 1])) == 2


@pytest.mark.parametrize("kind", ["permuted", "one class", "random directions", "non-digits"])
@pytest.mark.parametrize("count", [10, 100, 1000])
def test_no_teaching_turns_another_persons_answer(
    maker: PrototypeMaker, network: TeachableNetwork, kind: str, count: int
):
    """Also 1,000 corrections of one class, and all labels wrong on purpose."""
    random = np.random.default_rng(count)
    reference = network.reference
    chosen = random.integers(0, len(reference.digits), count)
    directions = reference.digits.directions[chosen]
    labels = (reference.labels[chosen] + random.integers(1, 10, count)) % 10
    if kind == "one class":
        labels = np.full(count, 4)
    elif kind == "random directions":
        directions = random.normal(size=directions.shape)
    elif kind == "non-digits":
        directions = reference.non_digits.directions[chosen % len(reference.non_digits)]
    # Never the very same drawing as another person's.
    directions = (directions + random.normal(0, 0.02, directions.shape)).astype(np.float32)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    prototypes = taught(maker, directions, labels.tolist())
    was_right = reference.digits.log_probabilities.argmax(axis=1) == reference.labels
    is_right = answers(reference.digits, prototypes) == reference.labels
    assert (was_right & ~is_right).sum() == 0


def test_an_example_is_forgotten_without_a_trace(maker: PrototypeMaker, network: TeachableNetwork):
    directions = network.reference.digits.directions
    few = taught(maker, directions[:3], [1, 2, 3])
    more = maker.added(few, directions[3:5], np.array([4, 5]), np.array([8, 9]), all_alike(2))
    assert np.array_equal(bonuses(more.without([8, 9]), directions), bonuses(few, directions))


def test_left_out_an_example_does_not_help_itself(maker: PrototypeMaker, network: TeachableNetwork):
    apart = network.reference.digits.directions[[0, 500, 900]]
    alone = taught(maker, apart, [0, 2, 4]).bonuses_without_itself(10)
    assert alone[0, 0] == alone[1, 2] == alone[2, 4] == 0


def test_many_examples_have_to_be_nearer_than_few(maker: PrototypeMaker, network: TeachableNetwork):
    chosen = np.arange(0, 2000, 25)
    reference = network.reference
    labels = reference.labels[chosen]
    many = taught(maker, reference.digits.directions[chosen], labels.tolist())
    few = taught(maker, reference.digits.directions[chosen[:8]], labels[:8].tolist())
    assert (many.thresholds[:8] >= few.thresholds).all()
    assert many.thresholds.min() > few.thresholds.min()
