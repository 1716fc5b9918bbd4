"""What the frozen program is made of: its entry, its data files, and modules that no import statement names."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module, resources
from importlib.abc import Traversable
from pathlib import Path
from pkgutil import walk_packages

import addin

NAME = "xingzhi"
DATA = {
    "xingzhi": ("catalogue/*.yaml",),
    "workbook_templates": ("programmes/*.yaml", "files/*.xlsx"),
    "addin": ("*.toml", "vba/*"),
    "addin.offline": ("files/*",),
    "xlwings": ("*.xlam", "*.bas", "*.applescript", "addin/*.xlam"),
    "docx": ("templates/*",),
}
"""Package to the data files that it reads at run time, as patterns below it."""

HIDDEN = ("holidays.countries.china", "python_calamine", "lxml._elementpath", "tzdata")
"""Modules that are imported by a name made up at run time."""

BRIDGES = ("win32com.client", "pythoncom", "pywintypes", "appscript")
"""By which xlwings speaks to Excel, each on its system."""

METADATA = ("xingzhi",)
"""Distributions whose version is asked for at run time."""

EXCLUDED = ("xlwings.pro", "tkinter", "numpy", "pandas", "matplotlib", "PIL", "IPython", "pytest", "pip", "setuptools")
"""What must not get in: the licence of xlwings.pro forbids it, the rest is not needed."""


def entry() -> str:
    """The script that the program starts with."""
    return str(_root("cli") / "frozen.py")


def data_files() -> list[tuple[str, str]]:
    """(file, folder in the program) of each data file, as PyInstaller takes them; FileNotFoundError for a pattern without one."""
    return [
        found for package, patterns in DATA.items() for pattern in patterns for found in _matching(package, pattern)
    ]


def hidden_imports() -> list[str]:
    """Every module of `addin` (commands are imported by their names), the bridge to Excel that there is, and `HIDDEN`."""
    own = [each.name for each in walk_packages(addin.__path__, "addin.")]
    return own + [name for name in (*HIDDEN, *BRIDGES) if _is_there(name)]


def _matching(package: str, pattern: str) -> Iterator[tuple[str, str]]:
    root = _root(package)
    found = sorted(path for path in root.glob(pattern) if path.is_file() and path.suffix != ".py")
    if not found:
        raise FileNotFoundError(f"{package}: {pattern}")
    for path in found:
        folder = Path(*package.split(".")) / path.relative_to(root).parent
        yield str(path), folder.as_posix()


def _root(package: str) -> Path:
    found: Traversable = resources.files(package)
    return Path(str(found))


def _is_there(name: str) -> bool:
    try:
        import_module(name)
    except ImportError:
        return False
    return True
