"""应报事项 and the hidden sheet of the projects that it sums up: live formulas, each written with Python's value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from workbook_templates import progress_sheet, sheet_names
from workbook_templates.deadline_formulas import BASE_DATE, Vocabulary, day
from workbook_templates.document_formulas import may_wait
from workbook_templates.fulfilment_formulas import Cells, counts
from workbook_templates.pen import Cell, Field, Fill, Formula, Look, Pen
from workbook_templates.progress_sheet import ProgressSheet, Standing, falls_due_alone
from xingzhi import messages
from xingzhi.deadlines import STATE_LABELS, Member, State, Waiver, asked_of, judge, owes
from xingzhi.fulfilment import Fulfilment, UnitRecords, measure
from xingzhi.labels import Label, Lang
from xingzhi.programme import Term
from xingzhi.requirements import Document, Quota, Scope
from xingzhi.spans import Span, resolve

HEADER = 3
"""The row of the header, counted from 0: 基准日 stands above it."""

TABLE = "deadlines"
_STATE_COLOURS = {
    State.SOON: ("#FFEB9C", "#7F6000"),
    State.OVERDUE: ("#FFC7CE", "#9C0006"),
    State.DONE: ("#C6EFCE", "#006100"),
    State.DONE_LATE: ("#DDEBF7", "#1F4E78"),
    State.WAIVED: ("#EDEDED", "#7F7F7F"),
}


@dataclass(frozen=True)
class DeadlineSheet:
    """What 应报事项 shows: the term, the unit's records, and the day. `live` makes 基准日 follow the clock.

    The workbook knows what its own cells say, and no receipts but those that the office printed into it. `project_lines`
    are as in `ProgressSheet`.
    """

    term: Term
    records: UnitRecords
    words: Vocabulary
    today: date
    live: bool
    waivers: frozenset[Waiver] = frozenset()
    member: Member | None = None
    project_lines: tuple[int, ...] | None = None

    def base_date(self) -> Cell:
        """What stands in 基准日."""
        return Formula("=TODAY()", self.today) if self.live else self.today

    @property
    def lang(self) -> Lang:
        """The language of the workbook."""
        return self.words.lang

    def spans(self) -> list[Span]:
        """The dated spans that a unit or its projects owe, by due date."""
        spans = [span for span in resolve(self.term) if not span.standing and self._owed(span)]
        return sorted(spans, key=lambda span: (span.due or date.max, span.rule.id))

    def _owed(self, span: Span) -> bool:
        scope = span.rule.scope
        if self.member is None:
            return scope in (Scope.UNIT, Scope.PROJECT)
        if falls_due_alone(span):
            return asked_of(self.member, span.rule)
        return scope is not Scope.PERSON and owes(self.member, span)

    def waived(self, span: Span) -> frozenset[str]:
        """The project codes that the office has let off a span; the empty code is the unit's own."""
        unit, rule = self.records.unit, span.rule.id
        return frozenset(
            subject
            for code, id, subject, period in self.waivers
            if (code, id) == (unit, rule) and period in ("", span.period)
        )

    def progress(self) -> ProgressSheet:
        """The hidden sheet of the projects."""
        spans = [span for span in self.spans() if span.rule.scope is Scope.PROJECT]
        return ProgressSheet(self.words, self.records, self.today, spans, self.waived, self.member, self.project_lines)

    def fields(self) -> list[Field]:
        """The columns of the sheet."""

        def field(key: str, width: float, look: Look, *, hidden: bool = False) -> Field:
            return Field(self.text(f"deadlines.{key}"), width, look, Fill.OTHER, hidden)

        return [
            field("requirement", 7, Look.CENTRE),
            field("title", 34, Look.WRAP),
            field("subject", 10, Look.CENTRE),
            field("period", 10, Look.CENTRE),
            field("opens", 12, Look.DATE),
            field("due", 12, Look.DATE),
            field("need", 9, Look.NUMBER),
            field("done", 9, Look.NUMBER),
            field("state", 11, Look.CENTRE),
            field("note", 34, Look.WRAP),
            field("waived", 8, Look.CENTRE),
            field("met", 8, Look.NUMBER, hidden=True),
            field("on_time", 8, Look.NUMBER, hidden=True),
            field("soon_from", 12, Look.DATE, hidden=True),
            field("waiting", 8, Look.NUMBER, hidden=True),
        ]

    def text(self, key: str, **args: str | int) -> str:
        """A text of the catalogue in the language of the workbook."""
        return messages.text(key, self.lang, **args)


