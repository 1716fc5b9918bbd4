"""The unit workbook as a spreadsheet program finds it: sheets, tables, names, validations, print, and cached values."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from workbook_files.reader import read_grid
from workbook_templates.blank import FILES, committed, write_blank, write_committed
from workbook_templates.profiles import profile, profile_ids
from workbook_templates.tables.registry import TABLES, tables
from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import build
from xingzhi.columns import Column, ColumnType, Owner, Table
from xingzhi.fulfilment import UnitRecords
from xingzhi.grid import Grid
from xingzhi.headers import HEADER_ROW, SELF_CHECK
from xingzhi.identity import TEMPLATE_VERSION, Identity, read_identity
from xingzhi.labels import Lang
from xingzhi.programme import Term
from xingzhi.rows import Row
from xingzhi.shape import shape

PROGRAMME = "tengxian-civil-affairs"
TODAY = date(2026, 6, 24)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
GUIDE = {Lang.ZH: "填报说明", Lang.EN: "Guide"}
DEADLINES = {Lang.ZH: "应报事项", Lang.EN: "Deadlines"}
FINDINGS = {Lang.ZH: "校验结果", Lang.EN: "Findings"}
FOOT = {
    Lang.ZH: ("填报单位（盖章）", "单位负责人（签字）", "审核人", "填表人", "联系电话", "填报日期"),
    Lang.EN: ("seal", "signature", "Reviewed by", "Filled in by", "Phone", "Date"),
}
langs = pytest.mark.parametrize("lang", Lang)
each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.key)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the workbooks of this module are built, once."""
    made = tmp_path_factory.mktemp("templates")
    for lang in Lang:
        write_blank(made / f"{lang.value}.xlsx", PROGRAMME, 2026, lang, TODAY)
    build(unit_book(), made / "unit.xlsx")
    return made


def unit_book() -> UnitBook:
    """A workbook of a unit that has two people already, the second of whom begins with a sign."""
    people = tuple(
        Row("people", {"name": name, "department": "办公室", "leadership": key}, record=f"T01-RY-{number:04}")
        for number, (name, key) in enumerate((("石一", "yes"), ("=石二", "no")), start=1)
    )
    return UnitBook(
        term=Term(programme=profile(PROGRAMME), year=2026),
        identity=Identity(TEMPLATE_VERSION, PROGRAMME, 2026, unit="T01", unit_name="青石镇民政办", base_run=2),
        today=TODAY,
        records=UnitRecords("T01", {"people": people}),
        serials={"people": 2, "projects": 7},
    )


@cache
def opened(path: Path, *, values: bool = False) -> Workbook:
    return openpyxl.load_workbook(path, data_only=values)


def page(path: Path, name: str) -> Worksheet:
    found = opened(path)[name]
    assert isinstance(found, Worksheet)
    return found


def validation(sheet: Worksheet, cell: str) -> DataValidation | None:
    found = [each for each in sheet.data_validations.dataValidation if cell in each.sqref]
    assert len(found) < 2, f"{cell}: {len(found)} validations"
    return found[0] if found else None


@langs
def test_the_sheets_are_the_guide_the_programme_s_tables_and_the_tool_s(folder: Path, lang: Lang) -> None:
    book = opened(folder / f"{lang.value}.xlsx")
    shown = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    own = [table.label.of(lang) for table in tables(profile(PROGRAMME).tables)]
    assert shown == [GUIDE[lang], *own, DEADLINES[lang], FINDINGS[lang]]
    assert book["_meta"].sheet_state == "veryHidden"
    assert book.active.title == GUIDE[lang]  # type: ignore[union-attr]


@langs
@each_table
def test_headers_are_those_declared_and_the_table_has_its_room(folder: Path, table: Table, lang: Lang) -> None:
    sheet = page(folder / f"{lang.value}.xlsx", table.label.of(lang))
    headers = (*table.headers(lang), SELF_CHECK.of(lang))
    assert tuple(cell.value for cell in sheet[HEADER_ROW]) == headers
    excel = sheet.tables[table.key]
    assert excel.ref == f"A{HEADER_ROW}:{get_column_letter(len(headers))}{HEADER_ROW + table.room}"
    assert tuple(column.name for column in excel.tableColumns) == headers
    assert sheet.freeze_panes == f"C{HEADER_ROW + 1}"


