"""The model that was in use when the last window ended, whether it was closed or killed. No Qt."""

from pathlib import Path

from app.models.library import ModelLibrary, missing_words
from app.models.words import short_details
from app.recognition.current_model import BUNDLED_NAME, LoadedModel
from model.errors import ModelFileError
from model.metadata import shown_name
from model.model_files.model_file import converted_model_of, file_sha256
from model.recognizer import Recognizer

INSTEAD = f"the {BUNDLED_NAME} answers instead"


def remembered_model(path: Path, sha256: str, library: ModelLibrary) -> LoadedModel:
    """Load the model that was in use, by its file's hash; call it in a thread.

    Args:
        path: Where its file was; it may have another name in the library by now.
        sha256: The file's hash; another file of that name is another model.
        library: Where else the file may be.

    Raises:
        ModelFileError: If the file is gone or another one, or its converted network is.
    """
    name = shown_name(path.stem)
    file = path if path.is_file() else library.file_of(sha256)
    if file is None:
        raise ModelFileError(f"{missing_words(name, is_replaced=False)}; {INSTEAD}.")
    if file_sha256(file) != sha256:
        raise ModelFileError(f"{missing_words(name, is_replaced=True)}; {INSTEAD}.")
    litert_file = converted_model_of(sha256)
    if litert_file is None:
        raise ModelFileError(f"{name} has to be opened again under Models; {INSTEAD}.")
    recognizer = Recognizer.from_files(litert_file)
    return LoadedModel(recognizer, shown_name(file.stem), short_details(recognizer.metadata), file)
