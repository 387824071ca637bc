"""Makes `assets/training_digits.npz`: training digits as the bundled network sees them.

    python benchmarks/training_digits.py --data FOLDER

The digits are the pen digits' training split without the doubtful ones, and built-in strokes up to
ten thousand. Their features are the bundled network's, averaged over a grid of 2x2, brought to 64
numbers by a principal component analysis, and rounded to whole numbers. Run it after a new network
is bundled.
"""

import argparse
from pathlib import Path

import numpy as np

from model.activations.watched_network import WatchedNetwork
from model.data.pen_digits import read_pen_drawings
from model.explain.neighbours import ASSET, own_distances, pooled_features, unit_length
from model.ink import BOX_SIZE, ink_from_strokes, stroke_points
from model.synthesis.builtin_strokes import generate

DIGITS = 10_000
COMPONENTS = 64
SEED = 20
TOLERANCE_PX = 0.35
"""How far a stroke may move where points are left out, in pixels of the ink image."""


def training_drawings(folder: Path) -> tuple[list[list[np.ndarray]], np.ndarray, np.ndarray]:
    """Return drawings, uint8 labels, and uint8 sources: 0 pen digits, 1 built-in strokes."""
    pen = read_pen_drawings(folder)
    made, made_labels, _ = generate(DIGITS - len(pen), SEED)
    drawings = [
        [stroke_points(stroke) for stroke in strokes if len(stroke)]
        for strokes in [*(row.strokes for row in pen), *made]
    ]
    labels = np.concatenate([[int(row.label) for row in pen], made_labels]).astype(np.uint8)
    sources = np.repeat([0, 1], [len(pen), len(made)]).astype(np.uint8)
    return drawings, labels, sources


def packed(drawing: list[np.ndarray]) -> list[np.ndarray]:
    """Bring a drawing into [0, 255] and leave out points on straight lines."""
    everything = np.concatenate(drawing)
    lowest = everything.min(axis=0)
    extent = max(float(np.ptp(everything, axis=0).max()), 1e-9)
    tolerance = TOLERANCE_PX / BOX_SIZE
    return [
        np.round(255 * simplified((stroke - lowest) / extent, tolerance)).astype(np.uint8)
        for stroke in drawing
    ]


def simplified(points: np.ndarray, tolerance: float) -> np.ndarray:
    """Leave out points that lie close to the line between those kept (Douglas and Peucker)."""
    kept = np.zeros(len(points), bool)
    kept[[0, -1]] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        distances = distances_from_line(points[first + 1 : last], points[first], points[last])
        furthest = int(distances.argmax())
        if distances[furthest] > tolerance:
            middle = first + 1 + furthest
            kept[middle] = True
            spans += [(first, middle), (middle, last)]
    return points[kept]


def distances_from_line(points: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return how far points (points, 2) are from the line between two others."""
    way = end - start
    part = np.clip((points - start) @ way / max(float(way @ way), 1e-12), 0, 1)
    return np.hypot(*(points - start - part[:, np.newaxis] * way).T)


def main() -> None:
    """Write the asset."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the pen digits")
    drawings, labels, sources = training_drawings(parser.parse_args().data)
    network = WatchedNetwork.bundled()
    inks = np.stack([ink_from_strokes(drawing) for drawing in drawings])
    pooled = pooled_features(network, inks)
    mean = pooled.mean(axis=0)
    _, vectors = np.linalg.eigh(np.cov(pooled.T))
    projection = vectors[:, ::-1][:, :COMPONENTS].astype(np.float16)
    features = (pooled - mean) @ projection.astype(np.float32)
    rounded = np.round(127 * features / np.abs(features).max(axis=1, keepdims=True))
    small = [packed(drawing) for drawing in drawings]
    np.savez_compressed(
        ASSET,
        features=rounded.astype(np.int8),
        labels=labels,
        sources=sources,
        points=np.concatenate([stroke for drawing in small for stroke in drawing]),
        lengths=np.array([len(stroke) for drawing in small for stroke in drawing], np.uint16),
        strokes=np.array([len(drawing) for drawing in small], np.uint16),
        mean=mean.astype(np.float32),
        projection=projection,
        distances=np.quantile(own_distances(unit_length(rounded)), np.linspace(0, 1, 1001)).astype(
            np.float32
        ),
        network=np.array(network.source_sha256),
    )
    tenth = np.arange(0, len(labels), 10)
    directions = unit_length(rounded)
    similar = directions[tenth] @ directions.T
    np.put_along_axis(similar, tenth[:, np.newaxis], -1, axis=1)  # without the digit itself
    agreement = np.mean(labels[similar.argmax(axis=1)] == labels[tenth])
    print(f"{ASSET.name}: {len(labels)} digits, {ASSET.stat().st_size:,} bytes")
    print(f"the nearest other digit has the same label: {agreement:.2%}")


if __name__ == "__main__":
    main()
