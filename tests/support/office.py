"""A small real office for tests: made by `init` and `issue`, filled as clerks fill, consolidated by `sync`.

Making it once costs a second, so each test works on a copy. Records of a sheet are counted from 1, in the order in
which the sheet shows them, blank ones included; cells are named by their sheet and header as a user sees them.
"""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sync.init import create_office
from sync.issue import issue
from sync.office import OfficeFolder
from sync.office_settings import Unit
from sync.result import SyncResult
from sync.run import sync
from xingzhi.headers import SELF_CHECK
from xingzhi.labels import Lang

PROGRAMME = "tengxian-civil-affairs"
INSTANCE = "tengxian-civil-affairs-2026"
MADE = date(2026, 6, 1)
TODAY = date(2026, 6, 24)
UNITS = (
    Unit("T01", "青石镇民政办"),
    Unit("T02", "柳溪乡民政办", former_names=("旧柳乡民政办",)),
    Unit("T03", "白沙镇民政办"),
)
PEOPLE, ORGANISATION, PROJECTS, MEMBERS = "人员名册", "组织机构", "项目台账", "小组成员"
SCHEDULE, REPORTS = "活动台账", "信息报送"
FIRST_UNIT: Mapping[str, Sequence[Mapping[str, object]]] = {
    PEOPLE: (
        {"姓名": "石一", "部门": "办公室", "班子成员": "是", "联系电话": "13900000001"},
        {"姓名": "石二", "部门": "救助股", "班子成员": "否"},
        {"姓名": "石三", "部门": "救助股", "班子成员": "否"},
    ),
    SCHEDULE: (
        {
            "活动类别": "启动仪式",
            "活动名称": "行动学习启动",
            "计划日期": date(2026, 6, 12),
            "实际日期": date(2026, 6, 12),
        },
        {"活动类别": "培训", "活动名称": "方法培训", "计划日期": date(2026, 6, 17), "实际日期": date(2026, 6, 17)},
    ),
    REPORTS: ({"所属月份": "2026-06", "信息类别": "动态", "标题": "启动侧记", "报送日期": date(2026, 6, 23)},),
}
"""What the clerk of T01 has written."""

TOOL_HEADERS = ("记录号", *SELF_CHECK.both())
"""What a template prints into blank rows."""

_SEARCHED = 12


class Typing:
    """A workbook open for typing, as in Excel: `with typing(path) as book: book.put("人员名册", 1, 姓名="石一")`."""

    def __init__(self, book: Workbook) -> None:
        self.book = book

    def sheet(self, name: str) -> Worksheet:
        """The sheet of this name."""
        found = self.book[name]
        assert isinstance(found, Worksheet)
        return found

    def cell(self, sheet: str, record: int, header: str) -> Cell:
        """The cell of one record under a header."""
        page = self.sheet(sheet)
        row, columns = header_of(page)
        found = page.cell(row + record, columns[header])
        assert isinstance(found, Cell)
        return found

    def put(self, sheet: str, record: int, values: Mapping[str, Any]) -> None:
        """Type values over those of one record."""
        for header, value in values.items():
            self.cell(sheet, record, header).value = value

    def add(self, sheet: str, *records: Mapping[str, Any]) -> None:
        """Type records below the last one in which anything but what the tool prints stands."""
        page = self.sheet(sheet)
        row, columns = header_of(page)
        own = [place for header, place in columns.items() if header not in TOOL_HEADERS]
        filled = [
            number
            for number in range(row + 1, page.max_row + 1)
            if any(page.cell(number, place).value is not None for place in own)
        ]
        first = max(filled, default=row) - row + 1
        for step, values in enumerate(records):
            self.put(sheet, first + step, values)

    def clear(self, sheet: str, record: int) -> None:
        """Empty one record, what is printed in it left standing."""
        page = self.sheet(sheet)
        row, columns = header_of(page)
        for header, place in columns.items():
            if header not in TOOL_HEADERS:
                page.cell(row + record, place).value = None

    def record(self, sheet: str, **wanted: Any) -> int:
        """The record of a sheet that holds these values. LookupError unless there is exactly one."""
        lines = lines_of(self.sheet(sheet))
        found = [
            number
            for number, line in enumerate(lines, start=1)
            if all(line.get(header) == value for header, value in wanted.items())
        ]
        if len(found) != 1:
            raise LookupError(f"{sheet}: {wanted} stands in {found}")
        return found[0]


@contextmanager
def typing(path: Path) -> Iterator[Typing]:
    """Open a workbook, and save it in its place."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Print area")
        book = openpyxl.load_workbook(path)
        yield Typing(book)
        book.save(path)


def resave(path: Path) -> None:
    """Open a workbook and save it, and do nothing else."""
    with typing(path):
        pass


def header_of(page: Worksheet) -> tuple[int, dict[str, int]]:
    """The row of a sheet's header, the fullest of the first rows, and the column of each header."""
    best: dict[str, int] = {}
    at = 0
    for row in range(1, _SEARCHED):
        cells = ((page.cell(row, place).value, place) for place in range(1, page.max_column + 1))
        texts = {value: place for value, place in cells if isinstance(value, str)}
        if len(texts) > len(best):
            at, best = row, texts
    return at, best