@each_table
def test_every_declared_column_has_the_validation_that_its_declaration_asks_for(folder: Path, table: Table) -> None:
    sheet = page(folder / "zh.xlsx", table.label.zh)
    for place, column in enumerate(table.columns, start=1):
        letters = get_column_letter(place)
        first = validation(sheet, f"{letters}{HEADER_ROW + 1}")
        last = validation(sheet, f"{letters}{HEADER_ROW + table.room}")
        assert first is last
        check(column, first)


@each_table
def test_every_row_filled_or_blank_ends_with_its_self_check(folder: Path, table: Table) -> None:
    sheet = page(folder / "unit.xlsx", table.label.zh)
    letters = get_column_letter(len(table.columns) + 1)
    bottom = HEADER_ROW + table.room
    for row in (HEADER_ROW + 1, bottom):
        formula = str(sheet[f"{letters}{row}"].value)
        assert formula.startswith("=IFERROR(IF(") and f"$B{row}" in formula and "{row}" not in formula
    closed = validation(sheet, f"{letters}{bottom}")
    assert closed and closed.formula1 == "FALSE" and closed.error
    rules = [rule for area in sheet.conditional_formatting if f"{letters}{bottom}" in area.sqref for rule in area.rules]
    assert {"cellIs", "notContainsBlanks"} <= {rule.type for rule in rules}
    assert f"${letters}:${letters}" in sheet.defined_names["Print_Area"].attr_text


def check(column: Column, found: DataValidation | None) -> None:
    kind = found.type if found else None
    if column.owner is not Owner.UNIT:
        assert found and kind == "custom" and found.formula1 == "FALSE", column.key
        assert found.error and found.errorTitle
    elif column.reference or column.type in (ColumnType.CHOICE, ColumnType.PERIOD):
        assert found and kind == "list" and not found.allow_blank, column.key
        # Several roles may stand in one cell, and namesakes are told apart by hand: these may be overruled.
        lenient = column.multiple or (column.reference and column.reference.table == "people")
        assert (found.errorStyle == "warning") == bool(lenient), column.key
        assert found.error
    elif column.spans:
        assert found and kind == "custom" and "list_span_spellings" in str(found.formula1) and found.error
        assert column.prompt and "6月上旬" in column.prompt.zh and "6月上旬" in column.prompt.en
    elif column.type is ColumnType.DATE:
        assert found and kind == "date" and found.operator in (None, "between") and found.error
    elif column.type is ColumnType.INTEGER:
        assert found and kind == "whole" and found.formula1 == str(column.minimum or 0)
    elif column.max_length is not None:
        assert found and kind == "textLength" and found.formula1 == str(column.max_length) and found.error
    if column.prompt:
        assert found and found.prompt == column.prompt.zh and found.promptTitle == column.label.zh


@langs
def test_drop_downs_lead_to_names_that_hold_exactly_the_choices(folder: Path, lang: Lang) -> None:
    book = opened(folder / f"{lang.value}.xlsx")
    for table in TABLES:
        for column in table.columns:
            if column.choices:
                held = named(book, f"list_{table.key}_{column.key}")
                assert held == [choice.label.of(lang) for choice in column.choices]
            elif column.reference:
                assert f"list_{column.reference.table}_{column.reference.column}" in book.defined_names
    months = named(book, "list_months")
    assert (months[0], months[-1], len(months)) == ("2026-06", "2027-01", 8)
    spans, starts, ends = (named(book, f"list_span{each}") for each in ("s", "_starts", "_ends"))
    days = dict(zip(spans, zip(starts, ends, strict=True), strict=True))
    assert days["6月上旬"] == (datetime(2026, 6, 1), datetime(2026, 6, 10))
    assert days["次年2月下旬"] == (datetime(2027, 2, 21), datetime(2027, 2, 28))
    assert {"6月上旬", "2026年6月上旬", "1月", "次年1月", "2027年1月"} <= set(named(book, "list_span_spellings"))


