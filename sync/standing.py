"""How one unit stands: its records, what it owes, and every finding on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sync.explanations import accepted_items, excused, with_word
from sync.live_findings import live
from sync.missing_rows import missing_row, row_findings
from sync.month_close import corrections
from sync.office import MASTER
from sync.office_settings import Unit
from sync.office_values import reminder_parts
from sync.proposals import proposed
from sync.records import LedgerRow, Status, Submission, SubmissionStatus
from sync.session import Session
from sync.unit_merge import LASTING
from sync.unit_records import unit_records
from workbook_templates.office_tables import REMINDERS
from xingzhi.checks import requirements
from xingzhi.checks.context import Context
from xingzhi.deadlines import Deadline, Office, Waiver, deadlines
from xingzhi.findings import Finding, finding, placed
from xingzhi.fulfilment import UnitRecords
from xingzhi.severities import graded


@dataclass(frozen=True)
class Standing:
    """`submissions` are the latest file at each path, `refused` those of them that were not taken and lie in the inbox now;
    `latest` is the last that was received, None before the first. `excused` are the items that the office has accepted as
    they are (认可): `deadlines` has them as waived. `expected` tells whether a file is asked of the unit
    at all."""

    records: UnitRecords
    deadlines: Sequence[Deadline]
    excused: frozenset[Waiver]
    findings: Sequence[Finding]
    submissions: Sequence[Submission]
    refused: Sequence[Submission]
    received: bool
    expected: bool

    @property
    def latest(self) -> Submission | None:
        """The last file that counts, else the last that was refused."""
        accepted = [each for each in self.submissions if each.status is SubmissionStatus.ACCEPTED]
        found = accepted or list(self.submissions)
        return found[-1] if found else None


def belongs(unit: Unit, today: date) -> bool:
    """Whether a unit is one of the programme's on a day: it has joined and has not left."""
    return (unit.joined is None or unit.joined <= today) and (unit.left is None or unit.left >= today)


def unit_standing(
    session: Session, unit: Unit, today: date, *, present: Collection[str], unread: Collection[Finding] = ()
) -> Standing:
    """How a unit stands on a day. `present` are the paths of its files that lie in the inbox now; `unread` says of
    others that they could not be read this time."""
    ledger, programme = session.ledger, session.programme
    rows = ledger.rows(programme, unit.code)
    office = ledger.office_values(programme, unit.code)
    records = unit_records(unit.code, rows, session.tables, office)
    by_path = {each.path: each for each in ledger.submissions(programme, unit.code)}
    submissions = list(by_path.values())
    # What the office entered for a unit is no word of the unit's.
    sent = any(row.file != MASTER.of(session.lang) for row in rows)
    received = any(each.status is not SubmissionStatus.REJECTED for each in submissions) or sent
    items = deadlines(
        Office(session.term, waivers(session, unit)),
        unit.member,
        records,
        today,
        standing=True,
    )
    # The office owes no workbook where the programme asks nothing of it.
    expected = belongs(unit, today) and (not unit.is_office or bool(items))
    found: list[Finding] = [*unread]
    accepted = [each for each in submissions if each.status is SubmissionStatus.ACCEPTED]
    for each in submissions:
        found += _of_file(each, present, rows, latest=each is accepted[-1] if accepted else True)
    context = Context(session.tables, session.term.time, today)
    found += row_findings(_sent(records, found), rows, context)
    found += [missing_row(row, session.tables, session.lang) for row in rows if row.status is Status.MISSING]
    found += corrections(session, unit.code, rows, today)
    found += proposed(session, unit.code, rows)
    if received:
        found += requirements.check(items, session.tables)
    elif not submissions and not unread and expected:
        found.append(finding("F107"))
    found = graded(placed(found, file="", programme=programme, unit=unit.code), session.term)
    found = with_word(found, ledger.explanations(programme, unit.code), office, session.lang)
    accepted_as_is = accepted_items(items, found)
    return Standing(
        records=records,
        deadlines=excused(items, accepted_as_is),
        excused=accepted_as_is,
        findings=found,
        submissions=submissions,
        refused=[each for each in submissions if each.status is SubmissionStatus.REJECTED and each.path in present],
        received=received,
        expected=expected,
    )


def _sent(records: UnitRecords, found: Collection[Finding]) -> UnitRecords:
    """The records without the tables that no file had: that is told once (B107), not again at each row that refers to them."""
    absent = {each.table for each in found if each.code == "B107" and not records.table(each.table)}
    return replace(records, rows={key: rows for key, rows in records.rows.items() if key not in absent})


def waivers(session: Session, unit: Unit) -> frozenset[Waiver]:
    """What the office has waived for a unit: 免报 in 催报台账."""
    found: set[Waiver] = set()
    for (table, record), values in session.ledger.office_values(session.programme, unit.code).items():
        if table == REMINDERS.key and values.get("waived") == "yes":
            found.add((unit.code, *reminder_parts(record)))
    return frozenset(found)


def _of_file(
    submission: Submission, present: Collection[str], rows: Sequence[LedgerRow], *, latest: bool
) -> list[Finding]:
    if submission.status is SubmissionStatus.ACCEPTED:
        return live(submission, rows, latest=latest)
    # A refused or superfluous file speaks only while it lies in the inbox; a superseded one only of being so.
    if submission.path not in present:
        return []
    if submission.status is SubmissionStatus.REJECTED:
        return list(submission.findings)
    return [each for each in submission.findings if each.code in LASTING]
