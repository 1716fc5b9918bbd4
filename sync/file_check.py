"""Check workbooks one by one, as a unit or an office does before anything is consolidated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from workbook_files.reader import read_grid
from workbook_files.workers import read_all
from workbook_templates.explanations import explanation_findings, read_explanations
from workbook_templates.profiles import profile, profile_ids
from workbook_templates.tables.registry import tables
from xingzhi.checks.book import check_identity
from xingzhi.checks.workbook import check_workbook
from xingzhi.deadlines import Deadline
from xingzhi.findings import Finding, placed
from xingzhi.identity import Identity, read_identity
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
        for root, term in self.terms.items():
            same = (term.programme.id, term.year) == (identity.programme, identity.year)
            if same and root in path.resolve().parents:
                return term
        if identity.programme not in profile_ids():
            return None
        return Term(programme=profile(identity.programme), year=identity.year)


def check_file(path: Path, *, rules: Rules, today: date) -> FileCheck:
    """Read and check one file: run in a worker process."""
    grid, findings = read_grid(path)
    if grid is None:
        return FileCheck(path, None, tuple(findings))
    identity, about = read_identity(grid)
    if identity is None:
        return FileCheck(path, None, (*findings, *about))
    term = rules.term(identity, path)
    if term is None:
        expected = "、".join(profile_ids())
        refusal = check_identity(identity, file=path.name, programme=expected, year=identity.year, units=None)
        return FileCheck(path, identity, (*about, *refusal))
    about += check_identity(identity, file=path.name, programme=term.programme.id, year=term.year, units=None)
    about += explanation_findings(read_explanations(grid))
    checked = check_workbook(grid, identity, term, tables(term.programme.tables), today)
    placed_about = placed(about, file=path.name, programme=term.instance, unit=identity.unit)
    return FileCheck(path, identity, (*placed_about, *checked.findings), checked.deadlines)


def check_files(
    paths: Sequence[Path], *, rules: Rules, today: date, workers: int, label: str, progress: Progress | None = None
) -> Iterator[FileCheck]:
    """Check files in worker processes, in order; what kills its worker becomes a finding."""
    task = partial(check_file, rules=rules, today=today)
    for number, (path, result) in enumerate(read_all(paths, task, workers=workers), start=1):
        if progress:
            progress(label, number, len(paths))
        yield FileCheck(path, None, (result,)) if isinstance(result, Finding) else result
