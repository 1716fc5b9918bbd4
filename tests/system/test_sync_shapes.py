"""Files as units really send them: older templates, copied sheets, two units' rows, kinds that carry no identity."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from support.codes import covers
from support.command import json_of, run
from support.office import (
    FIRST_UNIT,
    INSTANCE,
    MADE,
    PEOPLE,
    PROGRAMME,
    Bureau,
    codes,
    read_lines,
    statuses,
    typing,
)

from addin.file_check import check_file
from sync.rules import Rules
from workbook_files.reader import read_grid
from workbook_templates.blank import write_blank
from xingzhi.labels import Lang

V1 = Path(__file__).resolve().parents[1] / "golden" / "templates" / "v1-tengxian-civil-affairs-2026-zh.xlsx"
"""The blank workbook as version 1 of the template printed it."""

PERSON = {"姓名": "石一", "部门": "办公室", "班子成员": "是"}


def other(name: str, department: str = "办公室") -> dict[str, object]:
    return {"姓名": name, "部门": department, "班子成员": "否"}


# --- older templates ---


@covers("B111")
def test_a_filled_book_of_version_1_is_consolidated_like_one_of_the_current_version(fresh: Bureau) -> None:
    new = fresh.folder.inbox / "青石镇民政办.xlsx"
    write_blank(new, PROGRAMME, 2026, Lang.ZH, MADE)
    old = fresh.receive(V1, "柳溪乡民政办.xlsx")
    for path in (new, old):
        with typing(path) as book:
            for sheet, records in FIRST_UNIT.items():
                book.add(sheet, *records)
    result = fresh.sync()
    assert statuses(result) == {"T01": "accepted", "T02": "accepted", "T03": "missing"}
    found = {code: [each for each in codes(result, code) if each != "B111"] for code in ("T01", "T02")}
    assert found["T01"] == found["T02"]
    assert "B111" in codes(result, "T02") and "B111" not in codes(result, "T01")
    for sheet, records in FIRST_UNIT.items():
        mine, theirs = (
            [_typed(line, records[0]) for line in fresh.lines(f"汇总_{sheet}", 单位代码=code)]
            for code in ("T01", "T02")
        )
        assert mine == theirs and len(mine) == len(records)
    assert not fresh.sync().written


def _typed(line: dict[str, object], typed: Mapping[str, object]) -> dict[str, object]:
    return {header: line[header] for header in typed}


@covers("B114")
def test_a_book_of_a_version_to_come_is_refused_and_says_who_must_act(fresh: Bureau) -> None:
    path = fresh.filled("T01", {PEOPLE: [PERSON]})
    with typing(path) as book:
        for row in book.sheet("_meta").iter_rows():
            if row[0].value == "template_version":
                row[1].value = "99"
    result = fresh.sync()
    assert statuses(result)["T01"] == "rejected"
    assert "B114" in codes(result, "T01")


# --- copied sheets ---


@covers("B112", "B113")
def test_a_clerk_who_goes_on_in_a_copy_of_the_sheet_loses_nothing(fresh: Bureau) -> None:
    path = fresh.filled("T01", {PEOPLE: [PERSON, other("石二")]})
    with typing(path) as book:
        copy = book.book.copy_worksheet(book.sheet(PEOPLE))
        copy.title = f"{PEOPLE} (2)"
        book.add(copy.title, other("石三"))
        book.put(copy.title, 2, {"班子成员": "是"})
    result = fresh.sync()
    assert {line["姓名"]: line["班子成员"] for line in fresh.lines("汇总_人员名册")} == {
        "石一": "是",
        "石二": "否",
        "石三": "否",
    }
    assert codes(result, "T01") == ["B112", "B113"]
    clash = fresh.line("填报问题", 代码="B113")
    assert clash["工作表"] == f"{PEOPLE} (2)" and clash["单元格"] == "E6" and "第 6 行" in str(clash["问题"])
    assert not fresh.sync().written


# --- two units in one file ---


def pasted(fresh: Bureau, record: int, number: str, values: dict[str, object]) -> Path:
    path = fresh.filled("T01", {PEOPLE: [PERSON]})
    with typing(path) as book:
        book.put(PEOPLE, record, {"记录号": number, **values})
    return path


@covers("K108")
@pytest.mark.parametrize("together", [True, False], ids=["in one run", "in two"])
def test_a_row_that_its_own_unit_has_is_not_counted_for_another(fresh: Bureau, together: bool) -> None:
    fresh.filled("T02", {PEOPLE: [other("柳一")]})
    if not together:
        fresh.sync()
    pasted(fresh, 2, "T02-RY-0001", other("柳一"))
    result = fresh.sync()
    assert sorted((line["单位代码"], line["姓名"]) for line in fresh.lines("汇总_人员名册")) == [
        ("T01", "石一"),
        ("T02", "柳一"),
    ]
    assert codes(result, "T01") == ["K108"] and codes(result, "T02") == []
    line = fresh.line("填报问题", 代码="K108")
    assert line["单位代码"] == "T01" and line["严重程度"] == "必改" and "没有计入本单位" in str(line["问题"])
    again = fresh.sync()
    assert codes(again, "T01") == ["K108"] and not again.written
    feedback = next(iter(fresh.folder.feedback.glob("T01_*.xlsx")))
    told = openpyxl.load_workbook(feedback)["校验结果"]
    assert any("T02-RY-0001" in str(row[7].value) for row in told.iter_rows())


@covers("K108")
def test_a_row_that_stands_nowhere_else_is_kept_under_a_number_of_its_own(fresh: Bureau) -> None:
    fresh.filled("T02", {PEOPLE: [other("柳一")]})
    pasted(fresh, 2, "T02-RY-0001", other("石五", "救助股"))
    result = fresh.sync()
    (line,) = fresh.lines("汇总_人员名册", 姓名="石五")
    assert line["单位代码"] == "T01" and str(line["记录号"]).startswith("T01-RY-")
    assert codes(result, "T01") == ["K108"]
    assert "暂按本单位新的一行收下" in str(fresh.line("填报问题", 代码="K108")["问题"])


def test_a_number_of_a_unit_that_the_office_does_not_know_is_to_be_looked_at(fresh: Bureau) -> None:
    pasted(fresh, 2, "X9-RY-0001", other("石五"))
    fresh.sync()
    assert fresh.line("填报问题", 代码="K108")["严重程度"] == "请核实"
    checked = json_of("check", fresh.folder.inbox / fresh.issued("T01").name, "--json")
    assert "K108" in [each["code"] for each in checked["files"][0]["findings"]]


@covers("B110")
def test_a_book_of_one_unit_under_the_name_of_another_is_held_and_its_sender_asked(fresh: Bureau) -> None:
    fresh.filled("T01", {PEOPLE: [PERSON]}, "T01.xlsx")
    fresh.sync()
    path = fresh.filled("T01", {PEOPLE: [other("柳一"), other("柳二")]}, "柳溪乡民政办6月.xlsx")
    result = fresh.sync()
    assert statuses(result)["T02"] == "rejected" and codes(result, "T02") == ["B110"]
    assert [line["姓名"] for line in fresh.lines("汇总_人员名册")] == ["石一"]
    assert [(each.unit, each.file) for each in result.not_taken] == [("T02", path.name)]
    # What it wrote comes back to it in a workbook of its own.
    (feedback,) = fresh.folder.feedback.glob("T02_*.xlsx")
    assert [line["姓名"] for line in read_lines(feedback, PEOPLE) if line["姓名"]] == ["柳一", "柳二"]
    # Where it was the name that was wrong, a right name is enough.
    path.rename(path.with_name("青石镇民政办6月.xlsx"))
    result = fresh.sync()
    assert statuses(result)["T01"] == "accepted" and result.tables["people"] == 3


@covers("F118")
def test_check_says_that_a_workbook_is_of_a_year_that_is_over(tmp_path: Path) -> None:
    path = tmp_path / "旧.xlsx"
    write_blank(path, PROGRAMME, 2024, Lang.ZH, date(2024, 6, 1))
    found = check_file(path, office_of=Rules({}).of_office, today=date(2026, 6, 24))
    assert found.findings[0].code == "F118" and "2024 年度" in found.findings[0].message(Lang.ZH)
    current = check_file(path, office_of=Rules({}).of_office, today=date(2024, 6, 24))
    assert "F118" not in [each.code for each in current.findings]


# --- kinds of file that can carry no identity ---


def text_file(office: Bureau, code: str, records: Sequence[Mapping[str, object]], name: str) -> Path:
    """人员名册 of a unit's issued workbook with these records, exported as text in GBK into the inbox."""
    path = office.filled(code, {PEOPLE: records})
    grid, _ = read_grid(path)
    path.unlink()
    sheet = grid.sheet(PEOPLE) if grid else None
    assert sheet is not None
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["" if cell is None else cell for cell in row] for row in sheet.rows])
    return office.receive(stream.getvalue().encode("gbk"), name)


