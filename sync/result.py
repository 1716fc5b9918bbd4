"""What a run did, for whoever asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

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
    """What a run did."""

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

    @property
    def has_errors(self) -> bool:
        """Whether any finding must be mended."""
        return any(each.severity is Severity.ERROR for each in self.findings)

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
