"""Cells of the office's own that cannot be understood: they stay as they were typed, and the office is told."""

from __future__ import annotations

from datetime import date

from support.codes import covers
from support.office import REPORTS, Bureau


@covers("O114")
def test_what_the_office_typed_and_nobody_can_read_is_told_and_kept(office: Bureau) -> None:
    with office.at_work() as master:
        master.put(f"汇总_{REPORTS}", 1, {"收到日期": "下周一", "采用": "大概"})
        master.put("催报台账", 1, {"已催次数": "两次"})
    result = office.sync()
    told = [(each.args, each.value, each.record) for each in result.findings if each.code == "O114"]
    record = office.line(f"汇总_{REPORTS}")["记录号"]
    assert {(value, where) for _, value, where in told} == {("下周一", record), ("大概", record), ("两次", "T01")}
    line = office.line(f"汇总_{REPORTS}")
    assert (line["收到日期"], line["采用"]) == ("下周一", "大概")
    assert office.lines("催报台账")[0]["已催次数"] == "两次"
    with office.at_work() as master:
        master.put(f"汇总_{REPORTS}", 1, {"收到日期": date(2026, 6, 24), "采用": "是"})
        master.put("催报台账", 1, {"已催次数": 2})
    assert not [each for each in office.sync().findings if each.code == "O114"]
