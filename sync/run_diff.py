"""`diff`: what stands otherwise after one run than after another, cell by cell, with who owns the cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sync.cells import EXTRA, short
from sync.change_places import EXPLANATION, column_of, column_text, record_text, sheet_text, table_of
from sync.explanations import EXPLAINED
from sync.ledger import Ledger, LedgerError
from sync.master_reader import RawTable, cell_text, restored
from sync.office_merge import office_values
from sync.records import LedgerRow, Values, clean
from sync.session import OFFICE_SHEETS_STATE, Session, open_session, sheets_from
from workbook_templates.office_tables import STATUS
from xingzhi import messages
from xingzhi.columns import Owner, Table
from xingzhi.labels import Lang
from xingzhi.phones import mask_identity
from xingzhi.rows import Value, stored_text

CAME, WENT, CHANGED = "came", "went", "changed"

Place = tuple[str, str, str]
"""(unit, table, record)."""


@dataclass(frozen=True)
class Moment:
    """All that the ledger holds after a run, by place: the units' rows, what the office wrote on them and elsewhere, what the
    units say of their findings, and the office's own sheets, {} where the ledger does not have them of that time."""

    rows: Mapping[Place, LedgerRow] = field(default_factory=dict)
    office: Mapping[Place, Values] = field(default_factory=dict)
    said: Mapping[tuple[str, str], str] = field(default_factory=dict)
    sheets: Mapping[str, RawTable] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that stands otherwise, or a row that came or went: then `column` is empty, and the row is told in short."""

    unit: str
    table: str
    record: str
    column: str
    owner: Owner
    kind: str
    before: Value = None
    after: Value = None


@dataclass(frozen=True)
class RunDiff:
    """What is different between the states after two runs. `without_sheets` tells that the ledger does not have the
    office's own sheets of both times, so that nothing is said of them."""

    programme: str
    one: int
    other: int
    differences: Sequence[Difference]
    tables: Sequence[Table]
    names: Mapping[str, str]
    lang: Lang
    without_sheets: bool = False

    def items(self, lang: Lang) -> list[dict[str, object]]:
        """The differences as they are told: every name and value as the master shows it."""
        return [self._item(each, lang) for each in self.differences]

    def as_json(self, lang: Lang) -> dict[str, object]:
        """The object of `diff --json`."""
        return {
            "programme": self.programme,
            "from": self.one,
            "to": self.other,
            "office_sheets_known": not self.without_sheets,
            "changes": self.items(lang),
        }

    def _item(self, each: Difference, lang: Lang) -> dict[str, object]:
        table = table_of(each.table, self.tables)
        return {
            "programme": self.programme,
            "unit": each.unit,
            "name": self.names.get(each.unit, each.unit),
            "table": each.table,
            "sheet": sheet_text(table, each.table, each.column, lang),
            "record": record_text(each.table, each.record, each.column),
            "column": each.column,
            "label": column_text(table, each.column, lang) if each.column else "",
            "owner": each.owner.value,
            "owner_label": messages.text(f"owner.{each.owner.value}", lang),
            "kind": each.kind,
            "before": _text(table, each.column, each.before, lang),
            "after": _text(table, each.column, each.after, lang),
        }


def run_diff(root: Path, one: int, other: int) -> RunDiff:
    """What is different between the states after two runs of the office at `root`. LedgerError for a run that there is
    not."""
    with open_session(root) as session:
        for run in (one, other):
            demand_run(session.ledger, run)
        before, after = moment(session, one), moment(session, other)
        return RunDiff(
            programme=session.programme,
            one=one,
            other=other,
            differences=list(differences(before, after, session)),
            tables=session.tables,
            names={unit.code: unit.name for unit in session.settings.units},
            lang=session.lang,
            without_sheets=not (before.sheets and after.sheets),
        )


def demand_run(ledger: Ledger, run: int) -> None:
    """LedgerError for a run that the ledger has not, naming those that it has."""
    known = [each.id for each in ledger.runs()]
    if run not in known:
        raise LedgerError("refusal.no_run", run=run, first=min(known, default=0), last=max(known, default=0))


