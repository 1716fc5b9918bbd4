"""应报事项 and the hidden sheet of the projects that it sums up: live formulas, each written with Python's value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workbook_templates import sheet_names
from workbook_templates.deadline_formulas import BASE_DATE, Vocabulary, applies, counts
from workbook_templates.pen import Cell, Field, Fill, Formula, Look, Pen
from xingzhi import messages
from xingzhi.deadlines import STATE_LABELS, Member, State, Waiver, judge, owes
from xingzhi.fulfilment import Fulfilment, UnitRecords, bindings, measure
from xingzhi.grid import address, column_letters
from xingzhi.labels import Lang
from xingzhi.programme import Term
from xingzhi.requirements import Quota, Scope
from xingzhi.rows import Row
from xingzhi.spans import Span, resolve

SLOTS = 30
"""Projects that the hidden sheet can follow: the room of the table and ten more."""

HEADER = 3
"""The row of the header, counted from 0: 基准日 stands above it."""

TABLE = "deadlines"
_FIRST_SPAN_COLUMN = 8
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

    The workbook knows what its own cells say, and no receipts but those that the office printed into it.
    """

    term: Term
    records: UnitRecords
    words: Vocabulary
    today: date
    live: bool
    waivers: frozenset[Waiver] = frozenset()
    member: Member | None = None

    @property
    def lang(self) -> Lang:
        """The language of the workbook."""
        return self.words.lang

    def spans(self) -> list[Span]:
        """The dated spans that a unit or its projects owe, by due date."""
        spans = [
            span
            for span in resolve(self.term)
            if not span.standing
            and span.rule.scope in (Scope.UNIT, Scope.PROJECT)
            and (self.member is None or owes(self.member, span))
        ]
        return sorted(spans, key=lambda span: (span.due or date.max, span.rule.id))

    def waived(self, span: Span) -> frozenset[str]:
        """The project codes that the office has let off a span; the empty code is the unit's own."""
        unit, rule = self.records.unit, span.rule.id
        return frozenset(
            subject
            for code, id, subject, period in self.waivers
            if (code, id) == (unit, rule) and period in ("", span.period)
        )

    def bound(self, span: Span) -> list[Row]:
        """The unit's projects that a span binds."""
        waived = self.waived(span)
        rows = [row for row, _ in bindings(span, self.records, self.today) if row is not None]
        return [row for row in rows if row.text("code") not in waived]

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
        ]

    def text(self, key: str, **args: str | int) -> str:
        """A text of the catalogue in the language of the workbook."""
        return messages.text(key, self.lang, **args)


def write(pen: Pen, sheet: DeadlineSheet, footer: str) -> None:
    """Write both sheets. The hidden one has, for each project rule, the columns (applies and met), (on time)."""
    name = sheet_names.DEADLINES.of(sheet.lang)
    page = pen.add_sheet(name)
    pen.heading(page, name, [sheet.text("deadlines.lead")])
    page.set_row(2, 18)
    label = sheet.text("deadlines.base_date")
    page.write_string(2, 4, label, pen.format(align="right"))
    form = pen.format(num_format="yyyy-mm-dd", align="center", bold=True, border=1, bg_color="#FFF2CC")
    pen.put(page, 2, 5, Formula("=TODAY()", sheet.today) if sheet.live else sheet.today, form)
    pen.book.define_name(BASE_DATE, f"='{name}'!$F$3")

    projects = [span for span in sheet.spans() if span.rule.scope is Scope.PROJECT]
    places = {id(span): _FIRST_SPAN_COLUMN + 2 * index for index, span in enumerate(projects)}
    spans = sheet.spans()
    by_requirement = {(span.rule.id, span.period): places.get(id(span)) for span in projects}
    rows = [
        _row(sheet, span, HEADER + 2 + index, by_requirement.get((span.rule.id, span.period)))
        for index, span in enumerate(spans)
    ]
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
    page.fit_to_pages(1, 1)
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
    _write_projects(pen, sheet, projects)


def _row(sheet: DeadlineSheet, span: Span, number: int, place: int | None) -> list[Cell]:
    """One row; `number` is its row in the sheet, `place` the column of its rule in the hidden sheet."""
    lang, today = sheet.lang, sheet.today
    waived = "" in sheet.waived(span)
    if place is None:
        found = measure(span, sheet.records, None, today)
        words = counts(span, sheet.words, None)
        need: Cell = found.need
        state = State.WAIVED if waived else judge(span, found, today)[0]
        met, on_time = int(found.met), int(found.met and found.on_time)
        done: Cell = Formula(f"={words.done}", found.done)
        met_cell: Cell = Formula(f"={words.met}", met)
        on_time_cell: Cell = Formula(f"=L{number}*{words.on_time}", on_time)
        shown: str = STATE_LABELS[state].of(lang)
    else:
        each = [measure(span, sheet.records, subject, today) for subject in sheet.bound(span)]
        total, number_met = len(each), sum(found.met for found in each)
        number_on_time = sum(found.met and found.on_time for found in each)
        applied, in_time = (_slots(sheet, place + step) for step in (0, 1))
        need = Formula(f"=COUNT({applied})", total)
        done = Formula(f"=SUM({applied})", number_met)
        met, on_time = int(number_met >= total), int(number_on_time >= total)
        met_cell = Formula(f"=IF(H{number}>=G{number},1,0)", met)
        on_time_cell = Formula(f"=L{number}*IF(SUM({in_time})>=G{number},1,0)", on_time)
        whole = Fulfilment(number_met, total, None, bool(met), bool(on_time))
        state = State.WAIVED if waived else judge(span, whole, today)[0]
        shown = STATE_LABELS[state].of(lang) if total or waived else ""
    subject = sheet.text("deadlines.unit") if place is None else _levels(sheet, span)
    return [
        span.rule.id,
        span.rule.title.of(lang),
        subject,
        span.period,
        span.opens,
        span.due,
        need,
        done,
        Formula(_state_formula(sheet, number), shown),
        _note(sheet, span),
        sheet.text("yes") if waived else None,
        met_cell,
        on_time_cell,
        span.soon_from,
    ]


