"""校验, 清除标记 and 下一处 on real workbooks: each is saved, opened again, and its 校验结果 read."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from support.office import FIRST_UNIT, ORGANISATION, PEOPLE, SCHEDULE, TODAY, Bureau, header_of, typing
from support.ribbon import FINDINGS, changed_parts, findings_of, listed, parts, press

from addin.said import Level, Stopped
from workbook_files.reader import read_grid
from workbook_templates.explanations import read_explanations
from xingzhi.findings import Severity

BLANKS = Path(__file__).parents[2] / "workbook_templates" / "files"
EARLY = date(2026, 6, 2)
"""Before anything is due."""

FAULTY = (
    {"姓名": "石一", "部门": "办公室", "班子成员": "是", "联系电话": "139"},
    {"姓名": "石二", "部门": "救助股", "班子成员": "也许"},
    {"姓名": "石三", "部门": "救助股", "班子成员": "否", "联系电话": "138"},
)
FOUND = ["C104 人员名册!E6", "C109 人员名册!F5", "C109 人员名册!F7"]


def lead(path: Path) -> str:
    return str(page_of(path)["A2"].value)


def page_of(path: Path, sheet: str = FINDINGS) -> Worksheet:
    page = openpyxl.load_workbook(path)[sheet]
    assert isinstance(page, Worksheet)
    return page


@pytest.fixture
def book(fresh: Bureau) -> Path:
    """T01's workbook with one error and two warnings in it."""
    path = fresh.issued("T01")
    with typing(path) as typed:
        typed.add(PEOPLE, *FAULTY)
    return path


def test_a_clean_workbook_is_told_so_and_nothing_else_of_it_changes(fresh: Bureau) -> None:
    path = fresh.issued("T01")
    before = parts(path)
    said = press(path, "check", EARLY).said
    assert (said.level, said.findings) == (Level.INFO, ())
    assert said.text == "校验完成，没有要改的地方（已说明或已认可 0 处，提示 0 处）。"
    assert findings_of(path) == []
    assert lead(path).startswith("2026-06-02 自己校验的结果：必改 0，请核实 0，已说明或已认可 0，提示 0。")
    assert len(changed_parts(before, path)) == 1


def test_what_is_found_is_listed_by_cell_gravest_first(book: Path) -> None:
    before = parts(book)
    said = press(book, "check", EARLY).said
    assert said.level is Level.WARNING and said.text.startswith("校验完成：必改 1 处，请核实 2 处（")
    assert listed(book) == FOUND
    first = findings_of(book)[0]
    assert first == {
        "严重程度": "必改",
        "代码": "C104",
        "工作表": "人员名册",
        "单元格": "E6",
        "记录号": "T01-RY-0002",
        "栏目": "班子成员",
        "内容": "也许",
        "问题": "“班子成员”里的“也许”不在可选范围内",
        "处理办法": "请从下拉框中选：是、否",
        "行动办意见": None,
        "单位说明": None,
        "标记": "T01-RY-0002|班子成员|E",
        "标识": "C104|people|T01-RY-0002|leadership",
        "带入自查": None,
    }
    assert [(each.code, each.cell) for each in said.findings if each.severity is Severity.ERROR] == [("C104", "E6")]
    # No more than the sheet of the findings: formats, tables, names, the other sheets are byte for byte what they were.
    assert len(changed_parts(before, book)) == 1
    # Found again, all is as it is: not one byte.
    once = parts(book)
    press(book, "check", EARLY)
    assert changed_parts(once, book) == set()


def explain(path: Path, text: str, **wanted: str) -> None:
    with typing(path) as typed:
        typed.put(FINDINGS, typed.record(FINDINGS, **wanted), {"单位说明": text})


def of(path: Path, **wanted: str) -> Mapping[str, Any]:
    (found,) = (line for line in findings_of(path) if all(line[key] == value for key, value in wanted.items()))
    return found


def test_an_explanation_stays_with_its_finding_in_whatever_order_it_is_found(book: Path) -> None:
    press(book, "check", EARLY)
    explain(book, "座机只有三位", 单元格="F7")
    with typing(book) as typed:
        # One more error, before the others: all findings move down a row.
        typed.put(PEOPLE, 1, {"班子成员": "不定"})
    press(book, "check", EARLY)
    assert listed(book) == ["C104 人员名册!E5", *FOUND]
    assert of(book, 单元格="F7")["单位说明"] == "座机只有三位"
    assert [line["单元格"] for line in findings_of(book) if line["单位说明"]] == ["F7"]
    # Sync reads it under the finding that it was given to.
    grid, _ = read_grid(book)
    assert grid and {key: said for key, said in read_explanations(grid).items() if said} == {
        "C109|people|T01-RY-0003|phone": "座机只有三位"
    }


