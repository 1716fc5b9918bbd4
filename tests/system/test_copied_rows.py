"""A unit sorts its sheet, inserts, copies and pastes rows: each row of the master stays what it was, and approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from support.office import FIRST_UNIT, PEOPLE, REPORTS, Bureau, codes, lines_of, statuses, typing
from system.office_work import LATER, NO_CHANGES

MERGED = "汇总_信息报送"
SHEET = "信息报送"
TITLES = ("启动侧记", "走访日记", "培训小结", "座谈纪要")
Line = Mapping[str, Any]


def report(title: str, month: str = "2026-06", day: int = 20) -> dict[str, Any]:
    return {"所属月份": month, "信息类别": "动态", "标题": title, "报送日期": date(2026, 6, day)}


@pytest.fixture
def approved(fresh: Bureau) -> Bureau:
    """Four reports of one month have come in, and the office has accepted the first and refused the second."""
    reports = [report(title, day=20 + n) for n, title in enumerate(TITLES)]
    fresh.filled("T01", {PEOPLE: FIRST_UNIT[PEOPLE], REPORTS: reports}, "T01.xlsx")
    fresh.sync()
    with fresh.at_work() as book:
        for title, word in (("启动侧记", "是"), ("走访日记", "否")):
            book.put(MERGED, book.record(MERGED, 标题=title), {"采用": word, "盖章件": word})
    fresh.sync()
    return fresh


def sheet(office: Bureau) -> list[dict[str, Any]]:
    """What stands in the unit's sheet, without what the office fills."""
    with typing(office.folder.inbox / "T01.xlsx") as book:
        lines = lines_of(book.sheet(SHEET))
    own = ("记录号", *report(""))
    return [{header: line[header] for header in own} for line in lines if line["标题"]]


def put(office: Bureau, lines: Sequence[Line]) -> None:
    """The clerk leaves these rows in the sheet, the first at the top."""
    with typing(office.folder.inbox / "T01.xlsx") as book:
        numbers = [line["记录号"] for line in lines_of(book.sheet(SHEET))]
        for place, line in enumerate(lines, start=1):
            book.put(SHEET, place, line)
        for place in range(len(lines) + 1, len(TITLES) + 1):
            book.clear(SHEET, place)
            book.put(SHEET, place, {"记录号": numbers[place - 1]})


def words(office: Bureau) -> dict[str, tuple[str, str, Any]]:
    """Each report of the master by its number: its title, its status and the office's word."""
    return {line["记录号"]: (line["标题"], line["行状态"], line["采用"]) for line in office.lines(MERGED)}


def number(serial: int) -> str:
    return f"T01-BS-{serial:04}"


def test_sorting_with_the_numbers_or_beside_them_changes_nothing(approved: Bureau) -> None:
    before, lines = words(approved), sheet(approved)
    put(approved, lines[::-1])
    assert approved.sync(LATER).changes == NO_CHANGES
    assert words(approved) == before
    numbers = [line["记录号"] for line in lines]
    turned = [{**line, "记录号": at} for line, at in zip([*lines[1:], lines[0]], numbers, strict=True)]
    put(approved, turned)
    result = approved.sync(LATER)
    assert (result.changes, codes(result, "T01")) == (NO_CHANGES, [])
    assert words(approved) == before


def test_a_row_that_goes_while_the_others_are_sorted_beside_their_numbers_is_asked_about(approved: Bureau) -> None:
    _, second, third, fourth = sheet(approved)
    numbers = [line["记录号"] for line in sheet(approved)]
    put(approved, [{**line, "记录号": at} for line, at in zip((third, fourth, second), numbers, strict=False)])
    result = approved.sync(LATER)
    assert (result.changes, codes(result, "T01")) == (NO_CHANGES, ["M102"])
    assert words(approved) == {
        number(1): ("启动侧记", "待确认", "是"),
        number(2): ("走访日记", "正常", "否"),
        number(3): ("培训小结", "正常", None),
        number(4): ("座谈纪要", "正常", None),
    }


def test_a_copied_row_that_was_rewritten_is_new_and_unapproved(approved: Bureau) -> None:
    first, *others = sheet(approved)
    copy = {**first, "标题": "新的信息", "报送日期": date(2026, 6, 28)}
    put(approved, [copy, others[0], first, *others[1:]])
    result = approved.sync(LATER)
    assert (result.changes, codes(result, "T01")) == ({**NO_CHANGES, "inserted": 1}, ["M103"])
    found = words(approved)
    assert found[number(1)] == ("启动侧记", "正常", "是")
    assert found[number(5001)] == ("新的信息", "正常", None)


def test_a_row_pasted_over_an_approved_one_leaves_it_waiting(approved: Bureau) -> None:
    _, second, third, fourth = sheet(approved)
    put(approved, [third, second, third, fourth])
    result = approved.sync(LATER)
    assert codes(result, "T01").count("M102") == 1
    found = words(approved)
    assert found[number(1)] == ("启动侧记", "待确认", "是")
    assert found[number(3)] == ("培训小结", "正常", None)
    assert found[number(5001)] == ("培训小结", "正常", None)


def test_another_record_typed_over_an_approved_row_is_not_approved(approved: Bureau) -> None:
    first, *others = sheet(approved)
    put(approved, [{**report("七月要闻", "2026-07", 28), "记录号": first["记录号"]}, *others])
    result = approved.sync(LATER)
    assert "M106" in codes(result, "T01")
    found = words(approved)
    assert found[number(1)] == ("启动侧记", "已撤销", "是")
    assert found[number(5001)] == ("七月要闻", "正常", None)


def test_all_of_it_at_once(approved: Bureau) -> None:
    """Sorted beside the numbers, one row inserted without a number, one edited, one copied, one deleted."""
    first, second, third, _ = sheet(approved)
    put(
        approved,
        [
            {**third, "记录号": number(1), "报送日期": date(2026, 6, 27)},
            {**report("插入的信息"), "记录号": None},
            {**first, "记录号": number(3)},
            {**second, "记录号": number(2)},
            {**second, "记录号": number(2)},
        ],
    )
    result = approved.sync(LATER)
    assert statuses(result)["T01"] == "accepted"
    assert result.changes == {**NO_CHANGES, "inserted": 2, "updated": 1}
    found = words(approved)
    assert {at: found[number(at)] for at in (1, 2, 3, 4)} == {
        1: ("启动侧记", "正常", "是"),
        2: ("走访日记", "正常", "否"),
        3: ("培训小结", "正常", None),
        4: ("座谈纪要", "待确认", None),
    }
    assert sorted(line[:1] + line[2:] for at, line in found.items() if at > number(4)) == [
        ("插入的信息", None),
        ("走访日记", None),
    ]
    assert len(found) == len({*found}) == len(approved.lines(MERGED))
    assert not approved.sync(LATER).written
