"""Handwriting: what differs between writers and devices."""

import dataclasses

import numpy as np

from model.synthesis.handwriting import Drawing, rewritten, write, write_paths
from model.synthesis.writers import MAX_ROTATION_DEG, MAX_SLANT_DEG, Writers, sample_writers


def steady(count: int, **changed: float) -> Writers:
    """Writers without any habit but the changed ones."""
    values = {field.name: np.zeros(count) for field in dataclasses.fields(Writers)}
    values |= {"width": np.ones(count), "density": np.full(count, 40.0)}
    values |= {"size_px": np.full(count, 100.0)}
    values |= {name: np.full(count, value) for name, value in changed.items()}
    values["is_whole_pixel"] = values["is_whole_pixel"].astype(bool)
    return Writers(**values)


def lean(drawing: Drawing) -> float:
    """Pixels to the right that a line gains on its way up."""
    points = np.concatenate(drawing)
    top, bottom = points[points[:, 1].argmin()], points[points[:, 1].argmax()]
    return float(top[0] - bottom[0])


def test_writers_keep_within_their_bounds() -> None:
    writers = sample_writers(4000, np.random.default_rng(0))
    assert np.degrees(np.arctan(np.abs(writers.slant))).max() <= MAX_SLANT_DEG + 1e-9
    assert np.degrees(np.abs(writers.rotation_rad)).max() <= MAX_ROTATION_DEG + 1e-9
    assert 0 < writers.is_whole_pixel.mean() < 1
    assert writers.density.max() / writers.density.min() > 8


def test_less_freedom_leans_less() -> None:
    free, bound = (sample_writers(2000, np.random.default_rng(1), f) for f in (1.0, 0.5))
    assert np.abs(bound.slant).max() < 0.6 * np.abs(free.slant).max()
    assert np.log(bound.width).std() < 0.6 * np.log(free.width).std()


def test_slant_leans_uprights_to_the_right() -> None:
    rng = np.random.default_rng(2)
    upright, leaning = (write("50,0 50,100", steady(20, slant=s), rng) for s in (0.0, 0.4))
    assert abs(np.median([lean(drawing) for drawing in upright])) < 5
    assert np.median([lean(drawing) for drawing in leaning]) > 30


def test_devices_that_report_whole_pixels_do() -> None:
    drawings = write("50,0 20,50 50,100", steady(5, is_whole_pixel=1), np.random.default_rng(3))
    for drawing in drawings:
        for stroke in drawing:
            assert (stroke == np.round(stroke)).all()


def test_a_denser_device_reports_more_points() -> None:
    rng = np.random.default_rng(4)
    sparse, dense = (write("50,0 50,100", steady(9, density=d), rng) for d in (10.0, 80.0))
    assert np.median([len(d[0]) for d in dense]) > 5 * np.median([len(s[0]) for s in sparse])


def test_rounding_cuts_a_corner() -> None:
    rng = np.random.default_rng(5)
    corner = "0,0 100,0! 100,100"

    def reach(rounding: float) -> float:
        drawings = write(corner, steady(30, rounding=rounding), rng)
        sums = []
        for drawing in drawings:
            points = np.concatenate(drawing)
            right, top = points[:, 0].max(), points[:, 1].min()
            sums.append(np.abs(points - [right, top]).sum(axis=1).min())
        return float(np.median(sums))

    assert reach(0.06) > reach(0.0) + 2


def test_lines_of_ones_own_are_written_too() -> None:
    share = np.linspace(-0.5, 0.5, 90)
    paths = np.stack([share, np.zeros(90)], axis=-1)[np.newaxis, np.newaxis]
    drawings = write_paths(np.repeat(paths, 4, axis=0), steady(4), np.random.default_rng(6))
    assert len(drawings) == 4
    for drawing in drawings:
        width, height = np.ptp(np.concatenate(drawing), axis=0)
        assert width > 70
        assert height < 15


def test_a_real_drawing_is_written_anew_with_as_many_points() -> None:
    drawing = [[[10, 20], [10, 60], [14, 100]], [[0, 60], [30, 62]]]
    again = rewritten(drawing, np.random.default_rng(7))
    assert [stroke.shape for stroke in again] == [(3, 2), (2, 2)]
    assert np.isfinite(np.concatenate(again)).all()
    height = np.ptp(np.concatenate(again)[:, 1])
    assert 60 < height < 120
    assert not np.allclose(np.diff(again[0], axis=0), np.diff(drawing[0], axis=0))


def test_a_dot_is_written_anew_as_a_dot() -> None:
    (dot,) = rewritten([[[5, 5]]], np.random.default_rng(8))
    assert dot.shape == (1, 2)
    assert np.isfinite(dot).all()
