"""Computers that are not here: a Windows PC and a Mac with a home in a temporary folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from addin.machine import Machine, Platform

ALL_MODULES = frozenset({"xlwings", "win32com", "appscript"})
EXCEL = r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE"
APP_PATHS = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"


@dataclass
class FakeRegistry:
    """A registry of (key, name) to value."""

    values: Mapping[tuple[str, str], str | int] = field(default_factory=dict)

    def value(self, key: str, name: str) -> str | int | None:
        return self.values.get((key, name))


@dataclass
class FakeMarks:
    """Marks that are remembered in a set, and an oracle of which were removed."""

    marked: set[Path] = field(default_factory=set)

    def has(self, path: Path) -> bool:
        return path in self.marked

    def remove(self, path: Path) -> None:
        self.marked.discard(path)


def machine(platform: Platform, root: Path, *, modules: frozenset[str] = ALL_MODULES, **changes: Any) -> Machine:
    """A computer on which nothing is installed but Python and, on Windows and macOS, Excel."""
    home = root / "王小月"
    interpreter = home / "xingzhi" / "env" / "python.exe"
    interpreter.parent.mkdir(parents=True, exist_ok=True)
    interpreter.touch()
    applications = root / "Applications"
    if platform is Platform.MACOS:
        (applications / "Microsoft Excel.app").mkdir(parents=True, exist_ok=True)
    made = Machine(
        platform=platform,
        home=home,
        environment={"APPDATA": str(home / "AppData" / "Roaming")} if platform is Platform.WINDOWS else {},
        registry=FakeRegistry({(APP_PATHS, ""): EXCEL} if platform is Platform.WINDOWS else {}),
        marks=FakeMarks(),
        interpreter=interpreter,
        python=(3, 11),
        bits=64,
        is_frozen=False,
        applications=(applications,),
        can_import=lambda name: name in modules,
        log=home / "xingzhi.log",
        ansi="gbk" if platform is Platform.WINDOWS else "utf-8",
    )
    return replace(made, **changes)


def with_registry(made: Machine, *values: tuple[str, str, str | int]) -> Machine:
    """The same computer with more in its registry: (key, name, value)."""
    registry = made.registry
    assert isinstance(registry, FakeRegistry)
    more = {(key, name): value for key, name, value in values}
    return replace(made, registry=FakeRegistry({**registry.values, **more}))
