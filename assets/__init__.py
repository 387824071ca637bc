"""Files shipped with the program: the bundled network and the icons.

Attributes:
    FOLDER: The folder that holds them, wherever the package is installed.
"""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent
