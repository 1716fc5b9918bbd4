"""What a merge means to do, as values, and the one function that does it to rows in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from sync.records import CellChange, Change, Current, LedgerRow, RowKey, Status, StoredRow
from xingzhi.findings import Finding
from xingzhi.rows import Row, stored_text


@dataclass(frozen=True, slots=True)
class Insert:
    """A row that the ledger has not."""

    kind: ClassVar[str] = "inserted"
    after: LedgerRow

    @property
    def changes(self) -> tuple[CellChange, ...]:
        """None: the row as a whole is new."""
        return ()


@dataclass(frozen=True, slots=True)
class Update:
    """Cells that change on a row."""

    kind: ClassVar[str] = "updated"
    before: LedgerRow
    after: LedgerRow
    changes: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class Restore:
    """A missing or withdrawn row that stands in the file again, with the cells that change on it."""

    kind: ClassVar[str] = "restored"
    before: LedgerRow
    after: LedgerRow
    changes: tuple[CellChange, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkMissing:
    """A row that vanished from the file: it stays, and waits for confirmation."""

    kind: ClassVar[str] = "missing"
    before: LedgerRow

    @property
    def after(self) -> LedgerRow:
        """The row, missing."""
        return replace(self.before, status=Status.MISSING)

    @property
    def changes(self) -> tuple[CellChange, ...]:
        """None: no cell changes."""
        return ()


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A row whose place another record took."""

    kind: ClassVar[str] = "withdrawn"
    before: LedgerRow

    @property
    def after(self) -> LedgerRow:
        """The row, withdrawn."""
        return replace(self.before, status=Status.WITHDRAWN)

    @property
    def changes(self) -> tuple[CellChange, ...]:
        """None: no cell changes."""
        return ()


@dataclass(frozen=True, slots=True)
class Keep:
    """A row of the file that changes nothing; at most it is now known where in which file it stands."""

    kind: ClassVar[str] = "kept"
    before: LedgerRow
    after: LedgerRow

    @property
    def changes(self) -> tuple[CellChange, ...]:
        """None: nothing changes."""
        return ()


Action = Insert | Update | Restore | MarkMissing | Withdraw | Keep


@dataclass(frozen=True, slots=True)
class Plan:
    """What merging one file means.

    `assigned` gives each filled row of the file, in order, with the record that it is. `stored` is what to keep as
    the submission's rows: the same, with the base's rows of each table in `refused`, whose emptiness was not taken,
    so that the next version is still compared with them.
    """

    actions: tuple[Action, ...] = ()
    findings: tuple[Finding, ...] = ()
    assigned: tuple[tuple[Row, str], ...] = ()
    stored: tuple[StoredRow, ...] = ()
    refused: frozenset[str] = frozenset()

    @property
    def effects(self) -> tuple[Action, ...]:
        """The actions that change a value or a status; none means that the file says nothing new."""
        return tuple(action for action in self.actions if not isinstance(action, Keep))


def apply(plan: Plan, current: Current) -> Current:
    """The rows as they are once the plan is carried out. To the ledger: `put(run, action.after)` for each action."""
    rows: dict[RowKey, LedgerRow] = dict(current.rows)
    for action in plan.actions:
        rows[action.after.key] = action.after
    return Current(rows=rows, office=current.office)


def changes(actions: Iterable[Action], *, file: str) -> list[Change]:
    """The lines of 数据变动: one for a row that came, went or came back, and one for each cell that changed."""
    lines: list[Change] = []
    for action in actions:
        row = action.after
        if not isinstance(action, Update | Keep):
            lines.append(Change(row.programme, row.unit, row.table, row.record, "", action.kind, file=file))
        lines += [
            Change(
                programme=row.programme,
                unit=row.unit,
                table=row.table,
                record=row.record,
                column=cell.column,
                kind=Update.kind,
                before=stored_text(cell.before),
                after=stored_text(cell.after),
                file=file,
            )
            for cell in action.changes
        ]
    return lines
