"""The tables of the master, each as data."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from sync import office_sheets as fresh
from sync.cells import short
from sync.office_values import Key
from sync.records import LedgerRow, Status
from workbook_templates import sheet_names
from workbook_templates.master_workbook import MasterSheet
from workbook_templates.office_tables import (
    CALENDAR,
    CHANGES,
    DECISIONS,
    FINDINGS,
    OFFICE_SHEETS,
    PROVENANCE,
    REMINDERS,
    ROW_STATES,
    RUNS,
    UNITS,
    merged_table,
)
from workbook_templates.pen import Cell, Field, Fill, Look
from workbook_templates.unit_workbook import look_of
from xingzhi import messages
from xingzhi.columns import Choice, Column, ColumnType, Owner, Table
from xingzhi.deadlines import STATE_LABELS, Deadline
from xingzhi.deadlines import State as DeadlineState
from xingzhi.findings import Severity
from xingzhi.grid import CellValue
from xingzhi.labels import Lang
from xingzhi.phones import mask_identity
from xingzhi.rows import Value, encode, stored_text

if TYPE_CHECKING:
    from sync.master import State

SPARE = 20
"""Blank rows at the end of a sheet that the office fills."""

_SEVERITY_COLOURS = {Severity.ERROR: "bad", Severity.WARNING: "soon", Severity.INFO: "off"}
_STATE_COLOURS = {
    DeadlineState.DONE: "good",
    DeadlineState.DONE_LATE: "late",
    DeadlineState.SOON: "soon",
    DeadlineState.OVERDUE: "bad",
    DeadlineState.WAIVED: "off",
}


def as_cell(value: CellValue) -> Cell:
    """A raw value as a cell to write; what has no cell of its own is written as text."""
    if isinstance(value, datetime):
        return value.date() if value.time().isoformat() == "00:00:00" else value.isoformat(sep=" ")
    if (
        value is None
        or isinstance(value, str | date)
        or (isinstance(value, int | float) and not isinstance(value, bool))
    ):
        return value
    return str(value)


def field_of(column: Column, lang: Lang) -> Field:
    """How a column of the master is printed: what the office fills is light blue."""
    fill = Fill.OTHER if column.owner is not Owner.OFFICE else (Fill.REQUIRED if column.required else Fill.UNIT)
    return Field(column.label.of(lang), column.width, look_of(column), fill)


def cell_of(column: Column, value: Value, lang: Lang) -> Cell:
    """A stored value as the master shows it: choices by their labels."""
    if value in (None, "", ()):
        return None
    if column.choices:
        labels = {choice.key: choice.label.of(lang) for choice in column.choices}
        keys = value if isinstance(value, tuple) else (str(value),)
        return "、".join(labels.get(key, key) for key in keys)
    if column.type is ColumnType.PHONE:
        # An identity number typed in the place of a phone goes no further up than the unit's own workbook.
        return mask_identity(stored_text(value))
    return "、".join(value) if isinstance(value, tuple) else value


def _drop_downs(columns: Sequence[Column], lang: Lang) -> dict[int, list[str]]:
    return {
        index: [choice.label.of(lang) for choice in column.choices]
        for index, column in enumerate(columns)
        if column.choices and column.owner is Owner.OFFICE
    }


def _state_colours(lang: Lang) -> dict[str, str]:
    """逾期完成 begins with 逾期: the longer text is tried first."""
    labels = {STATE_LABELS[key].of(lang): colour for key, colour in _STATE_COLOURS.items()}
    return dict(sorted(labels.items(), key=lambda item: -len(item[0])))


def _sheet(
    state: State,
    table: Table,
    rows: Sequence[Sequence[Cell]],
    *,
    added: Sequence[str] = (),
    key_columns: int = 1,
    room: int = 0,
    unprinted: int = 0,
    colours: Mapping[str, str] | None = None,
    coloured: Sequence[str] = (),
    lead: str = "",
) -> MasterSheet:
    keys = [column.key for column in table.columns]
    return MasterSheet(
        name=table.label.of(state.lang),
        table=table.key,
        lead=lead or table.purpose.of(state.lang),
        fields=[
            *(field_of(column, state.lang) for column in table.columns),
            *(Field(header, 14, Look.WRAP, Fill.UNIT) for header in added),
        ],
        rows=rows,
        key_columns=key_columns,
        room=room,
        unprinted=0 if added else unprinted,
        lists=_drop_downs(table.columns, state.lang),
        colours=colours or {},
        coloured=[keys.index(key) for key in coloured],
    )


def office_sheets(state: State) -> list[MasterSheet]:
    """单位名册, 任务要求, 节点, 设置: what the office wrote is copied as it stands; only the first time is it made."""
    found = []
    for table in OFFICE_SHEETS:
        raw = state.content.tables.get(table.key)
        if raw is None:
            rows = fresh.rows(table, state)
            found.append(_sheet(state, table, rows, room=_room(table, len(rows))))
            continue
        width = max((index + 1 for index, header in enumerate(raw.headers) if header), default=0)
        by_place = {place: table[key] for key, place in raw.places.items()}
        fields = [
            field_of(by_place[index], state.lang) if index in by_place else Field(header, 16, Look.WRAP, Fill.UNIT)
            for index, header in enumerate(raw.headers[:width])
        ]
        lists = {
            place: [choice.label.of(state.lang) for choice in table[key].choices]
            for key, place in raw.places.items()
            if table[key].choices and table[key].owner is Owner.OFFICE
        }
        found.append(
            MasterSheet(
                name=table.label.of(state.lang),
                table=table.key,
                lead=table.purpose.of(state.lang),
                fields=fields,
                rows=[[as_cell(cell) for cell in row[:width]] for row in raw.rows],
                room=_room(table, len(raw.rows)),
                lists=lists,
                beside=[[as_cell(cell) for cell in row[width:]] for row in raw.rows],
            )
        )
    return found


def _room(table: Table, filled: int) -> int:
    """Blank rows where the office lists things; none where it only changes what is there."""
    return filled + SPARE if table.key in (UNITS.key, CALENDAR.key) else filled


def completion(state: State) -> MasterSheet:
    """完成情况: unit by requirement, each cell the gravest state of what the unit owes there."""
    lang = state.lang
    rules = [rule for rule in state.settings.term.programme.requirements if rule.enabled]
    unit, name = (column.label.of(lang) for column in (FINDINGS["unit"], FINDINGS["unit_name"]))
    fields = [
        Field(unit, 9, Look.CENTRE, Fill.OTHER),
        Field(name, 18, Look.TEXT, Fill.OTHER),
        *(Field(f"{rule.id} {rule.title.of(lang)}", 11, Look.CENTRE, Fill.OTHER) for rule in rules),
    ]
    rows: list[list[Cell]] = []
    for each in state.units:
        by_rule: dict[str, list[Deadline]] = defaultdict(list)
        for item in state.deadlines.get(each.code, ()):
            by_rule[item.rule.id].append(item)
        rows.append([each.code, each.name, *(_standing(by_rule[rule.id], lang) for rule in rules)])
    colours = _state_colours(lang) | {
        messages.text("completion.standing_met", lang): "good",
        messages.text("completion.standing_open", lang): "soon",
    }
    return MasterSheet(
        name=sheet_names.COMPLETION.of(lang),
        table="completion",
        lead=messages.text("completion.lead", lang),
        fields=fields,
        rows=rows,
        key_columns=2,
        colours=colours,
        coloured=range(2, 2 + len(rules)),
    )


def _standing(items: Sequence[Deadline], lang: Lang) -> str:
    if not items:
        return "—"
    if items[0].span.standing:
        met = all(item.fulfilment.met for item in items)
        return messages.text("completion.standing_met" if met else "completion.standing_open", lang)
    for key in (
        DeadlineState.OVERDUE,
        DeadlineState.SOON,
        DeadlineState.OPEN,
        DeadlineState.DONE_LATE,
        DeadlineState.DONE,
        DeadlineState.WAIVED,
    ):
        count = sum(1 for item in items if item.state is key)
        if count:
            label = STATE_LABELS[key].of(lang)
            return (
                f"{label} {count}" if len(items) > 1 and key in (DeadlineState.OVERDUE, DeadlineState.SOON) else label
            )
    return "—"


def reminder_record(item: Deadline) -> str:
    """The key of what the office wrote about one owed item."""
    return f"{item.rule.id}|{item.subject}|{item.span.period}"


def reminders(state: State) -> MasterSheet:
    """催报台账: what is overdue, and what the office has written about, the longest overdue first within each unit."""
    lang, programme = state.lang, state.settings.term.instance
    added = state.entries.headers.get(REMINDERS.key, ())
    rows: list[list[Cell]] = []
    for unit in state.units:
        items = sorted(state.deadlines.get(unit.code, ()), key=lambda item: -item.days_late)
        for item in items:
            office = state.office.get(Key(programme, unit.code, REMINDERS.key, reminder_record(item)), {})
            if item.state is not DeadlineState.OVERDUE and not office:
                continue
            computed: dict[str, Cell] = {
                "programme": programme,
                "unit": unit.code,
                "unit_name": unit.name,
                "requirement": item.rule.id,
                "title": item.rule.title.of(lang),
                "subject": item.subject,
                "period": item.span.period,
                "due": item.span.due,
                "short": max(item.fulfilment.need - item.fulfilment.done, 0) or None,
                "days_late": item.days_late or None,
                "state": STATE_LABELS[item.state].of(lang),
            }
            rows.append(_with_office(REMINDERS, computed, office, added, lang))
    return _sheet(
        state,
        REMINDERS,
        rows,
        added=added,
        key_columns=2,
        unprinted=1,
        colours=_state_colours(lang),
        coloured=["state"],
    )


def _with_office(
    table: Table, computed: Mapping[str, Cell], office: Mapping[str, Value], added: Sequence[str], lang: Lang
) -> list[Cell]:
    cells = [
        cell_of(column, office.get(column.key), lang) if column.owner is Owner.OFFICE else computed.get(column.key)
        for column in table.columns
    ]
    return [*cells, *(stored_text(office.get(f"+{header}")) or None for header in added)]


def findings(state: State) -> MasterSheet:
    """填报问题: the gravest first within each unit, in the office's order of units."""
    lang, programme = state.lang, state.settings.term.instance
    order = {unit.code: number for number, unit in enumerate(state.units)}
    grave = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    added = state.entries.headers.get(FINDINGS.key, ())
    rows: list[list[Cell]] = []
    for each in sorted(state.findings, key=lambda each: (order.get(each.unit, len(order)), grave[each.severity])):
        computed: dict[str, Cell] = {
            "programme": programme,
            "unit": each.unit,
            "unit_name": state.unit_name(each.unit) if each.unit else "",
            "severity": messages.text(f"severity.{each.severity.value}", lang),
            "code": each.code,
            "file": each.file,
            "sheet": each.sheet,
            "cell": each.cell,
            "record": each.record,
            "message": each.message(lang),
            "remedy": each.remedy(lang),
        }
        record = f"{each.code}|{each.record}|{each.message(lang)}"
        office = state.office.get(Key(programme, each.unit, FINDINGS.key, record), {})
        rows.append(_with_office(FINDINGS, computed, office, added, lang))
    colours = {messages.text(f"severity.{key.value}", lang): colour for key, colour in _SEVERITY_COLOURS.items()}
    return _sheet(
        state, FINDINGS, rows, added=added, key_columns=2, unprinted=1, colours=colours, coloured=["severity"]
    )


