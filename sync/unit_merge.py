"""One unit's new files merged into the ledger, in order, each against what it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

from sync import actions
from sync.explanations import EXPLAINED, explained, merge_explanations
from sync.foreign_rows import settled
from sync.inbox import Received
from sync.lineage import base_of, is_older, predecessor
from sync.merge import plan
from sync.printed_rows import printed_rows
from sync.records import (
    Change,
    Current,
    Incoming,
    LedgerRow,
    RowKey,
    Snapshot,
    StoredRow,
    Submission,
    SubmissionStatus,
    Values,
)
from sync.refill import readable_rows
from sync.session import Session
from xingzhi.columns import Owner, Table, record_number
from xingzhi.findings import Finding, finding, placed, printable
from xingzhi.rows import Value, content_hash, unit_values

LASTING = ("F108", "F109")
"""What is said of a file that was not merged, for as long as it lies in the inbox."""


@dataclass(frozen=True)
class NewFile:
    """A file of the inbox that is new at its path, which is relative to the office's folder."""

    path: str
    received: Received

    @property
    def name(self) -> str:
        """The file's own name."""
        return printable(self.received.path.name)


@dataclass
class UnitMerge:
    """One unit's merging in one run. `changes` are what it did; `taken` the paths whose rows were merged, `unchanged`
    those that said nothing new."""

    session: Session
    unit: str
    run: int
    today: date
    force: bool = False
    changes: list[Change] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)

    def merge(self, files: Sequence[NewFile]) -> None:
        """Merge the files, the oldest first. Writes to the ledger's open run."""
        files = [replace(file, received=settled(file.received, self.session, self.unit, self.today)) for file in files]
        waiting: list[tuple[Incoming, NewFile]] = []
        said: dict[str, str] = {
            each.content_hash: each.path
            for each in self.session.ledger.standing_submissions(self.session.programme, self.unit)
            if each.status is not SubmissionStatus.REJECTED
        }
        for file in files:
            content = rows_hash(file.received, self.session.tables)
            at_path = self.session.ledger.submission_at(self.session.programme, self.unit, file.path)
            if at_path and at_path.status is not SubmissionStatus.REJECTED and at_path.content_hash == content:
                if self.force and was_held_back(at_path):
                    self._merge_file(self._incoming(file), file, again=at_path)
                else:
                    self._renew(file, at_path)
            elif at_path is None and content in said:
                self._note(file, "F108", SubmissionStatus.DUPLICATE, said[content])
            else:
                waiting.append((self._incoming(file), file))
                said.setdefault(content, file.path)
        for incoming, file in sorted(waiting, key=lambda pair: pair[0].order):
            self._merge_file(incoming, file)

    def reject(self, file: NewFile, findings: Iterable[Finding]) -> None:
        """Write down a file that is not taken, with the findings that say why."""
        rows = file.received.rows if file.received.rows is not None else file.received.readable
        self._add(file, SubmissionStatus.REJECTED, readable_rows(rows, self.session.tables), findings, content="")

    def _incoming(self, file: NewFile) -> Incoming:
        identity = file.received.identity
        assert identity is not None and file.received.rows is not None
        return Incoming(
            programme=self.session.programme,
            unit=self.unit,
            name=file.name,
            rows=file.received.rows,
            received=self.today,
            base_run=identity.base_run,
            send=identity.send,
            modified=file.received.modified,
            path=file.path,
        )

    def _merge_file(self, incoming: Incoming, file: NewFile, *, again: Submission | None = None) -> None:
        """Merge one file. `again` is what the ledger has of this very file, where it is taken at its word after all."""
        ledger, programme, tables = self.session.ledger, self.session.programme, self.session.tables
        issued = self._issued(incoming.base_run)
        earlier = ledger.standing_submissions(programme, self.unit)
        newer = None if again else is_older(incoming, earlier, issued=issued, tables=tables)
        if newer is not None and newer.path != file.path:
            self._note(file, "F109", SubmissionStatus.SUPERSEDED, newer.path)
            return
        # What is absent from a file without a base was never in it.
        before = again or (None if file.received.bare else predecessor(incoming, earlier, issued=issued, tables=tables))
        rows = ledger.rows(programme, self.unit)
        office = printed_office(rows, ledger.office_values(programme, self.unit), tables)
        planned = plan(
            incoming,
            base=base_of(before, issued),
            current=Current.of(rows, office),
            tables=tables,
            allocate=lambda key: new_record(self.session, self.unit, key),
            issued=ledger.issued_serials(programme, self.unit),
            force=self.force,
            lang=self.session.lang,
        )
        for action in planned.actions:
            ledger.put(self.run, action.after)
        self.changes += actions.changes(planned.effects, file=file.name)
        self._explain(file, next((each for each in reversed(earlier) if each.path == file.path), None))
        self.taken.append(file.path)
        # A row that vanished is told from its status for as long as it is waited for, not from the file of one day.
        lasting = (each for each in planned.findings if each.code != "M102")
        self._add(file, SubmissionStatus.ACCEPTED, planned.stored, (*file.received.findings, *lasting))
        if before is not None and before.path != file.path:
            ledger.set_submission_status(programme, self.unit, before.path, before.sha256, SubmissionStatus.SUPERSEDED)
        for each in earlier:
            # A workbook that was given out after a file was merged holds what that file said.
            if each.status is SubmissionStatus.ACCEPTED and each.run <= incoming.base_run and each.path != file.path:
                ledger.set_submission_status(programme, self.unit, each.path, each.sha256, SubmissionStatus.SUPERSEDED)

    def _explain(self, file: NewFile, before: Submission | None) -> None:
        """Take in what the file says of findings. `before` is what lay at its path: that, or what was issued, tells what it
        changed; another copy's word is only replaced, never taken back."""
        ledger, programme = self.session.ledger, self.session.programme
        base_run = file.received.identity.base_run if file.received.identity else 0
        if before and before.status is not SubmissionStatus.REJECTED and before.base_run == base_run:
            base = before.explanations
        else:
            base = ledger.explanations(programme, self.unit, as_of=base_run) if base_run > 0 else {}
        changed = merge_explanations(
            file.received.explanations, base=base, current=ledger.explanations(programme, self.unit)
        )
        for key, (said, text) in changed.items():
            ledger.put_explanation(self.run, programme, self.unit, key, text, file.path)
            self.changes.append(explained(programme, self.unit, key, said, text, file=file.name))

    def _issued(self, base_run: int) -> Snapshot:
        """What the workbook held when it was issued: nothing for a blank template."""
        if base_run <= 0:
            return Snapshot()
        ledger, programme = self.session.ledger, self.session.programme
        rows = ledger.rows(programme, self.unit, as_of=base_run)
        office = ledger.office_values(programme, self.unit, as_of=base_run)
        issued = Snapshot.issued(rows, printed_office(rows, office, self.session.tables))
        return replace(issued, rows={**printed_rows(self.session, self.unit, base_run), **issued.rows})

    def _renew(self, file: NewFile, held: Submission) -> None:
        """Write down the new bytes of a file that says what it said: else each run would read it again.

        What was found in reading it is told anew, since a date typed as text may have become a date.
        """
        self.unchanged.append(file.path)
        lasting = (each for each in held.findings if each.code[0] == "M" or each.code in LASTING)
        found = placed(file.received.findings, file=file.name, programme=self.session.programme, unit=self.unit)
        identity = file.received.identity
        if identity and identity.base_run != held.base_run:
            # The unit works in another workbook now, be it that it has typed nothing new into it yet.
            held = replace(held, base_run=identity.base_run, send=identity.send, modified=file.received.modified)
        self.session.ledger.add_submission(
            # The run stays that of the merge: a restore that undid it has undone this too.
            replace(held, sha256=file.received.sha256, findings=(*found, *lasting))
        )

    def _note(self, file: NewFile, code: str, status: SubmissionStatus, other: str) -> None:
        self._add(file, status, (), [finding(code, other=other.rpartition("/")[2])])
        self.unchanged.append(file.path)

    def _add(
        self,
        file: NewFile,
        status: SubmissionStatus,
        rows: tuple[StoredRow, ...],
        findings: Iterable[Finding],
        *,
        content: str | None = None,
    ) -> None:
        identity, programme = file.received.identity, self.session.programme
        self.session.ledger.add_submission(
            Submission(
                programme=programme,
                unit=self.unit,
                path=file.path,
                sha256=file.received.sha256,
                received=self.today,
                run=self.run,
                status=status,
                content_hash=rows_hash(file.received, self.session.tables) if content is None else content,
                send=identity.send if identity else 0,
                base_run=identity.base_run if identity else 0,
                modified=file.received.modified,
                rows=rows,
                findings=tuple(placed(findings, file=file.name, programme=programme, unit=self.unit)),
                explanations={key: text for key, text in file.received.explanations.items() if text},
            )
        )


