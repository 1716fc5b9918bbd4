"""完成情况 and 催报台账: how each unit stands on what it owes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sync.completion_links import Linker, linker
from sync.master_reader import COMPLETION
from sync.office_values import Key, reminder_record
from sync.sheet_parts import added_cells, added_fields, loose_row, table_sheet, with_office
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
        *(Field(f"{rule.id} {rule.title.of(lang)}", 11, Look.CENTRE, Fill.OTHER) for rule in rules),
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
    rows += [loose_row(names, cells, added) for cells in state.entries.loose.get(COMPLETION, ())]
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
    shown: set[Key] = set()
    for item, key in _reminded(state):
        shown.add(key)
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
    pending = (cells for key, cells in state.entries.pending.get(REMINDERS.key, ()) if key not in shown)
    names = [column.key for column in REMINDERS.columns]
    loose = state.entries.loose.get(REMINDERS.key, ())
    rows += [loose_row(names, cells, added) for cells in (*pending, *loose)]
    return table_sheet(
        state,
        REMINDERS,
        rows,
        added=added,
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
