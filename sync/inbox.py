"""The inbox: which files lie in it, and what each says."""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workbook_files.limits import DEFAULTS, MEGABYTE, Limits
from workbook_files.reader import read_grid
from workbook_files.workers import of_disk, read_all
from workbook_templates.explanations import explanation_findings, read_explanations
from workbook_templates.migrations import current
from workbook_templates.tables.registry import tables
from xingzhi import messages
from xingzhi.findings import Finding, finding, printable
from xingzhi.grid import Grid
from xingzhi.identity import Identity, read_identity
from xingzhi.labels import Label, Lang
from xingzhi.programme import Settings
from xingzhi.rows import RowsByTable
from xingzhi.shape import shape
from xingzhi.unit_names import UnitNames, named_in
from xingzhi.windows import Window

if TYPE_CHECKING:
    from sync.office_settings import Unit

IGNORED = ("~$", ".~lock", ".", "Thumbs.db", "desktop.ini")
"""How the names of files begin that no one sent: locks and the litter of desktops."""


@dataclass(frozen=True)
class Received:
    """One file of the inbox. `rows` has the tables that the file has; a file that cannot be read has none.

    `explanations` are what the unit wrote at its findings, by their keys. `readable` are the rows of a file that does not
    say whose it is, and `told` what was found in reading them: they are not the unit's until it is known whose they are.
    `bare` tells that a file of its kind can carry no identity. `sha256` is the hash of the bytes that were read; whoever
    writes down what they say writes this beside it, since the file may be another by then.
    """

    path: Path
    identity: Identity | None = None
    rows: RowsByTable | None = None
    findings: tuple[Finding, ...] = ()
    modified: datetime | None = None
    explanations: Mapping[str, str] = field(default_factory=dict)
    readable: RowsByTable | None = None
    told: tuple[Finding, ...] = ()
    bare: bool = False
    sha256: str = ""


@dataclass(frozen=True)
class ReadSpec:
    """What a worker needs in order to read a file: which tables, the programme's time, what the file may cost, and the
    names of the units."""

    tables: tuple[str, ...]
    window: Window
    limits: Limits = DEFAULTS
    units: UnitNames | None = None


def limits_of(settings: Settings) -> Limits:
    """What a file may cost, as the office has set it."""
    return replace(
        DEFAULTS,
        size=settings.file_megabytes * MEGABYTE,
        seconds=settings.file_seconds,
        memory=settings.file_memory * MEGABYTE,
    )


def inbox_files(folder: Path) -> list[Path]:
    """Every file of the inbox and its folders, by name; a link to a file counts as the file."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not path.name.startswith(IGNORED))


def digest(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_received(path: Path, spec: ReadSpec) -> Received:
    """Read one file: run in a worker process. F120 where it was replaced or written to meanwhile."""
    try:
        before = digest(path)
        grid, findings = read_grid(path, spec.limits)
        after = digest(path)
    except OSError as error:
        return Received(path, findings=(of_disk(path.name, error),))
    if before != after:
        return Received(path, findings=(finding("F120", file=path.name),))
    received = Received(path) if grid is None else as_received(path, replace(grid, file=printable(grid.file)), spec)
    return replace(received, findings=(*findings, *received.findings), sha256=after)


def as_received(path: Path, grid: Grid, spec: ReadSpec) -> Received:
    """What a file says, of whatever kind it is."""
    identity, findings = read_identity(grid)
    grid = current(grid, identity)
    shaped = shape(grid, tables(spec.tables), spec.window, spec.units)
    rows = {key: shaped.rows[key] for key in shaped.sheets}
    if identity is None:
        return Received(
            path,
            findings=tuple(findings),
            modified=grid.modified,
            readable=rows,
            told=shaped.findings,
            bare=grid.bare,
        )
    explanations = read_explanations(grid)
    return Received(
        path=path,
        identity=identity,
        rows=rows,
        findings=(*findings, *shaped.findings, *explanation_findings(explanations)),
        modified=grid.modified,
        explanations=explanations,
    )


def read_files(paths: Sequence[Path], spec: ReadSpec, workers: int) -> Iterator[Received]:
    """Read files in worker processes, in order; what kills its worker becomes a finding."""
    for path, result in read_all(paths, partial(read_received, spec=spec), workers=workers, limits=spec.limits):
        yield Received(path, findings=(result,)) if isinstance(result, Finding) else result


def owner(received: Received, units: Sequence[Unit]) -> Unit | None:
    """Whose file it is: by its identity; a file without one, by the office's file patterns and its own name, in which a
    unit's name may be spelt as people spell it. Between two units nothing is guessed."""
    code = received.identity.unit if received.identity else ""
    if code:
        return next((unit for unit in units if unit.code == code), None)
    name = received.path.name
    by_pattern = [unit for unit in units if unit.source and fnmatch.fnmatch(name, unit.source)]
    if len(by_pattern) == 1:
        return by_pattern[0]
    named = named_units(name, units)
    return named[0] if len(named) == 1 else None


def unit_names(units: Sequence[Unit]) -> UnitNames:
    """The names by which the office knows its units. One that it has given no name is called by its code, which nobody
    writes for a name."""
    return UnitNames(tuple((unit.name, *unit.former_names) for unit in units if unit.name != unit.code))


def named_units(name: str, units: Sequence[Unit]) -> list[Unit]:
    """The units whose name, or a former one, stands in a file's name."""
    return [units[place] for place in named_in(name, [(unit.name, *unit.former_names) for unit in units])]


def will_pass(found: Finding) -> bool:
    """Whether the disk or the moment is at fault, and not what the file holds."""
    if found.code != "F101":
        return found.code in ("F105", "F110", "F120")
    reason = dict(found.args).get("reason")
    told = reason.zh if isinstance(reason, Label) else ""
    starts = (messages.text(f"reason.{key}", Lang.ZH, detail="|").partition("|")[0] for key in _DISK_REASONS)
    return told.startswith(tuple(starts))


_DISK_REASONS = ("no_permission", "not_there")
