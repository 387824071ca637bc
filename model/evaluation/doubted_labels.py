"""Doubtful labels: test images whose label most of five readers did not confirm."""

DOUBTED_MNIST_TEST = frozenset(
    {
        947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729,
    }
)  # fmt: skip
"""Indices in MNIST's test part, counted from 0.

C. Northcutt, A. Athalye, J. Mueller, "Pervasive label errors in test sets destabilize machine
learning benchmarks", NeurIPS 2021 Datasets and Benchmarks. Five people looked at each image that a
network found doubtful; these are the 15 whose label fewer than three of them confirmed.
"""


def doubted_test_labels(dataset: str) -> frozenset[int]:
    """Return the indices of a data set's test images whose labels are doubted."""
    return DOUBTED_MNIST_TEST if dataset == "mnist" else frozenset()
