"""What an office has set and a workbook carries in `_meta`, so that it is judged alike wherever it is opened: the office's own
rules where they are not the shipped ones, when the unit joined and left, and what it was let off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, ValidationError

from workbook_templates.profiles import profile, profile_ids
from workbook_templates.tables.registry import TABLES, tables
from workbook_templates.unit_book import UnitBook
from xingzhi.checks.requirements import check
from xingzhi.deadlines import Member, Office, Waiver, deadlines
from xingzhi.fulfilment import UnitRecords
from xingzhi.grid import Grid
from xingzhi.identity import META_SHEET, OFFICE, Identity
from xingzhi.programme import Term

KEY = "rules"
"""The key of the first line of `_meta` that holds them; those of the others are numbered from 2: `rules2`."""

_LONGEST = 10
"""Years that a programme may go on after the one of which it is."""

_CHUNK = 30_000
_MOST = 400_000
"""Characters: no office has so many rules."""


class _Carried(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    term: Term | None = None
    joined: date | None = None
    left: date | None = None
    waivers: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class CarriedRules:
    """`term` is None where the shipped rules hold."""

    term: Term | None
    member: Member
    waivers: frozenset[Waiver]


def rules_items(book: UnitBook) -> dict[str, str]:
    """The lines of `_meta` by their keys; none where the office has set nothing."""
    term, member = book.term, book.member
    carried = _Carried(
        term=None if term == shipped(book.identity) else term,
        joined=member.joined if member else None,
        left=member.left if member else None,
        waivers=tuple(sorted(waiver[1:] for waiver in book.waivers)),
    )
    if carried == _Carried():
        return {}
    text = carried.model_dump_json(exclude_defaults=True)
    starts = range(0, len(text), _CHUNK)
    return {_key(number): text[start : start + _CHUNK] for number, start in enumerate(starts, start=1)}


def read_rules(grid: Grid, identity: Identity) -> CarriedRules:
    """What a workbook carries. What cannot be read, or is of another programme or year, counts for nothing: a later version
    may say more than this one knows."""
    sheet = grid.sheet(META_SHEET)
    held = {str(row[0]): row[1] for row in sheet.rows if len(row) > 1 and row[0]} if sheet else {}
    carried = _parsed(_joined(held))
    term = carried.term
    if term and ((term.programme.id, term.year) != (identity.programme, identity.year) or not _can_judge(term)):
        carried, term = _Carried(), None
    unit = identity.unit
    return CarriedRules(
        term,
        Member(unit, carried.joined, carried.left, office=identity.kind == OFFICE),
        frozenset((unit, *waiver) for waiver in carried.waivers),
    )


def shipped(identity: Identity) -> Term | None:
    """The rules that come with the program, None for a programme that it does not know."""
    if identity.programme not in profile_ids():
        return None
    return Term(programme=profile(identity.programme), year=identity.year)


def _can_judge(term: Term) -> bool:
    """Whether this version can judge by these rules: they may name tables and columns of a later one, or days that there are
    not."""
    known = term.programme.tables
    if len(set(known)) != len(known) or not set(known) <= {table.key for table in TABLES}:
        return False
    if term.time.end.year > term.year + _LONGEST:
        return False
    records, member = UnitRecords(""), Member("")
    try:
        for day in (term.time.start, term.time.end):
            check(deadlines(Office(term), member, records, day, standing=True), tables(known))
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return False
    return True


def _joined(held: Mapping[str, object]) -> str:
    text, number = "", 1
    while isinstance(part := held.get(_key(number)), str) and len(text) <= _MOST:
        text, number = text + part, number + 1
    return text


def _parsed(text: str) -> _Carried:
    if not text or len(text) > _MOST:
        return _Carried()
    try:
        return _Carried.model_validate_json(text)
    except (ValidationError, ValueError, RecursionError):
        return _Carried()


def _key(number: int) -> str:
    return KEY if number == 1 else f"{KEY}{number}"
