"""The macros run inside LibreOffice, on a workbook that is open there, and do what they do to the file.

One and the same workbook goes to two desks. At one it stays open in LibreOffice, whose formulas and conditional formats follow
what a command writes. At the other the commands work on the file, which LibreOffice then opens to tell what is in it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlwings
from support import uno_office
from support.host_members import implemented, touched
from support.office import PEOPLE, SCHEDULE, TODAY, Bureau, Typing, fresh_office, typing
from support.uno_cells import UnoRange, UnoSheet, UnoSheets
from support.uno_document import Held, UnoDocument, opened
from support.uno_host import UnoApp, UnoApps, UnoBook, UnoName, UnoNames, uno_book
from support.uno_office import UnoOffice
from support.uno_table import UnoTable, UnoTables

from addin.commands.check import check
from addin.commands.clear_marks import clear_marks
from addin.commands.next_finding import next_finding
from addin.excel import present
from addin.hosts.file_app import Shown
from addin.hosts.file_host import open_book
from addin.hosts.members import MEMBERS
from addin.hosts.rules import HostObject, NotInEveryHost
from addin.said import Said
from xingzhi.headers import HEADER_ROW, SELF_CHECK

pytestmark = pytest.mark.skipif(uno_office.available() is not None, reason=str(uno_office.available()))
HOST: tuple[type[HostObject], ...] = (
    *(UnoApps, UnoApp, UnoBook, UnoSheets, UnoSheet, UnoRange, UnoTables, UnoTable, UnoNames, UnoName),
)
FINDINGS, LEAD, HEADERS = "校验结果", 2, 3
COLOURS = {"必改": "#FFC7CE", "请核实": "#FFEB9C", "提示": "#DDEBF7"}
KEY, EXPLANATION = "C105|schedule|T01-HD-0001|expected", 11
HIDDEN = SCHEDULE, "8"
WORD = "四十人，数字写成了汉字"
OWN = {"box", "document", "opened", "options", "set_row_height", "shown"}
"""What the host has for itself."""

Line = dict[str, Held]
Command = Callable[[xlwings.Book, date], Said]


@dataclass(frozen=True)
class Look:
    """What a workbook shows in LibreOffice: the lead and all columns of 校验结果, and of each sheet of records the self-checks
    and the colour of each cell by its address."""

    lead: Held
    lines: list[Line]
    self_checks: dict[str, list[Held]]
    colours: dict[str, dict[str, str]]

    @property
    def painted(self) -> dict[tuple[str, str], str]:
        """The cells that are painted as findings are, by sheet and address."""
        return {
            (sheet, cell): colour
            for sheet, held in self.colours.items()
            for cell, colour in held.items()
            if colour in COLOURS.values()
        }

    @property
    def marked(self) -> dict[tuple[str, str], str]:
        """The cells of sheets of records that the marks of 校验结果 name, in the colour of the gravest; those that show."""
        found: dict[tuple[str, str], str] = {}
        for line in self.lines:
            if line["标记"] and line["工作表"] in self.colours:
                found.setdefault((str(line["工作表"]), str(line["单元格"])), COLOURS[str(line["严重程度"])])
        return {(sheet, cell): colour for (sheet, cell), colour in found.items() if (sheet, cell[1:]) != HIDDEN}

    def line(self, **wanted: str) -> Line:
        """The one line of 校验结果 that holds these values."""
        (found,) = (each for each in self.lines if wanted.items() <= each.items())
        return found


def look(document: UnoDocument) -> Look:
    """What a workbook shows, all that hangs on what was written computed."""
    _, _, bottom, right = document.used(FINDINGS)
    headers, *rows = document.values(FINDINGS, (HEADERS, 1, bottom, right))
    lines = [dict(zip(map(str, headers), row, strict=True)) for row in rows]
    sheets = [each for each in document.sheets if document.value(each, HEADER_ROW, 1) == "记录号"]
    colours = document.colours()
    return Look(
        document.value(FINDINGS, LEAD, 1),
        [line for line in lines if any(line.values())],
        {each: self_checks(document, each) for each in sheets},
        {each: colours[each] for each in sheets},
    )


def self_checks(document: UnoDocument, sheet: str) -> list[Held]:
    """The column 自查 of a sheet."""
    _, _, bottom, right = document.used(sheet)
    (headers,) = document.values(sheet, (HEADER_ROW, 1, HEADER_ROW, right))
    column = headers.index(SELF_CHECK.zh) + 1
    return [value for (value,) in document.values(sheet, (HEADER_ROW + 1, column, bottom, column))]


@dataclass
class OpenDesk:
    """The workbook stays open in LibreOffice."""

    document: UnoDocument
    shown: list[Shown] = field(default_factory=list)

    @contextmanager
    def book(self) -> Iterator[xlwings.Book]:
        """The workbook, to work on."""
        with uno_book(self.document) as book:
            yield book
            self.shown = book.app.impl.shown

    def look(self) -> Look:
        """What it shows."""
        return look(self.document)


@dataclass
class FileDesk:
    """The workbook is a file."""

    path: Path
    office: UnoOffice
    shown: list[Shown] = field(default_factory=list)

    @contextmanager
    def book(self) -> Iterator[xlwings.Book]:
        """The workbook, to work on; it is saved after."""
        with open_book(self.path) as host:
            yield host.book
            self.shown = host.said
            host.save()

    def look(self) -> Look:
        """What it shows."""
        with opened(self.office, self.path) as document:
            return look(document)


Desks = tuple[OpenDesk, FileDesk]


@pytest.fixture(scope="module")
def libreoffice() -> Iterator[UnoOffice]:
    with uno_office.start() as office:
        yield office


@contextmanager
def two_desks(libreoffice: UnoOffice, path: Path) -> Iterator[Desks]:
    """One workbook at both."""
    (path.parent / "文件").mkdir()
    copy = Path(shutil.copy(path, path.parent / "文件"))
    with opened(libreoffice, path) as document:
        yield OpenDesk(document), FileDesk(copy, libreoffice)


def same(desks: Desks, work: Callable[[xlwings.Book], Any]) -> Any:
    """What a work gives at both."""
    given = []
    for desk in desks:
        with desk.book() as book:
            given.append(work(book))
    assert given[0] == given[1]
    return given[0]


def same_look(desks: Desks) -> Look:
    """What the workbook shows at both."""
    here, there = (desk.look() for desk in desks)
    for name in ("lead", "lines", "self_checks", "colours"):
        assert getattr(here, name) == getattr(there, name), name
    return here


def typed(fresh: Bureau) -> Path:
    """T01's issued workbook, filled by a clerk who makes mistakes of each kind."""
    path = fresh.receive(fresh.issued("T01"), "T01.xlsx")
    with typing(path) as book:
        book.add(
            PEOPLE,
            {"姓名": "石一", "部门": "办公室", "班子成员": "是", "联系电话": "13900000001"},
            {"姓名": "石二", "部门": "救助股", "班子成员": "否", "联系电话": 1390000},
            {"姓名": "石二", "部门": "救助股", "班子成员": "否"},
            {"姓名": "石三", "部门": "低保股", "职务": "#REF!", "班子成员": "也许"},
            {"部门": "低保股", "班子成员": "否"},
        )
        book.add(
            SCHEDULE,
            {"活动类别": "启动仪式", "活动名称": "启动", "实际日期": datetime(2026, 6, 12), "应到人数": "四十"},
            {"活动类别": "培训", "活动名称": "方法培训", "计划日期": "2026年6月17日", "应到人数": 40, "实到人数": 50.5},
            {"活动类别": "旅游", "活动名称": "-参观", "计划日期": "6月下旬", "实际日期": date(2036, 6, 12)},
            {"活动类别": "调研", "活动形式": "促进师培训", "活动名称": "走访\n两村", "要求整改的问题": "长" * 600},
        )
        _unusual(book)
    return path


