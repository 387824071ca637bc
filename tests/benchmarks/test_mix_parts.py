"""What experiments train and validate on."""

from collections import Counter

import numpy as np
from mix_parts import SOURCES, Mix, shown, validation_mask

from model.data.datasets import Dataset


def made_mix() -> Mix:
    """Forty groups of ten images a source."""
    sources = np.repeat(np.arange(5), 400)
    groups = np.arange(2000) // 10
    labels = np.where(sources == 3, -1, np.arange(2000) % 10)
    data = Dataset(
        name="mix",
        title="Mix",
        train_images=np.zeros((2000, 28, 28), np.uint8),
        train_labels=labels,
        test_images=None,
        test_labels=None,
        class_names=tuple("0123456789"),
        sha256="",
        train_groups=groups,
    )
    return Mix(data, sources, validation_mask(sources, groups))


def test_every_source_has_whole_groups_in_validation() -> None:
    mix = made_mix()
    for number, source in enumerate(SOURCES):
        validation = mix.validation([source])
        assert len(validation) in (20, 50)
        assert set(mix.sources[validation]) == {number}
        assert set(Counter(mix.data.train_groups[validation]).values()) == {10}


def test_nothing_is_both_in_train_and_in_validation_and_nothing_is_lost() -> None:
    mix = made_mix()
    both = np.concatenate([mix.learned(), mix.validation()])
    assert np.array_equal(np.sort(both), np.arange(2000))


def test_what_is_validation_does_not_depend_on_the_sources_asked_for() -> None:
    mix = made_mix()
    apart = np.concatenate([mix.validation([source]) for source in SOURCES])
    assert np.array_equal(np.sort(apart), mix.validation())


def test_a_small_mix_is_shown_several_times_and_evenly() -> None:
    numbers = np.arange(100, 130)
    times = Counter(shown(numbers, 100).tolist())
    assert sum(times.values()) == 100
    assert times.keys() == set(numbers.tolist())
    assert set(times.values()) == {3, 4}


def test_of_a_large_mix_a_part_is_shown_once() -> None:
    seen = shown(np.arange(1000), 50)
    assert len(seen) == len(set(seen.tolist())) == 50
    assert seen.max() > 500
