"""What a model file is, in words."""

import re

import msgspec
import pytest

from app.models.words import (
    choice_in_words,
    exported_in_words,
    facts_of,
    short_details,
    size_in_words,
)
from model.metadata import InputFormat, ModelMetadata
from model.model_files.inspection import inspect_model_file, read_model
from model.recipes import RECIPES
from model.recognizer import BUNDLED_MODEL
from model.task_events import Exported, InputChoice
from tests.made_models import archive, good_config


def test_the_facts_of_our_own_file():
    facts = dict(facts_of(inspect_model_file(BUNDLED_MODEL)))
    assert facts["Format"].startswith("Keras archive (.keras), ")
    assert facts["Input"] == "28 × 28, 1 channel, 0 to 1, bright ink on dark paper"
    assert facts["Classes"] == "digits 0–9"
    assert re.fullmatch(r"Test accuracy 99\.\d\d % \(MNIST, 10,000 images\)", facts["Accuracy"])
    assert facts["Recipe"] in [recipe.title for recipe in RECIPES.values()]
    assert len(facts["SHA-256"]) == 64
    assert "keras" in facts["Made with"]


def test_what_a_strangers_file_does_not_say_is_left_out():
    config = good_config()
    layers = config["config"]["layers"]
    layers[:] = [layer for layer in layers if layer["class_name"] != "Rescaling"]
    facts = dict(facts_of(read_model(archive(config), "stranger.keras").summary))
    assert not {"Accuracy", "Recipe", "Data"} & facts.keys()
    assert facts["Input"] == "28 × 28, 1 channel, pixel range unknown"
    assert facts["Saved"] == "2 Jan 2026"


def test_many_classes_are_counted_and_cut():
    summary = inspect_model_file(BUNDLED_MODEL)
    names = tuple(f"class {number}" for number in range(30))
    summary = msgspec.structs.replace(summary, metadata=ModelMetadata(class_names=names))
    shown = dict(facts_of(summary))["Classes"]
    assert shown.startswith("30 classes: class 0, class 1")
    assert shown.endswith("class 11, …")


def test_details_on_one_line():
    record = ModelMetadata(
        test_accuracy=0.9938,
        recipe={"name": "conv5x5"},
        dataset="pen-digits",
        created="2026-05-04T12:00:00+00:00",
    )
    assert short_details(record) == (
        "Test accuracy 99.38 % (Pen digits, 3,498 images) · Two 5×5 convolutions (Keras)"
        " · trained on Pen digits · 4 May 2026"
    )
    assert short_details(ModelMetadata()) == ""
    assert short_details(None) == ""


def test_a_record_from_a_stranger_can_not_harm_the_line():
    record = ModelMetadata(recipe={"name": ["no", "text"]}, dataset="a\nb" * 99, created="soon")
    assert short_details(record) == f"trained on {('ab' * 99)[:40]}"


@pytest.mark.parametrize(
    ("size", "shown"), [(12, "12 bytes"), (36_400, "36 kB"), (2_345_678, "2.3 MB")]
)
def test_sizes(size, shown):
    assert size_in_words(size) == shown


def test_a_choice_says_how_well_it_does():
    choice = InputChoice(
        input_format=InputFormat(scale=255.0, is_inverted=True), digits_right=0.96, confidence=0.9
    )
    assert choice_in_words(choice) == (
        "0 to 255, dark ink on bright paper: 96 % of the sample digits right"
    )
    other = msgspec.structs.replace(choice, digits_right=None)
    assert choice_in_words(other).endswith("90 % sure on average")


def test_an_export_says_the_difference_that_was_measured():
    exported = Exported(
        file="/home/me/a.tflite",
        readme="/home/me/a.tflite.README.md",
        target="litert",
        quantization="none",
        size_bytes=1,
        digits=1000,
        digits_from="MNIST",
        largest_difference=6e-8,
        accuracy=0.9938,
        exported_accuracy=0.99375,
    )
    words = exported_in_words(exported)
    assert words.startswith("Written to /home/me: a.tflite, a.json and a.tflite.README.md. ")
    assert "1,000 images (MNIST): no probability differs by more than 0.00000006." in words
    assert words.endswith("99.38 % right, before the export 99.38 %.")
    without = msgspec.structs.replace(exported, accuracy=None, largest_difference=7.2e-7)
    assert exported_in_words(without).endswith("0.0000008.")
    alone = msgspec.structs.replace(exported, target="onnx", file="/a/b.onnx", readme="")
    assert exported_in_words(alone).startswith("Written to /a: b.onnx. ")
