"""`history`: every run that the ledger holds, and what it changed, in figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sync.ledger import RESTORED
from sync.records import Change
from sync.result import change_counts
from sync.session import Session, open_session
from sync.state import RunLine


@dataclass(frozen=True)
class UnitChanges:
    """What a run changed in one unit: rows that came, changed and went."""

    programme: str
    code: str
    name: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class RunRecord:
    """One run. `restored` is the run whose state it brought back, None for another kind of run; `issued` counts the
    workbooks that it made."""

    programme: str
    run: int
    kind: str
    today: date
    started: datetime
    counts: Mapping[str, int]
    units: Sequence[UnitChanges]
    issued: int
    restored: int | None

    def as_json(self) -> dict[str, object]:
        """The item of `history --json`."""
        return {
            "programme": self.programme,
            "unit": "",
            "run": self.run,
            "kind": self.kind,
            "today": self.today.isoformat(),
            "started": self.started.isoformat(),
            "restored": self.restored,
            "issued": self.issued,
            "counts": dict(self.counts),
            "units": [
                {"programme": each.programme, "unit": each.code, "name": each.name, "changes": dict(each.counts)}
                for each in self.units
            ],
        }


def history(root: Path) -> list[RunRecord]:
    """The runs of the office at `root`, oldest first. OfficeError or LedgerError where it cannot be used."""
    with open_session(root) as session:
        ledger, programme = session.ledger, session.programme
        names = {unit.code: unit.name for unit in session.settings.units}
        found = []
        for run in ledger.runs():
            by_unit: dict[str, list[Change]] = defaultdict(list)
            for change in ledger.changes(run.id, programme):
                by_unit[change.unit].append(change)
            counted = {code: change_counts(changes) for code, changes in by_unit.items()}
            counts = {key: int(value) for key, value in run.summary.items()}
            restored = counts.pop(RESTORED, None)
            found.append(
                RunRecord(
                    programme=programme,
                    run=run.id,
                    kind=run.kind,
                    today=run.today,
                    started=run.started,
                    counts=counts,
                    units=[
                        UnitChanges(programme, code, names.get(code, code), counts)
                        for code, counts in counted.items()
                        if any(counts.values())
                    ],
                    issued=ledger.issued_in(run.id, programme) if run.kind == "issue" else 0,
                    restored=restored,
                )
            )
        return found


def run_lines(session: Session, under_way: int) -> list[RunLine]:
    """Every run that the ledger holds but for the one that is under way."""
    return [
        RunLine(run.id, run.kind, run.today, {key: int(value) for key, value in run.summary.items()})
        for run in session.ledger.runs()
        if run.id != under_way and (run.summary or run.kind != "sync")
    ]
