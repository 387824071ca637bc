"""The usual names of images and labels in `.npz` files."""

from collections.abc import Sequence
from dataclasses import dataclass

TRAIN_PAIRS = (
    ("x_train", "y_train"),
    ("train_images", "train_labels"),
    ("train_x", "train_y"),
    ("images_train", "labels_train"),
    ("train_data", "train_labels"),
    ("trainx", "trainy"),
    ("xtrain", "ytrain"),
    ("images", "labels"),
    ("data", "target"),
    ("data", "labels"),
    ("x", "y"),
    ("arr_0", "arr_1"),
)
"""Names of images and labels to train with, in small letters, the most usual first."""

TEST_PAIRS = (
    ("x_test", "y_test"),
    ("test_images", "test_labels"),
    ("test_x", "test_y"),
    ("images_test", "labels_test"),
    ("test_data", "test_labels"),
    ("testx", "testy"),
    ("xtest", "ytest"),
    ("x_val", "y_val"),
)
"""Names of images and labels of a test split."""

CLASS_NAMES = ("class_names", "classes", "target_names", "label_names")


@dataclass(frozen=True)
class ArrayNames:
    """The names of the arrays that hold images and labels.

    Attributes:
        train: Names of the images and of the labels to train with.
        test: Names of the images and of the labels of the test split; None if there is none.
        class_names: Name of the array of class names; empty if there is none.
    """

    train: tuple[str, str]
    test: tuple[str, str] | None
    class_names: str

    @property
    def all(self) -> tuple[str, ...]:
        """All of the names."""
        return (*self.train, *(self.test or ()), *filter(None, [self.class_names]))


def find_array_names(names: Sequence[str]) -> ArrayNames | None:
    """Find the arrays of a data set by their names; None if they are not known."""
    by_plain = {name.casefold(): name for name in reversed(names)}
    train = _first_pair(by_plain, TRAIN_PAIRS)
    if train is None:
        return None
    classes = next((by_plain[name] for name in CLASS_NAMES if name in by_plain), "")
    return ArrayNames(train, _first_pair(by_plain, TEST_PAIRS), classes)


def _first_pair(
    by_plain: dict[str, str], pairs: Sequence[tuple[str, str]]
) -> tuple[str, str] | None:
    for images, labels in pairs:
        if images in by_plain and labels in by_plain:
            return by_plain[images], by_plain[labels]
    return None
