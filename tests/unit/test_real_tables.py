"""Tables in workbooks of other people's making: their rows are replaced, or it is said clearly why they are not."""

from __future__ import annotations

import shutil
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from support import ooxml_validator
from support.tables import CORPUS, workbooks_with_tables

from workbook_files.cell_values import Value
from workbook_files.lint import lint
from workbook_files.owned import kind_of, stays
from workbook_files.package_edit import PackageEdit
from workbook_files.raw_package import RawPackage
from workbook_files.reader import read_grid
from workbook_files.table_edit import TableEdit
from workbook_files.workbook_edit import edit_workbook, set_cells

BOOKS = workbooks_with_tables()


def test_there_are_real_workbooks_to_try() -> None:
    if not CORPUS.is_dir():
        pytest.skip(f"{CORPUS} is not there")
    assert len(BOOKS) >= 5


@pytest.mark.parametrize("source", BOOKS, ids=lambda path: path.name)
@pytest.mark.parametrize("count", [0, 1, 9])
def test_the_first_table_s_rows_are_replaced_or_it_is_said_why_not(source: Path, count: int, tmp_path: Path) -> None:
    path = tmp_path / source.name
    shutil.copyfile(source, path)
    with RawPackage(path) as raw:
        package = PackageEdit(raw)
        table = next(package.tables())
        types = {part: package.content_type(part) for part in package.parts}
    ids = [each.id for each in table.columns]
    rows: list[list[Value]] = [[f"第{n}行第{column}栏" for column in ids] for n in range(count)]
    outcome = edit_workbook(path, [TableEdit(table.name, ids, rows, purge=True)])
    if not outcome.written:
        assert [each.code for each in outcome.findings] in (["W103"], ["W105"], ["W106"], ["W109"])
        assert path.read_bytes() == source.read_bytes()
        return
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path) as new:
        assert {name for name in old.namelist() if name not in new.namelist()} <= {"xl/calcChain.xml"}
        for name in new.namelist():
            before, after = old.read(name), new.read(name)
            assert before == after or stays(kind_of(name, types[name]), before, after), name
    grid, findings = read_grid(path)
    sheet = grid.sheet(table.sheet.name) if grid else None
    assert sheet is not None, findings
    columns = range(table.box[1], table.box[3] + 1)
    assert [[sheet.value(table.first + n, column) for column in columns] for n in range(count)] == rows
    found = Counter((each.rule, each.part) for each in lint(path)) - Counter(
        (each.rule, each.part) for each in lint(source)
    )
    assert not found
    if ooxml_validator.available() is None:
        said = ooxml_validator.validate([source, path])
        assert len(said[path]) <= len(said[source])


SETTABLE = [path for path in sorted(CORPUS.rglob("*")) if path.suffix in (".xlsx", ".xlsm")]


@pytest.mark.parametrize("source", SETTABLE, ids=lambda path: path.name)
def test_cells_of_any_workbook_are_set_or_it_is_said_why_not(source: Path, tmp_path: Path) -> None:
    grid, _ = read_grid(source)
    if grid is None or not grid.sheets:
        pytest.skip("it cannot be read")
    path = tmp_path / source.name
    shutil.copyfile(source, path)
    name = grid.sheets[0].name
    outcome = set_cells(path, {name: {"C7": "=文", "D9": 5}})
    if not outcome.written:
        assert [each.code for each in outcome.findings] in (["W101"], ["W109"], ["W113"])
        assert path.read_bytes() == source.read_bytes()
        return
    after, findings = read_grid(path)
    sheet = after.sheet(name) if after else None
    assert sheet is not None, findings
    assert (sheet.value(7, 3), sheet.value(9, 4)) == ("=文", 5)
    assert [each.rows for each in after.sheets[1:]] == [each.rows for each in grid.sheets[1:]] if after else False
