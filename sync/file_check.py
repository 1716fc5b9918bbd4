"""Check workbooks one by one, as a unit or an office does before anything is consolidated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from workbook_files.reader import read_grid
from workbook_files.workers import read_all
from workbook_templates.explanations import explanation_findings, read_explanations
from workbook_templates.migrations import OLDER, current
from workbook_templates.profiles import profile, profile_ids
from workbook_templates.tables.registry import tables
from xingzhi.checks.book import check_identity
from xingzhi.checks.workbook import check_workbook
from xingzhi.deadlines import Deadline
from xingzhi.findings import Finding, finding, placed
from xingzhi.identity import TEMPLATE_VERSION, Identity, read_identity
from xingzhi.programme import Term

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class FileCheck:
    """What is said of one file. `identity` is None where it carries none or could not be read."""

    path: Path
    identity: Identity | None
    findings: tuple[Finding, ...]
    deadlines: tuple[Deadline, ...] = ()


@dataclass(frozen=True)
class Rules:
    """The terms that offices have set, by the office's folder; any other workbook is judged by the shipped profile."""

    terms: Mapping[Path, Term]

    def term(self, identity: Identity, path: Path) -> Term | None:
        """The rules for a workbook at a path, None where its programme is none that we know."""
        term = self.of_office(path)
        if term and (term.programme.id, term.year) == (identity.programme, identity.year):
            return term
        if identity.programme not in profile_ids():
            return None
        return Term(programme=profile(identity.programme), year=identity.year)

    def of_office(self, path: Path) -> Term | None:
        """The rules of the office in whose folder a file lies, None elsewhere."""
        return next((term for root, term in self.terms.items() if root in path.resolve().parents), None)


def check_file(path: Path, *, rules: Rules, today: date, wanted: tuple[str, int] | None = None) -> FileCheck:
    """Read and check one file: run in a worker process.

    A file of a kind that can carry no identity is checked against `wanted` (programme, year), else against the programme
    of the office in whose folder it lies.
    """
    grid, findings = read_grid(path)
    if grid is None:
        return FileCheck(path, None, tuple(findings))
    identity, about = read_identity(grid)
    if identity is None and grid.bare:
        identity = _wanted_of(rules.of_office(path), wanted)
        about = [] if identity else about
    about = [*findings, *about]
    if identity is None:
        return FileCheck(path, None, tuple(about))
    term = rules.term(identity, path)
    if term is None:
        expected = "、".join(profile_ids())
        refusal = check_identity(
            identity, file=path.name, programme=expected, year=identity.year, units=None, older=OLDER
        )
        return FileCheck(path, identity, (*about, *refusal))
    about += check_identity(
        identity, file=path.name, programme=term.programme.id, year=term.year, units=None, older=OLDER
    )
    about += [*_ended(path, identity, term, today), *explanation_findings(read_explanations(grid))]
    checked = check_workbook(current(grid, identity), identity, term, tables(term.programme.tables), today)
    # A file of one sheet has not lost the other tables.
    told = (each for each in checked.findings if each.code != "B107" or not grid.bare or not any(checked.rows.values()))
    placed_about = placed(about, file=path.name, programme=term.instance, unit=identity.unit)
    return FileCheck(path, identity, (*placed_about, *told), checked.deadlines)


def _ended(path: Path, identity: Identity, term: Term, today: date) -> list[Finding]:
    """F118 where the workbook is of a year that is over: no office stands by to say so."""
    if today <= term.time.end + _GRACE:
        return []
    return [finding("F118", file=path.name, value=str(identity.year), end=term.time.end.isoformat())]


_GRACE = timedelta(days=60)
"""Reports of a year are still mended so long after it."""


def _wanted_of(term: Term | None, wanted: tuple[str, int] | None) -> Identity | None:
    if wanted is None and term is not None:
        wanted = (term.programme.id, term.year)
    return Identity(TEMPLATE_VERSION, *wanted) if wanted else None


def check_files(
    paths: Sequence[Path],
    *,
    rules: Rules,
    today: date,
    workers: int,
    label: str,
    progress: Progress | None = None,
    wanted: tuple[str, int] | None = None,
) -> Iterator[FileCheck]:
    """Check files in worker processes, in order; what kills its worker becomes a finding."""
    task = partial(check_file, rules=rules, today=today, wanted=wanted)
    for number, (path, result) in enumerate(read_all(paths, task, workers=workers), start=1):
        if progress:
            progress(label, number, len(paths))
        yield FileCheck(path, None, (result,)) if isinstance(result, Finding) else result
