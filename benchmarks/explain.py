"""The quality of explanations: the order of the pieces, and whether flips are found.

    python benchmarks/explain.py --data FOLDER [--split train|test] [--digits N] [--searched N]

FOLDER holds the pen digits. With `--split train`, which is for choosing, digits of the last eight
training writers are explained; with `--split test`, which is for reporting, digits of the test
split's writers. Only digits that are recognised rightly count.

Order: pieces are put in (insertion) and taken away (deletion) by falling weight for their ink; the
area under the probability of the answer over the fraction of ink, insertion less deletion, grows
with the quality of the order. Beside it, on the same pieces: a random order, the longest first, the
window's occlusion map summed over each piece, each piece left out alone, and the best of all
orders, found by dynamic programming over all subsets of some of the digits.

Randomisation (Adebayo and others, "Sanity checks for saliency maps", 2018): the network's kernels
are randomised layer by layer, the last first; the rank correlation of the pieces' weights with the
true ones must vanish.

Flips: how many digits have a short stroke that makes them another digit when it is added, or a part
that does when it is left out, each confirmed by the recogniser, and how long it is.
"""

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from occlusion_map import PATCHES, occlusion_map

from model.converted_model import ConvertedModel, read_converted_model
from model.data.labelled_strokes import LabelledDrawing, parse_drawings
from model.explain.explanation import Explanation, explain
from model.explain.piece_weights import piece_weights
from model.explain.pieces import InkedPieces
from model.explain.questions import THREADS, Questions, answers_to, questions
from model.ink import INK_SIZE, ink_steps
from model.recognizer import BUNDLED_MODEL, Recognizer

HELD_OUT_WRITERS = 8
SEED = 16
RANDOM_ORDERS = 20
ANSWERS_TIMED = 20
MOST_SEARCHED_PIECES = 12

Order = np.ndarray
"""Numbers of pieces, the most important first."""


def chosen_digits(folder: Path, split: str, count: int) -> list[LabelledDrawing]:
    """Return digits of writers that are kept for choosing, or of the test split's."""
    name = f"{split}.jsonl.gz"
    rows = parse_drawings((folder / name).read_bytes(), name=name)
    if split == "train":
        writers = sorted({row.writer for row in rows})[-HELD_OUT_WRITERS:]
        rows = [row for row in rows if row.writer in writers and not row.suspect]
    order = np.random.default_rng(SEED).permutation(len(rows))[:count]
    return [rows[number] for number in order]


class Pieces:
    """One digit's pieces, and the probability of its answer for any subset of them."""

    def __init__(self, recognizer: Recognizer, row: LabelledDrawing) -> None:
        self.recognizer = recognizer
        self.steps = ink_steps(row.strokes)
        self.asked: Questions = questions(row.strokes, self.steps)
        self.inked: InkedPieces = self.asked.inked
        self.inks = self.inked.inks.sum(axis=(1, 2))
        self.answer = recognizer.recognize(self.steps.ink)

    def __len__(self) -> int:
        return len(self.inked.pieces)

    def probabilities(self, kept: np.ndarray) -> np.ndarray:
        """Return float (subsets, classes) for bool (subsets, pieces)."""
        answers = answers_to(self.recognizer, self.inked.ink_of(kept))
        return np.stack([each.probabilities for each in answers])

    def area(self, order: Order) -> float:
        """Return insertion less deletion for an order, in [-1, 1]."""
        steps = np.arange(len(self) + 1)[:, np.newaxis]
        ranks = np.argsort(order)
        put_in = ranks < steps  # (steps, pieces)
        probabilities = self.probabilities(np.concatenate([put_in, ~put_in]))[:, self.answer.digit]
        fraction = np.concatenate([[0.0], np.cumsum(self.inks[order])]) / self.inks.sum()
        inserted, deleted = np.split(probabilities, 2)
        return float(np.trapezoid(inserted, fraction) - np.trapezoid(deleted, fraction))

    def weights(self, recognizer: Recognizer) -> np.ndarray:
        """Return the pieces' weights for this digit's answer, as a network has them."""
        answers = answers_to(recognizer, self.inked.ink_of(self.asked.kept))
        probabilities = np.stack([each.probabilities for each in answers])
        against = self.answer.runner_up
        return piece_weights(
            probabilities, self.asked.kept, answer=self.answer.digit, against=against
        )