def changes(state: State) -> MasterSheet:
    """数据变动: what the last run that changed anything changed."""
    lang = state.lang
    by_key = {table.key: table for table in state.tables}
    held = {(row.unit, row.table, row.record): row for row in state.rows}
    rows: list[list[Cell]] = []
    for each in state.changes:
        table = by_key.get(each.table)
        column = table.by_key.get(each.column) if table else None
        show = _shower(column, lang)
        row = held.get((each.unit, each.table, each.record))
        # A row that came or went is told by what names it.
        named = short(table, row.values, lang) if row and table and not each.column else ""
        rows.append(
            [
                state.changes_run,
                each.unit,
                state.unit_name(each.unit),
                table.label.of(lang) if table else each.table,
                each.record,
                column.label.of(lang) if column else each.column.removeprefix("+"),
                messages.text(f"change.{each.kind}", lang),
                show(each.before),
                show(each.after) or named,
                each.file,
                each.programme,
            ]
        )
    return _sheet(state, CHANGES, rows, key_columns=3, unprinted=1)


def _shower(column: Column | None, lang: Lang) -> Callable[[str], str]:
    if column is None or not column.choices:
        return mask_identity if column and column.type is ColumnType.PHONE else lambda text: text
    labels = {choice.key: choice.label.of(lang) for choice in column.choices}
    return lambda text: "、".join(labels.get(part, part) for part in text.split("、"))