def _unusual(book: Typing) -> None:
    """A text that begins as a formula does, a row without its number, one that is hidden, merged cells."""
    amount = book.cell(SCHEDULE, 3, "应到人数")
    amount.value, amount.data_type = "=1+1", "s"
    book.cell(PEOPLE, 3, "记录号").value = None
    page = book.sheet(SCHEDULE)
    page.row_dimensions[book.cell(SCHEDULE, 4, "活动名称").row].hidden = True
    place = book.cell(SCHEDULE, 1, "地点")
    place.value = "会议室"
    page.merge_cells(start_row=place.row, end_row=place.row + 1, start_column=place.column, end_column=place.column)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory, libreoffice: UnoOffice) -> Iterator[tuple[Desks, Said]]:
    """Both after a check, with what was said."""
    path = typed(fresh_office(tmp_path_factory.mktemp("checked") / "行动办"))
    with two_desks(libreoffice, path) as both:
        yield both, same(both, lambda book: check(book, TODAY))


@pytest.fixture
def desks(fresh: Bureau, libreoffice: UnoOffice) -> Iterator[Desks]:
    with two_desks(libreoffice, typed(fresh)) as both:
        yield both


def test_a_check_says_writes_and_paints_the_same(desks: Desks) -> None:
    before = same_look(desks)
    assert before.painted == {} and before.lines == []
    said = same(desks, lambda book: check(book, TODAY))
    codes = [each.code for each in said.findings]
    assert {"S109", "S111", "S112", "C101", "C105", "N101", "N104", "R103", "K101", "Q101"} <= set(codes)
    after = same_look(desks)
    assert after.lead != before.lead
    assert sorted(str(each["代码"]) for each in after.lines) == sorted(codes)
    # What LibreOffice paints is what the marks name, each cell in the colour of its gravest finding; nothing else.
    assert after.painted == after.marked and set(after.painted.values()) == set(COLOURS.values())
    # One row's formula cannot know what the check found; it passes it on.
    assert after.self_checks[PEOPLE] == before.self_checks[PEOPLE]
    (here, there) = (each.self_checks[SCHEDULE][3] for each in (before, after))
    assert isinstance(there, str) and "当作几项" in there and "当作几项" not in str(here)