def orders(pieces: Pieces) -> dict[str, Order]:
    """Return the pieces' order by each way of explaining."""
    alone = ~np.eye(len(pieces), dtype=bool)
    probabilities = pieces.probabilities(alone)
    logs = np.log(np.maximum(probabilities, 1e-30))
    falls = logs[:, pieces.answer.runner_up] - logs[:, pieces.answer.digit]
    heat = occlusion_map(pieces.recognizer, pieces.steps.ink)
    patch = INK_SIZE // PATCHES
    heat = np.kron(heat, np.ones((patch, patch), np.float32))
    in_ink = (pieces.inked.inks * heat).sum(axis=(1, 2))
    lengths = np.array([piece.length for piece in pieces.inked.pieces])
    return {
        "weights": np.argsort(-pieces.weights(pieces.recognizer) / pieces.inks),
        "one piece left out": np.argsort(-falls / pieces.inks),
        "occlusion map": np.argsort(-in_ink / pieces.inks),
        "longest first": np.argsort(-lengths),
    }


def best_area(pieces: Pieces) -> float:
    """Return the highest insertion less deletion of all orders, by dynamic programming."""
    count = len(pieces)
    codes = np.arange(1 << count)
    kept = (codes[:, np.newaxis] >> np.arange(count) & 1).astype(bool)
    answer = np.concatenate(
        [pieces.probabilities(part)[:, pieces.answer.digit] for part in np.array_split(kept, 64)]
    )
    gain = answer - answer[::-1]  # what is in, less what is left when the same is taken away
    fractions = pieces.inks / pieces.inks.sum()
    best = np.full(1 << count, -np.inf)
    best[0] = 0.0
    for code in codes:
        for piece in range(count):
            after = code | 1 << piece
            if after != code:
                area = best[code] + fractions[piece] * (gain[code] + gain[after]) / 2
                best[after] = max(best[after], area)
    return float(best[-1])


def areas(recognizer: Recognizer, rows: list[LabelledDrawing], searched: int) -> dict[str, float]:
    """Return the mean area of each order; of the best one on the first digits alone."""
    random = np.random.default_rng(SEED)
    found: dict[str, list[float]] = {}
    for number, row in enumerate(rows):
        pieces = Pieces(recognizer, row)
        for name, order in orders(pieces).items():
            found.setdefault(name, []).append(pieces.area(order))
        by_chance = [pieces.area(random.permutation(len(pieces))) for _ in range(RANDOM_ORDERS)]
        found.setdefault("random", []).append(float(np.mean(by_chance)))
        if number < searched and len(pieces) <= MOST_SEARCHED_PIECES:
            found.setdefault("best of all orders", []).append(best_area(pieces))
            found.setdefault("weights, where all were searched", []).append(found["weights"][-1])
    return {name: float(np.mean(each)) for name, each in found.items()}


