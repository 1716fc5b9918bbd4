"""`rescue`: whatever can be read of a workbook, in a fresh template, and a list of what could not be placed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path

from sync.inbox import Received, owner
from sync.office import OfficeFolder
from sync.office_settings import Unit
from sync.rescued_rows import Kept, cut, keep_numbers, relocated, unread
from sync.session import open_session
from sync.standing import waivers
from sync.unit_books import last_used
from sync.unplaced import Unplaced, unplaced
from workbook_files.limits import RESCUE
from workbook_files.reader import read_salvaged
from workbook_files.workers import read_all
from workbook_templates.explanations import read_explanations
from workbook_templates.migrations import current
from workbook_templates.profiles import profile, profile_ids
from workbook_templates.tables.registry import tables
from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import blank_rows, build
from xingzhi.checks.context import Context
from xingzhi.checks.phases import PER_FILE, PER_UNIT, run
from xingzhi.deadlines import Waiver
from xingzhi.findings import Finding, Severity, finding, placed
from xingzhi.fulfilment import UnitRecords
from xingzhi.grid import Grid
from xingzhi.identity import OFFICE, TEMPLATE_VERSION, Identity, read_identity
from xingzhi.labels import Label, Lang, Text
from xingzhi.programme import Term
from xingzhi.quoting import LONGEST_SHOWN
from xingzhi.record_numbers import ADDED_RANGE
from xingzhi.refusal import Refusal
from xingzhi.severities import graded
from xingzhi.shape import shape

_OF_FILE = ("B1", "S1", "N1", "K108")
"""How the codes begin of what does not hold of the new workbook: its sheets and headers are whole, its numbers our own."""

LOST = "F117"
"""What was lost of a damaged file: told whatever its severity."""


@dataclass(frozen=True)
class Whose:
    """What the caller says of a file: whose it is where the file does not say so itself."""

    programme: str = ""
    year: int = 0
    unit: str = ""


@dataclass(frozen=True)
class Nearby:
    """The office in whose folder the file lies: its rules, its units, and what it has waived for each."""

    term: Term
    units: tuple[Unit, ...]
    waived: Mapping[str, frozenset[Waiver]] = field(default_factory=dict)

    def unit(self, code: str) -> Unit | None:
        """The unit of this code, or None."""
        return next((unit for unit in self.units if unit.code == code), None)


@dataclass(frozen=True)
class Rescue:
    """What was read of a file: the workbook to write, what has no place in it, and everything that is wrong.

    `unplaced` names too what has a place, but no meaning there: a value that is not understood, a formula without one.
    `output` is where the workbook was written.
    """

    path: Path
    book: UnitBook
    unplaced: tuple[Unplaced, ...]
    findings: tuple[Finding, ...]
    output: Path = Path()

    @property
    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        return {table.key: len(self.book.records.table(table.key)) for table in self.book.tables}

    @property
    def is_clean(self) -> bool:
        """Whether everything has a place and nothing must be mended."""
        return not self.unplaced and not any(each.severity is Severity.ERROR for each in self.findings)


@dataclass(frozen=True)
class _Refused:
    """Why nothing can be rescued, as a worker passes it on."""

    key: str
    fields: Mapping[str, Text]


def rescue(path: Path, target: Path, whose: Whose, *, today: date, lang: Lang) -> Rescue:
    """Read the file in a worker process and write the new workbook to `target`, which is replaced in one step, or beside it
    where a program holds it.

    `lang` is the language of the new workbook where the old one does not say it. Refusal where the file cannot be read,
    or where nothing says for which programme, year or unit of the office it is; then nothing is written.
    """
    task = partial(read_rescue, whose=whose, nearby=_nearby(path), today=today, lang=lang)
    ((_, found),) = read_all([path], task, workers=1, limits=RESCUE)
    if isinstance(found, Finding):
        message, remedy = (Label(say(Lang.ZH), say(Lang.EN)) for say in (found.message, found.remedy))
        found = _Refused("refusal.workbook", {"file": path.name, "message": message, "remedy": remedy})
    if isinstance(found, _Refused):
        raise Refusal(found.key, **found.fields)
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        build(found.book, temporary)
        found = replace(found, output=_put(temporary, target))
    finally:
        temporary.unlink(missing_ok=True)
    return found


def _put(temporary: Path, target: Path) -> Path:
    """The new workbook at its place; beside it, under a name that is free, where a program holds what is there."""
    try:
        os.replace(temporary, target)
        return target
    except PermissionError:
        names = (target.with_name(f"{target.stem}_{number}{target.suffix}") for number in count(2))
        beside = next(path for path in names if not path.exists())
        os.replace(temporary, beside)
        return beside


def read_rescue(
    path: Path, *, whose: Whose, nearby: Nearby | None, today: date, lang: Lang
) -> Rescue | Finding | _Refused:
    """What can be read of a file: run in a worker process."""
    grid, of_file = read_salvaged(path, RESCUE)
    if grid is None:
        return of_file[0]
    found = rescued(path, grid, whose=whose, nearby=nearby, today=today, lang=lang)
    if isinstance(found, _Refused):
        return found
    lost = [each for each in of_file if each.code == LOST]
    lost = placed(lost, file="", programme=found.book.term.instance, unit=found.book.identity.unit)
    book = replace(found.book, findings=(*lost, *found.book.findings))
    return replace(found, book=book, findings=(*of_file, *found.findings))


def rescued(
    path: Path, grid: Grid, *, whose: Whose, nearby: Nearby | None, today: date, lang: Lang
) -> Rescue | _Refused:
    """The same for what was read of it, of whatever kind it is."""
    own, about = read_identity(grid)
    identity = _identity(path, own, whose, nearby, lang)
    if isinstance(identity, _Refused):
        return identity
    term = _term(identity, nearby)
    used = tables(term.programme.tables)
    grid = current(grid, own)
    shaped = shape(grid, used, term.time)
    left = unplaced(grid, shaped, used, term)
    kept = keep_numbers(shaped.rows, used, identity.unit)
    context = Context(used, term.time, today, unit=identity.unit)
    checks = [*shaped.findings, *run(PER_FILE, kept.rows, context), *run(PER_UNIT, kept.rows, context)]
    of_rows = [each for each in checks if not each.code.startswith(_OF_FILE) or each.code in ("S109", "S110")]
    disputes = [each for each in about if each.code == "B106"]
    findings = graded(placed([*disputes, *of_rows], file=path.name, programme=term.instance, unit=identity.unit), term)
    left = [*left, *kept.dropped, *cut(kept.rows)]
    book = _book(identity, term, kept, today)
    unit = nearby.unit(identity.unit) if nearby and nearby.term.instance == term.instance else None
    if nearby and unit:
        book = replace(book, member=unit.member, waivers=nearby.waived.get(unit.code, frozenset()))
    said = read_explanations(grid)
    listed = _listed(kept, left, findings, said, book)
    return Rescue(path, replace(book, findings=listed), (*left, *unread(findings, kept.rows)), tuple(findings))


def _nearby(path: Path) -> Nearby | None:
    office = OfficeFolder.containing(path)
    if office is None:
        return None
    with open_session(office.root) as session:
        units = session.settings.units
        return Nearby(session.term, units, {unit.code: waivers(session, unit) for unit in units})


def _identity(path: Path, own: Identity | None, whose: Whose, nearby: Nearby | None, lang: Lang) -> Identity | _Refused:
    """Whose the new workbook is: by the file, else by the caller, else by the office and the unit that its name names.

    What the caller says against the file is refused: another unit's rows must not become this one's by an option.
    """
    if own is not None:
        pairs = ((whose.programme, own.programme), (str(whose.year or ""), str(own.year)), (whose.unit, own.unit))
        for said, written in pairs:
            if said and written and said != written:
                return _Refused("refusal.rescue_other", {"value": said, "other": written})
    programme = own.programme if own else whose.programme or (nearby.term.programme.id if nearby else "")
    year = own.year if own else whose.year or (nearby.term.year if nearby else 0)
    if not programme or not year:
        return _Refused("refusal.rescue_whose", {"file": path.name})
    if programme not in profile_ids():
        return _Refused("refusal.rescue_programme", {"value": programme, "known": "、".join(profile_ids())})
    here = nearby if nearby and (nearby.term.programme.id, nearby.term.year) == (programme, year) else None
    by_name = owner(Received(path), here.units) if here else None
    code = (own.unit if own else "") or whose.unit or (by_name.code if by_name else "")
    unit = here.unit(code) if here else None
    if here and unit is None and whose.unit and not (own and own.unit):
        return _Refused("refusal.unknown_units", {"codes": whose.unit})
    # A file that says itself whose it is goes on from where it was: sync finds what it was made from.
    base = own if own and own.unit else None
    return Identity(
        template_version=TEMPLATE_VERSION,
        programme=programme,
        year=year,
        unit=code,
        unit_name=(base.unit_name if base else "") or (unit.name if unit else ""),
        base_run=base.base_run if base else 0,
        send=base.send if base else 0,
        lang=own.lang if own else lang.value,
        kind=OFFICE if (unit and unit.is_office) or (own and own.kind == OFFICE) else "",
    )


def _term(identity: Identity, nearby: Nearby | None) -> Term:
    if nearby and (nearby.term.programme.id, nearby.term.year) == (identity.programme, identity.year):
        return nearby.term
    return Term(programme=profile(identity.programme), year=identity.year)


def _book(identity: Identity, term: Term, kept: Kept, today: date) -> UnitBook:
    used = tables(term.programme.tables)
    serials = {}
    for table in used:
        rows = kept.rows[table.key]
        count = blank_rows(table, len(rows))
        serials[table.key] = last_used(kept.serials(table), printed=ADDED_RANGE - 1, count=count)
    return UnitBook(
        term=term,
        identity=identity,
        today=today,
        records=UnitRecords(identity.unit, kept.rows),
        serials=serials,
        added=kept.added,
    )


def _listed(
    kept: Kept, left: Iterable[Unplaced], findings: Iterable[Finding], said: Mapping[str, str], book: UnitBook
) -> Sequence[Finding]:
    """What the new workbook lists: what has no place, what is to be mended in its rows, and every explanation, each at the
    finding that it was given to or in a row of its own under the finding's key."""
    listed: list[Finding] = []
    for item in left:
        each = item.finding()
        # The place is that of the old workbook, which the message names: here it would paint another cell.
        listed.append(replace(each, told_as=each.key, sheet="", cell=""))
    of_rows = (each for each in findings if each.severity is not Severity.INFO)
    listed += [relocated(replace(each, told_as=each.key), kept, book.tables, book.lang) for each in of_rows]
    words = {key: text for key, text in said.items() if text}
    listed = [replace(each, explanation=words.pop(each.key, "")) for each in listed]
    for key, text in words.items():
        listed.append(replace(finding("S114", value=text[:LONGEST_SHOWN]), told_as=key, explanation=text))
    return placed(listed, file="", programme=book.term.instance, unit=book.identity.unit)
