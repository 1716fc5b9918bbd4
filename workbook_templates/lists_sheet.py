"""The hidden sheet of choices, and the defined names that drop-downs refer to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workbook_templates import sheet_names
from workbook_templates.pen import Pen
from xingzhi.columns import Column, ColumnType, Dependent, Reference, Table
from xingzhi.grid import column_letters
from xingzhi.labels import Lang
from xingzhi.month_parts import month_parts, part_text, read_span
from xingzhi.programme import Term
from xingzhi.windows import Window, full_text, months

MONTHS = "list_months"
"""The defined name of the programme's months."""

SPANS, SPAN_STARTS, SPAN_ENDS = "list_spans", "list_span_starts", "list_span_ends"
"""The defined names of the months and parts of months for which something may be planned, and of their first and last
days, in the same order."""

SPAN_SPELLINGS = "list_span_spellings"
"""The defined name of all the texts for them that a cell admits."""


class Lists:
    """Writes the sheet, and knows the name of each list. Each name ends at the last entry: a blank inside a named
    list would let any entry in."""

    def __init__(self, pen: Pen, tables: tuple[Table, ...], lang: Lang, term: Term) -> None:
        self._pen, self._lang = pen, lang
        self._tables = {table.key: table for table in tables}
        self._sheet = sheet_names.LISTS.of(lang)
        self._page = pen.add_sheet(self._sheet, hidden=True)
        self._columns = 0
        self._names: set[str] = set()
        self._narrower: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
        self.months = self._write(MONTHS, list(months(term.time)))
        if any(column.spans for table in tables for column in table.columns):
            self._write_spans(term.time)
        for table in tables:
            for column in table.columns:
                if column.type is ColumnType.CHOICE:
                    labels = [choice.label.of(lang) for choice in column.choices]
                    self._write(self.choice_name(table, column), labels)
                if column.reference:
                    self._define_reference(column.reference)
            for rule in table.dependents:
                self._write_narrower(table, rule)

    @staticmethod
    def choice_name(table: Table, column: Column) -> str:
        """The defined name of a column's choices."""
        return f"list_{table.key}_{column.key}"

    @staticmethod
    def reference_name(reference: Reference) -> str:
        """The defined name of what stands in another table's column."""
        return f"list_{reference.table}_{reference.column}"

    def narrower(self, table: Table, column: Column) -> list[tuple[str, str, str]]:
        """Where another column admits some of a column's choices only: (that column, its choice, the list's name)."""
        return self._narrower.get((table.key, column.key), [])

    def _write_narrower(self, table: Table, rule: Dependent) -> None:
        """A list for each choice that admits some. One that admits none is left to the check: an empty drop-down would
        not say why, and lets anything in."""
        column = table[rule.column]
        found = self._narrower.setdefault((table.key, column.key), [])
        for key, allowed in rule.allowed.items():
            labels = [choice.label.of(self._lang) for choice in column.choices if choice.key in allowed]
            if 0 < len(labels) < len(column.choices):
                found.append((rule.on, key, self._write(f"{self.choice_name(table, column)}_{key}", labels)))

    def _write_spans(self, time: Window) -> None:
        parts = month_parts(time)
        texts = [part_text(part, time) for part in parts]
        self._write(SPANS, texts)
        self._write(SPAN_STARTS, [part.start for part in parts])
        self._write(SPAN_ENDS, [part.end for part in parts])
        # With the year, and without it where the programme has the month once.
        bare = (full_text(part).partition("年")[2] for part in parts)
        spellings = (*texts, *map(full_text, parts), *(text for text in bare if _is_clear(text, time)))
        self._write(SPAN_SPELLINGS, list(dict.fromkeys(spellings)))

    def _write(self, name: str, entries: Sequence[str | date]) -> str:
        column, self._columns = self._columns, self._columns + 1
        self._page.write_string(0, column, name)
        for number, entry in enumerate(entries, start=1):
            self._pen.put(self._page, number, column, entry, self._pen.format(num_format="yyyy-mm-dd"))
        letters = column_letters(column + 1)
        self._pen.book.define_name(name, f"='{self._sheet}'!${letters}$2:${letters}${len(entries) + 1}")
        return name

    def _define_reference(self, reference: Reference) -> None:
        """The name grows with what the unit enters: from the first row of the table to the last that is filled."""
        name = self.reference_name(reference)
        if name in self._names or reference.table not in self._tables:
            return
        self._names.add(name)
        header = self._tables[reference.table][reference.column].label.of(self._lang)
        column = f"{reference.table}[{header}]"
        last = f'SUMPRODUCT(MAX(({column}<>"")*(ROW({column})-MIN(ROW({column}))+1)))'
        self._pen.book.define_name(name, f"=INDEX({column},1):INDEX({column},MAX(1,{last}))")


def _is_clear(text: str, time: Window) -> bool:
    found = read_span(text, time)
    return found is not None and found.sure
