"""Findings of a file speak of the record that a row became."""

from __future__ import annotations

from datetime import date

from sync.live_findings import live
from sync.records import LedgerRow, Submission, SubmissionStatus
from xingzhi.findings import finding

PROGRAMME, UNIT = "tengxian-civil-affairs-2026", "T01"


def test_a_finding_follows_its_row_to_the_number_that_the_ledger_gave_it() -> None:
    fault = finding(
        "C105", sheet="活动台账", cell="M5", table="schedule", column="present", record="T01-HD-0003", name="x"
    )
    gone = finding(
        "C105", sheet="活动台账", cell="M6", table="schedule", column="present", record="T01-HD-0004", name="x"
    )
    file = Submission(
        PROGRAMME, UNIT, "收件/T01.xlsx", "0", date(2026, 6, 24), 2, SubmissionStatus.ACCEPTED, findings=(fault, gone)
    )
    row = LedgerRow(PROGRAMME, UNIT, "schedule", "T01-HD-5001", {}, file="T01.xlsx", sheet="活动台账", number=5)
    innocent = LedgerRow(PROGRAMME, UNIT, "schedule", "T01-HD-0003", {}, file="总台账.xlsx", sheet="活动台账", number=5)
    assert [(each.record, each.cell) for each in live(file, (row, innocent), latest=True)] == [("T01-HD-5001", "M5")]
