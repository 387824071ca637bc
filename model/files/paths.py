"""Folders of Digitpad on this machine.

Each folder can be moved with an environment variable, which tests and portable installations use.
"""

import contextlib
import os
from pathlib import Path

import platformdirs

APP_NAME = "digitpad"

VARIABLES = tuple(
    f"DIGITPAD_{name}" for name in ("SETTINGS", "USER_DATA", "MODELS", "CACHE", "DATA")
)
"""Environment variables that move folders."""


def settings_folder() -> Path:
    """Folder of the remembered settings; `DIGITPAD_SETTINGS` moves it."""
    return _folder("DIGITPAD_SETTINGS", platformdirs.user_config_path(APP_NAME, appauthor=False))


def user_data_folder() -> Path:
    """Folder of the user's database; `DIGITPAD_USER_DATA` moves it."""
    return _folder("DIGITPAD_USER_DATA", platformdirs.user_data_path(APP_NAME, appauthor=False))


def models_folder() -> Path:
    """Folder of the user's trained and saved models; `DIGITPAD_MODELS` moves it."""
    data = platformdirs.user_data_path(APP_NAME, appauthor=False)
    return _folder("DIGITPAD_MODELS", data / "models")


def tensorboard_folder() -> Path:
    """Return the folder where the window's runs write logs for TensorBoard."""
    return user_data_folder() / "tensorboard"


def cache_folder() -> Path:
    """Folder of downloads and converted networks; `DIGITPAD_CACHE` moves it."""
    return _folder("DIGITPAD_CACHE", platformdirs.user_cache_path(APP_NAME, appauthor=False))


def data_folder() -> Path | None:
    """Folder that holds data sets already on this machine, `DIGITPAD_DATA`; None if not set."""
    value = os.environ.get("DIGITPAD_DATA")
    return _absolute(value) if value else None


def make_folders_absolute() -> None:
    """Make the folders in the environment absolute; call this at the start of the process.

    Child processes start in another folder, in which a relative path means another one.
    """
    for variable in VARIABLES:
        if value := os.environ.get(variable):
            os.environ[variable] = str(_absolute(value))


def _folder(variable: str, default: Path) -> Path:
    value = os.environ.get(variable)
    return _absolute(value) if value else default


def _absolute(value: str) -> Path:
    path = Path(value)
    with contextlib.suppress(RuntimeError):  # the user's home is not known
        path = path.expanduser()
    return path.absolute()
