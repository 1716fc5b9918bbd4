"""What the office did to a unit's rows since the workbook that the unit works in: it is owed to the unit, findings or not."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sync.office import MASTER
from sync.records import LedgerRow, RowKey, Status, Submission, SubmissionStatus, Values, clean
from sync.session import Session
from xingzhi.columns import Owner


def has_news(session: Session, unit: str, latest: Submission | None, issues: Collection[int]) -> bool:
    """Whether the office's values on the unit's rows are others than the unit has seen, or the office entered or withdrew
    rows since; `latest` is the unit's newest file. What is printed in a workbook is seen once a file made from it comes in,
    or where it was issued, in one of the runs `issues`."""
    ledger, programme = session.ledger, session.programme
    sent_back = (each for each in ledger.submissions(programme, unit) if each.status is not SubmissionStatus.REJECTED)
    seen = [run for run in ledger.issued(programme, unit).values() if run in issues]
    known = max([*seen, *(each.base_run for each in sent_back)], default=0)
    rows = {row.key: row for row in ledger.rows(programme, unit)}
    before = {row.key: row for row in ledger.rows(programme, unit, as_of=known)} if known > 0 else {}
    values = _shown(session, ledger.office_values(programme, unit))
    shown = _shown(session, ledger.office_values(programme, unit, as_of=known)) if known > 0 else {}
    sent = {(row.table, row.record) for row in latest.rows} if latest else set()
    return any(
        values.get(key, {}) != shown.get(key, {}) if row.status is Status.ACTIVE else _is_withdrawn(row, before, sent)
        for key, row in rows.items()
    ) or any(_is_entered(row) and key not in {*before, *sent} for key, row in rows.items())


def _shown(session: Session, values: Mapping[RowKey, Values]) -> dict[RowKey, Values]:
    owned = {table.key: {column.key for column in table.owned_by(Owner.OFFICE)} for table in session.tables}
    return {
        key: found
        for key, row in values.items()
        if (found := clean({name: value for name, value in row.items() if name in owned.get(key[0], ())}))
    }


def _is_withdrawn(row: LedgerRow, before: Mapping[RowKey, LedgerRow], sent: Collection[RowKey]) -> bool:
    stood = row.key not in before or before[row.key].status is not Status.WITHDRAWN
    return row.status is Status.WITHDRAWN and row.key in sent and stood


def _is_entered(row: LedgerRow) -> bool:
    return row.status is Status.ACTIVE and row.file in MASTER.both()