def test_what_was_mended_goes_and_what_was_explained_of_it_is_told_as_cleared(book: Path) -> None:
    press(book, "check", EARLY)
    explain(book, "只有座机", 单元格="F7")
    with typing(book) as typed:
        typed.put(PEOPLE, 2, {"班子成员": "是"})
        typed.put(PEOPLE, 3, {"联系电话": "13900000003"})
    press(book, "check", EARLY)
    assert listed(book) == [FOUND[1], FOUND[2]]
    cleared = of(book, 单元格="F7")
    assert (cleared["严重程度"], cleared["单位说明"], cleared["标记"]) == ("已消除", "只有座机", None)
    with typing(book) as typed:
        typed.put(PEOPLE, 3, {"联系电话": "138"})
    press(book, "check", EARLY)
    again = of(book, 单元格="F7")
    assert (again["严重程度"], again["单位说明"], bool(again["标记"])) == ("请核实", "只有座机", True)


def test_what_the_office_accepted_is_not_counted_not_painted_and_keeps_its_word(book: Path) -> None:
    press(book, "check", EARLY)
    with typing(book) as typed:
        record = typed.record(FINDINGS, 单元格="F5")
        typed.put(FINDINGS, record, {"行动办意见": "已认可：内部短号"})
    said = press(book, "check", EARLY).said
    assert said.text.startswith("校验完成：必改 1 处，请核实 1 处")
    kept = of(book, 单元格="F5")
    assert (kept["行动办意见"], kept["处理办法"], kept["标记"]) == ("已认可：内部短号", "行动办已认可，不用处理", None)
    assert listed(book)[-1] == "C109 人员名册!F5"


def test_a_note_beside_a_finding_stays_beside_it(book: Path) -> None:
    press(book, "check", EARLY)
    with typing(book) as typed:
        record = typed.record(FINDINGS, 单元格="F7")
        row, columns = header_of(typed.sheet(FINDINGS))
        typed.sheet(FINDINGS).cell(row + record, max(columns.values()) + 2).value = "问过石三"
        typed.put(PEOPLE, 1, {"班子成员": "不定"})
    press(book, "check", EARLY)
    page = page_of(book)
    (noted,) = (line for line in page.iter_rows(min_row=4) if any(cell.value == "问过石三" for cell in line))
    assert noted[3].value == "F7" and sorted(listed(book)) == sorted(["C104 人员名册!E5", *FOUND])
    with typing(book) as typed:
        typed.put(PEOPLE, 3, {"联系电话": "13900000003"})
    press(book, "check", EARLY)
    (noted,) = (line for line in page_of(book).iter_rows(min_row=4) if any(cell.value == "问过石三" for cell in line))
    # The finding is gone; no other takes its place beside the note.
    assert noted[3].value is None and len(listed(book)) == 3


def test_more_findings_than_the_table_has_rows_let_it_grow(fresh: Bureau) -> None:
    path = fresh.issued("T01")
    with typing(path) as typed:
        typed.add(PEOPLE, *({"姓名": f"石{n}", "部门": "办公室", "班子成员": "也许"} for n in range(1, 81)))
        typed.sheet(FINDINGS)["K66"] = "表下面的话"
    press(path, "check", EARLY)
    page = page_of(path)
    assert page.tables["findings"].ref == "A3:N84" and len(listed(path)) == 80
    # What somebody wrote below stands where it stood: no finding is beside it.
    assert [page.cell(row, 4).value for row in (4, 63, 65, 66, 67, 84)] == ["E5", "E64", "E66", None, "E67", "E84"]
    said = {cell.value: cell.row for row in page.iter_rows(min_col=11, max_col=11) for cell in row if cell.value}
    assert said["表下面的话"] == 66


def test_an_english_workbook_is_checked_in_english_and_a_blank_template_too(tmp_path: Path) -> None:
    for name, sheet, column, level in (
        ("en", "People", "Leadership team", "Must mend"),
        ("zh", PEOPLE, "班子成员", "必改"),
    ):
        path = Path(shutil.copy(BLANKS / f"tengxian-civil-affairs-2026-{name}.xlsx", tmp_path / f"{name}.xlsx"))
        with typing(path) as typed:
            page = typed.sheet(sheet)
            row, columns = header_of(page)
            page.cell(row + 1, 2).value = "石一"
            page.cell(row + 1, 3).value = "办公室"
            page.cell(row + 1, columns[column]).value = "maybe"
        assert press(path, "check", EARLY).said.level is Level.WARNING
        (line,) = findings_of(path, {"en": "Findings", "zh": FINDINGS}[name])
        assert [*line.values()][:4] == [level, "C104", sheet, f"E{row + 1}"]


