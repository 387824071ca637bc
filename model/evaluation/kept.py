"""Evaluations kept in the cache: a second look at the same model and data is instant."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from model.data.datasets import DATASETS, Dataset
from model.errors import DigitpadError
from model.evaluation.comparison import ModelComparison
from model.evaluation.report import EvaluationReport
from model.evaluation.robustness import RobustnessCurve
from model.files.atomic_file import write_atomically
from model.files.paths import cache_folder
from model.files.whole_files import read_whole
from model.ink import INK_SIZE, Strokes, stroke_points

MOST_PICTURES = 1_000
"""Of more wrong answers only the surest are kept with their pictures."""

MAX_BYTES = 64 << 20
MOST_FILES = 20_000
"""Of a folder with more files only so many decide whether it has changed."""

_VERSION = 1


class WrongPicture(msgspec.Struct, frozen=True):
    """What a wrong answer was given to.

    Attributes:
        ink: 784 bytes, the image (28, 28) row by row; 255 is ink.
        strokes: Each stroke a list of (x, y), where it was drawn; empty if it is a picture.
    """

    ink: bytes
    strokes: tuple[tuple[tuple[float, float], ...], ...] = ()

    @property
    def image(self) -> npt.NDArray[np.uint8]:
        """The image: uint8 (28, 28), 255 is ink."""
        return np.frombuffer(self.ink, np.uint8).reshape(INK_SIZE, INK_SIZE)


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """A model measured on data, with all that is shown of it.

    Attributes:
        title: The data's, on the screen.
        is_test: Whether the images are a test split.
        report: The figures.
        pictures: Of the first wrong answers of the report, in their order.
        curves: Accuracy against each disturbance; empty if it was not measured.
        compared_with: Name of the second model; empty if there is none.
        comparison: The second model's answers beside the first one's; None if there is none.
        version: Of this format.
    """

    title: str
    is_test: bool
    report: EvaluationReport
    pictures: tuple[WrongPicture, ...] = ()
    curves: tuple[RobustnessCurve, ...] = ()
    compared_with: str = ""
    comparison: ModelComparison | None = None
    version: int = _VERSION


_decoder = msgspec.msgpack.Decoder(Evaluation)


def evaluation_file(*, models: tuple[str, ...], dataset: str, has_curves: bool) -> Path:
    """Return where an evaluation is kept.

    The name changes with the models, and with the files of the user's own data.

    Args:
        models: Hashes of the model and of the one it is compared with.
        dataset: One of `DATASETS`, or the path of the user's own data.
        has_curves: Whether robustness is measured as well.
    """
    digest = hashlib.sha256()
    for part in (*models, dataset, str(has_curves), str(_VERSION), *_signature(dataset)):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return cache_folder() / "evaluations" / f"{digest.hexdigest()}.evaluation"


def keep_evaluation(path: Path, evaluation: Evaluation) -> None:
    """Write an evaluation.

    Raises:
        OSError: If the cache can't be written.
    """
    write_atomically(path, msgspec.msgpack.encode(evaluation))


def kept_evaluation(path: Path) -> Evaluation | None:
    """Read an evaluation; None if there is none that can be read."""
    try:
        return _decoder.decode(read_whole(path, max_bytes=MAX_BYTES))
    except (DigitpadError, OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def wrong_pictures(
    report: EvaluationReport, data: Dataset, strokes: list[Strokes] | None
) -> tuple[WrongPicture, ...]:
    """Return what the surest wrong answers were given to.

    Args:
        report: The model's figures on the data.
        data: The data.
        strokes: Of each image of the measured split; None if it was not drawn.
    """
    images = data.train_images if data.test_images is None else data.test_images
    return tuple(
        WrongPicture(
            ink=images[row.index].tobytes(),
            strokes=() if strokes is None else _plain(strokes[row.index]),
        )
        for row in report.wrong[:MOST_PICTURES]
    )


def _plain(strokes: Strokes) -> tuple[tuple[tuple[float, float], ...], ...]:
    return tuple(
        tuple((float(x), float(y)) for x, y in stroke_points(stroke)) for stroke in strokes
    )


def _signature(dataset: str) -> Iterator[str]:
    """Yield what changes when the files of the user's own data do."""
    if dataset in DATASETS:
        return
    path = Path(dataset).expanduser()
    files = [path]
    if path.is_dir():
        files = sorted(file for _, file in zip(range(MOST_FILES), path.rglob("*"), strict=False))
    for file in files:
        try:
            about = file.stat()
        except OSError:
            continue
        yield f"{file} {about.st_size} {about.st_mtime_ns}"