@covers("B109")
def test_a_bare_file_is_a_part_book_of_the_unit_that_its_name_names(fresh: Bureau) -> None:
    text_file(fresh, "T01", [PERSON, other("石二")], "青石镇民政办.csv")
    result = fresh.sync()
    assert statuses(result)["T01"] == "accepted"
    assert result.tables["people"] == 2 and result.tables["reports"] == 0
    assert codes(result, "T01") == ["B109"] and result.unmatched == []
    assert not fresh.sync().written


@covers("B109")
def test_what_is_absent_from_a_bare_file_is_never_missed(fresh: Bureau) -> None:
    fresh.filled("T01", {PEOPLE: [PERSON, other("石二")]}, "T01.xlsx")
    text_file(fresh, "T01", [other("石三"), other("石四")], "青石镇民政办.csv")
    assert fresh.sync().tables["people"] == 4
    fresh.filled("T01", {PEOPLE: [PERSON, other("石二")]}, "T01.xlsx")
    text_file(fresh, "T01", [{}, {**other("石四"), "职务": "股长"}], "青石镇民政办.csv")
    result = fresh.sync()
    assert result.tables["people"] == 4 and result.changes == {"inserted": 0, "updated": 1, "withdrawn": 0}
    assert "M102" not in codes(result, "T01")
    # And a workbook that comes later was not made from it: what only the bare file has is not missed either.
    write_blank(fresh.folder.inbox / "青石镇民政办.xlsx", PROGRAMME, 2026, Lang.ZH, MADE)
    with typing(fresh.folder.inbox / "青石镇民政办.xlsx") as book:
        book.add(PEOPLE, other("石三"))
    result = fresh.sync()
    assert result.tables["people"] == 4 and "M102" not in codes(result, "T01")


