"""汇总_<table>: every unit's rows of one table."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from sync.office_entries import Key
from sync.records import LedgerRow, Status
from sync.sheet_parts import added_cells, cell_of, cell_of_choice, late_mark, table_sheet
from sync.state import State
from workbook_templates.master_workbook import MasterSheet, OfficeCell
from workbook_templates.office_tables import DECISIONS, PROVENANCE, ROW_STATES, merged_table
from xingzhi.columns import Choice, Owner, Table
from xingzhi.labels import Lang
from xingzhi.phones import mask_identity
from xingzhi.rows import Value, encode, stored_text


def merged(state: State, table: Table) -> MasterSheet:
    """汇总_<table>: every unit's rows, where each came from, and the office's columns."""
    lang, term = state.lang, state.settings.term
    whole = merged_table(table)
    added = state.entries.headers.get(table.key, ())
    records = ordered_rows(state, table)
    keys = [Key(row.programme, row.unit, row.table, row.record) for row in records]
    rows = [_merged_row(state, table, row, added) for row in records]
    colours = {
        _label(ROW_STATES, Status.MISSING.value, lang): "soon",
        _label(ROW_STATES, Status.WITHDRAWN.value, lang): "off",
    }
    # What follows is said to the units, whose workbooks have other colours.
    lead = re.split("；|;|。", table.purpose.of(lang))[0]
    return table_sheet(
        state,
        whole,
        rows,
        added=added,
        lines=state.entries.loose.get(table.key, ()),
        places={number: state.entered[key] for number, key in enumerate(keys) if key in state.entered},
        key_columns=4,
        unprinted=len(PROVENANCE),
        colours=colours,
        coloured=["row_status"],
        lead=f"{term.programme.title.of(lang)}　{term.year}　{lead}",
    )


def ordered_rows(state: State, table: Table) -> list[LedgerRow]:
    """The rows of a table in the order in which its sheet shows them: by unit in the office's order, then by number."""
    order = {unit.code: number for number, unit in enumerate(state.units)}
    return sorted(
        (row for row in state.rows if row.table == table.key and not _is_purged(state, row)),
        key=lambda row: (order.get(row.unit, len(order)), row.unit, row.record),
    )


def _is_purged(state: State, row: LedgerRow) -> bool:
    key = Key(row.programme, row.unit, row.table, row.record)
    return row.status is Status.WITHDRAWN and key in state.purged


def _label(choices: Iterable[Choice], key: str, lang: Lang) -> str:
    return next(choice.label.of(lang) for choice in choices if choice.key == key)


def _merged_row(state: State, table: Table, row: LedgerRow, added: Sequence[str]) -> list[OfficeCell]:
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
        own.append(cell_of(column, value, state))
    return [
        row.unit,
        state.unit_name(row.unit),
        *own,
        mask_identity(extra) or None,
        _label(ROW_STATES, row.status.value, lang),
        cell_of_choice(DECISIONS, office.get("decision"), lang),
        *((late_mark(state, row.unit, row.table, row.record),) if table.month else ()),
        row.file,
        row.sheet,
        row.number or None,
        hashlib.sha256(encode(row.values).encode()).hexdigest()[:12],
        programme,
        *added_cells(office, added),
    ]
