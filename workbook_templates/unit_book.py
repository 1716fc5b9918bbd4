"""What one unit's workbook holds, before it is a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from workbook_templates.tables.registry import tables
from xingzhi import messages
from xingzhi.columns import Table
from xingzhi.deadlines import Member, Waiver
from xingzhi.findings import Finding
from xingzhi.fulfilment import UnitRecords
from xingzhi.identity import Identity
from xingzhi.labels import Lang
from xingzhi.programme import Term


@dataclass(frozen=True)
class UnitBook:
    """What one unit's workbook holds. `serials` gives, for each table, the last serial number already used.

    With `live`, 基准日 follows the clock of whoever opens the workbook; else it is `today`. `lead` stands above the findings,
    the usual words where it is empty. `added` are the columns of the unit's own that its sheets show, by table.
    """

    term: Term
    identity: Identity
    today: date
    records: UnitRecords = field(default_factory=lambda: UnitRecords(""))
    findings: Sequence[Finding] = ()
    waivers: frozenset[Waiver] = frozenset()
    member: Member | None = None
    serials: Mapping[str, int] = field(default_factory=dict)
    live: bool = True
    lead: str = ""
    added: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def lang(self) -> Lang:
        """The language of the workbook."""
        return Lang(self.identity.lang)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables that the programme uses."""
        return tables(self.term.programme.tables)

    @property
    def unit_name(self) -> str:
        """The name that is printed, a line to write on where there is none."""
        return self.identity.unit_name or messages.text("unit.blank", self.lang)
