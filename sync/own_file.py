"""Feedback in the unit's own file: the bytes that came, with what the office has to say written into them in place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sync.cells import short
from sync.inbox import digest
from sync.live_findings import in_workbook
from sync.own_rows import OwnRows, OwnTable, built_anew, read_own, values_of
from sync.own_sheets import deadline_edits, findings_edits, identity_edit
from sync.own_tables import Serials, TablePlan
from sync.records import LedgerRow, RowKey, StoredRow, clean
from workbook_files.file_findings import Refused
from workbook_files.package_edit import PackageEdit
from workbook_files.raw_package import DAMAGE, RawPackage
from workbook_files.workbook_edit import Edit, edit_workbook
from workbook_templates.self_check import SelfCheck
from workbook_templates.unit_book import UnitBook
from xingzhi.columns import Owner, Table
from xingzhi.findings import Finding, finding
from xingzhi.grid import Grid
from xingzhi.labels import Label, Lang
from xingzhi.rows import Row, unit_values
from xingzhi.unit_names import UnitNames

_KINDS = {"sheet.main+xml": ".xlsx", "sheet.macroEnabled.main+xml": ".xlsm"}
"""The workbooks that are edited, by their content types, with the endings of their names."""


@dataclass(frozen=True)
class OwnFile:
    """A unit's newest merged file. It lies at one of `places`, or nowhere any more.

    `stored` is what was merged of it; `serials` are those of every number that a row bears, `issued` the highest that was
    printed, both by table; `uncounted` are the rows of the ledger that do not count. `findings` are what the unit is told,
    wherever it stands.
    """

    name: str
    sha256: str
    places: tuple[Path, ...]
    stored: tuple[StoredRow, ...]
    serials: Mapping[str, frozenset[int]]
    issued: Mapping[str, int]
    uncounted: Mapping[RowKey, LedgerRow]
    findings: tuple[Finding, ...]
    units: UnitNames

    @property
    def mark(self) -> list[object]:
        """What of it decides how the feedback looks."""
        rows = [[each.table, each.number, each.record] for each in self.stored]
        return [self.sha256, rows, sorted("|".join(key) for key in self.uncounted)]


@dataclass(frozen=True)
class Written:
    """A workbook that was made of a unit's own file: the ending of its name, the highest serial printed of each table, and
    the rows in it that the ledger does not count."""

    suffix: str
    serials: Mapping[str, int]
    uncounted: tuple[StoredRow, ...]


def write_into(own: OwnFile, book: UnitBook, path: Path) -> Written | None:
    """Write the unit's own file, edited, to `path`; None where it is no workbook of a kind that is edited.

    Refused, with W115, where it cannot be edited, or would not say what the ledger says. OSError where the disk is at fault.
    """
    copy = path.with_suffix(".own")
    try:
        _copy(own, copy)
        return _write(own, book, copy, path)
    except Refused as refused:
        path.unlink(missing_ok=True)
        raise Refused(_told(refused.found, own)) from refused
    except DAMAGE as error:
        path.unlink(missing_ok=True)
        raise Refused(_told(built_anew("unreadable").found, own)) from error
    finally:
        copy.unlink(missing_ok=True)


def _copy(own: OwnFile, copy: Path) -> None:
    for place in own.places:
        if place.is_file():
            shutil.copyfile(place, copy)
            if digest(copy) == own.sha256:
                return
    raise built_anew("gone")


def _told(found: Finding, own: OwnFile) -> Finding:
    if found.code != "W115":
        found = replace(found, file=own.name)
        reason = Label(found.message(Lang.ZH), found.message(Lang.EN))
        return finding("W115", file=own.name, reason=reason)
    return replace(found, file=own.name)


def _write(own: OwnFile, book: UnitBook, copy: Path, path: Path) -> Written | None:
    with copy.open("rb") as stream:
        if not stream.read(4).startswith(b"PK"):
            return None
    with RawPackage(copy) as raw:
        package = PackageEdit(raw)
        kind = package.content_type(package.main)
        suffix = next((suffix for ending, suffix in _KINDS.items() if kind.endswith(ending)), "")
        if not suffix:
            return None
        rows = read_own(copy, package, own.stored, book.tables, book.term.time, own.units)
        plans = {key: _plan(own, book, table) for key, table in rows.tables.items()}
        counted = {(table.key, row.record) for table in book.tables for row in book.records.table(table.key)}
        uncounted = [
            StoredRow(key, record, record, clean(unit_values(row, table.table)))
            for key, table in rows.tables.items()
            for record, row in table.records.items()
            if (key, record) not in counted
        ]
        edits = list(_edits(own, book, rows, plans, package))
    outcome = edit_workbook(copy, edits, path, partial(_check, own=own, book=book, rows=rows, uncounted=uncounted))
    if not outcome.written:
        raise Refused(outcome.findings[0])
    return Written(suffix, {key: plan.serials.top for key, plan in plans.items()}, tuple(uncounted))


def _plan(own: OwnFile, book: UnitBook, table: OwnTable) -> TablePlan:
    key = table.table.key
    serials = Serials(book.identity.unit, table.table, set(own.serials.get(key, ())), own.issued.get(key, 0))
    plan = TablePlan(table, book, serials)
    plan.make()
    return plan


def _edits(
    own: OwnFile, book: UnitBook, rows: OwnRows, plans: Mapping[str, TablePlan], package: PackageEdit
) -> Iterator[Edit]:
    findings = _placed(own, book, plans)
    lines = {key: dict(sorted(plan.lines.items())) for key, plan in plans.items()}
    checks = SelfCheck(book.tables, book.lang, book.term.time)
    values = checks.values(lines, findings, book.today)
    as_printed = all(table.is_as_printed for table in rows.tables.values())
    sheets = {sheet.name: sheet for sheet in rows.grid.sheets}
    for key, plan in plans.items():
        plan.check(values[key], checks.templates[key] if as_printed else None)
        yield from plan.edits(sheets)
    yield from findings_edits(package, rows.grid, book, findings)
    by_line = {
        key: {number - plan.own.part.first: row for number, row in lines[key].items()} for key, plan in plans.items()
    }
    yield from deadline_edits(package, rows.grid, book, by_line)
    yield identity_edit(rows.grid, book)


def _placed(own: OwnFile, book: UnitBook, plans: Mapping[str, TablePlan]) -> list[Finding]:
    """What the unit is told, at the cells of its own file."""
    places = {(key, record): place for key, plan in plans.items() for record, place in plan.places.items()}
    told = in_workbook(own.findings, places, book.tables, book.lang, file=own.name)
    tables = {table.key: table for table in book.tables}
    gone = [_withdrawn(tables[row.table], row, book.lang) for row in own.uncounted.values() if row.key in places]
    placed = [replace(each, sheet=places[each.table, each.record][0]) for each in gone]
    return [*told, *(replace(each, cell=places[each.table, each.record][1].get("record", "")) for each in placed)]


def _withdrawn(table: Table, row: LedgerRow, lang: Lang) -> Finding:
    return finding("M110", table=table.key, record=row.record, value=short(table, row.values, lang))


def _check(grid: Grid, own: OwnFile, book: UnitBook, rows: OwnRows, uncounted: Sequence[StoredRow]) -> None:
    """W115 where the file, as whoever receives it will read it, does not say what the ledger says: what comes back would be
    compared with that."""
    found = values_of(grid, book.tables, book.term.time, own.units)
    extra = {(each.table, each.record): each.values for each in uncounted}
    for key, table in rows.tables.items():
        wanted = {row.record: clean(unit_values(row, table.table)) for row in book.records.table(key)}
        wanted |= {record: dict(values) for (of, record), values in extra.items() if of == key}
        said = {column.key for column in table.table.owned_by(Owner.UNIT) if column.key in table.columns}
        said |= {f"+{text}" for text in table.page.header.unknown.values()}
        seen: dict[str, list[Row]] = {}
        for row in found[key]:
            seen.setdefault(row.record, []).append(row)
        for record, values in wanted.items():
            read = [clean(unit_values(row, table.table)) for row in seen.get(record, ())]
            if read != [{name: value for name, value in values.items() if name in said}]:
                raise built_anew("read_back", sheet=table.sheet.name)
