"""One workbook checked by itself: whose it is, by which rules, and what is wrong with it.

The ribbon, `xingzhi check` and whoever else looks at a single workbook come through here, so that all say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from workbook_templates.carried_rules import CarriedRules, read_rules, shipped
from workbook_templates.explanations import explanation_findings, read_explanations
from workbook_templates.migrations import OLDER, current
from workbook_templates.profiles import profile_ids
from workbook_templates.tables.registry import tables
from xingzhi.checks.book import check_identity
from xingzhi.checks.workbook import check_workbook
from xingzhi.deadlines import Deadline
from xingzhi.findings import Finding, finding, placed
from xingzhi.grid import Grid
from xingzhi.identity import TEMPLATE_VERSION, Identity, read_identity
from xingzhi.programme import Term
from xingzhi.rows import RowsByTable

_GRACE = timedelta(days=60)
"""Reports of a year are still mended so long after it."""


@dataclass(frozen=True)
class GridCheck:
    """What is said of one workbook. `identity` is None where it carries none; `term` where its programme is none that we
    know: then nothing but that was checked."""

    identity: Identity | None
    findings: tuple[Finding, ...]
    deadlines: tuple[Deadline, ...] = ()
    term: Term | None = None
    rows: RowsByTable | None = None
    carried: CarriedRules | None = None


def check_grid(
    grid: Grid, today: date, *, office: Term | None = None, wanted: tuple[str, int] | None = None
) -> GridCheck:
    """Check a workbook by the rules of the `office` in whose folder it lies, where they are of its programme and year; else by
    those that it carries; else by the shipped profile.

    One of a kind that can carry no identity is checked against `wanted` (programme, year), else against the office's.
    """
    identity, about = read_identity(grid)
    if identity is None and grid.bare:
        identity = _wanted_of(office, wanted)
        about = [] if identity else about
    if identity is None:
        return GridCheck(None, tuple(about))
    carried = read_rules(grid, identity)
    term = term_of(identity, office, carried.term)
    known = (term.programme.id, term.year) if term else ("、".join(profile_ids()), identity.year)
    about += check_identity(identity, file=grid.file, programme=known[0], year=known[1], units=None, older=OLDER)
    if term is None:
        return GridCheck(identity, tuple(about))
    about += [*_ended(grid, identity, term, today), *explanation_findings(read_explanations(grid))]
    checked = check_workbook(
        current(grid, identity),
        identity,
        term,
        tables(term.programme.tables),
        today,
        member=carried.member,
        waivers=carried.waivers,
    )
    # A file of one sheet has not lost the other tables.
    told = (each for each in checked.findings if each.code != "B107" or not grid.bare or not any(checked.rows.values()))
    placed_about = placed(about, file=grid.file, programme=term.instance, unit=identity.unit)
    return GridCheck(identity, (*placed_about, *told), checked.deadlines, term, checked.rows, carried)


def term_of(identity: Identity, office: Term | None = None, carried: Term | None = None) -> Term | None:
    """The rules for a workbook: its office's, those that it carries, the shipped ones; None where its programme is none
    that we know."""
    if office and (office.programme.id, office.year) == (identity.programme, identity.year):
        return office
    return carried or shipped(identity)


def _ended(grid: Grid, identity: Identity, term: Term, today: date) -> list[Finding]:
    """F118 where the workbook is of a year that is over: no office stands by to say so."""
    if today <= term.time.end + _GRACE:
        return []
    return [finding("F118", file=grid.file, value=str(identity.year), end=term.time.end.isoformat())]


def _wanted_of(office: Term | None, wanted: tuple[str, int] | None) -> Identity | None:
    if wanted is None and office is not None:
        wanted = (office.programme.id, office.year)
    return Identity(TEMPLATE_VERSION, *wanted) if wanted else None
