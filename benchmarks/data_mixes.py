"""The worth of each kind of data: the same network and steps, other data; one row per call.

    python benchmarks/data_mixes.py --mix NAME --epochs N [--images M]
    python benchmarks/data_mixes.py --table

The network `digitpad` learns a part of the bundled mix by the bundled recipe. Every epoch shows
the same number of images, the whole mix's or M, and a smaller part's are shown more often: the
number of steps is equal, so that it is the data that differs. Its row goes into
docs/data-mixes.json, its files into runs/data-mixes; `--table` writes the rows into
docs/bundled-network.md.
"""

import argparse
import os
from collections.abc import Sequence

import msgspec
import numpy as np
from figures import Figure
from mix_parts import SOURCES, Mix, load_mix, shown
from page_tables import DOCS, NETWORK_PAGE, keep_row, kept_rows, markdown, put_table
from trial_rows import Digits, Training, as_percent

ROWS = DOCS / "data-mixes.json"
NETWORK = "digitpad"
MIXES: dict[str, tuple[str, ...]] = {
    "mnist": ("mnist",),
    "mnist-pen": ("mnist", "pen digits"),
    "mnist-built-in": ("mnist", "built-in strokes"),
    "all-digits": ("mnist", "pen digits", "built-in strokes"),
    "all": SOURCES,
}


class DataMix(msgspec.Struct, frozen=True, kw_only=True):
    """A row.

    Attributes:
        name: Of the mix.
        images: How many different images were trained on.
        training: How the network was trained.
        validation: On validation digits of every source, in the mix or not.
        mnist: MNIST's test split.
        pen_digits: The pen digits' test split.
        styles: Fresh drawings in all named styles.
        worst_style: The style with the fewest right.
        letters: How well letters are separated from pen digits: area under the ROC curve.
    """

    name: str
    images: int
    training: Training
    validation: Digits
    mnist: Digits
    pen_digits: Digits
    styles: float
    worst_style: Figure
    letters: Figure


def measure(name: str, mix: Mix, *, epochs: int, images: int | None) -> DataMix:
    """Train on a part of the mix, and measure."""
    from quality import (
        non_digit_answers,
        pen_answers,
        scanned_answers,
        separation_from,
        style_figures,
    )
    from trial_rows import digits, validation_digits
    from trials import Trial, train, used_device

    from model.training.networks import build_network

    learned = mix.learned(MIXES[name])
    trial = Trial(
        name=f"data-mixes/{name}",
        mix=mix,
        learned=shown(learned, images or len(mix.learned())),
        validation=mix.validation(MIXES[name]),
        epochs=epochs,
    )
    tried = train(trial, lambda: build_network(NETWORK), device=used_device())
    recognizer = tried.recognizer
    pen = pen_answers(recognizer)
    styles = [figure for figure in style_figures(recognizer) if figure.name.startswith("style ")]
    return DataMix(
        name=name,
        images=len(np.unique(trial.learned)),
        training=tried.training,
        validation=validation_digits(mix, recognizer),
        mnist=digits(scanned_answers(recognizer)),
        pen_digits=digits(pen),
        styles=sum(figure.value for figure in styles) / len(styles),
        worst_style=min(styles, key=lambda figure: figure.value),
        letters=separation_from(pen, "letter", non_digit_answers(recognizer, "letter")),
    )


def as_table(rows: Sequence[DataMix]) -> str:
    """Return the rows in Markdown."""
    titles = ["trained on", "different images", "steps", "validation: right", "validation: loss"]
    titles += ["MNIST test", "pen digits test", "named styles", "worst style", "letters: AUROC"]
    return markdown(titles, [_cells(row) for row in rows])


def _cells(row: DataMix) -> list[str]:
    return [
        ", ".join(MIXES[row.name]),
        f"{row.images:,}",
        f"{row.training.steps:,}",
        as_percent(row.validation),
        f"{row.validation.loss:.4f}",
        as_percent(row.mnist),
        as_percent(row.pen_digits),
        f"{row.styles:.2%}",
        f"{row.worst_style.name.removeprefix('style ')}: {row.worst_style.value:.1%}",
        f"{row.letters.value:.4f} ({row.letters.interval})",
    ]


def main() -> None:
    """Train on one mix, or write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mix", choices=MIXES)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--images", type=int, help="images an epoch; the whole mix's by default")
    parser.add_argument("--table", action="store_true", help=f"write {NETWORK_PAGE.name}")
    arguments = parser.parse_args()
    if not arguments.mix and not arguments.table:
        parser.error("name a mix, or ask for the table")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if arguments.mix:
        row = measure(arguments.mix, load_mix(), epochs=arguments.epochs, images=arguments.images)
        print(as_table([row]))
        keep_row(ROWS, row, tuple(MIXES))
    if arguments.table:
        put_table(NETWORK_PAGE, "data mixes", as_table(kept_rows(ROWS, DataMix)))


if __name__ == "__main__":
    main()
