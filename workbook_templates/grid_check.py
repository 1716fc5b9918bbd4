"""One workbook checked by itself: whose it is, by which rules, and what is wrong with it.

The ribbon, `xingzhi check` and whoever else looks at a single workbook come through here, so that all say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from workbook_templates.carried_rules import CarriedRules, read_rules, shipped
from workbook_templates.explanations import explanation_findings, read_explanations
from workbook_templates.migrations import OLDER, current
from workbook_templates.profiles import profile_ids
from workbook_templates.tables.registry import tables
from xingzhi.checks.book import check_identity
from xingzhi.checks.workbook import check_workbook
from xingzhi.deadlines import Deadline, Member, Waiver
from xingzhi.findings import Finding, finding, placed
from xingzhi.grid import Grid
from xingzhi.identity import OFFICE, TEMPLATE_VERSION, Identity, read_identity
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


@dataclass(frozen=True)
class OfficeRules:
    """What an office has set, and what it says of its units by their codes."""

    term: Term
    members: Mapping[str, Member] = field(default_factory=dict)
    waivers: frozenset[Waiver] = frozenset()

    def of_unit(self, identity: Identity) -> CarriedRules:
        """The same, of one unit."""
        unit = identity.unit
        member = self.members.get(unit) or Member(unit, office=identity.kind == OFFICE)
        return CarriedRules(self.term, member, frozenset(each for each in self.waivers if each[0] == unit))


def check_grid(
    grid: Grid, today: date, *, office: OfficeRules | None = None, wanted: tuple[str, int] | None = None
) -> GridCheck:
    """Check a workbook by the rules of the `office` in whose folder it lies, where they are of its programme and year; else by
    those that it carries; else by the shipped profile. Where the office stands by, its word on the unit counts, and not what
    the workbook carries.

    One of a kind that can carry no identity is checked against `wanted` (programme, year), else against the office's.
    """
    identity, about = read_identity(grid)
    if identity is None and grid.bare:
        identity = _wanted_of(office.term if office else None, wanted)
        about = [] if identity else about
    if identity is None:
        return GridCheck(None, tuple(about))
    carried = read_rules(grid, identity)
    term = term_of(identity, office.term if office else None, carried.term)
    if office and term is office.term:
        carried = office.of_unit(identity)
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
