"""The gain of a hand for its writer, and its cost for other people.

    python benchmarks/hand.py [--split train|test] [--strokes FILE.jsonl] [--data FOLDER] [--json]

A writer's first n examples of each class are taught, as corrections are, and learnt from where that
is accepted; the rest is tested, and so are MNIST's test images and the other writers' drawings.
Then ten hands are taught wrongly on purpose: labels permuted, one class for all, random strokes.
Last, one correction with 2,000 kept drawings is timed from the drawing to the new answer.

Parameters are chosen with `--split train`, and with a network that has not learned from these
writers (`--model`, made by `benchmarks/unseen_source.py`); `--split test` is for reporting.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.data.datasets import load_dataset
from model.data.labelled_strokes import LabelledDrawing, parse_drawings
from model.data.published_data import PEN_DIGITS, locate
from model.database.database import Database
from model.database.hands import Hands, KeptDrawing
from model.errors import DigitpadError
from model.hand.feature_space import Array
from model.hand.hand import LEAST_DRAWINGS, Hand
from model.hand.head import Head, learn_head
from model.hand.judging import judge, taught_answers
from model.hand.looks import looks_of
from model.hand.prototypes import PrototypeMaker, Prototypes
from model.hand.teachable_network import Seen, TeachableNetwork
from model.ink import ink_from_strokes

TAUGHT = (1, 3, 5)
ADVERSARIES = 10
ADVERSARY_DRAWINGS = 100
KEPT_DRAWINGS = 2_000
CORRECTIONS = 200

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Digits:
    """The features of drawings, and their labels.

    Attributes:
        seen: The network's features and answers for them.
        labels: int64 (digits,).
        looks: float32 (digits, 196), of `model.hand.looks`.
    """

    seen: Seen
    labels: Labels
    looks: Array

    @classmethod
    def of(cls, network: TeachableNetwork, inks: Array, labels: Labels) -> "Digits":
        """Show ink images, float32 (digits, 28, 28), to a network."""
        return cls(network.see(inks), labels, looks_of(inks))

    def part(self, chosen: npt.NDArray[np.generic]) -> "Digits":
        """Return some of them."""
        seen = Seen(self.seen.log_probabilities[chosen], self.seen.coordinates[chosen])
        return Digits(seen, self.labels[chosen], self.looks[chosen])

    def wrong(self, prototypes: Prototypes | None = None, head: Head | None = None) -> int:
        """Return how many are wrong, by the network alone or with a hand."""
        answers = self.seen.log_probabilities
        if prototypes is not None:
            answers = taught_answers(self.seen, prototypes, head)
        return int((answers.argmax(axis=1) != self.labels).sum())


class Teacher:
    """Teaches one network hand after hand."""

    def __init__(self, network: TeachableNetwork) -> None:
        self._reference = network.reference
        self._maker = PrototypeMaker(network.reference, network.recognizer.metadata.verdicts)

    def taught(self, digits: Digits) -> tuple[Prototypes, Head | None]:
        """Return the prototypes of digits, and a head where one is accepted."""
        ids = np.arange(len(digits.labels))
        prototypes = self._maker.added(
            self._maker.empty, digits.seen.directions, digits.labels, ids, digits.looks
        )
        kept = digits.part(prototypes.ids)
        if len(kept.labels) < LEAST_DRAWINGS:
            return prototypes, None
        learnt = learn_head(kept.seen, kept.labels, self._reference)
        judgement = judge(learnt, kept.seen, kept.labels, prototypes, self._reference)
        return prototypes, learnt.head if judgement.is_accepted else None


def drawn(network: TeachableNetwork, drawings: Sequence[LabelledDrawing]) -> Digits:
    """Draw strokes and compute their features."""
    inks = np.stack([ink_from_strokes(row.strokes) for row in drawings])
    return Digits.of(network, inks, np.array([int(row.label) for row in drawings], np.int64))


def first_of_each_class(labels: Labels, count: int) -> npt.NDArray[np.bool_]:
    """Say which are the first `count` of their class: bool (digits,)."""
    is_first = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        is_first[np.flatnonzero(labels == label)[:count]] = True
    return is_first


def by_writer(
    pens: Digits, writers: npt.NDArray[np.str_], mnist: Digits, teacher: Teacher, count: int
) -> Iterator[dict[str, object]]:
    """Teach each writer's hand; yield what it changes for each writer."""
    mnist_wrong = mnist.wrong()
    for writer in np.unique(writers):
        own, others = pens.part(writers == writer), pens.part(writers != writer)
        is_taught = first_of_each_class(own.labels, count)
        hand = teacher.taught(own.part(is_taught))
        rest = own.part(~is_taught)
        yield {
            "writer": str(writer),
            "tested": len(rest.labels),
            "wrong_before": rest.wrong(),
            "wrong_after": rest.wrong(*hand),
            "has_head": hand[1] is not None,
            "mnist_more": mnist.wrong(*hand) - mnist_wrong,
            "others_more": others.wrong(*hand) - others.wrong(),
            "others": len(others.labels),
        }


