"""What a form is filled with, and how its values read on paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from workbook_templates.tables.registry import tables
from xingzhi import messages
from xingzhi.cleaning import typed
from xingzhi.columns import Column, Table
from xingzhi.fulfilment import UnitRecords
from xingzhi.labels import Lang
from xingzhi.month_parts import part_text
from xingzhi.phones import mask_identity
from xingzhi.programme import Term
from xingzhi.rows import Row
from xingzhi.windows import Window

LABEL, VALUE = 3.1, 5.4
"""The widths of a field's heading and of the field, two side by side, in centimetres."""


@dataclass(frozen=True)
class Content:
    """One row and what surrounds it: the unit's records, and the term by whose rules the row is judged."""

    term: Term
    unit_name: str
    row: Row
    records: UnitRecords
    today: date
    lang: Lang

    @property
    def table(self) -> Table:
        """The table of the row."""
        (found,) = tables([self.row.table])
        return found

    def text(self, key: str, **fields: str) -> str:
        """A text of the catalogue."""
        return messages.text(key, self.lang, **fields)

    def value(self, column: str) -> str:
        """A value of the row as it reads on paper."""
        value = self.row.get(column)
        if isinstance(value, Window):
            return part_text(value, self.term.time)
        return shown(self.row, self.table[column], self.lang)

    @property
    def lead(self) -> str:
        """The line below a form's title."""
        return self.text("form.lead", programme=self.term.programme.title.of(self.lang), year=str(self.term.year))

    @property
    def unit(self) -> str:
        """The unit's name, room to write it where it is not known."""
        return printable(self.unit_name)

    @property
    def project(self) -> str:
        """The row's project by code and title, or that it is of the whole unit."""
        code = self.row.text("project")
        if not code:
            return self.text("form.whole_unit")
        titles = (row.text("title") for row in self.records.table("projects") if row.text("code") == code)
        return printable(f"{code} {next(titles, '')}")


def shown(row: Row, column: Column, lang: Lang) -> str:
    """A cell as it reads on paper: choices by their labels, a day in words, what was not understood as it was typed."""
    value = row.values.get(column.key)
    if value is None:
        return ""
    if isinstance(value, date):
        return day_text(value, lang)
    if column.choices and column.key not in row.invalid:
        return listed((column.choice(key).label.of(lang) for key in row.keys(column.key)), lang)
    return printable(value if isinstance(value, str) else str(value))


def listed(texts: Iterable[str], lang: Lang) -> str:
    """Several short texts in one line."""
    return ("、" if lang is Lang.ZH else ", ").join(texts)


def day_text(day: date | None, lang: Lang) -> str:
    """A day in words, room to write one where there is none."""
    if day is None:
        return messages.text("form.no_day", lang)
    return messages.text("form.day", lang, year=day.year, month=day.month, day=day.day, iso=day.isoformat())


def printable(text: str) -> str:
    """What a user typed, with nothing invisible and with every identity number masked."""
    return mask_identity(typed(text))
