"""The toolkit must not lose references: PySide6 6.12.0 on Python 3.11 did."""

import subprocess
import sys

PROGRAM = """
import sys
from PySide6.QtCore import QCoreApplication, QObject, Signal

class Source(QObject):
    flipped = Signal(bool)

application = QCoreApplication([])
source, seen = Source(), []
source.flipped.connect(seen.append)
source.flipped.emit(True)
before = sys.getrefcount(True)
for _ in range(5000):
    source.flipped.emit(True)
lost = before + 5000 - sys.getrefcount(True)  # `seen` holds one a signal
if sys.version_info >= (3, 12):
    lost = 0  # True is immortal there
print(len(seen), lost)
"""


def test_emitting_true_five_thousand_times_loses_no_reference_to_it():
    """In a process of its own, as the loss ends in an abort of the interpreter."""
    child = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False
    )
    assert child.returncode == 0, child.stderr
    seen, lost = map(int, child.stdout.split())
    assert seen == 5001
    assert lost <= 50
