"""A network to teach, prepared once, and hands in a database of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from model.database.database import Database
from model.database.hands import Hands
from model.hand.teachable_network import TeachableNetwork


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that outlives a test, so that the network is prepared once."""
    return tmp_path_factory.mktemp("shared-cache")


@pytest.fixture(autouse=True)
def _cache(_own_folders: None, shared_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITPAD_CACHE", str(shared_cache))


@pytest.fixture(scope="session")
def network(shared_cache: Path) -> TeachableNetwork:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIGITPAD_CACHE", str(shared_cache))
        network = TeachableNetwork.bundled()
        assert len(network.reference.digits)
    return network


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path / "db") as opened:
        yield opened


@pytest.fixture
def hands(database: Database) -> Hands:
    return Hands(database)
