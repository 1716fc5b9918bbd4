"""反馈: for each unit with something to mend, a workbook that says so and in which it goes on.

They are built inside the run, into a folder of their own, and noted in the ledger with what they say; put in their places
once the run is kept. One that cannot be put there, since somebody has the old one open, waits for the next run.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from sync.codec import encode_finding
from sync.feedback_file import FeedbackFile, Made, make, named, newest, own_file
from sync.inbox import digest, will_pass
from sync.ledger import LedgerError
from sync.office_news import has_news
from sync.office_settings import Unit
from sync.open_workbooks import holder_of
from sync.printed_rows import note_printed
from sync.refill import refill
from sync.session import Session
from sync.standing import Standing
from sync.unit_books import note_issued, unit_book
from workbook_files.workers import call_all
from xingzhi import messages
from xingzhi.findings import Finding, Severity, placed
from xingzhi.identity import TEMPLATE_VERSION
from xingzhi.labels import Label
from xingzhi.rows import encode
from xingzhi.spans import resolve
from xingzhi.unit_names import file_stem

DUE = "feedback_due"
"""The state that tells that a workbook could not be built: the next run tries again, though nothing else is new."""

SUFFIX = Label("_反馈", "_feedback")

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Feedback:
    """What the ledger knows of a unit's feedback: a mark of all that it says, its file's name and hash, and (name, hash) of
    the files that may still lie in its place. A unit that has nothing to mend has no file."""

    mark: str = ""
    file: str = ""
    sha256: str = ""
    earlier: tuple[tuple[str, str], ...] = ()


def stage_feedback(
    session: Session, standings: Mapping[str, Standing], *, run: int, today: date, workers: int, tell: Tell
) -> list[Finding]:
    """Make the workbooks whose content changed, in the ledger's open run. One that the disk does not take is left for the
    next run. Returns why some were built anew though their units have files of their own (W115)."""
    issues = frozenset(each.id for each in session.ledger.runs() if each.kind == "issue")
    changed: list[tuple[Unit, FeedbackFile]] = []
    for unit in session.settings.units:
        file = _file(session, unit, standings[unit.code], run=run, today=today, issues=issues)
        held = _held(session, unit)
        if file is None and held.mark:
            _keep(session, unit, Feedback(earlier=_earlier(session, held)))
        elif file is not None and _mark(file) != held.mark:
            changed.append((unit, file))
    folder = _pending(session)
    if changed:
        folder.mkdir(exist_ok=True)
    unbuilt = False
    told: list[Finding] = []
    tasks = [partial(_build, file, folder / f"{unit.code}.tmp") for unit, file in changed]
    for number, ((unit, file), made) in enumerate(zip(changed, call_all(tasks, workers=workers), strict=True), start=1):
        tell("feedback", number, len(changed))
        if made:
            with suppress(LedgerError):
                _note(session, unit, file, made)
            told += placed([made.told], file="", programme=session.programme, unit=unit.code) if made.told else []
        unbuilt = unbuilt or not made
    session.ledger.set_state(DUE, "yes" if unbuilt else "")
    return told


def _note(session: Session, unit: Unit, file: FeedbackFile, made: Made) -> None:
    """Write down what was made. LedgerError where its numbers are used up: then the unit is given none."""
    note_issued(session, file.book, made.sha256, made.serials)
    note_printed(session, unit.code, file.book.identity.base_run, made.uncounted)
    name = f"{file_stem(unit.code, unit.name)}{SUFFIX.of(session.lang)}{made.suffix}"
    _keep(session, unit, Feedback(_mark(file), name, made.sha256, _earlier(session, _held(session, unit))))


def deliver(session: Session) -> list[str]:
    """Put what waits in its place and take away what no longer holds. Returns the names of the files that were in use."""
    waiting: list[str] = []
    for unit in session.settings.units:
        held = _held(session, unit)
        staged = _staged(session, held)
        try:
            if staged is not None and staged.exists():
                _put(session, staged, held)
            _remove_earlier(session, held)
        except OSError:
            if held.file:
                waiting.append(held.file)
    tidy(session)
    return waiting


def tidy(session: Session) -> None:
    """Remove what was built and belongs to no run that was kept."""
    folder = _pending(session)
    if not folder.is_dir():
        return
    wanted = {_staged(session, _held(session, unit)) for unit in session.settings.units}
    # What something still holds is removed another time.
    with suppress(OSError):
        for path in folder.iterdir():
            if path not in wanted:
                path.unlink()
        if not any(folder.iterdir()):
            folder.rmdir()


# --- what a unit is told ---


def _file(
    session: Session, unit: Unit, standing: Standing, *, run: int, today: date, issues: frozenset[int]
) -> FeedbackFile | None:
    """The unit's feedback; None where no file of it has come, or nothing is to be said of those that have and the office
    has done nothing since."""
    said = [each for each in standing.findings if not will_pass(each) or each.code == "F105"]
    if not (standing.received or standing.refused or any(each.code == "F105" for each in said)):
        return None
    rows = session.ledger.rows(session.programme, unit.code)
    latest = newest(session.ledger.submissions(session.programme, unit.code))
    more = refill(standing.refused, rows, session.tables)
    lead = _lead(session, standing, more.count)
    book = unit_book(session, unit, said, run=run, today=today, excused=standing.excused, refill=more, lead=lead)
    if not any(_is_to_be_told(each) for each in book.findings):
        if not has_news(session, unit.code, latest, issues):
            return None
        book = replace(book, lead=lead or messages.text("findings.lead_news", session.lang))
    return FeedbackFile(book, own_file(session, unit, latest, rows, said) if latest else None)


def _is_to_be_told(found: Finding) -> bool:
    return found.severity is not Severity.INFO or bool(found.explanation or found.comment)


def _lead(session: Session, standing: Standing, rows: int) -> str:
    if not standing.refused:
        return ""
    files = "、".join(each.path.rpartition("/")[2] for each in standing.refused)
    key = "findings.lead_refilled" if rows else "findings.lead_refused"
    return messages.text(key, session.lang, files=files, count=rows)


def _mark(file: FeedbackFile) -> str:
    """All that a workbook says but for the day on which it was made."""
    book = file.book
    said = [
        book.identity.lang,
        book.identity.unit_name,
        book.lead,
        [encode_finding(each) for each in book.findings],
        [[table.key, [encode(row.values) for row in book.records.table(table.key)]] for table in book.tables],
        sorted(book.waivers),
        [repr(span) for span in resolve(book.term)],
        TEMPLATE_VERSION,
        [str(book.member.joined), str(book.member.left)] if book.member else [],
        file.own.mark if file.own else [],
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _build(file: FeedbackFile, path: Path) -> Made | None:
    return make(file, path)


# --- files ---


def _put(session: Session, staged: Path, held: Feedback) -> None:
    """Put a workbook in its place; one there that somebody has changed since is kept in the archive."""
    office = session.office
    target = office.feedback / held.file
    if holder_of(target) is not None:
        raise PermissionError(13, "in use", str(target))
    target.parent.mkdir(exist_ok=True)
    if target.exists() and (target.name, digest(target)) not in {*held.earlier, (held.file, held.sha256)}:
        kept, step = office.archive / target.name, 2
        while kept.exists():
            kept, step = office.archive / f"{target.stem}_{step}{target.suffix}", step + 1
        kept.parent.mkdir(exist_ok=True)
        shutil.copy2(target, kept)
    os.replace(staged, target)


def _remove_earlier(session: Session, held: Feedback) -> None:
    for name, sha256 in held.earlier:
        path = session.office.feedback / name
        if name != held.file and path.exists() and holder_of(path) is None and digest(path) == sha256:
            path.unlink()


def _earlier(session: Session, held: Feedback) -> tuple[tuple[str, str], ...]:
    pairs = dict.fromkeys((*held.earlier, (held.file, held.sha256)))
    return tuple(pair for pair in pairs if pair[0] and (session.office.feedback / pair[0]).exists())


def _pending(session: Session) -> Path:
    return session.office.ledger.with_name("feedback")


def _staged(session: Session, held: Feedback) -> Path | None:
    return named(_pending(session), held.sha256) if held.sha256 else None


def _held(session: Session, unit: Unit) -> Feedback:
    kept = session.ledger.state(_key(session, unit))
    if not kept:
        return Feedback()
    item = json.loads(kept)
    return Feedback(item["mark"], item["file"], item["sha256"], tuple((name, sha) for name, sha in item["earlier"]))


def _keep(session: Session, unit: Unit, feedback: Feedback) -> None:
    session.ledger.set_state(_key(session, unit), json.dumps(asdict(feedback), ensure_ascii=False))


def _key(session: Session, unit: Unit) -> str:
    return f"feedback|{session.programme}|{unit.code}"
