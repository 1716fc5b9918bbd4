"""Data validations with prompts and alerts in the clerk's language, generated from the column declarations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from xlsxwriter.worksheet import Worksheet

from workbook_templates.deadline_formulas import day, quoted
from workbook_templates.group_lists import GroupLists
from workbook_templates.lists_sheet import SPAN_SPELLINGS, Lists
from workbook_templates.pen import Region
from xingzhi import messages
from xingzhi.columns import Column, ColumnType, Owner, Table
from xingzhi.grid import column_letters
from xingzhi.labels import Lang
from xingzhi.programme import Term

TITLE_LIMIT, MESSAGE_LIMIT = 32, 255
"""Excel's limits on the title and the text of a prompt or an alert."""

FORMULA_LIMIT = 255
"""How long the formula of a validation may be."""

SLACK = timedelta(days=366)
"""How far outside the programme's time a date may lie: people join before it, projects end after it."""


class Validations:
    """The validation of each column. `ignore_blank` is off, so that a list admits its entries alone."""

    def __init__(self, tables: tuple[Table, ...], lang: Lang, term: Term, lists: Lists, groups: GroupLists) -> None:
        self._tables = {table.key: table for table in tables}
        self._lang, self._term, self._lists, self._groups = lang, term, lists, groups

    def apply(self, page: Worksheet, table: Table, region: Region) -> None:
        """Put every column's validation on the body of its table."""
        for index, column in enumerate(table.columns):
            options = self._options(table, column, region.first + 1)
            if options:
                if len(str(options.get("source", options.get("value", "")))) > FORMULA_LIMIT:
                    raise ValueError(f"{table.key}.{column.key}: Excel takes no validation that long")
                options = {"ignore_blank": False, **self._prompt(column), **options}
                page.data_validation(region.first, index, region.last, index, options)

    def close(self, page: Worksheet, region: Region) -> None:
        """Refuse typing in the last column of a table, which is the tool's."""
        options = {"ignore_blank": False, **self._refusal("tool")}
        page.data_validation(region.first, region.width - 1, region.last, region.width - 1, options)

    def _text(self, key: str, **args: str | int) -> str:
        return messages.text(key, self._lang, **args)[:MESSAGE_LIMIT]

    def _prompt(self, column: Column) -> dict[str, Any]:
        if column.prompt is None:
            return {}
        return {
            "input_title": column.label.of(self._lang)[:TITLE_LIMIT],
            "input_message": column.prompt.of(self._lang)[:MESSAGE_LIMIT],
        }

    def _options(self, table: Table, column: Column, row: int) -> dict[str, Any]:
        """The options of XlsxWriter; `row` is the first row of the body, counted from 1 as formulas do."""
        if column.owner is not Owner.UNIT:
            return self._closed(column)
        title = {"error_title": column.label.of(self._lang)[:TITLE_LIMIT]}
        if column.reference and column.reference.table in self._tables:
            return title | self._reference(table, column, row)
        if column.choices:
            return title | self._choice(table, column, row)
        if column.spans:
            return title | self._date_or_span(column, self._cell(table, column.key, row))
        rule = {
            ColumnType.DATE: self._date,
            ColumnType.PERIOD: self._period,
            ColumnType.INTEGER: self._integer,
        }.get(column.type, self._length)(column)
        return title | rule if rule else {}

    def _closed(self, column: Column) -> dict[str, Any]:
        """Refuse typing in a column that is not the unit's: a protected sheet would stop its table from growing."""
        return self._refusal("office" if column.owner is Owner.OFFICE else "tool")

    def _refusal(self, who: str) -> dict[str, Any]:
        office = self._term.programme.office.of(self._lang)
        return {
            "validate": "custom",
            "value": "=FALSE",
            "error_title": self._text(f"validation.{who}_title")[:TITLE_LIMIT],
            "error_message": self._text(f"validation.{who}", office=office),
        }

    def _cell(self, table: Table, key: str, row: int) -> str:
        """The cell of the same row in another column, as the validation of the body's first row sees it."""
        return f"${column_letters(table.columns.index(table[key]) + 1)}{row}"

    def _reference(self, table: Table, column: Column, row: int) -> dict[str, Any]:
        assert column.reference is not None
        everything = self._lists.reference_name(column.reference)
        source = f"={everything}"
        if column.narrowed:
            on = self._cell(table, column.narrowed.on, row)
            source = self._groups.source(column.narrowed, on, everything) or source
        target = self._tables[column.reference.table]
        person = target.key == "people"
        key = "validation.namesake" if person else "validation.reference"
        return {
            "validate": "list",
            "source": source,
            "error_type": "warning" if person else "stop",
            "error_message": self._text(key, table=target.label.of(self._lang)),
        }

    def _choice(self, table: Table, column: Column, row: int) -> dict[str, Any]:
        """All the choices, but where the choice in another column admits some of them only."""
        source = self._lists.choice_name(table, column)
        for on, key, name in self._lists.narrower(table, column):
            label = table[on].choice(key).label.of(self._lang)
            source = f"IF(EXACT({self._cell(table, on, row)},{quoted(label)}),{name},{source})"
        return {
            "validate": "list",
            "source": f"={source}",
            "error_type": "warning" if column.multiple else "stop",
            "error_message": self._text("validation.several" if column.multiple else "validation.choice"),
        }

    def _date_or_span(self, column: Column, cell: str) -> dict[str, Any]:
        """A day, or one of the texts for a part of a month."""
        first, last = self._days(column)
        span = f"SUMPRODUCT(--EXACT({SPAN_SPELLINGS},{cell}))>0"
        return {
            "validate": "custom",
            "value": f"=IF(ISNUMBER({cell}),AND({cell}>={day(first)},{cell}<{day(last)}+1),{span})",
            "error_message": self._text("validation.date_or_span", first=first.isoformat(), last=last.isoformat()),
        }

    def _days(self, column: Column) -> tuple[date, date]:
        first, last = self._term.time.start - SLACK, self._term.time.end + SLACK
        return (date(1980, 1, 1) if column.any_year else first), last

    def _date(self, column: Column) -> dict[str, Any]:
        first, last = self._days(column)
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": first,
            "maximum": last,
            "error_message": self._text("validation.date", first=first.isoformat(), last=last.isoformat()),
        }

    def _period(self, column: Column) -> dict[str, Any]:
        return {
            "validate": "list",
            "source": f"={self._lists.months}",
            "error_message": self._text("validation.period"),
        }

    def _integer(self, column: Column) -> dict[str, Any]:
        minimum, maximum = column.minimum or 0, column.maximum or 1_000_000
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": minimum,
            "maximum": maximum,
            "error_message": self._text("validation.integer", minimum=minimum, maximum=maximum),
        }

    def _length(self, column: Column) -> dict[str, Any]:
        if column.max_length is None:
            return {"validate": "any"} if column.prompt else {}
        return {
            "validate": "length",
            "criteria": "<=",
            "value": column.max_length,
            "error_message": self._text("validation.length", limit=column.max_length),
        }
