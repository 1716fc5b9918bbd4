"""What the formulas of the deadlines share: their words, and how they count the rows of a table.

They are formulas of Excel 2010 that count what `xingzhi.fulfilment` counts, over the tables of the unit's own workbook.
Text is compared by EXACT inside SUMPRODUCT and never by COUNTIF, which takes `a*` for a pattern and `2026-06` for a
date. A blank compares as 0 and a text as greater than any number, so a date must be both >= and < to count; the upper
bound is the day after, since a cell may hold a time of day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xingzhi.columns import ROLE_SEPARATORS, Column, Table
from xingzhi.labels import Lang
from xingzhi.requirements import RowSet

BASE_DATE = "base_date"
"""The defined name of the one cell that holds the day on which the workbook looks at its deadlines."""

NEVER = date(9999, 12, 31)
"""The last day that a cell can hold: the day of what has not happened."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Formulas without their `=`: how much is done, whether that suffices, and whether it did so on time (1 or 0).
    `need` is how much is asked, where that follows the tables; `waiting` whether only others have something left to do (1 or
    0), where that may be."""

    done: str
    met: str
    on_time: str
    need: str | None = None
    waiting: str | None = None


@dataclass(frozen=True)
class Vocabulary:
    """The tables in the language of one workbook."""

    tables: dict[str, Table]
    lang: Lang

    def column(self, table: str, key: str) -> str:
        """The structured reference of a column."""
        return f"{table}[{self.tables[table][key].label.of(self.lang)}]"

    def choice(self, table: str, key: str, choice: str) -> str:
        """The text of a choice as a string literal."""
        return quoted(self.tables[table][key].choice(choice).label.of(self.lang))

    def holds(self, table: str, key: str, choice: str) -> str:
        """An array that is true where the cell holds the choice, alone or among several."""
        column: Column = self.tables[table][key]
        reference, lang = self.column(table, key), self.lang
        text = column.choice(choice).label.of(lang)
        if not column.multiple:
            return f"EXACT({reference},{quoted(text)})"
        # Whatever parts the entries; 副组长 is no 组长.
        for longer in (each.label.of(lang) for each in column.choices):
            if text in longer and text != longer:
                reference = f'SUBSTITUTE({reference},{quoted(longer)},"")'
        return f"ISNUMBER(FIND({quoted(text)},{reference}))"

    def in_set(self, rows: RowSet, subject: str | None) -> list[str]:
        """Arrays whose product is 1 where a row is of the set and of the subject, whenever it is dated."""
        conditions = []
        if subject is not None:
            conditions.append(is_subject(self.column(rows.table, rows.project), subject))
        for key, choices in rows.where.items():
            either = "+".join(self.holds(rows.table, key, choice) for choice in choices)
            conditions.append(f"(({either})>0)" if len(choices) > 1 else either)
        conditions += [f'({self.column(rows.table, key)}<>"")' for key in rows.filled]
        for first, then in rows.if_filled.items():
            conditions.append(f'((({self.column(rows.table, first)}="")+({self.column(rows.table, then)}<>""))>0)')
        return conditions


def is_subject(column: str, subject: str) -> str:
    """An array that is true where a column names a project. LibreOffice's EXACT finds no number equal to a text, and a code
    may be typed as one."""
    return f'EXACT({column}&"",{subject}&"")'


def one_separator(cell: str) -> str:
    """The text of a cell or a column of several choices, all of them parted by 、."""
    for sign in ROLE_SEPARATORS.replace("、", ""):
        cell = f'SUBSTITUTE({cell},"{sign}","、")'
    return cell


def quoted(text: str) -> str:
    """A string literal of a formula."""
    return '"' + text.replace('"', '""') + '"'


def day(value: date) -> str:
    """A date of a formula."""
    return f"DATE({value.year},{value.month},{value.day})"


def plain(text: str) -> str:
    """A text without the marks that MATCH takes for a pattern. It is for both sides of MATCH: Excel takes them so wherever
    it looks, LibreOffice only among cells and not in an array, so that to escape them would help the one and not the other.
    """
    return f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({text},"~","∼"),"*","∗"),"?","⁇")'


def earliest(*days: str | None) -> str:
    """The earliest of some days, each a cell or an expression; None stands for no bound."""
    known = list(dict.fromkeys(each for each in days if each))
    return f"MIN({','.join(known)})" if len(known) > 1 else known[0]


def first_of(conditions: list[str], when: str) -> str:
    """The earliest day of the rows for which the conditions hold, NEVER where there is none. It is no array formula: the
    greatest distance from the end of time is sought inside SUMPRODUCT. A text that stands for a date would spoil the
    whole, so each cell is summed by itself, which makes nothing of a text."""
    never = day(NEVER)
    each = f'SUMIF(OFFSET(INDEX({when},1),ROW({when})-MIN(ROW({when})),0),"<>")'
    rows = "*".join([*conditions, f"ISNUMBER({when})", f"({never}-{each})"])
    return f"IFERROR(INT({never}-SUMPRODUCT(MAX({rows}))),{never})"
