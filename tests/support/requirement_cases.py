"""Golden cases of the requirements: a unit's rows as text, and exactly what is told of what its programme asks.

A file of `tests/golden/requirements` begins with notes on how its days were worked out, and holds cases, each begun by
`### ` and its title:

    # why the case is as it is
    rules: T03 T22                      requirements of the shipped programme (those of the file's name, if not given)
    today: 2026-07-01                   the day of the check
    waived: T22 - 2026-06               a requirement, its project (`-` for none) and its period that the office waived
    received: BS-0001 2026-06-26        the day on which the office first received the record of this number
    expect: Q101 T03 - - (error)        code, requirement, project, period (`-` for none), severity
    expect: none                        nor is there any finding where a case has no such line
    state: T03 - - overdue 1            requirement, project, period, state, and the days late where there are any
    state: none                         nothing is owed
    due: T03 - - 2026-06-30             when it is due (`-`: never)
    done: T03 - - 0/1                   how many there are of how many
    says: 还差：1                        a text that one of the messages must contain, in either language

and then the sheets, as in `support.text_tables`. All findings are compared: one more is as wrong as one less. So are all
states, due dates and counts where a case gives any of that sort.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from support.terms import shipped
from support.text_tables import grid

from workbook_templates.tables.registry import TABLES
from xingzhi.checks import requirements
from xingzhi.deadlines import Deadline, Member, Office, Waiver, deadlines
from xingzhi.findings import Finding
from xingzhi.fulfilment import UnitRecords
from xingzhi.grid import Grid
from xingzhi.shape import shape

FOLDER = Path(__file__).parent.parent / "golden" / "requirements"
_KEYS = {"rules", "today", "waived", "received", "expect", "state", "due", "done", "says"}


@dataclass(frozen=True)
class Case:
    """One golden case. `expected` are lines as `described` writes findings; `states`, `dues` and `counts` lines as
    `standing` writes them, None where the case does not say."""

    name: str
    grid: Grid
    rules: tuple[str, ...]
    today: date
    waived: frozenset[Waiver]
    receipts: Mapping[str, date]
    expected: tuple[str, ...]
    states: list[str] | None
    dues: list[str] | None
    counts: list[str] | None
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


def owed(case: Case) -> list[Deadline]:
    """All that the case's unit owes, standing rules among it."""
    term = shipped(*case.rules)
    rows = shape(case.grid, TABLES, term.time).rows
    office = Office(term, case.waived)
    return deadlines(office, Member("T01"), UnitRecords("T01", rows, case.receipts), case.today, standing=True)


def found(case: Case) -> list[Finding]:
    """What the product says of what the case's unit owes."""
    return requirements.check(owed(case), TABLES)


def described(findings: list[Finding]) -> list[str]:
    """The findings as lines of a golden case, sorted."""
    return sorted(
        f"{each.code} {each.requirement} {each.subject or '-'} {each.period or '-'} ({each.severity.value})"
        for each in findings
    )


def standing(items: Iterable[Deadline], sort: str) -> list[str]:
    """What is owed as sorted lines of a golden case: its `state`, its `due` date or how much is `done`."""
    lines = []
    for each in items:
        done = each.fulfilment
        told = {
            "state": f"{each.state.value} {each.days_late or ''}",
            "due": f"{each.span.due or '-'}",
            "done": f"{done.done}/{done.need}",
        }
        lines.append(f"{each.rule.id} {each.subject or '-'} {each.span.period or '-'} {told[sort]}".rstrip())
    return sorted(lines)


def _case(file: str, part: str) -> Case:
    title, _, body = part.partition("\n")
    head, mark, sheets = body.partition("\n== ")
    fields: dict[str, list[str]] = {}
    for line in head.splitlines():
        key, colon, value = line.partition(":")
        if colon and not line.startswith("#"):
            fields.setdefault(key, []).append(value.strip())
    if unknown := set(fields) - _KEYS:
        raise ValueError(f"{title}: unknown lines {unknown}")
    waived = (["" if word == "-" else word for word in line.split()] for line in fields.get("waived", ()))
    received = (line.split() for line in fields.get("received", ()))
    return Case(
        name=f"{file}: {title.strip()}",
        grid=grid(mark.lstrip() + sheets),
        rules=tuple(fields.get("rules", [file])[0].split()),
        today=date.fromisoformat(fields["today"][0]),
        waived=frozenset(("T01", rule, subject, period) for rule, subject, period in waived),
        receipts={record: date.fromisoformat(day) for record, day in received},
        expected=tuple(_lines(fields, "expect") or ()),
        states=_lines(fields, "state"),
        dues=_lines(fields, "due"),
        counts=_lines(fields, "done"),
        says=tuple(fields.get("says", ())),
    )


def _lines(fields: Mapping[str, list[str]], key: str) -> list[str] | None:
    """The sorted lines of a sort, None where the case has none."""
    return sorted(line for line in fields[key] if line != "none") if key in fields else None
