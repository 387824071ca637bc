"""How often a model of digits takes a non-digit for a digit, as the window would answer.

    python benchmarks/refusal.py [MODEL.keras ...] [--data FOLDER]

500 drawings of held-out families of non-digits, and the test split of the pen digits. "digit" are
answers without doubt, "not refused" are those and the unsure ones. Without a model, the bundled
network is measured. Models that cannot refuse are spoken for by it, as in the window.
"""

import argparse
from pathlib import Path

import numpy as np

from model.commands.model_option import converted_file
from model.data.datasets import load_test_strokes
from model.ink import Strokes, ink_from_strokes
from model.recognizer import Recognizer
from model.refusal import let_bundled_refuse
from model.synthesis.non_digits import generate_non_digits
from model.verdicts import Verdict

COUNT = 500
SEED = 987_654
"""No run has this seed."""


def shares(recognizer: Recognizer, drawings: list[Strokes]) -> tuple[float, float]:
    """Return which fraction of drawings is called a digit, and which is not refused."""
    inks = np.stack([ink_from_strokes(strokes) for strokes in drawings])
    verdicts = [answer.verdict for answer in recognizer.recognize_batch(inks)]
    called = sum(verdict is Verdict.DIGIT for verdict in verdicts)
    kept = sum(verdict is not Verdict.NOT_A_DIGIT for verdict in verdicts)
    return called / len(verdicts), kept / len(verdicts)


def main() -> None:
    """Print a row for each model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", type=Path, default=[None])
    parser.add_argument("--data", type=Path, help="folder with the pen digits")
    arguments = parser.parse_args()
    non_digits, _kinds = generate_non_digits(COUNT, SEED, part="validation")
    digits = load_test_strokes("pen-digits", folder=arguments.data) or []
    print("| model | non-digits: digit | not refused | pen digits: digit | not refused |")
    print("|-|-|-|-|-|")
    for model in arguments.models:
        recognizer = let_bundled_refuse(Recognizer.from_files(converted_file(model, None)))
        cells = [*shares(recognizer, non_digits), *shares(recognizer, digits)]
        name = "bundled" if model is None else model.stem
        print(f"| {name} | " + " | ".join(f"{cell:.1%}" for cell in cells) + " |")


if __name__ == "__main__":
    main()
