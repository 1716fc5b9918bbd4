"""月度结账: what each unit had reported when a month was closed, and what it has now."""

from __future__ import annotations

from collections import Counter, defaultdict

from sync.month_close import COUNTED, LATE_ROW
from sync.office_entries import Key
from sync.sheet_parts import table_sheet, with_office
from sync.state import State
from workbook_templates.master_workbook import MasterSheet, OfficeCell
from workbook_templates.office_tables import MONTH_CLOSE
from workbook_templates.pen import Cell
from xingzhi.phones import mask_identity


def month_close_sheet(state: State) -> MasterSheet:
    """One line for each closed month and unit, the units in the office's order. A unit that was not yet, or no longer,
    of the programme then stands there only if there is anything of it."""
    programme, close = state.settings.term.instance, state.close
    added = state.entries.headers.get(MONTH_CLOSE.key, ())
    late = Counter((each.month, unit) for (unit, _, _), each in close.late.items())
    said = _explanations(state)
    listed = {unit.code: unit for unit in state.units}
    others = sorted({unit for _, unit, _ in close.counts} - set(listed))
    rows: list[list[OfficeCell]] = []
    for month, run in sorted(close.runs.items()):
        for code in (*listed, *others):
            counts = [close.counts.get((month, code, table), (0, 0)) for table in COUNTED]
            unit = listed.get(code)
            belonged = unit is not None and not (
                unit.is_office
                or (unit.joined and f"{unit.joined:%Y-%m}" > month)
                or (unit.left and f"{unit.left:%Y-%m}" < month)
            )
            if not belonged and not late[month, code] and not any(map(any, counts)):
                continue
            computed: dict[str, Cell] = {
                "month": month,
                "unit": code,
                "unit_name": state.unit_name(code),
                "late": late[month, code] or None,
                "explanation": mask_identity("；".join(said.get((month, code), ()))) or None,
                "closed_in": run,
                "programme": programme,
            }
            for table, (then, now) in zip(COUNTED, counts, strict=True):
                computed |= {f"{table}_then": then, f"{table}_now": now}
            office = state.office.get(Key(programme, code, MONTH_CLOSE.key, month), {})
            rows.append(with_office(MONTH_CLOSE, computed, office, added, state))
    lines = state.entries.loose.get(MONTH_CLOSE.key, ())
    return table_sheet(state, MONTH_CLOSE, rows, added=added, lines=lines, key_columns=3, unprinted=1)


def _explanations(state: State) -> dict[tuple[str, str], list[str]]:
    """What the units say of their late rows, by month and unit; a text that stands on several rows once."""
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in state.findings:
        texts = said[str(dict(each.args)["month"]), each.unit] if each.code == LATE_ROW else []
        if each.explanation and each.explanation not in texts:
            texts.append(each.explanation)
    return said
