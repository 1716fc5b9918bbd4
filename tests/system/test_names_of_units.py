"""The names of units as people write them: in the cells of a workbook, and in the names of files."""

from __future__ import annotations

from support.command import json_of
from support.office import FIRST_UNIT, PEOPLE, PROJECTS, REPORTS, Bureau, statuses, typing
from system.office_work import NO_CHANGES

PROJECT = {
    "项目编号": "XM1",
    "层级": "项目",
    "项目名称": "养老服务",
    "牵头单位": "青石镇民政办公室",
    "参与单位": "旧柳乡民政办、白沙镇民正办、县卫生健康局",
}


def test_a_former_name_becomes_the_present_one_and_is_told(fresh: Bureau) -> None:
    fresh.filled("T01", {PEOPLE: FIRST_UNIT[PEOPLE], PROJECTS: (PROJECT,)}, "T01.xlsx")
    result = fresh.sync()
    line = fresh.line("汇总_项目台账")
    assert line["牵头单位"] == "青石镇民政办"
    # What is merely near is left as it was typed.
    assert line["参与单位"] == "柳溪乡民政办、白沙镇民正办、县卫生健康局"
    told = {
        (each.code, each.column, each.value, dict(each.args)["after"])
        for each in result.findings
        if each.code[0] == "N"
    }
    assert ("N109", "lead_unit", "青石镇民政办公室", "青石镇民政办") in told
    assert ("N109", "partners", "旧柳乡民政办", "柳溪乡民政办") in told
    assert ("N111", "partners", "白沙镇民正办", "白沙镇民政办") in told
    assert fresh.sync().changes == NO_CHANGES


def test_without_an_office_a_name_stays_as_it_is(fresh: Bureau) -> None:
    path = fresh.filled("T01", {PROJECTS: (PROJECT,)}, "T01.xlsx")
    elsewhere = fresh.root.parent / "T01.xlsx"
    path.rename(elsewhere)
    (file,) = json_of("check", elsewhere, "--json", "--today", "2026-06-24")["files"]
    assert not {"N109", "N111"} & {each["code"] for each in file["findings"]}


def blank(office: Bureau, name: str) -> None:
    """T01's workbook as one that does not say whose it is, under another name."""
    path = office.filled("T01", {REPORTS: FIRST_UNIT[REPORTS]}, name)
    with typing(path) as book:
        page = book.book["_meta"]
        for row in page.iter_rows(max_col=2):
            if row[0].value == "unit":
                row[1].value = ""
        book.book.defined_names["xz_unit"].attr_text = '""'
        properties = book.book.custom_doc_props  # type: ignore[attr-defined]
        next(each for each in properties.props if each.name == "xingzhi.unit").value = ""


def test_a_file_is_known_by_its_name_as_people_spell_it(fresh: Bureau) -> None:
    for name in ("报送（旧柳乡 民政办）６月.xlsx", "白沙镇民政办公室6月.xlsx"):
        blank(fresh, name)
    found = statuses(fresh.sync())
    assert {code: found[code] for code in ("T01", "T02", "T03")} == {
        "T01": "missing",
        "T02": "accepted",
        "T03": "accepted",
    }


def test_between_two_units_nothing_is_guessed(fresh: Bureau) -> None:
    blank(fresh, "青石镇民政办和白沙镇民政办6月.xlsx")
    result = fresh.sync()
    assert len(result.unmatched) == 1 and result.unmatched[0].code == "B105"
