"""The bundled network's model card: every figure in it measured or read from the file.

    python benchmarks/quality.py --json > quality.json
    python benchmarks/model_card.py [--quality quality.json]

Writes assets/MODEL_CARD.md, docs/images/reliability.svg and docs/images/errors.png. Without
figures that were measured before, they are measured first. Needs MNIST and the pen digits.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from error_sheet import MOST_SHOWN, Error, error_sheet, errors
from figures import Figure, as_markdown, is_of_a_style
from mix_parts import SOURCES, Mix, load_mix
from page_tables import markdown
from quality import answers, measure
from reliability import as_svg, reliability

import assets
from model.calibration import OUT_OF_DISTRIBUTION_FACTOR
from model.data.datasets import DATASETS, load_dataset
from model.data.published_data import MNIST, PEN_DIGITS
from model.data.validation_split import split_validation
from model.metadata import ModelMetadata
from model.model_files.inspection import inspect_model_file
from model.model_files.model_file import file_sha256
from model.recipes import RECIPES, Recipe, with_current_names
from model.recognizer import BUNDLED_MODEL, Recognizer
from model.run_events import LayerRow

CARD = assets.FOLDER / "MODEL_CARD.md"
IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
CONFUSIONS_SHOWN = 8
MOST_MISTAKEN_KINDS = 3
MEMBER_LAYER = "logits_"
EARLIER_MODEL = "first-edition.keras"
MNIST_TEST_IMAGES = 10_000


@dataclass(frozen=True, eq=False)
class Measured:
    """What the card says.

    Attributes:
        metadata: The file's own record.
        layers: Of the network in the file.
        figures: What `quality.py` measures.
        errors: Of each test split by its title.
        validation: Of each source, how many groups and images the recipe validated on; None if the
            recipe makes another mix now than the one in the file.
    """

    metadata: ModelMetadata
    layers: Sequence[LayerRow]
    figures: Sequence[Figure]
    errors: dict[str, list[Error]]
    validation: list[tuple[str, int, int]] | None


def card(measured: Measured, files: Sequence[Path]) -> str:
    """Return the whole card."""
    metadata = measured.metadata
    return (
        "\n\n".join(
            [
                "# Model card: the network that comes with Digitpad",
                "Made by `python benchmarks/model_card.py`; no figure in it is typed by hand.",
                "## What it is",
                _what_it_is(measured, files),
                "## How it was trained",
                _training(metadata),
                "## What it learned from",
                _data(measured),
                "## What it reaches",
                _reached(measured.figures),
                "## How sure it is",
                _confidence(metadata),
                "## What it is for, and what not",
                _PURPOSE,
                "## Where it fails",
                _failures(measured),
            ]
        )
        + "\n"
    )


def _what_it_is(measured: Measured, files: Sequence[Path]) -> str:
    metadata, layers = measured.metadata, measured.layers
    members = sum(row.name.startswith(MEMBER_LAYER) for row in layers)
    kind = (
        f"{members} convolutional networks whose logits are averaged"
        if members
        else "A convolutional network"
    )
    size = "×".join(map(str, metadata.input_format.shape))
    weighty = Counter((row.kind, row.output_shape[1:], row.parameters) for row in layers)
    rows = [
        [f"{count} `{kind}`", "×".join(map(str, shape)), f"{parameters:,}"]
        for (kind, shape, parameters), count in weighty.items()
        if parameters
    ]
    hashes = [[f"`{f.name}`", f"{f.stat().st_size:,}", f"`{file_sha256(f)}`"] for f in files]
    return "\n\n".join(
        [
            f"{kind}, {metadata.parameters:,} weights together. It takes an ink image, {size}"
            " numbers from 0 (paper) to 1 (ink) prepared as in `model/ink.py`, and gives a"
            f" probability for each of {', '.join(metadata.class_names)}. Made on"
            f" {metadata.created[:10]}.",
            markdown(["layers", "output", "weights of each"], rows),
            markdown(["file", "bytes", "SHA-256"], hashes),
        ]
    )


def _training(metadata: ModelMetadata) -> str:
    recipe = with_current_names(metadata.recipe)
    seconds = sum(row.seconds for row in metadata.history)
    best = min(metadata.history, key=lambda row: row.validation_loss or 0.0)
    rows = [
        [key.replace("_", " "), f"{value}"]
        for key, value in recipe.items()
        if key not in ("name", "summary")
    ]
    rows += [
        ["device", metadata.device],
        ["time", f"{seconds / 60:.0f} minutes"],
        ["epochs finished", f"{len(metadata.history)}"],
        ["epoch kept", f"{best.epoch}, by the least validation loss"],
        ["validation accuracy", f"{metadata.validation_accuracy:.4f}"],
        ["versions", ", ".join(f"{name} {number}" for name, number in metadata.versions.items())],
    ]
    began_with = (
        f"It went on from an earlier network, `{EARLIER_MODEL}`, with the SHA-256"
        f" `{metadata.began_with}`.\n\n"
        if metadata.began_with
        else ""
    )
    command = command_of(recipe, goes_on=bool(metadata.began_with))
    return f"```\n{command}\n```\n\n{began_with}" + markdown(["setting", "value"], rows)


def command_of(recipe: dict[str, object], *, goes_on: bool = False) -> str:
    """Return the command that trains by an earlier recipe, if it has changed since.

    Args:
        recipe: As a model file holds it.
        goes_on: Whether the run went on from a model file.
    """
    name = str(recipe["name"])
    today = msgspec.to_builtins(RECIPES.get(name, Recipe(name="", summary="", network="digitpad")))
    options = [
        _option(key, value)
        for key, value in recipe.items()
        if key not in ("name", "summary") and today.get(key) != value
    ]
    if goes_on:
        options.insert(0, f"--from-model {EARLIER_MODEL}")
    command = ["digitpad train", f"--recipe {name}", *options, f"--out {BUNDLED_MODEL.name}"]
    return " ".join(command)


def _option(key: str, value: object) -> str:
    option = key.replace("_", "-")
    if isinstance(value, bool):
        return f"--{option}" if value else f"--no-{option}"
    return f"--{option} {value}"


def _data(measured: Measured) -> str:
    metadata = measured.metadata
    files = [
        [data.title, f"`{file.name}`", f"`{file.sha256}`"]
        for data in (MNIST, PEN_DIGITS)
        for file in data.files
    ]
    sources = "\n".join(
        f"- {source.title}: {source.summary}. {source.credit}."
        for source in (DATASETS[name] for name in ("mnist", "pen-digits", "built-in-strokes"))
    )
    return (
        f"{sources}\n- Letters, shapes, scribbles and other non-digits of our own templates, MIT"
        " licence; the letters of three Hershey fonts.\n\nThe test splits of MNIST and of the pen"
        " digits are not among it. Credits in full: [ATTRIBUTION.md](ATTRIBUTION.md).\n\n"
        + markdown(["data", "published file", "SHA-256"], files)
        + f"\n\nHash of the images and labels it learned from: `{metadata.dataset_sha256}`.\n\n"
        + _validation_rows(measured.validation)
    )


def _validation_rows(validation: list[tuple[str, int, int]] | None) -> str:
    if validation is None:
        return (
            "The built-in strokes have changed since: the same command makes other images today,"
            " so that the validation split can't be counted any more."
        )
    rows = [[name, f"{groups:,}", f"{images:,}"] for name, groups, images in validation]
    return (
        "The same command makes the same images today. The validation split, which chooses the"
        " epoch, the temperature and the thresholds (a group is a run of scans, a writer, or a"
        " single drawing):\n\n" + markdown(["source", "groups", "images"], rows)
    )


def _reached(figures: Sequence[Figure]) -> str:
    below = [figure for figure in figures if is_of_a_style(figure) and not figure.reaches]
    weak = ", ".join(f"{f.name.removeprefix('style ')} ({f.value:.2%})" for f in below)
    return (
        f"`python benchmarks/quality.py`:\n\n{as_markdown(figures)}\n\n"
        f"Named styles below their goal: {weak or 'none'}."
    )


def _confidence(metadata: ModelMetadata) -> str:
    return _CALIBRATION.format(
        temperature=metadata.temperature,
        factor=OUT_OF_DISTRIBUTION_FACTOR,
        unsure=metadata.verdicts.unsure_below,
        reject=metadata.verdicts.reject_below,
        alt=_RELIABILITY,
    )


_RELIABILITY = "Accuracy by confidence, for MNIST's test split and the pen digits' test writers"

_CALIBRATION = """\
Logits are divided by a temperature of {temperature:.3f}, which is {factor} times the one fitted on
the validation split. Below a confidence of {unsure:.3f} the verdict is "not sure"; where the two
largest probabilities sum up to less than {reject:.3f} it is "not a digit".

