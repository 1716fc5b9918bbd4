"""The values of one row against each other."""

from __future__ import annotations

from collections.abc import Iterable

from xingzhi.checks.columns import at, display, tables_of
from xingzhi.checks.context import Check, Context
from xingzhi.columns import Owner
from xingzhi.findings import Finding
from xingzhi.labels import Text
from xingzhi.month_parts import part_text
from xingzhi.rows import RowsByTable
from xingzhi.windows import Window


def ordered(rows: RowsByTable, context: Context) -> Iterable[Finding]:
    """R101: an end before its start."""
    for table, records in tables_of(rows, context):
        for row in records:
            for first, last in table.ordered:
                start, end = row.days(first), row.days(last)
                # What is planned as a part of a month is before another only as a whole.
                if start and end and end.end < start.start:
                    args: dict[str, Text] = {"other": table[first].label, "start": _shown(start, context)}
                    yield at("R101", row, table[last], _shown(end, context), args)


def _shown(days: Window, context: Context) -> str:
    return days.start.isoformat() if days.start == days.end else part_text(days, context.window)


def dependents(rows: RowsByTable, context: Context) -> Iterable[Finding]:
    """R102: a choice that does not go with another of the row."""
    for table, records in tables_of(rows, context):
        for row in records:
            for rule in table.dependents:
                chosen, on = row.keys(rule.column), row.keys(rule.on)
                allowed = {key for each in on for key in rule.allowed.get(each, ())}
                if chosen and on and not allowed.issuperset(chosen):
                    column, other = table[rule.column], table[rule.on]
                    value = display(row.get(column.key), column)
                    with_ = display(row.get(other.key), other)
                    yield at("R102", row, column, value, {"other": other.label, "with": with_})


def not_yet(rows: RowsByTable, context: Context) -> Iterable[Finding]:
    """R103: the date of what has happened, in the future."""
    for table, records in tables_of(rows, context):
        past = [table[key] for key in table.past if table[key].owner is Owner.UNIT]
        for row in records:
            for column in past:
                value = row.date(column.key)
                if value and value > context.today:
                    yield at("R103", row, column, value.isoformat())


def levels(rows: RowsByTable, context: Context) -> Iterable[Finding]:
    """R104 and R105: a nested level without a parent, a top level with one."""
    for table, records in tables_of(rows, context):
        nesting = table.nesting
        if nesting is None:
            continue
        parent, level = table[nesting.parent], table[nesting.level]
        for row in records:
            key = row.get(level.key)
            if key not in nesting.levels:
                continue
            top = key == nesting.levels[0]
            if top == bool(row.text(parent.key)):
                code = "R105" if top else "R104"
                value = row.text(nesting.code) or row.record
                yield at(code, row, parent, value, {"level": display(key, level)})


def at_most(rows: RowsByTable, context: Context) -> Iterable[Finding]:
    """R106: a number over the one that it should not exceed."""
    for table, records in tables_of(rows, context):
        for row in records:
            for key, limit in table.at_most:
                number, most = row.get(key), row.get(limit)
                if isinstance(number, int) and isinstance(most, int) and number > most:
                    yield at("R106", row, table[key], str(number), {"other": table[limit].label, "limit": str(most)})


CHECKS: tuple[Check, ...] = (ordered, dependents, not_yet, levels, at_most)
