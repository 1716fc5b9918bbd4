"""One feedback workbook as a task of its own: made of the unit's own file where that can be, else built anew."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sync.inbox import digest, unit_names
from sync.office_settings import Unit
from sync.own_file import OwnFile, write_into
from sync.records import LedgerRow, Status, StoredRow, Submission, SubmissionStatus
from sync.session import Session
from workbook_files.file_findings import Refused
from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import build
from xingzhi.findings import Finding


@dataclass(frozen=True)
class FeedbackFile:
    """What a feedback says, and the unit's own file, where it has one."""

    book: UnitBook
    own: OwnFile | None = None


@dataclass(frozen=True)
class Made:
    """A workbook that was made: its hash, the ending of its name. `serials`, `uncounted` as in `Written`, None for one that
    was built anew; then `told` says why, where the unit has lost anything by it."""

    sha256: str
    suffix: str = ".xlsx"
    serials: Mapping[str, int] | None = None
    uncounted: tuple[StoredRow, ...] = ()
    told: Finding | None = None


def make(file: FeedbackFile, path: Path) -> Made | None:
    """Write a workbook, and name it by its hash; None where the disk does not take it."""
    try:
        made = _make(file, path)
        os.replace(path, named(path.parent, made.sha256))
    except OSError:
        path.unlink(missing_ok=True)
        return None
    return made


def _make(file: FeedbackFile, path: Path) -> Made:
    book, told = file.book, None
    try:
        written = write_into(file.own, book, path) if file.own else None
    except Refused as refused:
        written, told = None, refused.found
    if written is not None:
        return Made(digest(path), written.suffix, written.serials, written.uncounted)
    build(replace(book, findings=[*book.findings, told]) if told else book, path)
    return Made(digest(path), told=told)


def named(folder: Path, sha256: str) -> Path:
    """Where a workbook waits until it is put in its place."""
    return folder / f"{sha256[:20]}.xlsx"


def newest(submissions: Iterable[Submission]) -> Submission | None:
    """The file that was merged last, of those that still stand for their paths."""
    by_path: dict[str, Submission] = {}
    for each in submissions:
        by_path.pop(each.path, None)
        by_path[each.path] = each
    return next((each for each in reversed(by_path.values()) if each.status is SubmissionStatus.ACCEPTED), None)


def own_file(
    session: Session, unit: Unit, latest: Submission, rows: Iterable[LedgerRow], findings: Iterable[Finding]
) -> OwnFile:
    """The unit's own file, of which its feedback is made. `rows` are those of the ledger."""
    serials: dict[str, set[int]] = {}
    uncounted = {}
    for row in rows:
        last = row.record.rpartition("-")[2]
        if last.isascii() and last.isdigit():
            serials.setdefault(row.table, set()).add(int(last))
        if row.status is Status.WITHDRAWN:
            uncounted[row.key] = row
    return OwnFile(
        name=latest.path.rpartition("/")[2],
        sha256=latest.sha256,
        places=_places(session, unit.code, latest),
        stored=latest.rows,
        serials={key: frozenset(each) for key, each in serials.items()},
        issued=session.ledger.issued_serials(session.programme, unit.code),
        uncounted=uncounted,
        findings=tuple(findings),
        units=unit_names(session.settings.units),
    )


def _places(session: Session, unit: str, latest: Submission) -> tuple[Path, ...]:
    """Where its bytes may lie: in the inbox, or in the archive under their hash."""
    archive = session.office.archive
    folders = [path for path in archive.glob("*/") if path.name.startswith(unit)] if archive.is_dir() else []
    kept = [path for folder in folders for path in folder.glob(f"{latest.sha256[:12]}_*")]
    return (session.office.root / latest.path, *kept)
