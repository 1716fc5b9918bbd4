"""The units of the programme, as 单位名册 lists them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from sync.master_reader import RawTable
from sync.office_columns import has_columns
from workbook_templates.office_tables import OFFICE_KIND, UNIT_CODE_PATTERN, UNITS
from xingzhi import messages
from xingzhi.cleaning import compact
from xingzhi.deadlines import Member
from xingzhi.findings import Finding, finding
from xingzhi.labels import Label, Lang
from xingzhi.programme import Term
from xingzhi.requirements import Scope

OFFICE_CODE = "XDB"
"""The code that `init` gives the office itself."""


@dataclass(frozen=True)
class Unit:
    """One unit of 单位名册."""

    code: str
    name: str
    former_names: tuple[str, ...] = ()
    contact: str = ""
    phone: str = ""
    joined: date | None = None
    left: date | None = None
    source: str = ""
    kind: str = ""

    @property
    def is_office(self) -> bool:
        """Whether this is the office itself, and not one of the programme's units."""
        return compact(self.kind).casefold() in {text.casefold() for text in OFFICE_KIND.both()}

    @property
    def member(self) -> Member:
        """What decides on what it owes."""
        return Member(self.code, self.joined, self.left, office=self.is_office)


def with_office(units: Sequence[Unit], term: Term, lang: Lang) -> tuple[Unit, ...]:
    """The units of a new office, and before them the office itself, where the programme asks anything of it."""
    asked = any(rule.enabled and rule.scope is Scope.OFFICE for rule in term.programme.requirements)
    if not asked or any(unit.is_office for unit in units):
        return tuple(units)
    taken = {unit.code.casefold() for unit in units}
    code = next(code for n in count(1) if (code := OFFICE_CODE + (str(n) if n > 1 else "")).casefold() not in taken)
    return (Unit(code, term.programme.office.of(lang), kind=OFFICE_KIND.of(lang)), *units)


def read_units(raw: RawTable | None, term: Term, findings: list[Finding]) -> tuple[Unit, ...]:
    if raw is None or not has_columns(raw, ("code",), findings):
        return ()
    found: dict[str, Unit] = {}
    for row in raw.rows:
        code, name = raw.text(row, "code"), raw.text(row, "name")
        if not code and not name:
            continue
        fault = _code_fault(code, found)
        if fault:
            findings.append(finding("O103", sheet=UNITS.label.zh, value=code or name, reason=fault))
            continue
        found[code.casefold()] = Unit(
            code=code,
            name=name or code,
            former_names=tuple(part for part in re.split(r"[、,，;；\s]+", raw.text(row, "former_names")) if part),
            contact=raw.text(row, "contact"),
            phone=raw.text(row, "phone"),
            joined=_day(raw, row, "joined", term, findings),
            left=_day(raw, row, "left", term, findings),
            source=raw.text(row, "source"),
            kind=raw.text(row, "kind"),
        )
    return tuple(found.values())


def _code_fault(code: str, found: Mapping[str, Unit]) -> Label | None:
    """What is wrong with a unit's code. Codes name files, and to Windows and macOS `a1` and `A1` are one name."""
    if not re.fullmatch(UNIT_CODE_PATTERN, code):
        return messages.label("reason.bad_code")
    same = found.get(code.casefold())
    if same is None:
        return None
    if same.code == code:
        return messages.label("reason.twice")
    return messages.label("reason.twice_but_for_case", other=same.code)


def _day(raw: RawTable, row: tuple[object, ...], key: str, term: Term, findings: list[Finding]) -> date | None:
    value, understood = raw.value(row, key, term.time)  # type: ignore[arg-type]
    if not understood:
        code, typed, name = raw.text(row, "code"), raw.text(row, key), UNITS[key].label  # type: ignore[arg-type]
        findings.append(finding("O109", sheet=UNITS.label.zh, column=key, value=code, name=name, typed=typed))
    return value if isinstance(value, date) else None
