"""The ribbon, `xingzhi check` and sync find the same in the same workbook, in the same words: in every golden one."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from support import golden, golden_book, requirement_cases
from support.office import MADE, PROGRAMME

import sync.run
from addin.checking import check_book
from addin.commands.check import check
from addin.file_check import check_file
from addin.hosts.file_host import open_book
from addin.said import Stopped
from sync.inbox import ReadSpec, Received, read_received
from sync.init import create_office
from sync.office import OfficeFolder
from sync.office_settings import Unit
from sync.run import Asked, Run
from sync.session import Session, open_session
from workbook_templates.profiles import profile
from workbook_templates.tables.registry import tables
from xingzhi import messages
from xingzhi.columns import Owner
from xingzhi.findings import Finding, Severity
from xingzhi.grid import CellValue, Grid, Sheet, address
from xingzhi.labels import Lang
from xingzhi.programme import Term
from xingzhi.shape import shape

Case = golden.Case | requirement_cases.Case
Told = Counter[tuple[str, ...]]
CASES: tuple[Case, ...] = (*golden.cases(), *requirement_cases.cases())
TERM = Term(programme=profile(PROGRAMME), year=2026)
DAY_ZERO = date(1899, 12, 31)

# What differs by nature, and why.
REFUSALS = ("B101", "B102", "B103", "B104", "B105", "B106", "B114")
"""An office takes the workbooks of its own programme, year and units alone: of another it says why, and reads no further."""

OF_THE_OFFICE = ("F107", "W115")
"""Only an office misses a workbook, and gives one back."""

WITHOUT_OFFICE = ("F118",)
"""Where no office stands by, a year that is long over is told; an office works on its own year for as long as it likes."""

DONE_ABOUT = {"M103": "K103", "K103": "K103", "K108": "K108"}
"""A number that stands twice, or is another unit's: sync says of the same cell what it has done about that."""


LATE_NEWS = "T11: T11 late: pending, but the office first heard of it on the 32nd day"
"""Only an office knows when it first heard of a thing: the one golden case in which that decides."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> OfficeFolder:
    """An office of one unit, which has no name: names that only an office knows are told by it alone."""
    root = tmp_path_factory.mktemp("office") / "行动办"
    units = (Unit(golden_book.UNIT, golden_book.UNIT),)
    return create_office(root, programme=PROGRAMME, year=2026, lang=Lang.ZH, today=MADE, units=units)


@pytest.fixture(scope="module")
def session(office: OfficeFolder) -> Iterator[Session]:
    """The office, open: opening it anew for each workbook would take most of the time."""
    with open_session(office.root) as session:
        yield session


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker process for each of four hundred files would take most of the time."""

    def read(paths: Iterable[Path], spec: ReadSpec, workers: int) -> Iterator[Received]:
        return (read_received(path, spec) for path in paths)

    monkeypatch.setattr(sync.run, "read_files", read)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_ribbon_and_the_command_find_the_same(case: Case, tmp_path: Path) -> None:
    path = _written(as_open(case.grid), case, tmp_path)
    findings = check_file(path, office_of=lambda _: None, today=_today(case)).findings
    with open_book(path) as host:
        try:
            found = check(host.book, _today(case)).findings
        except Stopped as stopped:
            if stopped.key == "addin.not_ours":
                said = {"why": findings[0].message(Lang.ZH), "remedy": findings[0].remedy(Lang.ZH)}
                assert stopped.text(Lang.ZH) == messages.text("addin.not_ours", Lang.ZH, **said)
                assert {each.code for each in findings} <= {*REFUSALS}
                return
            # Two cases bring a sheet of that name which is not ours.
            assert stopped.key == "addin.no_findings_table" and case.grid.sheet("校验结果")
            found = check_book(host.book, _today(case)).findings
    assert told(found) == told(findings)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.usefixtures("read_here")
def test_the_command_and_sync_find_the_same(case: Case, tmp_path: Path, session: Session) -> None:
    checked = _received(case, tmp_path, session.office)
    result = Run(session, today=_today(case), workers=1, asked=Asked(dry_run=True)).go()
    _agree(result.findings, checked, case)