def named(book: Workbook, name: str) -> list[object]:
    """The values of a defined name: no blank among them, since a blank in a list lets anything in."""
    ((sheet, area),) = book.defined_names[name].destinations
    return [cell.value for row in book[sheet][area] for cell in row]


@langs
def test_every_sheet_prints_on_a4_landscape_with_its_header_on_each_page(folder: Path, lang: Lang) -> None:
    book = opened(folder / f"{lang.value}.xlsx")
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape"), sheet.title
        # As many pages long as it needs to be, whatever its width; the guide is one page.
        assert sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == (None if sheet.title == GUIDE[lang] else 0), sheet.title
        if sheet.title != GUIDE[lang]:
            assert str(sheet.print_title_rows).startswith("$1:$"), sheet.title
    for table in TABLES:
        sheet = book[table.label.of(lang)]
        assert sheet.print_title_rows == f"$1:${HEADER_ROW}"
        assert sheet.oddFooter
        parts = (sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right)
        foot = "".join(part.text or "" for part in parts if part)
        assert all(words in foot for words in FOOT[lang])


def test_sheets_are_not_protected_since_a_protected_table_cannot_grow(folder: Path) -> None:
    assert not any(sheet.protection.sheet for sheet in opened(folder / "unit.xlsx").worksheets)


def test_a_unit_s_rows_bear_their_record_numbers_before_they_are_filled(folder: Path) -> None:
    people = page(folder / "unit.xlsx", "人员名册")
    numbers = [people.cell(HEADER_ROW + step, 1).value for step in range(1, 101)]
    assert numbers == [f"T01-RY-{number:04}" for number in range(1, 101)]
    assert [people.cell(HEADER_ROW + step, 2).value for step in (1, 2, 3)] == ["石一", "=石二", None]
    projects = page(folder / "unit.xlsx", "项目台账")
    assert projects.cell(HEADER_ROW + 1, 1).value == "T01-XM-0008"  # after the last one used
    blank = page(folder / "zh.xlsx", "人员名册")
    assert blank.cell(HEADER_ROW + 1, 1).value is None


def test_text_that_begins_with_a_sign_is_text_and_no_formula(folder: Path) -> None:
    cell = page(folder / "unit.xlsx", "人员名册").cell(HEADER_ROW + 2, 2)
    assert cell.data_type == "s" and cell.quotePrefix


def test_the_identity_stands_in_all_three_carriers(folder: Path) -> None:
    grid, _ = read_grid(folder / "unit.xlsx")
    assert grid is not None
    identity, findings = read_identity(grid)
    assert findings == [] and identity == unit_book().identity
    bare = Grid(grid.file, tuple(sheet for sheet in grid.sheets if sheet.name != "_meta"), names=grid.names)
    by_name, _ = read_identity(bare)
    by_property, _ = read_identity(Grid(grid.file, (), properties=grid.properties))
    for found in (by_name, by_property):
        assert found and (found.programme, found.year, found.unit) == (PROGRAMME, 2026, "T01")


def formulas(path: Path) -> Iterator[tuple[str, str, ElementTree.Element]]:
    with zipfile.ZipFile(path) as package:
        for part in package.namelist():
            if part.startswith("xl/worksheets/sheet"):
                root = ElementTree.fromstring(package.read(part))
                yield from ((part, c.get("r", ""), c) for c in root.iter(f"{MAIN}c") if c.find(f"{MAIN}f") is not None)


@pytest.mark.parametrize("name", ["zh", "en", "unit"])
def test_every_formula_is_written_with_its_value(folder: Path, name: str) -> None:
    count = 0
    for part, place, cell in formulas(folder / f"{name}.xlsx"):
        value = cell.find(f"{MAIN}v")
        assert value is not None, f"{part} {place}"
        # An untyped blank is what readers take for a formula that was never computed.
        assert value.text or cell.get("t") == "str", f"{part} {place}"
        assert cell.get("t") != "e", f"{part} {place}: {value.text}"
        count += 1
    assert count > 100


