"""Conditions, as formulas of Excel 2010, by which a row of a table is at fault in itself: its cells, and one cell against
another.

They say what `xingzhi.checks.columns` and `.rows` say of normalised rows. A cell is written `$B{row}`; whoever assembles
a formula puts the row's number in. Text is compared by EXACT inside SUMPRODUCT; N() makes 0 of what is no number, so a
date that is text is never compared with one that is a number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from workbook_templates.deadline_formulas import BASE_DATE, Vocabulary, day, one_separator, quoted
from workbook_templates.lists_sheet import MONTHS, SPAN_ENDS, SPAN_STARTS, SPANS, Lists
from workbook_templates.tables.projects import CODE_PATTERN
from xingzhi.columns import Column, ColumnType, Dependent, Owner, Table
from xingzhi.grid import column_letters
from xingzhi.month_parts import EARLIEST, LATEST
from xingzhi.windows import Window

ROW = "{row}"
"""Stands in a condition for the number of the row."""

FIRST_DATE, LAST_DATE = 61, 109_574
"""1 March 1900 and 31 December 2199, as the numbers by which a spreadsheet counts days."""

_LETTERS_AND_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."
_MONTHS = [f"-{month:02}" for month in range(1, 13)]
_LONGEST_PHONE = 13


@dataclass(frozen=True, slots=True)
class Fault:
    """A condition that is true where a row has one of the faults `codes`, which share a text, at `column`: that of `text`,
    else of the first code. `other` is what the text names beside the column."""

    codes: tuple[str, ...]
    column: Column
    condition: str
    other: Column | Table | None = None
    text: str = ""


@dataclass(frozen=True)
class RowView:
    """One table, seen from a row of it: its own cells, and the tables of the workbook."""

    table: Table
    words: Vocabulary
    window: Window

    def cell(self, key: str) -> str:
        """The cell of a column in the row."""
        place = [column.key for column in self.table.columns].index(key) + 1
        return f"${column_letters(place)}{ROW}"

    def filled(self, key: str) -> str:
        """True where the cell holds more than spaces."""
        return f'{spaceless(self.cell(key))}<>""'

    def blank_row(self) -> str:
        """True where no unit-owned cell holds more than spaces. ValueError where those cells do not stand together."""
        keys = [column.key for column in self.table.owned_by(Owner.UNIT)]
        places = [index for index, column in enumerate(self.table.columns) if column.key in keys]
        if places != list(range(places[0], places[-1] + 1)):
            raise ValueError(f"table {self.table.key}: the unit's columns do not stand together")
        return f"SUMPRODUCT(LEN({spaceless(f'{self.cell(keys[0])}:{self.cell(keys[-1])}')}))=0"

    def known(self, key: str) -> str:
        """True where the cell holds exactly one of its column's choices."""
        return f"SUMPRODUCT(--EXACT({Lists.choice_name(self.table, self.table[key])},{self.cell(key)}))>0"

    def is_date(self, key: str) -> str:
        """True where the cell holds a day of the calendar."""
        return f"N({self.cell(key)})>={FIRST_DATE},N({self.cell(key)})<{LAST_DATE + 1}"

    def whole_day(self, key: str) -> str:
        """The day of a date cell, whatever its time; 0 where it holds none."""
        return f"INT(N({self.cell(key)}))"

    def is_span(self, key: str) -> str:
        """True where the cell holds a part of a month, as the tool writes one."""
        return f"SUMPRODUCT(--EXACT({SPANS},{self.cell(key)}))>0"

    def first_day(self, key: str) -> str:
        """The first day of a date cell; 0 where it holds none."""
        return self._end_of(key, SPAN_STARTS)

    def last_day(self, key: str) -> str:
        """The last day of a date cell; 0 where it holds none."""
        return self._end_of(key, SPAN_ENDS)

    def _end_of(self, key: str, ends: str) -> str:
        if not self.table[key].spans:
            return self.whole_day(key)
        cell = self.cell(key)
        return f"IF(ISNUMBER({cell}),INT({cell}),SUMPRODUCT(EXACT({SPANS},{cell})*{ends}))"

    def choices(self, key: str, choices: Iterable[str]) -> str:
        """An array constant of choices."""
        return constants(self.words.choice(self.table.key, key, each) for each in choices)


def spaceless(text: str) -> str:
    """Text without what surrounds it, empty where it is nothing but spaces."""
    return f'TRIM(SUBSTITUTE(CLEAN({text}),"　",""))'


def constants(values: Iterable[str]) -> str:
    """An array constant of one row."""
    return "{" + ",".join(values) + "}"


