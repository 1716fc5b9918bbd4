"""A unit's workbook as of a run: what `issue` and the feedback are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from sync.live_findings import in_workbook, printed_places
from sync.missing_rows import standing_rows
from sync.office_settings import Unit
from sync.records import LedgerRow, RowKey, Values
from sync.refill import Refill
from sync.session import Session
from sync.standing import waivers
from sync.unit_merge import printed_office
from sync.unit_records import unit_records
from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import blank_rows
from xingzhi.columns import Table, record_number
from xingzhi.deadlines import Waiver
from xingzhi.findings import Finding
from xingzhi.fulfilment import UnitRecords
from xingzhi.identity import OFFICE, TEMPLATE_VERSION, Identity
from xingzhi.record_numbers import ADDED_RANGE
from xingzhi.rows import Row


def unit_book(
    session: Session,
    unit: Unit,
    findings: Iterable[Finding],
    *,
    run: int,
    today: date,
    excused: frozenset[Waiver] = frozenset(),
    refill: Refill | None = None,
    lead: str = "",
) -> UnitBook:
    """The workbook of a unit as the ledger stands in this run, with these findings at its own cells.

    A row that waits for confirmation is not printed: who deletes a row finds it gone in the next workbook too.
    `excused` is waived beside what the office has let the unit off. `refill` are rows that the ledger has not: they
    follow the others, under numbers that were never a row's.
    """
    ledger, programme = session.ledger, session.programme
    rows = ledger.rows(programme, unit.code)
    office: dict[RowKey, Values] = printed_office(rows, ledger.office_values(programme, unit.code), session.tables)
    records = unit_records(unit.code, standing_rows(rows), session.tables, office)
    tables: dict[str, tuple[Row, ...]] = {}
    serials: dict[str, int] = {}
    for table in session.tables:
        own, more = records.table(table.key), refill.rows(table) if refill else ()
        blank = blank_rows(table, len(own) + len(more))
        printed = ledger.issued_serial(programme, unit.code, table.key)
        last = _last_used(rows, table.key, printed=printed, count=len(more) + blank)
        tables[table.key] = (*own, *_numbered(more, table, unit.code, last))
        serials[table.key] = last + len(more)
    return UnitBook(
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
        records=UnitRecords(unit.code, tables, records.receipts),
        findings=in_workbook(
            findings, printed_places(records, session.tables, session.lang), session.tables, session.lang
        ),
        waivers=waivers(session, unit) | excused,
        member=unit.member,
        serials=serials,
        lead=lead,
    )


def note_issued(session: Session, book: UnitBook, sha256: str, serials: Mapping[str, int] | None = None) -> None:
    """Write down what was printed, so that its numbers are known and no other row is given them. `serials` are the highest
    that were, by table, where the workbook was not built from the book alone."""
    ledger, programme, unit = session.ledger, session.programme, book.identity.unit
    for table in session.tables:
        if serials is None:
            printed = book.serials[table.key] + blank_rows(table, len(book.records.table(table.key)))
        else:
            printed = serials[table.key]
        ledger.set_issued_serial(programme, unit, table.key, printed)
    ledger.add_issued(book.identity.base_run, programme, unit, sha256)


def _numbered(rows: Iterable[Row], table: Table, unit: str, last: int) -> list[Row]:
    numbers = (record_number(unit, table.letters, serial) for serial in range(last + 1, ADDED_RANGE))
    return [
        replace(row, record=number, values={**row.values, "record": number})
        for row, number in zip(rows, numbers, strict=False)
    ]


def _last_used(rows: Iterable[LedgerRow], table: str, *, printed: int, count: int) -> int:
    serials = (row.record.rpartition("-")[2] for row in rows if row.table == table)
    used = {int(serial) for serial in serials if serial.isascii() and serial.isdigit()}
    return last_used(used, printed=printed, count=count)


def last_used(serials: Iterable[int], *, printed: int, count: int) -> int:
    """The serial after which `count` new numbers are printed, none of which a row bears.

    That is the highest printed serial that a row bears. Unused numbers are printed again: a merge tells two rows apart
    that came to bear one, and the printed range would be used up by a year of monthly issues. Where that would
    meet a number that a unit typed, or leave the printed range, the lowest room is taken: a row numbered 3995 must
    not keep the office from issuing.
    """
    used = sorted({*serials} - {0})
    last = max((serial for serial in used if serial <= min(printed, ADDED_RANGE - 1)), default=0)
    following = zip([0, *used], [*used, ADDED_RANGE], strict=True)
    room = {serial: min(after, ADDED_RANGE) - serial - 1 for serial, after in following}
    return last if room[last] >= count else next((serial for serial in room if room[serial] >= count), last)