def _state_formula(sheet: DeadlineSheet, number: int) -> str:
    label = {state: f'"{STATE_LABELS[state].of(sheet.lang)}"' for state in State}
    return (
        f'=IF(K{number}<>"",{label[State.WAIVED]},IF(G{number}=0,"",'
        f"IF(L{number}=1,IF(M{number}=1,{label[State.DONE]},{label[State.DONE_LATE]}),"
        f"IF({BASE_DATE}>F{number},{label[State.OVERDUE]},"
        f"IF({BASE_DATE}>=N{number},{label[State.SOON]},{label[State.OPEN]})))))"
    )


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
    if span.closes != span.due and span.closes is not None:
        parts.append(sheet.text("deadlines.note_moved", day=span.closes.isoformat()))
    if span.provisional:
        parts.append(sheet.text("deadlines.note_provisional"))
    return "；".join(parts) if sheet.lang is Lang.ZH else "; ".join(parts)


def _slots(sheet: DeadlineSheet, column: int) -> str:
    letters = column_letters(column + 1)
    return f"'{sheet_names.PROGRESS.of(sheet.lang)}'!${letters}$2:${letters}${SLOTS + 1}"


def _write_projects(pen: Pen, sheet: DeadlineSheet, spans: Sequence[Span]) -> None:
    """One line for each project: code, level, state, the dates that bound monthly rules, then two cells a rule."""
    page = pen.add_sheet(sheet_names.PROGRESS.of(sheet.lang), hidden=True)
    plain, head = pen.format(), pen.format(bold=True)
    dates = sorted(
        {
            key
            for span in spans
            if isinstance(span.rule, Quota) and span.rule.active
            for key in (span.rule.active.start, span.rule.active.end)
        }
    )
    projects = list(sheet.records.table("projects"))
    words = sheet.words
    for column, key in enumerate(("code", "level", "state", *dates), start=1):
        page.write_string(0, column, key, head)
    for index, span in enumerate(spans):
        page.write_string(0, _FIRST_SPAN_COLUMN + 2 * index, f"{span.rule.id} {span.period}".strip(), head)
    for slot in range(SLOTS):
        at = slot + 1
        project = projects[slot] if slot < len(projects) else None
        page.write_number(at, 0, slot + 1, plain)
        for column, key in enumerate(("code", "level", "state"), start=1):
            reference = f'=IFERROR(INDEX({words.column("projects", key)},$A{at + 1})&"","")'
            pen.put(page, at, column, Formula(reference, _shown(sheet, project, key)), plain)
        for column, key in enumerate(dates, start=4):
            reference = f"=IFERROR(N(INDEX({words.column('projects', key)},$A{at + 1})),0)"
            value = project.date(key) if project else None
            pen.put(page, at, column, Formula(reference, value or 0), plain)
        cells = {key: f"${column_letters(column + 1)}{at + 1}" for column, key in enumerate(dates, start=4)}
        for index, span in enumerate(spans):
            cell_pair = _slot(sheet, span, project, at + 1, _FIRST_SPAN_COLUMN + 2 * index, cells)
            for step, cell in enumerate(cell_pair):
                pen.put(page, at, _FIRST_SPAN_COLUMN + 2 * index + step, cell, plain)


def _slot(
    sheet: DeadlineSheet, span: Span, project: Row | None, row: int, column: int, dates: Mapping[str, str]
) -> tuple[Formula, Formula]:
    """The two cells of one project and one rule: 1 or 0 for met and for on time, blank where the rule does not bind."""
    bound = project is not None and project in sheet.bound(span)
    found = measure(span, sheet.records, project, sheet.today) if bound else None
    words = counts(span, sheet.words, f"$B{row}")
    waived = sorted(sheet.waived(span) - {""})
    binds = applies(span, sheet.words, f"$B{row}", f"$C{row}", f"$D{row}", dates, waived)
    met, on_time = (int(found.met), int(found.met and found.on_time)) if found else ("", "")
    first = address(row, column + 1)
    return (
        Formula(f'=IF({binds},{words.met},"")', met),
        Formula(f'=IF({first}="","",{first}*{words.on_time})', on_time),
    )


def _shown(sheet: DeadlineSheet, project: Row | None, key: str) -> str:
    if project is None:
        return ""
    column = sheet.words.tables["projects"][key]
    if not column.choices:
        return project.text(key)
    return "、".join(column.choice(each).label.of(sheet.lang) for each in project.keys(key))
