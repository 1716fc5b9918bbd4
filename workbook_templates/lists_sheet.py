"""The hidden sheet of choices, and the defined names that drop-downs refer to."""

from __future__ import annotations

from workbook_templates import sheet_names
from workbook_templates.pen import Pen
from xingzhi.columns import Column, ColumnType, Reference, Table
from xingzhi.grid import column_letters
from xingzhi.labels import Lang
from xingzhi.programme import Term
from xingzhi.windows import months


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
        self.months = self._write("list_months", list(months(term.time)))
        for table in tables:
            for column in table.columns:
                if column.type is ColumnType.CHOICE:
                    labels = [choice.label.of(lang) for choice in column.choices]
                    self._write(self.choice_name(table, column), labels)
                if column.reference:
                    self._define_reference(column.reference)

    @staticmethod
    def choice_name(table: Table, column: Column) -> str:
        """The defined name of a column's choices."""
        return f"list_{table.key}_{column.key}"

    @staticmethod
    def reference_name(reference: Reference) -> str:
        """The defined name of what stands in another table's column."""
        return f"list_{reference.table}_{reference.column}"

    def _write(self, name: str, entries: list[str]) -> str:
        column, self._columns = self._columns, self._columns + 1
        self._page.write_string(0, column, name)
        for number, entry in enumerate(entries, start=1):
            self._page.write_string(number, column, entry)
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
