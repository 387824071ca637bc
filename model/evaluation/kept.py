"""Evaluations kept in the cache: a second look at the same model and data is instant."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import msgspec

from model.data.datasets import DATASETS
from model.errors import DigitpadError
from model.evaluation.comparison import ModelComparison
from model.evaluation.numbers_report import NumbersReport
from model.evaluation.report import EvaluationReport
from model.evaluation.robustness import RobustnessCurve
from model.evaluation.wrong_pictures import WrongPicture
from model.files.atomic_file import write_atomically
from model.files.paths import cache_folder
from model.files.whole_files import read_whole
from model.metadata import EpochFigures, ModelMetadata

MAX_BYTES = 64 << 20
MOST_FILES = 20_000
"""Most files of a folder that are checked for changes."""

_VERSION = 4


class TrainingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How a model was trained, as its file says.

    Attributes:
        recipe: The recipe's fields as JSON-ready values; empty if unknown.
        dataset: Name of the data set.
        began_with: SHA-256 of the model file that the run started from; empty for fresh weights.
        began_with_name: What that file was called then.
        history: One row an epoch.
        device: Where it was trained.
        created: UTC time, ISO 8601.
        parameters: Number of weights.
        versions: Package name to version.
    """

    recipe: dict[str, object] = {}
    dataset: str = ""
    began_with: str = ""
    began_with_name: str = ""
    history: tuple[EpochFigures, ...] = ()
    device: str = ""
    created: str = ""
    parameters: int = 0
    versions: dict[str, str] = {}

    @classmethod
    def of(cls, metadata: ModelMetadata) -> "TrainingRecord":
        """Return the facts of a model's training from its record."""
        return cls(
            recipe=metadata.recipe,
            dataset=metadata.dataset,
            began_with=metadata.began_with,
            began_with_name=metadata.began_with_name,
            history=metadata.history,
            device=metadata.device,
            created=metadata.created,
            parameters=metadata.parameters,
            versions=metadata.versions,
        )


class Evaluation(msgspec.Struct, frozen=True, kw_only=True, tag="images"):
    """The evaluation of a model on data, with pictures, curves and a comparison.

    Attributes:
        title: The data's, on the screen.
        is_test: Whether the images are a test split.
        report: The figures.
        pictures: Of the first wrong answers of the report, in their order.
        curves: Accuracy against each disturbance; empty if it was not measured.
        second_curves: The same of the second model, in the same order; empty if there are none.
        compared_with: Name of the second model; empty if there is none.
        comparison: The second model's answers beside the first one's; None if there is none.
        training: How the model was trained.
        version: Of this format.
    """

    title: str
    is_test: bool
    report: EvaluationReport
    pictures: tuple[WrongPicture, ...] = ()
    curves: tuple[RobustnessCurve, ...] = ()
    second_curves: tuple[RobustnessCurve, ...] = ()
    compared_with: str = ""
    comparison: ModelComparison | None = None
    training: TrainingRecord = TrainingRecord()
    version: int = _VERSION

    def with_names(self, model: str, compared_with: str) -> "Evaluation":
        """Return the same with the names that the models have now."""
        report = msgspec.structs.replace(self.report, model=model)
        return msgspec.structs.replace(self, report=report, compared_with=compared_with)


class NumbersEvaluation(msgspec.Struct, frozen=True, kw_only=True, tag="numbers"):
    """The evaluation of a model on numbers.

    Attributes:
        title: The data's, on the screen.
        report: The figures.
        version: Of this format.
    """

    title: str
    report: NumbersReport
    version: int = _VERSION

    def with_names(self, model: str, _compared_with: str) -> "NumbersEvaluation":
        """Return the same with the name that the model has now."""
        return msgspec.structs.replace(
            self, report=msgspec.structs.replace(self.report, model=model)
        )


AnyEvaluation: TypeAlias = Evaluation | NumbersEvaluation

_decoder: msgspec.msgpack.Decoder[AnyEvaluation] = msgspec.msgpack.Decoder(AnyEvaluation)


def evaluation_file(
    *, models: tuple[str, ...], dataset: str, has_curves: bool, data_sha256: str = ""
) -> Path:
    """Return where an evaluation is kept.

    The name changes with the models, and with the files of the user's own data.

    Args:
        models: Hashes of the model and of the one it is compared with.
        dataset: One of `DATASETS`, or the path of the user's own data.
        has_curves: Whether robustness is measured as well.
        data_sha256: Hash of the data, if neither name nor files change with them.
    """
    digest = hashlib.sha256()
    settings = (*models, dataset, str(has_curves), str(_VERSION), data_sha256)
    for part in (*settings, *_signature(dataset)):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return cache_folder() / "evaluations" / f"{digest.hexdigest()}.evaluation"


def keep_evaluation(path: Path, evaluation: AnyEvaluation) -> None:
    """Write an evaluation.

    Raises:
        OSError: If the cache can't be written.
    """
    write_atomically(path, msgspec.msgpack.encode(evaluation))


def kept_evaluation(path: Path) -> AnyEvaluation | None:
    """Read an evaluation; None if there is none that can be read."""
    try:
        return _decoder.decode(read_whole(path, max_bytes=MAX_BYTES))
    except (DigitpadError, OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _signature(dataset: str) -> Iterator[str]:
    """Yield values that change with the files of the user's own data."""
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
