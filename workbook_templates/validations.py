"""Data validations with prompts and alerts in the clerk's language, generated from the column declarations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from xlsxwriter.worksheet import Worksheet

from workbook_templates.lists_sheet import Lists
from workbook_templates.pen import Region
from xingzhi import messages
from xingzhi.columns import Column, ColumnType, Owner, Table
from xingzhi.labels import Lang
from xingzhi.programme import Term

TITLE_LIMIT, MESSAGE_LIMIT = 32, 255
"""Excel's limits on the title and the text of a prompt or an alert."""

SLACK = timedelta(days=366)
"""How far outside the programme's time a date may lie: people join before it, projects end after it."""


class Validations:
    """The validation of each column. `ignore_blank` is off, so that a list admits its entries alone."""

    def __init__(self, tables: tuple[Table, ...], lang: Lang, term: Term, lists: Lists) -> None:
        self._tables = {table.key: table for table in tables}
        self._lang, self._term, self._lists = lang, term, lists

    def apply(self, page: Worksheet, table: Table, region: Region) -> None:
        """Put every column's validation on the body of its table."""
        for index, column in enumerate(table.columns):
            options = self._options(table, column)
            if options:
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

    def _options(self, table: Table, column: Column) -> dict[str, Any]:
        if column.owner is not Owner.UNIT:
            return self._closed(column)
        title = {"error_title": column.label.of(self._lang)[:TITLE_LIMIT]}
        if column.reference and column.reference.table in self._tables:
            return title | self._reference(column)
        rule = {
            ColumnType.CHOICE: self._choice,
            ColumnType.DATE: self._date,
            ColumnType.PERIOD: self._period,
            ColumnType.INTEGER: self._integer,
        }.get(column.type, self._length)(table, column)
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

    def _reference(self, column: Column) -> dict[str, Any]:
        assert column.reference is not None
        target = self._tables[column.reference.table]
        person = target.key == "people"
        key = "validation.namesake" if person else "validation.reference"
        return {
            "validate": "list",
            "source": f"={self._lists.reference_name(column.reference)}",
            "error_type": "warning" if person else "stop",
            "error_message": self._text(key, table=target.label.of(self._lang)),
        }

    def _choice(self, table: Table, column: Column) -> dict[str, Any]:
        return {
            "validate": "list",
            "source": f"={self._lists.choice_name(table, column)}",
            "error_type": "warning" if column.multiple else "stop",
            "error_message": self._text("validation.several" if column.multiple else "validation.choice"),
        }

    def _date(self, table: Table, column: Column) -> dict[str, Any]:
        first, last = self._term.time.start - SLACK, self._term.time.end + SLACK
        if column.any_year:
            first = date(1980, 1, 1)
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": first,
            "maximum": last,
            "error_message": self._text("validation.date", first=first.isoformat(), last=last.isoformat()),
        }

    def _period(self, table: Table, column: Column) -> dict[str, Any]:
        return {
            "validate": "list",
            "source": f"={self._lists.months}",
            "error_message": self._text("validation.period"),
        }

    def _integer(self, table: Table, column: Column) -> dict[str, Any]:
        minimum, maximum = column.minimum or 0, column.maximum or 1_000_000
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": minimum,
            "maximum": maximum,
            "error_message": self._text("validation.integer", minimum=minimum, maximum=maximum),
        }

    def _length(self, table: Table, column: Column) -> dict[str, Any]:
        if column.max_length is None:
            return {"validate": "any"} if column.prompt else {}
        return {
            "validate": "length",
            "criteria": "<=",
            "value": column.max_length,
            "error_message": self._text("validation.length", limit=column.max_length),
        }