def moment(session: Session, as_of: int | None = None) -> Moment:
    """What the ledger holds now, or held after a run."""
    ledger, programme = session.ledger, session.programme
    units = ledger.written_units(programme)
    return Moment(
        rows={(row.unit, *row.key): row for row in ledger.all_rows(programme, as_of=as_of)},
        office={
            (unit, *key): values for unit in units for key, values in office_values(session, unit, as_of=as_of).items()
        },
        said={
            (unit, key): text
            for unit in units
            for key, text in ledger.explanations(programme, unit, as_of=as_of).items()
        },
        sheets=sheets_from(ledger.state(OFFICE_SHEETS_STATE, as_of=as_of) or "{}"),
    )


def differences(one: Moment, other: Moment, session: Session) -> Iterator[Difference]:
    """What is to be done to the one to make it the other: by unit, table and record, the office's own sheets last."""
    tables = {table.key: table for table in session.tables}
    for place in sorted({*one.rows, *other.rows, *one.office, *other.office}):
        table = tables.get(place[1])
        if table:
            yield from _row(place, one.rows.get(place), other.rows.get(place), table, session.lang)
        yield from _cells(place, one.office.get(place, {}), other.office.get(place, {}), Owner.OFFICE, table)
    for unit, key in sorted({*one.said, *other.said}):
        before, after = ({EXPLANATION: each.get((unit, key))} for each in (one.said, other.said))
        yield from _cells((unit, EXPLAINED, key), before, after, Owner.UNIT, None)
    for name in one.sheets if one.sheets and other.sheets else ():
        if name in other.sheets:
            yield from _sheet(name, one.sheets[name], other.sheets[name])


def _row(
    place: Place, before: LedgerRow | None, after: LedgerRow | None, table: Table, lang: Lang
) -> Iterator[Difference]:
    if before and after:
        if before.status is not after.status:
            yield Difference(*place, STATUS.key, Owner.TOOL, CHANGED, before.status.value, after.status.value)
        yield from _cells(place, before.values, after.values, Owner.UNIT, table)
    elif after:
        yield Difference(*place, "", Owner.UNIT, CAME, after=short(table, after.values, lang))
    elif before:
        yield Difference(*place, "", Owner.UNIT, WENT, before=short(table, before.values, lang))


def _cells(place: Place, before: Values, after: Values, owner: Owner, table: Table | None) -> Iterator[Difference]:
    one, other = clean(before), clean(after)
    order = [column.key for column in table.columns] if table else []
    for key in sorted({*one, *other}, key=lambda key: (order.index(key) if key in order else len(order), key)):
        if one.get(key) != other.get(key):
            yield Difference(*place, key, owner, CHANGED, one.get(key), other.get(key))


def _sheet(name: str, before: RawTable, after: RawTable) -> Iterator[Difference]:
    one, other = _lines(before), _lines(after)
    for record in dict.fromkeys((*one, *other)):
        place = ("", name, record)
        if record not in other:
            yield Difference(*place, "", Owner.OFFICE, WENT, before=" / ".join(one[record].values()))
        elif record not in one:
            yield Difference(*place, "", Owner.OFFICE, CAME, after=" / ".join(other[record].values()))
        else:
            yield from _cells(place, one[record], other[record], Owner.OFFICE, before.table)


def _lines(raw: RawTable) -> dict[str, dict[str, str]]:
    """The rows of a sheet by what names them; the second of one name is told from the first."""
    found: dict[str, dict[str, str]] = {}
    for row in raw.rows:
        cells = {name: cell_text(cell) for name, cell in raw.cells(row).items()}
        if not cells:
            continue
        record = base = " ".join(part for part in raw.identity(row) if part)
        step = 2
        while record in found:
            record, step = f"{base} #{step}", step + 1
        found[record] = cells
    return found


def _text(table: Table | None, key: str, value: Value, lang: Lang) -> str:
    column = column_of(table, key)
    if column is not None and column.choices:
        # A choice in one of the office's own sheets is kept as it was typed.
        labels = {choice.key: choice.label.of(lang) for choice in column.choices}
        parts = value if isinstance(value, tuple) else (value,)
        return mask_identity("、".join(labels.get(str(part), str(part)) for part in parts if part is not None))
    return mask_identity(plain_text(key, value))


def plain_text(key: str, value: Value) -> str:
    """A value as text, choices by their keys; in a column that the office added it bears its type with it."""
    return cell_text(restored(value)) if key.startswith(EXTRA) else stored_text(value)