def write(pen: Pen, sheet: DeadlineSheet, footer: str) -> list[list[Cell]]:
    """Write both sheets, and return the lines of 应报事项."""
    name = sheet_names.DEADLINES.of(sheet.lang)
    page = pen.add_sheet(name)
    pen.heading(page, name, [sheet.text("deadlines.lead")])
    page.set_row(2, 18)
    label = sheet.text("deadlines.base_date")
    page.write_string(2, 4, label, pen.format(align="right"))
    form = pen.format(num_format="yyyy-mm-dd", align="center", bold=True, border=1, bg_color="#FFF2CC")
    pen.put(page, 2, 5, sheet.base_date(), form)
    pen.book.define_name(BASE_DATE, f"='{name}'!$F$3")

    progress = sheet.progress()
    rows = lines(sheet, progress, HEADER + 2)
    fields = sheet.fields()
    region = pen.table(page, fields, rows, name=TABLE, header_row=HEADER)
    for state, (fill, ink) in _STATE_COLOURS.items():
        page.conditional_format(
            region.first,
            8,
            region.last,
            8,
            {
                "type": "cell",
                "criteria": "==",
                "value": f'"{STATE_LABELS[state].of(sheet.lang)}"',
                "format": pen.book.add_format({"bg_color": fill, "font_color": ink}),
            },
        )
    pen.paper(page, fields, region, footer=footer, key_columns=2)
    page.data_validation(
        region.first,
        0,
        region.last,
        len(fields) - 1,
        {
            "validate": "custom",
            "value": "=FALSE",
            "error_title": sheet.text("validation.tool_title"),
            "error_message": sheet.text("validation.tool"),
        },
    )
    progress_sheet.write(pen, progress)
    return rows


def lines(sheet: DeadlineSheet, progress: ProgressSheet, first: int) -> list[list[Cell]]:
    """The lines of 应报事项, the first of which stands in the row `first` of its sheet, counted from 1."""
    places = {(span.rule.id, span.period): index for index, span in enumerate(progress.spans)}
    rows: list[list[Cell]] = []
    for number, span in enumerate(sheet.spans(), start=first):
        index = places.get((span.rule.id, span.period))
        figures = _of_unit(sheet, span, number) if index is None else _of_projects(sheet, progress, index, number)
        rows.append(_row(sheet, span, number, figures))
    return rows


@dataclass(frozen=True, slots=True)
class _Figures:
    """What a row counts, and by when; `state` is None where it binds nobody."""

    need: Cell
    done: Cell
    met: Formula
    on_time: Formula
    due: Cell
    soon_from: Cell
    waiting: Cell
    state: State | None


def _of_unit(sheet: DeadlineSheet, span: Span, number: int) -> _Figures:
    found = measure(span, sheet.records, None, sheet.today)
    words = counts(span, sheet.words, Cells(need=f"G{number}", done=f"H{number}"))
    return _Figures(
        need=Formula(f"={words.need}", found.need) if words.need else found.need,
        done=Formula(f"={words.done}", found.done),
        met=Formula(f"={words.met}", int(found.met)),
        on_time=Formula(f"=L{number}*{words.on_time}", int(found.met and found.on_time)),
        due=span.due,
        soon_from=span.soon_from,
        waiting=Formula(f"={words.waiting}", int(found.waiting)) if words.waiting else 0,
        state=judge(span, found, sheet.today)[0],
    )


def _of_projects(sheet: DeadlineSheet, progress: ProgressSheet, index: int, number: int) -> _Figures:
    """The sum of the projects. Where each has a due day of its own, the first of those still to be done, else of all."""
    span, place, each = progress.spans[index], progress.places[index], progress.standings[index]
    total, met = len(each), sum(one.fulfilment.met for one in each)
    on_time = sum(one.fulfilment.met and one.fulfilment.on_time for one in each)
    applied, in_time = progress.column(place), progress.column(place + 1)
    due: Cell = span.due
    soon_from: Cell = span.soon_from
    waiting: Cell = 0
    judged = span
    if falls_due_alone(span) and span.due and span.soon_from:
        judged, unmet, bound = _first_due(span, each), progress.column(place + 2), progress.column(place + 3)

        def first(last: date) -> str:
            return f"=IF(COUNT({unmet})>0,MIN({unmet}),IF(COUNT({bound})>0,MIN({bound}),{day(last)}))"

        due = Formula(first(span.due), judged.due or span.due)
        soon_from = Formula(first(span.soon_from), judged.soon_from or span.soon_from)
    whole = Fulfilment(met, total, None, met >= total, on_time >= total)
    if may_wait(span.rule):
        waits = sum(one.fulfilment.waiting for one in each)
        whole = replace(whole, waiting=met < total <= met + waits)
        all_wait = f"IF(H{number}<G{number},IF(H{number}+SUM({progress.column(place + 2)})>=G{number},1,0),0)"
        waiting = Formula(f"={all_wait}", int(whole.waiting))
    return _Figures(
        need=Formula(f"=COUNT({applied})", total),
        done=Formula(f"=SUM({applied})", met),
        met=Formula(f"=IF(H{number}>=G{number},1,0)", int(whole.met)),
        on_time=Formula(f"=L{number}*IF(SUM({in_time})>=G{number},1,0)", int(whole.on_time)),
        due=due,
        soon_from=soon_from,
        waiting=waiting,
        state=judge(judged, whole, sheet.today)[0] if total else None,
    )


