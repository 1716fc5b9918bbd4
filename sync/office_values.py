"""What the office typed into the master: its own columns, columns and rows it added, and cells that are not its."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sync.cells import EXTRA
from sync.master_reader import COMPLETION, MasterContent, RawTable, cell_text, raw_table, stored
from sync.office import MASTER
from sync.office_entries import Entered, Key, Known, Line, OfficeEntries, Proposal, RawRow, Unreadable
from sync.records import filled
from workbook_templates.office_tables import (
    COMPLETION_TABLE,
    FINDINGS,
    MONTH_CLOSE,
    REMINDERS,
    RUNS,
    merged_table,
)
from workbook_templates.pen import fitting
from xingzhi.columns import Column, Owner, Table
from xingzhi.normalise import normalise
from xingzhi.phones import mask_identity
from xingzhi.rows import Row, Value, stored_text
from xingzhi.windows import Window

DECISION, ACCEPTED = "decision", "accepted"


def reminder_record(requirement: str, subject: str, period: str) -> str:
    """The key of what the office wrote about one owed item."""
    return json.dumps([requirement, subject, period], ensure_ascii=False)


def reminder_parts(record: str) -> tuple[str, str, str]:
    """(requirement, subject, period) of such a key, also of one that an early version wrote with | between them."""
    try:
        requirement, subject, period = json.loads(record)
    except ValueError:
        requirement, _, rest = record.partition("|")
        subject, _, period = rest.rpartition("|")
    return str(requirement), str(subject), str(period)


def read_entries(
    content: MasterContent, tables: Sequence[Table], known: Known, window: Window, *, compare: bool
) -> OfficeEntries:
    """What the office typed. Unless `compare`, the master is not the one that sync wrote last, and a unit's cell that
    differs in it says nothing."""
    reading = _Reading(content, known, window, OfficeEntries())
    for table in tables:
        reading.records(table, compare=compare)
    reading.lines(REMINDERS.key, REMINDERS, _reminder_key)
    reading.lines(FINDINGS.key, FINDINGS, _finding_key)
    reading.lines(MONTH_CLOSE.key, MONTH_CLOSE, _month_key)
    reading.lines(RUNS.key, RUNS, lambda raw, row: ("", raw.text(row, "run")))
    completion = completion_of(content, known)
    if completion:
        reading.lines(COMPLETION, completion.table, lambda raw, row: (raw.text(row, "unit"), ""), raw=completion)
    return reading.entries


def written_lines(content: MasterContent, programme: str) -> frozenset[Key]:
    """The lines of 催报台账, 填报问题 and 月度结账 that bear the tool's mark, the programme."""
    found = set()
    for table, key_of in ((REMINDERS, _reminder_key), (FINDINGS, _finding_key), (MONTH_CLOSE, _month_key)):
        raw = content.tables.get(table.key)
        for row in raw.rows if raw else ():
            assert raw is not None
            if raw.text(row, "programme") == programme:
                unit, record = key_of(raw, row)
                found.add(Key(programme, unit, table.key, record))
    return frozenset(found)


def completion_of(content: MasterContent, known: Known) -> RawTable | None:
    """完成情况 as it stands. Its columns are the requirements of the day on which it was written, each by its header."""
    sheet = content.pages.get(COMPLETION)
    raw = raw_table(sheet, COMPLETION_TABLE) if sheet else None
    if raw is None:
        return None
    tool = {
        text: index
        for index, text in reversed(list(enumerate(raw.headers)))
        if any(text.startswith(f"{rule} ") for rule in known.rules)
        and text not in known.own_headers
        and (known.headers is None or text in known.headers)
    }
    return replace(raw, places={**tool, **raw.places})


def _reminder_key(raw: RawTable, row: RawRow) -> tuple[str, str]:
    parts = (raw.text(row, name) for name in ("requirement", "subject", "period"))
    return raw.text(row, "unit"), reminder_record(*parts)


def _month_key(raw: RawTable, row: RawRow) -> tuple[str, str]:
    return raw.text(row, "unit"), raw.text(row, "month")


