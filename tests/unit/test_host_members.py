"""What commands may use of xlwings is there on Windows, on a Mac and in the file host; everything else is refused by name.

What the two systems have is read from the source of the installed xlwings, since neither can be imported here.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlwings
from support import table_book
from support.host_members import Source, implemented, touched
from xlwings import base_classes

from addin.hosts import file_app, file_book, file_name, file_sheet
from addin.hosts.file_host import open_book
from addin.hosts.members import MEMBERS, PUBLIC
from addin.hosts.rules import HostObject, NotInEveryHost

BASE, MAIN = Source("base_classes"), Source("main")
SYSTEMS = {"windows": Source("_xlwindows"), "mac": Source("_xlmac")}
HOST = {each.kind: each for each in HostObject.__subclasses__() if each.__module__.startswith("addin.")}
every_class = pytest.mark.parametrize("name", MEMBERS)


def test_each_class_of_the_host_is_declared() -> None:
    assert set(HOST) == set(MEMBERS) and {"Apps", "Book", "Sheet", "Name"} <= set(HOST)
    assert all(each in vars(module).values() for each, module in (
        (HOST["App"], file_app), (HOST["Book"], file_book), (HOST["Sheet"], file_sheet), (HOST["Name"], file_name)
    ))  # fmt: skip


@every_class
@pytest.mark.parametrize("system", SYSTEMS)
def test_windows_and_mac_have_each_member(system: str, name: str) -> None:
    there = SYSTEMS[system].members(name, BASE)
    assert there
    assert [each for each in MEMBERS[name] if each not in there] == []


@every_class
def test_the_file_host_has_what_is_declared_and_nothing_else(name: str) -> None:
    # What only the host has, for itself, is no member of xlwings; each of its ranges is told its options.
    known = {each for system in SYSTEMS.values() for each in system.members(name, BASE)}
    assert implemented(HOST[name]) & known - {"options"} == set(MEMBERS[name])


def test_the_source_tells_a_member_that_a_system_has_not() -> None:
    # The proof can fail: these are known differences between the two.
    assert "remove_duplicates" in SYSTEMS["windows"].members("Range", BASE)
    assert "remove_duplicates" not in SYSTEMS["mac"].members("Range", BASE)
    assert "comment=" not in SYSTEMS["windows"].members("Range", BASE)
    for system in SYSTEMS.values():
        assert "__contains__" not in system.members("Sheets", BASE)


@pytest.mark.parametrize("name", PUBLIC)
def test_the_public_members_lead_to_declared_ones_alone(name: str) -> None:
    there = MAIN.members(name)
    behind = {"RangeRows": "Range", "RangeColumns": "Range"}.get(name, name)
    for member in PUBLIC[name]:
        assert member in there, member
        wrong = [each for each in _impl_members(there[member]) if each not in MEMBERS[behind]]
        assert wrong == [], f"{member}: {wrong}"


def _impl_members(function: ast.AST) -> set[str]:
    """The members of the implementation that a member of a public class names."""
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("self.impl", "self._impl", "self.rng.impl"):
            found.add(f"{node.attr}=" if isinstance(node.ctx, ast.Store) else node.attr)
    return found - {"__class__", "options="}


@pytest.fixture
def objects(tmp_path: Path) -> Any:
    """One object of each class, by the name of the class."""
    with open_book(table_book.write(tmp_path / "book.xlsx")) as host:
        book = host.book
        sheet = book.sheets[table_book.SHEET]
        yield {
            "Apps": xlwings.engines[file_app.ENGINE].apps,
            "App": book.app,
            "Books": book.app.books,
            "Book": book,
            "Sheets": book.sheets,
            "Sheet": sheet,
            "Range": sheet["A1:B2"],
            "Tables": sheet.tables,
            "Table": sheet.tables[0],
            "Names": book.names,
            "Name": book.names[0],
        }


@every_class
def test_every_other_member_of_xlwings_is_refused_by_its_name(name: str, objects: dict[str, Any]) -> None:
    impl = objects[name].impl
    base = getattr(base_classes, name, base_classes.Collection)
    members = {each for each in dir(base) if not each.startswith("_")} | {"a_member_of_the_next_version"}
    refused = 0
    for member in members:
        if member not in MEMBERS[name] and f"{member}=" not in MEMBERS[name]:
            with pytest.raises(NotInEveryHost) as raised:
                getattr(impl, member)
            assert raised.value.member == f"{name}.{member}"
            refused += 1
        attribute = inspect.getattr_static(base, member, None)
        if f"{member}=" not in MEMBERS[name] and (isinstance(attribute, property) or member not in MEMBERS[name]):
            with pytest.raises(NotInEveryHost):
                setattr(impl, member, 1)
    assert refused


def test_a_refusal_names_what_a_command_wrote(objects: dict[str, Any]) -> None:
    cells, sheet, book, app = (objects[each] for each in ("Range", "Sheet", "Book", "App"))
    calls: dict[str, Callable[[], object]] = {
        "Range.color": lambda: cells.color,
        "Range.font": lambda: cells.font.bold,
        "Range.formula2": lambda: cells.formula2,
        "Range.number_format": lambda: cells.number_format,
        "Range.expand": lambda: cells.expand(),
        "Range.end": lambda: cells.end("down"),
        "Range.current_region": lambda: cells.current_region,
        "Range.insert": lambda: cells.insert("down"),
        "Range.api.Font": lambda: cells.api.Font,
        "Range.api.__call__": lambda: cells.api(1),
        "Range.api.__getitem__": lambda: cells.api[1],
        "Range.api.Value": lambda: setattr(cells.api, "Value", 1),
        "Sheet.api": lambda: sheet.api,
        "Sheet.delete": lambda: sheet.delete(),
        "Sheet.autofit": lambda: sheet.autofit(),
        "Sheets.add": lambda: book.sheets.add("新"),
        "Sheets.__contains__": lambda: "新" in book.sheets,
        "Tables.add": lambda: sheet.tables.add(cells),
        "Names.add": lambda: book.names.add("新", "=1"),
        "Book.api": lambda: book.api,
        "Book.json": lambda: book.json(),
        "App.run": lambda: book.macro("x").run(),
        "App.api": lambda: app.api,
        "App.quit": lambda: app.quit(),
        "App.status_bar": lambda: app.status_bar,
        "App.version": lambda: app.version,
    }
    for member, call in calls.items():
        with pytest.raises(NotInEveryHost) as raised:
            call()
        assert raised.value.member == member

    def set_color() -> None:
        cells.color = (1, 2, 3)

    def hide() -> None:
        cells.rows.hidden = True

    def rename() -> None:
        sheet.name = "别的"

    for call, member in ((set_color, "Range.color"), (hide, "Range.row_hidden"), (rename, "Sheet.name")):
        with pytest.raises(NotInEveryHost, match=member):
            call()


def test_what_is_touched_is_noted(objects: dict[str, Any]) -> None:
    with touched() as found:
        objects["Sheet"]["K1"].value = 3
    assert {"Sheet.range", "Range.api", "Range.raw_value="} <= found and "Book.save" not in found