def test_a_workbook_that_is_not_ours_is_told_so_and_left_alone(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.save(tmp_path / "别的.xlsx")
    before = (tmp_path / "别的.xlsx").read_bytes()
    with pytest.raises(Stopped) as stopped:
        press(tmp_path / "别的.xlsx", "check")
    assert stopped.value.key == "addin.not_ours" and (tmp_path / "别的.xlsx").read_bytes() == before


def test_a_workbook_without_the_sheet_of_the_findings_says_what_to_do(book: Path) -> None:
    with typing(book) as typed:
        typed.book.remove(typed.sheet(FINDINGS))
    for name in ("check", "clear_marks", "next_finding", "submit"):
        with pytest.raises(Stopped) as stopped:
            press(book, name, EARLY)
        assert stopped.value.key == "addin.no_findings_table"


def test_clearing_the_marks_leaves_what_was_explained_and_what_the_office_said(book: Path) -> None:
    press(book, "check", EARLY)
    explain(book, "只有座机", 单元格="F7")
    with typing(book) as typed:
        typed.put(FINDINGS, typed.record(FINDINGS, 单元格="F5"), {"行动办意见": "已认可：同意"})
    before = parts(book)
    assert press(book, "clear_marks").said.text == "标记已清除；单位或行动办写了话的留着。"
    accepted, kept = sorted(findings_of(book), key=lambda line: str(line["单元格"]))
    assert (kept["代码"], kept["单元格"], kept["单位说明"]) == (FOUND[2][:4], "F7", "只有座机")
    assert (accepted["单元格"], accepted["行动办意见"]) == ("F5", "已认可：同意")
    assert (kept["标记"], kept["带入自查"]) == (None, None) and len(changed_parts(before, book)) == 1
    said = press(book, "check", EARLY).said
    assert said.text.startswith("校验完成：必改 1 处，请核实 0 处（另有已说明或已认可 2 处")
    assert sorted(listed(book)) == sorted(FOUND) and of(book, 单元格="F7")["单位说明"] == "只有座机"
    assert of(book, 单元格="F5")["行动办意见"] == "已认可：同意"


def test_next_goes_from_cell_to_cell_in_the_order_of_the_workbook_and_begins_again(book: Path) -> None:
    press(book, "check", EARLY)
    here = ("填报说明", "A1")
    seen = []
    for _ in range(4):
        pressed = press(book, "next_finding", EARLY, at=here)
        assert pressed.said.passing
        here = pressed.selection
        seen.append((*here, pressed.said.text.split()[1]))
    assert seen == [(PEOPLE, "F5", "1/3"), (PEOPLE, "E6", "2/3"), (PEOPLE, "F7", "3/3"), (PEOPLE, "F5", "1/3")]
    assert (
        "[必改] C104 “班子成员”里的“也许”不在可选范围内 → 请从下拉框中选：是、否"
        in press(book, "next_finding", EARLY, at=(PEOPLE, "F5")).said.text
    )
    # From a sheet behind the last finding the first follows.
    assert press(book, "next_finding", EARLY, at=(SCHEDULE, "A1")).selection == (PEOPLE, "F5")


def test_next_finds_a_row_that_was_sorted_by_its_number(book: Path) -> None:
    press(book, "check", EARLY)
    with typing(book) as typed:
        page = typed.sheet(PEOPLE)
        rows = [[cell.value for cell in page[number]][:8] for number in (5, 6, 7)]
        for number, row in zip((7, 6, 5), (rows[1], rows[0], rows[2]), strict=True):
            for column, value in enumerate(row, start=1):
                page.cell(number, column).value = value
    assert page_of(book)["D4"].value == "E6"
    assert press(book, "next_finding", EARLY, at=(PEOPLE, "F6")).selection == (PEOPLE, "E7")


def test_next_passes_over_what_is_cleared_or_accepted_and_goes_to_the_list_for_what_has_no_cell(fresh: Bureau) -> None:
    path = fresh.issued("T01")
    with typing(path) as typed:
        typed.add(PEOPLE, FAULTY[1])
    press(path, "check", TODAY)
    assert listed(path) == ["C104 人员名册!E5", "Q101 !", "Q101 !"]
    with typing(path) as typed:
        typed.put(FINDINGS, 1, {"行动办意见": "已认可"})
    assert press(path, "next_finding", TODAY).selection == (FINDINGS, "A5")
    press(path, "clear_marks")
    pressed = press(path, "next_finding", TODAY)
    assert pressed.said.text == "“校验结果”里没有要处理的问题。刚改过内容的，先点“校验”。" and not pressed.said.passing


def test_people_who_are_named_before_they_are_listed(fresh: Bureau) -> None:
    # A finding on one sheet that a row of another one clears.
    path = fresh.issued("T01")
    with typing(path) as typed:
        typed.add(ORGANISATION, {"姓名": "石一", "角色": "组长"})
    press(path, "check", EARLY)
    assert listed(path) == ["K102 组织机构!B5"]
    with typing(path) as typed:
        typed.add(PEOPLE, FIRST_UNIT[PEOPLE][0])
    press(path, "check", EARLY)
    assert listed(path) == [] and findings_of(path) == []