def column_faults(view: RowView) -> Iterator[Fault]:
    """C101 to C112, column by column. What a column of the office or of the tool may hold is not the unit's fault, but
    a cell that cannot be understood is told whoever filled it in."""
    for column in view.table.columns:
        if column.type is ColumnType.RECORD:
            continue
        if column.owner is Owner.UNIT and column.required:
            yield Fault(("C101",), column, f'{spaceless(view.cell(column.key))}=""')
        yield from _type_faults(view, column)
        if column.owner is Owner.UNIT:
            yield from _content_faults(view, column)


def _type_faults(view: RowView, column: Column) -> Iterator[Fault]:
    cell, filled = view.cell(column.key), view.filled(column.key)
    match column.type:
        case ColumnType.DATE:
            no_date = f"AND({filled},NOT({view.is_span(column.key)}))" if column.spans else filled
            wrong = f"IF(ISNUMBER({cell}),NOT(AND({view.is_date(column.key)})),{no_date})"
            yield Fault(("C102", "C103", "C113"), column, wrong, text="C102_spans" if column.spans else "")
        case ColumnType.PERIOD:
            yield Fault(("C111", "C103"), column, f"AND({filled},NOT({_period(cell)}))")
        case ColumnType.INTEGER:
            yield Fault(("C105",), column, f"IF(ISNUMBER({cell}),INT({cell})<>{cell},{filled})")
        case ColumnType.PHONE:
            yield Fault(("C109", "C110"), column, f"AND({filled},NOT({_phone(cell)}))")
        case ColumnType.CHOICE if column.multiple:
            yield Fault(("C104",), column, f"AND({filled},{_unknown_entries(view, column)})")
        case ColumnType.CHOICE:
            yield Fault(("C104",), column, f"AND({filled},NOT({view.known(column.key)}))")


def _content_faults(view: RowView, column: Column) -> Iterator[Fault]:
    cell = view.cell(column.key)
    if column.type is ColumnType.INTEGER:
        bounds = [f"{cell}<{column.minimum}"] if column.minimum is not None else []
        bounds += [f"{cell}>{column.maximum}"] if column.maximum is not None else []
        if bounds:
            wrong = f"AND(ISNUMBER({cell}),INT(N({cell}))=N({cell}),OR({','.join(bounds)}))"
            yield Fault(("C106",), column, wrong)
    if column.pattern is not None:
        # A text that is too long is told for its length alone.
        short = f",LEN({cell})<={column.max_length}" if column.max_length is not None else ""
        wrong = PATTERNS[column.pattern](cell, column.max_length or 255)
        yield Fault(("C107",), column, f"AND({view.filled(column.key)}{short},{wrong})")
    if column.max_length is not None:
        yield Fault(("C108",), column, f"LEN({cell})>{column.max_length}")
    if column.type is ColumnType.DATE:
        yield Fault(("C112",), column, _out_of_time(view, column))
    if column.type is ColumnType.PERIOD:
        yield Fault(("C112",), column, f"AND({_period(cell)},SUMPRODUCT(--EXACT({MONTHS},{cell}))=0)")


def _out_of_time(view: RowView, column: Column) -> str:
    number = f"N({view.cell(column.key)})"
    late = f"AND({number}>={day(view.window.end + LATEST + timedelta(days=1))},{number}<{LAST_DATE + 1})"
    if column.any_year:
        return late
    return f"OR(AND({number}>={FIRST_DATE},{number}<{day(view.window.start - EARLIEST)}),{late})"


def _unknown_entries(view: RowView, column: Column) -> str:
    """Of several choices in one cell: the lengths of those that stand there do not add up to the whole."""
    text = one_separator(view.cell(column.key))
    entries = Lists.choice_name(view.table, column)
    return f'SUMPRODUCT(ISNUMBER(FIND("、"&{entries}&"、","、"&{text}&"、"))*(LEN({entries})+1))<>LEN({text})+1'


def _all_of(text: str, length: int, allowed: str) -> str:
    """True where the first `length` characters of a text, as far as there are, are among those allowed, as 0 is."""
    places = constants(str(place) for place in range(1, length + 1))
    # LibreOffice finds no empty text in another, Excel finds it at the beginning: the text is made long enough.
    padded = f'{text}&REPT("0",{length})'
    return f"SUMPRODUCT(--ISERROR(FIND(MID({padded},{places},1),{quoted(allowed)})))=0"


