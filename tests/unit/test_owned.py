"""What is not the tool's stays byte for byte, in a workbook that holds everything an office may have put into it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import libreoffice, monster, ooxml_validator
from support.lint_book import patch
from support.monster import BODY, HEADER, OTHER, SHEET, TABLE

from workbook_files.cell_edit import CellsEdit
from workbook_files.cell_values import Value
from workbook_files.lint import lint
from workbook_files.owned import OWNED, kind_of, stays
from workbook_files.package_edit import PackageEdit
from workbook_files.raw_package import RawPackage
from workbook_files.reader import read_grid
from workbook_files.sheet_part import SheetPart
from workbook_files.table_edit import TableEdit
from workbook_files.workbook_edit import Edit, edit_workbook
from xingzhi.grid import address

FIRST, PART = HEADER + 1, "xl/worksheets/sheet1.xml"
COLUMNS = ("记录号", "姓名", "日期", "数量")
CHAIN = "xl/calcChain.xml"


@cache
def beast() -> bytes:
    with TemporaryDirectory() as folder:
        return monster.write(Path(folder, "monster.xlsm")).read_bytes()


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def foreign(before: Path, after: Path, written: set[str] | None = None) -> list[str]:
    """The parts, and the cells of the monster's sheet, that changed though they are not owned. `written` are the single
    cells that were set."""
    old, new = parts_of(before), parts_of(after)
    found = sorted((old.keys() ^ new.keys()) - {CHAIN})
    with RawPackage(before) as raw:
        types = {name: PackageEdit(raw).content_type(name) for name in old}
    for name in sorted(old.keys() & new.keys()):
        if old[name] != new[name] and not stays(kind_of(name, types[name]), old[name], new[name]):
            found.append(name)
    left, right = (SheetPart(parts[PART], "") for parts in (old, new))
    for number in left.rows.keys() | right.rows.keys():
        cells, others = left.cells(number), right.cells(number)
        for column in cells.keys() | others.keys():
            ours = number > HEADER and column <= 6
            if (
                not ours
                and address(number, column) not in (written or set())
                and cells.get(column) != others.get(column)
            ):
                found.append(address(number, column))
    return found


def rows(values: Sequence[int]) -> list[list[Value]]:
    start = date(2026, 3, 1)
    return [[f"N{n}", f"={n}" if n % 5 == 0 else f"人{n}", start + timedelta(days=n), n] for n in values]


edits = st.lists(
    st.tuples(
        st.lists(st.integers(0, 99), min_size=1, max_size=14),
        st.sampled_from(["in place", "below", "reversed"]),
        st.booleans(),
        st.integers(1, 9),
    ),
    min_size=4,
    max_size=6,
)


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(edits)
def test_fifty_random_edits_leave_what_is_the_office_s(chosen: list[tuple[list[int], str, bool, int]]) -> None:
    with TemporaryDirectory() as folder:
        path, before = Path(folder, "monster.xlsm"), Path(folder, "before.xlsm")
        path.write_bytes(beast())
        height = BODY
        for values, order, purge, cell in chosen:
            before.write_bytes(path.read_bytes())
            kept = list(range(min(height, len(values))))
            # Comments stand in the first two rows, which therefore only move where that is to be refused.
            start = {"in place": len(kept), "below": 2, "reversed": 0}[order]
            continues: list[int | None] = [*kept[:start], *kept[start:][::-1]]
            continues += [None] * (len(values) - len(kept))
            single = {f"A{cell + 30}": cell}
            wanted: list[Edit] = [TableEdit(TABLE, COLUMNS, rows(values), continues, purge), CellsEdit(OTHER, single)]
            outcome = edit_workbook(path, wanted)
            if not outcome.written:
                assert [each.code for each in outcome.findings] in (["W104"], ["W105"])
                assert path.read_bytes() == before.read_bytes()
                continue
            height = max(len(values), 1)
            assert foreign(before, path) == []
            assert [each for each in lint(path) if each.rule != "uncached-formula"] == []
            grid, findings = read_grid(path)
            sheet = grid.sheet(SHEET) if grid else None
            assert sheet is not None, findings
            assert [[sheet.value(FIRST + n, c) for c in (1, 2, 3, 4)] for n in range(len(values))] == rows(values)
            assert sheet.value(6, 8) == "旁注"
        if ooxml_validator.available() is None:
            assert ooxml_validator.validate([path]) == {path: []}
        assert foreign(Path(folder, "before.xlsm"), path) == []


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "monster.xlsm"
    path.write_bytes(beast())
    return path


def test_all_that_refers_to_the_table_follows_in_the_monster_too(path: Path, tmp_path: Path) -> None:
    assert edit_workbook(path, [TableEdit(TABLE, COLUMNS, rows(range(1, 8)))]).written
    new = {name: content.decode("utf-8", "replace") for name, content in parts_of(path).items()}
    assert CHAIN not in new and "calcChain" not in new["[Content_Types].xml"] + new["xl/_rels/workbook.xml.rels"]
    assert 'refreshOnLoad="1"' in new["xl/pivotCache/pivotCacheDefinition1.xml"]
    assert 'fullCalcOnLoad="1"' in new["xl/workbook.xml"]
    for part in ("xl/charts/chart1.xml", "xl/charts/chart2.xml"):
        assert re.findall("<c:f>([^<]*)</c:f>", new[part]) == [
            f"{SHEET}!$D$5",
            f"{SHEET}!$B$6:$B$12",
            f"{SHEET}!$D$6:$D$12",
        ]
    sheet = new[PART]
    assert f"<xm:f>{SHEET}!D6:D12</xm:f><xm:sqref>H2</xm:sqref>" in sheet, "the sparkline"
    assert f"<xm:f>{OTHER}!$A$1:$A$4</xm:f></x14:formula1><xm:sqref>E6:E12</xm:sqref>" in sheet
    assert "<xm:sqref>D6:D12</xm:sqref></x14:conditionalFormatting>" in sheet
    if libreoffice.available() is None:
        libreoffice.poison(path, tmp_path / "poisoned.xlsm")
        grid, findings = read_grid(libreoffice.recalculate(tmp_path / "poisoned.xlsm", tmp_path / "out"))
        other = grid.sheet(OTHER) if grid else None
        assert other is not None, findings
        assert [other.value(row, 1) for row in (1, 2, 3, 4)] == [28, 28, 28, 56]


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        (PART, "<pageMargins left=", "<pageMargins lefT="),
        (PART, 'priority="1"', 'priority="3"'),
        (PART, "<x14:slicer r:id", "<x14:slicer  r:id"),
        (PART, 'state="frozen"', 'state="split"'),
        (PART, '<mergeCell ref="A1:F1"/>', '<mergeCell ref="A1:G1"/>'),
        (PART, "r:id=\"rId1\"/></hyperlinks>", "r:id=\"rId2\"/></hyperlinks>"),
        ("xl/tables/table1.xml", 'name="姓名"', 'name="名字"'),
        ("xl/workbook.xml", 'sheetId="1"', 'sheetId="9"'),
        ("xl/workbook.xml", 'name="各数"', 'name="另数"'),
        ("xl/styles.xml", "<font><b/>", "<font><i/>"),
        ("xl/styles.xml", "<cellXfs count=\"4\"><xf ", "<cellXfs count=\"4\"><xf quotePrefix=\"1\" "),
        ("xl/charts/chart1.xml", "<c:v>4</c:v>", "<c:v>5</c:v>"),
        ("xl/pivotCache/pivotCacheDefinition1.xml", 'name="people"', 'name="others"'),
        ("xl/slicers/slicer1.xml", 'caption="姓名"', 'caption="名"'),
        ("xl/vbaProject.bin", "\x01\x02", "\x02\x01"),
    ],
)  # fmt: skip
def test_a_change_of_anything_else_is_seen(part: str, before: str, after: str, path: Path) -> None:
    content = parts_of(path)[part]
    assert before.encode() in content
    with RawPackage(path) as raw:
        kind = kind_of(part, PackageEdit(raw).content_type(part))
    assert stays(kind, content, content)
    assert not stays(kind, content, content.replace(before.encode(), after.encode(), 1))


@pytest.mark.parametrize(
    ("part", "before", "after"),
    [
        (PART, 'sqref="B6:B9"', 'sqref="B6:B20"'),
        (PART, "<xm:sqref>E6:E9<", "<xm:sqref>E6:E20<"),
        (PART, '<dimension ref="A1:', '<dimension ref="B1:'),
        ("xl/tables/table1.xml", 'ref="A5:F9"', 'ref="A5:F20"'),
        ("xl/workbook.xml", f"{SHEET}!$A$1:$F$9", f"{SHEET}!$A$1:$F$20"),
        ("xl/workbook.xml", ' fullCalcOnLoad="1"', ""),
        ("xl/styles.xml", "</cellXfs>", '<xf numFmtId="14"/></cellXfs>'),
        ("xl/charts/chart1.xml", "$D$9<", "$D$20<"),
        ("xl/pivotCache/pivotCacheDefinition1.xml", " refreshedBy", ' refreshOnLoad="1" refreshedBy'),
    ],
)
def test_what_the_tool_owns_may_change(part: str, before: str, after: str, path: Path) -> None:
    content = parts_of(path)[part]
    assert before.encode() in content
    with RawPackage(path) as raw:
        kind = kind_of(part, PackageEdit(raw).content_type(part))
    assert kind in OWNED
    assert stays(kind, content, content.replace(before.encode(), after.encode(), 1))


@pytest.mark.parametrize(
    ("source", "after"),
    [
        (f'ref="A5:F9" sheet="{SHEET}"', f'ref="A5:F12" sheet="{SHEET}"'),
        ('name="各数"', 'name="各数"'),
        ('name="PEOPLE"', 'name="PEOPLE"'),
        (f'ref="A5:F9" sheet="{OTHER}"', None),
        ('name="另一张"', None),
    ],
)
def test_a_pivot_table_is_computed_anew_if_it_reads_the_table(source: str, after: str | None, path: Path) -> None:
    cache, named = "xl/pivotCache/pivotCacheDefinition1.xml", '<worksheetSource name="people"/>'
    patched = patch(path, path.with_name("patched.xlsm"), {cache: [(named, f"<worksheetSource {source}/>")]})
    assert edit_workbook(patched, [TableEdit(TABLE, COLUMNS, rows(range(1, 8)))]).written
    text = parts_of(patched)[cache].decode()
    assert f"<worksheetSource {after or source}/>" in text
    assert ('refreshOnLoad="1"' in text) == (after is not None)


def test_ranges_of_every_kind_follow_the_table(path: Path) -> None:
    kinds = [
        ("</sheetData>", '</sheetData><protectedRanges><protectedRange sqref="B6:B9" name="p"/></protectedRanges>'
                         '<autoFilter ref="H5:I9"/>'),
        ("<drawing ", '<ignoredErrors><ignoredError sqref="A6:D9" numberStoredAsText="1"/></ignoredErrors><drawing '),
    ]  # fmt: skip
    hidden = f'<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">{SHEET}!$A$5:$F$9</definedName>'
    sorting = '<sortState ref="A6:F9"><sortCondition ref="D6:D9"/></sortState>'
    edits = {
        PART: kinds,
        "xl/workbook.xml": [("</definedNames>", f"{hidden}</definedNames>")],
        "xl/tables/table1.xml": [('<autoFilter ref="A5:F9"/>', f'<autoFilter ref="A5:F9"/>{sorting}')],
    }
    patched = patch(path, path.with_name("patched.xlsm"), edits)
    if ooxml_validator.available() is None:
        assert ooxml_validator.validate([patched]) == {patched: []}
    assert edit_workbook(patched, [TableEdit(TABLE, COLUMNS, rows(range(1, 8)))]).written
    new = {name: content.decode("utf-8", "replace") for name, content in parts_of(patched).items()}
    assert '<protectedRange sqref="B6:B12"' in new[PART] and '<ignoredError sqref="A6:D12"' in new[PART]
    assert '<autoFilter ref="H5:I9"/>' in new[PART], "a filter beside the table is none of its business"
    assert f"{SHEET}!$A$5:$F$12</definedName>" in new["xl/workbook.xml"]
    assert '<sortState ref="A6:F12"><sortCondition ref="D6:D12"/>' in new["xl/tables/table1.xml"]
    if ooxml_validator.available() is None:
        assert ooxml_validator.validate([patched]) == {patched: []}


@pytest.mark.parametrize("part", [PART, "xl/workbook.xml", "xl/tables/table1.xml"])
def test_a_part_in_another_encoding_is_refused(part: str, path: Path) -> None:
    text = parts_of(path)[part].decode()
    wide = path.with_name("wide.xlsm")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(wide, "w") as new:
        for name in old.namelist():
            new.writestr(name, text.replace("UTF-8", "UTF-16").encode("utf-16") if name == part else old.read(name))
    before = wide.read_bytes()
    outcome = edit_workbook(wide, [TableEdit(TABLE, COLUMNS, rows(range(1, 8)))])
    assert [each.code for each in outcome.findings] == ["W109"] and not outcome.written
    assert wide.read_bytes() == before
