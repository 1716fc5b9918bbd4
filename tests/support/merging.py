"""What the tests of merging are made of: rows, files and ledgers in a few words, and merges of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

from sync.actions import Plan, apply
from sync.lineage import base_of, predecessor
from sync.merge import plan
from sync.records import Current, Incoming, LedgerRow, RowKey, Snapshot, Status, Submission, SubmissionStatus, Values
from workbook_templates.tables.people import PEOPLE
from workbook_templates.tables.projects import PROJECTS
from workbook_templates.tables.reports import REPORTS
from xingzhi.columns import RECORD, Column, Table
from xingzhi.labels import Label
from xingzhi.rows import Row, Value

NOTES = Table(
    key="notes",
    label=Label("便条", "Notes"),
    letters="BT",
    columns=(RECORD, Column(key="text", label=Label("内容", "Text"))),
    natural_key=(),
    room=5,
    purpose=Label("没有自然键的表", "A table without a natural key"),
)
TABLES = (PEOPLE, PROJECTS, REPORTS, NOTES)
TODAY = date(2026, 7, 1)


def number(serial: int, table: Table = PEOPLE) -> str:
    """A record number of the unit LD."""
    return f"LD-{table.letters}-{serial:04d}"


def row(
    record: str, table: Table = PEOPLE, *, line: int = 5, extra: Mapping[str, str] | None = None, **values: Any
) -> Row:
    """A row that has every column of its table, each with an address."""
    columns = {column.key: values.get(column.key) for column in table.columns}
    cells = {column.key: f"{chr(65 + index)}{line}" for index, column in enumerate(table.columns)}
    return Row(
        table=table.key,
        values=columns,
        record=record,
        sheet=table.label.zh,
        number=line,
        cells=cells,
        extra=extra or {},
    )


def person(serial: int | str, name: str, department: str = "社会救助股", **values: Any) -> Row:
    """A row of 人员名册, by its number or the serial of one."""
    record = number(serial) if isinstance(serial, int) else serial
    return row(record, name=name, department=department, **values)


def incoming(*rows: Row, name: str = "乙.xlsx", send: int = 1) -> Incoming:
    """A file that came in, with these rows; the other tables are there and empty."""
    tables: dict[str, tuple[Row, ...]] = {table.key: () for table in TABLES}
    for each in rows:
        tables[each.table] = (*tables[each.table], replace(each, file=name))
    return Incoming(programme="p-2026", unit="LD", name=name, rows=tables, received=TODAY, base_run=1, send=send)


def ledger(*rows: Row, file: str = "甲.xlsx", status: Status = Status.ACTIVE) -> Current:
    """What the ledger has."""
    return Current.of(
        LedgerRow(
            programme="p-2026",
            unit="LD",
            table=each.table,
            record=each.record,
            values={key: value for key, value in each.values.items() if value is not None}
            | {f"+{header}": text for header, text in each.extra.items()},
            status=status,
            file=file,
            sheet=each.sheet,
        )
        for each in rows
    )


def snapshot(*rows: Row) -> Snapshot:
    """What was issued."""
    return Snapshot.issued(ledger(*rows).rows.values())


class Allocator:
    """Gives numbers from 5001 on."""

    def __init__(self) -> None:
        self._serials = count(5001)

    def __call__(self, table: str) -> str:
        letters = next(each.letters for each in TABLES if each.key == table)
        return f"LD-{letters}-{next(self._serials):04d}"


def merge(
    file: Incoming, base: Snapshot, current: Current, *, force: bool = False, printed: Mapping[str, int] | None = None
) -> Plan:
    """Merge one file."""
    return plan(file, base=base, current=current, tables=TABLES, allocate=Allocator(), issued=printed, force=force)


def kinds(result: Plan) -> list[str]:
    """What a merge does, by the names of its effects."""
    return [action.kind for action in result.effects]


def codes(result: Plan) -> list[str]:
    """The codes of what a merge found."""
    return [found.code for found in result.findings]


def submission(file: Incoming, result: Plan, sha256: str = "") -> Submission:
    """The file as the ledger keeps it once it is merged."""
    return Submission(
        programme=file.programme,
        unit=file.unit,
        path=file.name,
        sha256=sha256 or file.name,
        received=file.received,
        run=2,
        status=SubmissionStatus.ACCEPTED,
        send=file.send,
        base_run=file.base_run,
        rows=result.stored,
    )


def merge_all(
    files: Sequence[Incoming], issued: Snapshot, current: Current
) -> tuple[Current, list[Plan], list[Submission]]:
    """Merge files one after the other, each on the base that its contents name."""
    allocate = Allocator()
    earlier: list[Submission] = []
    plans: list[Plan] = []
    for file in files:
        base = base_of(predecessor(file, earlier, issued=issued, tables=TABLES), issued)
        result = plan(file, base=base, current=current, tables=TABLES, allocate=allocate)
        current = apply(result, current)
        earlier.append(submission(file, result))
        plans.append(result)
    return current, plans, earlier


def names(current: Current, status: Status = Status.ACTIVE) -> list[str]:
    """The names of the people of one status, sorted."""
    people = (each for each in current.rows.values() if each.table == "people" and each.status is status)
    return sorted(str(each.values.get("name")) for each in people)


def office(values: Mapping[str, Value], serial: int = 1) -> dict[RowKey, Values]:
    """What the office wrote on a report."""
    return {("reports", number(serial, REPORTS)): values}


def report(serial: int, period: str, title: str, **values: Any) -> Row:
    """A row of 信息报送."""
    return row(number(serial, REPORTS), REPORTS, period=period, title=title, **values)
