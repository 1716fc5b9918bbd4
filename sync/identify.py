"""Which record is each row of a file? By its number where that can be trusted, else by its natural key or content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from sync.records import Current, LedgerRow, Snapshot, Status, Values, clean, likeness, natural_key
from xingzhi.columns import Table, record_number
from xingzhi.record_numbers import ADDED_RANGE, SYNC_RANGE
from xingzhi.rows import Row, encode, unit_values


@dataclass(frozen=True, slots=True)
class Identified:
    """A filled row of the file.

    `record` is '' where a new number must be given. `renumbered` is the number that the row bore and another row
    has, or that was never printed; `replaced` the record whose place the row took although it is another (see M106).
    """

    row: Row
    values: Values
    record: str = ""
    renumbered: str = ""
    replaced: str = ""


def identify(
    rows: Sequence[Row],
    table: Table,
    *,
    base: Snapshot,
    current: Current,
    unit: str,
    printed: int = ADDED_RANGE - 1,
) -> list[Identified]:
    """The filled rows of one table in order, each with its record; no record is given to two rows.

    `printed` is the highest serial that a workbook of the unit was ever printed with; those that its macro gives lie above.
    """
    return _Identification(rows, table, base=base, current=current, unit=unit, printed=printed).result()


def is_stranger(key: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two natural keys have no filled part in common. A key without a filled part is nobody's stranger."""
    return bool(key) and bool(other) and all(mine != theirs for mine, theirs in zip(key, other, strict=True) if mine)


class _Pool:
    """Rows that could be claimed, found by content or by natural key."""

    def __init__(self, rows: Iterable[tuple[str, Values]], table: Table) -> None:
        self._table = table
        self._by_content: dict[str, list[str]] = defaultdict(list)
        self._by_key: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for record, values in rows:
            self._by_content[encode(values)].append(record)
            if key := natural_key(values, table):
                self._by_key[key].append(record)

    def find(self, values: Values, taken: Container[str]) -> list[str]:
        """One row of equal content (equal ones are interchangeable), else every row with the same natural key."""
        return self.same_content(values, taken) or self.same_key(values, taken)

    def same_content(self, values: Values, taken: Container[str]) -> list[str]:
        return [record for record in self._by_content.get(encode(values), ()) if record not in taken][:1]

    def same_key(self, values: Values, taken: Container[str]) -> list[str]:
        key = natural_key(values, self._table)
        return [record for record in self._by_key.get(key, ()) if record not in taken] if key else []


