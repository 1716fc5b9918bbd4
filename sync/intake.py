"""Whose a received file is, and whether it can be taken at all: by its identity, else by what its name says for certain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sync.inbox import Received, named_units, owner
from sync.office_settings import Unit
from workbook_templates.migrations import OLDER
from workbook_templates.tables.registry import tables
from xingzhi.checks.book import check_identity
from xingzhi.checks.context import Context
from xingzhi.checks.foreign import foreign_number, foreign_rows
from xingzhi.findings import Finding, finding
from xingzhi.identity import OFFICE, TEMPLATE_VERSION, Identity
from xingzhi.programme import Term

NO_BASE = -1
"""The issue run of a file that can carry none: nothing that the ledger has was made from it, nor it from anything."""


@dataclass(frozen=True)
class Intake:
    """A file, the unit that it is taken for (None: nobody knows), and what is to be said before its rows are looked at."""

    received: Received
    unit: Unit | None
    findings: list[Finding]


def take_in(received: Received, term: Term, units: Sequence[Unit], before: Unit | None) -> Intake:
    """Judge a file. `before` is the unit whose file lay at its path: one that cannot be read, or does not say whose it
    is, is its."""
    if received.bare and received.identity is None:
        received = _by_name(received, term, units)
    disputed = any(each.code == "B106" and each.column == "unit" for each in received.findings)
    unit = owner(received, units) or (before if received.identity is None and not disputed else None)
    identity = received.identity
    if identity is None:
        return Intake(received, unit, list(received.findings))
    findings = check_identity(
        identity if unit is None else replace(identity, unit=unit.code),
        file=received.path.name,
        programme=term.programme.id,
        year=term.year,
        units={each.code for each in units},
        older=OLDER,
    )
    others = _named_instead(received, unit, units) if unit is not None else []
    if unit is not None and others:
        # Whoever sent it is asked first: rows of one unit that are merged into another's cannot be told apart again.
        listed = "、".join(each.name for each in others)
        wrong = finding("B110", file=received.path.name, value=unit.code, name=unit.name, other=listed)
        return Intake(received, others[0] if len(others) == 1 else unit, [wrong])
    if unit is not None:
        notes = [each for each in findings if each.code == "B111"]
        identity = replace(identity, unit=unit.code)
        received = replace(received, identity=identity, findings=(*received.findings, *notes))
    return Intake(received, unit, findings)


def _named_instead(received: Received, unit: Unit, units: Sequence[Unit]) -> list[Unit]:
    """The units that the file's name names, where the workbook's own identity is that of none of them."""
    if received.identity is None or not received.identity.unit:
        return []
    named = named_units(received.path.name, units)
    return [] if unit in named else named


def _by_name(received: Received, term: Term, units: Sequence[Unit]) -> Received:
    """A file of a kind that can carry no identity, as a part-book of the one unit that its name or the office's pattern
    names. It stays without identity where none does, where no table was found, and where a row is another unit's."""
    unit = owner(received, units)
    rows = received.readable
    if unit is not None and not rows:
        # Whose it is it does say: what is wrong is what it holds.
        known = (each for each in received.findings if each.code != "B101")
        return replace(received, findings=(*known, *received.told))
    if unit is None or not rows:
        return received
    codes = frozenset(each.code for each in units)
    context = Context(tables(term.programme.tables), term.time, term.time.start, unit=unit.code, units=codes)
    foreign = [foreign_number(table, row, other, context) for table, row, other in foreign_rows(rows, context)]
    if foreign:
        return replace(received, findings=(*received.findings, *foreign))
    identity = Identity(
        template_version=TEMPLATE_VERSION,
        programme=term.programme.id,
        year=term.year,
        unit=unit.code,
        unit_name=unit.name,
        base_run=NO_BASE,
        kind=OFFICE if unit.is_office else "",
    )
    taken = finding("B109", file=received.path.name, value=unit.code, name=unit.name, year=str(term.year))
    # A file of one sheet has not lost the other tables.
    told = (each for each in (*received.findings, *received.told) if each.code not in ("B101", "B107"))
    return replace(received, identity=identity, rows=rows, readable=None, findings=(*told, taken))
