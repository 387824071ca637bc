"""The quality of the tests: how many mutants by cosmic-ray they notice, a sample of each file.

    pip install cosmic-ray
    python benchmarks/mutants.py [--each 25] [--seed 1] [FILE ...]

Works on a copy of the tree. Each mutant is tried in a process that is forked from one that has
loaded the libraries, by the few tests that are about its file. Mutants that can't even be imported
are left out. Prints how many of each file were noticed, and every one that was not. With `--each 0`
all are tried.
"""

import argparse
import contextlib
import difflib
import importlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
TIMEOUT_S = 300
"""A mutant whose tests take longer is one that hangs; each of these is printed."""

LIVED, NOTICED, NOT_IMPORTED = 0, 1, 3
OUTPUT = Path("last_output.txt")
"""A file in the copy: the output of the tests on the last mutant."""

TESTS = {
    "model/calibration.py": ("model/test_calibration.py", "model/test_verdicts.py"),
    "model/metrics.py": ("model/test_metrics.py", "model/evaluation/test_report.py"),
    "model/verdicts.py": ("model/test_verdicts.py",),
    "model/recognizer.py": (
        "model/test_model_input.py",
        "model/test_refusal.py",
        "model/test_recognizer.py",
    ),
    "model/ink.py": ("model/test_ink.py",),
    "model/raster/digit_finding.py": (
        "model/raster/test_digit_finding.py",
        "model/raster/test_pictures.py",
    ),
    "app/child/process.py": (
        "app/child/test_supervision.py",  # the quick one first
        "app/child",
        "app/training/test_process.py",
    ),
    "model/files/atomic_file.py": ("model/files/test_atomic_file.py",),
}

SLOW = "not at_least_19_of_20 and not damaged_files_open"
"""A test of hundreds of pictures would take a minute for each mutant."""

LOADED_BEFORE = (
    "numpy", "scipy.optimize", "sklearn.metrics", "statsmodels.api",
    "PIL.Image", "ai_edge_litert.interpreter", "msgspec", "PySide6.QtWidgets", "PySide6.QtTest",
    "pytest", "hypothesis", "hypothesis.extra.numpy", "pytestqt.plugin",
)  # fmt: skip


def mutants(code: str) -> Iterator[str]:
    """Yield a module's mutants in random order, one per place in turn."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names

    places: dict[tuple[int, int], list[tuple[object, int]]] = {}
    for name in operator_names():
        if get_operator(name).arguments():
            continue
        operator = get_operator(name)()
        found = [
            start
            for node in ast_nodes(get_ast(code))
            for start, _ in operator.mutation_positions(node)
        ]
        for occurrence, start in enumerate(found):
            places.setdefault(start, []).append((operator, occurrence))
    chosen = [options for _, options in sorted(places.items())]
    random.shuffle(chosen)
    for options in chosen:
        random.shuffle(options)
    for round_ in range(max(map(len, chosen))):
        for options in chosen:
            if round_ < len(options):
                with contextlib.suppress(AttributeError):  # an error's name with a dot in it
                    yield mutate_code(code, *options[round_])


def outcome(file: Path, original: str, mutant: str, tests: list[str]) -> int:
    """Run the tests on a mutant in a process of its own."""
    file.write_text(mutant, encoding="utf-8")
    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        code = NOTICED
        try:
            with OUTPUT.open("wb") as output:
                os.dup2(output.fileno(), 1)
                os.dup2(output.fileno(), 2)
            code = tested(file, tests)
        except BaseException:  # noqa: BLE001 - the forked process must end here
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    until = time.monotonic() + TIMEOUT_S
    status = None
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        time.sleep(0.05)
    else:
        print(f"ended after {TIMEOUT_S} s:", *changes(original, mutant), sep="\n", flush=True)
        status = NOTICED << 8
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # its children, too
    with contextlib.suppress(ChildProcessError):
        os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return code if code in (LIVED, NOT_IMPORTED) else NOTICED


def tested(file: Path, tests: list[str]) -> int:
    """Import a mutant, run its tests, and return the exit code."""
    import pytest

    module = ".".join(file.relative_to(Path.cwd()).with_suffix("").parts)
    try:
        importlib.import_module(module)
    except Exception:  # noqa: BLE001 - a mutant that can't be imported doesn't count
        return NOT_IMPORTED
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.mkdtemp(dir=Path.cwd())
    options = ["-q", "-x", "--assert=plain", "-p", "no:cacheprovider", "-k", SLOW]
    return LIVED if pytest.main([*options, *tests], plugins=[NoShrinking()]) == 0 else NOTICED


class NoShrinking:
    """Tells hypothesis that one example of a failure is enough, however long."""

    def pytest_configure(self) -> None:
        """Choose the phases, after the settings of the tests themselves."""
        from hypothesis import Phase, settings

        settings.register_profile(
            "mutants", settings.default, phases=(Phase.explicit, Phase.generate)
        )
        settings.load_profile("mutants")


def try_file(name: str, each: int, limit: float) -> tuple[int, int]:
    """Try a file's mutants; return how many were tried, and how many survived."""
    file = Path.cwd() / name
    original = file.read_text(encoding="utf-8")
    tests = [f"tests/{test}" for test in TESTS[name]]
    tried = lived = 0
    try:
        if outcome(file, original, original, tests) != LIVED:
            sys.exit(f"{name}: its tests fail without any change\n{OUTPUT.read_text()}")
        for mutant in mutants(original):
            if (each and tried == each) or time.monotonic() > limit:
                break
            result = outcome(file, original, mutant, tests)
            tried += result != NOT_IMPORTED
            if result == LIVED:
                lived += 1
                print(*changes(original, mutant), sep="\n", flush=True)
    finally:
        file.write_text(original, encoding="utf-8")
    print(f"{name}: {tried - lived} of {tried} noticed", flush=True)
    return tried, lived


def changes(original: str, mutant: str) -> list[str]:
    """Return what a mutant changes, with the numbers of its lines."""
    lines = difflib.unified_diff(original.splitlines(), mutant.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++"))]


def main() -> None:
    """Try mutants and print those that survived."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", default=list(TESTS))
    parser.add_argument("--each", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=600, help="begin no mutant after that")
    options = parser.parse_args()
    limit = time.monotonic() + options.minutes * 60
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    tried = lived = 0
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        ignored = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "docs")
        shutil.copytree(PROJECT, tree, ignore=ignored)
        os.chdir(tree)
        sys.path[0] = os.environ["PYTHONPATH"] = str(tree)
        for name in LOADED_BEFORE:
            importlib.import_module(name)
        for name in options.files:
            random.seed(f"{options.seed} {name}")
            tried_here, lived_here = try_file(name, options.each, limit)
            tried, lived = tried + tried_here, lived + lived_here
    print(f"all: {tried - lived} of {tried} noticed ({1 - lived / max(1, tried):.1%})")


if __name__ == "__main__":
    main()