def summary(rows: Sequence[dict[str, object]], count: int, mnist: int) -> dict[str, object]:
    """Add up what the hands of all writers change."""
    before, after = (sum(int(row[key]) for row in rows) for key in ("wrong_before", "wrong_after"))
    lost = [int(row["wrong_after"]) - int(row["wrong_before"]) for row in rows]
    others = [100 * int(row["others_more"]) / max(1, int(row["others"])) for row in rows]
    more = [100 * int(row["mnist_more"]) / mnist for row in rows]
    return {
        "examples": count,
        "writers": len(rows),
        "tested": sum(int(row["tested"]) for row in rows),
        "wrong_before": before,
        "wrong_after": after,
        "fewer": (before - after) / max(1, before),
        "most_lost_by_a_writer": max(lost),
        "heads_accepted": sum(bool(row["has_head"]) for row in rows),
        "mnist_points_lost": float(np.mean(more)),
        "mnist_points_lost_at_most": max(more),
        "others_points_lost": float(np.mean(others)),
        "others_points_lost_at_most": max(others),
    }


def adversaries(
    network: TeachableNetwork, pens: Digits, mnist: Digits, teacher: Teacher
) -> Iterator[dict[str, object]]:
    """Teach wrongly on purpose; yield the points of MNIST's test images that it costs."""
    wrong = mnist.wrong()
    for number in range(ADVERSARIES):
        random = np.random.default_rng(number)
        chosen = random.permutation(len(pens.labels))[:ADVERSARY_DRAWINGS]
        digits = pens.part(chosen)
        kind = ("labels permuted", "one class for all", "random strokes")[number % 3]
        if kind == "labels permuted":
            digits = replace(digits, labels=random.permutation(10)[digits.labels])
        elif kind == "one class for all":
            digits = replace(digits, labels=np.full(len(chosen), number % 10))
        else:
            inks = [ink_from_strokes([random.uniform(0, 1, (12, 2))]) for _ in chosen]
            digits = Digits.of(network, np.stack(inks), random.integers(0, 10, len(chosen)))
        prototypes, head = teacher.taught(digits)
        yield {
            "hand": kind,
            "head_accepted": head is not None,
            "mnist_points_lost": 100 * (mnist.wrong(prototypes, head) - wrong) / len(mnist.labels),
        }


