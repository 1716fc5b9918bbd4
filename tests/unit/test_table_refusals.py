"""What cannot be written safely is refused with a finding, and nothing is written."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from support import table_book
from support.codes import covers
from support.table_book import HEADERS, PART, SHEET, TABLE, part, patched, sheet_of, values
from support.table_edits import new_rows, refusal, replace

from workbook_files.cell_values import EditError, Value
from workbook_files.table_edit import TableEdit
from workbook_files.workbook_edit import edit_workbook
from xingzhi.labels import Lang

MERGED = '<mergeCells count="1"><mergeCell ref="D8:F9"/></mergeCells>'
LINKED = '<hyperlinks><hyperlink ref="C7" location="A1"/></hyperlinks>'
VALIDATED = '<dataValidation type="whole" sqref="B8:B9"><formula1>1</formula1></dataValidation>'
D4 = '<c r="D4" s="3"><v>3</v></c>'
SHARED = '<c r="D4" s="3"><f t="shared" ref="D4:E4" si="0">1+1</f><v>2</v></c>'
SHARING = '<c r="E5" s="1"><f t="shared" si="0"/><v>2</v></c>'
ARRAY = '<c r="D4" s="3"><f t="array" ref="D4:D6">A1:A3</f><v>2</v></c>'


@covers("W104")
def test_a_row_in_which_the_office_wrote_goes_by_purge_only(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    before = path.read_bytes()
    assert refusal(replace(path, new_rows(2))) == ("W104", "E6")
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
    assert replace(path, new_rows(2), continues=[0, 2]).written
    assert [row[4] for row in values(path, 3)] == ["办公室的话", "待核", None]
    assert replace(path, new_rows(1), purge=True).written
    assert sheet_of(path).value(5, 1) is None


@covers("W107")
@pytest.mark.parametrize("value", ["a\x01", "\ud800", "字" * 32768, float("nan"), float("inf"), 10**17])
def test_what_no_cell_holds_is_refused(value: Value, tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    rows = new_rows(3)
    rows[1][1] = value
    assert refusal(replace(path, rows)) == ("W107", "B5")


@covers("W101", "W102")
def test_a_table_or_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    assert refusal(edit_workbook(path, [TableEdit("units", ["名称"], [])]))[0] == "W101"
    outcome = replace(path, [["x"]], ["电话"])
    assert refusal(outcome)[0] == "W102"
    assert "电话" in outcome.findings[0].message(Lang.ZH)


def test_an_edit_that_contradicts_itself_is_the_programme_s_failure(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    for rows, columns, continues in (
        ([["x"]], ["姓名", "备注"], None),
        ([["x"]], ["姓名"], [7]),
        ([["x"], ["y"]], ["姓名"], [1, 1]),
        ([["x"]], ["姓名"], [0, 1]),
        ([["x", "y"]], ["姓名", "姓名"], None),
    ):
        with pytest.raises(EditError):
            replace(path, rows, columns, continues=continues)
    assert list(tmp_path.iterdir()) == [path]


@covers("W106")
def test_totals_that_a_formula_names_by_their_cell_do_not_move(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx", totals=True)
    named = [("<f>人员汇总!D4*2</f>", "<f>人员汇总!D7*2</f>")]
    patched(path, {"xl/worksheets/sheet2.xml": named})
    assert refusal(replace(path, new_rows(4))) == ("W106", "D7")
    assert replace(path, new_rows(3)).written


@covers("W103")
def test_notes_below_the_table_are_never_written_over(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx", below=True)
    assert replace(path, new_rows(4)).written
    before = path.read_bytes()
    assert refusal(replace(path, new_rows(5))) == ("W103", "B8")
    assert path.read_bytes() == before
    assert replace(path, new_rows(3), purge=True).written
    assert sheet_of(path).value(8, 2) == "下方的说明"


@pytest.mark.parametrize(
    ("before", "after", "cell"),
    [
        ("</sheetData>", f"</sheetData>{MERGED}", "D8"),
        ("<pageMargins", f"{LINKED}<pageMargins", "C7"),
        ("</dataValidations>", f"{VALIDATED}</dataValidations>", "B8"),
    ],
)
def test_what_else_takes_up_the_rows_below_is_told(before: str, after: str, cell: str, tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    patched(path, {PART: [(before, after)]})
    assert refusal(replace(path, new_rows(6))) == ("W103", cell)
    assert replace(path, new_rows(3)).written


def test_two_tables_one_under_the_other_do_not_meet(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(SHEET)
    columns = [{"header": header} for header in HEADERS]
    sheet.add_table("A3:E4", {"name": TABLE, "columns": columns})
    sheet.add_table("B9:C10", {"name": "other", "columns": [{"header": "甲"}, {"header": "乙"}]})
    book.close()
    assert replace(path, new_rows(5)).written
    assert refusal(replace(path, new_rows(6)))[0] == "W103"


@covers("W109")
@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ([(D4, SHARED), ('<c r="E5" s="1"/>', SHARING)], "D4"),
        ([(D4, ARRAY)], "D4:D6"),
        ([('<row r="4"', "<row")], "位置"),
        ([('<c r="B4"', "<c")], "位置"),
        ([("<sheetData>", "<sheetData><!-- x -->")], "注释"),
    ],
)
def test_a_form_that_cannot_be_changed_safely_is_refused(
    cells: list[tuple[str, str]], says: str, tmp_path: Path
) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    patched(path, {PART: cells})
    before = path.read_bytes()
    outcome = replace(path, new_rows(3))
    assert refusal(outcome)[0] == "W109"
    assert says in outcome.findings[0].message(Lang.ZH)
    assert path.read_bytes() == before


def test_rows_that_come_from_elsewhere_are_left_to_their_source(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    patched(path, {"xl/tables/table1.xml": [("<table ", '<table tableType="queryTable" ')]})
    assert refusal(replace(path, new_rows(3)))[0] == "W109"


@covers("W108")
def test_a_signed_workbook_is_not_touched(tmp_path: Path) -> None:
    path = table_book.write(tmp_path / "book.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    assert refusal(replace(path, new_rows(3)))[0] == "W108"


@covers("W114")
def test_a_chart_that_comes_to_lie_over_rows_is_told(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(SHEET)
    sheet.add_table("A3:E5", {"name": TABLE, "columns": [{"header": header} for header in HEADERS]})
    chart = book.add_chart({"type": "pie"})
    chart.add_series({"values": f"={SHEET}!$D$4:$D$5"})
    sheet.insert_chart("B8", chart)
    beside = book.add_chart({"type": "pie"})
    beside.add_series({"values": f"={SHEET}!$D$4:$D$5"})
    sheet.insert_chart("H6", beside)
    book.close()
    assert replace(path, new_rows(4)).findings == []
    outcome = replace(path, new_rows(5))
    assert outcome.written and [(each.code, each.cell) for each in outcome.findings] == [("W114", "B8")]
    assert "$D$4:$D$8" in part(path, "xl/charts/chart1.xml")
