"""What a run knows when the files are merged, gathered from the ledger and from what the run did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sync.history import run_lines
from sync.month_close import closed_by, month_close
from sync.office_entries import Key
from sync.office_merge import OfficeMerge, office_units, office_values
from sync.records import Change
from sync.session import Session
from sync.standing import Standing
from sync.state import RunLine, State
from xingzhi.findings import Finding

CHANGES_RUN = "changes_run"
"""The state that names the last run that changed anything."""


def state_of(
    session: Session,
    line: RunLine,
    office: OfficeMerge,
    standings: Mapping[str, Standing],
    changes: Sequence[Change],
    findings: Sequence[Finding],
    purged: frozenset[Key],
) -> State:
    """The state from which the master is composed; `line` is the run itself."""
    ledger, run, today = session.ledger, line.run, line.today
    changes_run = run if changes else int(ledger.state(CHANGES_RUN) or 0)
    rows = ledger.all_rows(session.programme)
    return State(
        lang=session.lang,
        today=today,
        settings=session.settings,
        tables=session.tables,
        content=replace(session.content, added=office.added),
        entries=office.entries,
        office={
            Key(session.programme, unit, table, record): values
            for unit in office_units(session, rows)
            for (table, record), values in office_values(session, unit).items()
        },
        rows=rows,
        records={code: standing.records for code, standing in standings.items()},
        deadlines={code: standing.deadlines for code, standing in standings.items()},
        findings=findings,
        received=frozenset(code for code, standing in standings.items() if standing.received),
        changes=changes or ledger.changes(changes_run, session.programme),
        changes_run=changes_run,
        close=month_close(session, rows, closed_by(session, today, run)),
        entered=office.entered,
        purged=purged,
        runs=[*run_lines(session, run), line],
    )
