"""The effect of each piece's ink on an answer, by leaving out pieces and asking again.

A linear model is fitted to the log margins of subsets of pieces: how much the answer's log
probability lies above another class's. Its coefficients are the pieces' weights (as in LIME:
Ribeiro, Singh, Guestrin, "Why should I trust you?", 2016). A drawing's subsets are those without
one piece and without a few neighbouring ones, which are more plausible than scattered
ones; on the pen digits, random subsets beside them do not improve the order of the pieces.
"""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

KEPT = 0.7
"""The probability with which a piece is in a random subset."""

RIDGE = 4.0
"""Keeps weights small where two pieces were nearly always in or out together."""

MOST_MARGIN = 12.0
"""Log margins are clipped to this: beyond it, their size carries no information."""

_SEED = 60


def random_subsets(pieces: int, count: int) -> npt.NDArray[np.bool_]:
    """Return which pieces are kept, bool (count, pieces), the same for each drawing."""
    random = np.random.default_rng(_SEED)
    return random.random((count, pieces)) < KEPT


def piece_weights(
    probabilities: Array, kept: npt.NDArray[np.bool_], *, answer: int, against: int
) -> Array:
    """Fit the effect of each piece on an answer against another class.

    Args:
        probabilities: float32 (subsets, classes): what was answered to each subset.
        kept: bool (subsets, pieces).
        answer: The class that was answered to the whole drawing.
        against: The other class.

    Returns:
        float32 (pieces,): what each one's ink adds to the log margin.
    """
    pieces = kept.shape[1]
    margins = log_margins(probabilities, answer=answer, against=against)  # (subsets,)
    rows = kept.astype(np.float64) - kept.mean(axis=0)
    squares = rows.T @ rows + RIDGE * np.eye(pieces)
    weights = np.linalg.solve(squares, rows.T @ (margins - margins.mean()))
    return weights.astype(np.float32)


def log_margins(probabilities: Array, *, answer: int, against: int) -> npt.NDArray[np.float64]:
    """Return how far the answer's log probability lies above another class's, (batch,)."""
    logs = np.log(np.maximum(probabilities.astype(np.float64), 1e-30))
    margins: npt.NDArray[np.float64] = logs[:, answer] - logs[:, against]
    return np.clip(margins, -MOST_MARGIN, MOST_MARGIN)
