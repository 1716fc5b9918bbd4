"""Month close: what had been reported beside what there is now, and what came after is marked and has to be explained."""

from __future__ import annotations

from datetime import date

from support.codes import covers
from support.office import REPORTS, SCHEDULE, Bureau, codes, read_lines, typing

from xingzhi.labels import Lang

PROGRESS, CLOSE = "进展情况", "月度结账"
JULY = [
    {"所属月份": "2026-07", "信息类别": "动态", "标题": "七月一", "报送日期": date(2026, 7, 20)},
    {"所属月份": "2026-07", "信息类别": "参考", "标题": "七月二", "报送日期": date(2026, 7, 21)},
]
ACTIVITY = {"活动类别": "督查", "活动名称": "七月督查", "实际日期": date(2026, 7, 22)}
CLOSED_ON, LATER = date(2026, 8, 3), date(2026, 8, 20)


def close(office: Bureau, month: str | None) -> None:
    with office.at_work() as book:
        book.put("设置", book.record("设置", 设置项="已结月份"), {"值": month})


def counts(office: Bureau, unit: str, month: str = "2026-07") -> list[object]:
    line = office.line(CLOSE, 单位代码=unit, 月份=month)
    headers = ("信息上报数", "信息现数", "活动上报数", "活动现数", "进展上报数", "进展现数", "补报")
    return [line[header] for header in headers]


def closed_july(office: Bureau) -> None:
    """T01 has two reports and an activity of July, and the month is closed."""
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.add(REPORTS, *JULY)
        book.add(SCHEDULE, ACTIVITY)
    close(office, "2026-07")
    office.sync(CLOSED_ON)


@covers("M108")
def test_what_comes_after_the_close_is_told_marked_and_to_be_explained(office: Bureau) -> None:
    closed_july(office)
    assert counts(office, "T01") == [2, 2, 1, 1, 0, 0, None]
    assert counts(office, "T01", "2026-06") == [1, 1, 2, 2, 0, 0, None]
    assert counts(office, "T02") == [0, 0, 0, 0, 0, 0, None]
    run = office.line(CLOSE, 单位代码="T01", 月份="2026-07")["结账批次"]
    assert not office.sync(CLOSED_ON).written

    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.put(REPORTS, book.record(REPORTS, 标题="七月一"), {"标题": "七月一（更正）"})
        book.add(REPORTS, {**JULY[0], "标题": "七月三"}, {**JULY[0], "标题": "八月一", "所属月份": "2026-08"})
        book.clear(SCHEDULE, book.record(SCHEDULE, 活动名称="七月督查"))
    with office.at_work() as book:
        book.put(CLOSE, book.record(CLOSE, 单位代码="T01", 月份="2026-07"), {"备注": "已电话核实"})
    result = office.sync(LATER)
    told = [each for each in result.findings if each.code == "M108"]
    assert sorted((each.unit, each.record) for each in told) == [("T01", "T01-BS-0002"), ("T01", "T01-BS-0004")]
    assert {f"第 {run} 批次" in each.message(Lang.ZH) for each in told} == {True}
    # The activity waits for confirmation, so that it still counts.
    assert counts(office, "T01") == [2, 3, 1, 1, 0, 0, 2]
    marks = {line["标题"]: line["补报"] for line in office.lines("汇总_信息报送")}
    assert marks == {
        "启动侧记": None,
        "七月一（更正）": "2026-07 改动",
        "七月二": None,
        "七月三": "2026-07 新增",
        "八月一": None,
    }
    assert {line["记录号"] for line in office.lines("数据变动", 批次=result.run) if line["补报"]} == {
        "T01-BS-0002",
        "T01-BS-0004",
    }
    assert office.line(CLOSE, 备注="已电话核实")["月份"] == "2026-07"

    with office.at_work() as book:
        book.put("汇总_活动台账", book.record("汇总_活动台账", 活动名称="七月督查"), {"待确认处理": "撤销"})
    office.sync(LATER)
    assert counts(office, "T01") == [2, 3, 1, 0, 0, 0, 3]
    assert office.line("汇总_活动台账", 活动名称="七月督查")["补报"] == "2026-07 撤销"
    # The unit finds all three in its workbook, the row that is gone too.
    office.issue("T01", today=LATER)
    lines = read_lines(office.issued("T01"), "校验结果")
    assert sorted(line["记录号"] for line in lines if line["代码"] == "M108") == [
        "T01-BS-0002",
        "T01-BS-0004",
        "T01-HD-0003",
    ]