def correction_ms(
    network: TeachableNetwork, drawings: Sequence[LabelledDrawing]
) -> dict[str, float]:
    """Time a correction with many drawings kept: write it, teach it, and answer again."""
    kept = [
        KeptDrawing(label=str(row.label), strokes=tuple(tuple(stroke) for stroke in row.strokes))
        for row in (list(drawings) * KEPT_DRAWINGS)[: KEPT_DRAWINGS + CORRECTIONS]
    ]
    taken, working = [], []
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "hand") as database:
        hand = Hand(Hands(database), "hand", network)
        hand.keep(kept[:KEPT_DRAWINGS])
        for drawing in kept[KEPT_DRAWINGS:]:
            ink = ink_from_strokes(drawing.strokes)
            hand.recognizer.recognize(ink)  # the answer that is corrected
            began, worked = time.perf_counter(), time.process_time()
            hand.keep([drawing])
            hand.recognizer.recognize(ink)
            taken.append(time.perf_counter() - began)
            working.append(time.process_time() - worked)
    return {
        "correction_ms": 1e3 * float(np.median(taken)),
        "correction_p95_ms": 1e3 * float(np.percentile(taken, 95)),
        "correction_cpu_ms": 1e3 * float(np.median(working)),
    }


def measure(
    network: TeachableNetwork, drawings: Sequence[LabelledDrawing], folder: Path | None
) -> dict[str, object]:
    """Measure everything."""
    teacher = Teacher(network)
    data = load_dataset("mnist", folder=folder)
    if data.test_images is None or data.test_labels is None:
        raise DigitpadError("MNIST has no test split.")
    mnist = Digits.of(network, (data.test_images / 255).astype(np.float32), data.test_labels)
    pens = drawn(network, drawings)
    writers = np.array([row.writer for row in drawings])
    return {
        "mnist": len(mnist.labels),
        "mnist_wrong": mnist.wrong(),
        "taught": [
            summary([*by_writer(pens, writers, mnist, teacher, n)], n, len(mnist.labels))
            for n in TAUGHT
        ],
        "adversaries": [*adversaries(network, pens, mnist, teacher)],
        **correction_ms(network, drawings),
    }


def as_lines(figures: dict) -> Iterator[str]:
    """Print the figures, a line each."""
    for row in figures["taught"]:
        yield (
            f"{row['examples']} of each class: {row['wrong_before']} of {row['tested']:,} wrong,"
            f" then {row['wrong_after']} ({row['fewer']:.0%} fewer; a writer loses"
            f" {row['most_lost_by_a_writer']} at most; {row['heads_accepted']} of"
            f" {row['writers']} heads accepted)"
        )
        yield (
            f"  points lost, mean and most: MNIST {row['mnist_points_lost']:.3f},"
            f" {row['mnist_points_lost_at_most']:.2f}; other writers"
            f" {row['others_points_lost']:.3f}, {row['others_points_lost_at_most']:.2f}"
        )
    for row in figures["adversaries"]:
        head = "head accepted" if row["head_accepted"] else "head declined"
        yield f"{row['hand']}: MNIST loses {row['mnist_points_lost']:.2f} points, {head}"
    yield (
        f"correction to new answer with {KEPT_DRAWINGS:,} drawings:"
        f" {figures['correction_ms']:.1f} ms, 95 % within {figures['correction_p95_ms']:.1f} ms,"
        f" {figures['correction_cpu_ms']:.1f} ms of them computing"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--split", choices=("train", "test"), default="train")
    parser.add_argument("--strokes", type=Path, help='other drawings, rows with "writer"')
    parser.add_argument("--model", type=Path, help="a converted network, .tflite")
    parser.add_argument("--data", type=Path, help="folder to search first for the data sets")
    parser.add_argument("--json", action="store_true", help="print numbers, not sentences")
    arguments = parser.parse_args()
    try:
        path = arguments.strokes
        if path is None:
            path = locate(PEN_DIGITS, arguments.data, None) / f"{arguments.split}.jsonl.gz"
        drawings = [
            row for row in parse_drawings(path.read_bytes(), name=path.name) if not row.suspect
        ]
        network = (
            TeachableNetwork.from_files(arguments.model)
            if arguments.model
            else TeachableNetwork.bundled()
        )
        figures = measure(network, drawings, arguments.data)
    except (DigitpadError, OSError) as error:
        sys.exit(str(error))
    print(json.dumps(figures) if arguments.json else "\n".join(as_lines(figures)))


if __name__ == "__main__":
    main()
