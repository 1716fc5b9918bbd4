"""The office's own sheets, 填报问题, 数据变动 and 汇总记录, each as data."""

from __future__ import annotations

from collections.abc import Callable

from sync import office_sheets as fresh
from sync.cells import short
from sync.change_places import column_of, column_text, record_text, sheet_text, table_of
from sync.explanations import record_of
from sync.office_entries import Key
from sync.sheet_parts import added_cells, as_cell, as_typed, field_of, late_mark, table_sheet, with_office
from sync.state import State
from workbook_templates.master_workbook import MasterSheet, OfficeCell
from workbook_templates.office_tables import CALENDAR, CHANGES, FINDINGS, OFFICE_SHEETS, RUNS, UNITS
from workbook_templates.pen import Cell, Field, Fill, Look
from xingzhi import messages
from xingzhi.columns import Column, Owner, Table
from xingzhi.findings import Severity
from xingzhi.month_parts import month_parts, part_text, read_span
from xingzhi.phones import mask_identity
from xingzhi.windows import Window

SPARE = 20
"""Blank rows at the end of a sheet that the office fills."""

_SEVERITY_COLOURS = {Severity.ERROR: "bad", Severity.WARNING: "soon", Severity.INFO: "off"}


def office_sheets(state: State) -> list[MasterSheet]:
    """单位名册, 任务要求, 节点, 设置, 校验规则: what the office wrote is copied as it stands; only the first time is it made."""
    found = []
    for table in OFFICE_SHEETS:
        raw = state.content.tables.get(table.key)
        if raw is None:
            rows = fresh.rows(table, state)
            found.append(table_sheet(state, table, rows, room=_room(table, len(rows))))
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
        names = {index: name for name, index in raw.names.items()}
        found.append(
            MasterSheet(
                name=table.label.of(state.lang),
                table=table.key,
                lead=table.purpose.of(state.lang),
                fields=fields,
                rows=[
                    [as_cell(cell) if index in by_place else as_typed(cell) for index, cell in enumerate(row[:width])]
                    for row in raw.rows
                ],
                own=[index for index in range(width) if index not in by_place],
                room=_room(table, len(raw.rows)),
                lists=lists,
                beside=[[as_typed(cell) for cell in row[width:]] for row in raw.rows],
                columns=[names.get(index, "") for index in range(width)],
                # Those that the ledger brings back have no places: they are known by what they name.
                places={number: number for number in range(len(raw.rows))} if raw.first else {},
            )
        )
    return found


def _room(table: Table, filled: int) -> int:
    """Blank rows where the office lists things; none where it only changes what is there."""
    return filled + SPARE if table.key in (UNITS.key, CALENDAR.key) else filled


def findings(state: State) -> MasterSheet:
    """填报问题: the gravest first within each unit, in the office's order of units."""
    lang, programme = state.lang, state.settings.term.instance
    order = {unit.code: number for number, unit in enumerate(state.units)}
    grave = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    added = state.entries.headers.get(FINDINGS.key, ())
    rows: list[list[OfficeCell]] = []
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
            "explanation": mask_identity(each.explanation) or None,
        }
        office = state.office.get(Key(programme, each.unit, FINDINGS.key, record_of(each, lang)), {})
        rows.append(with_office(FINDINGS, computed, office, added, state))
    colours = {messages.text(f"severity.{key.value}", lang): colour for key, colour in _SEVERITY_COLOURS.items()}
    return table_sheet(
        state,
        FINDINGS,
        rows,
        added=added,
        lines=state.entries.loose.get(FINDINGS.key, ()),
        key_columns=2,
        unprinted=1,
        colours=colours,
        coloured=["severity"],
    )


def changes(state: State) -> MasterSheet:
    """数据变动: what the last run that changed anything changed, by unit in the office's order."""
    lang = state.lang
    held = {(row.unit, row.table, row.record): row for row in state.rows}
    rows: list[list[Cell]] = []
    order = {unit.code: number for number, unit in enumerate(state.units)}
    for each in sorted(state.changes, key=lambda each: order.get(each.unit, len(order))):
        table = table_of(each.table, state.tables)
        column = column_of(table, each.column)
        show = _shower(column, state)
        row = held.get((each.unit, each.table, each.record))
        # A row that came or went is told by what names it.
        named = short(table, row.values, lang) if row and table and not each.column else ""
        rows.append(
            [
                state.changes_run,
                each.unit,
                state.unit_name(each.unit),
                sheet_text(table, each.table, each.column, lang),
                record_text(each.table, each.record, each.column),
                column_text(table, each.column, lang),
                messages.text(f"change.{each.kind}", lang),
                show(each.before),
                show(each.after) or named,
                each.file,
                late_mark(state, each.unit, each.table, each.record),
                each.programme,
            ]
        )
    return table_sheet(state, CHANGES, rows, key_columns=3, unprinted=1)


def _shower(column: Column | None, state: State) -> Callable[[str], str]:
    """How the ledger's text of a value reads: choices by their labels, a part of a month as people write it."""
    if column is not None and column.spans:
        return lambda text: _planned(text, state.settings.term.time)
    if column is None or not column.choices:
        return mask_identity
    labels = {choice.key: choice.label.of(state.lang) for choice in column.choices}
    return lambda text: mask_identity("、".join(labels.get(part, part) for part in text.split("、")))


def _planned(text: str, time: Window) -> str:
    found = read_span(text, time)
    return part_text(found.window, time) if found and found.window in month_parts(time) else mask_identity(text)


def runs(state: State) -> MasterSheet:
    """汇总记录: one line for each run, the newest first."""
    added = state.entries.headers.get(RUNS.key, ())
    programme = state.settings.term.instance
    rows: list[list[OfficeCell]] = [
        [
            line.run,
            messages.text(f"run.{line.kind}", state.lang),
            line.today,
            *(line.counts.get(column.key) for column in RUNS.columns[3:]),
            *added_cells(state.office.get(Key(programme, "", RUNS.key, str(line.run)), {}), added),
        ]
        for line in sorted(state.runs, key=lambda line: -line.run)
    ]
    return table_sheet(state, RUNS, rows, added=added, lines=state.entries.loose.get(RUNS.key, ()))