def _first_due(span: Span, each: Sequence[Standing]) -> Span:
    unmet = [one.span.due for one in each if one.span.due and not one.fulfilment.met]
    days = unmet or [one.span.due for one in each if one.span.due]
    return span.falling_due(min(days)) if days else span


def _row(sheet: DeadlineSheet, span: Span, number: int, figures: _Figures) -> list[Cell]:
    """One row; `number` is its row in the sheet."""
    waived = "" in sheet.waived(span)
    of_projects = span.rule.scope is Scope.PROJECT
    state = State.WAIVED if waived else figures.state
    return [
        span.rule.id,
        span.rule.title.of(sheet.lang),
        _levels(sheet, span) if of_projects else sheet.text("deadlines.unit"),
        span.period,
        span.opens,
        figures.due,
        figures.need,
        figures.done,
        Formula(
            _state_formula(sheet, number, may_bind_nobody=of_projects),
            STATE_LABELS[state].of(sheet.lang) if state else "",
        ),
        _note(sheet, span),
        sheet.text("yes") if waived else None,
        figures.met,
        figures.on_time,
        figures.soon_from,
        figures.waiting,
    ]


def _state_formula(sheet: DeadlineSheet, number: int, *, may_bind_nobody: bool) -> str:
    label = {state: f'"{STATE_LABELS[state].of(sheet.lang)}"' for state in State}
    state = (
        f"IF(L{number}=1,IF(M{number}=1,{label[State.DONE]},{label[State.DONE_LATE]}),"
        f"IF(O{number}=1,{label[State.OPEN]},IF({BASE_DATE}>F{number},{label[State.OVERDUE]},"
        f"IF({BASE_DATE}>=N{number},{label[State.SOON]},{label[State.OPEN]}))))"
    )
    if may_bind_nobody:
        state = f'IF(G{number}=0,"",{state})'
    return f'=IF(K{number}<>"",{label[State.WAIVED]},{state})'


def _levels(sheet: DeadlineSheet, span: Span) -> str:
    labels = [sheet.words.tables["projects"]["level"].choice(key).label.of(sheet.lang) for key in span.rule.levels]
    return sheet.text("deadlines.each", levels="、".join(labels) if len(labels) < 3 else sheet.text("deadlines.all"))


def _note(sheet: DeadlineSheet, span: Span) -> str:
    rule = span.rule
    parts = []
    if rule.maximum is not None:
        amount = sheet.text("deadlines.note_range", minimum=rule.minimum, maximum=rule.maximum)
    else:
        amount = str(rule.minimum) if rule.minimum > 1 else ""
    if amount:
        each = rule.scope is Scope.PROJECT
        parts.append(sheet.text("deadlines.note_each" if each else "deadlines.note_amount", amount=amount))
    if isinstance(rule, Document):
        parts += _steps(sheet, rule)
    if isinstance(rule, Quota) and rule.until:
        parts.append(sheet.text("deadlines.note_until"))
    if falls_due_alone(span):
        parts.append(sheet.text("deadlines.note_before"))
    elif span.closes != span.due and span.closes is not None:
        parts.append(sheet.text("deadlines.note_moved", day=span.closes.isoformat()))
    if span.provisional:
        parts.append(sheet.text("deadlines.note_provisional"))
    return "；".join(parts) if sheet.lang is Lang.ZH else "; ".join(parts)


def _steps(sheet: DeadlineSheet, rule: Document) -> list[str]:
    """By whom a document is approved and with whom it is filed."""
    steps: list[tuple[str, Label | None]] = [("approved", rule.approved_by), ("filed", rule.filed_with)]
    return [sheet.text(f"deadlines.note_{step}", body=body.of(sheet.lang)) for step, body in steps if body]