def was_held_back(submission: Submission) -> bool:
    """Whether a table of the file came back empty and was not taken (M105): `force` takes it."""
    return any(each.code == "M105" for each in submission.findings)


def rows_hash(received: Received, tables: Iterable[Table]) -> str:
    """The hash of what the unit wrote: equal for a file that was merely opened and saved."""
    rows = received.rows or {}
    written = ((table.key, row.record, unit_values(row, table)) for table in tables for row in rows.get(table.key, ()))
    said = ((EXPLAINED, key, {"text": text}) for key, text in received.explanations.items() if text)
    return content_hash(chain(written, said))


def printed_office(
    rows: Iterable[LedgerRow], office: Mapping[RowKey, Mapping[str, Value]], tables: Sequence[Table]
) -> dict[RowKey, Values]:
    """The office's values as a workbook shows them: with the day of first receipt where the office entered none."""
    owned = {table.key: {column.key for column in table.owned_by(Owner.OFFICE)} for table in tables}
    shown: dict[RowKey, Values] = dict(office)
    for row in rows:
        if "received_on" in owned.get(row.table, ()) and row.first_received:
            shown[row.key] = {"received_on": row.first_received, **shown.get(row.key, {})}
    return {
        key: {name: value for name, value in values.items() if name in owned.get(key[0], ())}
        for key, values in shown.items()
    }


def new_record(session: Session, unit: str, table: str) -> str:
    """A record number that no workbook was ever printed with, and that no row bears: a unit can type any number."""
    letters = next(each.letters for each in session.tables if each.key == table)
    ledger, programme = session.ledger, session.programme
    while True:
        record = record_number(unit, letters, ledger.next_serial(programme, unit, table))
        if not ledger.has_record(programme, unit, table, record):
            return record
