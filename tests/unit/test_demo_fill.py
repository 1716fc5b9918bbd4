"""Filling keeps what the workbook is: its identity in every carrier, its tables, its validations."""

from __future__ import annotations

import shutil
import warnings
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from sync.demo_content import demo_units
from sync.demo_fill import NoteRow, OwnColumn, Subtotal, TitleRow, change, fill
from sync.demo_schedule import RawRow
from workbook_files.lint import lint
from workbook_files.reader import read_grid
from workbook_templates.profiles import profile
from workbook_templates.tables.registry import tables
from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import build
from xingzhi.grid import Grid
from xingzhi.headers import HEADER_ROW
from xingzhi.identity import META_SHEET, TEMPLATE_VERSION, Identity, read_identity
from xingzhi.programme import Term
from xingzhi.shape import shape

TERM = Term(programme=profile("tengxian-civil-affairs"), year=2026)
IDENTITY = Identity(TEMPLATE_VERSION, TERM.programme.id, TERM.year, unit="MZ01", unit_name="民政局", base_run=1)
ROWS: dict[str, list[RawRow]] = {
    "people": [
        {"name": "张禾川", "department": "办公室", "leadership": "是", "phone": 19900001234},
        {},
        {"name": "李　桐", "department": "综合股", "leadership": "否"},
    ],
    "reports": [
        {"period": "2026-06", "kind": "动态", "title": "启动", "submitted_on": date(2026, 6, 22)},
        {"period": "2026-07", "kind": "动态", "title": "调研", "submitted_on": "2026.7.20"},
    ],
    "schedule": [
        {"kind": "启动仪式", "title": "启动", "expected": 20},
        {"kind": "培训", "title": "培训", "expected": 22},
    ],
}


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("issued") / "issued.xlsx"
    build(UnitBook(TERM, IDENTITY, date(2026, 6, 1)), path)
    return path


@pytest.fixture
def book(issued: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(issued, tmp_path / "民政局.xlsx"))


def load(path: Path) -> Workbook:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Print area")
        return openpyxl.load_workbook(path)


def grid_of(path: Path) -> Grid:
    grid, findings = read_grid(path)
    assert grid is not None
    assert findings == []
    return grid


def cells(path: Path, sheet: str, row: int, count: int = 4) -> list[object]:
    found = grid_of(path).sheet(sheet)
    assert found is not None
    return [found.value(row, column) for column in range(1, count + 1)]


def test_values_stand_under_their_headers_beside_the_printed_numbers(book: Path) -> None:
    fill(book, ROWS)
    first = HEADER_ROW + 1
    assert cells(book, "人员名册", first, 3) == ["MZ01-RY-0001", "张禾川", "办公室"]
    assert cells(book, "人员名册", first + 1, 3) == ["MZ01-RY-0002", None, None]
    assert cells(book, "人员名册", first + 2, 3) == ["MZ01-RY-0003", "李　桐", "综合股"]
    submitted = grid_of(book).sheet("信息报送")
    assert submitted is not None
    assert [submitted.value(row, 6) for row in (first, first + 1)] == [date(2026, 6, 22), "2026.7.20"]


def test_filling_again_goes_on_below(book: Path) -> None:
    fill(book, ROWS)
    fill(book, {"people": [{"name": "王汀"}]})
    assert cells(book, "人员名册", HEADER_ROW + 4, 2) == ["MZ01-RY-0004", "王汀"]


def test_the_workbook_stays_what_it_was(issued: Path, book: Path) -> None:
    fill(book, ROWS)
    grid = grid_of(book)
    assert read_identity(grid) == (IDENTITY, [])
    assert grid.properties == grid_of(issued).properties
    assert grid.names == grid_of(issued).names
    before, after = load(issued), load(book)
    assert after[META_SHEET].sheet_state == "veryHidden"
    for old, new in zip(before, after, strict=True):
        assert (old.title, old.sheet_state) == (new.title, new.sheet_state)
        assert [(t.name, t.ref) for t in old.tables.values()] == [(t.name, t.ref) for t in new.tables.values()]
        assert len(old.data_validations.dataValidation) == len(new.data_validations.dataValidation)
        assert len(old.conditional_formatting) == len(new.conditional_formatting)


