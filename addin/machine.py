"""The computer that an add-in is put on, as a value: what its installation and its doctor ask of it."""

from __future__ import annotations

import locale
import os
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from addin.log import log_file


class Platform(StrEnum):
    """The systems that differ for us."""

    WINDOWS = "win32"
    MACOS = "darwin"
    LINUX = "linux"


class Registry(Protocol):
    """The registry of Windows."""

    def value(self, key: str, name: str) -> str | int | None:
        """The value `name` (`""` for the default) of a key that begins with `HKCU\\` or `HKLM\\`; None where it is absent."""


class Marks(Protocol):
    """The marks by which a system remembers that a file came from elsewhere."""

    def has(self, path: Path) -> bool:
        """Whether a file bears one; False where there is no such file."""

    def remove(self, path: Path) -> None:
        """Take it away."""


@dataclass(frozen=True)
class Machine:
    """What is asked of a computer; only `this_machine` asks the real one."""

    platform: Platform
    home: Path
    environment: Mapping[str, str]
    registry: Registry
    marks: Marks
    interpreter: Path
    """The Python that runs, or the frozen program."""
    python: tuple[int, int]
    bits: int
    is_frozen: bool
    applications: tuple[Path, ...]
    """Folders of programs (macOS, Linux)."""
    can_import: Callable[[str], bool]
    log: Path
    ansi: str
    """The encoding in which macros read text files."""


class NoRegistry:
    """What there is of a registry off Windows."""

    def value(self, key: str, name: str) -> str | int | None:
        """Nothing."""
        return None


class WindowsRegistry:
    """The registry of this computer, read in its 64-bit and then in its 32-bit view."""

    def value(self, key: str, name: str) -> str | int | None:
        """See `Registry`."""
        if sys.platform != "win32":
            return None
        import winreg

        hive, _, path = key.partition("\\")
        root = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}[hive]
        for view in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):
            try:
                with winreg.OpenKey(root, path, access=winreg.KEY_READ | view) as opened:
                    found = winreg.QueryValueEx(opened, name)[0]
            except OSError:
                continue
            return found if isinstance(found, str | int) else None
        return None


class StreamMarks:
    """Windows: the mark-of-the-web is a second stream of the file."""

    def has(self, path: Path) -> bool:
        """See `Marks`."""
        return Path(f"{path}:Zone.Identifier").exists()

    def remove(self, path: Path) -> None:
        """See `Marks`."""
        Path(f"{path}:Zone.Identifier").unlink(missing_ok=True)


class QuarantineMarks:
    """macOS: quarantine is an extended attribute, which Python reads on Linux alone."""

    _NAME = "com.apple.quarantine"

    def has(self, path: Path) -> bool:
        """See `Marks`."""
        return path.exists() and self._xattr("-p", path) == 0

    def remove(self, path: Path) -> None:
        """See `Marks`."""
        self._xattr("-d", path)

    def _xattr(self, option: str, path: Path) -> int:
        return subprocess.run(
            ["/usr/bin/xattr", option, self._NAME, str(path)], capture_output=True, check=False
        ).returncode


class NoMarks:
    """Linux keeps none."""

    def has(self, path: Path) -> bool:
        """See `Marks`."""
        return False

    def remove(self, path: Path) -> None:
        """See `Marks`."""


def this_machine() -> Machine:
    """The computer that this runs on."""
    platform = Platform(sys.platform) if sys.platform in ("win32", "darwin") else Platform.LINUX
    marks: dict[Platform, Marks] = {Platform.WINDOWS: StreamMarks(), Platform.MACOS: QuarantineMarks()}
    home = Path.home()
    programs = {
        Platform.WINDOWS: (),
        Platform.MACOS: (Path("/Applications"), home / "Applications"),
        Platform.LINUX: (Path("/opt/kingsoft"), Path("/opt/apps")),
    }
    return Machine(
        platform=platform,
        home=home,
        environment=dict(os.environ),
        registry=WindowsRegistry() if platform is Platform.WINDOWS else NoRegistry(),
        marks=marks.get(platform, NoMarks()),
        interpreter=Path(sys.executable),
        python=sys.version_info[:2],
        bits=struct.calcsize("P") * 8,
        is_frozen=bool(getattr(sys, "frozen", False)),
        applications=programs[platform],
        can_import=lambda name: find_spec(name) is not None,
        log=log_file(),
        ansi=locale.getencoding() if platform is Platform.WINDOWS else "utf-8",
    )
