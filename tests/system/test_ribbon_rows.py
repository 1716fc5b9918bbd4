"""补编号, 登记活动, 查应报 and 关于 on workbooks that an office issued; sync takes what they wrote."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from support.office import FIRST_UNIT, PEOPLE, SCHEDULE, TODAY, Bureau, codes, header_of, sha256, statuses, typing
from support.ribbon import changed_parts, parts, press

from addin.said import Level, Stopped
from xingzhi.identity import TEMPLATE_VERSION

BLANK = Path(__file__).parents[2] / "workbook_templates" / "files" / "tengxian-civil-affairs-2026-zh.xlsx"
DUE = "应报事项"


def page_of(path: Path, sheet: str) -> Worksheet:
    page = openpyxl.load_workbook(path)[sheet]
    assert isinstance(page, Worksheet)
    return page


def column(path: Path, sheet: str, first: int, last: int, place: int = 1) -> list[object]:
    page = page_of(path, sheet)
    return [page.cell(row, place).value for row in range(first, last + 1)]


@pytest.fixture
def book(fresh: Bureau) -> Path:
    """T01's workbook as it sends it, filled in as its clerk does."""
    path = fresh.issued("T01")
    with typing(path) as typed:
        for sheet, lines in FIRST_UNIT.items():
            typed.add(sheet, *lines)
    return path


def add_below(path: Path, count: int) -> None:
    """Type people below the last printed row: no number is printed there."""
    with typing(path) as typed:
        page = typed.sheet(PEOPLE)
        for number in range(count):
            for place, value in enumerate((f"加{number}", "办公室", None, "否"), start=2):
                page.cell(105 + number, place).value = value


def test_rows_below_the_room_are_numbered_of_the_macro_s_own_range(fresh: Bureau, book: Path) -> None:
    add_below(book, 3)
    before = parts(book)
    assert press(book, "number_rows").said.text == "已给 3 行补上记录号。"
    given = [f"T01-RY-{serial}" for serial in (4001, 4002, 4003)]
    assert column(book, PEOPLE, 104, 108) == ["T01-RY-0100", *given, None]
    assert len(changed_parts(before, book)) == 1
    once = parts(book)
    assert press(book, "number_rows").said.text == "每一行都有记录号，不用补。" and changed_parts(once, book) == set()
    # One of them is deleted, one added: a number that was given once is not given again.
    with typing(book) as typed:
        typed.sheet(PEOPLE).delete_rows(105)
        for place, value in enumerate((None, "新来", "办公室", None, "否"), start=1):
            typed.sheet(PEOPLE).cell(107, place).value = value
    press(book, "number_rows")
    assert column(book, PEOPLE, 105, 107) == [*given[1:], "T01-RY-4004"]
    fresh.receive(book, "T01.xlsx")
    result = fresh.sync()
    # Sync takes the numbers as they are: none is given anew (M103), none is another's.
    assert statuses(result)["T01"] == "accepted" and not {"M103", "K103", "M107"} & {*codes(result, "T01")}
    people = {line["姓名"]: line["记录号"] for line in fresh.lines("汇总_人员名册")}
    assert (people["加1"], people["加2"], people["新来"]) == ("T01-RY-4002", "T01-RY-4003", "T01-RY-4004")


def test_a_printed_number_that_was_deleted_is_not_printed_twice(book: Path) -> None:
    with typing(book) as typed:
        typed.sheet(PEOPLE)["A6"] = None
    press(book, "number_rows")
    assert column(book, PEOPLE, 5, 7) == ["T01-RY-0001", "T01-RY-4001", "T01-RY-0003"]


def test_a_blank_template_has_no_unit_whose_numbers_could_be_given(tmp_path: Path) -> None:
    path = Path(shutil.copy(BLANK, tmp_path))
    with typing(path) as typed:
        typed.add(PEOPLE, {"姓名": "石一", "部门": "办公室", "班子成员": "是"})
    with pytest.raises(Stopped) as stopped:
        press(path, "number_rows")
    assert stopped.value.key == "addin.no_unit"


def test_an_activity_is_begun_in_the_first_blank_row(book: Path) -> None:
    before = parts(book)
    pressed = press(book, "add_activity")
    assert pressed.said.text == "已在“活动台账”第 7 行登记一次活动，请从“活动类别”接着填。"
    assert pressed.said.passing and pressed.selection == (SCHEDULE, "C7")
    row = [page_of(book, SCHEDULE).cell(7, place).value for place in range(1, 8)]
    assert row == ["T01-HD-0003", None, None, None, None, datetime(TODAY.year, TODAY.month, TODAY.day), None]
    assert len(changed_parts(before, book)) == 1
    # A row that was begun is in use.
    assert press(book, "add_activity").selection == (SCHEDULE, "C8")


def test_an_activity_is_of_the_project_in_whose_row_the_user_stands(book: Path) -> None:
    with typing(book) as typed:
        typed.add("项目台账", {"项目编号": "XM7", "项目名称": "一门受理", "层级": "项目"})
    press(book, "add_activity", at=("项目台账", "C5"))
    assert page_of(book, SCHEDULE)["B7"].value == "XM7"
    press(book, "add_activity", at=(PEOPLE, "C5"))
    assert page_of(book, SCHEDULE)["B8"].value is None


