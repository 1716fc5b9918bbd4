"""The three-way merge: what one file changes in a unit's rows, planned as values. Nothing here reads or writes.

Files are planned one at a time in their order (`Incoming.order`), each against what the ones before it left, so that
in a conflict the newer file wins and the finding gives both values. No rule loses a row: an ambiguity inserts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sync.actions import Action, Insert, Keep, MarkMissing, Plan, Restore, Update, Withdraw
from sync.cells import Merged, address, header, merge_cells, said_columns, short, shown
from sync.identify import Identified, identify
from sync.records import (
    Current,
    Incoming,
    LedgerRow,
    RowKey,
    Snapshot,
    Status,
    StoredRow,
    Values,
    clean,
    filled,
    likeness,
)
from xingzhi.columns import Owner, Table
from xingzhi.findings import Finding, finding
from xingzhi.labels import Lang, Text
from xingzhi.record_numbers import ADDED_RANGE
from xingzhi.rows import Row, unit_values

ALIKE = 4
"""Cells that two rows must share before the one may be the other, corrected: two people often share a department."""

FEW = 3
"""From this many rows on, a table that comes in without any is taken for an accident."""

Allocate = Callable[[str], str]
"""Gives a record number that was never used, for a table key."""


def plan(
    incoming: Incoming,
    *,
    base: Snapshot,
    current: Current,
    tables: Sequence[Table],
    allocate: Allocate,
    issued: Mapping[str, int] | None = None,
    force: bool = False,
    lang: Lang = Lang.ZH,
) -> Plan:
    """What merging one file means, given what it was made from and what the ledger has by now.

    `base` comes from `lineage.base_of`. `allocate` may give a number that is in use here; another is asked for then.
    `issued` has the highest serial that was printed for the unit, by table key; where it does not say, every serial
    below those that macros give may have been. A row with a number that was never printed is given another.
    `force` takes an empty table at its word. `lang` is the language of the values in findings. The findings are
    M101 to M106; they carry file, programme and unit.
    """
    printed = {table.key: (issued or {}).get(table.key, ADDED_RANGE - 1) for table in tables}
    merges = [
        _TableMerge(table, incoming, base, current, allocate, printed[table.key], force, lang) for table in tables
    ]
    for merge in merges:
        merge.run()
    return Plan(
        actions=tuple(action for merge in merges for action in merge.actions),
        findings=tuple(found for merge in merges for found in merge.findings),
        assigned=tuple(pair for merge in merges for pair in merge.assigned),
        stored=tuple(row for merge in merges for row in merge.stored()),
        refused=frozenset(merge.table.key for merge in merges if merge.refused),
    )


@dataclass
class _TableMerge:
    """One table of one file."""

    table: Table
    incoming: Incoming
    base: Snapshot
    current: Current
    allocate: Allocate
    printed: int
    force: bool
    lang: Lang
    actions: list[Action] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    assigned: list[tuple[Row, str]] = field(default_factory=list)
    refused: bool = False
    said: frozenset[str] = field(init=False)
    before: dict[str, Values] = field(init=False)

    def __post_init__(self) -> None:
        self.said = said_columns(self.incoming.rows.get(self.table.key, ()), self.table)
        self.before = self.base.of(self.table.key)

    def run(self) -> None:
        rows = self.incoming.rows.get(self.table.key, ())
        identified = identify(
            rows, self.table, base=self.base, current=self.current, unit=self.incoming.unit, printed=self.printed
        )
        taken = {each.record for each in identified if each.record}
        for each in identified:
            record = each.record or self._new_number(taken)
            taken.add(record)
            self.assigned.append((each.row, record))
            self._withdraw_replaced(each, record, taken)
            if each.renumbered and each.renumbered != record:
                self._find("M103", each.row, record, value=each.renumbered, after=record)
            if not each.record:
                self._find_alike(each, record)
            self._merge(each, record)
            self._find_office_cells(each.row, record)
        replaced = {action.before.record for action in self.actions if isinstance(action, Withdraw)}
        self._vanished([record for record in self.before if record not in taken | replaced])

    def stored(self) -> Iterator[StoredRow]:
        """The rows to keep as the file's; those of the base where the file's emptiness was not taken."""
        for row, record in self.assigned:
            yield StoredRow(self.table.key, row.record, record, clean(unit_values(row, self.table)))
        if self.refused:
            numbers = {record: number for (key, number), record in self.base.numbers.items() if key == self.table.key}
            for record, values in self.before.items():
                yield StoredRow(self.table.key, numbers.get(record, record), record, clean(values))

    def _merge(self, each: Identified, record: str) -> None:
        held = self.current.rows.get(self._key(record))
        if held is None:
            self.actions.append(Insert(self._inserted(each, record)))
            return
        base = self.before.get(record)
        merged = merge_cells(each.row, each.values, base=base, current=held, said=self.said)
        self._find_conflicts(each.row, held, merged)
        after = replace(held, values=merged.values, invalid=merged.invalid)
        located = self._located(after, each.row)
        if held.status is Status.MISSING or (held.status is Status.WITHDRAWN and self._speaks(each.values, base)):
            self.actions.append(Restore(held, replace(located, status=Status.ACTIVE), merged.changes))
        elif merged.changes:
            self.actions.append(Update(held, located, merged.changes))
        else:
            # The row is said to stand in this file only if the file says all that the ledger has.
            same = held.status is Status.ACTIVE and clean(held.values) == each.values
            self.actions.append(Keep(held, located if same else after))

    def _speaks(self, values: Values, base: Values | None) -> bool:
        """Whether the file says anything of the row beyond repeating what it was made from."""
        return base is None or any(values.get(key) != clean(base).get(key) for key in self.said)

    def _vanished(self, records: list[str]) -> None:
        active = [self.current.rows[key] for key in map(self._key, records) if self._is_active(key)]
        empty = not self.assigned
        if empty and len(active) >= FEW and not self.force:
            self.refused = True
            self._find("M105", None, "", value=str(len(active)), name=self.table.label)
        elif empty and self.table.key not in self.incoming.rows and not self.force:
            self.refused = bool(active)
        else:
            for row in active:
                self.actions.append(MarkMissing(row))
                value = short(self.table, row.values, self.lang)
                self._find("M102", None, row.record, sheet=row.sheet, value=value)

    def _withdraw_replaced(self, each: Identified, record: str, taken: set[str]) -> None:
        held = self.current.rows.get(self._key(each.replaced))
        if each.replaced and each.replaced not in taken and held and held.status is not Status.WITHDRAWN:
            self.actions.append(Withdraw(held))
            self._find("M106", each.row, record, value=each.replaced)

    def _find_conflicts(self, row: Row, held: LedgerRow, merged: Merged) -> None:
        for cell in merged.conflicts:
            self._find(
                "M101",
                row,
                held.record,
                column=cell.column,
                value=shown(self.table, cell.column, cell.after, self.lang),
                name=header(self.table, cell.column),
                other=held.file,
                theirs=shown(self.table, cell.column, cell.before, self.lang),
            )

    def _find_alike(self, each: Identified, record: str) -> None:
        """A new row that differs in one cell from the row which has its number may be that row, corrected in a file of
        another name. Both are kept, and someone is asked: to take one for the other could lose a second clerk's row."""
        held = self.current.rows.get(self._key(each.row.record))
        if held is None or held.record == record or held.status is not Status.ACTIVE:
            return
        one, other = clean(each.values), clean(held.values)
        same = likeness(one, other)
        if same >= ALIKE and len({*one, *other}) == same + 1:
            value = short(self.table, each.values, self.lang)
            self._find(
                "M107", each.row, record, value=value, other=held.record, theirs=short(self.table, other, self.lang)
            )

    def _find_office_cells(self, row: Row, record: str) -> None:
        """What the unit typed where the office writes; what was printed there and came back is no finding."""
        keys = {self._key(record), self._key(row.record)}
        offices = (self.current.office, self.base.office)
        for column in self.table.owned_by(Owner.OFFICE):
            typed = row.values.get(column.key)
            known = (office.get(key, {}).get(column.key) for key in keys for office in offices)
            if filled(typed) and typed not in known:
                value = shown(self.table, column.key, typed, self.lang)
                self._find("M104", row, record, column=column.key, value=value, name=column.label)

    def _inserted(self, each: Identified, record: str) -> LedgerRow:
        row = LedgerRow(
            programme=self.incoming.programme,
            unit=self.incoming.unit,
            table=self.table.key,
            record=record,
            values=each.values,
            invalid=each.row.invalid,
            first_received=self.incoming.received,
        )
        return self._located(row, each.row)

    def _located(self, after: LedgerRow, row: Row) -> LedgerRow:
        return replace(after, file=self.incoming.name, sheet=row.sheet, number=row.number, cells=row.cells)

    def _new_number(self, taken: set[str]) -> str:
        while True:
            record = self.allocate(self.table.key)
            if record not in taken and record not in self.before and self._key(record) not in self.current.rows:
                return record

    def _is_active(self, key: RowKey) -> bool:
        return key in self.current.rows and self.current.rows[key].status is Status.ACTIVE

    def _key(self, record: str) -> RowKey:
        return (self.table.key, record)

    def _find(
        self,
        code: str,
        row: Row | None,
        record: str,
        *,
        column: str = "",
        sheet: str = "",
        value: str = "",
        **args: Text,
    ) -> None:
        found = finding(
            code,
            file=self.incoming.name,
            sheet=row.sheet if row else sheet,
            cell=address(row, column or "record") if row else "",
            table=self.table.key,
            column=column,
            record=record,
            value=value,
            programme=self.incoming.programme,
            unit=self.incoming.unit,
        )
        self.findings.append(replace(found, args=tuple(sorted(args.items()))))
