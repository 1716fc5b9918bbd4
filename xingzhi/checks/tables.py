"""A unit's rows against each other: repeated keys and record numbers, references, nesting, and compounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from xingzhi.checks.columns import at, display, tables_of
from xingzhi.checks.context import Check, Context
from xingzhi.columns import RECORD, Column, ColumnType, Compound, Owner, Table
from xingzhi.findings import Finding
from xingzhi.labels import Label
from xingzhi.near_misses import near_name
from xingzhi.rows import Row, RowsByTable

_NARROW = str.maketrans("（）", "()")
_NO_SPACES = str.maketrans("", "", " \u3000")


def natural_keys(rows: RowsByTable, context: Context) -> Iterable[Finding]:
    """K101: two rows for one thing, whatever the spaces in its name. Rows that lack a required part of the key are left
    alone."""
    for table, records in tables_of(rows, context):
        columns = [table[key] for key in table.natural_key]
        first: dict[tuple[str, ...], Row] = {}
        for row in records if columns else ():
            parts = tuple(_key_part(row, column) for column in columns)
            unfilled = any(column.required and not row.text(column.key) for column in columns)
            if unfilled or not any(parts):
                continue
            earlier = first.setdefault(parts, row)
            if earlier is not row:
                yield at("K101", row, columns[0], _whole(row, columns), {"row": _place(earlier, row)})


def _key_part(row: Row, column: Column) -> str:
    text = row.text(column.key)
    return text.translate(_NO_SPACES) if column.type is ColumnType.TEXT else text


def record_numbers(rows: RowsByTable, context: Context) -> Iterable[Finding]:
    """K103: a record number that was copied with its row."""
    for table, records in tables_of(rows, context):
        first: dict[str, Row] = {}
        for row in records:
            earlier = first.setdefault(row.record, row) if row.record else row
            if earlier is not row:
                column = table.by_key.get(RECORD.key, RECORD)
                yield at("K103", row, column, row.record, {"row": _place(earlier, row)})


def references(rows: RowsByTable, context: Context) -> Iterable[Finding]:
    """K102 and K105: a reference that nothing answers, and a name that several people answer.

    A table that is not among `rows` is not asked. Where the other table tells two of one name apart by a second
    column (people by department), `姓名（部门）` names one of them, with either kind of bracket.
    """
    known = {table.key: table for table in context.tables}
    for table, records in tables_of(rows, context):
        for column in table.owned_by(Owner.UNIT):
            reference = column.reference
            if reference is None or reference.table not in known or reference.table not in rows:
                continue
            target = known[reference.table]
            names = _Names(target, reference.column, rows[reference.table])
            for row in records:
                yield from names.check(row, column)


class _Names:
    """What a reference to one column of a table may say."""

    def __init__(self, target: Table, key: str, rows: Iterable[Row]) -> None:
        self._target = target
        rest = [part for part in target.natural_key if part != key]
        self._by_name: defaultdict[str, set[str]] = defaultdict(set)
        self._apart = rest[0] if len(rest) == 1 and key in target.natural_key else ""
        self._qualified: set[str] = set()
        for row in rows:
            name, apart = row.text(key).translate(_NARROW), row.text(self._apart).translate(_NARROW)
            if name:
                self._by_name[name].add(apart)
            if name and apart:
                self._qualified.add(_closed(f"{name}({apart})"))

    def holds(self, text: str) -> bool:
        """Tell whether something answers to the text; a blank one asks for nothing."""
        plain = text.translate(_NARROW)
        return not text or plain in self._by_name or _closed(plain) in self._qualified

    def check(self, row: Row, column: Column) -> Iterator[Finding]:
        value = row.text(column.key)
        if not value or column.key in row.invalid:
            return
        apart = self._by_name.get(value.translate(_NARROW), set())
        if not self.holds(value):
            args = {"other": self._target.label, **near_name(value, self._by_name)}
            yield at("K102", row, column, value, args)
        elif self._apart and len(apart) > 1:
            yield at("K105", row, column, value, {"other": self._target.label, "count": str(len(apart))})


def _closed(text: str) -> str:
    return text.replace(" (", "(")


def nesting(rows: RowsByTable, context: Context) -> Iterable[Finding]:
    """K104: a parent that is not exactly one level up. A parent that does not exist is K102's, a code that stands twice
    K101's."""
    for table, records in tables_of(rows, context):
        rule = table.nesting
        if rule is None:
            continue
        levels: defaultdict[str, set[str]] = defaultdict(set)
        for row in records:
            if row.text(rule.code) and row.get(rule.level) in rule.levels:
                levels[row.text(rule.code)].add(str(row.get(rule.level)))
        for row in records:
            level, parent = row.get(rule.level), row.text(rule.parent)
            if level not in rule.levels[1:] or parent not in levels:
                continue
            wanted = rule.levels[rule.levels.index(str(level)) - 1]
            if wanted not in levels[parent]:
                args = {"parent": parent, "level": display(wanted, table[rule.level])}
                yield at("K104", row, table[rule.parent], row.text(rule.code) or row.record, args)


def compounds(rows: RowsByTable, context: Context) -> Iterable[Finding]:
    """K106 and K107: columns that stand together in no row of the other table.

    A table that is not among `rows` is not asked, and a row whose own references fail (K102) asks nothing.
    """
    known = {table.key: table for table in context.tables}
    for table, records in tables_of(rows, context):
        for rule in table.compounds:
            if rule.table not in known or rule.table not in rows:
                continue
            own, others = zip(*rule.columns, strict=True)
            together = {_together(row, others) for row in rows[rule.table]}
            names = {
                key: _Names(known[reference.table], reference.column, rows[reference.table])
                for key in own
                if (reference := table[key].reference) and reference.table in known and reference.table in rows
            }
            for row in records:
                asked = _asks(row, rule) and all(each.holds(row.text(key)) for key, each in names.items())
                if asked and _together(row, own) not in together:
                    column = table[rule.asked[0]]
                    yield at(rule.code, row, column, row.text(column.key), {"other": known[rule.table].label})


def _asks(row: Row, rule: Compound) -> bool:
    own = {key for key, _ in rule.columns}
    return not row.invalid & own and all(row.text(key) for key in rule.asked)


def _together(row: Row, keys: Iterable[str]) -> tuple[str, ...]:
    # A blank stands with a blank: an activity of the whole unit has no project.
    return tuple("" if key in row.invalid else row.text(key).translate(_NARROW) for key in keys)


def _whole(row: Row, columns: list[Column]) -> Label:
    texts = [display(row.get(column.key), column) for column in columns]
    both = [text if isinstance(text, Label) else Label(text, text) for text in texts if text]
    return Label("、".join(text.zh for text in both), ", ".join(text.en for text in both))


def _place(earlier: Row, row: Row) -> str:
    if (earlier.file, earlier.sheet) == (row.file, row.sheet):
        return str(earlier.number)
    where = earlier.sheet if earlier.file == row.file else earlier.file
    return f"{where} {earlier.number}".strip()


CHECKS: tuple[Check, ...] = (natural_keys, record_numbers, references, nesting, compounds)
