"""Rows of chance for every table, valid and broken in every way that a check knows, as a workbook would hold them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from workbook_templates.tables.registry import TABLES
from xingzhi.columns import RECORD, Column, ColumnType, Owner, Table, record_number
from xingzhi.fulfilment import UnitRecords
from xingzhi.month_parts import month_parts
from xingzhi.normalise import normalise
from xingzhi.rows import Row, Value
from xingzhi.windows import Window, full_text

Typed = str | int | float | date | Window | tuple[str, ...] | None
Raw = dict[str, Typed]
DEPARTMENTS = ("办公室", "财务股", "Room 2", "业务（一）股", "救助股")
EPOCH = date(1899, 12, 30)
YEAR = timedelta(days=366)


@dataclass
class World:
    """What has been made so far. `broken` is how often a row is spoilt, `messy` how often a cell is typed carelessly."""

    dice: random.Random
    window: Window
    today: date
    broken: float = 0.6
    messy: float = 0.0
    made: dict[str, list[Raw]] = field(default_factory=dict)

    def records(self, counts: int, tables: tuple[Table, ...] = TABLES) -> UnitRecords:
        """`counts` rows of each table."""
        rows: dict[str, tuple[Row, ...]] = {}
        for table in tables:
            self.made[table.key] = []
            rows[table.key] = tuple(self._row(table, number) for number in range(1, counts + 1))
        return UnitRecords("T01", rows)

    def _row(self, table: Table, number: int) -> Row:
        raw = self._valid(table, number)
        raw[RECORD.key] = record_number("T01", table.letters, number)
        if self.dice.random() < self.broken:
            for spoil in self.dice.choices(SPOILERS, k=self.dice.choice((2, 4, 8))):
                spoil(self, table, raw)
        self.made[table.key].append(raw)
        return held(table, raw, self.window, careless=self._careless if self.messy else None)

    def _careless(self, column: Column, value: Value) -> Value:
        """The value as a careless clerk types it: text dates, padded names, counters behind numbers."""
        if value is None or self.dice.random() > self.messy:
            return value
        if isinstance(value, date):
            return self.dice.choice((f"{value.year}.{value.month}.{value.day}", f"{value:%Y年%m月%d日}", f" {value} "))
        if isinstance(value, Window):
            return self.dice.choice((full_text(value), f"{value.start}~{value.end}", f"{full_text(value)} "))
        if isinstance(value, int):
            return f"{value}人"
        if column.type is ColumnType.PERIOD:
            return f"{str(value)[:4]}年{str(value)[5:]}月"
        if column.type is ColumnType.TEXT and isinstance(value, str):
            gap = f"{value[:1]}　{value[1:]}" if value[:2].isalpha() and ord(value[0]) > 0x2E7F else f"{value}　"
            return self.dice.choice(
                (gap, f" {value}", f"{value} ", f"　{value}", f"{value[:1]} {value[1:]}" if gap[1:2] == "　" else value)
            )
        return value

    def day(self) -> date | float:
        """A day that has been, now and then with a time of day."""
        first = self.window.start
        found = first + timedelta(days=self.dice.randrange((self.today - first).days + 1))
        if self.dice.random() < 0.05:
            found = self.today
        if self.dice.random() < 0.1:
            return (found - EPOCH).days + self.dice.choice((0.25, 0.375, 0.75))
        return found

    def some(self, key: str, *filled: str, first: int | None = None) -> Raw | None:
        """A row made before (of the first so many), in which these columns are filled."""
        rows = [raw for raw in self.made.get(key, [])[:first] if all(raw.get(each) for each in filled)]
        return self.dice.choice(rows) if rows else None

    def _valid(self, table: Table, number: int) -> Raw:
        raw: Raw = {column.key: self._value(table, column, number) for column in table.columns}
        for start, end in table.ordered:
            if raw[start] and raw[end]:
                raw[start], raw[end] = sorted((raw[start], raw[end]), key=_serial)
        for number_key, most in table.at_most:
            if isinstance(raw[number_key], int) and isinstance(raw[most], int):
                raw[number_key], raw[most] = sorted((raw[number_key], raw[most]))  # type: ignore[type-var]
        for rule in table.dependents:
            allowed = sorted(rule.allowed.get(str(raw[rule.on]), ()))
            raw[rule.column] = self.dice.choice(allowed) if allowed else None
        if table.nesting:
            level = self.dice.choice(table.nesting.levels)
            above = table.nesting.levels[: table.nesting.levels.index(level)]
            parents = [each for each in self.made[table.key] if above and each[table.nesting.level] == above[-1]]
            parents = [each for each in parents if each[table.nesting.code]]
            raw[table.nesting.level] = level if parents else table.nesting.levels[0]
            raw[table.nesting.parent] = self.dice.choice(parents)[table.nesting.code] if parents else None
        for compound in table.compounds:
            other = self._partner(compound.table, compound.columns, raw if compound is not table.compounds[0] else {})
            for own, theirs in compound.columns if other else ():
                raw[own] = other[theirs] if other else None
        return raw

    def _partner(self, key: str, columns: tuple[tuple[str, str], ...], raw: Raw) -> Raw | None:
        fixed = [(theirs, raw[own]) for own, theirs in columns if own == "project" and raw.get(own)]
        rows = [each for each in self.made.get(key, ()) if all(each[theirs] == value for theirs, value in fixed)]
        rows = [each for each in rows if all(each[theirs] for own, theirs in columns if own != "project")]
        return self.dice.choice(rows) if rows else None

    def _value(self, table: Table, column: Column, number: int) -> Typed:
        dice = self.dice
        if not column.required and dice.random() < (0.5 if column.owner is Owner.UNIT else 0.8):
            return None
        if column.reference:
            # Few projects, so that each has members and activities.
            other = self.some(column.reference.table, column.reference.column, first=30)
            return other[column.reference.column] if other else None
        match column.type:
            case ColumnType.CHOICE if column.multiple:
                return tuple(
                    dict.fromkeys(choice.key for choice in dice.choices(column.choices, k=dice.choice((1, 1, 2))))
                )
            case ColumnType.CHOICE:
                return dice.choice(column.choices).key
            case ColumnType.DATE if column.spans and dice.random() < 0.4:
                return dice.choice(month_parts(self.window))
            case ColumnType.DATE:
                return self.day()
            case ColumnType.PERIOD:
                return dice.choice(("2026-06", "2026-07", "2026-11", "2026-12", "2027-01"))
            case ColumnType.INTEGER:
                low, high = column.minimum or 0, column.maximum or 9
                return dice.choice((low, high, dice.randint(low, high)))
            case ColumnType.PHONE:
                return dice.choice(
                    ("13900000001", "0774-5551234", "010-55512345", "5551234", "55512345", "4001234567", "077455512")
                )
        if column.pattern:
            return dice.choice((f"XM{number}", f"XM{number}-1", f"a.{number}"))
        if column.key == "name":
            return f"甲{_han(number if dice.random() < 0.85 else max(1, number - dice.randrange(9)))}"
        if column.key == "department":
            return dice.choice(DEPARTMENTS)
        return f"{column.label.zh} {column.key}{number}" if column.key in table.natural_key else f"内容{number}"


def held(table: Table, raw: Raw, window: Window, careless: Callable[[Column, Value], Value] | None = None) -> Row:
    """The row as the tool would write it: normalised, but for a time of day and for what is typed carelessly."""
    values: dict[str, Value] = {}
    invalid = set()
    for column in table.columns:
        read = normalise(raw.get(column.key), column, window)
        value = read.value
        timed = isinstance(raw.get(column.key), float) and column.type is ColumnType.DATE
        values[column.key] = raw[column.key] if timed else value  # type: ignore[assignment]
        if careless and not read.invalid and not column.choices and column.type is not ColumnType.RECORD:
            values[column.key] = careless(column, value)
        if read.invalid:
            invalid.add(column.key)
    return Row(table.key, values, record=str(raw.get(RECORD.key) or ""), invalid=frozenset(invalid))


def _han(number: int) -> str:
    return "".join("零一二三四五六七八九"[int(digit)] for digit in str(number))


def _serial(value: object) -> float:
    value = value.start if isinstance(value, Window) else value
    return float((value - EPOCH).days) if isinstance(value, date) else float(str(value))


def _pick(world: World, table: Table, *types: ColumnType) -> Column | None:
    found = [column for column in table.columns if column.type in types]
    return world.dice.choice(found) if found else None


def _missing(world: World, table: Table, raw: Raw) -> None:
    column = world.dice.choice([column for column in table.owned_by(Owner.UNIT) if column.required])
    raw[column.key] = None


def _choice(world: World, table: Table, raw: Raw) -> None:
    if column := _pick(world, table, ColumnType.CHOICE):
        label = world.dice.choice(column.choices).label
        raw[column.key] = world.dice.choice(("乱写", f"{label.zh[:1]}*", f"{label.en[:2]}*", "?" * len(label.zh), "*"))


def _date(world: World, table: Table, raw: Raw) -> None:
    if column := _pick(world, table, ColumnType.DATE):
        early, late = world.window.start - YEAR, world.window.end + YEAR
        typed: list[Typed] = [early, early - timedelta(1), late, late + timedelta(1), world.today]
        typed += [world.today + timedelta(1), date(1950, 1, 1), date(2150, 1, 1), 46_198.5]
        typed += [
            "待定",
            "3月5日",
            "2026-13-01",
            "12月40日",
            "7月至8月",
            "6月3日-8日",
            "2016年7月",
            "3月上旬",
            "13月",
            "6*",
        ]
        raw[column.key] = world.dice.choice([*typed, *world.dice.choices(month_parts(world.window), k=6)])


def _integer(world: World, table: Table, raw: Raw) -> None:
    if column := _pick(world, table, ColumnType.INTEGER):
        low, high = column.minimum or 0, column.maximum or 9
        raw[column.key] = world.dice.choice((low - 1, high + 1, low, high, 2.5, "几个", high * 3))


def _period(world: World, table: Table, raw: Raw) -> None:
    if column := _pick(world, table, ColumnType.PERIOD):
        raw[column.key] = world.dice.choice(("2026-13", "2026-00", "本月", "3月", "1899-05", "2100-01", "全年"))


def _phone(world: World, table: Table, raw: Raw) -> None:
    if column := _pick(world, table, ColumnType.PHONE):
        raw[column.key] = world.dice.choice(
            (
                *("12", "45000019900101123X", "450000199001011234", "0774-123", "12345678a", "123456789", "无"),
                *("0774-5551234-1", "5551234转8", "0123-45678901", "12800000000"),
            )
        )


def _long(world: World, table: Table, raw: Raw) -> None:
    columns = [column for column in table.owned_by(Owner.UNIT) if column.max_length is not None]
    if columns:
        column = world.dice.choice(columns)
        letter = "A" if column.pattern else "长"
        raw[column.key] = letter * ((column.max_length or 0) + world.dice.choice((0, 1, 40)))


def _pattern(world: World, table: Table, raw: Raw) -> None:
    for column in table.columns:
        if column.pattern:
            raw[column.key] = world.dice.choice(("XM_1", "-XM", "XM--1", "XM1-", "XM1.-2", "项目1", ".", "XM 1"))


def _repeat(world: World, table: Table, raw: Raw) -> None:
    if other := world.some(table.key):
        for key in table.natural_key:
            raw[key] = other[key]
        column = table[table.natural_key[-1]]
        text = raw[column.key]
        if (
            column.type is ColumnType.TEXT
            and isinstance(text, str)
            and not column.reference
            and world.dice.random() < 0.4
        ):
            raw[column.key] = text.replace(" ", "")


def _record(world: World, table: Table, raw: Raw) -> None:
    if world.dice.random() < 0.4 and (other := world.some(table.key)):
        raw[RECORD.key] = other[RECORD.key]


def _reference(world: World, table: Table, raw: Raw) -> None:
    columns = [column for column in table.owned_by(Owner.UNIT) if column.reference]
    if not columns:
        return
    column = world.dice.choice(columns)
    person = world.some("people", "name", "department")
    if column.reference and column.reference.table == "people" and person:
        name, department = person["name"], person["department"]
        raw[column.key] = world.dice.choice(
            (name, f"{name}（{department}）", f"{name}({department})", f"{name}（没有的股）", "没有的人", "甲*")
        )
    else:
        raw[column.key] = world.dice.choice(("没有的", "XM*", "xm1"))


def _dependent(world: World, table: Table, raw: Raw) -> None:
    for rule in table.dependents:
        raw[rule.column] = world.dice.choice(table[rule.column].choices).key


def _backwards(world: World, table: Table, raw: Raw) -> None:
    if not table.ordered:
        return
    start, end = world.dice.choice(table.ordered)
    first = int(_serial(world.day()))
    # The last is one day, in the wrong order of its hours.
    late, early = world.dice.choice(((0, -30), (0, -1), (0, 0), (0, 1), (0.75, 0.25)))
    raw[start] = first + late if late else EPOCH + timedelta(days=first)
    raw[end] = first + early if late else EPOCH + timedelta(days=first + int(early))
    if table[end].spans and world.dice.random() < 0.7:
        # Of the parts of one month only those that lie wholly before another are before it.
        month = EPOCH + timedelta(days=first)
        parts = [each for each in month_parts(world.window) if f"{each.start:%Y-%m}" == f"{month:%Y-%m}"]
        raw[start], raw[end] = world.dice.choices(parts, k=2)


def _nesting(world: World, table: Table, raw: Raw) -> None:
    if nesting := table.nesting:
        raw[nesting.level] = world.dice.choice(nesting.levels)
        other = world.some(table.key, nesting.code)
        raw[nesting.parent] = other[nesting.code] if other and world.dice.random() < 0.7 else None


def _compound(world: World, table: Table, raw: Raw) -> None:
    if table.compounds:
        rule = world.dice.choice(table.compounds)
        own, theirs = world.dice.choice(rule.columns)
        if other := world.some(rule.table):
            raw[own] = other[theirs]


def _more(world: World, table: Table, raw: Raw) -> None:
    for number, most in table.at_most:
        raw[most] = world.dice.randrange(5000)
        raw[number] = raw[most] + world.dice.choice((0, 1, 7))  # type: ignore[operator]


SPOILERS = (
    *(_missing, _choice, _date, _integer, _period, _phone, _long, _pattern, _repeat, _record, _reference),
    *(_dependent, _backwards, _nesting, _compound, _more),
)
