"""The rows of the table of models."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ModelRow:
    """One row of the table.

    Attributes:
        key: Identifies the model: the path of its file.
        name: Its name as shown.
        origin: Where it is from, such as "trained".
        accuracy: In [0, 1]; None if none is known.
        measured_on: The data of the accuracy, such as "MNIST"; empty without one.
        weights: How many; 0 if that is unknown.
        created: When it was saved, ISO 8601; empty if that is unknown.
        date: The same in words.
        problem: Why it can't be used, in two or three words; empty if it can.
        tip: For the hover.
        is_own: Whether it can be renamed and deleted.
        is_listed_only: Whether it lies elsewhere, so that it can only leave the list.
    """

    key: str
    name: str
    origin: str
    accuracy: float | None = None
    measured_on: str = ""
    weights: int = 0
    created: str = ""
    date: str = ""
    problem: str = ""
    tip: str = ""
    is_own: bool = False
    is_listed_only: bool = False

    @property
    def accuracy_in_words(self) -> str:
        """The accuracy with its data, or what is wrong with the file."""
        if self.problem or self.accuracy is None:
            return self.problem
        return f"{self.accuracy * 100:.2f} % · {self.measured_on}"