def test_the_cached_values_are_those_of_the_day(folder: Path) -> None:
    sheet = opened(folder / "unit.xlsx", values=True)["应报事项"]
    lines = {(row[0].value, row[3].value): row for row in sheet.iter_rows(min_row=5) if row[0].value}
    june = lines["T22", "2026-06"]
    assert june[5].value == datetime(2026, 6, 25) and june[8].value == "即将到期"
    assert lines["T02", None][8].value == "逾期" and lines["T21", None][8].value == "未到期"
    guide = opened(folder / "unit.xlsx", values=True)["填报说明"]
    lights = {row[0].value: (row[2].value, row[4].value) for row in guide.iter_rows(max_col=5)}
    assert lights["人员名册"] == (2, "正常") and lights["组织机构"] == (0, "未填")


@langs
def test_our_own_reader_finds_nothing_wrong_with_a_blank_workbook(folder: Path, lang: Lang) -> None:
    grid, findings = read_grid(folder / f"{lang.value}.xlsx")
    assert grid is not None and findings == []
    shaped = shape(grid, TABLES, Term(programme=profile(PROGRAMME), year=2026).time)
    assert not shaped.findings
    assert set(shaped.sheets) == {table.key for table in TABLES}
    assert not any(shaped.rows[key] for key in shaped.sheets)


@langs
def test_findings_paint_cells_through_a_defined_name(folder: Path, lang: Lang) -> None:
    book = opened(folder / f"{lang.value}.xlsx")
    assert FINDINGS[lang] in book.defined_names["finding_marks"].attr_text
    for table in TABLES:
        rules = [rule for group in book[table.label.of(lang)].conditional_formatting for rule in group.rules]
        painting = [rule for rule in rules if "finding_marks" in "".join(rule.formula)]
        assert len(painting) == 3, table.key
        # Older Excel refuses another sheet's range, and any refuses a structured reference, in a conditional format.
        assert not [rule for rule in rules if "!$" in "".join(rule.formula) or f"{table.key}[" in "".join(rule.formula)]


def test_two_builds_of_the_same_content_are_the_same(folder: Path, tmp_path: Path) -> None:
    build(unit_book(), tmp_path / "again.xlsx")
    assert content(tmp_path / "again.xlsx") == content(folder / "unit.xlsx")


def content(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def meaning(path: Path) -> dict[str, Any]:
    """What a workbook says and does, whatever wrote it and however it packed it."""
    book = opened(path)
    values = opened(path, values=True)
    return {
        "names": {name: each.attr_text for name, each in book.defined_names.items()},
        "properties": {each.name: each.value for each in book.custom_doc_props.props},  # type: ignore[attr-defined]
        "sheets": {sheet.title: sheet_meaning(sheet, values[sheet.title]) for sheet in book.worksheets},
    }


def sheet_meaning(sheet: Worksheet, values: Worksheet) -> dict[str, Any]:
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    return {
        "state": sheet.sheet_state,
        "cells": {cell.coordinate: (cell.value, values[cell.coordinate].value) for cell in cells},
        "formats": {cell.coordinate: (cell.number_format, cell.fill.fgColor.rgb) for cell in cells},
        "tables": {table.name: table.ref for table in sheet.tables.values()},
        "validations": sorted(
            (str(each.sqref), each.type, str(each.formula1), str(each.formula2), str(each.prompt), str(each.error))
            for each in sheet.data_validations.dataValidation
        ),
        "paints": sorted(
            (str(group.sqref), *rule.formula) for group in sheet.conditional_formatting for rule in group.rules
        ),
        "widths": {key: size.width for key, size in sheet.column_dimensions.items()},
        "print": (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows),
    }


@langs
@pytest.mark.parametrize("programme", profile_ids())
def test_the_committed_blank_workbooks_are_those_that_the_declarations_make(
    programme: str, lang: Lang, tmp_path: Path
) -> None:
    if not list(FILES.glob("*.xlsx")):
        pytest.skip("no blank workbooks are committed yet")
    there, made = (meaning(path) for path in (committed(programme, lang), write_committed(tmp_path, programme, lang)))
    changed = [name for name, sheet in made["sheets"].items() if sheet != there["sheets"].get(name)]
    assert there == made, f"rebuild {FILES} with write_committed: {changed}"


def test_no_committed_blank_workbook_is_left_over() -> None:
    wanted = {committed(programme, lang) for programme in profile_ids() for lang in Lang}
    assert set(FILES.glob("*.xlsx")) in (wanted, set())
