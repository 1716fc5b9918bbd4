"""A file is to a command what a workbook in Excel is: values, geometry, what is shown; and what it enters is saved."""

from __future__ import annotations

import shutil
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwings
from support import table_book
from support.codes import covers
from support.table_book import PART, SHEET, patched, sheet_of

from addin.hosts.entries import taken_for
from addin.hosts.file_app import Shown
from addin.hosts.file_contents import as_excel
from addin.hosts.file_host import open_book
from addin.hosts.rules import HostRefused, NotInEveryHost
from addin.live_grid import live_grid, rows_of
from workbook_files.cell_values import Value
from workbook_files.lint import lint
from workbook_files.reader import read_grid
from xingzhi.grid import CellValue

TEMPLATE = Path(__file__).parents[2] / "workbook_templates" / "files" / "tengxian-civil-affairs-2026-zh.xlsx"
OTHER = "统计 表"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return Path(shutil.copy(TEMPLATE, tmp_path / "青石镇.xlsx"))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return table_book.write(tmp_path / "book.xlsx")


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def test_a_template_shows_its_sheets_tables_and_names(template: Path) -> None:
    with open_book(template) as host:
        book = host.book
        assert (book.name, book.fullname) == ("青石镇.xlsx", str(template.resolve()))
        assert [each.name for each in book.sheets] == openpyxl.load_workbook(template).sheetnames
        assert len(book.sheets) == book.sheets.count and book.sheets["人员名册"].index == 2
        assert book.sheets[0].name == book.sheets(1).name == book.sheets.active.name == "填报说明"
        shown = {each.name: each.visible for each in book.sheets}
        assert (shown["填报说明"], shown["_选项"], shown["_meta"]) == (-1, 0, 2)
        people: Any = book.sheets["人员名册"].tables["people"]
        assert (people.name, people.display_name) == ("people", "people") and people.parent == book.sheets["人员名册"]
        assert (people.range.address, people.data_body_range.address) == ("$A$4:$I$104", "$A$5:$I$104")
        assert people.header_row_range.value[:2] == ["记录号", "姓名"] and people.totals_row_range is None
        assert "people" in book.sheets["人员名册"].tables and "people" not in book.sheets["填报说明"].tables
        day = book.names["base_date"]
        assert day.refers_to == "='应报事项'!$F$3" and "base_date" in book.names and "没有" not in book.names
        assert day.refers_to_range.get_address(False, False) == "F3" and isinstance(day.refers_to_range.value, datetime)
        assert len(book.names) == len(list(book.names)) > 50 and host.findings == []


def test_a_range_is_found_cut_moved_and_named_in_all_ways(book: Path) -> None:
    with open_book(book) as host:
        sheet: Any = host.book.sheets[SHEET]
        cells = sheet["A3:E6"]
        assert sheet.range((3, 1), (6, 5)) == cells == sheet.range((3, 1, 4, 5)) == sheet.range("$E$6:$A$3")
        assert sheet.range(sheet["E6"], sheet["A3"]) == cells and sheet[2:6, 0:5] == cells
        assert (cells.row, cells.column, cells.shape, cells.size, cells.count) == (3, 1, (4, 5), 20, 20)
        assert (len(cells.rows), len(cells.columns), cells.last_cell.address) == (4, 5, "$E$6")
        assert cells[1, 1].address == cells(2, 2).address == "$B$4" and cells[7].address == "$C$4"
        assert cells[1:, 1].address == cells[1:3, 1].resize(row_size=3).address == "$B$4:$B$6"
        assert cells.offset(1, 1).address == "$B$4:$F$7" and cells.rows[1].address == "$A$4:$E$4"
        assert cells.get_address(False, True) == "$A3:$E6"
        assert cells.get_address(external=True) == "[book.xlsx]人员汇总!$A$3:$E$6"
        assert host.book.sheets[OTHER]["A1"].get_address(include_sheetname=True) == "'统计 表'!$A$1"
        assert sheet.used_range.address == "$A$1:$H$6" and cells.sheet == sheet and sheet.book == host.book
        none = sheet.range((3, 1, 0, 5))
        assert (len(none), none.value) == (0, None)
        for wrong in ("名字", "A:A", "people[姓名]", (0, 1), 5):
            with pytest.raises(NotInEveryHost, match=r"Sheet\.range"):
                sheet.range(wrong)