def runs(state: State) -> MasterSheet:
    """汇总记录: one line for each run, the newest first."""
    rows: list[list[Cell]] = [
        [
            line.run,
            messages.text(f"run.{line.kind}", state.lang),
            line.today,
            *(line.counts.get(column.key) for column in RUNS.columns[3:]),
        ]
        for line in sorted(state.runs, key=lambda line: -line.run)
    ]
    return _sheet(state, RUNS, rows)


def merged(state: State, table: Table) -> MasterSheet:
    """汇总_<table>: every unit's rows, where each came from, and the office's columns."""
    lang, programme = state.lang, state.settings.term.instance
    whole = merged_table(table)
    added = state.entries.headers.get(table.key, ())
    order = {unit.code: number for number, unit in enumerate(state.units)}
    rows = [
        _merged_row(state, table, row, added)
        for row in sorted(
            (row for row in state.rows if row.table == table.key),
            key=lambda row: (order.get(row.unit, len(order)), row.unit, row.record),
        )
    ]
    rows += [_loose(state, whole, table, raw) for raw in state.entries.loose.get(table.key, ())]
    colours = {
        _label(ROW_STATES, Status.MISSING.value, lang): "soon",
        _label(ROW_STATES, Status.WITHDRAWN.value, lang): "off",
    }
    lead = messages.text("unit.legend", lang, purpose=table.purpose.of(lang)).split("。")[0]
    return _sheet(
        state,
        whole,
        rows,
        added=added,
        key_columns=4,
        unprinted=len(PROVENANCE),
        colours=colours,
        coloured=["row_status"],
        lead=f"{programme}　{lead}",
    )


