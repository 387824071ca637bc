"""Open, paste, drop, save and copy what is on the pad."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage

from app.drawing.data_address import addresses_in, data_of_address, is_data_address
from app.drawing.drawing import Picture
from app.drawing.files import encode_strokes, encode_svg, load_strokes, pressures_of
from app.drawing.images import (
    image_of_strokes,
    picture_for_screen,
    picture_from_image,
    shown_picture,
)
from app.drawing.pad import DrawingPad
from model.errors import DigitpadError, PictureError, UnknownKindError
from model.files.atomic_file import atomic_path, write_atomically
from model.metadata import shown_name

if TYPE_CHECKING:
    from PySide6.QtCore import QUrl

PICTURE_SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm"),
    ".heic",
)
STROKES_SUFFIXES = (".json", ".jsonl")


@dataclass(frozen=True)
class FileKind:
    """A kind of file that can be opened.

    Attributes:
        title: For people, such as "Pictures".
        suffixes: With their dots, in lower case.
        open_file: Opens one; raises a `DigitpadError` where it can't.
        is_offered: Whether dialogs offer them; else they are known only to be refused.
    """

    title: str
    suffixes: tuple[str, ...]
    open_file: Callable[[Path], None]
    is_offered: bool = True


class FilePresenter(QObject):
    """Knows what to do with each kind of file.

    Signals:
        opened: The path of a file that was opened.
        saved: The path of a file that was written.
        picture_shown: A picture that is no file came onto the pad.
        said (str): A sentence about what was taken or copied.
    """

    opened = Signal(object)
    saved = Signal(object)
    picture_shown = Signal()
    said = Signal(str)

    def __init__(
        self,
        pad: DrawingPad,
        report: Callable[[BaseException], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pad = pad
        self._report = report
        self._kinds: list[FileKind] = []
        self._open_folder: Callable[[Path], None] = _refuse_folder
        self.register(FileKind("Pictures", PICTURE_SUFFIXES, self._open_picture_file))
        self.register(FileKind("Strokes", STROKES_SUFFIXES, self._open_strokes_file))

    def register(self, kind: FileKind) -> None:
        """Learn to open another kind of file."""
        self._kinds.append(kind)

    def register_folders(self, open_folder: Callable[[Path], None]) -> None:
        """Learn what to do with a folder."""
        self._open_folder = open_folder

    def open_filters(self) -> list[str]:
        """Return name filters for a file dialog; the first takes all that can be opened."""
        kinds = [kind for kind in self._kinds if kind.is_offered]
        everything = [suffix for kind in kinds for suffix in kind.suffixes]
        rows = [("All supported files", everything)]
        rows += [(kind.title, list(kind.suffixes)) for kind in kinds]
        named = [f"{title} ({' '.join(f'*{suffix}' for suffix in row)})" for title, row in rows]
        return [*named, "All files (*)"]

    def open_path(self, path: Path) -> bool:
        """Open a file of any kind; report where that fails. A picture may have any suffix."""
        try:
            self._opener_of(path)(path)
        except (DigitpadError, OSError) as error:
            self._report(error)
            return False
        self.opened.emit(path)
        return True

    def _opener_of(self, path: Path) -> Callable[[Path], None]:
        if path.is_dir():
            return self._open_folder
        suffix = path.suffix.lower()
        fitting = (kind.open_file for kind in self._kinds if suffix in kind.suffixes)
        return next(fitting, self._open_picture_file)

    def open_urls(self, urls: "Sequence[QUrl]", caption: str) -> Path | None:
        """Open one of the files that were dropped, and say which; or a picture in its address.

        Args:
            urls: Local files, of which the first of a known kind is taken; or addresses.
            caption: Stands under a picture that has no name.

        Returns:
            The file that was opened; None if none was.
        """
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        known = [path for path in paths if self._is_known(path)]
        address = next((url for url in urls if is_data_address(url.scheme() + ":")), None)
        if paths:
            path = next(iter([*known, *paths]))
            if not self.open_path(path):
                return None
            if len(paths) > 1:
                left = "one other file was" if len(paths) == 2 else f"{len(paths) - 1} others were"
                self.said.emit(f"{shown_name(path.name)} was opened; {left} left.")
            return path
        if address is not None:
            self._open_address(address, caption)
        else:
            self._report(PictureError("Only local files can be dropped; save the picture first."))
        return None

    def _is_known(self, path: Path) -> bool:
        return any(path.suffix.lower() in kind.suffixes for kind in self._kinds)

    def _open_address(self, address: "QUrl", caption: str) -> None:
        from model.raster.pictures import read_picture  # not before the window is shown

        try:
            data = data_of_address(address.toString())
            self._show_picture(read_picture(data, "The picture in this address"), caption)
        except DigitpadError as error:
            self._report(error)
        else:
            self.picture_shown.emit()

    def take(self, mime: QMimeData, caption: str) -> Path | None:
        """Put what was dropped or pasted on the pad: a file, or a picture.

        A browser brings a picture together with its address; of these only the picture is of use.
        Its "Copy image address" brings the address alone, as text.

        Args:
            mime: What was dropped or pasted.
            caption: Stands under a picture that has no name.

        Returns:
            The file that was opened; None if none was.
        """
        urls = addresses_in(mime)
        if any(url.isLocalFile() for url in urls) or (urls and not mime.hasImage()):
            return self.open_urls(urls, caption)
        image = mime.imageData()
        self.show_image(image if isinstance(image, QImage) else QImage(), caption)
        return None

    def show_image(self, image: QImage, caption: str) -> None:
        """Put an image on the pad."""
        try:
            if image.isNull():
                raise PictureError("There is no picture to show; copy one and paste it here.")
            self._show_picture(picture_from_image(image), caption)
        except DigitpadError as error:
            self._report(error)
        else:
            self.picture_shown.emit()

    def paste(self) -> None:
        """Put what the clipboard holds on the pad: a file, or a picture."""
        # Qt has no data of a clipboard that is empty, or that another program holds open.
        self.take(QGuiApplication.clipboard().mimeData() or QMimeData(), "Pasted picture")

    def copy_drawing(self) -> None:
        """Put what is on the pad into the clipboard as a picture."""
        drawing = self._pad.drawing
        picture = drawing.picture
        image = shown_picture(picture.image) if picture else image_of_strokes(drawing)
        QGuiApplication.clipboard().setImage(image)
        self.said.emit(f"Copied: the {'picture' if picture else 'drawing, as a picture'}.")

    def save_to(self, path: Path) -> bool:
        """Save the drawing as what the suffix says: PNG, SVG or strokes.

        A name without one becomes a PNG's, unless there is one: nobody was asked about that.
        """
        try:
            path = path if path.suffix else _new_png(path)
            self._save_to(path)
        except (DigitpadError, OSError) as error:
            self._report(error)
            return False
        self.saved.emit(path)
        return True

    def _save_to(self, path: Path) -> None:
        drawing = self._pad.drawing
        suffix = path.suffix.lower()
        if not path.parent.is_dir():
            folder = shown_name(str(path.parent))
            raise DigitpadError(f"There is no folder {folder}; choose one that there is.")
        if suffix not in (".png", ".svg", *STROKES_SUFFIXES):
            raise DigitpadError(f"A drawing is saved as .png, .svg or .json, not {path.suffix}.")
        if drawing.picture is not None:
            self._save_picture(path, drawing.picture)
        elif suffix == ".png":
            with atomic_path(path) as temporary:
                if not image_of_strokes(drawing).save(str(temporary)):
                    raise PictureError(f"{path.name} can't be written; choose another folder.")
        elif suffix == ".svg":
            write_atomically(path, encode_svg(drawing))
        else:
            write_atomically(path, encode_strokes(drawing.strokes))

    def _save_picture(self, path: Path, picture: Picture) -> None:
        if path.suffix.lower() != ".png":
            raise PictureError("A picture has no strokes; save it as .png.")
        with atomic_path(path) as temporary:
            picture.image.save(temporary)

    def _open_picture_file(self, path: Path) -> None:
        from model.raster.pictures import open_picture  # not before the window is shown

        name = shown_name(path.name)
        try:
            self._show_picture(open_picture(path), name)
        except UnknownKindError as error:
            kinds = [kind.title.lower() for kind in self._kinds if kind.is_offered]
            sentence = f"{name} is none of what Digitpad opens: {', '.join(kinds)}."
            raise PictureError(sentence, detail=error.detail) from error
        except PictureError as error:
            if name in error.sentence:
                raise
            raise PictureError(f"{name}: {error.sentence}", detail=error.detail) from error

    def _show_picture(self, image: Image.Image, caption: str) -> None:
        from model.raster.pictures import find_ink  # not before the window is shown

        found = find_ink(image)  # of the whole screen
        self._pad.set_picture(
            Picture(
                image=picture_for_screen(image),
                ink=found.ink,
                caption=caption,
                has_others=found.has_others,
                is_searched=True,
            )
        )

    def _open_strokes_file(self, path: Path) -> None:
        saved = load_strokes(path)
        self._pad.set_strokes(saved.strokes, pressures_of(saved))


def _refuse_folder(path: Path) -> None:
    raise PictureError(f"{shown_name(path.name)} is a folder; open one of the files in it.")


def _new_png(path: Path) -> Path:
    png = path.with_suffix(".png")
    if png.exists():
        raise DigitpadError(
            f"There is {shown_name(png.name)} already; type the whole name to replace it."
        )
    return png
