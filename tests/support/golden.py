"""Golden cases: a workbook as text, and exactly the findings that it must yield.

A file of `tests/golden/checks` holds cases, each begun by `### ` and its title; the lines up to the first sheet are:

    tables: people reports              the programme's tables (those whose sheets the case has, if not given)
    window: 2026-06-01 2027-01-31       the programme's time (this one, if not given)
    today: 2026-09-30                   the day of the check (this one, if not given)
    units: 青石镇民政办<旧石镇民政办 柳溪乡民政办    the units that the office knows, each before its former names
    wanted: tengxian-civil-affairs 2026 T01 T02     check the identity, for a programme, a year and these units
    unit: T01                           the code of the unit whose workbook it is
    codes: T01 T02                      the codes of the office's units
    rescue: tengxian-civil-affairs 2026 T01    what the workbook lists that `rescue` makes of it
    office: T01=青石镇民政办             the office's units: the file is taken in as from its inbox
    file: 青石镇民政办.xlsx              its name
    expect: C101 人员名册!C6             one finding: its code, and its sheet and cell where it has them
    expect: S102 人员名册 (warning)      its severity too, where that is worth saying
    expect: none
    says: 第 7-9 行                     a text that one of the messages or remedies must contain, in either language
    says: ^请核对                       a text with which one of them must begin

A header cell `...` stands for all columns of the table that the row does not name, so that a case is short.
All findings are compared: one more is as wrong as one less.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from support.text_tables import grid as parse_grid

from sync.inbox import ReadSpec, as_received
from sync.intake import take_in
from sync.office_settings import Unit
from sync.rescue import Rescue, Whose, rescued
from workbook_templates.migrations import OLDER
from workbook_templates.profiles import profile
from workbook_templates.tables.registry import TABLES, tables
from xingzhi.checks.book import check_identity
from xingzhi.checks.context import Context
from xingzhi.checks.phases import PER_FILE, PER_UNIT, run
from xingzhi.columns import Table
from xingzhi.findings import Finding, Severity
from xingzhi.grid import CellValue, Grid, Sheet
from xingzhi.identity import read_identity
from xingzhi.labels import Lang
from xingzhi.programme import Term
from xingzhi.shape import shape
from xingzhi.unit_names import UnitNames
from xingzhi.windows import Window

FOLDER = Path(__file__).parent.parent / "golden" / "checks"
_DEFAULTS = {"window": "2026-06-01 2027-01-31", "today": "2026-09-30"}
_FIELDS = ("tables", "units", "wanted", "expect", "says", "bare", "unit", "codes", "office", "file", "rescue")
_EXPECT = re.compile(r"(?P<code>[A-Z][0-9]{3})(?: (?P<place>.+?))?(?: \((?P<severity>[a-z]+)\))?")


@dataclass(frozen=True)
class Case:
    """One golden case. `expected` are lines as `describe` writes findings, without a severity unless one is named."""

    name: str
    grid: Grid
    tables: tuple[Table, ...]
    context: Context
    units: UnitNames | None
    wanted: tuple[str, ...]
    office: tuple[Unit, ...]
    rescue: tuple[str, ...]
    expected: tuple[str, ...]
    says: tuple[str, ...]

    def codes(self) -> set[str]:
        """The codes that the case demands."""
        return {line.split()[0] for line in self.expected}


@cache
def cases() -> tuple[Case, ...]:
    """Every golden case of the checks."""
    return tuple(case for path in sorted(FOLDER.glob("*.txt")) for case in _cases(path))


def covered_codes() -> set[str]:
    """The finding codes that some golden case demands."""
    return {code for case in cases() for code in case.codes()}


def found(case: Case) -> list[Finding]:
    """What the product finds in a case's workbook."""
    if case.office:
        return _taken_in(case)
    if case.rescue:
        return _rescued(case)
    findings: list[Finding] = []
    if case.wanted:
        programme, year, *units = case.wanted
        identity, findings = read_identity(case.grid)
        if identity:
            file = case.grid.file
            findings += check_identity(
                identity, file=file, programme=programme, year=int(year), units=units or None, older=OLDER
            )
    shaped = shape(case.grid, case.tables, case.context.window, case.units)
    findings += shaped.findings
    return findings + run(PER_FILE, shaped.rows, case.context) + run(PER_UNIT, shaped.rows, case.context)


