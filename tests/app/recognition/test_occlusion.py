"""Which parts an answer rests on."""

import numpy as np

from app.recognition.occlusion import PATCHES, occluded, occlusion_map
from model.ink import empty_ink, ink_from_strokes
from model.recognizer import Recognition
from model.verdicts import Verdict

NAMES = ("left", "right")


class LooksLeft:
    """Is as sure of "left" as there is ink in the upper left corner."""

    def recognize_batch(self, inks):
        shares = np.clip(inks[:, :8, :8].sum(axis=(1, 2)) / 80, 0.2, 0.9)
        return [
            Recognition(np.array([share, 1 - share], np.float32), NAMES, Verdict.DIGIT)
            for share in shares
        ]


def test_each_patch_is_occluded_once_with_its_margin():
    ink = np.ones_like(empty_ink())
    inks = occluded(ink)
    assert inks.shape == (PATCHES**2, 28, 28)
    assert (inks == 0).any(axis=0).all()
    assert not inks[0, :6, :6].any()
    assert inks[0, 6:, :].all()
    assert ink.all()  # not changed in place


def test_saliency_is_high_where_the_network_looks():
    ink = np.ones_like(empty_ink())
    saliency = occlusion_map(LooksLeft(), ink)
    assert saliency.shape == (PATCHES, PATCHES)
    assert saliency.max() == 1
    assert saliency[4:, 4:].max() == 0


def test_nothing_matters_where_nothing_changes_the_answer():
    saliency = occlusion_map(LooksLeft(), ink_from_strokes([[(0, 0), (0, 1)]]) * 0)
    assert not saliency.any()
