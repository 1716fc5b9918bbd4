"""`restore`: bring back what stood after a run, as a run of its own that writes the master as a sync does.

What the office typed since the last run is taken into the ledger first, as a sync without the inbox: so it is a run that
can be brought back in its turn. Rows, the office's values, the units' explanations, the office's own sheets and the closed
months come back; columns and sheets that the office added, and lines that belong to no record, stay as they are. Record
numbers are never given again. A file whose merging is undone stays unchanged at its place in the inbox; what its unit
sends next is merged as if that file had not come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sync import proposals
from sync.explanations import EXPLAINED, explained
from sync.ledger import RESTORED
from sync.master_stage import PURGED
from sync.month_close import CLOSED_MONTHS
from sync.office import OfficeFolder
from sync.office_lock import writing
from sync.office_merge import OfficeMerge
from sync.open_workbooks import demand_closed
from sync.records import Change, Status, SubmissionStatus, Values
from sync.result import SyncResult
from sync.run import Instead, Progress, Run
from sync.run_diff import CAME, WENT, Difference, Moment, demand_run, differences, moment, plain_text
from sync.session import Session, open_session, with_sheets
from workbook_templates.office_tables import STATUS

_KINDS = {
    Status.ACTIVE.value: "restored",
    Status.MISSING.value: "missing",
    Status.WITHDRAWN.value: "withdrawn",
}


@dataclass(frozen=True)
class Restored:
    """What a restore did. `taken` is the run that took in what was typed before, None where nothing was; `result.written`
    tells whether anything was to be brought back. `sheets_known` is false where the ledger does not have the office's own
    sheets of that time: they were left as they are. `undone` are the files, by (unit's code, file), that were taken since
    and no longer count."""

    number: int
    result: SyncResult
    taken: int | None
    sheets_known: bool
    changes: tuple[Change, ...]
    undone: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, object]:
        """The object of `restore --json`."""
        return {
            "programme": self.result.programme,
            "restored": self.number,
            "run": self.result.run,
            "written": self.result.written,
            "taken": self.taken,
            "office_sheets_known": self.sheets_known,
            "master": str(self.result.master),
            "tables": self.result.tables,
            "changes": self.result.changes,
            "cells": len(self.changes),
            "undone": [{"programme": self.result.programme, "unit": unit, "file": file} for unit, file in self.undone],
            "overdue": self.result.overdue,
        }


def restore(
    office: OfficeFolder, number: int, *, today: date, workers: int = 2, progress: Progress | None = None
) -> Restored:
    """Bring back what stood after the run `number`.

    LedgerError for a run that there is not; OfficeError as for `sync`.
    """
    demand_closed(office.master)
    with writing(office, "restore"):
        with open_session(office.root) as session:
            demand_run(session.ledger, number)
            typed = Run(session, today=today, workers=workers, inbox=False, progress=progress).go()
        with open_session(office.root) as session:
            target = moment(session, number)
            work = _Restore(target, number)
            undone = _undone(session, number)
            session = with_sheets(session, target.sheets)
            run = Run(session, today=today, workers=workers, inbox=False, progress=progress, instead=work)
            result = run.go()
    return Restored(
        number=number,
        result=result,
        taken=typed.run if typed.written else None,
        sheets_known=bool(target.sheets),
        changes=tuple(work.changes),
        undone=undone if result.written else (),
    )


def _undone(session: Session, number: int) -> tuple[tuple[str, str], ...]:
    files = (
        each
        for unit in session.settings.units
        for each in session.ledger.submissions(session.programme, unit.code)
        if each.run > number and each.status is SubmissionStatus.ACCEPTED
    )
    return tuple((each.unit, each.path.rpartition("/")[2]) for each in files)


class _Restore(Instead):
    """The state after a run, brought back into the ledger's open run."""

    kind = "restore"

    def __init__(self, target: Moment, number: int) -> None:
        self.target, self.number = target, number
        self.summary = {RESTORED: number}
        self.changes: list[Change] = []

    def apply(self, session: Session, run: int, office: OfficeMerge) -> list[Change]:
        """Write the state into the ledger. Returns the lines of 数据变动."""
        now = moment(session)
        self.changes = [_change(session, each) for each in differences(now, self.target, session)]
        for place, row in self.target.rows.items():
            if now.rows.get(place) != row:
                session.ledger.put(run, row)
        for place, row in now.rows.items():
            if place not in self.target.rows:
                session.ledger.drop(run, row)
        for unit in sorted({place[0] for place in (*now.office, *self.target.office)}):
            held: dict[tuple[str, str], Values] = {
                (table, record): values for (code, table, record), values in self.target.office.items() if code == unit
            }
            session.ledger.replace_office_values(run, session.programme, unit, held)
        for unit, key in sorted({*now.said, *self.target.said}):
            text = self.target.said.get((unit, key), "")
            if now.said.get((unit, key), "") != text:
                session.ledger.put_explanation(run, session.programme, unit, key, text, "")
        closed = session.ledger.state(CLOSED_MONTHS, as_of=self.number)
        if closed is not None and self.target.sheets:
            session.ledger.set_state(CLOSED_MONTHS, closed)
        for name in (PURGED, *(proposals.key(session, unit.code) for unit in session.settings.units)):
            if session.ledger.state(name) is not None:
                session.ledger.set_state(name, session.ledger.state(name, as_of=self.number) or "[]")
        # A line that waits for what it is about to be owed says what the ledger has again forgotten.
        for name, pairs in office.entries.pending.items():
            office.entries.pending[name] = [
                pair for pair in pairs if (pair[0].unit, pair[0].table, pair[0].record) in self.target.office
            ]
        return self.changes


def _change(session: Session, each: Difference) -> Change:
    programme, place = session.programme, (each.unit, each.table, each.record)
    before, after = plain_text(each.column, each.before), plain_text(each.column, each.after)
    if each.table == EXPLAINED:
        return explained(programme, each.unit, each.record, before, after, file="")
    if each.column == STATUS.key:
        return Change(programme, *place, "", _KINDS[after])
    if each.kind in (CAME, WENT):
        return Change(programme, *place, "", "restored" if each.kind == CAME else "withdrawn", before, after)
    return Change(programme, *place, each.column, "updated", before, after)
