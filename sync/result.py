"""What a run did, for whoever asked for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sync.change_places import NO_ROWS
from sync.records import Change
from xingzhi.findings import Finding, Severity


@dataclass(frozen=True)
class UnitResult:
    """How one unit came out of a run: `accepted`, `unchanged`, `rejected` or `missing`."""

    code: str
    name: str
    status: str
    file: str
    sha256: str
    findings: Mapping[str, int]


@dataclass
class SyncResult:
    """What a run did. `unwritten` are the feedback workbooks that were in use and wait for the next run; `purged` is how many
    withdrawn rows were taken out of the master."""

    programme: str
    run: int
    master: Path
    units: list[UnitResult] = field(default_factory=list)
    unmatched: list[Finding] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=dict)
    overdue: int = 0
    findings: list[Finding] = field(default_factory=list)
    written: bool = False
    unwritten: list[str] = field(default_factory=list)
    purged: int = 0

    @property
    def has_errors(self) -> bool:
        """Whether any finding must be mended."""
        return any(each.severity is Severity.ERROR for each in self.findings)

    @property
    def not_taken(self) -> list[Finding]:
        """Why files of units were not taken: what is said of whole files, and not of sheets or cells in them."""
        return [
            each
            for each in self.findings
            if each.unit and each.file and not each.sheet and each.code[0] in "FB" and each.severity is Severity.ERROR
        ]

    @property
    def counts(self) -> dict[str, int]:
        """The run in figures, by the keys of 汇总记录."""
        statuses = Counter(unit.status for unit in self.units)
        return {
            **{key: statuses[key] for key in ("accepted", "unchanged", "rejected", "missing")},
            **self.changes,
            "overdue": self.overdue,
        }

    def as_json(self) -> dict[str, object]:
        """The object of `sync --json`."""
        return {
            "run": self.run,
            "programme": self.programme,
            "master": str(self.master),
            "units": [
                {
                    "programme": self.programme,
                    "code": unit.code,
                    "name": unit.name,
                    "status": unit.status,
                    "file": unit.file,
                    "sha256": unit.sha256,
                    "findings": dict(unit.findings),
                }
                for unit in self.units
            ],
            "unmatched": [
                {"programme": self.programme, "unit": "", "file": each.file, "code": each.code}
                for each in self.unmatched
            ],
            "tables": self.tables,
            "changes": self.changes,
            "overdue": self.overdue,
        }


def change_counts(changes: Sequence[Change]) -> dict[str, int]:
    """Rows, not cells: a row of which three cells changed was updated once. An explanation is no row, nor is a line of the
    master's own."""
    rows = {(each.unit, each.table, each.record, each.kind) for each in changes if each.table not in NO_ROWS}
    counts = Counter(kind for *_, kind in rows)
    return {kind: counts[kind] for kind in ("inserted", "updated", "withdrawn")}
