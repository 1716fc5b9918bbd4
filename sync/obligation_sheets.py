"""完成情况 and 催报台账: how each unit stands on what it owes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sync.cells import EXTRA
from sync.completion_links import Linker, linker
from sync.master_reader import COMPLETION
from sync.master_shape import completion_headers
from sync.office_entries import Key
from sync.office_values import reminder_record
from sync.sheet_parts import added_cells, added_fields, loose_row, places_of, table_sheet, with_office
from sync.state import State
from workbook_templates import sheet_names
from workbook_templates.master_workbook import MasterSheet, OfficeCell
from workbook_templates.office_tables import FINDINGS, REMINDERS
from workbook_templates.pen import Cell, Field, Fill, Look
from xingzhi import messages
from xingzhi.deadlines import STATE_LABELS, Deadline
from xingzhi.deadlines import State as DeadlineState
from xingzhi.labels import Lang

_STATE_COLOURS = {
    DeadlineState.DONE: "good",
    DeadlineState.DONE_LATE: "late",
    DeadlineState.SOON: "soon",
    DeadlineState.OVERDUE: "bad",
    DeadlineState.WAIVED: "off",
}
_ORDER = (
    DeadlineState.OVERDUE,
    DeadlineState.SOON,
    DeadlineState.DONE_LATE,
    DeadlineState.DONE,
    DeadlineState.OPEN,
    DeadlineState.WAIVED,
)


def completion(state: State) -> MasterSheet:
    """完成情况: unit by requirement, each cell the gravest state of what the unit owes there, with a link to what fulfils
    it or to the gap."""
    lang = state.lang
    link = linker(state, {item.key: place for place, (item, _) in enumerate(_reminded(state))})
    rules = [rule for rule in state.settings.term.programme.requirements if rule.enabled]
    unit, name = (column.label.of(lang) for column in (FINDINGS["unit"], FINDINGS["unit_name"]))
    added = state.entries.headers.get(COMPLETION, ())
    fields = [
        Field(unit, 9, Look.CENTRE, Fill.OTHER),
        Field(name, 18, Look.TEXT, Fill.OTHER),
        *(Field(header, 11, Look.CENTRE, Fill.OTHER) for header in completion_headers(state.settings.term, lang)),
        *added_fields(added),
    ]
    rows: list[list[OfficeCell]] = []
    for each in state.units:
        by_rule: dict[str, list[Deadline]] = defaultdict(list)
        for item in state.deadlines.get(each.code, ()):
            by_rule[item.rule.id].append(item)
        office = state.office.get(Key(state.settings.term.instance, each.code, COMPLETION, ""), {})
        own = added_cells(office, added)
        rows.append([each.code, each.name, *(_standing(by_rule[rule.id], lang, link) for rule in rules), *own])
    names = ["unit", "unit_name", *(field.header for field in fields[2 : 2 + len(rules)])]
    lines = state.entries.loose.get(COMPLETION, ())
    places, notes = places_of(lines, len(rows)), range(len(rows), len(rows) + len(lines))
    rows += [loose_row(names, line.cells, added) for line in lines]
    colours = _state_colours(lang) | {
        messages.text("completion.standing_met", lang): "good",
        messages.text("completion.standing_open", lang): "soon",
        messages.text("completion.waiting", lang): "soon",
    }
    return MasterSheet(
        name=sheet_names.COMPLETION.of(lang),
        table=COMPLETION,
        lead=messages.text("completion.lead", lang),
        fields=fields,
        rows=rows,
        own=range(2 + len(rules), len(fields)),
        key_columns=2,
        colours=colours,
        coloured=range(2, 2 + len(rules)),
        columns=[*names, *(EXTRA + header for header in added)],
        places=places,
        notes=notes,
    )


def _standing(items: Sequence[Deadline], lang: Lang, link: Linker) -> Cell:
    if not items:
        return "—"
    if items[0].span.standing:
        open_item = next((item for item in items if not item.fulfilment.met), None)
        text = messages.text("completion.standing_open" if open_item else "completion.standing_met", lang)
        return link(text, open_item or items[0])
    waiting = messages.text("completion.waiting", lang)
    by_label: dict[str, list[Deadline]] = defaultdict(list)
    for item in items:
        by_label[waiting if item.waiting else STATE_LABELS[item.state].of(lang)].append(item)
    # What presses first, then what waits for the office; then what was late, so that an early lateness is not hidden by
    # months still to come.
    order = [STATE_LABELS[key].of(lang) for key in _ORDER]
    for label in (*order[:2], waiting, *order[2:]):
        if found := by_label.get(label):
            return link(label if len(found) == len(items) else f"{label} {len(found)}/{len(items)}", found[0])
    return "—"


def reminders(state: State) -> MasterSheet:
    """催报台账: what is overdue, and what the office has written about, the longest overdue first within each unit."""
    lang, programme = state.lang, state.settings.term.instance
    added = state.entries.headers.get(REMINDERS.key, ())
    rows: list[list[OfficeCell]] = []
    shown: list[Key] = []
    for item, key in _reminded(state):
        shown.append(key)
        computed: dict[str, Cell] = {
            "programme": programme,
            "unit": item.unit,
            "unit_name": state.unit_name(item.unit),
            "requirement": item.rule.id,
            "title": item.rule.title.of(lang),
            "subject": item.subject,
            "period": item.span.period,
            "due": item.span.due,
            "short": max(item.fulfilment.need - item.fulfilment.done, 0) or None,
            "days_late": item.days_late or None,
            "state": STATE_LABELS[item.state].of(lang),
        }
        rows.append(with_office(REMINDERS, computed, state.office.get(key, {}), added, state))
    # A line of the office's own that names nothing that is owed stays as it stands.
    waiting = state.entries.pending.get(REMINDERS.key, ())
    pending = (line for key, line in waiting if key not in shown)
    places = {shown.index(key): line.place for key, line in waiting if key in shown and line.place is not None}
    return table_sheet(
        state,
        REMINDERS,
        rows,
        added=added,
        lines=[*pending, *state.entries.loose.get(REMINDERS.key, ())],
        places=places,
        key_columns=2,
        unprinted=1,
        colours=_state_colours(lang),
        coloured=["state"],
    )


def _reminded(state: State) -> list[tuple[Deadline, Key]]:
    """What has a line in 催报台账, with the key of what the office wrote there, in the order of the lines."""
    found = []
    for unit in state.units:
        for item in sorted(state.deadlines.get(unit.code, ()), key=lambda item: -item.days_late):
            record = reminder_record(item.rule.id, item.subject, item.span.period)
            key = Key(state.settings.term.instance, unit.code, REMINDERS.key, record)
            if item.chased or state.office.get(key):
                found.append((item, key))
    return found


def _state_colours(lang: Lang) -> dict[str, str]:
    """逾期完成 begins with 逾期: the longer text is tried first."""
    labels = {STATE_LABELS[key].of(lang): colour for key, colour in _STATE_COLOURS.items()}
    return dict(sorted(labels.items(), key=lambda item: -len(item[0])))
