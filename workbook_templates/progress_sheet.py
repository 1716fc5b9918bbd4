"""The hidden sheet of the projects that 应报事项 sums up: one line for each project, and in it how it stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from workbook_templates import sheet_names
from workbook_templates.deadline_formulas import NEVER, Vocabulary
from workbook_templates.document_formulas import first_approval, first_day, may_wait
from workbook_templates.fulfilment_formulas import Cells, applies, counts
from workbook_templates.pen import Cell, Formula, Pen
from xingzhi import documents
from xingzhi.deadlines import Member, owes
from xingzhi.fulfilment import Fulfilment, UnitRecords, bindings, measure
from xingzhi.grid import address, column_letters
from xingzhi.requirements import Document, Quota
from xingzhi.rows import Row
from xingzhi.spans import Span

SLOTS = 30
"""Projects that the sheet follows at least: the room of the table and ten more."""

_SPARE = 10
_IDENTITY = ("code", "level", "state")


@dataclass(frozen=True, slots=True)
class Standing:
    """How one project stands, with the span as it binds it."""

    project: Row
    span: Span
    fulfilment: Fulfilment


@dataclass(frozen=True)
class ProgressSheet:
    """What the sheet shows. `spans` are those of projects, in the order of their columns; `waived` gives the codes of the
    projects that the office has let off a span. `lines` are the lines of the projects table, from 0, at which the projects
    stand; one below the other where they are not given."""

    words: Vocabulary
    records: UnitRecords
    today: date
    spans: Sequence[Span]
    waived: Callable[[Span], Collection[str]]
    member: Member | None
    lines: Sequence[int] | None = None

    @cached_property
    def at(self) -> dict[int, Row]:
        """The projects by the lines of their table."""
        projects = self.records.table("projects")
        return dict(zip(self.lines if self.lines is not None else range(len(projects)), projects, strict=True))

    @cached_property
    def slots(self) -> int:
        """How many projects the sheet follows."""
        return max(SLOTS, max(self.at, default=-1) + 1 + _SPARE)

    @cached_property
    def standings(self) -> list[list[Standing]]:
        """For each span, how the projects stand that it binds and that are not let off."""
        return [self._standings(span) for span in self.spans]

    def _standings(self, span: Span) -> list[Standing]:
        waived = self.waived(span)
        return [
            Standing(project, own, measure(own, self.records, project, self.today))
            for project, own in bindings(span, self.records, self.today)
            if project is not None
            and project.text("code") not in waived
            and (not falls_due_alone(span) or self.member is None or owes(self.member, own))
        ]

    @cached_property
    def dates(self) -> list[str]:
        """The date columns of the projects table that bound the rules of months."""
        active = [span.rule.active for span in self.spans if isinstance(span.rule, Quota) and span.rule.active]
        return sorted({key for each in active for key in (each.start, each.end)})

    @cached_property
    def events(self) -> dict[str, Quota | Document]:
        """The rules, by their ids, that end with a first day of the project's own, or fall due with one."""
        rules = (span.rule for span in self.spans)
        return {
            rule.id: rule
            for rule in rules
            if (isinstance(rule, Quota) and rule.until) or (isinstance(rule, Document) and rule.before)
        }

    @cached_property
    def places(self) -> list[int]:
        """The first column of each span, counted from 0."""
        found, place = [], 1 + len(_IDENTITY) + len(self.dates) + len(self.events)
        for span in self.spans:
            found.append(place)
            place += 4 if falls_due_alone(span) else 3 if may_wait(span.rule) else 2
        return found

    def column(self, place: int) -> str:
        """All slots of a column, as a reference from another sheet."""
        letters = column_letters(place + 1)
        return f"'{sheet_names.PROGRESS.of(self.words.lang)}'!${letters}$2:${letters}${self.slots + 1}"


def falls_due_alone(span: Span) -> bool:
    """Whether each project owes a span by a day of its own."""
    return isinstance(span.rule, Document) and span.rule.before is not None


def write(pen: Pen, sheet: ProgressSheet) -> None:
    """One line a project: code, level, state, the dates and first days that bound its rules; then for each span whether
    it is met and whether it was on time; whether it waits, where it may; and, where the project's due day is its own, that
    day while it is not met, then that day in any case."""
    page = pen.add_sheet(sheet_names.PROGRESS.of(sheet.words.lang), hidden=True)
    plain, head = pen.format(), pen.format(bold=True)
    for (row, column), cell in cells(sheet).items():
        pen.put(page, row - 1, column - 1, cell, head if row == 1 else plain)


