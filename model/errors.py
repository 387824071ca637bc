"""Errors whose message is a sentence for the user.

Everything that can go wrong because of input, files, data or the machine raises a
`DigitpadError`; anything else that escapes is a bug.
"""

import errno

_REASONS = {
    errno.ENOENT: "it was moved, renamed or deleted",
    errno.EACCES: "you have no right to it",
    errno.EPERM: "you have no right to it",
    errno.ENOSPC: "the disk is full",
    errno.EROFS: "its disk can only be read",
}


class DigitpadError(Exception):
    """A failure the user can act on.

    Attributes:
        sentence: One sentence, with what is wrong and what to do.
        detail: Technical detail for the log and for "copy details"; may be empty.
    """

    def __init__(self, sentence: str, *, detail: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.detail = detail


def system_sentence(error: OSError) -> str:
    """Return one sentence for an error of the system, with the file or folder that it is about."""
    what = f" to use {error.filename}" if error.filename else ""
    return f"The system refused{what}: {error.strerror or error}."


def system_reason(error: OSError) -> str:
    """Return in plain words why the system refused a file, for the end of a sentence."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


class StrokesError(DigitpadError):
    """Strokes, or a strokes file, that cannot be drawn."""


class PictureError(DigitpadError):
    """A picture that cannot be read or holds nothing to recognise."""


class UnknownKindError(PictureError):
    """A file that is not known to be of any kind, opened as a picture."""


class ModelFileError(DigitpadError):
    """A model file that is damaged, refused, or not a model at all."""


class DatasetError(DigitpadError):
    """Data that is missing, damaged, or does not fit the recipe."""


class RecipeError(DigitpadError):
    """Training settings that cannot work."""


class TrainingError(DigitpadError):
    """A run that could not go on."""


class FolderError(DigitpadError):
    """A folder of Digitpad's own that cannot be written."""


class UserDatabaseError(DigitpadError):
    """The user's database cannot be read or written; what is in it is as it was."""


class HandError(DigitpadError):
    """A hand that is not there, or drawings that cannot be learnt from."""


class ActivationsError(DigitpadError):
    """Activations that are too many, or can't be written."""


class ExplanationError(DigitpadError):
    """An answer that can't be explained."""
