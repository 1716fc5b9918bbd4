"""One workbook checked as a whole: its shape, its rows, its tables, and what the programme asks of its unit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from xingzhi.checks import requirements
from xingzhi.checks.context import Context
from xingzhi.checks.phases import PER_FILE, PER_UNIT, run
from xingzhi.columns import Table
from xingzhi.deadlines import Deadline, Member, Office, Waiver, deadlines
from xingzhi.findings import Finding, placed
from xingzhi.fulfilment import UnitRecords
from xingzhi.grid import Grid
from xingzhi.identity import OFFICE, Identity
from xingzhi.programme import Term
from xingzhi.rows import RowsByTable
from xingzhi.severities import graded
from xingzhi.shape import shape


@dataclass(frozen=True)
class Checked:
    """What a workbook holds and what is wrong with it, before any office has seen it."""

    rows: RowsByTable
    findings: tuple[Finding, ...]
    deadlines: tuple[Deadline, ...]


def check_workbook(
    grid: Grid,
    identity: Identity,
    term: Term,
    tables: Sequence[Table],
    today: date,
    *,
    member: Member | None = None,
    waivers: Collection[Waiver] = (),
) -> Checked:
    """Every phase in order. Requirements are judged by what the unit claims: no office has received anything yet. `member` and
    `waivers` are what the office has said of the unit, where that is known."""
    shaped = shape(grid, tables, term.time)
    context = Context(tuple(tables), term.time, today, unit=identity.unit)
    # A table that was not found is told once (B107): what refers to it is not told again for each row.
    rows = {key: shaped.rows[key] for key in shaped.sheets}
    found = [*shaped.findings, *run(PER_FILE, rows, context), *run(PER_UNIT, rows, context)]
    records = UnitRecords(identity.unit, rows)
    member = member or Member(identity.unit, office=identity.kind == OFFICE)
    items = deadlines(Office(term, waivers), member, records, today, standing=True)
    found += requirements.check(items, tables)
    return Checked(
        rows=shaped.rows,
        findings=tuple(graded(placed(found, file=grid.file, programme=term.instance, unit=identity.unit), term)),
        deadlines=tuple(item for item in items if not item.span.standing),
    )
