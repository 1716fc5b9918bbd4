"""What the commands use of xlwings, noted while each of them runs, is what every host has: it is all listed here."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.host_members import Source, named, touched
from support.office import PEOPLE, TODAY, Bureau, synced_office, typing
from xlwings import main

import addin
from addin.excel import present
from addin.hosts.file_host import open_book
from addin.hosts.members import MEMBERS, PUBLIC

FOLDER = Path(addin.__file__).parent
COMMANDS = tuple(sorted(each.stem for each in (FOLDER / "commands").glob("*.py") if each.stem != "__init__"))
OF_MASTER = ("consolidate", "progress")
CLASSES = {kind: getattr(main, kind) for kind in PUBLIC}

USED = """
App.alert App.books App.selection App.status_bar=
Book.app Book.close Book.fullname Book.name Book.names Book.save Book.sheets Books.open
Name.name Name.refers_to Name.refers_to_range
Range.column Range.formula Range.last_cell Range.merge_area Range.merge_cells Range.number_format= Range.options Range.row
Range.row_height=
Range.rows Range.select Range.sheet Range.value Range.value= RangeRows.hidden
Sheet.activate Sheet.book Sheet.name Sheet.range Sheet.tables Sheet.used_range Sheet.visible
Table.header_row_range Table.name Table.range Table.resize
"""
"""Whoever lets a command use more looks here, and whether Excel on Windows and on a Mac have it: `addin.hosts.members`."""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], set[str]]:
    """What all commands named of xlwings, and what they touched behind it, each on a workbook in which there is much to do."""
    office = synced_office(tmp_path_factory.mktemp("office") / "行动办")
    book = _book(office)
    all_named: set[str] = set()
    all_touched: set[str] = set()
    for name in ("check", *COMMANDS):
        path = office.master if name in OF_MASTER else book
        with open_book(path) as host, touched() as behind, named(FOLDER, CLASSES) as found:
            present(host.book, name, TODAY)
        # A command that failed has not done all of its work.
        assert not any("程序出错" in each.text for each in host.said), host.said
        all_named |= found
        all_touched |= behind
    return all_named, all_touched


def _book(office: Bureau) -> Path:
    office.issue("T01", today=TODAY)
    path = office.issued("T01")
    with typing(path) as typed:
        typed.add(PEOPLE, {"姓名": "=1/0", "部门": "办公室", "班子成员": "也许"})
        # More findings than their table has rows.
        typed.add(PEOPLE, *({"姓名": f"石{n}", "班子成员": "也许"} for n in range(70)))
        page = typed.sheet(PEOPLE)
        for place, value in enumerate((None, "加的", "办公室", None, "否"), start=1):
            page.cell(105, place).value = value
        page.row_dimensions[6].hidden = True
        page.merge_cells("C7:C8")
        typed.sheet("应报事项")["I5"] = "已完成"
    return path


def test_the_commands_use_what_is_listed_and_nothing_else(seen: tuple[set[str], set[str]]) -> None:
    named_ones, _ = seen
    assert sorted(named_ones) == USED.split()


def test_all_of_it_is_declared_as_what_every_host_has(seen: tuple[set[str], set[str]]) -> None:
    named_ones, behind = seen
    public = {f"{kind}.{each}" for kind, members in PUBLIC.items() for each in members}
    assert named_ones - public == set()
    # What only the file host has, for itself, is no member of xlwings; each of its ranges is told its options.
    base = Source("base_classes")
    known = {
        f"{kind}.{each}"
        for system in ("_xlwindows", "_xlmac")
        for kind in MEMBERS
        for each in Source(system).members(kind, base)
    }
    declared = {f"{kind}.{each}" for kind, members in MEMBERS.items() for each in members}
    assert behind & known - declared - {"Range.options"} == set()
    assert len(behind & declared) > 30
