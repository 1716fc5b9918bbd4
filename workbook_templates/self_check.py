"""自查: the column by which each row of a unit workbook says what is wrong with it, with no macro and no network.

The conditions come from the declarations of the columns (`row_formulas`, `key_formulas`); Python's value of each cell is
made by the same rules from the findings of the checks, so that every formula is written with its value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from xlsxwriter.worksheet import Worksheet

from workbook_templates import findings_sheet
from workbook_templates.deadline_formulas import Vocabulary, quoted
from workbook_templates.key_formulas import key_faults
from workbook_templates.pen import Field, Fill, Formula, Look, Pen, Region
from workbook_templates.row_formulas import ROW, Fault, RowView, column_faults, row_faults
from xingzhi import messages
from xingzhi.checks.context import Context
from xingzhi.checks.phases import PER_FILE, PER_UNIT, run
from xingzhi.columns import RECORD, Table
from xingzhi.findings import Finding
from xingzhi.grid import address
from xingzhi.headers import HEADER_ROW, SELF_CHECK
from xingzhi.labels import Label, Lang
from xingzhi.normalise import normalise
from xingzhi.rows import Row, is_blank
from xingzhi.windows import Window

WIDTH = 26
LIMIT = 8192
"""Excel refuses a longer formula."""

_TEXT_LIMIT = 255
"""Excel refuses a longer text inside a formula."""

FaultsByCell = Mapping[str, Mapping[int, frozenset[tuple[str, str]]]]
"""For each table and number of a row that is not blank, the (code, column) of every fault."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One fault that a row may have. The codes share `text`; `condition` is a formula whose cells are `$B{row}`."""

    codes: tuple[str, ...]
    column: str
    condition: str
    text: str


