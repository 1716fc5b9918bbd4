"""`issue`: one workbook for each unit, with what the office already has of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sync.inbox import digest
from sync.office import OfficeError, OfficeFolder
from sync.office_lock import writing
from sync.office_settings import Unit
from sync.session import Session, open_session
from sync.standing import unit_standing
from sync.unit_books import note_issued, unit_book
from workbook_templates.unit_workbook import build
from xingzhi import messages
from xingzhi.unit_names import file_stem

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
    with writing(office, "issue"), open_session(office.root) as session:
        units = session.settings.units
        unknown = set(codes) - {unit.code for unit in units}
        if unknown:
            raise OfficeError("refusal.unknown_units", codes="、".join(sorted(unknown)))
        if not units:
            raise OfficeError("refusal.no_units")
        chosen = [unit for unit in units if not codes or unit.code in codes]
        issued: list[Issued] = []
        try:
            with session.ledger.run("issue", today, datetime.now()) as run:
                for number, unit in enumerate(chosen, start=1):
                    issued.append(_build(session, unit, run, today))
                    if progress:
                        progress(messages.text("progress.issue", session.lang), number, len(chosen))
            # Only now: a workbook must not name a run that the ledger has not.
            for each in issued:
                os.replace(_beside(each.path), each.path)
        finally:
            for each in issued:
                _beside(each.path).unlink(missing_ok=True)
        return issued


def _build(session: Session, unit: Unit, run: int, today: date) -> Issued:
    """Build a unit's workbook beside its place."""
    standing = unit_standing(session, unit, today, present=())
    said = standing.findings if standing.received else ()
    book = unit_book(session, unit, said, run=run, today=today, excused=standing.excused)
    path = session.office.issued / f"{file_stem(unit.code, unit.name)}.xlsx"
    build(book, _beside(path))
    note_issued(session, book, digest(_beside(path)))
    return Issued(session.programme, unit.code, unit.name, path)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.tmp")