def _finding_key(raw: RawTable, row: RawRow) -> tuple[str, str]:
    return raw.text(row, "unit"), finding_record(*(raw.text(row, name) for name in FINDING_PARTS))


FINDING_PARTS = ("code", "record", "file", "sheet", "cell", "message")


def finding_record(code: str, record: str, file: str, sheet: str, cell: str, message: str) -> str:
    """The key of what the office wrote about a finding: by its record, which outlives a moved row and a renamed file,
    else by its place."""
    return json.dumps([code, record or [file, sheet, cell], message], ensure_ascii=False)


@dataclass(frozen=True)
class _Reading:
    content: MasterContent
    known: Known
    window: Window
    entries: OfficeEntries

    def records(self, table: Table, *, compare: bool) -> None:
        """汇总_<table>: the rows of each record, and the office's own."""
        raw = self.content.tables.get(merged_table(table).key)
        if raw is None:
            return
        columns = (*table.owned_by(Owner.OFFICE), raw.table[DECISION])
        self._head(table.key, raw, columns)
        by_number = {key.record: key for key in self.known.rows if key.table == table.key}
        standing: dict[Key, list[tuple[int, RawRow]]] = {}
        for number, row in enumerate(raw.rows):
            key = by_number.get(raw.text(row, "record"))
            if key is not None:
                standing.setdefault(key, []).append((number, row))
            elif self._will_come_again(raw, row):
                record = Key(self.known.programme, raw.text(row, "unit"), table.key, raw.text(row, "record"))
                self._keep(raw, row, record, columns)
            elif any(cell is not None for cell in row):
                self._own(raw, row, number, table)
        for key, rows in standing.items():
            # Of rows under one number, the one that says most of what the record says is the record.
            best = min(rows, key=lambda each: (len(self._differences(raw, each[1], key, table)), each[0]))
            self._keep(raw, best[1], key, columns)
            if compare:
                self.entries.proposals += self._differences(raw, best[1], key, table)
            for number, row in rows:
                if number != best[0]:
                    self._own(raw, row, number, table, copied=key)

    def _will_come_again(self, raw: RawTable, row: RawRow) -> bool:
        """Whether a row that the ledger has not is from a unit's file, which brings it again under the same number."""
        marked = raw.text(row, "programme") == self.known.programme and bool(raw.text(row, "record"))
        return self.known.ahead and marked and raw.text(row, "source_file") not in MASTER.both()

    def lines(
        self,
        name: str,
        table: Table,
        key_of: Callable[[RawTable, RawRow], tuple[str, str]],
        *,
        raw: RawTable | None = None,
    ) -> None:
        """A sheet whose lines the tool writes: what the office wrote in them, and its own lines."""
        raw = raw or self.content.tables.get(table.key)
        if raw is None:
            return
        columns = table.owned_by(Owner.OFFICE)
        self._head(name, raw, columns)
        taken: set[Key] = set()
        own: list[tuple[int, Key, RawRow]] = []
        for place, row in enumerate(raw.rows):
            if all(cell is None for cell in row):
                continue
            key = Key(self.known.programme, key_of(raw, row)[0], name, key_of(raw, row)[1])
            if key not in taken and self._is_ours(key, raw, row):
                taken.add(key)
                self._keep(raw, row, key, columns)
            elif key not in taken or not self._is_ours(key, raw, row) or self._office_values(raw, row, columns):
                # A second line of the tool's that reads like the first, and that the office left alone, is no line
                # of the office's: it is written anew for as long as it is so.
                own.append((place, key, row))
        for place, key, row in own:
            # Without the tool's mark, so that it is known for the office's line the next time too.
            cells = {column: cell for column, cell in raw.cells(row).items() if column != "programme"}
            line = Line(cells, place)
            if key not in taken and self._is_about_an_item(key):
                taken.add(key)
                self._keep(raw, row, key, columns)
                self.entries.pending.setdefault(name, []).append((key, line))
            else:
                self.entries.loose.setdefault(name, []).append(line)

    def _is_ours(self, key: Key, raw: RawTable, row: RawRow) -> bool:
        if key.table == COMPLETION:
            return key.unit in self.known.units
        if key.table == RUNS.key:
            return key.record in self.known.runs
        marked = raw.text(row, "programme") == self.known.programme
        return marked and (self.known.lines is None or key in self.known.lines)

    def _is_about_an_item(self, key: Key) -> bool:
        """A line of the office's in 催报台账 that names a unit and a requirement: so it can waive what is not yet due."""
        about = key.table == REMINDERS.key and reminder_parts(key.record)[0] in self.known.rules
        return about and key.unit in self.known.listed

    def _head(self, name: str, raw: RawTable, columns: Sequence[Column]) -> None:
        self.entries.headers[name] = tuple(header for _, header in raw.added)
        self.entries.spoken[name] = frozenset(column.key for column in columns if column.key in raw.places)

    def _keep(self, raw: RawTable, row: RawRow, key: Key, columns: Sequence[Column]) -> None:
        self.entries.values[key] = self._office_values(raw, row, columns)
        for column in columns:
            if column.key in raw.places and not raw.value(row, column.key, self.window)[1]:
                typed = raw.text(row, column.key)
                self.entries.unreadable.append(Unreadable(key, raw.table.label, column, typed))

    def _office_values(self, raw: RawTable, row: RawRow, columns: Sequence[Column]) -> dict[str, Value]:
        kept: dict[str, Value] = {}
        for column in columns:
            if column.key in raw.places:
                value, understood = raw.value(row, column.key, self.window)
                # What cannot be understood is kept as it was typed: the office sees it again and mends it.
                kept[column.key] = value if understood else raw.text(row, column.key)
        kept |= {EXTRA + header: stored(row[index]) for index, header in raw.added}
        return {name: value for name, value in kept.items() if filled(value)}

    def _differences(self, raw: RawTable, row: RawRow, key: Key, table: Table) -> list[Proposal]:
        """The unit's cells of a record's row that say something else than what was written there."""
        return [
            Proposal(key, column, stored_text(self.known.rows[key].get(column.key)), raw.text(row, column.key))
            for column in table.owned_by(Owner.UNIT)
            if column.key in raw.places and not self._is_as_written(raw, row, key, column)
        ]

    def _is_as_written(self, raw: RawTable, row: RawRow, key: Key, column: Column) -> bool:
        cell = raw.raw(row, column.key)
        before = stored_text(self.known.rows[key].get(column.key))
        shown = {before, mask_identity(before), fitting(before).strip()}
        return cell_text(cell) in shown or stored_text(normalise(cell, column, self.window).value) in shown

    def _unit(self, raw: RawTable, row: RawRow) -> str:
        """The code of the unit that a row names, be it by its name alone."""
        code = raw.text(row, "unit")
        names = (code, raw.text(row, "unit_name"))
        return code if code in self.known.listed else next((u for n in names if (u := self.known.names.get(n))), code)

    def _own(self, raw: RawTable, row: RawRow, number: int, table: Table, copied: Key | None = None) -> None:
        unit = self._unit(raw, row)
        if unit not in self.known.listed or all(raw.raw(row, each.key) is None for each in table.owned_by(Owner.UNIT)):
            self.entries.loose.setdefault(table.key, []).append(Line(raw.cells(row), number))
            return
        values: dict[str, Value] = {}
        invalid = set()
        for column in table.owned_by(Owner.UNIT):
            values[column.key], understood = raw.value(row, column.key, self.window)
            if not understood:
                invalid.add(column.key)
            if copied and self._is_as_written(raw, row, copied, column):
                # The copy of a cell that is shown masked means what was masked.
                values[column.key] = self.known.rows[copied].get(column.key)
        entered = Row(
            table=table.key,
            values=values,
            sheet=raw.table.label.zh,
            number=raw.first + number,
            invalid=frozenset(invalid),
        )
        office = self._office_values(raw, row, table.owned_by(Owner.OFFICE))
        self.entries.rows.append(Entered(unit, entered, office, Line(raw.cells(row), number), copied))
