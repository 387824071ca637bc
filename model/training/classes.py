"""The classes of data and of the network that a run starts from, matched by name."""

from dataclasses import replace

from model.data.datasets import Dataset
from model.data.labelled_images import LabelledImages, check_classes
from model.errors import DatasetError
from model.evaluation.class_matching import NO_MATCH, match_classes, model_labels


def with_classes_of(data: Dataset, class_names: tuple[str, ...]) -> Dataset:
    """Return data whose labels are indices into a network's classes.

    Args:
        data: To train with; it may hold images of some of the network's classes only.
        class_names: The network's classes.

    Raises:
        DatasetError: If a class of the data is none of the network's.
    """
    if data.class_names == class_names:
        return data
    matches = match_classes(data.class_names, class_names)
    unknown = [
        name for name, index in zip(data.class_names, matches, strict=True) if index == NO_MATCH
    ]
    if unknown:
        raise DatasetError(
            f"The network does not know the data's class {unknown[0]!r}; start with a fresh"
            " network, or choose other data."
        )
    train = LabelledImages(data.train_images, model_labels(data.train_labels, matches))
    check_classes(train, None, class_names, needs_every_class=False)
    tested = data.test_labels
    return replace(
        data,
        class_names=class_names,
        train_labels=train.labels,
        test_labels=None if tested is None else model_labels(tested, matches),
    )