def test_an_activity_past_the_last_row_lets_the_table_grow_and_is_numbered(fresh: Bureau, book: Path) -> None:
    with typing(book) as typed:
        typed.put(SCHEDULE, 200, {"活动类别": "培训", "活动名称": "末次", "计划日期": date(2026, 6, 20)})
    press(book, "add_activity")
    page = page_of(book, SCHEDULE)
    assert page.tables["schedule"].ref == "A4:S205" and page["A205"].value == "T01-HD-4001"
    with typing(book) as typed:
        typed.sheet(SCHEDULE)["C205"], typed.sheet(SCHEDULE)["E205"] = "培训", "加的一次"
    fresh.receive(book, "T01.xlsx")
    result = fresh.sync()
    assert not {"M103", "M107"} & {*codes(result, "T01")}
    assert fresh.line("汇总_活动台账", 活动名称="加的一次")["记录号"] == "T01-HD-4001"


def test_what_is_due_is_told_and_shown(book: Path) -> None:
    before = parts(book)
    pressed = press(book, "deadlines")
    assert pressed.said.level is Level.WARNING
    assert pressed.said.text.splitlines()[:2] == [
        "截至 2026-06-24：逾期 2 项，即将到期 0 项。",
        "· 逾期 14 天：报送单位实施方案（2026-06-10）",
    ]
    sheet, cell = pressed.selection
    assert sheet == DUE and page_of(book, DUE)[cell].value == "T01"
    # Nothing was overwritten: nothing is put back.
    assert changed_parts(before, book) == set()


def test_a_day_and_a_formula_that_were_overwritten_are_put_back(book: Path) -> None:
    page = page_of(book, DUE)
    row, columns = header_of(page)
    first, state, due = row + 1, columns["状态"], columns["截止日期"]
    was = {place: page.cell(first + 1, place).value for place in (state, due)}
    assert str(was[state]).startswith("=")
    with typing(book) as typed:
        typed.sheet(DUE).cell(first + 1, state).value = "已完成"
        typed.sheet(DUE).cell(first + 1, due).value = datetime(2027, 1, 1)
        typed.sheet(DUE).cell(first + 2, due).value = None
        # What the office says of a waiver is its own.
        typed.sheet(DUE).cell(first + 1, columns["免报"]).value = "是"
    press(book, "deadlines")
    page = page_of(book, DUE)
    assert {place: page.cell(first + 1, place).value for place in (state, due)} == was
    assert isinstance(page.cell(first + 2, due).value, datetime)
    assert page.cell(first + 1, columns["免报"]).value == "是"


def test_the_base_date_follows_the_clock_or_is_set(book: Path) -> None:
    cell = str(openpyxl.load_workbook(book).defined_names["base_date"].value).rpartition("!")[2].replace("$", "")
    assert page_of(book, DUE)[cell].value == "=TODAY()"
    press(book, "deadlines")
    assert page_of(book, DUE)[cell].value == "=TODAY()"
    with typing(book) as typed:
        typed.sheet(DUE)[cell] = datetime(2026, 6, 1)
    press(book, "deadlines", date(2026, 7, 2))
    assert page_of(book, DUE)[cell].value == datetime(2026, 7, 2)


def test_about_tells_whose_workbook_it_is(book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    said = press(book, "about").said.text
    assert "T01 青石镇民政办" in said and f"模板版本 {TEMPLATE_VERSION}" in said and "xingzhi.log" in said
    assert book.read_bytes() == before
    openpyxl.Workbook().save(tmp_path / "别的.xlsx")
    assert "不是行知台账的工作簿" in press(tmp_path / "别的.xlsx", "about").said.text


def test_an_activity_is_begun_below_the_rows_that_were_typed_under_a_full_table(book: Path) -> None:
    table = openpyxl.load_workbook(book)[SCHEDULE].tables["schedule"]
    last = int(table.ref.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    with typing(book) as typed:
        page = typed.sheet(SCHEDULE)
        for row in range(5, last + 2):
            page.cell(row, 3).value, page.cell(row, 5).value = "培训", f"第 {row} 次"
    pressed = press(book, "add_activity")
    assert pressed.selection == (SCHEDULE, f"C{last + 2}")
    page = page_of(book, SCHEDULE)
    assert (page.cell(last + 1, 5).value, page.cell(last + 1, 6).value) == (f"第 {last + 1} 次", None)


def test_an_activity_leaves_the_formulas_of_the_unit(book: Path) -> None:
    formulas = {row: f'=IF(G{row}="","",G{row}-7)' for row in range(5, 12)}
    with typing(book) as typed:
        for row, formula in formulas.items():
            typed.sheet(SCHEDULE).cell(row, 6).value = formula
    begun = int(press(book, "add_activity").selection[1].lstrip("C"))
    assert begun in formulas
    assert {row: page_of(book, SCHEDULE).cell(row, 6).value for row in formulas} == formulas


def test_what_is_on_a_hidden_sheet_is_shown_in_the_list(book: Path) -> None:
    with typing(book) as typed:
        typed.put(PEOPLE, 1, {"姓名": "石一", "班子成员": "也许"})
    press(book, "check", TODAY)
    with typing(book) as typed:
        typed.sheet(PEOPLE).sheet_state = "hidden"
    assert press(book, "next_finding", TODAY, at=("填报说明", "A1")).selection[0] == "校验结果"


def test_numbers_that_do_not_suffice_are_given_to_none(book: Path) -> None:
    with typing(book) as typed:
        typed.put(PEOPLE, 1, {"记录号": "T01-RY-5000", "姓名": "石一"})
        typed.put(PEOPLE, 2, {"记录号": None, "姓名": "石二"})
    before = sha256(book)
    with pytest.raises(Stopped) as stopped:
        press(book, "number_rows")
    assert stopped.value.key == "addin.numbers_used_up" and sha256(book) == before
