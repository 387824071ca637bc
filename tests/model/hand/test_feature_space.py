"""The small space in which drawings that are taken for alike lie in the same direction."""

import numpy as np

from model.hand.feature_space import DIMENSIONS, directions, fitted_space


def test_digits_have_a_mean_squared_length_of_one():
    features = np.random.default_rng(1).normal(3, 2, (300, 500)).astype(np.float32)
    space = fitted_space(features)
    assert space.axes.shape == (500, DIMENSIONS)
    coordinates = space.coordinates(features)
    assert np.isclose(np.square(coordinates).sum(axis=1).mean(), 1, atol=1e-3)
    assert np.allclose(coordinates.mean(axis=0), 0, atol=1e-4)
    assert np.allclose(np.linalg.norm(directions(coordinates), axis=1), 1, atol=1e-5)


def test_few_units_make_few_axes():
    """A network whose features are its ten logits, one of them the sum of the others."""
    features = np.random.default_rng(1).normal(0, 1, (200, 10)).astype(np.float32)
    features[:, 9] = features[:, :9].sum(axis=1)
    assert fitted_space(features).axes.shape == (10, 9)


def test_features_that_never_change_are_no_error():
    space = fitted_space(np.ones((50, 20), np.float32))
    found = directions(space.coordinates(np.ones((2, 20), np.float32)))
    assert np.isfinite(found).all()


def test_another_space_has_another_fingerprint():
    features = np.random.default_rng(1).normal(0, 1, (100, 30)).astype(np.float32)
    assert fitted_space(features).fingerprint == fitted_space(features.copy()).fingerprint
    assert fitted_space(features).fingerprint != fitted_space(features * 2 + 1).fingerprint


def test_one_digit_lies_where_it_lies_among_others():
    features = np.random.default_rng(1).normal(0, 1, (100, 30)).astype(np.float32)
    features[features < 0] = 0  # as of rectified units
    space = fitted_space(features)
    together = space.coordinates(features)
    alone = np.concatenate([space.coordinates(features[i : i + 1]) for i in range(100)])
    assert np.allclose(alone, together, atol=1e-5)
