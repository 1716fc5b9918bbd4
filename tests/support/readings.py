"""Reading bytes as a received file, for tests of formats."""

from __future__ import annotations

from pathlib import Path

from workbook_files.limits import Limits
from workbook_files.reader import read_grid
from xingzhi.findings import Finding
from xingzhi.grid import Grid
from xingzhi.labels import Lang


def grid(path: Path, content: bytes, limits: Limits | None = None) -> tuple[Grid, list[str]]:
    """The grid of a file of this content, and the codes of what is said of it. It must be readable."""
    path.write_bytes(content)
    read, findings = read_grid(path, limits)
    assert read is not None, [each.message(Lang.EN) for each in findings]
    return read, [each.code for each in findings]


def refused(path: Path, content: bytes, limits: Limits | None = None) -> Finding:
    """The one finding for which a file of this content is refused."""
    path.write_bytes(content)
    read, (found,) = read_grid(path, limits)
    assert read is None
    return found


def rows(read: Grid) -> list[list[object]]:
    """The rows of its first sheet."""
    return [list(row) for row in read.sheets[0].rows]
