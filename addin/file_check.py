"""Check workbooks one by one, as a unit or an office does before anything is consolidated; write the findings into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from addin.commands.check import check_under
from addin.hosts.file_host import open_book
from addin.hosts.rules import HostRefused
from addin.said import Stopped
from workbook_files.reader import read_grid
from workbook_files.workers import read_all
from workbook_templates.grid_check import OfficeRules, check_grid
from xingzhi import messages
from xingzhi.deadlines import Deadline
from xingzhi.findings import Finding
from xingzhi.grid import Grid
from xingzhi.identity import Identity
from xingzhi.labels import Label, Lang

Progress = Callable[[str, int, int], None]
OfficeOf = Callable[[Path], OfficeRules | None]
"""Gives the rules of the office in whose folder a file lies, None elsewhere: it goes to worker processes."""


@dataclass(frozen=True)
class FileCheck:
    """What is said of one file. `identity` is None where it carries none or could not be read. `annotated` tells that the
    findings were written into it; where that was asked and could not be done, `why` says why."""

    path: Path
    identity: Identity | None
    findings: tuple[Finding, ...]
    deadlines: tuple[Deadline, ...] = ()
    annotated: bool = False
    why: Label | None = None


def check_file(
    path: Path,
    *,
    office_of: OfficeOf,
    today: date,
    wanted: tuple[str, int] | None = None,
    annotate: bool = False,
) -> FileCheck:
    """Read and check one file: run in a worker process.

    A file of a kind that can carry no identity is checked against `wanted` (programme, year), else against the programme
    of the office in whose folder it lies. With `annotate` the macro of the ribbon writes what it finds into the file.
    """
    grid, findings = read_grid(path)
    if grid is None:
        return FileCheck(path, None, tuple(findings))
    office = office_of(path)
    checked = check_grid(grid, today, office=office, wanted=wanted)
    found = FileCheck(path, checked.identity, (*findings, *checked.findings), checked.deadlines)
    return _annotated(found, grid, office, today) if annotate and checked.term else found


def _annotated(found: FileCheck, grid: Grid, office: OfficeRules | None, today: date) -> FileCheck:
    if not found.path.suffix.lower().startswith((".xlsx", ".xlsm")):
        return replace(found, why=messages.label("cli.annotate_kind"))
    try:
        with open_book(found.path, lambda _: (grid, [])) as host:
            check_under(host.book, today, office)
            host.save()
    except Stopped as stopped:
        return replace(found, why=Label(*(stopped.text(lang) for lang in (Lang.ZH, Lang.EN))))
    except HostRefused as refused:
        first = refused.findings[0]
        return replace(
            found, why=Label(*(f"{first.message(lang)} {first.remedy(lang)}" for lang in (Lang.ZH, Lang.EN)))
        )
    return replace(found, annotated=True)


def check_files(
    paths: Sequence[Path],
    *,
    office_of: OfficeOf,
    today: date,
    workers: int,
    label: str,
    progress: Progress | None = None,
    wanted: tuple[str, int] | None = None,
    annotate: bool = False,
) -> Iterator[FileCheck]:
    """Check files in worker processes, in order; what kills its worker becomes a finding."""
    task = partial(check_file, office_of=office_of, today=today, wanted=wanted, annotate=annotate)
    for number, (path, result) in enumerate(read_all(paths, task, workers=workers), start=1):
        if progress:
            progress(label, number, len(paths))
        yield FileCheck(path, None, (result,)) if isinstance(result, Finding) else result
