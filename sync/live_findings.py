"""Which of a file's findings still hold: a row that a later file brought in good order is not held against its unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sync.missing_rows import MISSING_ROW
from sync.records import LedgerRow, RowKey, Status, Submission
from xingzhi.columns import RECORD, Table
from xingzhi.findings import Finding, Severity
from xingzhi.fulfilment import UnitRecords
from xingzhi.grid import address
from xingzhi.headers import HEADER_ROW
from xingzhi.labels import Lang

_OF_A_ROW = ("N", "C", "R", "S109", "S110")
"""How the codes begin of findings on one row; the others are on the file or a sheet of it."""

OF_THE_OFFICE = ("F107",)
"""What is told to the office alone, since the unit's workbook could not help it."""

Places = Mapping[RowKey, tuple[str, Mapping[str, str]]]
"""The sheet of each record and the addresses of its cells, by the keys of their columns."""

_CELL = re.compile(r"^[A-Z]+([0-9]+)$")


def live(submission: Submission, rows: Sequence[LedgerRow], *, latest: bool) -> list[Finding]:
    """The findings of a merged file that still hold, given the unit's rows and where each was last read from.

    One on a row holds while that row stands and is still read from that place of this file, and is then about the record
    that the row became, whatever number stands in the file; one on the file holds while any row is read from it, or
    while the file is the unit's latest.
    """
    name = submission.path.rpartition("/")[2]
    here = [row for row in rows if row.file == name]
    places = {(row.sheet, row.number): row.record for row in here if row.status is not Status.MISSING}
    found = []
    active = {row.record for row in rows if row.status is Status.ACTIVE}
    for each in submission.findings:
        if each.code == "M107" and not {each.record, str(dict(each.args).get("other"))} <= active:
            continue
        cell = _CELL.match(each.cell) if each.code.startswith(_OF_A_ROW) else None
        if cell is None:
            found += [each] if latest or here else []
        elif record := places.get((each.sheet, int(cell.group(1)))):
            found.append(replace(each, record=record))
    return found


def printed_places(records: UnitRecords, tables: Iterable[Table], lang: Lang) -> Places:
    """Where a workbook that is built anew shows each record."""
    return {
        (table.key, row.record): (
            table.label.of(lang),
            {column.key: address(line, place) for place, column in enumerate(table.columns, start=1)},
        )
        for table in tables
        for line, row in enumerate(records.table(table.key), start=HEADER_ROW + 1)
    }


def in_workbook(
    findings: Iterable[Finding], places: Places, tables: Sequence[Table], lang: Lang, *, file: str = ""
) -> list[Finding]:
    """What is to be mended, at the cells where a workbook that is issued now shows it; `file` is the one that it is made of.

    Notes are left out, but for those of which the unit or the office has said something; and so is what is said of a
    row that the workbook does not show, or of there being no file at all. That a row vanished is told without a cell.
    """
    by_key = {table.key: table for table in tables}
    found = []
    for each in findings:
        note = each.severity is Severity.INFO and not (each.accepted or each.explanation or each.comment)
        if note or each.code in OF_THE_OFFICE:
            continue
        each = replace(each, told_as=each.key)
        table = by_key.get(each.table)
        if table is None or not each.record:
            stays = not each.cell or (file and each.file == file)
            found.append(each if stays else replace(each, sheet="", cell=""))
            continue
        place = places.get((each.table, each.record))
        if place is None:
            if each.code == MISSING_ROW:
                found.append(replace(each, sheet=table.label.of(lang), cell=""))
            continue
        sheet, cells = place
        found.append(replace(each, sheet=sheet, cell=cells.get(each.column) or cells.get(RECORD.key, "")))
    return found
