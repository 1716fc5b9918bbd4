"""The ledger's journal: the files that came in, what was issued, what was found and what changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from sync.codec import decode_finding, decode_findings, decode_rows, encode_finding, encode_findings, encode_rows
from sync.ledger_store import Store
from sync.records import Change, Submission, SubmissionStatus
from xingzhi.findings import Finding
from xingzhi.rows import decode, encode

_CHANGE = ("programme", "unit", "table", "record", "column", "kind", "before", "after", "file")


class Journal(Store):
    """Submissions, issued workbooks, findings and changes."""

    def add_submission(self, submission: Submission) -> Submission:
        """Write a file down; the same bytes at the same path again are written over, and go last in the order.

        Returns it with `received` as the ledger keeps it: the day on which this content was first seen, at any path.
        """
        self._demand_run()
        same = self.submissions_with(submission.programme, submission.unit, submission.sha256)
        kept = replace(submission, received=min([submission.received, *(each.received for each in same)]))
        self._write(
            """INSERT OR REPLACE INTO submissions (programme, unit, path, sha256, content_hash, received, send,
                base_run, modified, run, status, rows, findings, explanations)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            kept.programme,
            kept.unit,
            kept.path,
            kept.sha256,
            kept.content_hash,
            kept.received.isoformat(),
            kept.send,
            kept.base_run,
            kept.modified.isoformat() if kept.modified else None,
            kept.run,
            kept.status.value,
            encode_rows(kept.rows),
            encode_findings(kept.findings),
            encode(kept.explanations),
        )
        return kept

    def set_submission_status(
        self, programme: str, unit: str, path: str, sha256: str, status: SubmissionStatus
    ) -> None:
        """Change what became of a file."""
        self._write(
            "UPDATE submissions SET status = ? WHERE programme = ? AND unit = ? AND path = ? AND sha256 = ?",
            status.value,
            programme,
            unit,
            path,
            sha256,
        )

    def submissions(self, programme: str, unit: str) -> list[Submission]:
        """A unit's files in the order in which they were written down, which is that of merging."""
        return self._submissions("programme = ? AND unit = ?", programme, unit)

    def submissions_with(self, programme: str, unit: str, sha256: str) -> list[Submission]:
        """The unit's files with this content, at any path, in order."""
        return self._submissions("programme = ? AND unit = ? AND sha256 = ?", programme, unit, sha256)

    def submission_at(self, programme: str, unit: str, path: str) -> Submission | None:
        """The latest file at a path, or None."""
        found = self._submissions("programme = ? AND unit = ? AND path = ?", programme, unit, path)
        return found[-1] if found else None

    def latest_files(self, programme: str) -> dict[str, tuple[str, str]]:
        """The latest file at each path, whoever sent it: `{path: (unit, sha256)}`."""
        found = self._read(
            "SELECT path, unit, sha256 FROM submissions WHERE programme = ? ORDER BY position", programme
        )
        return {line["path"]: (line["unit"], line["sha256"]) for line in found}

    def add_issued(self, run: int, programme: str, unit: str, sha256: str) -> None:
        """Note that this workbook was issued in this run."""
        self._write("INSERT OR IGNORE INTO issued VALUES (?, ?, ?, ?)", programme, unit, run, sha256)

    def issued(self, programme: str, unit: str) -> dict[str, int]:
        """The unit's issued workbooks, oldest first: content hash to the last run that issued it."""
        found = self._read(
            "SELECT run, sha256 FROM issued WHERE programme = ? AND unit = ? ORDER BY run", programme, unit
        )
        return {line["sha256"]: line["run"] for line in found}

    def issued_in(self, run: int, programme: str) -> int:
        """To how many units a run issued a workbook."""
        found = self._read(
            "SELECT COUNT(DISTINCT unit) AS units FROM issued WHERE run = ? AND programme = ?", run, programme
        )
        return int(found[0]["units"])

    def add_findings(self, run: int, programme: str, unit: str, findings: Iterable[Finding]) -> None:
        """Keep a run's findings on one unit, in order."""
        self._write_all(
            "INSERT INTO findings (run, programme, unit, finding) VALUES (?, ?, ?, ?)",
            [(run, programme, unit, encode_finding(found)) for found in findings],
        )

    def findings(self, run: int, programme: str | None = None, unit: str | None = None) -> list[Finding]:
        """A run's findings in the order in which they were kept: all, or those of a programme or a unit."""
        return [decode_finding(line["finding"]) for line in self._of_run("findings", run, programme, unit)]

    def add_changes(self, run: int, changes: Iterable[Change]) -> None:
        """Keep what a run changed."""
        self._write_all(
            'INSERT INTO changes (run, programme, unit, tbl, record, "column", kind, before, after, file)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(run, *(getattr(each, name) for name in _CHANGE)) for each in changes],
        )

    def changes(self, run: int, programme: str | None = None, unit: str | None = None) -> list[Change]:
        """What a run changed, in order: everywhere, or in a programme or a unit."""
        return [
            Change(
                programme=line["programme"],
                unit=line["unit"],
                table=line["tbl"],
                record=line["record"],
                column=line["column"],
                kind=line["kind"],
                before=line["before"],
                after=line["after"],
                file=line["file"],
            )
            for line in self._of_run("changes", run, programme, unit)
        ]

    def _of_run(self, table: str, run: int, programme: str | None, unit: str | None) -> list[sqlite3.Row]:
        where, values = ["run = ?"], [str(run)]
        for name, value in (("programme", programme), ("unit", unit)):
            if value is not None:
                where.append(f"{name} = ?")
                values.append(value)
        return self._read(f"SELECT * FROM {table} WHERE {' AND '.join(where)} ORDER BY position", *values)

    def _submissions(self, where: str, *values: object) -> list[Submission]:
        return [
            _submission(line)
            for line in self._read(f"SELECT * FROM submissions WHERE {where} ORDER BY position", *values)
        ]


def _submission(line: sqlite3.Row) -> Submission:
    return Submission(
        programme=line["programme"],
        unit=line["unit"],
        path=line["path"],
        sha256=line["sha256"],
        received=date.fromisoformat(line["received"]),
        run=line["run"],
        status=SubmissionStatus(line["status"]),
        content_hash=line["content_hash"],
        send=line["send"],
        base_run=line["base_run"],
        modified=datetime.fromisoformat(line["modified"]) if line["modified"] else None,
        rows=decode_rows(line["rows"]),
        findings=decode_findings(line["findings"]),
        explanations={key: str(text) for key, text in decode(line["explanations"]).items()},
    )