def lines_of(page: Worksheet) -> list[dict[str, Any]]:
    """Every record of a sheet by header, blank ones included; a date without a time is a date."""
    row, columns = header_of(page)
    return [
        {header: _plain(page.cell(number, place).value) for header, place in columns.items()}
        for number in range(row + 1, page.max_row + 1)
    ]


def read_lines(path: Path, sheet: str) -> list[dict[str, Any]]:
    """The records of a sheet of a closed workbook in which anything stands, by header."""
    book = openpyxl.load_workbook(path, data_only=True)
    page = book[sheet]
    assert isinstance(page, Worksheet)
    return [line for line in lines_of(page) if any(value is not None for value in line.values())]


def _plain(value: object) -> object:
    return value.date() if isinstance(value, datetime) and value.time().isoformat() == "00:00:00" else value


def tree_hash(root: Path) -> str:
    """A hash of every file below a folder, by name and bytes, and of every empty folder."""
    whole = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        whole.update(path.relative_to(root).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"folder")
    return whole.hexdigest()


def sha256(path: Path) -> str:
    """The hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass(frozen=True)
class Bureau:
    """An office under test."""

    folder: OfficeFolder

    @property
    def root(self) -> Path:
        """Its folder."""
        return self.folder.root

    @property
    def master(self) -> Path:
        """Its master."""
        return self.folder.master

    def issue(self, *codes: str, today: date = MADE) -> None:
        """Issue workbooks to these units, or to all."""
        issue(self.folder, today=today, codes=codes)

    def issued(self, code: str) -> Path:
        """The workbook that was issued to a unit."""
        (found,) = self.folder.issued.glob(f"{code}_*.xlsx")
        return found

    def receive(self, source: Path | bytes, name: str = "") -> Path:
        """Put a file, or bytes as a file, into the inbox."""
        target = self.folder.inbox / (name or (source.name if isinstance(source, Path) else ""))
        if isinstance(source, Path):
            shutil.copy2(source, target)
        else:
            target.write_bytes(source)
        return target

    def filled(self, code: str, records: Mapping[str, Sequence[Mapping[str, object]]], name: str = "") -> Path:
        """A copy of a unit's issued workbook in the inbox, with these records added."""
        path = self.receive(self.issued(code), name)
        with typing(path) as book:
            for sheet, lines in records.items():
                book.add(sheet, *lines)
        return path

    def sync(self, today: date = TODAY, **options: Any) -> SyncResult:
        """Consolidate, with one worker."""
        return sync(self.folder, today=today, workers=1, **options)

    def lines(self, sheet: str, **wanted: Any) -> list[dict[str, Any]]:
        """The records of a sheet of the master that hold these values."""
        found = read_lines(self.master, sheet)
        return [line for line in found if all(line.get(header) == value for header, value in wanted.items())]

    def line(self, sheet: str, **wanted: Any) -> dict[str, Any]:
        """The one record of a sheet of the master that holds these values."""
        (found,) = self.lines(sheet, **wanted)
        return found

    @contextmanager
    def at_work(self) -> Iterator[Typing]:
        """The master open for the office to type in, closed again after."""
        with typing(self.master) as book:
            yield book


def statuses(result: SyncResult) -> dict[str, str]:
    """The status of each unit."""
    return {unit.code: unit.status for unit in result.units}


def codes(result: SyncResult, unit: str | None = None) -> list[str]:
    """The codes of a run's findings but those of requirements, of one unit where one is named, sorted."""
    found = (each for each in result.findings if each.code[0] != "Q" and each.code != "F107")
    return sorted(each.code for each in found if unit is None or each.unit == unit)


def fresh_office(folder: Path) -> Bureau:
    """An office of three units, workbooks issued, nothing received."""
    return _copy(_issued(), folder)


def synced_office(folder: Path) -> Bureau:
    """The same, with T01's workbook (`T01.xlsx`, `FIRST_UNIT` in it) received and consolidated on TODAY."""
    return _copy(_synced(), folder)


def _copy(source: Path, folder: Path) -> Bureau:
    shutil.copytree(source, folder)
    return Bureau(OfficeFolder.open(folder))


def _kept(make: Callable[[Path], None]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="xingzhi-office-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    make(folder / "office")
    return folder / "office"


@cache
def _issued() -> Path:
    def make(root: Path) -> None:
        made = create_office(root, programme=PROGRAMME, year=2026, lang=Lang.ZH, today=MADE, units=UNITS)
        issue(made, today=MADE)

    return _kept(make)


@cache
def _synced() -> Path:
    def make(root: Path) -> None:
        office = _copy(_issued(), root)
        office.filled("T01", FIRST_UNIT, "T01.xlsx")
        office.sync()

    return _kept(make)