def test_what_is_explained_outlives_the_next_check_and_the_clearing_of_marks(desks: Desks) -> None:
    before = desks[0].look()
    same(desks, lambda book: check(book, TODAY))
    place = next(n for n, each in enumerate(desks[0].look().lines, HEADERS + 1) if each["标识"] == KEY)

    def explain(book: xlwings.Book) -> None:
        book.sheets[FINDINGS].range((place, EXPLANATION)).value = f"'{WORD}"

    same(desks, explain)
    said = same(desks, lambda book: check(book, TODAY))
    assert [each.explanation for each in said.findings if each.key == KEY] == [WORD]
    explained = same_look(desks)
    assert explained.line(标识=KEY)["单位说明"] == WORD and explained.painted == explained.marked != {}
    same(desks, lambda book: clear_marks(book, TODAY))
    cleared = same_look(desks)
    assert [(each["标识"], each["单位说明"], each["标记"]) for each in cleared.lines] == [(KEY, WORD, None)]
    assert cleared.painted == {}
    assert (cleared.lead, cleared.self_checks, cleared.colours) == (before.lead, before.self_checks, before.colours)


def test_the_next_finding_is_selected_and_told(checked: tuple[Desks, Said]) -> None:
    desks, _ = checked
    marked = desks[0].look().marked

    def go(book: xlwings.Book) -> tuple[str, str, str]:
        said = next_finding(book, TODAY)
        selected = book.app.selection
        assert selected is not None
        return said.text, selected.sheet.name, selected.address.replace("$", "")

    steps = same(desks, lambda book: [go(book) for _ in range(4)])
    assert len(set(steps)) == 4 and {(sheet, cell) for _, sheet, cell in steps} <= set(marked)


def test_a_table_that_is_too_short_grows(fresh: Bureau, libreoffice: UnoOffice) -> None:
    path = fresh.receive(fresh.issued("T01"), "T01.xlsx")
    with typing(path) as book:
        book.add(PEOPLE, *({"姓名": f"石{number}"} for number in range(70)))
    with two_desks(libreoffice, path) as desks:
        said = same(desks, lambda book: check(book, TODAY))
        assert len(said.findings) > 100
        same_look(desks)
        tables = same(desks, lambda book: next(iter(book.sheets[FINDINGS].tables)).range.address)
        assert tables == f"$A$3:$N${3 + len(said.findings)}"
        same(desks, lambda book: clear_marks(book, TODAY))
        assert desks[0].look().lines == []


def test_what_libreoffice_saves_is_checked_as_what_was_open(checked: tuple[Desks, Said], tmp_path: Path) -> None:
    desks, said = checked
    saved = tmp_path / "存过.xlsx"
    desks[0].document.save_as(saved)
    with open_book(saved) as host:
        assert [each.key for each in check(host.book, TODAY).findings] == [each.key for each in said.findings]


def test_what_a_macro_tells_is_shown_as_in_excel(checked: tuple[Desks, Said]) -> None:
    desks, said = checked
    same(desks, lambda book: present(book, "check", TODAY))
    assert desks[0].shown == desks[1].shown and [each.where for each in desks[0].shown] == ["status", "alert"]
    assert desks[0].shown[1].text == said.text


def test_the_host_has_only_members_that_commands_may_use(checked: tuple[Desks, Said]) -> None:
    desks, _ = checked
    declared = {f"{kind}.{member}" for kind, members in MEMBERS.items() for member in members}
    assert {f"{cls.kind}.{member}" for cls in HOST for member in implemented(cls) - OWN} <= declared
    with desks[0].book() as book, touched() as found:
        check(book, TODAY)
        with pytest.raises(NotInEveryHost, match=r"Range\.color"):
            _ = book.sheets[0].range("A1").color
    assert {"Range.raw_value=", "Range.merge_cells", "Names.snapshot", "Table.range"} <= found