class _Identification:
    """One table of one file. The steps run from the surest evidence to the weakest; each row is claimed once."""

    def __init__(
        self, rows: Sequence[Row], table: Table, *, base: Snapshot, current: Current, unit: str, printed: int
    ) -> None:
        self.table = table
        self.unit = unit
        # Serials from SYNC_RANGE on are sync's to give: one that a unit typed would meet the next that sync gives.
        self.printed = min(printed, ADDED_RANGE - 1)
        self.current = current
        self.base = base.of(table.key)
        self.present: dict[str, LedgerRow] = {
            record: row for (key, record), row in current.rows.items() if key == table.key
        }
        pairs = ((row, clean(unit_values(row, table))) for row in rows)
        self.rows = [(row, values) for row, values in pairs if values]
        self.keys = [natural_key(values, table) for _, values in self.rows]
        self.numbers = [base.numbers.get((table.key, row.record), row.record) for row, _ in self.rows]
        self.claims: dict[int, str] = {}
        self.owners: dict[str, int] = {}
        self.replaced: dict[int, str] = {}

    def result(self) -> list[Identified]:
        self._by_number_and_content()
        self._in_base()
        self._by_trusted_number()
        self._by_doubtful_number()
        self._by_number_of_another_copy()
        self._elsewhere()
        self._by_fresh_number()
        return [self._identified(index) for index in range(len(self.rows))]

    def _by_number_and_content(self) -> None:
        """The number is the base's, and so is the row, or at least its whole natural key, which the ledger may know anew."""
        for same in (self._is_unchanged, self._has_its_key):
            for index in self._open():
                if self._holds_number(index) and same(index):
                    self._claim(index, self.numbers[index])

    def _in_base(self) -> None:
        """A row of the base that stands elsewhere: numbers lost, or not sorted along with the rows.

        One that changed on the way moves only if it is more like the other: two rows that swapped a code stay.
        """
        pool = _Pool(self.base.items(), self.table)
        for index in self._open():
            for record in pool.same_content(self.rows[index][1], self.owners):
                self._claim(index, record)
        for index in self._open():
            _, values = self.rows[index]
            found = pool.same_key(values, self.owners)
            if len(found) == 1 and likeness(values, self.base[found[0]]) > self._likeness(index):
                self._claim(index, found[0])

    def _by_trusted_number(self) -> None:
        """The number is the base's, and a part of the natural key still agrees: of copied rows, on the likest one."""
        for index in sorted(self._open(), key=self._likeness, reverse=True):
            if self._holds_number(index) and not self._stranger(index, self.numbers[index]):
                self._claim(index, self.numbers[index])

    def _by_doubtful_number(self) -> None:
        """The number is the base's but the whole natural key is another: rewritten, or another record.

        Where the office wrote on the record it is taken for another: an approval must not pass to a stranger.
        """
        for index in self._open():
            number = self.numbers[index]
            if number not in self.base or number in self.owners or not self._stranger(index, number):
                continue
            if self.current.has_office_values((self.table.key, number)):
                if number not in self.replaced.values():
                    self.replaced[index] = number
            else:
                self._claim(index, number)

    def _by_number_of_another_copy(self) -> None:
        """The number is not the base's, but another copy used it: the same record if the natural key says so."""
        for index in self._open():
            number = self.numbers[index]
            if number in self.base or number not in self.present or number in self.owners:
                continue
            held = clean(self.present[number].values)
            if self.keys[index] == natural_key(held, self.table) != () or self.rows[index][1] == held:
                self._claim(index, number)

    def _elsewhere(self) -> None:
        """A row that the ledger has by now, with the same natural key; a withdrawn one only where there is no other.

        Rows with a number of their own and no natural key stay apart even if they are equal, unless the other vanished.
        """
        rows = self.present.values()
        missing = _Pool(((row.record, row.values) for row in rows if row.status is Status.MISSING), self.table)
        live = _Pool(((row.record, row.values) for row in rows if row.status is not Status.WITHDRAWN), self.table)
        gone = _Pool(((row.record, row.values) for row in rows if row.status is Status.WITHDRAWN), self.table)
        for index in self._open():
            _, values = self.rows[index]
            bare = not self.keys[index] and self._is_fresh(index)
            for pool in (missing,) if bare else (live, gone):
                found = pool.find(values, self.owners)
                if len(found) == 1:
                    self._claim(index, found[0])
                if found:
                    break

    def _by_fresh_number(self) -> None:
        """A printed number that nobody has used yet: the common case of a new row."""
        for index in self._open():
            if self._is_fresh(index) and self.numbers[index] not in self.owners:
                self._claim(index, self.numbers[index])

    def _open(self) -> list[int]:
        return [index for index in range(len(self.rows)) if index not in self.claims]

    def _claim(self, index: int, record: str) -> None:
        self.claims[index] = record
        self.owners[record] = index

    def _present_key(self, record: str) -> tuple[str, ...]:
        return natural_key(self.present[record].values, self.table) if record in self.present else ()

    def _stranger(self, index: int, record: str) -> bool:
        key = self.keys[index]
        if not is_stranger(key, natural_key(self.base[record], self.table)):
            return False
        held = self._present_key(record)
        return not held or is_stranger(key, held)

    def _holds_number(self, index: int) -> bool:
        """Whether the row may be the record of its number: a copied row whose original claimed it may not."""
        return self.numbers[index] in self.base and self.numbers[index] not in self.owners

    def _is_unchanged(self, index: int) -> bool:
        return self.rows[index][1] == clean(self.base[self.numbers[index]])

    def _has_its_key(self, index: int) -> bool:
        number = self.numbers[index]
        keys = (natural_key(self.base[number], self.table), self._present_key(number))
        return self.keys[index] != () and self.keys[index] in keys

    def _likeness(self, index: int) -> int:
        """How much a row is like the record whose number it bears, 0 where it may not be that record."""
        return likeness(self.rows[index][1], self.base[self.numbers[index]]) if self._holds_number(index) else 0

    def _is_fresh(self, index: int) -> bool:
        number = self.numbers[index]
        return number not in self.base and number not in self.present and self._was_given(index)

    def _was_given(self, index: int) -> bool:
        """Whether the number was printed, or given by the macro."""
        serial = self._serial(index)
        return 0 < serial <= self.printed or ADDED_RANGE <= serial < SYNC_RANGE

    def _serial(self, index: int) -> int:
        """The serial of a number of this unit and table, printed or typed; 0 for any other text."""
        number = self.numbers[index]
        text = number.rpartition("-")[2]
        serial = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        return serial if number == record_number(self.unit, self.table.letters, serial) else 0

    def _identified(self, index: int) -> Identified:
        row, values = self.rows[index]
        number, record = self.numbers[index], self.claims.get(index, "")
        replaced = self.replaced.get(index, "")
        if replaced in self.owners:
            replaced = ""
        # A number that was printed on a blank row, and that another copy used first, says nothing to its clerk: only a
        # number that was another record's when the file was made, or is another row's in it, was copied, and one that
        # was never printed was typed.
        used = number in self.base or number in self.owners or (self._serial(index) > 0 and not self._was_given(index))
        renumbered = row.record if not record and number and used and not replaced else ""
        return Identified(row=row, values=values, record=record, renumbered=renumbered, replaced=replaced)
