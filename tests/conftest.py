"""What every test gets: folders of its own, and the real data where it is at hand."""

import os
from pathlib import Path

import hypothesis
import pytest
from pytestqt.qtbot import QtBot

# A busy machine is not a fault of what is tested; pytest's own timeout ends what hangs.
hypothesis.settings.register_profile("digitpad", deadline=None)
hypothesis.settings.load_profile("digitpad")

# The same for what a test waits for: it ends as soon as it happens.
for wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitExposed):
    wait.__kwdefaults__["timeout"] = 60_000

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

SHARED_DATASETS = Path(__file__).resolve().parents[2] / "shared" / "datasets"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip on Windows what needs another system."""
    if os.name == "nt":
        for item in items:
            if item.get_closest_marker("posix"):
                item.add_marker(pytest.mark.skip(reason="needs what Windows lacks"))


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests away from the user's settings, models and caches."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in ("SETTINGS", "MODELS", "CACHE", "USER_DATA"):
        monkeypatch.setenv(f"DIGITPAD_{name}", str(home / name.lower()))
    monkeypatch.delenv("DIGITPAD_DATA", raising=False)


@pytest.fixture
def shared_datasets() -> Path:
    """Folder with MNIST and pen digits; skips where it is not beside the checkout."""
    if not SHARED_DATASETS.is_dir():
        pytest.skip("needs MNIST and pen digits in ../shared/datasets")
    return SHARED_DATASETS