@covers("B101")
@pytest.mark.parametrize("name", ["名册.csv", "青石镇民政办和柳溪乡民政办.csv"])
def test_a_bare_file_of_nobody_is_unmatched(fresh: Bureau, name: str) -> None:
    text_file(fresh, "T01", [PERSON], name)
    result = fresh.sync()
    assert [(each.code, each.file) for each in result.unmatched] == [("B101", name)]
    assert result.tables["people"] == 0


def test_a_bare_file_with_rows_of_another_unit_is_refused(fresh: Bureau) -> None:
    text_file(fresh, "T02", [other("柳一")], "青石镇民政办.csv")
    result = fresh.sync()
    assert statuses(result)["T01"] == "rejected" and codes(result, "T01") == ["B101", "K108"]
    assert result.tables["people"] == 0


def test_the_office_s_pattern_tells_whose_a_bare_file_is(fresh: Bureau) -> None:
    with fresh.at_work() as book:
        book.put("单位名册", 3, {"来源": "*白沙*.csv"})
    path = text_file(fresh, "T03", [other("白一")], "【白沙】.csv")
    assert statuses(fresh.sync())["T03"] == "accepted" and path.exists()


def test_check_of_a_bare_file(fresh: Bureau, tmp_path: Path) -> None:
    path = text_file(fresh, "T01", [other("石一", "")], "名册.csv")
    elsewhere = Path(shutil.copy2(path, tmp_path / "名册.csv"))
    office_of = Rules({}).of_office
    day = date(2026, 6, 24)
    lost = check_file(elsewhere, office_of=office_of, today=day)
    assert lost.identity is None and [each.code for each in lost.findings] == ["B101"]
    found = check_file(elsewhere, office_of=office_of, today=day, wanted=(PROGRAMME, 2026))
    assert found.identity and found.identity.unit == ""
    assert [each.code for each in found.findings if each.code[0] != "Q"] == ["C101"]
    assert {each.programme for each in found.findings} == {INSTANCE}


def test_check_asks_for_programme_and_year_together(tmp_path: Path) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(b"")
    assert run("check", path, "--programme", PROGRAMME).exit_code == 2
    assert run("check", path, "--programme", "no-such", "--year", 2026).exit_code == 2
    assert run("check", path, "--programme", PROGRAMME, "--year", 2026).exit_code == 1


# --- what readers tell of merged cells, filters and formulas ---


def test_what_a_reader_tells_of_cells_reaches_the_master(fresh: Bureau) -> None:
    path = fresh.filled("T01", {PEOPLE: [PERSON, {"姓名": "石二", "班子成员": "否"}]})
    with typing(path) as book:
        page = book.sheet(PEOPLE)
        page.merge_cells("C5:C6")
        page.row_dimensions[6].hidden = True
        book.put(PEOPLE, 2, {"职务": '="副"&"股长"'})
    result = fresh.sync()
    assert codes(result, "T01") == ["S110", "S111", "S112"]
    assert fresh.line("汇总_人员名册", 姓名="石二")["部门"] == "办公室"
    assert fresh.line("汇总_人员名册", 姓名="石二")["职务"] == "=?"
    assert not fresh.sync().written
