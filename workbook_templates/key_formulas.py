"""Conditions, as formulas of Excel 2010, by which a row of a table is at fault against other rows: repeated keys and
record numbers, references, nesting, and columns that must stand together.

They say what `xingzhi.checks.tables` says of normalised rows. Other rows are reached through their table
(`people[姓名]`), never by addresses; of two equal rows the later is at fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from workbook_templates.deadline_formulas import one_separator
from workbook_templates.row_formulas import Fault, RowView
from xingzhi.columns import RECORD, Column, ColumnType, Compound, Owner, Table


def key_faults(view: RowView) -> Iterator[Fault]:
    """K101 to K107, in the order of the checks."""
    table = view.table
    yield _repeated_key(view)
    yield _repeated_record(view)
    for column in table.owned_by(Owner.UNIT):
        if column.reference and column.reference.table in view.words.tables:
            yield from _reference(view, column)
    yield from _nesting(view)
    for rule in table.compounds:
        if rule.table in view.words.tables:
            yield _compound(view, rule)


def _own(view: RowView, key: str) -> str:
    return view.words.column(view.table.key, key)


def _above(view: RowView) -> str:
    first = _own(view, view.table.columns[0].key)
    return f"(ROW({first})<ROW())"


def _repeated_key(view: RowView) -> Fault:
    table = view.table
    columns = [table[key] for key in table.natural_key]
    filled = [view.filled(column.key) for column in columns if column.required]
    same = "*".join(_same(view, column) for column in columns)
    return Fault(("K101",), columns[0], f"AND({','.join(filled)},SUMPRODUCT({same}*{_above(view)})>0)")


def _same(view: RowView, column: Column) -> str:
    """An array that is true where a row holds in a column of the key what this row holds."""
    theirs, ours = _own(view, column.key), view.cell(column.key)
    if column.type is ColumnType.DATE:
        return f"((EXACT({theirs},{ours})+{_same_day(view, theirs, column.key)}*(N({ours})>0))>0)"
    if column.type is ColumnType.INTEGER:
        # EXACT takes no number of an array for a text in LibreOffice, and to `=` a blank is 0.
        return f'EXACT({theirs}&"",{ours}&"")'
    if column.type is ColumnType.TEXT:
        return f"EXACT({_no_spaces(theirs)},{_no_spaces(ours)})"
    if column.multiple:
        return f"EXACT({one_separator(theirs)},{one_separator(ours)})"
    return f"EXACT({theirs},{ours})"


def _same_day(view: RowView, theirs: str, key: str) -> str:
    return f"({theirs}>={view.whole_day(key)})*({theirs}<{view.whole_day(key)}+1)"


def _no_spaces(text: str) -> str:
    return f'SUBSTITUTE(SUBSTITUTE({text}," ",""),"　","")'


def _repeated_record(view: RowView) -> Fault:
    """A printed number on a row that nobody filled in repeats nothing."""
    ours = view.cell(RECORD.key)
    used = "+".join(f'({_own(view, column.key)}<>"")' for column in view.table.owned_by(Owner.UNIT))
    same = f"EXACT({_own(view, RECORD.key)},{ours})*{_above(view)}*(({used})>0)"
    return Fault(("K103",), view.table[RECORD.key], f'AND({ours}<>"",SUMPRODUCT({same})>0)')


def _narrow(text: str) -> str:
    return f'SUBSTITUTE(SUBSTITUTE({text},"（","("),"）",")")'


def _closed(text: str) -> str:
    return f'SUBSTITUTE({_narrow(text)}," (","(")'


def _apart(target: Table, key: str) -> str:
    """The column that tells apart two rows of one name: people by department; empty where there is no such column."""
    rest = [part for part in target.natural_key if part != key]
    return rest[0] if len(rest) == 1 and key in target.natural_key else ""


def _answers(view: RowView, column: Column) -> str:
    """How many rows answer a reference: by the name alone, or by name and department."""
    assert column.reference is not None
    target, key = view.words.tables[column.reference.table], column.reference.column
    names, ours = view.words.column(target.key, key), view.cell(column.key)
    found = f"EXACT({_narrow(names)},{_narrow(ours)})"
    apart = _apart(target, key)
    if not apart:
        return f"SUMPRODUCT(--{found})"
    parts = view.words.column(target.key, apart)
    qualified = _closed(f'{names}&"("&{parts}&")"')
    return f'SUMPRODUCT({found}+EXACT({qualified},{_closed(ours)})*({parts}<>""))'


def _reference(view: RowView, column: Column) -> Iterator[Fault]:
    assert column.reference is not None
    target, key = view.words.tables[column.reference.table], column.reference.column
    filled = view.filled(column.key)
    yield Fault(("K102",), column, f"AND({filled},{_answers(view, column)}=0)", target)
    apart = _apart(target, key)
    if not apart:
        return
    names, parts = view.words.column(target.key, key), view.words.column(target.key, apart)
    same = f"EXACT({_no_spaces(_narrow(names))},{_no_spaces(_narrow(view.cell(column.key)))})"
    last = f"SUMPRODUCT(MAX({same}*(ROW({parts})-MIN(ROW({parts}))+1)))"
    others = f"(1-EXACT({_narrow(parts)},{_narrow(f'INDEX({parts},MAX(1,{last}))')}))"
    yield Fault(("K105",), column, f"AND({filled},SUMPRODUCT({same}*{others})>0)", target)


def _nesting(view: RowView) -> Iterator[Fault]:
    nesting = view.table.nesting
    if nesting is None:
        return
    key = view.table.key
    parent, level = view.cell(nesting.parent), view.cell(nesting.level)
    labels = [view.words.choice(key, nesting.level, each) for each in nesting.levels]
    same, theirs = f'EXACT({_own(view, nesting.code)}&"",{parent}&"")', _own(view, nesting.level)
    known = "+".join(f"EXACT({theirs},{label})" for label in labels)
    wrong = [
        f"AND(EXACT({level},{below}),SUMPRODUCT({same}*EXACT({theirs},{above}))=0)" for above, below in pairwise(labels)
    ]
    # EXACT of two blanks is true, so a row without a code would answer a blank parent.
    found = f"{view.filled(nesting.parent)},SUMPRODUCT({same}*({known}))>0"
    yield Fault(("K104",), view.table[nesting.parent], f"AND({found},OR({','.join(wrong)}))")


def _compound(view: RowView, rule: Compound) -> Fault:
    table = view.table
    asked = [view.filled(key) for key in rule.asked]
    asked += [view.is_date(own) for own, _ in rule.columns if table[own].type is ColumnType.DATE]
    for own, _ in rule.columns:
        reference = table[own].reference
        if reference and reference.table in view.words.tables:
            answered = f"{_answers(view, table[own])}>0"
            asked.append(answered if own in rule.asked else f"OR(NOT({view.filled(own)}),{answered})")
    together = "*".join(_stands_in(view, rule.table, own, other) for own, other in rule.columns)
    other = view.words.tables[rule.table]
    return Fault((rule.code,), table[rule.asked[0]], f"AND({','.join(asked)},SUMPRODUCT({together})=0)", other)


def _stands_in(view: RowView, table: str, own: str, other: str) -> str:
    theirs = view.words.column(table, other)
    if view.table[own].type is ColumnType.DATE:
        return _same_day(view, theirs, own)
    return f"EXACT({_narrow(theirs)},{_narrow(view.cell(own))})"
