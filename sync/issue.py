"""`issue`: one workbook for each unit, with what the office already has of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sync.inbox import digest
from sync.ledger import SYNC_RANGE
from sync.live_findings import in_workbook
from sync.office import OfficeError, OfficeFolder
from sync.office_settings import Unit
from sync.records import LedgerRow
from sync.session import Session, open_session
from sync.standing import unit_standing, waivers
from sync.unit_merge import printed_office
from sync.unit_records import unit_records
from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import blank_rows, build
from xingzhi import messages
from xingzhi.identity import OFFICE, TEMPLATE_VERSION, Identity

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Issued:
    """One workbook that was written."""

    programme: str
    code: str
    name: str
    path: Path

    def as_json(self) -> dict[str, str]:
        """The item of `issue --json`."""
        return {"programme": self.programme, "unit": self.code, "name": self.name, "file": str(self.path)}


def issue(
    office: OfficeFolder, *, today: date, codes: Collection[str] = (), progress: Progress | None = None
) -> list[Issued]:
    """Write the workbooks of these units, of all where `codes` is empty. A file of an earlier issue is replaced.

    OfficeError for a code that 单位名册 has not, or where it has no units yet.
    """
    with open_session(office.root) as session:
        units = session.settings.units
        unknown = set(codes) - {unit.code for unit in units}
        if unknown:
            raise OfficeError("refusal.unknown_units", codes="、".join(sorted(unknown)))
        if not units:
            raise OfficeError("refusal.no_units")
        chosen = [unit for unit in units if not codes or unit.code in codes]
        issued = []
        with session.ledger.run("issue", today, datetime.now()) as run:
            for number, unit in enumerate(chosen, start=1):
                issued.append(_issue_one(session, unit, run, today))
                if progress:
                    progress(messages.text("progress.issue", session.lang), number, len(chosen))
        return issued


def _issue_one(session: Session, unit: Unit, run: int, today: date) -> Issued:
    ledger, programme = session.ledger, session.programme
    rows = ledger.rows(programme, unit.code)
    standing = unit_standing(session, unit, today, present=())
    office = printed_office(rows, ledger.office_values(programme, unit.code), session.tables)
    records = unit_records(unit.code, rows, session.tables, office)
    book = UnitBook(
        term=session.term,
        identity=Identity(
            template_version=TEMPLATE_VERSION,
            programme=session.term.programme.id,
            year=session.term.year,
            unit=unit.code,
            unit_name=unit.name,
            base_run=run,
            lang=session.lang.value,
            kind=OFFICE if unit.is_office else "",
        ),
        today=today,
        records=records,
        findings=in_workbook(standing.findings, records, session.tables, session.lang) if standing.received else (),
        waivers=waivers(session, unit),
        member=unit.member,
        serials={
            table.key: _last_used(
                rows,
                table.key,
                printed=ledger.issued_serial(programme, unit.code, table.key),
                count=blank_rows(table, len(records.table(table.key))),
            )
            for table in session.tables
        },
    )
    path = session.office.issued / f"{unit.code}_{_file_name(unit.name)}.xlsx"
    temporary = path.with_name(f".{path.name}.tmp")
    build(book, temporary)
    os.replace(temporary, path)
    for table in session.tables:
        printed = book.serials[table.key] + blank_rows(table, len(records.table(table.key)))
        ledger.set_issued_serial(programme, unit.code, table.key, printed)
    ledger.add_issued(run, programme, unit.code, digest(path))
    return Issued(programme, unit.code, unit.name, path)


def _last_used(rows: Iterable[LedgerRow], table: str, *, printed: int, count: int) -> int:
    """The serial after which `count` new numbers are printed, none of which a row bears.

    That is the highest printed serial that a row bears. Unused numbers are printed again: a merge tells two rows apart
    that came to bear one, and the printed range would be used up by a year of monthly issues. Where that would
    meet a number that a unit typed, or leave the printed range, the lowest room is taken: a row numbered 4995 must
    not keep the office from issuing.
    """
    serials = (row.record.rpartition("-")[2] for row in rows if row.table == table)
    used = sorted({int(serial) for serial in serials if serial.isascii() and serial.isdigit()} - {0})
    last = max((serial for serial in used if serial <= min(printed, SYNC_RANGE - 1)), default=0)
    following = zip([0, *used], [*used, SYNC_RANGE], strict=True)
    room = {serial: min(after, SYNC_RANGE) - serial - 1 for serial, after in following}
    return last if room[last] >= count else next((serial for serial in room if room[serial] >= count), last)


def _file_name(name: str) -> str:
    """A unit's name as part of a file name that every system accepts."""
    return re.sub(r'[\\/:*?"<>|\s]+', "", name)[:40] or "unit"
