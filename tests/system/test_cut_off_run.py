"""A run that was killed between putting the master in its place and the ledger's commit."""

from __future__ import annotations

import shutil
from datetime import date

from support.office import MEMBERS, PEOPLE, REPORTS, SCHEDULE, Bureau, codes

REPORT = {"所属月份": "2026-06", "信息类别": "动态", "标题": "入户走访", "报送日期": date(2026, 6, 24)}
ENTERED = {
    "单位代码": "T02",
    "所属月份": "2026-06",
    "信息类别": "参考",
    "标题": "电话报来的",
    "报送日期": date(2026, 6, 24),
}


def test_the_rows_of_a_run_that_was_cut_off_are_the_unit_s_and_what_the_office_typed_since_is_kept(
    office: Bureau,
) -> None:
    with office.at_work() as master:
        master.add(f"汇总_{REPORTS}", ENTERED)
    office.filled(
        "T02", {PEOPLE: [{"姓名": "柳一", "部门": "办公室", "班子成员": "是"}], REPORTS: [REPORT]}, "T02.xlsx"
    )
    before = office.folder.ledger.with_name("before.sqlite3")
    shutil.copyfile(office.folder.ledger, before)
    office.sync()
    whole = {(line["记录号"], line["标题"]) for line in office.lines(f"汇总_{REPORTS}", 单位代码="T02")}
    assert {title for _, title in whole} == {"入户走访", "电话报来的"}

    shutil.move(before, office.folder.ledger)
    with office.at_work() as master:
        master.put(f"汇总_{REPORTS}", master.record(f"汇总_{REPORTS}", 标题="入户走访"), {"采用": "是"})
    result = office.sync()

    assert {(line["记录号"], line["标题"]) for line in office.lines(f"汇总_{REPORTS}", 单位代码="T02")} == whole
    assert office.line(f"汇总_{REPORTS}", 标题="入户走访")["采用"] == "是"
    assert [line["姓名"] for line in office.lines(f"汇总_{PEOPLE}", 单位代码="T02")] == ["柳一"]
    assert not office.lines(f"汇总_{MEMBERS}") and len(office.lines(f"汇总_{SCHEDULE}")) == 2
    assert codes(result, "T02") == [] and not office.sync().written
