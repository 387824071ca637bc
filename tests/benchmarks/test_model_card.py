"""The model card says what was measured, and its pictures show it."""

import dataclasses
import xml.etree.ElementTree as ET
from pathlib import Path

import msgspec
import numpy as np
import pytest
from error_sheet import COLUMNS, TITLE_HEIGHT, error_sheet, errors
from figures import Figure
from model_card import CARD, Measured, card, check_figures, command_of
from quality import Answers
from reliability import as_svg, reliability

from model.metadata import EpochFigures, ModelMetadata, VerdictThresholds
from model.metrics import calibration_error
from model.model_files.model_file import file_sha256
from model.recipes import RECIPES
from model.recognizer import BUNDLED_MODEL, Recognition
from model.run_events import LayerRow
from model.verdicts import Verdict

SVG = "{http://www.w3.org/2000/svg}"


def answer(digit: int, confidence: float) -> Recognition:
    probabilities = np.full(10, (1 - confidence) / 9, np.float32)
    probabilities[digit] = confidence
    return Recognition(probabilities, tuple("0123456789"), Verdict.DIGIT)


def answered() -> tuple[np.ndarray, Answers]:
    """Five digits, of which the second and the fourth are answered wrongly."""
    images = np.zeros((5, 28, 28), np.uint8)
    images[3, 5:20, 14] = 255
    found = [answer(digit, sure) for digit, sure in [(1, 0.9), (2, 0.6), (3, 1), (4, 0.97), (5, 1)]]
    return images, Answers(found, np.array([1, 7, 3, 9, 5]))


def measured(**changes: object) -> Measured:
    images, found = answered()
    history = [
        EpochFigures(epoch=1, loss=1.0, accuracy=0.9, validation_loss=0.5, seconds=60),
        EpochFigures(epoch=2, loss=0.5, accuracy=0.95, validation_loss=0.2, seconds=120),
        EpochFigures(epoch=3, loss=0.4, accuracy=0.96, validation_loss=0.3, seconds=60),
    ]
    metadata = ModelMetadata(
        recipe=msgspec.to_builtins(RECIPES["bundled"]),
        temperature=1.25,
        verdicts=VerdictThresholds(unsure_below=0.7, reject_below=0.3),
        parameters=387_726,
        history=tuple(history),
        validation_accuracy=0.9961,
        dataset_sha256="ab" * 32,
        device="a made-up GPU",
    )
    layers = [
        LayerRow(name=f"logits_{n}", kind="Dense", output_shape=(None, 10), parameters=31_370)
        for n in (1, 2, 3)
    ]
    values = {
        "metadata": metadata,
        "layers": layers,
        "figures": [
            Figure("MNIST test: right", 0.9998, 0.999, 1.0, ">= 0.997"),
            Figure("style 1 bare", 0.97, 0.95, 0.98, ">= 0.99"),
            Figure("arrow: called digit", 0.111, 0.1, 0.12),
        ],
        "errors": {"MNIST": errors(images, found)},
        "validation": [("mnist", 12, 2880), ("pen digits", 2, 1988)],
    }
    return Measured(**(values | changes))


def test_the_card_tells_what_was_measured(tmp_path: Path) -> None:
    file = tmp_path / "digits.keras"
    file.write_bytes(b"weights")
    text = card(measured(), [file])
    for expected in (
        "3 convolutional networks whose logits are averaged, 387,726 weights",
        "| 3 `Dense` | 10 | 31,370 |",
        "| `digits.keras` | 7 |",
        "| epoch kept | 2,",
        "| time | 4 minutes |",
        "| device | a made-up GPU |",
        "| validation accuracy | 0.9961 |",
        "ab" * 32,
        "| MNIST test: right | 0.9998 | 0.9990 to 1.0000 | >= 0.997 | yes |",
        "1 bare (97.00%)",
        "temperature of 1.250",
        "| pen digits | 2 | 1,988 |",
        "| MNIST | 2 | 4 for 9: 1, 2 for 7: 1 |",
        "arrow (11.1%)",
    ):
        assert expected in text


def test_the_card_says_when_the_mix_is_another_today() -> None:
    text = card(measured(validation=None), [])
    assert "can't be counted" in text


def test_the_command_names_what_the_recipe_does_otherwise_today() -> None:
    recipe = msgspec.to_builtins(RECIPES["bundled"])
    assert command_of(recipe) == "digitpad train --recipe bundled --out digits.keras"
    changed = recipe | {"epochs": 7, "use_ema": False}
    assert "--epochs 7" in command_of(changed)
    assert "--no-use-ema" in command_of(changed)


def test_the_network_that_a_run_went_on_from_is_named() -> None:
    fresh = measured()
    went_on = msgspec.structs.replace(fresh.metadata, began_with="cd" * 32)
    assert "--from-model" not in card(fresh, [])
    text = card(dataclasses.replace(fresh, metadata=went_on), [])
    assert "digitpad train --recipe bundled --from-model first-edition.keras --out" in text
    assert "cd" * 32 in text


def test_figures_of_another_network_are_refused() -> None:
    check_figures(measured())
    with pytest.raises(ValueError, match="another network"):
        check_figures(measured(figures=[Figure("MNIST test: right", 0.99)]))


def test_the_surest_error_comes_first_and_right_answers_do_not_come() -> None:
    images, found = answered()
    wrong = errors(images, found)
    assert [error.caption for error in wrong] == ["9, not 4: 97%", "7, not 2: 60%"]
    assert wrong[0].image is not None
    assert wrong[0].image.any()


def test_the_sheet_grows_by_a_row_when_one_is_full() -> None:
    images, found = answered()
    (error, _other) = errors(images, found)
    full = error_sheet([("errors", [error] * COLUMNS)])
    more = error_sheet([("errors", [error] * (COLUMNS + 1))])
    row = full.height - TITLE_HEIGHT
    assert more.height == full.height + row
    assert np.asarray(full.convert("L"))[TITLE_HEIGHT:, :90].min() < 50


def test_the_bins_are_those_of_the_calibration_error() -> None:
    random = np.random.default_rng(1)
    confidences = random.random(2000, np.float32)
    is_right = random.random(2000) < confidences**2
    bins = reliability(confidences, is_right)
    assert sum(each.answers for each in bins) == 2000
    gap = sum(each.answers * abs(each.confidence - each.right) for each in bins) / 2000
    assert gap == pytest.approx(calibration_error(confidences, is_right), abs=1e-5)


def test_the_diagram_has_a_point_for_each_bin_and_its_text_follows_the_page() -> None:
    confidences = np.array([0.5, 0.5, 0.99, 1.0], np.float32)
    bins = reliability(confidences, np.array([True, False, True, True]))
    picture = ET.fromstring(as_svg({"pens": bins, "scans": bins[:1]}))
    points = picture.findall(f".//{SVG}circle")
    assert len(points) == len(bins) + 1 == 3
    assert float(points[0].get("cy")) == pytest.approx(150)
    assert "prefers-color-scheme: dark" in picture.find(f"{SVG}style").text


@pytest.mark.parametrize("suffix", [".keras", ".tflite"])
def test_the_card_beside_the_network_is_that_networks(suffix: str) -> None:
    text = CARD.read_text(encoding="utf-8")
    assert file_sha256(BUNDLED_MODEL.with_suffix(suffix)) in text, "run benchmarks/model_card.py"
