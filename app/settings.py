"""The window's settings, as one JSON file. No Qt."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from model.files.atomic_file import write_atomically
from model.files.file_lock import locked
from model.files.paths import settings_folder
from model.files.regular_files import read_regular
from model.files.text import without_bom

ThemeName = Literal["system", "light", "dark"]

FILE_NAME = "settings.json"
BAD_SUFFIX = ".bad"
MAX_BYTES = 1 << 20


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings that are kept from one start to the next.

    Attributes:
        geometry: Qt's own record of the window's place, base64; empty before the first end.
        theme: Light, dark, or as the system has it.
        pen_width: Width of the pen, one of `app.drawing.pad.PEN_WIDTHS`.
        lens: Name of the lens that is shown; "none" for the pad alone; empty before the first end.
        pad_fraction: The part of a wide window that pad and answer have; 0 before the first end.
        open_folder: Where the last file was opened; empty if none was.
        save_folder: Where the last drawing was saved; empty if none was.
        reads_numbers: Whether several digits are read as a number.
        model_file: The model that was in use last; empty for the one that comes with the program.
        model_sha256: Hash of that file.
        recent_files: Model files opened last, the newest first.
        training_recipe: Recipe of the last run; empty before the first.
        training_dataset: Its data: a name, or the path of the user's own.
        training_epochs: Its epochs.
        hand: Name of the hand that the answers go by; empty for none.
        shows_untaught: Whether paler bars show the answer without the hand.
        was_tour_offered: Whether the tour was offered, which happens once, at the first start.
        data_folder: Where data sets are looked for first; empty for the usual places.
    """

    geometry: str = ""
    theme: ThemeName = "system"
    pen_width: int = 18
    lens: str = ""
    pad_fraction: float = 0.0
    open_folder: str = ""
    save_folder: str = ""
    reads_numbers: bool = True
    model_file: str = ""
    model_sha256: str = ""
    recent_files: tuple[str, ...] = ()
    training_recipe: str = ""
    training_dataset: str = ""
    training_epochs: int = 1
    hand: str = "My hand"
    shows_untaught: bool = True
    was_tour_offered: bool = False
    data_folder: str = ""


class SettingsFile:
    """The settings in force, and the file they are kept in.

    Attributes:
        settings: The settings in force.
        complaint: A sentence if the file could not be used; else empty.
        on_change: Called when a field has another value than before.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path if path is not None else settings_folder() / FILE_NAME
        self.settings, self.complaint = _loaded(self._path)
        self.on_change: Callable[[], None] = lambda: None
        self._unsaved: set[str] = set()

    def change(self, **changes: object) -> None:
        """Change fields, in memory; `save` writes them.

        A text that is not valid Unicode, as a folder's name can be, is not kept: no settings file
        could hold it.

        Raises:
            ValueError: If there is no such field, or its value is of a wrong type.
        """
        changes = {name: value for name, value in changes.items() if _is_text(value)}
        values = msgspec.structs.asdict(self.settings) | changes
        if values.keys() != set(Settings.__struct_fields__):
            raise ValueError(f"unknown settings among {sorted(changes)}")
        before, self.settings = self.settings, msgspec.convert(values, Settings)
        changed = {
            name for name in changes if getattr(self.settings, name) != getattr(before, name)
        }
        if changed:
            self._unsaved |= changed
            self.on_change()

    def save(self) -> str:
        """Write the fields changed since the last save; another window may have written others.

        A file that can't be understood is set aside under its name and `BAD_SUFFIX`; one that can't
        be read stays.

        Returns:
            A sentence where that failed, else an empty string.
        """
        if not self._unsaved:
            return ""
        try:
            with locked(self._path):
                self._write()
        except OSError as error:
            return f"The settings can't be kept in {self._path.parent}: {error.strerror}."
        self._unsaved.clear()
        return ""

    def _write(self) -> None:
        try:
            others = _decoded(_read(self._path))
        except FileNotFoundError:
            others = Settings()
        except ValueError:
            others = self.settings
            self._path.replace(self._path.with_name(self._path.name + BAD_SUFFIX))
        changes = {name: getattr(self.settings, name) for name in self._unsaved}
        data = msgspec.json.encode(msgspec.structs.replace(others, **changes))
        write_atomically(self._path, msgspec.json.format(data, indent=1))


def _loaded(path: Path) -> tuple[Settings, str]:
    """Read a settings file; defaults and a sentence if it can't be used."""
    try:
        return _decoded(_read(path)), ""
    except FileNotFoundError:
        return Settings(), ""
    except OSError as error:
        return Settings(), f"The settings can't be read ({error.strerror}); starting with defaults."
    except ValueError:
        return Settings(), "The settings file is damaged; starting with defaults."


def _read(path: Path) -> bytes:
    return without_bom(read_regular(path, max_bytes=MAX_BYTES))


def _decoded(data: bytes) -> Settings:
    """Return the settings in a file; a field of another type has its default.

    Raises:
        ValueError: If it is not a JSON object.
    """
    try:
        values = msgspec.json.decode(data, type=dict[str, object])
    except RecursionError as error:
        raise ValueError from error
    understood = {}
    for field in msgspec.structs.fields(Settings):
        if field.name in values:
            with contextlib.suppress(msgspec.ValidationError):
                understood[field.name] = msgspec.convert(values[field.name], field.type)
    return Settings(**understood)


def _is_text(value: object) -> bool:
    """Whether all text in a value can be written as UTF-8."""
    if isinstance(value, (list, tuple)):
        return all(map(_is_text, value))
    if not isinstance(value, str):
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
