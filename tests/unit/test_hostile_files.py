"""An odd file that is read is read rightly: its rows stand where they stood, whatever else is wrong with it."""

from __future__ import annotations

from pathlib import Path

from support.hostile_case import Trap
from support.hostile_files import hostile_files, misread

from workbook_files.reader import read_grid
from workbook_files.workers import read_all
from xingzhi.findings import Finding


def test_what_is_read_of_an_odd_file_is_what_it_holds(tmp_path: Path) -> None:
    odds = {tmp_path / odd.name: odd for odd in hostile_files() if odd.holds}
    for path, odd in odds.items():
        path.write_bytes(odd.make(Trap(9, tmp_path)))
    wrong: dict[str, object] = {}
    read = 0
    for path, result in read_all(list(odds), read_grid, workers=2):
        grid = None if isinstance(result, Finding) else result[0]
        if grid is not None:
            read += 1
            if found := misread(grid, odds[path]):
                wrong[path.name] = found
        elif odds[path].benign:
            wrong[path.name] = result
    assert wrong == {}
    assert read > 200