def randomized(litert: bytes, kernels: list[int], random: np.random.Generator) -> bytes:
    """Return a network some of whose kernels are shuffled, which keeps their distribution."""
    model = schema.ModelT.InitFromPackedBuf(litert, 0)
    for kernel in kernels:
        buffer = model.buffers[model.subgraphs[0].tensors[kernel].buffer]
        values = np.frombuffer(buffer.data.tobytes(), np.float32)
        buffer.data = np.frombuffer(random.permutation(values).tobytes(), np.uint8)
    builder = flatbuffers.Builder(len(litert) + 1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def correlations(recognizer: Recognizer, rows: list[LabelledDrawing]) -> list[float]:
    """Return the mean rank correlation with the true weights after each layer, the last first."""
    litert, record = read_converted_model(BUNDLED_MODEL.with_suffix(".tflite"))
    drawn = [Pieces(recognizer, row) for row in rows]
    true = [pieces.weights(recognizer) for pieces in drawn]
    random = np.random.default_rng(SEED)
    found = []
    for kernels in cascade(record):
        litert_now = randomized(litert, kernels, random)
        other = Recognizer(litert_now, ConvertedModel.of(litert_now, record.metadata))
        ranks = [
            rank_correlation(weights, pieces.weights(other))
            for pieces, weights in zip(drawn, true, strict=True)
        ]
        found.append(float(np.mean(ranks)))
    return found


def cascade(record: ConvertedModel) -> Iterator[list[int]]:
    """Yield kernels: those of the last layer of each member, then of the last two, and so on."""
    kernels = [
        step.inputs[1]
        for layer in record.metadata.network_map.layers
        for step in layer.steps
        if step.operation in ("CONV_2D", "FULLY_CONNECTED")
    ]
    members = len(record.metadata.network_map.last_dense)
    for count in range(members, len(kernels) + 1, members):
        yield kernels[-count:]


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Return Spearman's rank correlation; 0 if one of the two does not vary."""
    ranks = [np.argsort(np.argsort(each)).astype(float) for each in (one, other)]
    if any(np.ptp(each) == 0 for each in (one, other)):
        return 0.0
    return float(np.corrcoef(*ranks)[0, 1])


def flips(found: list[Explanation]) -> dict[str, float]:
    """Return fractions of digits with a flip, and median lengths by the digit's height."""
    added = [each.missing[0].length for each in found if each.missing]
    left_out = [each.deciding.length for each in found if each.deciding]
    shortest = [
        min(
            [one.length for one in each.missing] + ([each.deciding.length] if each.deciding else [])
        )
        for each in found
        if each.missing or each.deciding
    ]
    return {
        "flipped": len(shortest) / len(found),
        "median_length": float(np.median(shortest)),
        "flipped_by_adding": len(added) / len(found),
        "median_added": float(np.median(added)),
        "flipped_by_leaving_out": len(left_out) / len(found),
        "median_left_out": float(np.median(left_out)),
    }


def explained(
    recognizer: Recognizer, rows: list[LabelledDrawing]
) -> tuple[list[Explanation], dict[str, float]]:
    """Explain each digit; return the explanations, and the times of one and of one answer."""
    litert, record = recognizer.litert, recognizer.record
    explainer = Recognizer(litert, record, threads=THREADS)
    explain(explainer, rows[0].strokes)
    found, took, processor_took, answer_took = [], [], [], []
    for row in rows:
        began, processor_began = time.perf_counter(), time.process_time()
        found.append(explain(explainer, row.strokes))
        took.append(time.perf_counter() - began)
        processor_took.append(time.process_time() - processor_began)
        began = time.perf_counter()
        for _ in range(ANSWERS_TIMED):
            recognizer.recognize(found[-1].steps.ink)
        answer_took.append((time.perf_counter() - began) / ANSWERS_TIMED)
    explanation, processors, answer = (
        float(1000 * np.median(each)) for each in (took, processor_took, answer_took)
    )
    return found, {
        "explain_ms": explanation,
        "explain_p95_ms": float(1000 * np.percentile(took, 95)),
        "explain_processor_ms": processors,
        "answer_ms": answer,
        "answers": explanation / answer,
    }


def measured(arguments: argparse.Namespace) -> dict[str, object]:
    """Measure everything."""
    recognizer = Recognizer.bundled()
    rows = chosen_digits(arguments.data, arguments.split, arguments.digits)
    explanations, times = explained(recognizer, rows)
    if arguments.times:
        return {"digits": len(rows), "times": times}
    right = [
        (row, each)
        for row, each in zip(rows, explanations, strict=True)
        if each.recognition.label == str(row.label)
    ]
    rows = [row for row, _ in right]
    return {
        "digits": len(rows),
        "areas": areas(recognizer, rows, arguments.searched),
        "correlations": correlations(recognizer, rows),
        "flips": flips([each for _, each in right]),
        "times": times,
    }


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the pen digits")
    parser.add_argument("--split", choices=("train", "test"), default="train")
    parser.add_argument("--digits", type=int, default=100, help="how many are explained")
    parser.add_argument("--searched", type=int, default=20, help="of how many all orders are tried")
    parser.add_argument("--times", action="store_true", help="measure nothing but times")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    figures = measured(arguments)
    if arguments.json:
        print(json.dumps(figures))
        return
    if arguments.times:
        for name, value in figures["times"].items():
            print(f"{name.replace('_', ' ')}: {value:.3f}")
        return
    print(
        f"{figures['digits']} digits of the pen digits' {arguments.split} split, rightly recognised"
    )
    chance = figures["areas"]["random"]
    for name, area in figures["areas"].items():
        print(f"insertion less deletion, {name}: {area:.3f} ({area - chance:+.3f} against random)")
    shown = ", ".join(f"{each:.2f}" for each in figures["correlations"])
    print(f"rank correlation after kernels of 1, 2, … layers are drawn anew: {shown}")
    for name, value in {**figures["flips"], **figures["times"]}.items():
        print(f"{name.replace('_', ' ')}: {value:.3f}")


if __name__ == "__main__":
    main()
