"""A unit's clerk at the ribbon: commands on a file, as Excel runs them on an open workbook, each saved after.

- `press(path, "check") -> Pressed`: what the command said, showed and left selected; Stopped and other exceptions come through
- `findings_of(path)`: the rows of 校验结果 in which anything stands, by header, as openpyxl reads them
- `listed(path)`: the same as "code sheet!cell" in their order
- `parts(path)`, `changed_parts(before, path)`: which parts are not byte for byte what they were
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from support.office import TODAY, read_lines

from addin.excel import command
from addin.hosts.file_app import Shown
from addin.hosts.file_host import open_book
from addin.said import Said

FINDINGS = "校验结果"


@dataclass(frozen=True)
class Pressed:
    """What came of a command; `selection` is (sheet, address)."""

    said: Said
    shown: list[Shown]
    selection: tuple[str, str]


def press(path: Path, name: str, today: date = TODAY, *, at: tuple[str, str] | None = None) -> Pressed:
    """Run a command on a file and save it; `at` is (sheet, address) of the cell in which the user stands."""
    with open_book(path) as host:
        if at:
            host.book.sheets[at[0]].activate()
            host.book.sheets[at[0]].range(at[1]).select()
        said = command(name)(host.book, today)
        selection = host.selection
        host.save()
        return Pressed(said, host.said, selection)


def findings_of(path: Path, sheet: str = FINDINGS) -> list[dict[str, Any]]:
    """The rows of the table of findings."""
    lines = read_lines(path, sheet)
    return [line for line in lines if any(value not in (None, "") for value in line.values())]


def listed(path: Path) -> list[str]:
    """The findings that 校验结果 names, in its order."""
    return [
        f"{line['代码']} {line['工作表'] or ''}!{line['单元格'] or ''}" for line in findings_of(path) if line["代码"]
    ]


def parts(path: Path) -> dict[str, bytes]:
    """The parts of a workbook by name."""
    with zipfile.ZipFile(path) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def changed_parts(before: dict[str, bytes], path: Path) -> set[str]:
    """The parts that are not byte for byte what they were."""
    after = parts(path)
    return {each for each in before.keys() | after.keys() if before.get(each) != after.get(each)}
