"""Several sheets of one table, such as a copy in which a clerk went on: their rows together, none twice and none lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from xingzhi.columns import Table
from xingzhi.findings import Finding, Severity, finding
from xingzhi.labels import Text
from xingzhi.rows import Row, Value, unit_values


@dataclass(frozen=True)
class Part:
    """What one sheet holds of a table. `of_rows` are the findings of each row, by its number in the sheet."""

    sheet: str
    rows: Sequence[Row]
    of_rows: Mapping[int, Sequence[Finding]]
    typed: Callable[[Row, str], str]
    """What stands in the cell of a row's column, as a finding quotes it."""


@dataclass(frozen=True)
class Together:
    """The rows of all parts, what is told of their being several, and the findings of rows that are not read."""

    rows: tuple[Row, ...]
    findings: list[Finding]
    dropped: frozenset[Finding]


def together(file: str, table: Table, parts: Sequence[Part]) -> Together:
    """The first sheet's rows, and of each other sheet those that it adds.

    A row that stands in both with the same content counts once. Of two versions of one, the one that says all that the
    other says, and more, counts. Where they contradict each other the first sheet's counts and B113 names the other row.
    Two rows that were typed under one printed number are two rows (K103 tells it).
    """
    rows = list(parts[0].rows)
    origin = dict.fromkeys(range(len(rows)), parts[0])
    findings: list[Finding] = []
    dropped: set[Finding] = set()
    for part in parts[1:]:
        known = _Known(rows, table)
        more = 0
        for row in part.rows:
            place = known.twin(row)
            if place is None:
                origin[len(rows)] = part
                rows.append(row)
                more += 1
                continue
            mine, theirs = _said(rows[place], table), _said(row, table)
            if theirs.items() <= mine.items():
                dropped.update(part.of_rows.get(row.number, ()))
            elif mine.items() <= theirs.items():
                dropped.update(origin[place].of_rows.get(rows[place].number, ()))
                rows[place], origin[place] = row, part
                more += 1
            else:
                dropped.update(part.of_rows.get(row.number, ()))
                key = next(key for key in theirs if mine.get(key) != theirs[key])
                findings.append(_contradiction(row, rows[place], key, table, part, origin[place]))
        findings.append(_both_read(file, table, parts[0].sheet, part.sheet, more))
    return Together(tuple(rows), findings, frozenset(dropped))


class _Known:
    """The rows of the sheets before, each of which answers for one row of the next."""

    def __init__(self, rows: Iterable[Row], table: Table) -> None:
        self._table = table
        self._rows = dict(enumerate(rows))
        self._by_number: dict[str, list[int]] = {}
        self._by_name: dict[object, list[int]] = {}
        for place, row in self._rows.items():
            if row.record:
                self._by_number.setdefault(row.record, []).append(place)
            self._by_name.setdefault(self._name(row), []).append(place)

    def twin(self, row: Row) -> int | None:
        """The row that this one is another version of, by its number, else by its natural key, else its content."""
        numbered = self._by_number.get(row.record, []) if row.record else []
        found = next((place for place in numbered if place in self._rows and self._is_same(place, row)), None)
        if found is None:
            found = next((place for place in self._by_name.get(self._name(row), []) if place in self._rows), None)
        if found is not None:
            del self._rows[found]
        return found

    def _is_same(self, place: int, row: Row) -> bool:
        other = self._rows[place]
        if _has_key(row, self._table) and _has_key(other, self._table):
            return self._name(row) == self._name(other)
        mine, theirs = _said(row, self._table), _said(other, self._table)
        return len(mine.items() & theirs.items()) * 2 >= min(len(mine), len(theirs))

    def _name(self, row: Row) -> object:
        if _has_key(row, self._table):
            return row.natural_key(self._table)
        return frozenset(_said(row, self._table).items())


def _has_key(row: Row, table: Table) -> bool:
    return any(row.natural_key(table)) and all(row.text(key) for key in table.natural_key if table[key].required)


def _said(row: Row, table: Table) -> dict[str, Value]:
    return {key: value for key, value in unit_values(row, table).items() if value not in (None, "", ())}


def _contradiction(row: Row, kept: Row, key: str, table: Table, part: Part, origin: Part) -> Finding:
    name: Text = table[key].label if key in table.by_key else key.removeprefix("+")
    return finding(
        "B113",
        file=row.file,
        sheet=row.sheet,
        cell=row.cell(key) or next(iter(row.cells.values()), ""),
        value=part.typed(row, key),
        table=table.key,
        column=key,
        name=name,
        line=str(row.number),
        other=kept.sheet,
        row=str(kept.number),
        theirs=origin.typed(kept, key),
    )


def _both_read(file: str, table: Table, first: str, other: str, more: int) -> Finding:
    return finding(
        "B112",
        severity=None if more else Severity.INFO,
        file=file,
        sheet=other,
        table=table.key,
        value=first,
        name=table.label,
        other=other,
        count=str(more),
    )
