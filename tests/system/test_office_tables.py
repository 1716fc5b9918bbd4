"""The office's work on the tables of documents and progress: rows entered for a unit, its words, and their way down."""

from __future__ import annotations

from datetime import date

from support.office import TODAY, Bureau, header_of, read_lines, typing
from system.office_work import due

from sync.status import office_deadlines
from xingzhi.deadlines import State

DOCUMENTS, PROGRESS = "汇总_方案制度", "汇总_进展情况"
PLAN = {
    "单位代码": "T02",
    "文件类别": "实施方案",
    "文件名称": "柳溪乡实施方案",
    "版本": 1,
    "报送日期": date(2026, 6, 8),
    "审批状态": "待审",
    "盖章件": "是",
}
AUGUST = date(2026, 8, 30)


def test_a_document_that_the_office_enters_flows_down_with_its_words(office: Bureau) -> None:
    with office.at_work() as book:
        book.add(DOCUMENTS, PLAN)
        book.add(
            PROGRESS,
            {"单位代码": "T02", "项目编号": "XM1", "所属月份": "2026-06", "进展": "推进", "需协调事项": "请协调场地"},
        )
    result = office.sync(TODAY)
    assert result.changes["inserted"] == 2
    line = office.line(DOCUMENTS)
    assert (line["记录号"], line["审批状态"], line["盖章件"]) == ("T02-FA-5001", "待审", "是")
    assert due(office, "T01", unit="T02").state is State.DONE
    assert office.line(PROGRESS)["需协调事项"] == "请协调场地"
    office.issue("T02", today=TODAY)
    (document,) = (line for line in read_lines(office.issued("T02"), "方案制度") if line.get("文件名称"))
    assert (document["记录号"], document["审批状态"], document["盖章件"]) == ("T02-FA-5001", "待审", "是")

    # The office approves and files it; the unit's next file, made from the one of before, does not undo that.
    with office.at_work() as book:
        book.put(
            DOCUMENTS,
            1,
            {"审批状态": "已备案", "审批日期": date(2026, 6, 9), "备案日期": date(2026, 6, 10), "备案号": "备2026-1"},
        )
    path = office.receive(office.issued("T02"))
    with typing(path) as book:
        book.put("方案制度", 1, {"文件名称": "柳溪乡实施方案（印发稿）"})
        book.put("进展情况", 1, {"进展": "已完成调研"})
    result = office.sync(TODAY)
    line = office.line(DOCUMENTS)
    assert (line["文件名称"], line["审批状态"], line["备案号"]) == ("柳溪乡实施方案（印发稿）", "已备案", "备2026-1")
    assert (line["审批日期"], line["备案日期"]) == (date(2026, 6, 9), date(2026, 6, 10))
    assert office.line(PROGRESS)["进展"] == "已完成调研"
    assert "M104" not in [each.code for each in result.findings]
    assert not office.sync(TODAY).written
    office.issue("T02", today=TODAY)
    assert read_lines(office.issued("T02"), "方案制度")[0]["备案号"] == "备2026-1"


def test_a_project_plan_counts_once_the_office_has_approved_and_filed_it(office: Bureau) -> None:
    plan = {**PLAN, "文件类别": "项目方案", "项目编号": "XM1", "必备内容": "齐全", "报送日期": date(2026, 7, 10)}
    with office.at_work() as book:
        book.add("汇总_项目台账", {"单位代码": "T02", "项目编号": "XM1", "层级": "项目", "项目名称": "便民"})
        book.add(DOCUMENTS, plan)
    office.sync(AUGUST)

    def state() -> State:
        items = office_deadlines(office.root, AUGUST)
        return next(item.state for item in items if (item.unit, item.rule.id) == ("T02", "T11"))

    assert state() is State.OVERDUE
    with office.at_work() as book:
        owed = book.record("催报台账", 单位代码="T02", 编号="T11")
        book.put("催报台账", owed, {"已催次数": 1, "最近催报": date(2026, 8, 29)})
        words = {"审批状态": "已备案", "审批日期": date(2026, 7, 14), "备案日期": date(2026, 7, 16)}
        book.put(DOCUMENTS, 1, words)
    office.sync(AUGUST)
    assert state() is State.DONE
    # What the office wrote of its chase stays beside what has since been done.
    line = office.line("催报台账", 单位代码="T02", 编号="T11")
    assert (line["状态"], line["已催次数"]) == ("已完成", 1)


def test_no_day_of_receipt_is_made_up_where_the_sheet_has_none(office: Bureau) -> None:
    with office.at_work() as book:
        book.add(DOCUMENTS, PLAN)
    office.sync(AUGUST)
    with office.at_work() as book:
        _, columns = header_of(book.sheet(DOCUMENTS))
        assert "收到日期" not in columns
        dates = [header for header in ("审批日期", "备案日期") if book.cell(DOCUMENTS, 1, header).value is not None]
    assert dates == []
