"""Month close (结账): which months are closed, since which run, and what came in for them after that."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sync.cells import header, short, shown
from sync.office_settings import closed_finding
from sync.records import LedgerRow, Status, Values, clean
from sync.session import Session
from workbook_templates.office_tables import LATE_KINDS
from xingzhi.columns import Table
from xingzhi.findings import Finding, finding
from xingzhi.labels import Lang
from xingzhi.rows import stored_text
from xingzhi.windows import months

CLOSED_MONTHS = "closed_months"
"""The ledger's state: `{"2026-07": 12}`, each closed month with the run at whose end it was closed."""

LATE_ROW = "M108"
"""What is told of a row of a closed month that came, changed or went after the close."""

COUNTED = ("reports", "schedule", "progress")
"""The tables of which 月度结账 counts the rows."""

Place = tuple[str, str, str]
"""(unit, table, record)."""


@dataclass(frozen=True, slots=True)
class Late:
    """What became of a row after its month was closed: `inserted`, `updated` or `withdrawn`, and what it said then."""

    month: str
    run: int
    kind: str
    before: Values


@dataclass(frozen=True)
class MonthClose:
    """`runs` gives each closed month its run; `counts` the rows of (month, unit, table) then and now; `late` the rows of
    closed months that came, changed or went after the close."""

    runs: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[Place, tuple[int, int]] = field(default_factory=dict)
    late: Mapping[Place, Late] = field(default_factory=dict)


def closed_months(session: Session, today: date) -> dict[str, int]:
    """The months that are closed already, each with its run: lowering the setting opens them again."""
    held: dict[str, int] = json.loads(session.ledger.state(CLOSED_MONTHS) or "{}")
    last = _last(session, today)
    return {month: run for month, run in sorted(held.items()) if last is None or month <= last}


def closed_by(session: Session, today: date, run: int) -> dict[str, int]:
    """The months that are closed once this run is kept."""
    last = _last(session, today) or ""
    return {
        **{month: run for month in months(session.term.time) if month <= last},
        **closed_months(session, today),
    }


def setting_findings(session: Session, today: date) -> list[Finding]:
    """A month cannot be closed before it has begun."""
    value = session.term.settings.closed
    return [closed_finding(value)] if value > f"{today:%Y-%m}" else []


def _last(session: Session, today: date) -> str | None:
    """The last month that the office closes, '' for none; None where its setting says nothing that can be used."""
    value = session.term.settings.closed
    return None if session.settings.closed_unusable or value > f"{today:%Y-%m}" else value


def month_close(session: Session, rows: Sequence[LedgerRow], runs: Mapping[str, int]) -> MonthClose:
    """How the closed months stand now beside what was counted when they were closed."""
    then = {run: session.ledger.all_rows(session.programme, as_of=run) for run in set(runs.values())}
    tables = {table.key: table for table in session.tables if table.key in COUNTED}
    now = _counts(rows, tables)
    counted = {run: _counts(held, tables) for run, held in then.items()}
    counts = {
        place: (counted[run][place], now[place])
        for month, run in runs.items()
        for place in {*now, *counted[run]}
        if place[0] == month
    }
    return MonthClose(runs, counts, late_rows(rows, then, runs, session.tables))


def late_rows(
    rows: Iterable[LedgerRow],
    then: Mapping[int, Iterable[LedgerRow]],
    runs: Mapping[str, int],
    tables: Iterable[Table],
) -> dict[Place, Late]:
    """Each row that came, changed or went after a month of its was closed. `then` has the rows as of each run; a row
    that went from one month to another belongs to both, and is told of the earlier."""
    by_key = {table.key: table for table in tables if table.month}
    held = {run: {_place(row): row for row in found} for run, found in then.items()}
    late: dict[Place, Late] = {}
    for row in rows:
        table = by_key.get(row.table)
        for month in sorted(runs) if table else ():
            assert table is not None
            before = held[runs[month]].get(_place(row))
            if month in (_month(before, table), _month(row, table)) and (kind := _kind(before, row)):
                late[_place(row)] = Late(month, runs[month], kind, before.values if before else {})
                break
    return late


def corrections(session: Session, unit: str, rows: Sequence[LedgerRow], today: date) -> list[Finding]:
    """What a unit has to explain: each row of a closed month that came, changed or went after the close."""
    runs = closed_months(session, today)
    then = {run: session.ledger.rows(session.programme, unit, as_of=run) for run in set(runs.values())}
    late = late_rows(rows, then, runs, session.tables)
    tables = {table.key: table for table in session.tables}
    return [_correction(session, row, tables[row.table], late[_place(row)]) for row in rows if _place(row) in late]


def _correction(session: Session, row: LedgerRow, table: Table, late: Late) -> Finding:
    kind = next(choice.label for choice in LATE_KINDS if choice.key == late.kind)
    gone = row.status is Status.WITHDRAWN
    return finding(
        LATE_ROW,
        file=row.file,
        sheet=row.sheet,
        # A row that is gone has no place in the workbook that is issued next: it is explained by its number.
        table="" if gone else row.table,
        record=row.record,
        value=(short(table, row.values, session.lang) or row.record) + _changed(table, late, row.values, session.lang),
        month=late.month,
        run=str(late.run),
        kind=kind,
    )


def _changed(table: Table, late: Late, now: Values, lang: Lang) -> str:
    """The cells that changed: what was explained and accepted of one change says nothing of the next."""
    if late.kind != "updated":
        return ""
    keys = [key for key in {**late.before, **now} if clean(late.before).get(key) != clean(now).get(key)]
    cells = (
        f"{header(table, key).of(lang)} {shown(table, key, late.before.get(key), lang) or '—'}"
        f"→{shown(table, key, now.get(key), lang) or '—'}"
        for key in keys
    )
    return f" [{'；'.join(cells)}]"


def _counts(rows: Iterable[LedgerRow], tables: Mapping[str, Table]) -> Counter[Place]:
    """The rows that count, by (month, unit, table)."""
    found = ((_month(row, tables[row.table]), row) for row in rows if row.table in tables)
    return Counter((month, row.unit, row.table) for month, row in found if month)


def _place(row: LedgerRow) -> Place:
    return (row.unit, row.table, row.record)


def _month(row: LedgerRow | None, table: Table) -> str:
    """The month to which a row belongs, '' for one that is gone or says none."""
    if row is None or row.status is Status.WITHDRAWN or table.month is None or table.month in row.invalid:
        return ""
    return stored_text(row.values.get(table.month))[:7]


def _kind(before: LedgerRow | None, row: LedgerRow) -> str:
    stood = before is not None and before.status is not Status.WITHDRAWN
    stands = row.status is not Status.WITHDRAWN
    if before is None or not (stood and stands):
        return "inserted" if stands and not stood else "withdrawn" if stood and not stands else ""
    return "updated" if clean(before.values) != clean(row.values) else ""