@pytest.mark.parametrize("case", CASES[5::34], ids=lambda case: case.name)
def test_a_whole_run_of_sync_with_its_worker_tells_that_too(case: Case, tmp_path: Path, office: OfficeFolder) -> None:
    bureau = OfficeFolder.open(Path(shutil.copytree(office.root, tmp_path / "行动办")))
    checked = _received(case, tmp_path, bureau)
    result = sync.run.sync(bureau, today=_today(case), workers=1)
    assert result.written
    _agree(result.findings, checked, case)


def _received(case: Case, folder: Path, office: OfficeFolder) -> Sequence[Finding]:
    """Let the office receive a case's workbook and nothing else. Returns what the command says of it."""
    path = _written(as_sent(as_open(case.grid)), case, folder)
    checked = check_file(path, office_of=lambda _: None, today=_today(case)).findings
    for old in office.inbox.iterdir():
        old.unlink()
    path.rename(office.inbox / path.name)
    return checked


def as_open(grid: Grid) -> Grid:
    """The workbook as it is once Excel has it open, by what every host gives of it: it has no document properties and no
    formula without a value; and a time of day, with it the day before all days, is a number."""

    def opened(value: CellValue) -> CellValue:
        return None if value == DAY_ZERO else value

    sheets = (
        replace(sheet, rows=[[opened(value) for value in row] for row in sheet.rows], uncached=frozenset())
        for sheet in grid.sheets
    )
    return replace(grid, sheets=tuple(sheets), properties={})


def as_sent(grid: Grid) -> Grid:
    """The workbook without what stands in the office's columns. Sync knows what the office wrote there: what it did not, is
    the unit's and does not count (M104). Whoever has the workbook alone takes it for the office's."""
    used = tables(TERM.programme.tables)
    blank: dict[str, set[str]] = {}
    for table in used:
        for row in shape(grid, used, TERM.time).rows[table.key]:
            blank.setdefault(row.sheet, set()).update(row.cell(each.key) for each in table.owned_by(Owner.OFFICE))
    return replace(grid, sheets=tuple(_without(sheet, blank.get(sheet.name, set())) for sheet in grid.sheets))


def _without(sheet: Sheet, cells: set[str]) -> Sheet:
    rows = [
        [None if address(number, column) in cells else value for column, value in enumerate(row, start=1)]
        for number, row in enumerate(sheet.rows, start=1)
    ]
    return replace(sheet, rows=rows)


def _written(grid: Grid, case: Case, folder: Path) -> Path:
    return golden_book.write(grid, folder, owned=not (isinstance(case, golden.Case) and case.wanted))


def _today(case: Case) -> date:
    return case.today if isinstance(case, requirement_cases.Case) else case.context.today


def told(findings: Iterable[Finding]) -> Told:
    """What a user is told: nothing of it may differ."""
    return Counter(
        (each.code, each.severity.value, each.sheet, each.cell, each.value, each.message(Lang.ZH)) for each in findings
    )


def _agree(by_sync: Iterable[Finding], by_check: Iterable[Finding], case: Case) -> None:
    """Sync tells what the command tells, but for what differs by nature."""
    synced = [each for each in by_sync if each.code not in OF_THE_OFFICE]
    checked = [each for each in by_check if each.code not in WITHOUT_OFFICE]
    if case.name == LATE_NEWS:
        synced, checked = ([each for each in found if each.requirement != "T11"] for found in (synced, checked))
    refused = {each.code for each in synced if each.code in REFUSALS and each.severity is Severity.ERROR}
    if refused:
        # Of another year, and of a unit that is not in the list, only the office knows.
        checked = [each for each in checked if each.code in refused]
        synced = [each for each in synced if each.code not in ("B103", "B105")]
    assert _alike(synced) == _alike(checked)


def _alike(findings: Iterable[Finding]) -> Told:
    found = list(findings)
    done = Counter(
        (DONE_ABOUT[each.code], each.sheet, each.cell, each.value) for each in found if each.code in DONE_ABOUT
    )
    return told(each for each in found if each.code not in DONE_ABOUT) + done
