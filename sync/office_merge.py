"""What the office did in the master, taken into the ledger: its values, its decisions, the rows that it entered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sync.cells import EXTRA
from sync.master_reader import COMPLETION
from sync.missing_rows import is_word_on_a_row, word_on
from sync.office import MASTER
from sync.office_entries import Entered, Key, Known, Line, OfficeEntries
from sync.office_notes import move_notes, said_of_master
from sync.office_values import ACCEPTED, DECISION, read_entries, reminder_parts, reminder_record, written_lines
from sync.pending_master import MASTER_RUN
from sync.proposals import propose
from sync.records import Change, LedgerRow, RowKey, Status, Values, clean, natural_key
from sync.session import Session
from sync.unit_merge import new_record, printed_office
from workbook_templates.office_tables import FINDINGS, MONTH_CLOSE, REMINDERS, RUNS
from xingzhi.columns import Table
from xingzhi.findings import Finding, finding, placed
from xingzhi.grid import Sheet
from xingzhi.rows import unit_values

OfficeValues = dict[RowKey, Values]


@dataclass
class OfficeMerge:
    """What the office's own work changed in this run. `added` are its own sheets, with the notes that were moved there;
    `older` is what an older master says that stands in the place of the last one; `entered` is where the rows stand that the
    office entered, by the records that they became."""

    entries: OfficeEntries
    added: tuple[Sheet, ...]
    changes: list[Change]
    findings: list[Finding]
    older: OfficeEntries | None = None
    changed: bool = False
    entered: dict[Key, int] = field(default_factory=dict)


def merge_office(session: Session, *, run: int, today: date) -> OfficeMerge:
    """Read the master's office columns and rows into the ledger's open run. A sheet that is absent changes nothing."""
    rows = session.ledger.all_rows(session.programme)
    headers = _ledger_headers(session, rows)
    masters, known = session.masters, _known(session, rows, headers.get(COMPLETION, []))
    # A master whose hidden sheet is gone is taken for the last one, of which there is a copy.
    written = session.content.run or (masters.base.run if masters.base else "")
    compare = masters.older is None and written == session.ledger.state(MASTER_RUN)
    entries = read_entries(session.content, session.tables, known, session.term.time, compare=compare)
    merge = OfficeMerge(entries, session.content.added, [], [])
    if masters.older:
        unknown = replace(known, lines=None, headers=None)
        merge.older = read_entries(masters.older, session.tables, unknown, session.term.time, compare=False)
    entered: dict[str, list[Entered]] = defaultdict(list)
    for each in entries.rows:
        entered[each.unit].append(each)
    by_unit: dict[str, OfficeValues] = defaultdict(dict)
    for key, values in entries.values.items():
        by_unit[key.unit][key.table, key.record] = values
    for unit in {**by_unit, **dict.fromkeys(_older_units(merge)), **entered}:
        _merge_unit(session, merge, unit, by_unit[unit], entered[unit], run=run, today=today)
    _add_older_lines(merge)
    _add_headers(session, merge, headers)
    move_notes(session, merge, masters.older or session.content, today)
    for proposal in entries.proposals:
        _propose(session, merge, proposal.key, proposal.column.key, proposal.before, proposal.after)
    merge.findings += placed(said_of_master(session, merge, run), file="", programme=session.programme, unit="")
    return merge


def _known(session: Session, rows: Sequence[LedgerRow], own_headers: list[str]) -> Known:
    ledger, programme, base = session.ledger, session.programme, session.masters.base
    page = base.pages.get(COMPLETION) if base else None
    listed = frozenset(unit.code for unit in session.settings.units)
    return Known(
        programme=programme,
        listed=listed,
        units=listed | {row.unit for row in rows},
        rules=frozenset(rule.id for rule in session.term.programme.requirements),
        runs=frozenset(str(run.id) for run in ledger.runs()),
        rows={Key(programme, row.unit, row.table, row.record): row.values for row in rows},
        lines=written_lines(base, programme) if base else None,
        headers=frozenset(str(cell) for row in page.rows[:12] for cell in row if cell) if page else None,
        own_headers=frozenset(own_headers),
        ahead=_is_ahead(session),
        names={unit.name: unit.code for unit in session.settings.units},
    )


def _is_ahead(session: Session) -> bool:
    written, known = session.content.run, session.ledger.state(MASTER_RUN) or ""
    return written.isdecimal() and known.isdecimal() and int(written) > int(known)


def office_units(session: Session, rows: Sequence[LedgerRow]) -> list[str]:
    """Every unit on which the office may have written: those listed, those that left rows, and '' for none."""
    listed = [unit.code for unit in session.settings.units]
    return list(dict.fromkeys((*listed, *(row.unit for row in rows), "")))


def office_values(session: Session, unit: str, *, as_of: int | None = None) -> OfficeValues:
    """What the ledger has of the office's values on a unit, now or after a run."""
    held = session.ledger.office_values(session.programme, unit, as_of=as_of)
    return {
        (table, reminder_record(*reminder_parts(record)) if table == REMINDERS.key else record): values
        for (table, record), values in held.items()
    }


