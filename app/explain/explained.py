"""What the lens shows of one drawing, computed outside the window's thread. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image

from app.drawing.drawing import Picture
from app.explain.promises import Promises
from app.explain.subject import Box, Subject
from model.errors import PictureError
from model.verdicts import Verdict

if TYPE_CHECKING:  # importing them for real would load the runtime before the window is shown
    from model.explain.explanation import Explanation
    from model.explain.neighbours import Neighbours, Resemblance
    from model.explain.picture_pieces import PictureExplanation
    from model.recognizer import Recognition, Recognizer

Strokes = tuple[npt.NDArray[np.float64], ...]

_SHOWN_PX = 112

NEAR_ZERO = 0.1
"""A part with a smaller weight changes the odds by about a tenth at most."""

FAINTEST = 0.25
"""Ink that is fainter is no edge of a digit: a faint rim comes from shrinking."""


@dataclass(frozen=True, eq=False)
class StepPicture:
    """One picture of the steps to the ink image.

    Attributes:
        title: Two or three words.
        text: One sentence.
        ink: float32 (height, width) in [0, 1], 1 is ink.
        box: Left, top, right, bottom of a frame, as fractions of the picture; None without one.
        point: A place to mark, as fractions; None without one.
    """

    title: str
    text: str
    ink: npt.NDArray[np.float32]
    box: tuple[float, float, float, float] | None = None
    point: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class PictureInk:
    """The ink of the digit that is explained, as it lies on the picture.

    Attributes:
        place: Left, top, width and height of the ink, in pixels of the picture.
        levels: float32 (height, width) in [0, 1]: how much ink each part of the place has.
    """

    place: Box
    levels: npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Explained:
    """An explanation of strokes or of a picture, and what goes with it.

    Attributes:
        of_strokes: Pieces of strokes, where strokes are drawn.
        of_picture: Spots of ink, where a picture is shown.
        steps: From the page to the ink image.
        resemblance: None until the training digits are compared.
        drawn: The strokes that are explained, float64 (points, 2) in page units.
        picture_ink: The digit's ink on a picture; None if it is unknown where.
    """

    of_strokes: "Explanation | None"
    of_picture: "PictureExplanation | None"
    steps: tuple[StepPicture, ...]
    resemblance: "Resemblance | None"
    drawn: Strokes = field(default=())
    picture_ink: PictureInk | None = None

    @property
    def recognition(self) -> "Recognition":
        """The answer."""
        return self._explanation.recognition

    @property
    def against(self) -> int:
        """The class that the answer is weighed against."""
        return self._explanation.against

    @property
    def parts(self) -> "tuple[tuple[float, Recognition], ...]":
        """Weight of each piece or spot, and the answer without it."""
        if self.of_strokes is not None:
            return tuple((each.weight, each.without) for each in self.of_strokes.pieces)
        if self.of_picture is None:
            return ()
        weights = self.of_picture.weights.tolist()
        return tuple(zip(weights, self.of_picture.without, strict=True))

    @property
    def is_flat(self) -> bool:
        """Whether the drawing is refused, and no part speaks for or against any class."""
        weights = [abs(weight) for weight, _ in self.parts]
        return not _is_read(self.recognition) and max(weights, default=0.0) < NEAR_ZERO

    @property
    def part_name(self) -> str:
        """The title of a part."""
        return "piece" if self.of_strokes is not None else "spot"

    @property
    def _explanation(self) -> "Explanation | PictureExplanation":
        found = self.of_strokes or self.of_picture
        if found is None:
            raise ValueError("an explanation of nothing")
        return found

    def is_unsearched(self, target: int | None) -> bool:
        """Return whether to search for a stroke that changes the answer, as none is found yet.

        Args:
            target: The class that the drawing has to become; None for any other.
        """
        found = self.of_strokes
        return (
            found is not None
            and not found.is_thorough
            and target != found.recognition.digit
            and not found.has_stroke_towards(target)
        )


def searched_thoroughly(
    recognizer: "Recognizer", explained: Explained, subject: Subject, target: int | None
) -> Explained:
    """Search longer for a stroke that turns the digit into another class.

    Args:
        recognizer: Not used by another thread meanwhile.
        explained: What was found so far.
        subject: The digit that was explained.
        target: The class to turn it into; None for any other than the answer.
    """
    from model.explain.explanation import search_thoroughly

    if explained.of_strokes is None:
        return explained
    accepts = Promises(recognizer, subject).accept
    found = search_thoroughly(
        recognizer, explained.drawn, explained.of_strokes, target=target, accepts=accepts
    )
    return replace(explained, of_strokes=without_idle_changes(found))


def without_idle_changes(found: "Explanation") -> "Explanation":
    """Leave out changes that say nothing: they lead from what is no digit to what is none.

    Of changes that make a digit none, one is enough.
    """
    missing = [each for each in found.missing if _is_read(each.recognition)]
    deciding = found.deciding
    if _is_read(found.recognition):
        missing += [each for each in found.missing if not _is_read(each.recognition)][:1]
    elif deciding is not None and not _is_read(deciding.recognition):
        deciding = None
    return replace(found, missing=tuple(missing), deciding=deciding)


def _is_read(recognition: "Recognition") -> bool:
    return recognition.verdict is not Verdict.NOT_A_DIGIT


def explained_strokes(
    recognizer: "Recognizer", subject: Subject, against: int | None, neighbours: "Neighbours | None"
) -> Explained:
    """Explain strokes.

    Args:
        recognizer: Not used by another thread meanwhile.
        subject: Its strokes have at least one point.
        against: The class to weigh the answer against; None for the runner-up.
        neighbours: The training digits; None if they are not ready.
    """
    from model.explain.explanation import explain

    strokes = subject.strokes
    accepts = Promises(recognizer, subject).accept
    found = without_idle_changes(explain(recognizer, strokes, against=against, accepts=accepts))
    resemblance = neighbours.of(found.steps.ink) if neighbours is not None else None
    return Explained(found, None, _stroke_steps(strokes, found), resemblance, strokes)


def explained_picture(
    recognizer: "Recognizer",
    picture: Picture,
    against: int | None,
    neighbours: "Neighbours | None",
    box: Box | None = None,
) -> Explained:
    """Explain the answer to a picture; the arguments are those of `explained_strokes`.

    Args:
        recognizer: Not used by another thread meanwhile.
        picture: With the ink of the digit that is explained.
        against: As above.
        neighbours: As above.
        box: Where that digit stands on the picture; None if it is the only one.
    """
    from model.explain.picture_pieces import explain_ink

    found = explain_ink(recognizer, picture.ink, against=against)
    resemblance = neighbours.of(picture.ink) if neighbours is not None else None
    steps, found_ink = _picture_steps(picture, box)
    picture_ink = _ink_of_pixels(picture) or found_ink
    return Explained(None, found, steps, resemblance, picture_ink=picture_ink)


def inked_box(ink: npt.NDArray[np.float32]) -> tuple[int, int, int, int]:
    """Return left, top, width and height of an ink image's digit, in pixels, without a faint rim.

    Args:
        ink: float32 (28, 28) in [0, 1], not empty.
    """
    rows, columns = np.nonzero(ink > FAINTEST * ink.max())
    left, top = int(columns.min()), int(rows.min())
    return left, top, int(columns.max()) + 1 - left, int(rows.max()) + 1 - top


def _ink_of_pixels(picture: Picture) -> PictureInk | None:
    """Return the ink, if the picture is the ink image itself, enlarged; else None."""
    side = picture.ink.shape[0]
    width, height = picture.image.size
    if width != height or width % side:
        return None
    pixels = picture.image.convert("L").resize((side, side), Image.Resampling.NEAREST)
    ink = 1 - np.asarray(pixels, np.float32) / np.float32(255)
    if not np.allclose(ink, picture.ink, atol=0.01):
        return None
    scale = width // side
    left, top, across, down = inked_box(picture.ink)
    place = (left * scale, top * scale, across * scale, down * scale)
    return PictureInk(place, _boxed(picture.ink).repeat(scale, axis=0).repeat(scale, axis=1))


def _stroke_steps(
    strokes: Sequence[npt.ArrayLike], found: "Explanation"
) -> tuple[StepPicture, ...]:
    steps = found.steps
    raster = steps.raster.astype(np.float32) / np.float32(255)
    size = steps.ink.shape[0]
    page, box = _page(strokes)
    edge = (size - 20) / 2 / size
    x, y = (each / size for each in steps.centre_of_mass)
    right, down = steps.shift
    return (
        StepPicture("Strokes", "What you drew, wherever on the pad and in any size.", page),
        StepPicture("Box", "The smallest box around it is found.", page, box=box),
        StepPicture(
            "Redrawn",
            "The box is brought to 20 × 20 and the strokes are drawn with the network's own pen.",
            raster,
            box=(edge, edge, 1 - edge, 1 - edge),
        ),
        StepPicture(
            "Centre of mass",
            f"Its centre of mass (the cross) goes to the middle: {_move(right, down)}.",
            raster,
            point=(x, y),
        ),
        StepPicture("28 × 28", "Grey levels of 28 × 28 pixels: all the network sees.", steps.ink),
    )


def _move(right: float, down: float) -> str:
    """Say how far the digit is moved, in pixels of the ink image."""
    across = f"{abs(right):.1f} px {'right' if right >= 0 else 'left'}"
    return f"{across}, {abs(down):.1f} px {'down' if down >= 0 else 'up'}"


def _page(
    strokes: Sequence[npt.ArrayLike],
) -> tuple[npt.NDArray[np.float32], tuple[float, float, float, float]]:
    """Draw strokes thinly where they lie on the page; return also their box, as fractions."""
    from PIL import ImageDraw

    from app.drawing.drawing import PAGE_SIDE

    side = _SHOWN_PX * 2
    arrays = [np.asarray(each, np.float64) for each in strokes]
    lowest = np.minimum(np.min([each.min(axis=0) for each in arrays], axis=0), -PAGE_SIDE / 2)
    highest = np.maximum(np.max([each.max(axis=0) for each in arrays], axis=0), PAGE_SIDE / 2)
    scale = (side - 8) / float((highest - lowest).max())
    placed = [(each - (lowest + highest) / 2) * scale + side / 2 for each in arrays]
    picture = Image.new("L", (side, side))
    draw = ImageDraw.Draw(picture)
    for points in placed:
        corners = [tuple(point) for point in points.tolist()]
        if len(corners) > 1:
            draw.line(corners, fill=255, width=5, joint="curve")
        for x, y in (corners[0], corners[-1]):
            draw.ellipse((x - 2, y - 2, x + 2, y + 2), fill=255)
    everything = np.concatenate(placed) / side
    (left, top), (right, bottom) = everything.min(axis=0), everything.max(axis=0)
    ink = np.asarray(picture, np.float32) / np.float32(255)
    return ink, (float(left), float(top), float(right), float(bottom))


def _picture_steps(
    picture: Picture, own_box: Box | None
) -> tuple[tuple[StepPicture, ...], PictureInk | None]:
    """Return the pictures, and the digit's ink.

    Args:
        picture: What is explained.
        own_box: Where the digit stands on it; None if it is the only one.
    """
    from model.explain.picture_steps import picture_steps

    last = StepPicture("28 × 28", "28 × 28 pixels: all the network sees.", picture.ink)
    try:
        steps = picture_steps(picture.image)
    except PictureError:
        # What is shown is smaller than what was opened, and perhaps nothing stands out any more.
        return (last,), own_box and PictureInk(own_box, _boxed(picture.ink))
    height, width = steps.levels.shape
    scale = picture.image.width / width
    found = steps.box
    place, digit = own_box, steps.digit
    if place is None:
        sides = (found.left, found.top, found.right - found.left, found.bottom - found.top)
        place = tuple(each * scale for each in sides)
    else:  # another digit of the picture may be the one that is found first
        digit = _cut(steps.levels, place, scale)
    left, top, across, down = (each / scale for each in place)
    box = (left / width, top / height, (left + across) / width, (top + down) / height)
    paper = np.asarray(Image.fromarray(steps.picture).convert("L"), np.float32) / np.float32(255)
    pictures = (
        StepPicture("Picture", "The picture as it was opened.", np.float32(1) - paper),
        StepPicture("Paper found", "What differs from its paper is ink.", steps.levels),
        StepPicture(
            "Ink found",
            "The digit is told from specks, lines and shadows.",
            steps.levels,
            box=box,
        ),
        StepPicture("Crop", "The digit alone goes on, brought to 20 × 20.", digit),
        last,
    )
    return pictures, PictureInk(place, digit)


def _boxed(ink: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    left, top, across, down = inked_box(ink)
    return ink[top : top + down, left : left + across]


def _cut(levels: npt.NDArray[np.float32], place: Box, scale: float) -> npt.NDArray[np.float32]:
    """Return the levels within a place, which counts `scale` pixels to each of theirs."""
    left, top, width, height = (each / scale for each in place)
    rows = slice(max(round(top), 0), max(round(top + height), round(top) + 1))
    columns = slice(max(round(left), 0), max(round(left + width), round(left) + 1))
    return levels[rows, columns]
