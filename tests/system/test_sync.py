"""Consolidating what units send: nothing counts twice or is lost, and a run that learns nothing changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from support.office import (
    FIRST_UNIT,
    INSTANCE,
    MADE,
    PEOPLE,
    REPORTS,
    SCHEDULE,
    TODAY,
    Bureau,
    codes,
    resave,
    sha256,
    statuses,
    tree_hash,
    typing,
)
from system.office_work import LATER, NO_CHANGES, changes_of, first_file

from sync.office import OfficeError, OfficeFolder
from sync.status import office_deadlines, office_status
from xingzhi.deadlines import State


def june(office: Bureau) -> tuple[State, int]:
    items = office_deadlines(office.root, LATER)
    (found,) = (item for item in items if item.key == ("T01", "T22", "", "2026-06"))
    return found.state, found.days_late


def test_the_rows_of_a_workbook_reach_the_master_with_where_they_came_from(office: Bureau) -> None:
    row = office.line("汇总_活动台账", 活动名称="方法培训")
    assert row["方案"] == INSTANCE
    assert (row["单位代码"], row["单位名称"], row["记录号"]) == ("T01", "青石镇民政办", "T01-HD-0002")
    assert (row["活动类别"], row["实际日期"], row["行状态"]) == ("培训", date(2026, 6, 17), "正常")
    assert (row["来源文件"], row["来源工作表"], row["来源行"]) == ("T01.xlsx", SCHEDULE, 6)
    assert row["内容指纹"]
    assert len(office.lines("汇总_人员名册")) == 3


def test_received_files_stay_and_are_kept_in_the_archive_too(office: Bureau) -> None:
    kept = list((office.folder.archive / "T01").iterdir())
    assert first_file(office).exists()
    assert [sha256(path) for path in kept] == [sha256(first_file(office))]


def test_running_it_again_changes_nothing_at_all(office: Bureau) -> None:
    before = tree_hash(office.root)
    result = office.sync()
    assert statuses(result) == {"T01": "unchanged", "T02": "missing", "T03": "missing"}
    assert result.changes == NO_CHANGES and not result.written
    assert tree_hash(office.root) == before


def test_a_file_merely_opened_and_saved_is_unchanged(office: Bureau) -> None:
    bytes_before, data = sha256(first_file(office)), office.lines("数据变动")
    resave(first_file(office))
    assert sha256(first_file(office)) != bytes_before
    result = office.sync()
    assert statuses(result)["T01"] == "unchanged"
    assert result.changes == NO_CHANGES
    assert office.lines("数据变动") == data


def test_a_file_opened_and_saved_is_read_once_and_waits_for_nobody(office: Bureau) -> None:
    resave(first_file(office))
    office.sync()
    master = sha256(office.master)
    again = office.sync()
    assert not again.written and sha256(office.master) == master
    assert office_status(office.root, TODAY).waiting == 0
    assert next(unit for unit in again.units if unit.code == "T01").sha256 == sha256(first_file(office))


def test_what_a_re_saved_file_has_mended_is_no_longer_told(fresh: Bureau) -> None:
    path = fresh.filled("T01", {PEOPLE: [{"姓名": "石　一", "部门": "办公室", "班子成员": "是"}]})
    assert codes(fresh.sync()) == ["N102"]
    with typing(path) as book:
        book.put(PEOPLE, 1, {"姓名": "石一"})
    result = fresh.sync()
    assert codes(result) == [] and statuses(result)["T01"] == "unchanged"


def test_one_changed_cell_is_one_update_with_both_values(office: Bureau) -> None:
    with typing(first_file(office)) as book:
        book.put(PEOPLE, 1, {"联系电话": "13900000009"})
    result = office.sync()
    assert statuses(result)["T01"] == "accepted"
    assert result.changes == {"inserted": 0, "updated": 1, "withdrawn": 0}
    assert changes_of(office, result) == [("T01-RY-0001", "联系电话", "改动", "13900000001", "13900000009")]
    assert office.line("汇总_人员名册", 姓名="石一")["联系电话"] == "13900000009"
    assert statuses(office.sync())["T01"] == "unchanged"


def test_rows_added_below_the_room_of_the_table_count_too(fresh: Bureau) -> None:
    path = fresh.receive(fresh.issued("T01"))
    with typing(path) as book:
        book.put(PEOPLE, 140, {"姓名": "石十", "部门": "办公室", "班子成员": "否"})
    fresh.sync()
    row = fresh.line("汇总_人员名册", 姓名="石十")
    assert str(row["记录号"]).startswith("T01-RY-") and row["来源行"] == 144


def test_a_file_taken_out_of_the_inbox_takes_nothing_with_it(office: Bureau) -> None:
    first_file(office).unlink()
    result = office.sync(LATER)
    assert result.changes == NO_CHANGES and result.tables["people"] == 3
    assert statuses(result)["T01"] == "unchanged" and codes(result, "T01") == []


def test_a_workbook_issued_again_is_prefilled_and_comes_back_unchanged(office: Bureau) -> None:
    with office.at_work() as book:
        book.put("汇总_信息报送", 1, {"算按时": "是"})
    office.sync()
    office.issue("T01", today=TODAY)
    first_file(office).unlink()
    with typing(office.receive(office.issued("T01"))) as book:
        shown = [book.cell(PEOPLE, record, "姓名").value for record in (1, 2, 3, 4)]
        assert shown == ["石一", "石二", "石三", None]
        assert book.cell(PEOPLE, 4, "记录号").value == "T01-RY-0004"
        assert book.cell(REPORTS, 1, "算按时").value == "是"
        assert book.cell(REPORTS, 1, "收到日期").value.date() == TODAY  # type: ignore[union-attr]
    result = office.sync(LATER)
    assert result.changes == NO_CHANGES and codes(result, "T01") == ["F108"]  # it says what T01.xlsx said
    assert statuses(result)["T01"] == "unchanged"
    assert len(office.lines("汇总_人员名册")) == 3


def test_on_time_is_judged_by_the_day_of_first_receipt_unless_the_office_says_otherwise(fresh: Bureau) -> None:
    report = {"所属月份": "2026-06", "信息类别": "动态", "标题": "迟到的", "报送日期": date(2026, 6, 20)}
    fresh.filled("T01", {REPORTS: [report]})
    fresh.sync(LATER)  # due on the 25th, and the clerk claims the 20th
    assert june(fresh) == (State.DONE_LATE, 4)
    with fresh.at_work() as book:
        book.put("汇总_信息报送", 1, {"收到日期": date(2026, 6, 22)})
    fresh.sync(LATER)
    assert june(fresh) == (State.DONE, 0)
    with fresh.at_work() as book:
        book.put("汇总_信息报送", 1, {"收到日期": date(2026, 6, 27), "算按时": "是"})
    fresh.sync(LATER)
    assert june(fresh) == (State.DONE, 0)


def test_a_dry_run_tells_what_would_happen_and_writes_nothing(fresh: Bureau) -> None:
    fresh.filled("T01", FIRST_UNIT)
    fresh.receive(b"nothing that can be read", "坏.xlsx")
    before = tree_hash(fresh.root)
    tried = fresh.sync(dry_run=True)
    assert tree_hash(fresh.root) == before
    done = fresh.sync()
    assert (tried.changes, tried.tables, statuses(tried)) == (done.changes, done.tables, statuses(done))
    assert tried.changes["inserted"] == 6 and not tried.written and done.written


@pytest.mark.parametrize(
    ("lock", "content"),
    [
        ("~$总台账.xlsx", b"\x06" + "王小月".encode("gb18030").ljust(164)),
        (".~lock.总台账.xlsx#", ",王小月,办公电脑,24.06.2026;".encode()),
    ],
)
def test_an_open_master_stops_sync_before_any_work(fresh: Bureau, lock: str, content: bytes) -> None:
    fresh.filled("T01", FIRST_UNIT)
    (fresh.root / lock).write_bytes(content)
    before = tree_hash(fresh.root)
    with pytest.raises(OfficeError, match="王小月"):
        fresh.sync()
    assert tree_hash(fresh.root) == before
    (fresh.root / lock).unlink()
    assert fresh.sync().changes["inserted"] == 6


def test_a_folder_that_is_no_office_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OfficeError):
        OfficeFolder.open(tmp_path)


def test_the_record_of_runs_has_one_line_for_each(office: Bureau) -> None:
    office.filled("T02", {PEOPLE: [{"姓名": "柳一", "部门": "办公室", "班子成员": "是"}]})
    result = office.sync(LATER)
    lines = office.lines("汇总记录")
    assert [line["操作"] for line in lines] == ["汇总", "汇总", "下发", "建账"]
    assert (lines[0]["批次"], lines[0]["日期"], lines[0]["收下"], lines[0]["未变"]) == (result.run, LATER, 1, 1)
    assert [line["日期"] for line in lines[1:]] == [TODAY, MADE, MADE]
