"""Feedback: a workbook for each unit with something to mend, in which the unit goes on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest
from support.office import (
    FIRST_UNIT,
    PEOPLE,
    REPORTS,
    SCHEDULE,
    TODAY,
    Bureau,
    codes,
    fresh_office,
    read_lines,
    sha256,
    statuses,
    tree_hash,
    typing,
)
from system.office_work import LATER, NO_CHANGES, changes_of, first_file

from sync.office import OfficeError
from workbook_files.lint import lint
from workbook_files.workers import call_all

NAME = "T01_青石镇民政办_反馈.xlsx"
LAUNCH = {"活动类别": "启动仪式", "活动名称": "启动", "实际日期": date(2026, 6, 12), "应到人数": "四十"}
PERSON = {"姓名": "石四", "部门": "救助股", "班子成员": "否"}


@pytest.fixture
def told(fresh: Bureau) -> Bureau:
    """T01 has sent a workbook with an error in it."""
    fresh.filled("T01", {PEOPLE: FIRST_UNIT[PEOPLE], SCHEDULE: [LAUNCH]}, "T01.xlsx")
    fresh.sync()
    return fresh


def feedback(office: Bureau, name: str = NAME) -> Path:
    return office.folder.feedback / name


def said(path: Path) -> set[str]:
    return {str(line["代码"]) for line in read_lines(path, "校验结果") if line["代码"]}


def lead(path: Path) -> str:
    return str(openpyxl.load_workbook(path)["校验结果"]["A2"].value)


# What it holds


def test_a_unit_with_findings_gets_a_workbook_that_shows_them_at_its_own_cells(told: Bureau) -> None:
    assert [path.name for path in told.folder.feedback.iterdir()] == [NAME]
    (line,) = (each for each in read_lines(feedback(told), "校验结果") if each["代码"] == "C105")
    assert (line["工作表"], line["栏目"], line["标记"]) == (SCHEDULE, "应到人数", "T01-HD-0001|应到人数|E")
    book = openpyxl.load_workbook(feedback(told))
    assert book[SCHEDULE][str(line["单元格"])].value == "四十"
    assert {row[0].value for row in book["应报事项"].iter_rows(min_row=5) if row[0].value} > {"T22"}
    # Whoever filled it in saved it without the values of its formulas.
    assert {each.rule for each in lint(feedback(told))} <= {"uncached-formula"}
    assert not (told.root / ".xingzhi" / "feedback").exists()


def test_the_office_s_columns_are_filled_in(office: Bureau) -> None:
    with office.at_work() as book:
        book.put("汇总_信息报送", 1, {"算按时": "是"})
    office.sync()
    (line,) = (line for line in read_lines(feedback(office), REPORTS) if line["标题"])
    assert (line["算按时"], line["收到日期"]) == ("是", TODAY)


def test_a_phone_that_the_unit_typed_stands_as_it_typed_it(fresh: Bureau) -> None:
    fresh.filled("T01", {PEOPLE: [{**PERSON, "联系电话": "11010519491231002X"}]})
    fresh.sync()
    (line,) = (line for line in read_lines(feedback(fresh), PEOPLE) if line["姓名"])
    assert line["联系电话"] == "11010519491231002X"
    assert fresh.line("汇总_人员名册")["联系电话"] != "11010519491231002X"


def test_a_unit_that_sent_nothing_gets_none(fresh: Bureau) -> None:
    fresh.sync()
    assert list(fresh.folder.feedback.iterdir()) == []


def test_in_english_it_bears_an_english_name(tmp_path: Path) -> None:
    from sync.init import create_office
    from sync.issue import issue
    from sync.office_settings import Unit
    from xingzhi.labels import Lang

    made = create_office(
        tmp_path / "office",
        programme="tengxian-civil-affairs",
        year=2026,
        lang=Lang.EN,
        today=date(2026, 6, 1),
        units=[Unit("T01", "Bluestone")],
    )
    issue(made, today=date(2026, 6, 1))
    office = Bureau(made)
    office.receive(office.issued("T01"))
    office.sync()
    assert [path.name for path in (tmp_path / "office" / "feedback").iterdir()] == ["T01_Bluestone_feedback.xlsx"]


# When it is written


def test_a_run_that_changes_nothing_leaves_it_alone(told: Bureau) -> None:
    before = tree_hash(told.root)
    assert not told.sync().written
    assert tree_hash(told.root) == before


def test_it_is_built_anew_only_for_the_unit_whose_content_changed(told: Bureau) -> None:
    before = sha256(feedback(told))
    told.filled("T02", {PEOPLE: [{"姓名": "柳一", "部门": "办公室", "班子成员": "是"}]})
    told.sync()
    assert sha256(feedback(told)) == before
    assert len(list(told.folder.feedback.iterdir())) == 2
    told.sync(LATER)  # more is overdue by now
    assert sha256(feedback(told)) != before


def accept_all(office: Bureau) -> None:
    with office.at_work() as book:
        page = "填报问题"
        for number, line in enumerate(office.lines(page), start=1):
            if line["单位代码"] == "T01":
                book.put(page, number, {"认可": "是"})
    office.sync()


def test_it_goes_when_nothing_is_left_to_mend(told: Bureau) -> None:
    accept_all(told)
    assert list(told.folder.feedback.iterdir()) == []


def test_one_that_somebody_changed_is_never_removed(told: Bureau) -> None:
    with typing(feedback(told)) as book:
        book.put(PEOPLE, 1, {"职务": "主任"})
    changed = sha256(feedback(told))
    accept_all(told)
    assert sha256(feedback(told)) == changed


def test_one_that_somebody_changed_is_kept_in_the_archive_before_it_is_replaced(told: Bureau) -> None:
    with typing(feedback(told)) as book:
        book.put(PEOPLE, 1, {"职务": "主任"})
    changed = sha256(feedback(told))
    told.sync(LATER)
    assert sha256(feedback(told)) != changed
    assert sha256(told.folder.archive / NAME) == changed


def test_one_that_is_open_waits_for_the_next_run(told: Bureau) -> None:
    before = sha256(feedback(told))
    lock = feedback(told).with_name(f"~${NAME}")
    lock.write_bytes("王小月".encode())
    result = told.sync(LATER)
    assert result.written and result.unwritten == [NAME]
    assert sha256(feedback(told)) == before
    again = told.sync(LATER)
    assert not again.written and again.unwritten == [NAME]
    lock.unlink()
    done = told.sync(LATER)
    assert not done.written and done.unwritten == [] and sha256(feedback(told)) != before
    assert not (told.root / ".xingzhi" / "feedback").exists()
    tree = tree_hash(told.root)
    told.sync(LATER)
    assert tree_hash(told.root) == tree


def test_a_unit_that_was_renamed_has_one_feedback(told: Bureau) -> None:
    with told.at_work() as book:
        book.put("单位名册", 1, {"单位名称": "青石街道民政办"})
    told.sync()
    assert [path.name for path in told.folder.feedback.iterdir()] == ["T01_青石街道民政办_反馈.xlsx"]


def test_a_run_that_is_not_kept_writes_none(told: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*more: object, **named: object) -> None:
        raise OfficeError("refusal.master_open", holder="王小月", lock="")

    before = tree_hash(told.root)
    monkeypatch.setattr("sync.run.put_in_place", refuse)
    with pytest.raises(OfficeError):
        told.sync(LATER)
    master = next(told.root.glob(".*.tmp"), None)
    if master:
        master.unlink()
    assert tree_hash(told.root) == before


def test_a_dry_run_writes_none(fresh: Bureau) -> None:
    fresh.filled("T01", {SCHEDULE: [LAUNCH]})
    fresh.sync(dry_run=True)
    assert list(fresh.folder.feedback.iterdir()) == []


def double(number: int) -> int:
    return 2 * number


def test_our_own_work_is_done_in_order_in_one_process_or_in_several() -> None:
    from functools import partial

    tasks = [partial(double, number) for number in range(9)]
    assert list(call_all(tasks[:3], workers=2)) == [0, 2, 4]
    assert list(call_all(tasks, workers=2)) == [2 * number for number in range(9)]


# Going on in it


def people(office: Bureau) -> dict[str, str]:
    return {str(line["姓名"]): str(line["记录号"]) for line in office.lines("汇总_人员名册")}


def test_a_unit_goes_on_in_its_feedback(told: Bureau) -> None:
    first_file(told).unlink()
    path = told.receive(feedback(told), "T01.xlsx")
    assert told.sync().changes == NO_CHANGES
    with typing(path) as book:
        book.put(SCHEDULE, 1, {"应到人数": 40})
        book.put(PEOPLE, 2, {"联系电话": "13900000002"})
        book.add(PEOPLE, PERSON)
        book.clear(PEOPLE, 3)
    result = told.sync(LATER)
    assert result.changes == {"inserted": 1, "updated": 2, "withdrawn": 0}
    assert {(line[1], line[2]) for line in changes_of(told, result)} >= {("应到人数", "改动"), ("联系电话", "改动")}
    assert "M102" in codes(result, "T01") and "C105" not in codes(result, "T01")
    assert people(told)["石四"] == "T01-RY-0004"
    assert told.line("汇总_人员名册", 姓名="石三")["行状态"] == "待确认"
    assert statuses(told.sync(LATER))["T01"] == "unchanged"


def test_what_was_found_in_a_file_ends_with_the_one_that_goes_on_from_its_feedback(told: Bureau) -> None:
    report = {"所属月份": "2026-06", "信息类别": "动态", "报送日期": date(2026, 6, 24)}
    with typing(told.receive(feedback(told), "9月.xlsx")) as book:
        book.add(REPORTS, {**report, "标题": "一", "采用": "是"}, {**report, "标题": "二"})
    assert "M104" in codes(told.sync(LATER), "T01")
    # In what it is given back, the cell is blank again; a row goes too, and the name is another.
    with typing(told.receive(feedback(told), "10月.xlsx")) as book:
        book.clear(REPORTS, book.record(REPORTS, 标题="二"))
    assert "M104" not in codes(told.sync(LATER), "T01")


@pytest.mark.parametrize("changed", [False, True], ids=["as it was", "with another row"])
def test_what_is_done_in_it_stays_when_the_old_file_is_sent_again(told: Bureau, changed: bool) -> None:
    with typing(told.receive(feedback(told), "6月改.xlsx")) as book:
        book.put(SCHEDULE, 1, {"应到人数": 40})
        book.add(PEOPLE, PERSON)
    told.sync()
    old = told.receive(first_file(told), "又是旧的.xlsx")
    if changed:
        with typing(old) as book:
            book.add(PEOPLE, {"姓名": "石五", "部门": "办公室", "班子成员": "否"})
    result = told.sync(LATER)
    assert result.changes == {"inserted": int(changed), "updated": 0, "withdrawn": 0}
    names = people(told)
    assert {"石一", "石二", "石三", "石四"} | ({"石五"} if changed else set()) == set(names)
    assert len(set(names.values())) == len(names)
    assert told.line("汇总_活动台账")["应到人数"] == 40
    assert {line["行状态"] for line in told.lines("汇总_人员名册")} == {"正常"}
    assert "C105" not in codes(result, "T01")


def test_an_explanation_is_printed_back_and_written_in_it(told: Bureau) -> None:
    path = told.receive(feedback(told), "说明.xlsx")
    with typing(path) as book:
        book.put("校验结果", book.record("校验结果", 代码="C105"), {"单位说明": "四十人"})
    result = told.sync(LATER)
    assert statuses(result)["T01"] == "accepted" and result.changes == NO_CHANGES
    (line,) = (each for each in read_lines(feedback(told), "校验结果") if each["代码"] == "C105")
    assert line["单位说明"] == "四十人"


# A file that could not be taken


def without_identity(office: Bureau) -> bytes:
    """A workbook of the unit's rows that a clerk copied into a book of his own."""
    path = office.receive(office.issued("T01"), "抄.xlsx")
    with typing(path) as typed:
        known = {"姓名": "石一", "部门": "办公室", "班子成员": "是"}
        typed.add(PEOPLE, PERSON, known, {**PERSON, "姓名": "石六", "班子成员": "不详"})
        book = typed.book
        del book["_meta"]
        for name in [each for each in book.defined_names if each.startswith("xz_")]:
            del book.defined_names[name]
        properties = book.custom_doc_props  # type: ignore[attr-defined]
        for name in list(properties.names):
            del properties[name]
    content = path.read_bytes()
    path.unlink()
    return content