def test_the_unit_s_reasons_stand_in_the_month_and_the_office_accepts_them(office: Bureau) -> None:
    closed_july(office)
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.put(REPORTS, book.record(REPORTS, 标题="七月一"), {"标题": "七月一（更正）"})
    office.sync(LATER)
    office.issue("T01", today=LATER)
    (office.folder.inbox / "T01.xlsx").unlink()
    path = office.receive(office.issued("T01"))
    with typing(path) as book:
        book.put("校验结果", book.record("校验结果", 代码="M108"), {"单位说明": "标题写错了"})
    office.sync(LATER)
    line = office.line(CLOSE, 单位代码="T01", 月份="2026-07")
    assert (line["补报"], line["更正说明"]) == (1, "标题写错了")
    told = office.line("填报问题", 代码="M108")
    assert (told["严重程度"], told["处理办法"]) == ("提示", "已写明更正原因，待行动办认可")
    with office.at_work() as book:
        book.put("填报问题", book.record("填报问题", 代码="M108"), {"认可": "是"})
    office.sync(LATER)
    assert office.line("填报问题", 代码="M108")["严重程度"] == "提示"
    assert office.line(CLOSE, 单位代码="T01", 月份="2026-07")["更正说明"] == "标题写错了"


def test_a_month_that_is_opened_again_and_closed_again_is_counted_anew(office: Bureau) -> None:
    closed_july(office)
    with office.at_work() as book:
        book.put(CLOSE, book.record(CLOSE, 单位代码="T01", 月份="2026-07"), {"备注": "第一次结账"})
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.add(REPORTS, {**JULY[0], "标题": "七月三"})
    close(office, "2026-06")
    result = office.sync(LATER)
    assert "M108" not in codes(result)
    assert {line["月份"] for line in office.lines(CLOSE)} == {"2026-06"}
    assert {line["补报"] for line in office.lines("汇总_信息报送")} == {None}
    close(office, "2026-07")
    office.sync(LATER)
    assert counts(office, "T01") == [3, 3, 1, 1, 0, 0, None]
    assert office.line(CLOSE, 单位代码="T01", 月份="2026-07")["备注"] == "第一次结账"
    close(office, None)
    office.sync(LATER)
    assert office.lines(CLOSE) == []


@covers("O101")
def test_a_slip_in_the_closed_month_opens_nothing(office: Bureau) -> None:
    closed_july(office)
    for slip in ("七月份", "2026-09", "2025-07"):
        close(office, slip)
        result = office.sync(LATER)
        assert "O101" in codes(result, ""), slip
        assert counts(office, "T01") == [2, 2, 1, 1, 0, 0, None]


def test_a_row_that_moves_into_a_closed_month_or_out_of_it_is_one_of_after_the_close(office: Bureau) -> None:
    closed_july(office)
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.put(REPORTS, book.record(REPORTS, 标题="七月一"), {"所属月份": "2026-08"})
        book.put(REPORTS, book.record(REPORTS, 标题="启动侧记"), {"所属月份": "2026-07"})
    office.sync(LATER)
    marks = {line["标题"]: line["补报"] for line in office.lines("汇总_信息报送")}
    assert marks == {"启动侧记": "2026-06 改动", "七月一": "2026-07 改动", "七月二": None}
    assert counts(office, "T01")[:2] == [2, 2] and counts(office, "T01", "2026-06")[:2] == [1, 0]
