"""The row that a form is printed of, with its unit and its rules: from a unit's workbook, or from an office's ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sync.office import OfficeError, OfficeFolder
from sync.rules import Rules, rules_for
from sync.session import open_session
from sync.unit_records import unit_records
from workbook_files.reader import read_grid
from workbook_files.workers import read_all
from workbook_templates.migrations import OLDER, current
from workbook_templates.profiles import profile_ids
from workbook_templates.tables.registry import tables
from xingzhi.checks.book import check_identity
from xingzhi.cleaning import compact
from xingzhi.findings import Finding, Severity
from xingzhi.fulfilment import UnitRecords
from xingzhi.identity import read_identity
from xingzhi.labels import Label, Lang
from xingzhi.programme import Term
from xingzhi.refusal import Refusal
from xingzhi.rows import Row
from xingzhi.shape import shape


@dataclass(frozen=True)
class UnitRows:
    """What one unit has entered, and the rules that hold for it."""

    term: Term
    unit_name: str
    records: UnitRecords


@dataclass(frozen=True)
class Found:
    """The row of a record number, among what its unit has entered."""

    row: Row
    unit: UnitRows


def find_row(source: Path, record: str) -> Found:
    """The row of this number in a workbook, or in the ledger of an office's folder: as of its last run.

    Refusal where the source cannot be read, and where no row or more than one bears the number.
    """
    units = _of_office(source) if source.is_dir() else [_of_workbook(source)]
    wanted = compact(record).casefold()
    found = [
        Found(row, unit)
        for unit in units
        for rows in unit.records.rows.values()
        for row in rows
        if row.record and compact(row.record).casefold() == wanted
    ]
    if not found:
        key = "refusal.no_row_synced" if source.is_dir() else "refusal.no_row"
        raise Refusal(key, record=record, source=str(source))
    if len(found) > 1:
        rows = [each.row for each in found]
        numbers = "、".join(str(row.number) for row in rows)
        raise Refusal("refusal.row_twice", record=record, sheet=rows[0].sheet, rows=numbers)
    return found[0]


def _of_office(root: Path) -> list[UnitRows]:
    try:
        OfficeFolder.open(root)
    except OfficeError:
        raise Refusal("refusal.print_source", folder=str(root)) from None
    with open_session(root) as session:
        rows = session.ledger.all_rows(session.programme)
        found = []
        for code in dict.fromkeys(row.unit for row in rows):
            unit = session.settings.unit(code)
            office = session.ledger.office_values(session.programme, code)
            own = [row for row in rows if row.unit == code]
            records = unit_records(code, own, session.tables, office)
            found.append(UnitRows(session.term, unit.name if unit else code, records))
        return found


def _of_workbook(path: Path) -> UnitRows:
    task = partial(_read_workbook, rules=rules_for([path]))
    ((_, result),) = read_all([path], task, workers=1)
    if isinstance(result, Finding):
        message, remedy = (Label(say(Lang.ZH), say(Lang.EN)) for say in (result.message, result.remedy))
        raise Refusal("refusal.workbook", file=path.name, message=message, remedy=remedy)
    return result


def _read_workbook(path: Path, *, rules: Rules) -> UnitRows | Finding:
    """The unit's rows, or what keeps the file from being read: run in a worker process."""
    grid, findings = read_grid(path)
    if grid is None:
        return findings[0]
    identity, about = read_identity(grid)
    if identity is None:
        return _worst(about)
    term = rules.term(identity, path)
    if term is None:
        expected = "、".join(profile_ids())
        return _worst(
            check_identity(identity, file=path.name, programme=expected, year=identity.year, units=None, older=OLDER)
        )
    shaped = shape(current(grid, identity), tables(term.programme.tables), term.time)
    return UnitRows(term, identity.unit_name, UnitRecords(identity.unit, shaped.rows))


def _worst(findings: Sequence[Finding]) -> Finding:
    return next((each for each in findings if each.severity is Severity.ERROR), findings[0])