def test_values_are_as_excel_gives_them(tmp_path: Path) -> None:
    path = tmp_path / "values.xlsx"
    made = xlsxwriter.Workbook(path)
    sheet = made.add_worksheet()
    day, moment, clock = (made.add_format({"num_format": each}) for each in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm"))
    sheet.write_row(0, 0, [3, 2.5, True, "文"])
    sheet.write_datetime(1, 0, datetime(2026, 6, 1), day)
    sheet.write_datetime(1, 1, datetime(2026, 6, 1, 8, 30), moment)
    sheet.write_number(1, 2, 0.5, clock)
    sheet.write_formula(2, 0, "=1/0", None, "#DIV/0!")
    made.close()
    with open_book(path) as host:
        read = host.book.sheets[0]
        values = read["A1:D3"].value
        assert values[0] == [3.0, 2.5, True, "文"] and isinstance(values[0][0], float) and values[0][2] is True
        assert values[1] == [datetime(2026, 6, 1), datetime(2026, 6, 1, 8, 30), 0.5, None]
        assert values[2] == [None] * 4 and read["A3"].options(err_to_str=True).value == "#DIV/0!"
        assert read["A3:B3"].options(err_to_str=True).value == ["#DIV/0!", None]
        with pytest.raises(NotInEveryHost, match="on a Mac err_to_str fails"):
            _ = read["A2:A3"].options(err_to_str=True).value
        assert (read["A1"].value, read["A1:B1"].value, read["A1:A2"].value[0]) == (3.0, [3.0, 2.5], 3.0)
        assert read["A1"].options(ndim=2).value == [[3.0]] and read["A1"].options(ndim=1).value == [3.0]
        assert read["A2"].options(dates=date).value == date(2026, 6, 1) and read["A1"].options(numbers=int).value == 3


def test_an_error_value_that_was_typed_is_told_by_its_text(tmp_path: Path) -> None:
    path = tmp_path / "errors.xlsx"
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.append(["#REF!", "=1+1", "文"])
    made.save(path)
    with open_book(path) as host:
        assert rows_of(host.book.sheets[0]["A1:D1"].formula) == [["#REF!", "=1+1", "文", ""]]
        assert live_grid(host.book).sheets[0].errors == host.grid.sheets[0].errors == {(1, 1): "#REF!"}


@pytest.mark.parametrize(
    "value, given",
    [(time(6), 0.25), (timedelta(hours=36), 1.5), (date(2026, 6, 1), datetime(2026, 6, 1)), (7, 7.0), ("", None)],
)
def test_what_is_shown_as_a_time_is_a_number_to_excel(value: CellValue, given: object) -> None:
    assert as_excel(value) == given and type(as_excel(value)) is type(given)


def test_what_is_entered_is_saved_and_all_else_stays(book: Path) -> None:
    before = parts(book)
    wanted: dict[str, Value] = {
        "K1": "好", "K2": 3, "K3": 2.5, "K4": True, "K5": date(2026, 7, 1), "K6": datetime(2026, 7, 1, 8), "K7": "'2026-06",
        "K8": "'=1+1", "K9": "第3条", "H4": None,
    }  # fmt: skip
    with open_book(book) as host:
        sheet = host.book.sheets[SHEET]
        for address, value in wanted.items():
            sheet[address].value = value
        sheet["L1"].value = "=SUM(D4:D6)"
        sheet["M1:N2"].value = [[1, 2], [3, None]]
        sheet["O1:O3"].value = 0
        sheet["P1"].options(transpose=True).value = [7, 8]
        sheet["Q1"].value = datetime(2026, 7, 1, 8, tzinfo=UTC)
        host.book.save()
        assert sheet["K7"].value == "2026-06" and sheet["P2"].value == 8.0
    page = openpyxl.load_workbook(book)[SHEET]
    assert [page[f"K{row}"].value for row in range(1, 10)] == [
        "好", 3, 2.5, True, datetime(2026, 7, 1), datetime(2026, 7, 1, 8), "2026-06", "=1+1", "第3条",
    ]  # fmt: skip
    assert page["K8"].data_type == "s" and page["L1"].data_type == "f" and page["L1"].value == "=SUM(D4:D6)"
    assert [page[each].value for each in ("H4", "M1", "N1", "M2", "N2", "O3")] == [None, 1, 2, 3, None, 0]
    assert page["B4"].value == "张三" and lint(book) == []
    after = parts(book)
    assert {each for each in after if after[each] != before.get(each)} <= {PART, "xl/styles.xml", "xl/workbook.xml"}


def test_what_is_not_saved_is_lost_and_a_file_that_is_only_read_stays(book: Path) -> None:
    before = book.read_bytes()
    with open_book(book) as host:
        assert host.book.sheets[SHEET]["B4"].value == "张三"
        host.book.save()
        host.book.sheets[SHEET]["B4"].value = "别人"
    assert book.read_bytes() == before and list(book.parent.iterdir()) == [book]


def test_a_copy_is_saved_under_another_name_and_is_then_the_open_one(book: Path) -> None:
    before, copy, second = book.read_bytes(), book.with_name("报送.xlsx"), book.with_name("又一份.xlsx")
    with open_book(book) as host:
        host.book.sheets[SHEET]["B4"].value = "别人"
        host.book.save(copy)
        assert host.book.name == "报送.xlsx"
        host.book.save(second)
        with pytest.raises(NotInEveryHost, match=r"Book\.save"):
            host.book.save(book.with_suffix(".xlsm"))
    assert book.read_bytes() == before and sheet_of(copy).value(4, 2) == sheet_of(second).value(4, 2) == "别人"


def test_what_a_command_wrote_it_never_reads_back(book: Path) -> None:
    with open_book(book) as host:
        sheet = host.book.sheets[SHEET]
        sheet["B5"].value = "别人"
        for cells in (sheet["B5"], sheet["A3:E6"], sheet.used_range, sheet.tables["people"].range):
            with pytest.raises(NotInEveryHost, match="B5 was written"):
                _ = cells.value
        assert sheet["B4"].value == "张三" and host.book.sheets[OTHER]["A1"].value == 12.0
        host.save()
        assert sheet["B5"].value == "别人"


@pytest.mark.parametrize(
    "text",
    ["2026-06", "2026/6/1", "001", "1,234", "12%", "８:30", " 7 ", "6月1日", "上午8:30", "8:30 pm", "MAR1", "1 Dec", "1e5",
     "(3)", "¥5", "1/2", "TRUE", "#N/A", "#REF!", "+1", "-x", "@名", "＝1"],
)  # fmt: skip
def test_text_that_excel_would_take_for_something_else_needs_the_prefix(text: str, book: Path) -> None:
    assert taken_for(text)
    with open_book(book) as host:
        sheet = host.book.sheets[SHEET]
        with pytest.raises(NotInEveryHost, match="leading '"):
            sheet["K1"].value = [["好", text]]
        sheet["K1"].value = f"'{text}"
        host.save()
    assert sheet_of(book).value(1, 11) == text


@pytest.mark.parametrize(
    "text", ["好", "M103", "第3条", "3人", "2026年度", "T01-PE-0001", "1、", "#", "e5", "真", "a1"]
)
def test_words_and_codes_are_entered_as_they_are(text: str) -> None:
    assert taken_for(text) == ""


@pytest.mark.parametrize("value", [time(8), timedelta(1), float("nan"), b"x", object()])
def test_a_value_that_not_every_host_takes_is_refused(value: Any, book: Path) -> None:
    with open_book(book) as host, pytest.raises(NotInEveryHost, match=r"Range\.value"):
        host.book.sheets[SHEET]["K1"].value = value


def test_merged_and_hidden_cells_tell_what_they_are(book: Path) -> None:
    patched(book, {PART: [("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>'),
                          ('<row r="5"', '<row r="5" hidden="1"')]})  # fmt: skip
    with open_book(book) as host:
        sheet = host.book.sheets[SHEET]
        assert [sheet[each].merge_cells for each in ("A1", "A1:C1", "A1:D1", "D1")] == [True, True, None, False]
        assert sheet["B1"].merge_area.address == "$A$1:$C$1" and sheet["D1"].merge_area.address == "$D$1"
        assert [sheet[each].rows.hidden for each in ("A5", "A4:B5", "A4")] == [True, None, False]
        with pytest.raises(NotInEveryHost, match="one cell"):
            _ = sheet["A1:B1"].merge_area
        sheet["A1:D2"].clear_contents()
        host.save()
    assert sheet_of(book).value(1, 1) is None and sheet_of(book).merged == ((1, 1, 1, 3),)


def test_what_a_command_shows_and_selects_is_remembered(template: Path) -> None:
    with open_book(template) as host:
        app, sheet = host.book.app, host.book.sheets["人员名册"]
        assert host.selection == ("填报说明", "A1")
        with pytest.raises(NotInEveryHost, match="activate it first"):
            sheet["B7"].select()
        sheet.activate()
        sheet["B7:C7"].select()
        assert host.selection == ("人员名册", "B7:C7") and app.selection == host.book.selection == sheet["B7:C7"]
        with pytest.raises(NotInEveryHost, match="hidden"):
            host.book.sheets["_meta"].activate()
        with app.properties(screen_updating=False):
            app.status_bar = "正在校验"
            app.calculate()
        app.status_bar = False
        assert app.alert("没有问题", "校验", mode="info") == "ok" and app.screen_updating is True
        assert host.said == [Shown("status", "正在校验"), Shown("alert", "没有问题", "校验")]
        with pytest.raises(NotInEveryHost, match="question"):
            app.alert("报送吗", "报送", buttons="yes_no")
        with pytest.raises(NotInEveryHost, match="first with"):
            _ = host.book.names["没有"]
        with pytest.raises(NotInEveryHost, match="names first"):
            _ = host.book.sheets["没有"]


def test_books_are_opened_and_closed_beside_each_other(book: Path, template: Path) -> None:
    with open_book(book) as host:
        books = host.book.app.books
        second = books.open(template)
        assert [each.name for each in books] == ["青石镇.xlsx", "book.xlsx"] and books.active == second
        assert books.open(str(template)) == second and len(books) == 2
        host.book.activate()
        assert books.active == host.book and books["青石镇.xlsx"] == second
        second.close()
        assert len(books) == 1
        with pytest.raises(NotInEveryHost, match="closed"):
            _ = second.sheets[0].name
        host.book.sheets[SHEET]["K1"].value = "好"
        host.book.save()
        host.book.close()
        host.save()
    assert sheet_of(book).value(1, 11) == "好"
    with open_book(book) as one, open_book(book) as two:
        assert one.book.app != two.book.app and one.book != two.book
    assert xlwings.engines.active is None or xlwings.engines.active.name == "excel"


@covers("W109")
def test_a_file_that_is_no_xlsx_is_read_and_not_written(tmp_path: Path) -> None:
    path = tmp_path / "名册.csv"
    path.write_text("姓名,人数\n张三,3\n", encoding="utf-8")
    before = path.read_bytes()
    with open_book(path) as host:
        sheet = host.book.sheets[0]
        assert sheet["A1:A2"].value == ["姓名", "张三"] and list(sheet.tables) == [] and len(host.book.names) == 0
        sheet["A3"].value = "李四"
        with pytest.raises(HostRefused) as raised:
            host.save()
    assert [each.code for each in raised.value.findings] == ["W109"] and path.read_bytes() == before


def test_what_the_guard_refuses_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(HostRefused) as raised:
        open_book(path)
    assert raised.value.findings == read_grid(path)[1]
