"""The learnt head: held to the network's own, with every leave-one-out answer exact."""

import numpy as np
import pytest

from model.hand.head import decode_head, encode_head, learn_head
from model.hand.judging import Figures, Judgement, judge
from model.hand.looks import LOOK_SIZE
from model.hand.prototypes import PrototypeMaker
from model.hand.teachable_network import Seen, TeachableNetwork

CHOSEN = np.arange(0, 2000, 67)


def part(seen: Seen, chosen: np.ndarray) -> Seen:
    return Seen(seen.log_probabilities[chosen], seen.coordinates[chosen])


@pytest.fixture
def examples(network: TeachableNetwork) -> tuple[Seen, np.ndarray]:
    """Thirty digits of other people, every third of which is called a four."""
    classes = network.reference.labels[CHOSEN].copy()
    classes[::3] = 4
    return part(network.reference.digits, CHOSEN), classes


def test_each_leave_one_out_answer_is_that_of_a_head_without_it(
    network: TeachableNetwork, examples: tuple[Seen, np.ndarray]
):
    seen, classes = examples
    whole = learn_head(seen, classes, network.reference)
    for left_out in (0, 7, 29):
        others = np.delete(np.arange(len(classes)), left_out)
        head = learn_head(part(seen, others), classes[others], network.reference).head
        expected = head.shifts(seen.coordinates[[left_out]])[0]
        assert np.allclose(whole.shifts_without_itself[left_out], expected, atol=2e-3)


def test_what_is_known_already_changes_little(
    network: TeachableNetwork, examples: tuple[Seen, np.ndarray]
):
    seen, classes = examples
    known = learn_head(seen, network.reference.labels[CHOSEN], network.reference).head
    taught = learn_head(seen, classes, network.reference).head
    assert np.abs(known.weights).max() < 0.1 * np.abs(taught.weights).max()


def test_an_example_moves_the_answer_towards_it(
    network: TeachableNetwork, examples: tuple[Seen, np.ndarray]
):
    seen, classes = examples
    shifts = learn_head(seen, classes, network.reference).head.shifts(seen.coordinates)
    wrong = np.flatnonzero(network.reference.labels[CHOSEN] != classes)
    assert (shifts[wrong, 4] > 0).all()


def test_a_head_is_read_back_in_its_space_alone(
    network: TeachableNetwork, examples: tuple[Seen, np.ndarray]
):
    reference = network.reference
    head = learn_head(*examples, reference).head
    data = encode_head(head, reference)
    found = decode_head(data, reference, 10)
    assert found is not None
    assert np.array_equal(found.weights, head.weights)
    assert decode_head(None, reference, 10) is None
    assert decode_head(b"x" * len(data), reference, 10) is None
    assert decode_head(data[:-4], reference, 10) is None
    assert decode_head(data, reference, 3) is None


def test_wrong_labels_are_not_accepted(network: TeachableNetwork):
    """All labels wrong on purpose: own digits get no better, or other people's get worse."""
    random = np.random.default_rng(3)
    reference = network.reference
    chosen = random.permutation(2000)[:200]
    classes = (reference.labels[chosen] + random.integers(1, 10, 200)) % 10
    seen = part(reference.digits, chosen)
    maker = PrototypeMaker(reference, network.recognizer.metadata.verdicts)
    looks = np.zeros((200, LOOK_SIZE), np.float32)
    prototypes = maker.added(maker.empty, seen.directions, classes, np.arange(200), looks)
    judgement = judge(learn_head(seen, classes, reference), seen, classes, prototypes, reference)
    assert not judgement.is_accepted
    assert judgement.sentence().startswith("Not used: 200 of 200 own drawings would be wrong")


@pytest.mark.parametrize(
    ("before", "after", "others", "words"),
    [
        (3, 1, 5, "other people (before: 5)."),
        (3, 3, 5, "The answers to your own are surer."),
        (
            3,
            1,
            9,
            "It would cost other people's digits; a few more drawings of each class may help.",
        ),
        (3, 4, 5, "A few more drawings like those that are answered wrong may help."),
        (0, 1, 5, "Your own are answered right already; there is nothing to learn from them yet."),
    ],
)
def test_the_decision_says_what_to_do_next(before, after, others, words):
    judgement = Judgement(
        own_untaught=Figures(11, 4, 1.0, 0.01),
        own_before=Figures(11, before, 1.0, 0.01),
        own_after=Figures(11, after, 0.5, 0.01),
        others_untaught=Figures(2000, 5, 0.01, 0.003),
        others_after=Figures(2000, others, 0.01, 0.003),
    )
    assert judgement.sentence().endswith(words)
    assert "ept" not in judgement.sentence()  # what is kept is a drawing


def test_figures_count_what_is_wrong():
    answers = np.log(np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]], np.float32))
    figures = Figures.of(answers, np.array([0, 1, 1]))
    assert (figures.digits, figures.wrong) == (3, 1)
    assert figures.loss == pytest.approx(-(np.log(0.9) + np.log(0.8) + np.log(0.3)) / 3, rel=1e-5)
    assert Figures.of(np.empty((0, 2), np.float32), np.empty(0, np.int64)).digits == 0
