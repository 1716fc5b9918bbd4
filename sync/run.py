"""`sync`: inbox → ledger → master. One transaction; a run that changes nothing leaves no trace.

The steps: read the inbox, merge the office's own work and then each unit's files, judge how every unit stands, compose
the master, and, where anything is new, keep it all: the ledger is committed only once the master is in its place.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from sync.explanations import with_word
from sync.feedback import DUE, deliver, stage_feedback, tidy
from sync.foreign_rows import has_foreign_rows
from sync.inbox import ReadSpec, Received, digest, inbox_files, limits_of, read_files, unit_names, will_pass
from sync.intake import take_in
from sync.ledger import Kind
from sync.master import compose
from sync.master_stage import keep_purged, purged_rows, stage_master
from sync.month_close import CLOSED_MONTHS, closed_by, setting_findings
from sync.office import OfficeFolder
from sync.office_entries import Key
from sync.office_lock import writing
from sync.office_merge import OfficeMerge, merge_office
from sync.office_settings import Unit
from sync.open_workbooks import demand_closed
from sync.pending_master import MASTER_RUN, settle
from sync.publish import ReceivedFile, archive, fingerprint, put_in_place, take_back
from sync.records import Change
from sync.result import SyncResult, UnitResult, change_counts
from sync.run_state import CHANGES_RUN, state_of
from sync.session import OFFICE_SHEETS_STATE, Session, open_session, saved_sheets
from sync.standing import Standing, unit_standing
from sync.state import RunLine
from sync.unit_merge import NewFile, UnitMerge, was_held_back
from workbook_files.workers import of_disk
from workbook_templates.master_workbook import MasterBook
from xingzhi import messages
from xingzhi.findings import Finding, Severity, placed, printable, summary

Progress = Callable[[str, int, int], None]
FINGERPRINT = "fingerprint"


class _NothingNew(Exception):
    """Undoes the transaction of a run that changed nothing."""


def sync(
    office: OfficeFolder,
    *,
    today: date,
    workers: int = 2,
    force: bool = False,
    purge: bool = False,
    rebuild: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> SyncResult:
    """Consolidate the inbox into the master.

    OfficeError where the master is open or the folder cannot be used, before any work, and where the master cannot be
    changed or put in its place: then nothing is kept of the run. With `dry_run` nothing is written. `force` takes a table
    that came back empty at its word; `purge` takes withdrawn rows out of the master; `rebuild` makes the master anew,
    without what the office put into it beside the values of cells.
    """
    demand_closed(office.master)
    with writing(office, "sync"), open_session(office.root, rebuild=rebuild) as session:
        asked = Asked(force=force, purge=purge, rebuild=rebuild, dry_run=dry_run)
        return Run(session, today=today, workers=workers, asked=asked, progress=progress).go()


@dataclass(frozen=True)
class Asked:
    """What was asked of a run (see `sync`)."""

    force: bool = False
    purge: bool = False
    rebuild: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class _Outcome:
    """What a run came to: the result to tell, the master to write, the withdrawn rows that it shows no more, and what of it
    is new to the ledger."""

    result: SyncResult
    book: MasterBook
    changes: Sequence[Change]
    standings: Mapping[str, Standing]
    mark: str
    purged: frozenset[Key]
    is_new: bool


class Instead:
    """What a run does where a sync merges the units' files; this one does nothing else."""

    kind: Kind = "sync"
    summary: Mapping[str, int] = {}

    def apply(self, session: Session, run: int, office: OfficeMerge) -> list[Change]:
        """Change the ledger in its open run. Returns the lines of 数据变动."""
        return []