![{alt}](../docs/images/reliability.svg)

Each point is a bin of answers that are about equally sure, with the 95 % interval of its accuracy
right; on the dashed line confidence means what it says."""

_PURPOSE = """\
It recognises one digit at a time, drawn with a mouse, a finger or a stylus, or cut out of a
picture, and says when it is not sure or when it sees no digit. It was shown the styles in
[styles.png](../docs/images/styles.png).

It is not made for reading forms, cheques, postal codes, medical or legal papers, or anything where
a wrong digit does harm without a person looking at it. It does not find digits on a page, read
numbers of several digits, or know letters, other scripts' digits, or printed type. MNIST was
written by employees of the U.S. Census Bureau and American high-school students, the pen digits by
44 people in Turkey; how others write is represented by made-up strokes alone."""


def _failures(measured: Measured) -> str:
    rows = []
    for title, found in measured.errors.items():
        pairs = Counter((error.truth, error.answer) for error in found)
        common = pairs.most_common(CONFUSIONS_SHOWN)
        named = ", ".join(f"{answer} for {truth}: {n}" for (truth, answer), n in common)
        rows.append([title, f"{len(found)}", named])
    kinds = [figure for figure in measured.figures if figure.name.endswith(": called digit")]
    kinds = sorted(kinds, key=lambda figure: -figure.value)[:MOST_MISTAKEN_KINDS]
    mistaken = ", ".join(f"{f.name.partition(':')[0]} ({f.value:.1%})" for f in kinds)
    return (
        markdown(["test split", "errors", "most frequent (answer for truth)"], rows)
        + f"\n\nNon-digits most often called a digit: {mistaken}.\n\n"
        "![Every error on both test splits](../docs/images/errors.png)\n\n"
        f"The errors of each part, at most {MOST_SHOWN}, the surest first: truth, answer and its"
        " confidence. The images are MNIST's and the pen digits', under the terms above."
    )


def measured_now(quality: Path | None) -> Measured:
    """Measure what the card says, and draw its pictures."""
    litert_file = BUNDLED_MODEL.with_suffix(".tflite")
    figures = (
        msgspec.json.decode(quality.read_bytes(), type=list[Figure])
        if quality
        else measure(litert_file)
    )
    summary = inspect_model_file(BUNDLED_MODEL)
    return Measured(
        metadata=summary.metadata,
        layers=summary.layers,
        figures=figures,
        errors=drawn_errors(Recognizer.from_files(litert_file)),
        validation=validation_of(summary.metadata, load_mix()),
    )


def drawn_errors(recognizer: Recognizer) -> dict[str, list[Error]]:
    """Return the errors on each test split by its title, and draw both pictures."""
    panels, wrong = {}, {}
    for name in ("mnist", "pen-digits"):
        data = load_dataset(name)
        assert data.test_images is not None
        assert data.test_labels is not None
        found = answers(recognizer, data.test_images, data.test_labels)
        panels[f"{data.title}, test split"] = reliability(found.confidences, found.is_right)
        wrong[data.title] = errors(data.test_images, found)
    IMAGES.mkdir(exist_ok=True)
    (IMAGES / "reliability.svg").write_text(as_svg(panels), encoding="utf-8")
    titles = [
        (f"{title}, test split: {len(found)} errors", found) for title, found in wrong.items()
    ]
    error_sheet(titles).save(IMAGES / "errors.png", optimize=True)
    return wrong


def check_figures(measured: Measured) -> None:
    """Refuse figures that were measured on another network.

    Raises:
        ValueError: If the accuracy on MNIST's test split is not the one found now.
    """
    right = next(f.value for f in measured.figures if f.name == "MNIST test: right")
    found = len(measured.errors["MNIST"])
    if round((1 - right) * MNIST_TEST_IMAGES) != found:
        raise ValueError(f"the figures are another network's: {right} right, but {found} errors")


def validation_of(metadata: ModelMetadata, mix: Mix) -> list[tuple[str, int, int]] | None:
    """Return of each source how many groups and images a run validated on; None for other data."""
    if metadata.dataset_sha256 != mix.data.sha256:
        return None
    recipe = msgspec.convert(with_current_names(metadata.recipe), Recipe)
    _learned, validation = split_validation(mix.data, recipe.validation_split, recipe.seed)
    assert mix.data.train_groups is not None
    rows = []
    for number, source in enumerate(SOURCES):
        images = validation[mix.sources[validation] == number]
        rows.append((source, len(np.unique(mix.data.train_groups[images])), len(images)))
    return rows


def main() -> None:
    """Write the card and its pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quality", type=Path, help="what quality.py --json has printed")
    arguments = parser.parse_args()
    files = [BUNDLED_MODEL, BUNDLED_MODEL.with_suffix(".tflite")]
    measured = measured_now(arguments.quality)
    check_figures(measured)
    CARD.write_text(card(measured, files), encoding="utf-8")
    print(f"{CARD} and two pictures in {IMAGES}")


if __name__ == "__main__":
    main()