def _ledger_headers(session: Session, rows: Sequence[LedgerRow]) -> dict[str, list[str]]:
    """The columns that the office has added, by table, as far as anything stands in them."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for unit in office_units(session, rows):
        for (table, _), values in session.ledger.office_values(session.programme, unit).items():
            found[table].update((name.removeprefix(EXTRA), None) for name in values if name.startswith(EXTRA))
    return {table: list(headers) for table, headers in found.items()}


# --- one unit ---


def _merge_unit(
    session: Session,
    merge: OfficeMerge,
    unit: str,
    typed: OfficeValues,
    entered: list[Entered],
    *,
    run: int,
    today: date,
) -> None:
    before = session.ledger.office_values(session.programme, unit)
    held = office_values(session, unit)
    typed = _without_defaults(session, unit, typed, held)
    for row in entered:
        _enter(session, merge, typed, row, run=run, today=today)
    if merge.older:
        _add_older_rows(session, merge, typed, unit, run=run, today=today)
    _decide(session, merge, unit, typed, run=run)
    whole = {**held, **{key: {**_unspoken(merge, key, held), **values} for key, values in typed.items()}}
    if merge.older:
        older: OfficeValues = {
            (key.table, key.record): each for key, each in merge.older.values.items() if key.unit == unit
        }
        for key, values in _without_defaults(session, unit, older, held).items():
            # A word on a row that vanished was for once; the rest fills blanks.
            once = (DECISION, ACCEPTED) if is_word_on_a_row(key) else (DECISION,)
            kept = {name: value for name, value in values.items() if name not in once}
            whole[key] = {**kept, **whole.get(key, {})}
    if {key: clean(each) for key, each in whole.items() if clean(each)} != before:
        merge.changed = True
        session.ledger.replace_office_values(run, session.programme, unit, whole)


def _unspoken(merge: OfficeMerge, key: RowKey, held: OfficeValues) -> Values:
    """What the ledger has in the office's declared columns that the sheet has lost."""
    spoken = merge.entries.spoken.get(key[0], frozenset())
    return {n: v for n, v in held.get(key, {}).items() if not n.startswith(EXTRA) and n not in spoken}


def _without_defaults(session: Session, unit: str, typed: OfficeValues, held: OfficeValues) -> OfficeValues:
    """The day of first receipt that the tool itself filled in is no word of the office."""
    defaults = _defaults(session, unit)
    return {
        key: {
            name: value
            for name, value in values.items()
            if name in held.get(key, {}) or defaults.get(key, {}).get(name) != value
        }
        for key, values in typed.items()
    }


def _defaults(session: Session, unit: str) -> Mapping[RowKey, Values]:
    return printed_office(session.ledger.rows(session.programme, unit), {}, session.tables)


def _enter(
    session: Session, merge: OfficeMerge, typed: OfficeValues, entered: Entered, *, run: int, today: date
) -> None:
    """A row that the office entered for a unit (代录). One that says what a row already says is that row, and what the
    office wrote beside it is said of that row; where the two differ in that, the line stays as it stands."""
    unit, row = entered.unit, entered.row
    table = _table(session, row.table)
    values = clean(unit_values(row, table))
    office = dict(entered.office)
    if entered.copied:
        # The day of receipt that the tool had filled in was copied with the rest.
        key = (entered.copied.table, entered.copied.record)
        copied = _defaults(session, entered.copied.unit).get(key, {})
        office = {name: value for name, value in office.items() if copied.get(name) != value}
    same = _same_row(session, unit, table, values)
    if same is not None:
        own = typed.get(same.key, {})
        if any(name in own and own[name] != value for name, value in office.items()):
            merge.entries.loose.setdefault(table.key, []).append(entered.line)
            return
        typed[same.key] = {**own, **office}
        if same.status is Status.WITHDRAWN:
            _change(session, merge, replace(same, status=Status.ACTIVE), "restored", run=run)
        return
    record = new_record(session, unit, row.table)
    inserted = LedgerRow(
        programme=session.programme,
        unit=unit,
        table=row.table,
        record=record,
        values=values,
        file=MASTER.of(session.lang),
        sheet=row.sheet,
        number=row.number,
        invalid=row.invalid & frozenset(values),
        first_received=today,
    )
    typed[row.table, record] = office
    if entered.line.place is not None:
        merge.entered[Key(session.programme, unit, row.table, record)] = entered.line.place
    _change(session, merge, inserted, "inserted", run=run)