def test_the_moment_of_saving_makes_the_bytes(issued: Path, tmp_path: Path) -> None:
    moment = datetime(2026, 8, 24, 17)
    copies = [Path(shutil.copyfile(issued, tmp_path / name)) for name in ("a.xlsx", "b.xlsx")]
    for path in copies:
        fill(path, ROWS, saved=moment)
    assert copies[0].read_bytes() == copies[1].read_bytes()
    modified = grid_of(copies[0]).modified
    assert modified is not None
    assert modified.replace(tzinfo=None) == moment


def test_a_title_row_moves_the_table_and_what_refers_to_it(issued: Path, book: Path) -> None:
    fill(book, ROWS, mess=[TitleRow("people", "人员一览表")])
    assert cells(book, "人员名册", HEADER_ROW, 1) == ["人员一览表"]
    assert cells(book, "人员名册", HEADER_ROW + 1, 2) == ["记录号", "姓名"]
    before, after = load(issued)["人员名册"], load(book)["人员名册"]
    assert (before.tables["people"].ref, after.tables["people"].ref) == ("A4:I104", "A5:I105")
    assert str(after.data_validations.dataValidation[1].sqref) == "B6:B105"
    rules = next(iter(after.conditional_formatting))
    assert str(rules.sqref) == "A6:I105"
    assert '$A6&"|"&A$5' in rules.rules[0].formula[0]
    assert str(before["I5"].value).replace("5", "6") == str(after["I6"].value).replace("5", "6")
    assert "$B6:$H6" in str(after["I6"].value) and "$B5" not in str(after["I6"].value)
    assert after.freeze_panes == "C6"


def test_a_column_joins_the_table(book: Path) -> None:
    fill(book, ROWS, mess=[OwnColumn("people", "血型", ("A", "O"))])
    assert [cells(book, "人员名册", HEADER_ROW + step, 10)[9] for step in (0, 1, 2, 3)] == ["血型", "A", None, "O"]
    table = load(book)["人员名册"].tables["people"]
    assert table.ref == "A4:J104"
    assert table.column_names[-2:] == ["自查", "血型"]


def test_totals_and_notes_stand_below_and_are_no_records(book: Path) -> None:
    fill(book, ROWS, mess=[Subtotal("schedule", "合　计", "expected"), NoteRow("schedule", "填表人：张禾川")])
    sheet = grid_of(book).sheet("活动台账")
    assert sheet is not None
    assert 42 in [sheet.value(HEADER_ROW + 3, column) for column in range(1, 19)]
    shaped = shape(grid_of(book), tables(TERM.programme.tables), TERM.time)
    assert len(shaped.rows["schedule"]) == 2
    assert [each.code for each in shaped.findings if each.code == "S105"] == ["S105", "S105"]


def test_one_cell_is_changed(book: Path) -> None:
    fill(book, ROWS)
    change(book, "people", 1, "department", "业务股")
    assert cells(book, "人员名册", HEADER_ROW + 3, 3) == ["MZ01-RY-0003", "李　桐", "业务股"]
    with pytest.raises(IndexError):
        change(book, "people", 2, "department", "业务股")


def test_what_the_workbook_has_not_is_refused(book: Path) -> None:
    without = load(book)
    del without["学习台账"]
    without.save(book)
    for rows in ({"study": [{"title": "x"}]}, {"people": [{"colour": "x"}]}):
        with pytest.raises(KeyError):
            fill(book, rows)  # type: ignore[arg-type]


def test_every_way_of_filling_leaves_a_sound_workbook(issued: Path, tmp_path: Path) -> None:
    for unit in demo_units(12, TERM.year, 1):
        path = Path(shutil.copyfile(issued, tmp_path / f"{unit.code}.xlsx"))
        fill(path, unit.rows(date(2026, 9, 10)), mess=unit.mess())
        # openpyxl keeps no value of a formula; Excel computes them when the workbook is opened.
        assert [each for each in lint(path) if each.rule != "uncached-formula"] == [], unit.name
