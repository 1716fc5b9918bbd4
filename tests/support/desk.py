"""An office's desk in memory: one unit's sheet is sent to it again and again, and the office approves rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from support.sheet_work import PRINTED, TABLES, UNIT, Line, number

from sync.actions import Plan, apply
from sync.lineage import base_of, predecessor
from sync.merge import plan
from sync.records import Current, Incoming, RowKey, Snapshot, Status, Submission, SubmissionStatus, Values
from xingzhi.columns import Table
from xingzhi.rows import Row

TODAY = date(2026, 7, 1)
APPROVAL: Values = {"accepted": "yes"}


@dataclass(frozen=True, repr=False)
class Merged:
    """One merge: what the file was compared with, what it did, and the rows before and after."""

    table: Table
    lines: Sequence[Line]
    base: dict[str, Values]
    bearing: dict[int, str]
    plan: Plan
    before: Current
    after: Current
    goes_on: bool
    """Whether it was compared with what the unit sent or was issued last, and not taken for another copy."""

    def __repr__(self) -> str:
        lines = [f"{line.number or '-'} = {became}: {_short(line.values)}" for line, _, became in self.filled]
        base = [f"{record}: {_short(values)}" for record, values in self.base.items()]
        effects = [f"{action.kind} {action.after.record}" for action in self.plan.effects]
        office = [record for _, record in self.before.office]
        how = "goes on" if self.goes_on else "another copy"
        told = [(found.code, found.record, found.value) for found in self.plan.findings]
        return "\n".join(
            ["", self.table.key, how, "base", *base, "file", *lines, str(effects), str(told), f"approved {office}"]
        )

    @property
    def filled(self) -> list[tuple[Line, str, str]]:
        """Each filled line, the record whose number it bears, and the record that it became."""
        places = [place for place, line in enumerate(self.lines) if line.values]
        records = [record for _, record in self.plan.assigned]
        return [(self.lines[place], self.bearing[place], record) for place, record in zip(places, records, strict=True)]


class Desk:
    """The ledger of one unit and one table, and the files that came in, all from the same path."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.current = Current()
        self.issued = Snapshot()
        self.earlier: list[Submission] = []
        self.merges: list[Merged] = []
        self._serials = count(5001)

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.merges))

    def approve(self, records: Sequence[str]) -> None:
        """The office accepts rows as they stand."""
        office: dict[RowKey, Values] = dict(self.current.office)
        for record in records:
            office[(self.table.key, record)] = APPROVAL
        self.current = Current(self.current.rows, office)

    def issue(self) -> list[Line]:
        """Print the rows as they stand into a workbook, from which all that comes in later is made. Returns its sheet."""
        self.issued = Snapshot.issued(self.current.rows.values(), self.current.office)
        self.earlier = []
        used = {record for _, record in self.current.rows}
        blank = [number(serial, self.table) for serial in range(1, PRINTED + 1)]
        shown = [Line(record, values) for record, values in self.issued.of(self.table.key).items()]
        return shown + [Line(each) for each in blank if each not in used]

    def receive(self, lines: Sequence[Line]) -> Merged:
        """Merge the sheet as it now stands in the file."""
        file = Incoming("p-2026", UNIT, "乙.xlsx", {self.table.key: self._rows(lines)}, TODAY, path="收件/乙.xlsx")
        last = self.earlier[-1] if self.earlier else None
        before = predecessor(file, self.earlier, issued=self.issued, tables=TABLES)
        base = base_of(before, self.issued)
        held = self.current
        result = plan(
            file,
            base=base,
            current=held,
            tables=[self.table],
            allocate=lambda _: number(next(self._serials), self.table),
            issued={each.key: PRINTED for each in TABLES},
        )
        self.current = apply(result, held)
        self.earlier.append(self._submission(file, result))
        bearing = {
            place: base.numbers.get((self.table.key, line.number), line.number) for place, line in enumerate(lines)
        }
        merged = Merged(self.table, lines, base.of(self.table.key), bearing, result, held, self.current, before is last)
        self.merges.append(merged)
        return merged

    def active(self) -> list[str]:
        """The records that stand."""
        return [key[1] for key, row in self.current.rows.items() if row.status is Status.ACTIVE]

    def _rows(self, lines: Sequence[Line]) -> tuple[Row, ...]:
        columns = [column.key for column in self.table.columns]
        return tuple(
            Row(
                self.table.key,
                {key: line.values.get(key) for key in columns},
                line.number,
                number=place,
                cells={key: f"{chr(65 + index)}{place}" for index, key in enumerate(columns)},
            )
            for place, line in enumerate(lines, start=5)
        )

    def _submission(self, file: Incoming, result: Plan) -> Submission:
        accepted = SubmissionStatus.ACCEPTED
        serial = str(len(self.earlier))
        return Submission("p-2026", UNIT, file.path, serial, TODAY, 2, accepted, rows=result.stored)


def _short(values: Values) -> str:
    return " ".join(str(value) for _, value in sorted(values.items()))
