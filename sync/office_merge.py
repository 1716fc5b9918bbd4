"""What the office did in the master, taken into the ledger: its values, its decisions, the rows that it entered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sync.cells import EXTRA
from sync.office import MASTER
from sync.office_values import Key, OfficeEntries, read_entries
from sync.records import Change, LedgerRow, RowKey, Status, Values, clean
from sync.session import Session
from sync.unit_merge import new_record, printed_office
from workbook_templates.office_tables import REMINDERS, merged_table
from xingzhi.columns import Owner
from xingzhi.findings import Finding, finding
from xingzhi.rows import Row, unit_values

DECISION = "decision"
MASTER_RUN = "master_run"
"""The state that names the run whose master was written last."""


@dataclass
class OfficeMerge:
    """What the office's own work changed in this run."""

    entries: OfficeEntries
    changes: list[Change]
    findings: list[Finding]
    changed: bool = False


def merge_office(session: Session, *, run: int, today: date) -> OfficeMerge:
    """Read the master's office columns and rows into the ledger's open run. A sheet that is absent changes nothing."""
    entries = _entries(session)
    merge = OfficeMerge(entries, [], [])
    by_unit: dict[str, dict[RowKey, Values]] = defaultdict(dict)
    for key, values in entries.values.items():
        by_unit[key.unit][key.table, key.record] = values
    for unit, row in entries.rows:
        _enter(session, merge, by_unit[unit], unit, row, run=run, today=today)
    for unit, typed in by_unit.items():
        _decide(session, merge, unit, typed, run=run)
        held = session.ledger.office_values(session.programme, unit)
        whole = {**held, **_without_defaults(session, unit, typed, held)}
        if {key: clean(each) for key, each in whole.items() if clean(each)} != held:
            merge.changed = True
            session.ledger.replace_office_values(run, session.programme, unit, whole)
    entries.headers |= _lost_headers(session)
    for each in entries.proposals:
        change = Change(
            each.key.programme,
            each.key.unit,
            each.key.table,
            each.key.record,
            each.column.key,
            "proposed",
            before=each.before,
            after=each.after,
            file=MASTER.of(session.lang),
        )
        merge.changes.append(change)
        table = next(table for table in session.tables if table.key == each.key.table)
        merge.findings.append(
            finding(
                "O105",
                sheet=table.label.of(session.lang),
                table=table.key,
                column=each.column.key,
                record=each.key.record,
                unit=each.key.unit,
                programme=session.programme,
                value=each.after,
                name=each.column.label,
                before=each.before,
            )
        )
    return merge


def _entries(session: Session) -> OfficeEntries:
    ledger, programme = session.ledger, session.programme
    written = {Key(programme, row.unit, row.table, row.record): row.values for row in ledger.all_rows(programme)}
    return read_entries(
        session.content,
        session.tables,
        programme=programme,
        units=frozenset(unit.code for unit in session.settings.units),
        window=session.term.time,
        written=written,
        stale=session.content.run != ledger.state(MASTER_RUN),
    )


def _lost_headers(session: Session) -> dict[str, tuple[str, ...]]:
    """The columns that the office had added to a sheet that the master has lost: the ledger holds their values."""
    sheets = {**{table.key: merged_table(table).key for table in session.tables}, REMINDERS.key: REMINDERS.key}
    lost: dict[str, dict[str, None]] = {key: {} for key, sheet in sheets.items() if sheet not in session.content.tables}
    for unit in session.settings.units if lost else ():
        for (table, _), values in session.ledger.office_values(session.programme, unit.code).items():
            if table in lost:
                lost[table].update((name.removeprefix(EXTRA), None) for name in values if name.startswith(EXTRA))
    return {table: tuple(headers) for table, headers in lost.items()}


def _without_defaults(
    session: Session, unit: str, typed: dict[RowKey, Values], held: Mapping[RowKey, Values]
) -> dict[RowKey, Values]:
    """The day of first receipt that the tool itself filled in is no word of the office."""
    rows = session.ledger.rows(session.programme, unit)
    defaults = printed_office(rows, {}, session.tables)
    return {
        key: {
            name: value
            for name, value in values.items()
            if name in held.get(key, {}) or defaults.get(key, {}).get(name) != value
        }
        for key, values in typed.items()
    }


def _enter(
    session: Session,
    merge: OfficeMerge,
    typed: dict[RowKey, Values],
    unit: str,
    row: Row,
    *,
    run: int,
    today: date,
) -> None:
    """A row that the office entered for a unit (代录). One that says what a row already says is that row."""
    table = next(each for each in session.tables if each.key == row.table)
    values = clean(unit_values(row, table))
    held = session.ledger.rows(session.programme, unit)
    if any(each.table == row.table and clean(each.values) == values for each in held):
        return
    record = new_record(session, unit, row.table)
    session.ledger.put(
        run,
        LedgerRow(
            programme=session.programme,
            unit=unit,
            table=row.table,
            record=record,
            values={key: value for key, value in values.items() if not key.startswith(EXTRA)},
            file=MASTER.of(session.lang),
            sheet=row.sheet,
            number=row.number,
            invalid=row.invalid & frozenset(values),
            first_received=today,
        ),
    )
    office = {column.key: row.values.get(column.key) for column in table.owned_by(Owner.OFFICE)}
    office |= {f"{EXTRA}{header}": text for header, text in row.extra.items()}
    typed[row.table, record] = clean(office)
    file = MASTER.of(session.lang)
    merge.changes.append(Change(session.programme, unit, row.table, record, "", "inserted", file=file))


def _decide(session: Session, merge: OfficeMerge, unit: str, typed: dict[RowKey, Values], *, run: int) -> None:
    """保留 or 撤销 on a row that waits for confirmation."""
    for row in session.ledger.rows(session.programme, unit):
        word = typed.get(row.key, {}).get(DECISION)
        if row.status is not Status.MISSING or word not in ("keep", "withdraw"):
            continue
        status, kind = (Status.ACTIVE, "restored") if word == "keep" else (Status.WITHDRAWN, "withdrawn")
        session.ledger.put(run, replace(row, status=status))
        # A word is for once: if the row vanishes again, the office is asked again.
        typed[row.key] = {name: value for name, value in typed[row.key].items() if name != DECISION}
        file = MASTER.of(session.lang)
        merge.changes.append(Change(session.programme, unit, row.table, row.record, "", kind, file=file))
