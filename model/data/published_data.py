"""Published data sets: their addresses and hashes, and the folders in which they are looked for.

The hashes of MNIST's and Fashion-MNIST's files were computed from files whose MD5 is the one that
their publishers state; that of the pen digits, for which UCI states none, is the one that several
independent users of the archive state. So a wrong file from one address is noticed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model.data.downloads import DownloadError, PublishedFile, fetch_file
from model.errors import DatasetError
from model.files.paths import cache_folder, data_folder
from model.progress import ReportProgress


@dataclass(frozen=True)
class PublishedData:
    """The files of a data set.

    Attributes:
        name: Name of its folder in each folder of data sets.
        title: On the screen.
        files: As they are published.
        telling_names: A folder that holds any of these files holds the data set.
        system_folders: Where operating systems install it.
    """

    name: str
    title: str
    files: tuple[PublishedFile, ...]
    telling_names: tuple[str, ...]
    system_folders: tuple[Path, ...] = ()


def locate(data: PublishedData, folder: Path | None, progress: ReportProgress | None) -> Path:
    """Return the folder that holds a data set; download it if it is not on this machine.

    Args:
        data: What to look for.
        folder: Searched first, then `DIGITPAD_DATA`, the user's cache and the system's folders.
        progress: Gets the activity and the fraction that is done.

    Raises:
        DownloadError: If it is not on this machine and can't be downloaded.
    """
    _check_data_folder(data, folder)
    found = find_at_hand(data, folder)
    if found is not None and found != _cached(data):
        return found
    # A damaged file in the cache is fetched again.
    try:
        _fetch(data, _cached(data), progress)
    except DownloadError as error:
        lacking = _where_it_is_not(data, folder)
        raise DownloadError(lacking + error.sentence, detail=error.detail) from error
    return _cached(data)


def find_at_hand(data: PublishedData, folder: Path | None = None) -> Path | None:
    """Return the folder that holds a data set on this machine; None if it needs a download.

    Args:
        data: What to look for.
        folder: Searched first, then `DIGITPAD_DATA`, the user's cache and the system's folders.
    """
    for root in (folder, data_folder()):
        if root is None:
            continue
        # The folder of the data set itself is taken too, by its name: MNIST's and Fashion-MNIST's
        # files are named alike.
        for candidate in (root / data.name, root):
            if candidate.name == data.name and _holds(candidate, data):
                return candidate
    if all((_cached(data) / file.name).is_file() for file in data.files):
        return _cached(data)
    return next((each for each in data.system_folders if _holds(each, data)), None)


def _check_data_folder(data: PublishedData, folder: Path | None) -> None:
    """Check that the folder the user names exists and holds this data set.

    Raises:
        DatasetError: If it does not; a download instead would hide the mistake.
    """
    for root, name in ((folder, "The folder of data"), (data_folder(), "DIGITPAD_DATA")):
        if root is None:
            continue
        if not root.is_dir():
            raise DatasetError(f"{name} is {root}, which is no folder; name another or none.")
        inside = root / data.name
        if inside.is_dir() and not _holds(inside, data):
            raise DatasetError(
                f"{inside} lacks {data.title}'s file {data.telling_names[0]}; put it there, or"
                " remove the folder and it is downloaded."
            )


def _where_it_is_not(data: PublishedData, folder: Path | None) -> str:
    """Return a sentence about the folder that the user names, which lacks a data set."""
    root = folder or data_folder()
    return "" if root is None else f"{root} has no folder {data.name} with {data.title}'s files. "


def _cached(data: PublishedData) -> Path:
    return cache_folder() / "datasets" / data.name


def _fetch(data: PublishedData, folder: Path, progress: ReportProgress | None) -> None:
    """Fetch the files that are missing or damaged."""
    whole = sum(file.size for file in data.files)
    done = 0
    for file in data.files:
        fetch_file(
            file, folder, title=data.title, progress=_progress_of_file(progress, done, file, whole)
        )
        done += file.size


def _progress_of_file(
    progress: ReportProgress | None, done: int, file: PublishedFile, whole: int
) -> ReportProgress | None:
    """Turn the fraction of a file into the fraction of all files."""
    if progress is None:
        return None

    def report(activity: str, fraction: float | None) -> None:
        progress(activity, (done + file.size * (fraction or 0.0)) / whole)

    return report


def _holds(folder: Path, data: PublishedData) -> bool:
    return any((folder / name).is_file() for name in data.telling_names)


_IDX_PARTS = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")


def _idx_files(
    addresses: Sequence[str], sizes: Sequence[int], hashes: Sequence[str]
) -> tuple[PublishedFile, ...]:
    """Return the files of `_IDX_PARTS`, with their sizes and hashes in this order."""
    return tuple(
        PublishedFile(
            name=f"{part}-ubyte.gz",
            addresses=tuple(f"{address}{part}-ubyte.gz" for address in addresses),
            sha256=sha256,
            size=size,
        )
        for part, size, sha256 in zip(_IDX_PARTS, sizes, hashes, strict=True)
    )


_IDX_NAMES = tuple(f"train-images{dot}idx3-ubyte{packed}" for dot in "-." for packed in (".gz", ""))

MNIST = PublishedData(
    name="mnist",
    title="MNIST",
    files=_idx_files(
        (
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ),
        (9_912_422, 28_881, 1_648_877, 4_542),
        (
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        ),
    ),
    telling_names=_IDX_NAMES,
)

FASHION_MNIST = PublishedData(
    name="fashion-mnist",
    title="Fashion-MNIST",
    files=_idx_files(
        (
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        ),
        (26_421_880, 29_515, 4_422_102, 5_148),
        (
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ),
    ),
    telling_names=_IDX_NAMES,
    system_folders=(Path("/usr/share/datasets/fashion-mnist"),),
)

PEN_DIGITS_ARCHIVE = "pen+based+recognition+of+handwritten+digits.zip"

PEN_DIGITS = PublishedData(
    name="pen-digits",
    title="Pen digits",
    files=(
        PublishedFile(
            name=PEN_DIGITS_ARCHIVE,
            addresses=(f"https://archive.ics.uci.edu/static/public/81/{PEN_DIGITS_ARCHIVE}",),
            sha256="1e02bea023613c2b11c9492f6f34caf975420455934f3527d270cee9a1f03b64",
            size=1_668_118,
        ),
    ),
    telling_names=("train.jsonl.gz", "pendigits-orig.tra.Z", PEN_DIGITS_ARCHIVE),
)