def cells(sheet: ProgressSheet) -> dict[tuple[int, int], Cell]:
    """Every cell of the sheet by (row, column), counted from 1."""
    keys = [*_IDENTITY, *sheet.dates, *sheet.events]
    found: dict[tuple[int, int], Cell] = {(1, column): key for column, key in enumerate(keys, start=2)}
    for span, place in zip(sheet.spans, sheet.places, strict=True):
        found[1, place + 1] = f"{span.rule.id} {span.period}".strip()
    by_project = [{id(each.project): each for each in standings} for standings in sheet.standings]
    for slot in range(sheet.slots):
        row, project = slot + 2, sheet.at.get(slot)
        found[row, 1] = slot + 1
        own = {key: f"${column_letters(column)}{row}" for column, key in enumerate(keys, start=2)}
        formulas = [*_identity(sheet, project, row - 1), *_events(sheet, project, own["code"])]
        found.update({(row, column): formula for column, formula in enumerate(formulas, start=2)})
        for span, place, standings in zip(sheet.spans, sheet.places, by_project, strict=True):
            standing = standings.get(id(project))
            for step, formula in enumerate(_slot(sheet, span, standing, own, address(row, place + 1)), start=1):
                found[row, place + step] = formula
    return found


def _identity(sheet: ProgressSheet, project: Row | None, at: int) -> list[Formula]:
    def entry(key: str) -> str:
        return f"INDEX({sheet.words.column('projects', key)},$A{at + 1})"

    texts = [Formula(f'=IFERROR({entry(key)}&"","")', _shown(sheet, project, key)) for key in _IDENTITY]
    days = {key: project.date(key) if project else None for key in sheet.dates}
    return [*texts, *(Formula(f"=IFERROR(N({entry(key)}),0)", day or 0) for key, day in days.items())]


def _shown(sheet: ProgressSheet, project: Row | None, key: str) -> str:
    if project is None:
        return ""
    column = sheet.words.tables["projects"][key]
    if not column.choices:
        return project.text(key)
    return "、".join(column.choice(each).label.of(sheet.words.lang) for each in project.keys(key))


def _events(sheet: ProgressSheet, project: Row | None, code: str) -> list[Formula]:
    """The first days of a project, NEVER where there is none; blank where there is no project, whose code no row bears."""
    found = []
    for rule in sheet.events.values():
        if isinstance(rule, Quota) and rule.until:
            formula = first_approval(rule.until, sheet.words, code)
            day = documents.first_approval(rule.until, sheet.records, project) if project else None
        elif isinstance(rule, Document) and rule.before:
            formula = first_day(rule.before, sheet.words, code)
            day = documents.first_day(rule.before, sheet.records, project, sheet.today) if project else None
        else:
            raise TypeError(f"{rule.id} has no first day")
        known = project is not None and project.text("code") != ""
        found.append(Formula(f'=IF({code}="","",{formula})', (day or NEVER) if known else ""))
    return found


def _slot(
    sheet: ProgressSheet, span: Span, standing: Standing | None, cells: Mapping[str, str], first: str
) -> list[Formula]:
    """1 or 0 for met and for on time, blank where the rule does not bind; then whether it waits, or the due day of
    one's own, until it is met and in any case."""
    event = cells.get(span.rule.id)
    due = event if falls_due_alone(span) else None
    until = None if falls_due_alone(span) else event
    words = counts(span, sheet.words, Cells(subject=cells["code"], until=until, due=due))
    waived = sorted(set(sheet.waived(span)) - {""})
    binds = applies(span, sheet.words, cells, due, waived, sheet.member)
    done = standing.fulfilment if standing else None
    met, on_time = (int(done.met), int(done.met and done.on_time)) if done else ("", "")
    formulas = [
        Formula(f'=IF({binds},{words.met},"")', met),
        Formula(f'=IF({first}="","",{first}*{words.on_time})', on_time),
    ]
    if due is not None:
        owed = standing.span.due if standing and not standing.fulfilment.met else None
        bound = standing.span.due if standing else None
        formulas.append(Formula(f'=IF({first}="","",IF({first}=1,"",{due}))', owed or ""))
        formulas.append(Formula(f'=IF({first}="","",{due})', bound or ""))
    if words.waiting is not None:
        formulas.append(Formula(f'=IF({first}="","",{words.waiting})', int(done.waiting) if done else ""))
    return formulas
