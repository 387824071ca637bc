"""Which file a model came from. No Qt."""

from collections.abc import Iterable
from pathlib import Path

from app.recognition.current_model import ModelInUse
from model.errors import ModelFileError
from model.model_files.model_file import file_sha256


def file_of(model: ModelInUse, candidates: Iterable[Path]) -> Path | None:
    """Return the file that a model was converted from; None where none of the candidates is.

    Files are told by their hash: a name may have been taken by another file since.
    """
    wanted = getattr(model.recognizer, "source_sha256", "")
    return next((path for path in candidates if wanted and _hash_of(path) == wanted), None)


def _hash_of(path: Path) -> str:
    """Return a file's hash; an empty string where it is gone or may not be read."""
    try:
        return file_sha256(path)
    except ModelFileError:
        return ""
