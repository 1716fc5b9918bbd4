"""Several files of one unit: copies, newer and older versions, and rows that vanish or change into others."""

from __future__ import annotations

from datetime import date

import pytest
from support.codes import covers
from support.office import (
    FIRST_UNIT,
    ORGANISATION,
    PEOPLE,
    REPORTS,
    SCHEDULE,
    TODAY,
    Bureau,
    codes,
    statuses,
    typing,
)
from system.office_work import LATER, NO_CHANGES, changes_of, first_file

from xingzhi.labels import Lang


@covers("M101")
def test_two_clerks_copies_both_count_and_only_their_disagreement_is_asked(office: Bureau) -> None:
    office.issue("T01", today=TODAY)
    for name, phone, person, activity in (
        ("甲.xlsx", "13900000002", "石四", "外出考察"),
        ("乙.xlsx", "13900000003", "石五", "业务培训"),
    ):
        with typing(office.receive(office.issued("T01"), name)) as book:
            book.put(PEOPLE, 2, {"联系电话": phone})
            book.add(PEOPLE, {"姓名": person, "部门": "救助股", "班子成员": "否"})
            book.add(SCHEDULE, {"活动类别": "调研", "活动名称": activity, "计划日期": date(2026, 6, 24)})
    result = office.sync()
    people = office.lines("汇总_人员名册")
    assert {line["姓名"] for line in people} == {"石一", "石二", "石三", "石四", "石五"}
    assert {"外出考察", "业务培训"} < {line["活动名称"] for line in office.lines("汇总_活动台账")}
    assert len({line["记录号"] for line in people}) == 5
    asked = [each for each in result.findings if each.code == "M101"]
    (conflict,) = asked
    said = conflict.message(Lang.ZH)
    assert all(text in said for text in ("13900000002", "13900000003", "甲.xlsx", "乙.xlsx"))
    assert (conflict.record, conflict.column) == ("T01-RY-0002", "phone")
    # The two rows of one of them were printed under numbers that the other used: told, and nothing to do.
    assert codes(result, "T01") == ["M101"]
    again = office.sync()
    assert again.changes == NO_CHANGES and statuses(again)["T01"] == "unchanged"


def test_two_clerks_copies_count_also_when_the_second_comes_a_week_later(fresh: Bureau) -> None:
    fresh.filled("T01", {PEOPLE: [{"姓名": "石一", "部门": "办公室", "班子成员": "是"}]}, "甲.xlsx")
    fresh.sync()
    fresh.filled("T01", {PEOPLE: [{"姓名": "石二", "部门": "救助股", "班子成员": "否"}]}, "乙.xlsx")
    result = fresh.sync(LATER)
    assert result.changes == {"inserted": 1, "updated": 0, "withdrawn": 0}
    assert {line["姓名"]: line["行状态"] for line in fresh.lines("汇总_人员名册")} == {"石一": "正常", "石二": "正常"}
    assert "M101" not in codes(result) and "M102" not in codes(result)


def test_a_newer_version_under_another_name_takes_the_place_of_the_old(office: Bureau) -> None:
    newer = office.receive(first_file(office), "T01（新）.xlsx")
    with typing(newer) as book:
        book.put(PEOPLE, 2, {"部门": "办公室"})
        book.clear(PEOPLE, 3)
        book.add(SCHEDULE, {"活动类别": "调研", "活动名称": "走访", "计划日期": date(2026, 6, 26)})
    result = office.sync()
    assert result.changes == {"inserted": 1, "updated": 1, "withdrawn": 0}
    # It descends from the old one, so what it lacks has vanished; the old one in the inbox does not hold it up.
    assert codes(result, "T01") == ["M102"]
    assert next(unit for unit in result.units if unit.code == "T01").file == "收件/T01（新）.xlsx"
    again = office.sync()
    assert again.changes == NO_CHANGES and codes(again, "T01") == ["M102"]
    with typing(newer) as book:
        book.add(PEOPLE, {"姓名": "石三", "部门": "救助股", "班子成员": "否"})
    assert "M102" not in codes(office.sync())


@covers("F109")
def test_an_older_version_that_comes_after_the_newer_is_not_merged(fresh: Bureau) -> None:
    old = fresh.filled("T01", FIRST_UNIT, "第1次.xlsx")
    new = fresh.receive(old, "第2次.xlsx")
    for path, send in ((old, "1"), (new, "2")):
        with typing(path) as book:
            page = book.sheet("_meta")
            (counter,) = (row for row in page.iter_rows() if row[0].value == "send")
            counter[1].value = send
            if path == new:
                book.put(PEOPLE, 1, {"联系电话": "13900000009"})
    waiting = old.read_bytes()
    old.unlink()
    fresh.sync()
    fresh.receive(waiting, "第1次.xlsx")
    result = fresh.sync(LATER)
    assert result.changes == NO_CHANGES
    (told,) = (each for each in result.findings if each.code == "F109")
    assert told.file == "第1次.xlsx" and "第2次.xlsx" in told.message(Lang.ZH)
    assert fresh.line("汇总_人员名册", 姓名="石一")["联系电话"] == "13900000009"


@covers("F108")
def test_the_same_workbook_sent_twice_counts_once(office: Bureau) -> None:
    office.receive(first_file(office), "又一份.xlsx")
    result = office.sync()
    assert result.changes == NO_CHANGES and statuses(result)["T01"] == "unchanged"
    (told,) = (each for each in result.findings if each.code == "F108")
    assert told.file == "又一份.xlsx" and "T01.xlsx" in told.message(Lang.ZH)
    assert len(office.lines("汇总_人员名册")) == 3