def _label(choices: Iterable[Choice], key: str, lang: Lang) -> str:
    return next(choice.label.of(lang) for choice in choices if choice.key == key)


def _merged_row(state: State, table: Table, row: LedgerRow, added: Sequence[str]) -> list[Cell]:
    lang, programme = state.lang, state.settings.term.instance
    office = state.office.get(Key(programme, row.unit, row.table, row.record), {})
    extra = "；".join(f"{key[1:]}：{stored_text(value)}" for key, value in row.values.items() if key.startswith("+"))
    own = []
    for column in table.columns:
        value: Value = row.values.get(column.key)
        if column.key == "record":
            value = row.record
        elif column.owner is Owner.OFFICE:
            value = office.get(column.key)
            if value is None and column.key == "received_on":
                value = row.first_received
        own.append(cell_of(column, value, lang))
    return [
        row.unit,
        state.unit_name(row.unit),
        *own,
        extra or None,
        _label(ROW_STATES, row.status.value, lang),
        cell_of_choice(DECISIONS, office.get("decision"), lang),
        row.file,
        row.sheet,
        row.number or None,
        hashlib.sha256(encode(row.values).encode()).hexdigest()[:12],
        programme,
        *(stored_text(office.get(f"+{header}")) or None for header in added),
    ]


def cell_of_choice(choices: Sequence[Choice], value: Value, lang: Lang) -> Cell:
    """A choice by its label; what is no choice as it was typed."""
    labels = {choice.key: choice.label.of(lang) for choice in choices}
    text = stored_text(value)
    return labels.get(text, text) or None


def _loose(state: State, whole: Table, table: Table, raw: Sequence[CellValue]) -> list[Cell]:
    """A row that the office typed for no unit that we know: kept in the columns where it stood."""
    content = state.content.tables[whole.key]
    cells: list[Cell] = [as_cell(content.raw(raw, column.key)) for column in whole.columns]
    return [*cells, *(as_cell(raw[index]) for index, _ in content.added)]