def _same_row(session: Session, unit: str, table: Table, values: Values) -> LedgerRow | None:
    """The unit's row that says the same; a withdrawn one only where there is no other."""
    rows = [
        row
        for row in session.ledger.rows(session.programme, unit)
        if row.table == table.key and {n: v for n, v in clean(row.values).items() if not n.startswith(EXTRA)} == values
    ]
    return min(rows, key=lambda row: row.status is Status.WITHDRAWN, default=None)


def _decide(session: Session, merge: OfficeMerge, unit: str, typed: OfficeValues, *, run: int) -> None:
    """撤销 on a row, or 保留 on one that waits for confirmation; 认可 of what is told of such a row withdraws it too."""
    for row in session.ledger.rows(session.programme, unit):
        word = typed.get(row.key, {}).get(DECISION)
        missing = row.status is Status.MISSING
        words = [(row.key, DECISION)]
        if missing:
            about = word_on(row, session.tables, session.lang)
            words.append((about, ACCEPTED))
            word = word or ("withdraw" if typed.get(about, {}).get(ACCEPTED) == "yes" else None)
        asked = missing and word == "keep"
        if not asked and not (row.status is not Status.WITHDRAWN and word == "withdraw"):
            continue
        status, kind = (Status.ACTIVE, "restored") if word == "keep" else (Status.WITHDRAWN, "withdrawn")
        # A word is for once: if the row vanishes again, the office is asked again.
        for key, name in words:
            typed[key] = {each: value for each, value in typed.get(key, {}).items() if each != name}
        _change(session, merge, replace(row, status=status), kind, run=run)


def _change(session: Session, merge: OfficeMerge, row: LedgerRow, kind: str, *, run: int) -> None:
    session.ledger.put(run, row)
    file = MASTER.of(session.lang)
    merge.changes.append(Change(session.programme, row.unit, row.table, row.record, "", kind, file=file))


def _table(session: Session, key: str) -> Table:
    return next(each for each in session.tables if each.key == key)


# --- an older master in the place of the last one: it fills blanks, and neither clears nor overrides ---


def _older_units(merge: OfficeMerge) -> list[str]:
    older = merge.older or OfficeEntries()
    return [*(key.unit for key in older.values), *(each.unit for each in older.rows)]


def _add_older_rows(
    session: Session, merge: OfficeMerge, typed: OfficeValues, unit: str, *, run: int, today: date
) -> None:
    """Rows entered in it that the ledger has not: one with the natural key of a row was taken long since."""
    for each in merge.older.rows if merge.older else ():
        table = _table(session, each.row.table)
        key = natural_key(clean(unit_values(each.row, table)), table)
        rows = (row for row in session.ledger.rows(session.programme, unit) if row.table == table.key)
        if each.unit == unit and not (key and any(natural_key(row.values, table) == key for row in rows)):
            _enter(session, merge, typed, replace(each, line=Line(each.line.cells)), run=run, today=today)


def _add_older_lines(merge: OfficeMerge) -> None:
    for name, lines in merge.older.loose.items() if merge.older else ():
        own = merge.entries.loose.setdefault(name, [])
        known = [line.cells for line in own]
        own += [Line(line.cells) for line in lines if line.cells not in known]
    for name, pairs in merge.older.pending.items() if merge.older else ():
        waiting = merge.entries.pending.setdefault(name, [])
        there = [(key, line.cells) for key, line in waiting]
        waiting += [(key, Line(line.cells)) for key, line in pairs if (key, line.cells) not in there]


def _add_headers(session: Session, merge: OfficeMerge, held: Mapping[str, list[str]]) -> None:
    """The columns that the office had added to a sheet that the master has lost, and those of an older master."""
    for name in (
        *(table.key for table in session.tables),
        COMPLETION,
        REMINDERS.key,
        FINDINGS.key,
        MONTH_CLOSE.key,
        RUNS.key,
    ):
        own = list(merge.entries.headers.get(name, ()))
        more = merge.older.headers.get(name, ()) if merge.older else ()
        lost = held.get(name, ()) if name not in merge.entries.headers else ()
        merge.entries.headers[name] = tuple(dict.fromkeys((*own, *lost, *more)))


def _propose(session: Session, merge: OfficeMerge, key: Key, column: str, before: str, after: str) -> None:
    table = _table(session, key.table)
    file = MASTER.of(session.lang)
    propose(session, key.unit, (key.table, key.record, column), before, after)
    merge.changes.append(
        Change(
            key.programme, key.unit, key.table, key.record, column, "proposed", before=before, after=after, file=file
        )
    )
    merge.findings.append(
        finding(
            "O105",
            sheet=table.label.of(session.lang),
            table=table.key,
            column=column,
            record=key.record,
            unit=key.unit,
            programme=session.programme,
            value=after,
            name=table[column].label,
            before=before,
        )
    )