def _taken_in(case: Case) -> list[Finding]:
    """What is said of a file of the office's inbox, and of its rows where it is taken."""
    spec = ReadSpec(tuple(table.key for table in case.tables), case.context.window)
    term = Term(programme=profile("tengxian-civil-affairs"), year=2026)
    taken = take_in(as_received(Path(case.grid.file), case.grid, spec), term, case.office, None)
    if taken.received.rows is None or any(each.severity is Severity.ERROR for each in taken.findings):
        return taken.findings
    rows = taken.received.rows
    return [*taken.received.findings, *run(PER_FILE, rows, case.context), *run(PER_UNIT, rows, case.context)]


def _rescued(case: Case) -> list[Finding]:
    """What the new workbook lists."""
    programme, year, unit = case.rescue
    whose = Whose(programme, int(year), unit)
    found = rescued(Path(case.grid.file), case.grid, whose=whose, nearby=None, today=case.context.today, lang=Lang.ZH)
    assert isinstance(found, Rescue)
    return list(found.book.findings)


def described(findings: list[Finding], expected: tuple[str, ...]) -> Counter[str]:
    """The findings as lines of a golden case; a severity is written where the case writes one."""
    with_severity = {line for line in expected if line.endswith(")")}
    lines = []
    for each in findings:
        place = f"{each.sheet}!{each.cell}" if each.cell else each.sheet
        line = f"{each.code} {place}".strip()
        full = f"{line} ({each.severity.value})"
        lines.append(full if full in with_severity else line)
    return Counter(lines)


def texts(findings: list[Finding]) -> list[str]:
    """Every message and remedy, in both languages."""
    return [text for each in findings for lang in Lang for text in (each.message(lang), each.remedy(lang))]


def _cases(path: Path) -> Iterator[Case]:
    for part in path.read_text(encoding="utf-8").split("### ")[1:]:
        title, _, body = part.partition("\n")
        head, mark, sheets = body.partition("\n== ")
        yield _case(f"{path.stem}: {title.strip()}", head, head + mark + sheets)


def _case(name: str, head: str, body: str) -> Case:
    fields: dict[str, list[str]] = {}
    for line in head.splitlines():
        key, colon, value = line.partition(":")
        if colon and not line.startswith("#"):
            fields.setdefault(key, []).append(value.strip())
    unknown = {key for key in fields if "." not in key} - {*_DEFAULTS, *_FIELDS}
    if unknown or "expect" not in fields:
        raise ValueError(f"{name}: no expectation, or unknown lines {unknown}")
    grid = parse_grid(body, fields.get("file", ["测试.xlsx"])[0])
    named = [table.key for table in TABLES for sheet in grid.sheets if sheet.name in table.label.both()]
    used = tables(fields["tables"][0].split() if "tables" in fields else named)
    settings = {key: fields.get(key, [default])[0] for key, default in _DEFAULTS.items()}
    start, end = settings["window"].split()
    window = Window(date.fromisoformat(start), date.fromisoformat(end))
    expected = tuple(line for line in fields["expect"] if line != "none")
    for line in expected:
        if not _EXPECT.fullmatch(line):
            raise ValueError(f"{name}: cannot read the expectation {line!r}")
    return Case(
        name=name,
        grid=replace(grid, sheets=tuple(_completed(sheet, used) for sheet in grid.sheets)),
        tables=used,
        context=Context(
            used,
            window,
            date.fromisoformat(settings["today"]),
            unit=fields.get("unit", [""])[0],
            units=frozenset(fields.get("codes", [""])[0].split()),
        ),
        office=tuple(_units(fields.get("office", [""])[0])),
        rescue=tuple(fields.get("rescue", [""])[0].split()),
        units=UnitNames(tuple(tuple(each.split("<")) for each in fields["units"][0].split()))
        if "units" in fields
        else None,
        wanted=tuple(fields.get("wanted", [""])[0].split()),
        expected=expected,
        says=tuple(fields.get("says", ())),
    )


def _units(text: str) -> Iterator[Unit]:
    for each in text.split():
        code, _, name = each.partition("=")
        yield Unit(code, name)


def _completed(sheet: Sheet, used: tuple[Table, ...]) -> Sheet:
    return replace(sheet, rows=[tuple(_headers(row, used)) if "..." in row else row for row in sheet.rows])


def _headers(row: Sequence[CellValue], used: tuple[Table, ...]) -> Iterator[CellValue]:
    named = {text for text in row if isinstance(text, str)}
    table = max(used, key=lambda table: sum(bool(column.spellings & named) for column in table.columns))
    for value in row:
        if value == "...":
            yield from (column.label.zh for column in table.columns if not column.spellings & named)
        else:
            yield value
