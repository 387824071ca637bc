"""The accuracy on the digits of a source of a network trained on all other sources.

    python benchmarks/unseen_source.py [--source NAME] [--epochs N] [--images M]
                                       [--augmentation-off-fraction S]

The network `digitpad` learns the bundled mix less one source by the bundled recipe, and is then
measured on that source's training split, each drawing once. It is the nearest to strangers'
digits without use of the test splits. Its errors show which ways of writing the built-in strokes
lack; they are drawn into runs/unseen-source, the surest first. The fitted temperature shows how
much less confident the answers ought to be than on validation digits of the learned sources.
"""

import argparse
import os
from collections import Counter
from pathlib import Path

import numpy as np
import numpy.typing as npt
from error_sheet import error_sheet, errors
from mix_parts import RUNS, SOURCES, Mix, load_mix, shown
from quality import Answers, answers
from trial_rows import as_percent, digits

from model.calibration import fitted_temperature
from model.data.bundled_data import PEN_COPIES, SCAN_COPIES
from model.recipes import RECIPES

FOLDER = RUNS / "unseen-source"
COPIES = {"mnist": SCAN_COPIES, "pen digits": PEN_COPIES, "built-in strokes": 1, "pictures": 1}
"""Sources of digits, and how often each of their drawings is in the mix; as it was made first."""

MADE_OF = {"built-in strokes": "pictures"}
"""What is left out with a source, because it is made of the same."""

COMMONEST = 8


def each_once(mix: Mix, source: str) -> npt.NDArray[np.int64]:
    """Return the numbers of a source's images, each drawing once."""
    numbers = np.flatnonzero(mix.sources == SOURCES.index(source))
    return numbers[: len(numbers) // COPIES[source]]


def measure(
    source: str, mix: Mix, *, epochs: int, images: int | None, augmentation_off_fraction: float
) -> tuple[Answers, Path]:
    """Train without a source; return the answers to its digits, and the picture of the errors."""
    from trials import Trial, train, used_device

    from model.training.networks import build_network

    others = [other for other in SOURCES if other not in (source, MADE_OF.get(source))]
    name = source.replace(" ", "-")
    trial = Trial(
        name=f"{FOLDER.name}/{name}",
        mix=mix,
        learned=shown(mix.learned(others), images or len(mix.learned(others))),
        validation=mix.validation(others),
        epochs=epochs,
        augmentation_off_fraction=augmentation_off_fraction,
    )
    tried = train(trial, lambda: build_network("digitpad"), device=used_device())
    numbers = each_once(mix, source)
    pictures = mix.data.train_images[numbers]
    found = answers(tried.recognizer, pictures, mix.data.train_labels[numbers])
    sheet = tried.file.with_suffix(".png")
    error_sheet([(f"{source}, never learned from", errors(pictures, found))]).save(sheet)
    return found, sheet


def as_lines(source: str, found: Answers) -> list[str]:
    """Return the accuracy and the most frequent confusions."""
    confused = Counter(
        (int(truth), answer.digit)
        for truth, answer, is_right in zip(found.labels, found.found, found.is_right, strict=True)
        if not is_right
    )
    row = digits(found)
    return [
        f"{source}: {as_percent(row)} of {len(found.labels):,} right, mean loss {row.loss:.4f},"
        f" {found.is_sure_and_wrong.mean():.2%} wrong and over 90 % sure",
        "  ".join(f"{a} as {b}: {count}" for (a, b), count in confused.most_common(COMMONEST)),
        f"best calibrated at {best_factor(found):.2f} times the temperature that it has",
    ]


def best_factor(found: Answers) -> float:
    """Return the factor on a network's temperature that makes a source's labels most likely."""
    probabilities = np.stack([answer.probabilities for answer in found.found])
    return fitted_temperature(probabilities, found.labels)


def main() -> None:
    """Train, answer and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", choices=COPIES, default="pen digits")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--images", type=int, help="images an epoch; the whole mix's by default")
    parser.add_argument(
        "--augmentation-off-fraction",
        type=float,
        default=RECIPES["bundled"].augmentation_off_fraction,
        metavar="S",
        help="fraction of the epochs, the last ones, that show images as they are (the recipe's)",
    )
    arguments = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    found, sheet = measure(
        arguments.source,
        load_mix(),
        epochs=arguments.epochs,
        images=arguments.images,
        augmentation_off_fraction=arguments.augmentation_off_fraction,
    )
    print("\n".join(as_lines(arguments.source, found)))
    print(sheet)


if __name__ == "__main__":
    main()
