"""Every hostile and odd file that an inbox is tried on, made in code: see the modules of each kind."""

from __future__ import annotations

import math
from datetime import datetime
from functools import cache
from pathlib import Path

from support import (
    hostile_bombs,
    hostile_cells,
    hostile_ods,
    hostile_ole,
    hostile_parts,
    hostile_strangers,
    hostile_texts,
    hostile_xml,
    hostile_zips,
)
from support.hostile_case import Odd, Trap

from workbook_files.package import box_of
from xingzhi.grid import Grid

KINDS = (
    hostile_zips,
    hostile_bombs,
    hostile_xml,
    hostile_cells,
    hostile_parts,
    hostile_ole,
    hostile_ods,
    hostile_texts,
    hostile_strangers,
)


@cache
def hostile_files() -> tuple[Odd, ...]:
    """All of them. ValueError where two have one name."""
    found = tuple(odd for kind in KINDS for odd in kind.files())
    names = [odd.name for odd in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two files of one name: {twice}")
    return found


def write_all(folder: Path, trap: Trap) -> dict[Path, Odd]:
    """Write them into a folder; what each path holds."""
    written = {}
    for odd in hostile_files():
        path = folder / odd.name
        path.write_bytes(odd.make(trap))
        written[path] = odd
    return written


def misread(grid: Grid, odd: Odd) -> dict[str, object]:
    """What the first sheet of a grid holds where a file says that it holds something else, by address."""
    sheet = grid.sheets[0] if grid.sheets else None
    wrong: dict[str, object] = {}
    for place, value in odd.holds.items():
        row, column, _, _ = box_of(place)
        found = (sheet.errors.get((row, column)) or sheet.value(row, column)) if sheet else None
        wanted = value if isinstance(value, tuple) else (value,)
        if not any(_same(found, each) for each in wanted):
            wrong[place] = found
    return wrong


def _same(found: object, wanted: object) -> bool:
    if isinstance(found, datetime) and not isinstance(wanted, datetime):
        found = found.date()
    if isinstance(found, float) and isinstance(wanted, float):
        return math.isclose(found, wanted, rel_tol=1e-15)
    return found == wanted
