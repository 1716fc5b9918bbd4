"""Golden cases of the requirements: a unit's rows as text, and exactly what is told of what its programme asks.

A file of `tests/golden/requirements` holds cases, each begun by `### ` and its title:

    rules: T03 T22                      requirements of the shipped programme, the only ones that are asked
    today: 2026-07-01                   the day of the check
    waived: T22 - 2026-06               a requirement, its project (`-` for none) and its period that the office waived
    expect: Q101 T03 - - (error)        code, requirement, project, period (`-` for none), severity
    expect: none
    says: 还差：1                        a text that one of the messages must contain, in either language

and then the sheets, as in `support.text_tables`. All findings are compared: one more is as wrong as one less.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from support.terms import shipped
from support.text_tables import grid

from workbook_templates.tables.registry import TABLES
from xingzhi.checks import requirements
from xingzhi.deadlines import Member, Office, Waiver, deadlines
from xingzhi.findings import Finding
from xingzhi.fulfilment import UnitRecords
from xingzhi.grid import Grid
from xingzhi.shape import shape

FOLDER = Path(__file__).parent.parent / "golden" / "requirements"


@dataclass(frozen=True)
class Case:
    """One golden case. `expected` are lines as `described` writes findings."""

    name: str
    grid: Grid
    rules: tuple[str, ...]
    today: date
    waived: frozenset[Waiver]
    expected: tuple[str, ...]
    says: tuple[str, ...]


@cache
def cases() -> tuple[Case, ...]:
    """Every golden case of the requirements."""
    return tuple(
        _case(path.stem, part)
        for path in sorted(FOLDER.glob("*.txt"))
        for part in path.read_text(encoding="utf-8").split("### ")[1:]
    )


def covered_codes() -> set[str]:
    """The finding codes that some golden case demands."""
    return {line.split()[0] for case in cases() for line in case.expected}


def found(case: Case) -> list[Finding]:
    """What the product says of what the case's unit owes."""
    term = shipped(*case.rules)
    rows = shape(case.grid, TABLES, term.time).rows
    office = Office(term, case.waived)
    items = deadlines(office, Member("T01"), UnitRecords("T01", rows), case.today, standing=True)
    return requirements.check(items, TABLES)


def described(findings: list[Finding]) -> list[str]:
    """The findings as lines of a golden case, sorted."""
    return sorted(
        f"{each.code} {each.requirement} {each.subject or '-'} {each.period or '-'} ({each.severity.value})"
        for each in findings
    )


def _case(file: str, part: str) -> Case:
    title, _, body = part.partition("\n")
    head, mark, sheets = body.partition("\n== ")
    fields: dict[str, list[str]] = {}
    for line in head.splitlines():
        key, colon, value = line.partition(":")
        if colon and not line.startswith("#"):
            fields.setdefault(key, []).append(value.strip())
    if unknown := set(fields) - {"rules", "today", "waived", "expect", "says"}:
        raise ValueError(f"{title}: unknown lines {unknown}")
    waived = (["" if word == "-" else word for word in line.split()] for line in fields.get("waived", ()))
    return Case(
        name=f"{file}: {title.strip()}",
        grid=grid(mark.lstrip() + sheets),
        rules=tuple(fields["rules"][0].split()),
        today=date.fromisoformat(fields["today"][0]),
        waived=frozenset(("T01", rule, subject, period) for rule, subject, period in waived),
        expected=tuple(sorted(line for line in fields["expect"] if line != "none")),
        says=tuple(fields.get("says", ())),
    )