class Run:
    """One run, step by step. Without `inbox` no file is read: what was not merged waits for the next sync."""

    def __init__(
        self,
        session: Session,
        *,
        today: date,
        workers: int,
        asked: Asked = Asked(),
        inbox: bool = True,
        progress: Progress | None = None,
        instead: Instead | None = None,
    ) -> None:
        self.session, self.today, self.inbox, self.instead = session, today, inbox, instead or Instead()
        self.workers, self.asked, self.progress = workers, asked, progress
        self.units = session.settings.units
        self.received: list[ReceivedFile] = []
        self.present: dict[str, list[str]] = defaultdict(list)
        self.new: dict[str, list[NewFile]] = defaultdict(list)
        self.refused: dict[str, list[tuple[NewFile, list[Finding]]]] = defaultdict(list)
        self.unread: dict[str, list[Finding]] = defaultdict(list)
        self.unmatched: list[Finding] = []

    def go(self) -> SyncResult:
        """The whole run."""
        session = self.session
        self._read_inbox()
        last_run = max((run.id for run in session.ledger.runs()), default=0)
        undo: Callable[[], None] | None = None
        try:
            with session.ledger.run(self.instead.kind, self.today, datetime.now(), dry_run=self.asked.dry_run) as run:
                office = merge_office(session, run=run, today=self.today)
                office.changes += self.instead.apply(session, run, office)
                merges = self._merge_units(run)
                outcome = self._conclude(run, office, merges)
                if not self.asked.dry_run:
                    if not outcome.is_new:
                        raise _NothingNew
                    self._write_ledger(run, outcome)
                    outcome.result.findings += stage_feedback(
                        session, outcome.standings, run=run, today=self.today, workers=self.workers, tell=self._tell
                    )
                    staged, told = stage_master(session, outcome.book)
                    outcome.result.findings += told
                    kept = put_in_place(staged, session.office, run, read=session.masters.sha256)
                    undo = partial(take_back, session.office, kept)
                    outcome.result.written = True
        except _NothingNew:
            outcome = replace(outcome, result=replace(outcome.result, run=last_run))
        except BaseException:
            if undo:
                undo()
            tidy(session)
            raise
        if not self.asked.dry_run:
            settle(session.office)
            archive(session.office, self.received)
            outcome.result.unwritten = deliver(session)
        return outcome.result

    def _tell(self, key: str, done: int, total: int) -> None:
        if self.progress:
            self.progress(messages.text(f"progress.{key}", self.session.lang), done, total)

    # --- the inbox ---

    def _read_inbox(self) -> None:
        """Sort the inbox: what is unchanged at its path, what is new, what is refused, what belongs to no unit."""
        session = self.session
        known = session.ledger.latest_files(session.programme)
        codes = {unit.code for unit in self.units}
        unread: dict[Path, str] = {}
        for path in inbox_files(session.office.inbox):
            unit, sha = known.get(self._place(path), ("", ""))
            try:
                now = digest(path)
            except OSError as error:
                self._sort(Received(path, findings=(of_disk(path.name, error),)), unit)
                continue
            if unit in codes and sha == now and not self._forced(unit, path):
                self.present[unit].append(self._place(path))
                self.received.append(ReceivedFile(unit, path, sha))
            elif self.inbox:
                unread[path] = now
        limits = limits_of(session.term.settings)
        spec = ReadSpec(session.term.programme.tables, session.term.time, limits, unit_names(self.units))
        for number, received in enumerate(read_files(list(unread), spec, self.workers), start=1):
            self._tell("read", number, len(unread))
            unit, _ = known.get(self._place(received.path), ("", ""))
            # What killed its worker has no hash of its own.
            self._sort(replace(received, sha256=received.sha256 or unread[received.path]), unit)

    def _forced(self, unit: str, path: Path) -> bool:
        """Whether a file is read again because `force` takes a table of it that was held back."""
        held = (
            self.session.ledger.submission_at(self.session.programme, unit, self._place(path))
            if self.asked.force
            else None
        )
        return held is not None and was_held_back(held)

    def _place(self, path: Path) -> str:
        return printable(path.relative_to(self.session.office.root).as_posix())

    def _sort(self, received: Received, before: str) -> None:
        """`before` is the unit whose file lay at this path."""
        passing = any(map(will_pass, received.findings))
        settings = self.session.settings
        taken = take_in(received, settings.term, self.units, settings.unit(before))
        received, unit, findings = taken.received, taken.unit, taken.findings
        if received.sha256:
            self.received.append(ReceivedFile(unit.code if unit else "", received.path, received.sha256))
        if unit is None:
            found = placed(findings, file=received.path.name, programme=self.session.programme, unit="")
            self.unmatched += [each for each in found if each.severity is Severity.ERROR] or found
            return
        file = NewFile(self._place(received.path), received)
        self.present[unit.code].append(file.path)
        if passing:
            # Not written down: a file that hung or was locked is read again the next time.
            self.unread[unit.code] += findings
        elif received.rows is None or any(each.severity is Severity.ERROR for each in findings):
            self.refused[unit.code].append((file, findings))
        else:
            self.new[unit.code].append(file)

    def _has_foreign_rows(self, code: str) -> bool:
        files = self.new.get(code, ())
        return any(has_foreign_rows(each.received, self.session, code, self.today) for each in files)

    def _merge_units(self, run: int) -> dict[str, UnitMerge]:
        merges: dict[str, UnitMerge] = {}
        codes = [unit.code for unit in self.units if unit.code in self.new or unit.code in self.refused]
        # Whose a row is that bears another unit's number is seen from that unit's own rows: they go first.
        codes.sort(key=self._has_foreign_rows)
        for number, code in enumerate(codes, start=1):
            merge = merges[code] = UnitMerge(self.session, code, run, self.today, self.asked.force)
            for file, findings in self.refused.get(code, ()):
                merge.reject(file, findings)
            merge.merge(self.new.get(code, []))
            self._tell("merge", number, len(codes))
        return merges

    # --- what it comes to ---

    def _conclude(self, run: int, office: OfficeMerge, merges: Mapping[str, UnitMerge]) -> _Outcome:
        """Judge every unit and compose the master. Writes nothing."""
        ledger = self.session.ledger
        changes = [*office.changes, *(change for merge in merges.values() for change in merge.changes)]
        standings = {unit.code: self._standing(unit) for unit in self.units}
        result = self._result(run, office, standings, merges, changes)
        purged = purged_rows(self.session, purge=self.asked.purge)
        line = RunLine(run, self.instead.kind, self.today, result.counts)
        state = state_of(self.session, line, office, standings, changes, result.findings, purged)
        book = compose(state, run)
        mark = fingerprint(book)
        # The findings of a file that is refused are told from the ledger: a run that only learnt of one must be kept.
        learnt = changes or office.changed or any(self.new.values()) or any(self.refused.values())
        # What is told of files that are not read is no news by being absent.
        same = ledger.state(FINGERPRINT) == mark or not self.inbox
        same = same and self.session.masters.intact and not ledger.state(DUE)
        is_new = bool(learnt) or self.asked.rebuild or not same
        return _Outcome(result, book, changes, standings, mark, purged, is_new)

    def _standing(self, unit: Unit) -> Standing:
        present, unread = self.present.get(unit.code, ()), self.unread.get(unit.code, ())
        return unit_standing(self.session, unit, self.today, present=present, unread=unread)

    def _result(
        self,
        run: int,
        office: OfficeMerge,
        standings: Mapping[str, Standing],
        merges: Mapping[str, UnitMerge],
        changes: Sequence[Change],
    ) -> SyncResult:
        session = self.session
        of_office = placed(
            [*session.settings.findings, *setting_findings(session, self.today)],
            file=session.office.master.name,
            programme=session.programme,
            unit="",
        )
        said = session.ledger.office_values(session.programme, "")
        own = with_word([*of_office, *office.findings, *self.unmatched], {}, said, session.lang)
        of_units = (found for standing in standings.values() for found in standing.findings)
        items = (item for standing in standings.values() for item in standing.deadlines)
        return SyncResult(
            programme=session.programme,
            run=run,
            master=session.office.master,
            units=[self._unit_result(unit, standings[unit.code], merges.get(unit.code)) for unit in self.units],
            unmatched=self.unmatched,
            tables={
                table.key: sum(len(standing.records.table(table.key)) for standing in standings.values())
                for table in session.tables
            },
            changes=change_counts(changes),
            overdue=sum(1 for item in items if item.chased),
            findings=[*own, *of_units],
        )

    def _unit_result(self, unit: Unit, standing: Standing, merge: UnitMerge | None) -> UnitResult:
        latest = standing.latest
        unread = self.unread.get(unit.code, ())
        if merge and merge.taken:
            status = "accepted"
            latest = next((each for each in standing.submissions if each.path == merge.taken[-1]), latest)
        elif standing.received:
            status = "unchanged"
        elif latest is not None or unread:
            status = "rejected"
        else:
            status = "missing" if standing.expected else "unchanged"
        return UnitResult(
            code=unit.code,
            name=unit.name,
            status=status,
            file=latest.path if latest else next(iter(self.present.get(unit.code, ())), ""),
            sha256=latest.sha256 if latest else "",
            findings=summary(standing.findings),
        )

    def _write_ledger(self, run: int, outcome: _Outcome) -> None:
        ledger, result = self.session.ledger, outcome.result
        if outcome.changes:
            ledger.add_changes(run, outcome.changes)
            ledger.set_state(CHANGES_RUN, str(run))
        ledger.add_findings(run, self.session.programme, "", result.findings)
        ledger.summarise(run, {**result.counts, **self.instead.summary})
        ledger.set_state(FINGERPRINT, outcome.mark)
        ledger.set_state(MASTER_RUN, str(run))
        result.purged = keep_purged(self.session, outcome.purged)
        ledger.set_state(CLOSED_MONTHS, json.dumps(closed_by(self.session, self.today, run)))
        ledger.set_state(OFFICE_SHEETS_STATE, saved_sheets(self.session.content))
