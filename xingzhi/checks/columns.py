"""Each value against its column's declaration: required, range, pattern, length, choice, and the programme's time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pydantic import ValidationError

from xingzhi.checks.context import Check, Context
from xingzhi.choices import joined
from xingzhi.columns import Column, ColumnType, Owner, Table
from xingzhi.findings import Finding, finding
from xingzhi.labels import Label, Text
from xingzhi.month_parts import EARLIEST, LATEST
from xingzhi.near_misses import near_choice
from xingzhi.phones import masked_numbers
from xingzhi.row_types import row_type
from xingzhi.rows import Row, RowsByTable, Value, stored_text
from xingzhi.windows import months

_CODES = {
    "missing": "C101",
    "literal_error": "C104",
    "greater_than_equal": "C106",
    "less_than_equal": "C106",
    "string_pattern_mismatch": "C107",
    "string_too_long": "C108",
}
_CODES_BY_TYPE = {
    ColumnType.DATE: "C102",
    ColumnType.CHOICE: "C104",
    ColumnType.INTEGER: "C105",
    ColumnType.PERIOD: "C111",
}


def tables_of(rows: RowsByTable, context: Context) -> Iterator[tuple[Table, tuple[Row, ...]]]:
    """The tables that have rows, in the order of the workbook."""
    return ((table, rows[table.key]) for table in context.tables if rows.get(table.key))


def at(code: str, row: Row, column: Column, value: Text, args: Mapping[str, Text] | None = None) -> Finding:
    """A finding about one cell; `args` are those of its message beyond `name`, the column's label."""
    return at_key(code, row, column.key, value, {"name": column.label, **(args or {})})


def at_key(code: str, row: Row, key: str, value: Text, args: Mapping[str, Text]) -> Finding:
    """A finding about one cell of a column that the unit may have added; `args` are all of its message."""
    shown = value.zh if isinstance(value, Label) else value
    fields = dict(args)
    if isinstance(value, Label):
        fields["value"] = value
    found = finding(
        code,
        file=row.file,
        sheet=row.sheet,
        cell=row.cell(key),
        value=shown,
        table=row.table,
        column=key,
        record=row.record,
    )
    return replace(found, args=tuple(sorted(fields.items())))


def display(value: Value, column: Column) -> Text:
    """A normalised value as a user reads it: a choice by its label."""
    keys = value if isinstance(value, tuple) else (value,)
    chosen = [choice for key in keys for choice in column.choices if choice.key == key]
    return joined(chosen) if chosen and len(chosen) == len(keys) else stored_text(value)


def validate(rows: RowsByTable, context: Context) -> Iterable[Finding]:
    """C101 and C104 to C108: the row's type, which is built from the columns' declarations."""
    for table, records in tables_of(rows, context):
        model = row_type(table)
        unit = {column.key: column for column in table.owned_by(Owner.UNIT)}
        for row in records:
            values = {
                key: row.values[key]
                for key in unit
                if key not in row.invalid and row.values.get(key) not in (None, "", ())
            }
            try:
                model.model_validate(values)
            except ValidationError as error:
                yield from _translated(error, row, unit)


def _translated(error: ValidationError, row: Row, unit: Mapping[str, Column]) -> Iterator[Finding]:
    seen: set[str] = set()
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        key = str(each["loc"][0])
        # A column that the sheet has lost is one finding of the sheet, not one of every row.
        lost = each["type"] == "missing" and bool(row.cells) and key not in row.cells
        if key in seen or key in row.invalid or lost or key not in unit:
            continue
        seen.add(key)
        yield _fault(each["type"], row, unit[key])


def _fault(kind: str, row: Row, column: Column) -> Finding:
    code = _CODES.get(kind) or _CODES_BY_TYPE.get(column.type, "C107")
    # Odd input of another door than a workbook's: a month that does not match its pattern is no month.
    if code == "C107" and column.type is ColumnType.PERIOD:
        code = "C111"
    value = stored_text(row.values.get(column.key))
    match code:
        case "C104":
            args: dict[str, Text] = {"choices": joined(column.choices), **near_choice(value, column.choices)}
            return at(code, row, column, value, args)
        case "C106":
            return at(code, row, column, value, {"range": bounds(column)})
        case "C107":
            return at(code, row, column, value, {"prompt": column.prompt or column.label})
        case "C108":
            return at(code, row, column, str(len(value)), {"limit": str(column.max_length)})
    return at(code, row, column, value)


def bounds(column: Column) -> Label:
    """The range of an integer column, for a message."""
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return Label(f"{low} 至 {high}", f"{low} to {high}")
    if high is None:
        return Label(f"不小于 {low}", f"at least {low}")
    return Label(f"不大于 {high}", f"at most {high}")


def programme_time(rows: RowsByTable, context: Context) -> Iterable[Finding]:
    """C112: a month that is none of the programme's, a date that is far outside it; a post may have been taken up long
    before."""
    window = context.window
    within = frozenset(months(window))
    span = Label(f"{window.start} 至 {window.end}", f"{window.start} to {window.end}")
    for table, records in tables_of(rows, context):
        columns = [
            column for column in table.owned_by(Owner.UNIT) if column.type in (ColumnType.DATE, ColumnType.PERIOD)
        ]
        for row in records:
            for column in columns:
                day, period = row.date(column.key), row.get(column.key)
                if day is not None:
                    early = day < window.start - EARLIEST and not column.any_year
                    outside = early or day > window.end + LATEST
                else:
                    outside = column.type is ColumnType.PERIOD and period is not None and period not in within
                if outside:
                    yield at("C112", row, column, stored_text(row.get(column.key)), {"range": span})


_TEXTS = (ColumnType.TEXT, ColumnType.LONG_TEXT)


def identity_numbers(rows: RowsByTable, context: Context) -> Iterable[Finding]:
    """N110: an identity number in any text of the unit's, in a column that it added too. In the place of a phone it is
    C110."""
    for table, records in tables_of(rows, context):
        texts = [column for column in table.owned_by(Owner.UNIT) if column.type in _TEXTS]
        for row in records:
            for column in texts:
                if numbers := masked_numbers(row.text(column.key)):
                    yield at("N110", row, column, "、".join(numbers))
            for header, text in row.extra.items():
                if numbers := masked_numbers(text):
                    yield at_key("N110", row, f"+{header}", "、".join(numbers), {"name": header})


CHECKS: tuple[Check, ...] = (validate, programme_time, identity_numbers)
