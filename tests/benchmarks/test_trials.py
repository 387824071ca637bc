"""An experiment from its data to its row, on digits that are learned in a moment."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from model.data.datasets import Dataset
from model.model_files.inspection import inspect_model_file
from model.recipes import RECIPES

keras = pytest.importorskip("keras")

from mix_parts import Mix, shown, validation_mask  # noqa: E402  # after the check for Keras
from trial_rows import validation_digits  # noqa: E402
from trials import Trial, train  # noqa: E402

from model.training.devices import Device  # noqa: E402
from model.training.networks import build_network  # noqa: E402


def bars() -> Mix:
    """Images with a bar whose place is the class; the fourth source is of none."""
    random = np.random.default_rng(1)
    sources = np.repeat(np.arange(5), 160)
    labels = np.where(sources == 3, -1, np.arange(800) % 10)
    images = random.integers(0, 40, (800, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        if label >= 0:
            image[4:24, 3 + 2 * label : 5 + 2 * label] = 255
    groups = np.arange(800) // 4
    data = Dataset(
        name="bars",
        title="Bars",
        train_images=images,
        train_labels=labels,
        test_images=images[:30],
        test_labels=labels[:30],
        class_names=tuple("0123456789"),
        sha256="of bars",
        train_groups=groups,
    )
    return Mix(data, sources, validation_mask(sources, groups))


@pytest.mark.parametrize(
    ("options", "share"),
    [({}, RECIPES["bundled"].augmentation_off_fraction), ({"augmentation_off_fraction": 0.0}, 0.0)],
)
def test_a_trial_ends_augmentation_like_the_recipe_or_as_it_is_told(
    options: dict[str, float], share: float, tmp_path: Path
) -> None:
    mix = bars()
    trial = Trial(
        name="bars",
        mix=mix,
        learned=mix.learned(),
        validation=mix.validation(),
        epochs=1,
        **options,
    )
    train(trial, lambda: build_network("dense128"), device=Device("cpu", "CPU"), folder=tmp_path)
    recipe = inspect_model_file(tmp_path / "bars.keras").metadata.recipe
    assert recipe["augmentation_off_fraction"] == share


def test_a_trial_trains_keeps_and_measures(tmp_path: Path) -> None:
    mix = bars()
    trial = Trial(
        name="trials/bars",
        mix=mix,
        learned=shown(mix.learned(), 1000),
        validation=mix.validation(),
        epochs=3,
    )
    network = build_network("dense128")
    tried = train(trial, lambda: network, device=Device("cpu", "CPU"), folder=tmp_path)
    assert (tried.training.epochs, tried.training.images, tried.training.steps) == (3, 1000, 24)
    assert tried.training.mix_sha256 == "of bars"
    assert tried.training.versions.keys() >= {"keras", "ai-edge-litert"}
    kept = inspect_model_file(tmp_path / "trials" / "bars.keras")
    assert kept.parameters == network.count_params()
    assert kept.metadata.dataset == "part of bars"
    unmapped = msgspec.structs.replace(tried.recognizer.metadata, network_map=None)
    assert unmapped == kept.metadata
    row = validation_digits(mix, tried.recognizer)
    assert row.digits == len(
        mix.validation(["mnist", "pen digits", "built-in strokes", "pictures"])
    )
    assert row.right > 0.3
    assert row.loss < np.log(10)