def test_what_could_be_read_of_a_file_that_was_not_taken_is_given_back(told: Bureau) -> None:
    told.receive(without_identity(told), "青石镇民政办.xlsx")
    result = told.sync()
    assert "B101" in codes(result, "T01") and result.tables["people"] == 3
    lines = [line for line in read_lines(feedback(told), PEOPLE) if line["姓名"]]
    # 石一 is on record: of the others, each stands in a row of its own, as it was typed.
    assert [line["姓名"] for line in lines] == ["石一", "石二", "石三", "石四", "石六"]
    assert [line["记录号"] for line in lines] == [f"T01-RY-{number:04d}" for number in range(1, 6)]
    assert lines[-1]["班子成员"] == "不详"
    assert "B101" in said(feedback(told))
    assert "青石镇民政办.xlsx" in lead(feedback(told)) and "2 行" in lead(feedback(told))
    assert not told.sync().written


def test_the_rows_given_back_are_the_unit_s_once_it_sends_them(told: Bureau) -> None:
    refused = told.receive(without_identity(told), "青石镇民政办.xlsx")
    told.sync()
    told.filled("T02", {PEOPLE: [{**PERSON, "姓名": "柳一"}]})
    told.sync(LATER)  # built anew: what could be read is still in it
    with typing(told.receive(feedback(told), "6月改.xlsx")) as book:
        book.put(PEOPLE, 5, {"班子成员": "否"})
    refused.unlink()
    result = told.sync(LATER)
    assert result.changes["inserted"] == 2 and "B101" not in codes(result, "T01")
    assert {name for name, number in people(told).items() if number.startswith("T01")} == {
        "石一",
        "石二",
        "石三",
        "石四",
        "石六",
    }


