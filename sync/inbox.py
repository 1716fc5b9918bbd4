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
from workbook_files.workers import read_all
from workbook_templates.explanations import read_explanations
from workbook_templates.tables.registry import tables
from xingzhi import messages
from xingzhi.findings import Finding
from xingzhi.identity import Identity, read_identity
from xingzhi.labels import Label, Lang
from xingzhi.programme import Settings
from xingzhi.rows import RowsByTable
from xingzhi.shape import shape
from xingzhi.windows import Window

if TYPE_CHECKING:
    from sync.office_settings import Unit

IGNORED = ("~$", ".~lock", ".", "Thumbs.db", "desktop.ini")
"""How the names of files begin that no one sent: locks and the litter of desktops."""


@dataclass(frozen=True)
class Received:
    """One file of the inbox. `rows` has the tables that the file has; a file that cannot be read has none.

    `explanations` are what the unit wrote at its findings, by their keys. `readable` are the rows of a workbook that does
    not say whose it is: they are not the unit's until it has said so.
    """

    path: Path
    identity: Identity | None = None
    rows: RowsByTable | None = None
    findings: tuple[Finding, ...] = ()
    modified: datetime | None = None
    explanations: Mapping[str, str] = field(default_factory=dict)
    readable: RowsByTable | None = None


@dataclass(frozen=True)
class ReadSpec:
    """What a worker needs in order to read a file: which tables, the programme's time, and what the file may cost."""

    tables: tuple[str, ...]
    window: Window
    limits: Limits = DEFAULTS


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
    """Read one file: run in a worker process."""
    grid, findings = read_grid(path, spec.limits)
    if grid is None:
        return Received(path, findings=tuple(findings))
    identity, about = read_identity(grid)
    findings += about
    shaped = shape(grid, tables(spec.tables), spec.window)
    rows = {key: shaped.rows[key] for key in shaped.sheets}
    if identity is None:
        return Received(path, findings=tuple(findings), modified=grid.modified, readable=rows)
    return Received(
        path=path,
        identity=identity,
        rows=rows,
        findings=(*findings, *shaped.findings),
        modified=grid.modified,
        explanations=read_explanations(grid),
    )


def read_files(paths: Sequence[Path], spec: ReadSpec, workers: int) -> Iterator[Received]:
    """Read files in worker processes, in order; what kills its worker becomes a finding."""
    for path, result in read_all(paths, partial(read_received, spec=spec), workers=workers, limits=spec.limits):
        yield Received(path, findings=(result,)) if isinstance(result, Finding) else result


def owner(received: Received, units: Sequence[Unit]) -> Unit | None:
    """Whose file it is: by its identity; a file without one, by the office's file patterns and its own name."""
    code = received.identity.unit if received.identity else ""
    if code:
        return next((unit for unit in units if unit.code == code), None)
    name = received.path.name
    by_pattern = [unit for unit in units if unit.source and fnmatch.fnmatch(name, unit.source)]
    if len(by_pattern) == 1:
        return by_pattern[0]
    named = [unit for unit in units if any(text in name for text in (unit.name, *unit.former_names))]
    return named[0] if len(named) == 1 else None


def claimed(received: Received, unit: Unit) -> Received:
    """The file with the unit's code in its identity, where it was found by name alone."""
    if received.identity is None or received.identity.unit:
        return received
    return replace(received, identity=replace(received.identity, unit=unit.code))


def will_pass(found: Finding) -> bool:
    """Whether the disk or the moment is at fault, and not what the file holds."""
    if found.code != "F101":
        return found.code in ("F105", "F110")
    reason = dict(found.args).get("reason")
    told = reason.zh if isinstance(reason, Label) else ""
    starts = (messages.text(f"reason.{key}", Lang.ZH, detail="|").partition("|")[0] for key in _DISK_REASONS)
    return told.startswith(tuple(starts))


_DISK_REASONS = ("no_permission", "not_there")
