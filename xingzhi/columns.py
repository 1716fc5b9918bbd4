"""The declaration of a column and of a table: the one source of headers, validations, checks and documentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from xingzhi.labels import Label, Lang

HEADER_FORBIDDEN = frozenset("[]#'@\n\r")
"""Excel's structured references need these escaped in a header, and LibreOffice misreads them."""

ROLE_SEPARATORS = "、兼/，,;；+"
"""What clerks write between two roles held by one person (`副组长兼联络员`)."""


class Owner(StrEnum):
    """Who may write a column. Each column has exactly one owner."""

    UNIT = "unit"
    OFFICE = "office"
    TOOL = "tool"


class ColumnType(StrEnum):
    """What a cell of a column holds once it is normalised."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    PERIOD = "period"
    INTEGER = "integer"
    CHOICE = "choice"
    PHONE = "phone"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Choice:
    """One permitted value: `key` is stored, the label is shown, aliases are understood."""

    key: str
    label: Label
    aliases: tuple[str, ...] = ()

    def spellings(self) -> tuple[str, ...]:
        """Every text that means this choice."""
        return (self.key, *self.label.both(), *self.aliases)


YES_NO = (
    Choice(
        "yes",
        Label("是", "Yes"),
        ("y", "√", "✓", "✔", "✔\ufe0f", "☑", "☑\ufe0f", "对", "有", "是的", "1", "true"),
    ),
    Choice(
        "no",
        Label("否", "No"),
        ("n", "×", "✕", "✗", "✘", "x", "☒", "无", "没有", "没", "0", "false", "不是", "不"),
    ),
)


@dataclass(frozen=True, slots=True)
class Reference:
    """The value must occur in another table (or the same one) of the unit's records."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A drop-down that offers only `column` of the rows of `table` whose `by` holds what this row's `on` holds; all that
    the column's reference admits where `on` is blank."""

    table: str
    column: str
    by: str
    on: str


@dataclass(frozen=True)
class Column:
    """One column, declared once.

    `minimum`/`maximum` bound integers. `pattern` is a regular expression that the whole text must match.
    `multiple` lets a choice cell hold several choices. `any_year` marks a date that may lie long before
    the programme, `spans` one that may be planned as a month or a part of one. `names_unit` marks a text that names units.
    `width` is in Excel character widths.
    """

    key: str
    label: Label
    type: ColumnType = ColumnType.TEXT
    owner: Owner = Owner.UNIT
    required: bool = False
    choices: tuple[Choice, ...] = ()
    multiple: bool = False
    any_year: bool = False
    spans: bool = False
    names_unit: bool = False
    aliases: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    reference: Reference | None = None
    narrowed: Narrowed | None = None
    width: float = 12
    prompt: Label | None = None

    def __post_init__(self) -> None:
        for text in self.label.both():
            if HEADER_FORBIDDEN & set(text):
                raise ValueError(f"column {self.key}: header {text!r} holds a forbidden character")
        if (self.type is ColumnType.CHOICE) != bool(self.choices):
            raise ValueError(f"column {self.key}: a choice column, and no other, declares choices")
        if self.spans and self.type is not ColumnType.DATE:
            raise ValueError(f"column {self.key}: only a date can be planned as a part of a month")

    @cached_property
    def spellings(self) -> frozenset[str]:
        """Every header text that means this column."""
        return frozenset((*self.label.both(), *self.aliases))

    def choice(self, key: str) -> Choice:
        """The choice with this key; KeyError where there is none."""
        for choice in self.choices:
            if choice.key == key:
                return choice
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Dependent:
    """A choice that goes only with certain choices of another column of the row.

    `allowed` maps a key of the column `on` to the keys that `column` may then hold; a key not in it allows none.
    """

    column: str
    on: str
    allowed: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Nesting:
    """Rows that nest: a row of one level names, in `parent`, the `code` of a row one level up; the top names none."""

    code: str
    parent: str
    level: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Compound:
    """Columns of a row that must stand together in one row of another table.

    `columns` pairs a column of this table with one of the other. It is asked of rows in which every column of `asked` is
    filled, and whose own references hold; where it fails, the finding `code` stands at the first of `asked`.
    """

    table: str
    columns: tuple[tuple[str, str], ...]
    asked: tuple[str, ...]
    code: str


@dataclass(frozen=True)
class Table:
    """One table of the unit workbook.

    `letters` stand in its record numbers. `natural_key` finds a row that has lost its number. `room` is the number
    of blank rows that a template prints. `ordered` pairs name a start and an end date; `at_most` pairs a number and one
    that it should not exceed; `past` names the dates of what has happened, which cannot lie in the future. `month` is the
    column, a date or a period, by which a row belongs to a month that the office may close.
    """

    key: str
    label: Label
    letters: str
    columns: tuple[Column, ...]
    natural_key: tuple[str, ...]
    room: int
    purpose: Label
    aliases: tuple[str, ...] = ()
    ordered: tuple[tuple[str, str], ...] = ()
    at_most: tuple[tuple[str, str], ...] = ()
    past: tuple[str, ...] = ()
    month: str | None = None
    dependents: tuple[Dependent, ...] = ()
    compounds: tuple[Compound, ...] = ()
    nesting: Nesting | None = None

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys):
            raise ValueError(f"table {self.key}: a column key is declared twice")
        pairs = (*self.ordered, *self.at_most, *((each.column, each.on) for each in self.dependents))
        named = {*self.natural_key, *self.past, *(key for pair in pairs for key in pair)}
        named |= {key for each in self.compounds for key in (*each.asked, *(own for own, _ in each.columns))}
        unknown = (named | ({self.month} if self.month else set())) - set(keys)
        if unknown:
            raise ValueError(f"table {self.key}: unknown columns {sorted(unknown)}")
        spellings = [spelling for column in self.columns for spelling in column.spellings]
        if len(set(spellings)) != len(spellings):
            raise ValueError(f"table {self.key}: two columns share a header spelling")

    @cached_property
    def by_key(self) -> dict[str, Column]:
        """The columns by their keys."""
        return {column.key: column for column in self.columns}

    def __getitem__(self, key: str) -> Column:
        return self.by_key[key]

    def owned_by(self, owner: Owner) -> tuple[Column, ...]:
        """The columns of one owner, in order."""
        return tuple(column for column in self.columns if column.owner is owner)

    def headers(self, lang: Lang) -> tuple[str, ...]:
        """The header texts in one language, in order."""
        return tuple(column.label.of(lang) for column in self.columns)


RECORD = Column(
    key="record",
    label=Label("记录号", "Record no"),
    type=ColumnType.RECORD,
    owner=Owner.TOOL,
    width=15,
    prompt=Label("记录号由系统编印，请勿修改", "Numbered by the system; please leave it as it is"),
)
"""The first column of every table."""


def record_number(unit: str, letters: str, serial: int) -> str:
    """`<unit>-<table letters>-<0001>`: the identity of one row, unique in a programme instance."""
    return f"{unit}-{letters}-{serial:04d}"
