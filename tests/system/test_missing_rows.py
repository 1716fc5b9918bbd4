"""A unit deletes a row: it waits for a word, is held against nobody, and is not printed again."""

from __future__ import annotations

from collections.abc import Mapping

from support.codes import covers
from support.office import FIRST_UNIT, PEOPLE, Bureau, codes, read_lines, statuses, typing
from system.office_work import LATER, NO_CHANGES

from sync.result import SyncResult

FINDINGS, MERGED = "校验结果", "汇总_人员名册"
TWICE = {"姓名": "石二", "部门": "救助股", "班子成员": "否", "联系电话": "一三九"}
"""石二 is on the list already; the telephone number is none."""


def doubled(office: Bureau) -> SyncResult:
    """T01 has one person twice, and is told so."""
    office.filled("T01", {PEOPLE: [*FIRST_UNIT[PEOPLE], TWICE]}, "T01.xlsx")
    result = office.sync()
    assert "K101" in codes(result, "T01")
    return result


def deleted(office: Bureau) -> SyncResult:
    """The clerk clears the second of the two."""
    doubled(office)
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.clear(PEOPLE, 4)
    return office.sync(LATER)


def going_on(office: Bureau) -> SyncResult:
    """The clerk goes on in the feedback, and corrects one cell of another row."""
    (feedback,) = office.folder.feedback.glob("T01_*.xlsx")
    with typing(office.receive(feedback, "8月.xlsx")) as book:
        book.put(PEOPLE, 1, {"职务": "主任"})
    return office.sync(LATER)


def kinds(office: Bureau, result: SyncResult) -> list[tuple[object, object]]:
    """What a run changed: the record and the kind of each line."""
    return [(line["记录号"], line["变动"]) for line in office.lines("数据变动", 批次=result.run)]


def printed(office: Bureau) -> list[tuple[object, object]]:
    (feedback,) = office.folder.feedback.glob("T01_*.xlsx")
    return [(line["记录号"], line["姓名"]) for line in read_lines(feedback, PEOPLE) if line["姓名"]]


def missing(office: Bureau) -> Mapping[str, object]:
    return office.line(MERGED, 记录号="T01-RY-0004")


@covers("M102")
def test_a_deleted_row_is_no_longer_at_fault_and_is_not_printed(fresh: Bureau) -> None:
    result = deleted(fresh)
    assert codes(result, "T01") == ["M102"]
    assert missing(fresh)["行状态"] == "待确认"
    assert [record for record, _ in printed(fresh)] == ["T01-RY-0001", "T01-RY-0002", "T01-RY-0003"]
    (feedback,) = fresh.folder.feedback.glob("T01_*.xlsx")
    (line,) = (each for each in read_lines(feedback, FINDINGS) if each["代码"] == "M102")
    assert (line["工作表"], line["单元格"], line["记录号"]) == (PEOPLE, None, "T01-RY-0004")
    assert "填报问题" in line["处理办法"]
    # Its number is given to no other row.
    assert not [each for each in read_lines(feedback, PEOPLE) if each["记录号"] == "T01-RY-0004"]


def test_going_on_in_the_next_workbook_does_not_report_it_again(fresh: Bureau) -> None:
    deleted(fresh)
    result = going_on(fresh)
    assert statuses(result)["T01"] == "accepted"
    assert kinds(fresh, result) == [("T01-RY-0001", "改动")]
    assert (codes(result, "T01"), missing(fresh)["行状态"]) == (["M102"], "待确认")
    assert not fresh.sync(LATER).written


def test_a_row_that_is_typed_again_comes_back_with_its_number_or_without(fresh: Bureau) -> None:
    deleted(fresh)
    going_on(fresh)
    path = fresh.folder.inbox / "8月.xlsx"
    before = path.read_bytes()
    for number in ("T01-RY-0004", None, ""):
        path.write_bytes(before)
        with typing(path) as book:
            book.add(PEOPLE, TWICE if number == "" else {**TWICE, "记录号": number})
        result = fresh.sync(LATER)
        assert kinds(fresh, result) == [("T01-RY-0004", "恢复")], number
        assert missing(fresh)["行状态"] == "正常"
        path.write_bytes(before)
        assert codes(fresh.sync(LATER), "T01") == ["M102"]


def test_a_reference_to_a_row_that_waits_still_holds(fresh: Bureau) -> None:
    roles = {"组织机构": [{"姓名": "石三", "角色": "组长"}]}
    fresh.filled("T01", {PEOPLE: FIRST_UNIT[PEOPLE], **roles}, "T01.xlsx")
    fresh.sync()
    with typing(fresh.folder.inbox / "T01.xlsx") as book:
        book.clear(PEOPLE, 3)
    assert "K102" not in codes(fresh.sync(LATER), "T01")
    with fresh.at_work() as book:
        book.put(MERGED, book.record(MERGED, 姓名="石三"), {"待确认处理": "撤销"})
    assert "K102" in codes(fresh.sync(LATER), "T01")


def test_the_office_accepts_the_deletion_and_the_word_is_for_once(fresh: Bureau) -> None:
    deleted(fresh)
    with fresh.at_work() as book:
        book.put("填报问题", book.record("填报问题", 代码="M102"), {"认可": "是", "办公室意见": "同意"})
    result = fresh.sync(LATER)
    assert result.changes == {**NO_CHANGES, "withdrawn": 1}
    assert (codes(result, "T01"), missing(fresh)["行状态"]) == ([], "已撤销")
    assert not fresh.sync(LATER).written
    path = fresh.folder.inbox / "T01.xlsx"
    with typing(path) as book:
        book.put(PEOPLE, 4, TWICE)
    assert kinds(fresh, fresh.sync(LATER)) == [("T01-RY-0004", "恢复")]
    with typing(path) as book:
        book.clear(PEOPLE, 4)
    assert codes(fresh.sync(LATER), "T01") == ["M102"]
    assert codes(fresh.sync(LATER), "T01") == ["M102"]
    line = fresh.line("填报问题", 代码="M102")
    assert (line["认可"], line["严重程度"]) == (None, "请核实")
