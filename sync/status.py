"""`status`: how every unit stands by the ledger, without reading the inbox or writing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sync.inbox import digest, inbox_files
from sync.session import Session, open_session
from sync.standing import unit_standing
from xingzhi.deadlines import Deadline, State, owed
from xingzhi.findings import summary


@dataclass(frozen=True)
class UnitStatus:
    """One unit. `last_received` is None before its first file."""

    programme: str
    code: str
    name: str
    last_received: date | None
    file: str
    overdue: int
    soon: int
    findings: dict[str, int]

    def as_json(self) -> dict[str, object]:
        """The item of `status --json`."""
        return {
            "programme": self.programme,
            "unit": self.code,
            "name": self.name,
            "received": self.last_received.isoformat() if self.last_received else None,
            "file": self.file,
            "overdue": self.overdue,
            "soon": self.soon,
            "findings": self.findings,
        }


@dataclass(frozen=True)
class OfficeStatus:
    """Every unit in the office's order, what is overdue, and how many files of the inbox were never synced."""

    today: date
    units: Sequence[UnitStatus]
    owed: Sequence[Deadline]
    waiting: int

    def name(self, code: str) -> str:
        """A unit's name."""
        return next((unit.name for unit in self.units if unit.code == code), code)

    def as_json(self) -> dict[str, object]:
        """The object of `status --json`."""
        return {
            "today": self.today.isoformat(),
            "units": [unit.as_json() for unit in self.units],
            "overdue": [item.as_json() for item in self.owed],
            "waiting": self.waiting,
        }


def office_status(root: Path, today: date) -> OfficeStatus:
    """How the office at `root` stands. OfficeError or LedgerError where it cannot be used."""
    with open_session(root) as session:
        units: list[UnitStatus] = []
        items: list[Deadline] = []
        for unit in session.settings.units:
            standing = unit_standing(session, unit, today, present=_paths(session))
            latest = standing.latest
            items += standing.deadlines
            units.append(
                UnitStatus(
                    programme=session.programme,
                    code=unit.code,
                    name=unit.name,
                    last_received=latest.received if latest else None,
                    file=latest.path if latest else "",
                    overdue=sum(1 for item in standing.deadlines if item.chased),
                    soon=sum(1 for item in standing.deadlines if item.state is State.SOON),
                    findings=summary(standing.findings),
                )
            )
        return OfficeStatus(today, units, owed(items), _waiting(session))


def office_deadlines(root: Path, today: date) -> list[Deadline]:
    """What every unit of an office owes, by due date."""
    with open_session(root) as session:
        items = [
            item
            for unit in session.settings.units
            for item in unit_standing(session, unit, today, present=()).deadlines
            if not item.span.standing
        ]
    return sorted(items, key=lambda item: (item.span.due or date.max, item.unit, item.rule.id))


def _paths(session: Session) -> list[str]:
    return [path.relative_to(session.office.root).as_posix() for path in inbox_files(session.office.inbox)]


def _waiting(session: Session) -> int:
    known = session.ledger.latest_files(session.programme)
    root = session.office.root
    return sum(
        1
        for path in inbox_files(session.office.inbox)
        if known.get(path.relative_to(root).as_posix(), ("", ""))[1] != digest(path)
    )