def _period(cell: str) -> str:
    century = f'SUMPRODUCT(--EXACT(LEFT({cell},2),{{"19","20"}}))'
    month = f"SUMPRODUCT(--EXACT(MID({cell},5,9),{constants(quoted(each) for each in _MONTHS)}))"
    return f"AND({_all_of(cell, 4, '0123456789')},{century}=1,{month}=1)"


def _phone(cell: str) -> str:
    """A mobile of 11 digits, a local number, 400 and 800, and a landline with its area code, with its dash or not."""
    digits = f'SUBSTITUTE({cell},"-","")'
    plain = ",".join(
        (
            f'AND(LEN({cell})=11,LEFT({cell},1)="1",ISNUMBER(FIND(MID({cell},2,1),"3456789")))',
            f"LEN({cell})=7",
            f"LEN({cell})=8",
            f'AND(LEN({cell})=10,OR(LEFT({cell},3)="400",LEFT({cell},3)="800"))',
            f'AND(LEN({cell})>=10,LEN({cell})<=12,LEFT({cell},1)="0")',
        )
    )
    dashes = [f'AND(MID({cell},{at},1)="-",LEN({cell})>={at + 7},LEN({cell})<={at + 8})' for at in (4, 5)]
    parted = f'AND(LEN({digits})=LEN({cell})-1,LEFT({cell},1)="0",OR({",".join(dashes)}))'
    only_digits = f"{_all_of(digits, _LONGEST_PHONE, '0123456789')}"
    return f"AND(LEN({cell})<={_LONGEST_PHONE},{only_digits},OR({parted},AND(EXACT({digits},{cell}),OR({plain}))))"


def _not_a_code(cell: str, longest: int) -> str:
    joined = f'"-"&SUBSTITUTE({cell},".","-")&"-"'
    return f'OR(NOT({_all_of(cell, longest, _LETTERS_AND_SIGNS)}),ISNUMBER(FIND("--",{joined})))'


PATTERNS: dict[str, Callable[[str, int], str]] = {CODE_PATTERN: _not_a_code}
"""For each pattern that a column declares, the condition that a cell of at most so many characters does not match it."""


def row_faults(view: RowView) -> Iterator[Fault]:
    """R101 to R106: the values of one row against each other."""
    table = view.table
    for first, last in table.ordered:
        start, end = view.first_day(first), view.last_day(last)
        wrong = f"AND({end}>={FIRST_DATE},{start}<{LAST_DATE + 1},{end}<{start})"
        yield Fault(("R101",), table[last], wrong, table[first])
    for rule in table.dependents:
        yield _dependent(view, rule)
    for column in (table[key] for key in table.past):
        if column.owner is Owner.UNIT:
            wrong = f"AND({view.whole_day(column.key)}>{BASE_DATE},N({view.cell(column.key)})<{LAST_DATE + 1})"
            yield Fault(("R103",), column, wrong)
    yield from _levels(view)
    for number, most in table.at_most:
        cells = (view.cell(number), view.cell(most))
        whole = ",".join(f"ISNUMBER({cell}),INT(N({cell}))=N({cell})" for cell in cells)
        yield Fault(("R106",), table[number], f"AND({whole},{cells[0]}>{cells[1]})", table[most])


def _dependent(view: RowView, rule: Dependent) -> Fault:
    table = view.table
    if table[rule.column].multiple or table[rule.on].multiple:
        raise ValueError(f"table {table.key}: a dependent choice of several at once has no formula")
    cell, on = view.cell(rule.column), view.cell(rule.on)
    pairs = "+".join(
        f"SUMPRODUCT(EXACT({on},{view.words.choice(table.key, rule.on, key)})"
        f"*EXACT({cell},{view.choices(rule.column, sorted(allowed))}))"
        for key, allowed in sorted(rule.allowed.items())
    )
    wrong = f"AND({view.known(rule.column)},{view.known(rule.on)},{pairs}=0)"
    return Fault(("R102",), table[rule.column], wrong, table[rule.on])


def _levels(view: RowView) -> Iterator[Fault]:
    nesting = view.table.nesting
    if nesting is None:
        return
    parent, level = view.table[nesting.parent], view.cell(nesting.level)
    below = f"SUMPRODUCT(--EXACT({level},{view.choices(nesting.level, nesting.levels[1:])}))>0"
    top = f"EXACT({level},{view.words.choice(view.table.key, nesting.level, nesting.levels[0])})"
    yield Fault(("R104",), parent, f'AND({below},{spaceless(view.cell(parent.key))}="")')
    yield Fault(("R105",), parent, f"AND({top},{view.filled(parent.key)})")