def test_a_file_with_a_wrong_identity_is_given_back_too(fresh: Bureau) -> None:
    path = fresh.filled("T01", {PEOPLE: [PERSON]}, "T01.xlsx")
    with typing(path) as book:
        for row in book.sheet("_meta").iter_rows():
            if row[0].value == "year":
                row[1].value = "2025"
    path.rename(fresh.folder.inbox / "青石镇民政办.xlsx")
    assert codes(fresh.sync(), "T01") == ["B106"]
    assert [line["姓名"] for line in read_lines(feedback(fresh), PEOPLE) if line["姓名"]] == ["石四"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("青石镇民政办.pdf", b"%PDF-1.7", "F106"),
        ("青石镇民政办.xlsx", b"", "F102"),
        ("T01.xlsx", b"PK\x03\x04 broken", "F101"),
    ],
    ids=["pdf", "empty", "broken, known by its path"],
)
def test_a_file_that_cannot_be_read_brings_a_fresh_workbook_that_says_why(
    told: Bureau, name: str, content: bytes, code: str
) -> None:
    told.receive(content, name)
    result = told.sync()
    assert code in codes(result, "T01") and result.unmatched == []
    assert code in said(feedback(told)) and name in lead(feedback(told))
    assert [line["姓名"] for line in read_lines(feedback(told), PEOPLE) if line["姓名"]] == ["石一", "石二", "石三"]


def test_a_unit_of_which_nothing_could_ever_be_read_gets_one_too(tmp_path: Path) -> None:
    office = fresh_office(tmp_path / "行动办")
    office.receive(b"", "青石镇民政办.xlsx")
    office.sync()
    assert said(feedback(office)) == {"F102"}
