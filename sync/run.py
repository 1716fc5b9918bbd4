"""`sync`: inbox → ledger → master. One transaction; a run that changes nothing leaves no trace."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from sync.inbox import ReadSpec, Received, claimed, digest, inbox_files, owner, read_files
from sync.master import compose
from sync.office import OfficeError, OfficeFolder, holder_of
from sync.office_merge import MASTER_RUN, OfficeMerge, merge_office
from sync.office_settings import Unit
from sync.office_values import Key
from sync.publish import fingerprint, put_in_place, stage
from sync.records import Change, Values
from sync.result import SyncResult, UnitResult
from sync.session import OFFICE_SHEETS_STATE, Session, open_session, saved_sheets
from sync.standing import Standing, unit_standing
from sync.state import RunLine, State
from sync.unit_merge import NewFile, UnitMerge, was_held_back
from xingzhi import messages
from xingzhi.checks.book import check_identity
from xingzhi.deadlines import State as DeadlineState
from xingzhi.findings import Finding, Severity, finding, placed, summary

Progress = Callable[[str, int, int], None]
FINGERPRINT = "fingerprint"
CHANGES_RUN = "changes_run"


class _NothingNew(Exception):
    """Undoes the transaction of a run that changed nothing."""


def sync(
    office: OfficeFolder,
    *,
    today: date,
    workers: int = 2,
    force: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> SyncResult:
    """Consolidate the inbox into the master.

    OfficeError where the master is open or the folder cannot be used, before any work. With `dry_run` nothing is
    written. `force` takes a table that came back empty at its word.
    """
    holder = holder_of(office.master)
    if holder is not None:
        raise OfficeError("refusal.master_open", holder=holder)
    with open_session(office.root) as session:
        run = _Run(session, today=today, workers=workers, force=force, dry_run=dry_run, progress=progress)
        return run.go()


class _Run:
    """One run, step by step."""

    def __init__(
        self, session: Session, *, today: date, workers: int, force: bool, dry_run: bool, progress: Progress | None
    ) -> None:
        self.session, self.today = session, today
        self.workers, self.force, self.dry_run, self.progress = workers, force, dry_run, progress
        self.units = session.settings.units
        self.present: dict[str, list[str]] = defaultdict(list)
        self.new: dict[str, list[NewFile]] = defaultdict(list)
        self.refused: dict[str, list[tuple[NewFile, list[Finding]]]] = defaultdict(list)
        self.unmatched: list[Finding] = []

    def go(self) -> SyncResult:
        """The whole run."""
        session = self.session
        self._read_inbox()
        staged: Path | None = None
        last_run = max((run.id for run in session.ledger.runs()), default=0)
        try:
            with session.ledger.run("sync", self.today, datetime.now(), dry_run=self.dry_run) as run:
                office = merge_office(session, run=run, today=self.today)
                merges = self._merge_units(run)
                result, staged = self._conclude(run, office, merges)
                if not result.written and not self.dry_run:
                    raise _NothingNew
        except _NothingNew:
            return replace(result, run=last_run)
        if staged is not None and not self.dry_run:
            put_in_place(staged, session.office, run)
            self._archive()
        return result

    def _tell(self, key: str, done: int, total: int) -> None:
        if self.progress:
            self.progress(messages.text(f"progress.{key}", self.session.lang), done, total)

    def _read_inbox(self) -> None:
        """Sort the inbox: what is unchanged at its path, what is new, what is refused, what belongs to no unit."""
        session = self.session
        known = session.ledger.latest_files(session.programme)
        codes = {unit.code for unit in self.units}
        unread: list[Path] = []
        for path in inbox_files(session.office.inbox):
            unit, sha = known.get(self._place(path), ("", ""))
            if unit in codes and sha == digest(path) and not self._forced(unit, path):
                self.present[unit].append(self._place(path))
            else:
                unread.append(path)
        spec = ReadSpec(session.term.programme.tables, session.term.time)
        for number, received in enumerate(read_files(unread, spec, self.workers), start=1):
            self._tell("read", number, len(unread))
            self._sort(received, codes)

    def _forced(self, unit: str, path: Path) -> bool:
        """Whether a file is read again because `force` takes a table of it that was held back."""
        held = (
            self.session.ledger.submission_at(self.session.programme, unit, self._place(path)) if self.force else None
        )
        return held is not None and was_held_back(held)

    def _place(self, path: Path) -> str:
        return path.relative_to(self.session.office.root).as_posix()

    def _sort(self, received: Received, codes: set[str]) -> None:
        unit = owner(received, self.units)
        findings = list(received.findings)
        if received.identity is not None:
            if unit is not None:
                received = claimed(received, unit)
            assert received.identity is not None
            findings = check_identity(
                received.identity,
                file=received.path.name,
                programme=self.session.term.programme.id,
                year=self.session.term.year,
                units=codes,
            )
        if unit is None:
            found = placed(findings, file=received.path.name, programme=self.session.programme, unit="")
            self.unmatched += [each for each in found if each.severity is Severity.ERROR] or found
            return
        file = NewFile(self._place(received.path), received)
        self.present[unit.code].append(file.path)
        if received.rows is None or any(each.severity is Severity.ERROR for each in findings):
            self.refused[unit.code].append((file, findings))
        else:
            self.new[unit.code].append(file)

    def _merge_units(self, run: int) -> dict[str, UnitMerge]:
        merges: dict[str, UnitMerge] = {}
        codes = [unit.code for unit in self.units if unit.code in self.new or unit.code in self.refused]
        for number, code in enumerate(codes, start=1):
            merge = merges[code] = UnitMerge(self.session, code, run, self.today, self.force)
            for file, findings in self.refused.get(code, ()):
                merge.reject(file, findings)
            merge.merge(self.new.get(code, []))
            self._tell("merge", number, len(codes))
        return merges

    def _conclude(
        self, run: int, office: OfficeMerge, merges: Mapping[str, UnitMerge]
    ) -> tuple[SyncResult, Path | None]:
        session, ledger = self.session, self.session.ledger
        changes = [*office.changes, *(change for merge in merges.values() for change in merge.changes)]
        standings = {
            unit.code: unit_standing(session, unit, self.today, present=self.present.get(unit.code, ()))
            for unit in self.units
        }
        findings = [
            *placed(session.settings.findings, file=session.office.master.name, programme=session.programme, unit=""),
            *office.findings,
            *self._added_sheets(run),
            *self.unmatched,
            *(found for standing in standings.values() for found in standing.findings),
        ]
        units = [self._unit_result(unit, standings[unit.code], merges.get(unit.code)) for unit in self.units]
        result = SyncResult(
            programme=session.programme,
            run=run,
            master=session.office.master,
            units=units,
            unmatched=self.unmatched,
            tables={
                table.key: sum(len(standing.records.table(table.key)) for standing in standings.values())
                for table in session.tables
            },
            changes=_change_counts(changes),
            overdue=sum(
                1 for each in standings.values() for item in each.deadlines if item.state is DeadlineState.OVERDUE
            ),
            findings=findings,
        )
        changes_run = run if changes else int(ledger.state(CHANGES_RUN) or 0)
        line = RunLine(run, "sync", self.today, _counts(result))
        state = State(
            lang=session.lang,
            today=self.today,
            settings=session.settings,
            tables=session.tables,
            content=session.content,
            entries=office.entries,
            office={key: values for unit in self.units for key, values in _office_of(session, unit).items()},
            rows=ledger.all_rows(session.programme),
            records={code: standing.records for code, standing in standings.items()},
            deadlines={code: standing.deadlines for code, standing in standings.items()},
            findings=findings,
            received=frozenset(code for code, standing in standings.items() if standing.received),
            changes=changes or ledger.changes(changes_run, session.programme),
            changes_run=changes_run,
            runs=[*run_lines(session), line],
        )
        book = compose(state, run)
        mark = fingerprint(book)
        # The findings of a file that is refused are told from the ledger: a run that only learnt of one must be kept.
        learnt = changes or office.changed or any(self.new.values()) or any(self.refused.values())
        same = ledger.state(FINGERPRINT) == mark and session.office.master.exists()
        if (same and not learnt) or self.dry_run:
            result.written = bool(learnt) and not self.dry_run
            return result, None
        result.written = True
        if changes:
            ledger.add_changes(run, changes)
            ledger.set_state(CHANGES_RUN, str(run))
        ledger.add_findings(run, session.programme, "", findings)
        ledger.summarise(run, dict(line.counts))
        ledger.set_state(FINGERPRINT, mark)
        ledger.set_state(MASTER_RUN, str(run))
        ledger.set_state(OFFICE_SHEETS_STATE, saved_sheets(session.content))
        return result, stage(book, session.office)

    def _added_sheets(self, run: int) -> list[Finding]:
        """The office's own sheets are kept as values; what else they had is in the master that was."""
        name = self.session.office.archive.name
        found = [finding("O106", value=sheet.name, file=name) for sheet in self.session.content.added]
        return placed(found, file=name, programme=self.session.programme, unit="")

    def _unit_result(self, unit: Unit, standing: Standing, merge: UnitMerge | None) -> UnitResult:
        latest = standing.latest
        if merge and merge.taken:
            status = "accepted"
            latest = next((each for each in standing.submissions if each.path == merge.taken[-1]), latest)
        elif standing.received:
            status = "unchanged"
        elif latest is not None:
            status = "rejected"
        else:
            status = "missing"
        return UnitResult(
            code=unit.code,
            name=unit.name,
            status=status,
            file=latest.path if latest else "",
            sha256=latest.sha256 if latest else "",
            findings=summary(standing.findings),
        )

    def _archive(self) -> None:
        """Keep every file received, by its content: the inbox is the office's to tidy up."""
        for code in {*self.new, *self.refused}:
            files = [*self.new.get(code, ()), *(file for file, _ in self.refused.get(code, ()))]
            for file in files:
                folder = self.session.office.archive / code
                folder.mkdir(parents=True, exist_ok=True)
                kept = folder / f"{digest(file.received.path)[:12]}_{file.name}"
                if not kept.exists():
                    shutil.copy2(file.received.path, kept)


def run_lines(session: Session) -> list[RunLine]:
    """Every run that the ledger holds."""
    return [
        RunLine(run.id, run.kind, run.today, {key: int(value) for key, value in run.summary.items()})
        for run in session.ledger.runs()
        if run.summary or run.kind != "sync"
    ]


def _office_of(session: Session, unit: Unit) -> dict[Key, Values]:
    return {
        Key(session.programme, unit.code, table, record): values
        for (table, record), values in session.ledger.office_values(session.programme, unit.code).items()
    }


def _change_counts(changes: Sequence[Change]) -> dict[str, int]:
    """Rows, not cells: a row of which three cells changed was updated once."""
    rows = {(each.unit, each.table, each.record, each.kind) for each in changes}
    counts = Counter(kind for *_, kind in rows)
    return {kind: counts[kind] for kind in ("inserted", "updated", "withdrawn")}


def _counts(result: SyncResult) -> dict[str, int]:
    statuses = Counter(unit.status for unit in result.units)
    return {
        **{key: statuses[key] for key in ("accepted", "unchanged", "rejected", "missing")},
        **result.changes,
        "overdue": result.overdue,
    }
