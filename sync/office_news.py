"""What the office did to a unit's rows since the workbook that the unit works in: it is owed to the unit, findings or not."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sync.office import MASTER
from sync.records import LedgerRow, RowKey, Status, Submission, Values, clean
from sync.session import Session
from xingzhi.columns import Owner


def has_news(session: Session, unit: str, latest: Submission | None, issues: Collection[int]) -> bool:
    """Whether the office's values on the unit's rows are others than the unit's workbook shows, or it entered or withdrew
    rows since. That workbook is of the run of the `latest` file, or of a later one of `issues`, the runs of `issue`."""
    ledger, programme = session.ledger, session.programme
    known = max((run for run in ledger.issued(programme, unit).values() if run in issues), default=0)
    known = max(known, latest.base_run if latest else 0)
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
