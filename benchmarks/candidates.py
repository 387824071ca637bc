"""Candidates for the bundled network, trained alike and measured: one row per call.

    python benchmarks/candidates.py --network NAME --epochs N [--images M]
    python benchmarks/candidates.py --table

A candidate learns the bundled mix by the bundled recipe, for N epochs instead of its own number,
from M images of the mix instead of all. Its row goes into docs/candidates.json in place of the one
it had, its files into runs/candidates. `--table` writes the rows into docs/bundled-network.md.
"""

import argparse
import os

import msgspec
import numpy as np
from mix_parts import Mix, load_mix, shown
from page_tables import DOCS, NETWORK_PAGE, keep_row, kept_rows, markdown, put_table
from trial_rows import Digits, Training, as_percent

from model.model_files.inspection import inspect_model_file

ROWS = DOCS / "candidates.json"
CANDIDATES = (
    "digitpad",
    "bundled",
    "wide",
    "vgg-average",
    "residual",
    "separable",
    "conv64-dense128",
)


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A row.

    Attributes:
        name: Of the network.
        parameters: How many weights it has.
        multiply_adds: For one ink image.
        litert_ms: Median time of an answer, on one thread.
        training: How it was trained.
        validation: On the validation split, by which the choice is made.
        mnist: MNIST's test split.
        pen_digits: The pen digits' test split.
    """

    name: str
    parameters: int
    multiply_adds: int
    litert_ms: float
    training: Training
    validation: Digits
    mnist: Digits
    pen_digits: Digits


def measure(name: str, mix: Mix, *, epochs: int, images: int | None) -> Candidate:
    """Train and measure a candidate."""
    from candidate_networks import built
    from quality import pen_answers, recognition_ms, scanned_answers
    from trial_rows import digits, validation_digits
    from trials import Trial, train, used_device

    learned = mix.learned()
    trial = Trial(
        name=f"candidates/{name}",
        mix=mix,
        learned=shown(learned, images or len(learned)),
        validation=mix.validation(),
        epochs=epochs,
    )
    tried = train(trial, lambda: built(name), device=used_device())
    summary = inspect_model_file(tried.file)
    return Candidate(
        name=name,
        parameters=summary.parameters,
        multiply_adds=summary.multiply_adds,
        litert_ms=float(np.median(recognition_ms(tried.recognizer))),
        training=tried.training,
        validation=validation_digits(mix, tried.recognizer),
        mnist=digits(scanned_answers(tried.recognizer)),
        pen_digits=digits(pen_answers(tried.recognizer)),
    )


def as_table(rows: list[Candidate]) -> str:
    """Return the rows in Markdown, the best validation loss in bold."""
    best = min((row.validation.loss for row in rows), default=0.0)
    titles = ["network", "weights", "multiply-adds", "LiteRT, ms", "epochs", "images an epoch"]
    titles += ["images/s", "validation: right", "validation: loss", "MNIST test", "pen digits test"]
    titles += ["calibration error: MNIST", "pen digits"]
    cells = []
    for row in rows:
        loss = f"{row.validation.loss:.4f}"
        cells.append(
            [
                f"`{row.name}`",
                f"{row.parameters:,}",
                f"{row.multiply_adds / 1e6:.1f} M",
                f"{row.litert_ms:.3f}",
                f"{row.training.epochs}",
                f"{row.training.images:,}",
                f"{row.training.images_per_s:,.0f}",
                as_percent(row.validation),
                f"**{loss}**" if row.validation.loss == best else loss,
                as_percent(row.mnist),
                as_percent(row.pen_digits),
                f"{row.mnist.calibration:.2%}",
                f"{row.pen_digits.calibration:.2%}",
            ]
        )
    return markdown(titles, cells)


def main() -> None:
    """Train one candidate, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", choices=CANDIDATES)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--images", type=int, help="images an epoch; the whole mix by default")
    parser.add_argument("--table", action="store_true", help=f"write {NETWORK_PAGE.name}")
    arguments = parser.parse_args()
    if not arguments.network and not arguments.table:
        parser.error("name a network, or ask for the table")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if arguments.network:
        row = measure(
            arguments.network, load_mix(), epochs=arguments.epochs, images=arguments.images
        )
        keep_row(ROWS, row, CANDIDATES)
        print(as_table([row]))
    if arguments.table:
        put_table(NETWORK_PAGE, "candidates", as_table(kept_rows(ROWS, Candidate)))


if __name__ == "__main__":
    main()