@dataclass(frozen=True)
class SelfCheck:
    """The self-check of one workbook: its tables, its language, the programme's time."""

    tables: tuple[Table, ...]
    lang: Lang
    window: Window

    @cached_property
    def rules(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules of each table, in the order of the checks: columns, rows, tables."""
        words = Vocabulary({table.key: table for table in self.tables}, self.lang)
        return {table.key: tuple(self._rules(RowView(table, words, self.window))) for table in self.tables}

    def _rules(self, view: RowView) -> Iterator[Rule]:
        for faults in (column_faults(view), row_faults(view), key_faults(view)):
            for fault in faults:
                yield Rule(fault.codes, fault.column.key, fault.condition, self._fault_text(fault))

    def _fault_text(self, fault: Fault) -> str:
        other = fault.other.label if fault.other else Label("", "")
        return self._text(fault.text or fault.codes[0], name=fault.column.label, other=other)

    def _text(self, key: str, **fields: Label) -> str:
        return messages.text(f"self.{key}", self.lang, **fields)

    @cached_property
    def templates(self) -> Mapping[str, str]:
        """The formula of each table with `{row}` for the number of the row. ValueError where Excel would refuse it."""
        return {table.key: self._template(table) for table in self.tables}

    def _template(self, table: Table) -> str:
        view = RowView(table, Vocabulary({each.key: each for each in self.tables}, self.lang), self.window)
        ok, join = self._text("ok"), self._text("join")
        parts = [f'IF({rule.condition},{quoted(join + rule.text)},"")' for rule in self.rules[table.key]]
        record = view.cell(RECORD.key)
        found = f"INDEX({findings_sheet.TOLD},MATCH({record},{findings_sheet.TOLD_RECORDS},0))"
        parts.append(f'IF({record}="","",IFERROR({quoted(join)}&{found},""))')
        listed = f'SUBSTITUTE({quoted(ok)}&{"&".join(parts)},{quoted(ok + join)},"")'
        formula = f'=IFERROR(IF({view.blank_row()},"",{listed}),{quoted(self._text("error"))})'
        if len(formula.replace(ROW, "1048576")) > LIMIT:
            raise ValueError(f"table {table.key}: its self-check formula has {len(formula)} characters")
        long = [rule.text for rule in self.rules[table.key] if len(join + rule.text) > _TEXT_LIMIT]
        if long:
            raise ValueError(f"table {table.key}: {long[0]!r} is too long for a formula")
        return formula

    def formulas(
        self, rows: Mapping[str, Sequence[Row]], findings: Sequence[Finding], today: date, counts: Mapping[str, int]
    ) -> dict[str, list[Formula]]:
        """For each table the cells of its column, `counts` of them, with the values that they have today. `rows` are
        written from the top of each table, one below the other."""
        faults = self.faults(rows, today)
        told = findings_sheet.told(findings, self.lang)
        return {
            table.key: [
                Formula(
                    self.templates[table.key].replace(ROW, str(number)),
                    self._value(table, number, rows[table.key], faults, told),
                )
                for number in range(HEADER_ROW + 1, HEADER_ROW + 1 + counts[table.key])
            ]
            for table in self.tables
        }

    def _value(
        self, table: Table, number: int, rows: Sequence[Row], faults: FaultsByCell, told: Mapping[str, str]
    ) -> str:
        found = faults[table.key].get(number)
        if found is None:
            return ""
        return self.shown(table, found, told.get(rows[number - HEADER_ROW - 1].record, ""))

    def shown(self, table: Table, faults: frozenset[tuple[str, str]], told: str = "") -> str:
        """The text of a row that has these faults, each a (code, column); `told` is what the office found."""
        texts = [
            rule.text for rule in self.rules[table.key] if any((code, rule.column) in faults for code in rule.codes)
        ]
        return self._text("join").join([*texts, *([told] if told else [])]) or self._text("ok")

    def values(
        self, rows: Mapping[str, Mapping[int, Row]], findings: Sequence[Finding], today: date
    ) -> dict[str, dict[int, str]]:
        """The values that the cells of each table's column have today, by the numbers of the sheet's rows, where its
        `rows` stand by theirs."""
        told = findings_sheet.told(findings, self.lang)
        tables = {table.key: table for table in self.tables}
        return {
            key: {
                number: self.shown(tables[key], found, told.get(rows[key][number].record, ""))
                for number, found in by_row.items()
            }
            for key, by_row in self._faults(rows, today).items()
        }

    def faults(self, rows: Mapping[str, Sequence[Row]], today: date) -> FaultsByCell:
        """What Python finds in the rows as the workbook holds them, one below the other."""
        by_number = {table.key: dict(enumerate(rows[table.key], HEADER_ROW + 1)) for table in self.tables}
        return self._faults(by_number, today)

    def _faults(self, rows: Mapping[str, Mapping[int, Row]], today: date) -> FaultsByCell:
        found: dict[str, dict[int, set[tuple[str, str]]]] = {table.key: {} for table in self.tables}
        held: dict[str, tuple[Row, ...]] = {}
        for table in self.tables:
            as_held = [self._as_held(row, table, number) for number, row in rows[table.key].items()]
            held[table.key] = tuple(row for row, _ in as_held if not is_blank(row, table))
            for row, unreadable in as_held:
                if not is_blank(row, table):
                    found[table.key][row.number] = set(unreadable)
        context = Context(self.tables, self.window, today)
        numbers = {row.cell(RECORD.key): row.number for each in held.values() for row in each}
        for each in (*run(PER_FILE, held, context), *run(PER_UNIT, held, context)):
            row_number = numbers["A" + each.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
            found[each.table][row_number].add((each.code, each.column))
        return {key: {number: frozenset(each) for number, each in by_row.items()} for key, by_row in found.items()}

    def _as_held(self, row: Row, table: Table, number: int) -> tuple[Row, list[tuple[str, str]]]:
        """The row as its sheet holds it, read again: the ledger may know a cell as an error that the sheet has as text."""
        read = {column.key: normalise(row.values.get(column.key), column, self.window) for column in table.columns}
        held = replace(
            row,
            extra={},
            values={key: each.value for key, each in read.items()},
            invalid=frozenset(key for key, each in read.items() if each.invalid),
            number=number,
            cells={column.key: address(number, place) for place, column in enumerate(table.columns, start=1)},
        )
        return held, [(each.fault[0], key) for key, each in read.items() if each.fault]


def field(lang: Lang) -> Field:
    """The column as it is printed, the last of every table."""
    return Field(SELF_CHECK.of(lang), WIDTH, Look.WRAP, Fill.OTHER)


def colour(pen: Pen, page: Worksheet, region: Region, lang: Lang) -> None:
    """Green where a row is clean, light red where it is not."""
    last, first = region.width - 1, region.first
    ok = f'"{messages.text("self.ok", lang)}"'
    clean = pen.book.add_format({"bg_color": "#C6EFCE", "font_color": "#006100"})
    faulty = pen.book.add_format({"bg_color": "#FFE1E1", "font_color": "#9C0006"})
    page.conditional_format(
        first,
        last,
        region.last,
        last,
        {"type": "cell", "criteria": "==", "value": ok, "format": clean, "stop_if_true": True},
    )
    page.conditional_format(first, last, region.last, last, {"type": "no_blanks", "format": faulty})