@covers("M102")
def test_a_vanished_row_waits_stays_and_comes_back_with_the_row(office: Bureau) -> None:
    with typing(first_file(office)) as book:
        book.clear(PEOPLE, 3)
    result = office.sync()
    assert result.changes == NO_CHANGES and result.tables["people"] == 3
    assert codes(result, "T01") == ["M102"]
    assert office.line("汇总_人员名册", 姓名="石三")["行状态"] == "待确认"
    assert [line[:3] for line in changes_of(office, result)] == [("T01-RY-0003", None, "待确认")]
    assert codes(office.sync(LATER), "T01") == ["M102"]  # asked until someone answers
    with typing(first_file(office)) as book:
        book.put(PEOPLE, 3, {"姓名": "石三", "部门": "救助股", "班子成员": "否"})
    back = office.sync(LATER)
    assert codes(back, "T01") == []
    assert [line[:3] for line in changes_of(office, back)] == [("T01-RY-0003", None, "恢复")]
    assert office.line("汇总_人员名册", 姓名="石三")["行状态"] == "正常"


@pytest.mark.parametrize(
    ("decision", "state", "kept", "withdrawn"), [("撤销", "已撤销", 2, 1), ("保留", "正常", 3, 0)], ids=["撤销", "保留"]
)
def test_the_office_decides_on_a_vanished_row(
    office: Bureau, decision: str, state: str, kept: int, withdrawn: int
) -> None:
    with typing(first_file(office)) as book:
        book.clear(PEOPLE, 3)
    office.sync()
    with office.at_work() as book:
        book.put("汇总_人员名册", book.record("汇总_人员名册", 姓名="石三"), {"待确认处理": decision})
    result = office.sync()
    assert result.changes == {"inserted": 0, "updated": 0, "withdrawn": withdrawn}
    assert codes(result, "T01") == [] and result.tables["people"] == kept
    row = office.line("汇总_人员名册", 姓名="石三")
    assert (row["行状态"], row["待确认处理"]) == (state, None)
    again = office.sync(LATER)
    assert again.changes == NO_CHANGES and again.tables["people"] == kept


@covers("M105")
def test_a_table_that_comes_back_empty_is_not_taken_unless_forced(office: Bureau) -> None:
    with typing(first_file(office)) as book:
        for record in (1, 2, 3):
            book.clear(PEOPLE, record)
        book.add(SCHEDULE, {"活动类别": "调研", "活动名称": "走访", "计划日期": date(2026, 6, 26)})
    result = office.sync()
    assert codes(result, "T01") == ["M105"]
    assert {line["行状态"] for line in office.lines("汇总_人员名册")} == {"正常"}
    assert result.tables["schedule"] == 3  # the other tables of the file are taken all the same
    assert codes(office.sync(LATER), "T01") == ["M105"]  # told until someone answers
    forced = office.sync(LATER, force=True)  # as the finding's remedy says: the same file, taken at its word
    assert codes(forced, "T01") == ["M102", "M102", "M102"]
    assert {line["行状态"] for line in office.lines("汇总_人员名册")} == {"待确认"}
    assert forced.tables["schedule"] == 3
    assert not office.sync(LATER, force=True).written


@covers("M104")
def test_what_a_unit_types_into_the_office_s_columns_is_told_and_not_used(office: Bureau) -> None:
    with typing(first_file(office)) as book:
        book.put(REPORTS, 1, {"采用": "是"})
        book.put(PEOPLE, 1, {"职务": "主任"})
    result = office.sync()
    (told,) = (each for each in result.findings if each.code == "M104")
    assert (told.sheet, told.cell, told.record) == (REPORTS, "I5", "T01-BS-0001")
    assert office.line("汇总_信息报送")["采用"] is None


@covers("M106")
def test_another_record_under_an_old_number_does_not_inherit_what_the_office_approved(office: Bureau) -> None:
    with office.at_work() as book:
        book.put("汇总_信息报送", 1, {"采用": "是"})
    office.sync()
    with typing(first_file(office)) as book:
        book.put(REPORTS, 1, {"所属月份": "2026-07", "标题": "七月要闻", "报送日期": date(2026, 7, 2)})
    result = office.sync(date(2026, 7, 3))
    assert "M106" in codes(result, "T01")
    assert result.changes == {"inserted": 1, "updated": 0, "withdrawn": 1}
    old, new = office.line("汇总_信息报送", 标题="启动侧记"), office.line("汇总_信息报送", 标题="七月要闻")
    assert (old["行状态"], old["采用"]) == ("已撤销", "是")
    assert (new["行状态"], new["采用"]) == ("正常", None) and new["记录号"] != old["记录号"]


def test_a_part_book_says_nothing_of_the_tables_that_it_has_not(office: Bureau) -> None:
    part = office.receive(office.issued("T01"), "分册.xlsx")
    with typing(part) as book:
        for sheet in (PEOPLE, ORGANISATION, REPORTS):
            del book.book[sheet]
        book.add(SCHEDULE, {"活动类别": "调研", "活动名称": "走访", "计划日期": date(2026, 6, 26)})
    result = office.sync()
    assert result.tables["people"] == 3 and result.tables["reports"] == 1
    assert "M102" not in codes(result) and "M105" not in codes(result)
