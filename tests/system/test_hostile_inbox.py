"""One inbox with everything that can lie in one: hostile and odd files, a corpus, and twenty good units.

All of it is consolidated once, in a process of its own, beside a run that has the good units alone.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from support import corpora
from support.hostile_case import READ, Odd, Trap
from support.hostile_files import write_all
from support.odd_units import ODDITIES, unpacked
from support.office import FIRST_UNIT, MADE, PEOPLE, PROGRAMME, Bureau, lines_of, tree_hash
from support.trap import Listener

from sync.init import create_office
from sync.issue import issue
from sync.office_settings import Unit
from workbook_files.limits import DEFAULTS
from xingzhi.findings import Severity
from xingzhi.labels import Lang

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024
MEMORY = 300 * MEGABYTE
"""What a run may hold beyond what it begins with."""

SECONDS = 180
"""What the whole inbox may take: nearly every file is judged in a blink."""

GOOD = [Unit(f"T{number:02}", f"第{number}乡镇民政办") for number in range(1, 21)]
QUAINT = [Unit(f"Z{number:02}", f"怪{number}乡镇民政办") for number in range(1, len(ODDITIES) + 1)]
MERGED = "汇总_"
"""How the sheets of the master begin that hold rows of the units."""

# What is wrong with the files of the corpus that are no sound workbooks.
DAMAGED: Mapping[str, set[str]] = {
    "OOM_alloc3.xls": {"F101"},  # a sector far past the end of the file
    "issue252.xlsx": {"F101"},  # a part is longer than it says
    "issue_385.xls": {"F103"},
    "issue_594_dos.ods": {"F104"},  # 17 thousand million cells
    "pass_protected.ods": {"F103"},
    "pass_protected.xlsb": {"F103"},
    "pass_protected.xlsx": {"F103"},
    "too_small.xls": {"F101", "F106"},
}


@dataclass(frozen=True)
class Ran:
    """What a run came to. `outside` is what lies around its office, before and after."""

    office: Bureau
    report: dict[str, Any]
    outside: tuple[str, str]

    @property
    def errors(self) -> dict[str, list[str]]:
        """The codes of what must be mended in files that are nobody's, by file."""
        found: dict[str, list[str]] = defaultdict(list)
        for file, code, severity in self.report["unmatched"]:
            if severity == Severity.ERROR:
                found[file].append(code)
        return found

    def findings(self, unit: str) -> list[list[str]]:
        """What is told to a unit."""
        return [each for each in self.report["findings"] if each[0] == unit]

    @cached_property
    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of the units in the master, by table."""
        book = openpyxl.load_workbook(self.office.master, data_only=True)
        pages = {name: book[name] for name in book.sheetnames if name.startswith(MERGED)}
        lines = {name: lines_of(page) for name, page in pages.items() if isinstance(page, Worksheet)}
        return {name: [line for line in each if line["单位代码"]] for name, each in lines.items()}

    def lines(self, table: str, unit: str) -> list[dict[str, Any]]:
        """A unit's rows of one table."""
        return [line for line in self.tables[MERGED + table] if line["单位代码"] == unit]


@dataclass(frozen=True)
class Inboxes:
    """The run of the good units alone, the run with everything, and what the files are."""

    alone: Ran
    crowded: Ran
    files: Mapping[str, Odd]
    corpus: list[str]
    listener: Listener


def filled_office(root: Path) -> Bureau:
    """Twenty units have sent their workbooks, no two of the same content; the workbooks of the others are issued."""
    folder = create_office(root, programme=PROGRAMME, year=2026, lang=Lang.ZH, today=MADE, units=[*GOOD, *QUAINT])
    issue(folder, today=MADE)
    office = Bureau(folder)
    for number, unit in enumerate(GOOD, start=1):
        people = [{**person, "姓名": f"{person['姓名']}{number}"} for person in FIRST_UNIT[PEOPLE]]
        office.filled(unit.code, {**FIRST_UNIT, PEOPLE: people}, f"{unit.code}.xlsx")
    return office


def add_odd_units(office: Bureau) -> None:
    """The workbooks of the other units, each odd in its own way."""
    for unit, (label, (ending, make)) in zip(QUAINT, ODDITIES.items(), strict=True):
        path = office.filled(unit.code, FIRST_UNIT, f"{unit.code}.xlsx")
        content = make(unpacked(path.read_bytes()))
        path.unlink()
        office.receive(content, f"{unit.code}{label}.{ending}")


def add_no_files(inbox: Path, aside: Path) -> None:
    """What lies in an inbox and is no file."""
    (inbox / "文件夹.xlsx").mkdir()
    (inbox / "断了的链接.xlsx").symlink_to(aside / "没有.xlsx")
    (inbox / "绕圈的链接.xlsx").symlink_to(inbox / "绕圈的链接.xlsx")
    (inbox / "上级文件夹").symlink_to(inbox.parent, target_is_directory=True)
    (inbox / "无底洞.xlsx").symlink_to("/dev/zero")
    os.mkfifo(inbox / "管道.xlsx")


def outside(folder: Path, office: Path) -> str:
    """The hash of everything beside the office."""
    return "\n".join(f"{each.name} {tree_hash(each)}" for each in sorted(folder.iterdir()) if each != office)


def run(office: Bureau, around: Path) -> Ran:
    """Consolidate in a process of its own, whose home and temporary folder are empty."""
    report = around.parent / f"{around.name}.json"
    for name in ("home", "temporary"):
        (around / name).mkdir(exist_ok=True)
    places = {"HOME": str(around / "home"), "TMPDIR": str(around / "temporary"), "PYTHONDONTWRITEBYTECODE": "1"}
    paths = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    before = outside(around, office.root)
    done = subprocess.run(
        [sys.executable, "-m", "support.measured_sync", str(office.root), str(report)],
        env={**os.environ, **places, "PYTHONPATH": paths},
        cwd=around / "home",
        capture_output=True,
        text=True,
        timeout=SECONDS * 2,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(report.read_text(encoding="utf-8"))
    return Ran(office, {**told, "said": done.stdout + done.stderr}, (before, outside(around, office.root)))


@pytest.fixture(scope="module")
def inboxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inboxes]:
    """Both runs."""
    if os.name == "nt":
        pytest.skip("links and pipes need rights on Windows")
    alone, crowded = tmp_path_factory.mktemp("alone"), tmp_path_factory.mktemp("crowded")
    office = filled_office(alone / "办公室")
    shutil.copytree(office.root, crowded / "办公室")
    full = Bureau(type(office.folder).open(crowded / "办公室"))
    trap = crowded / "trap"
    trap.mkdir()
    (trap / "secret.txt").write_text("secret", encoding="utf-8")
    with Listener() as listener:
        files = write_all(full.folder.inbox, Trap(listener.port, trap))
        add_odd_units(full)
        add_no_files(full.folder.inbox, crowded)
        corpus = corpora.spreadsheets()
        for path in corpus:
            shutil.copyfile(path, full.folder.inbox / path.name)
        yield Inboxes(
            run(office, alone),
            run(full, crowded),
            {path.name: odd for path, odd in files.items()},
            [path.name for path in corpus],
            listener,
        )
    shutil.rmtree(alone)
    shutil.rmtree(crowded)


def test_every_bad_file_has_one_clear_finding(inboxes: Inboxes) -> None:
    errors = inboxes.crowded.errors
    wrong = {
        name: (errors.get(name), sorted(odd.codes), inboxes.crowded.report["messages"].get(name, ""))
        for name, odd in inboxes.files.items()
        if len(errors.get(name, ())) != 1 or errors[name][0] not in odd.codes
    }
    assert wrong == {}
    assert len(inboxes.files) >= 80


def test_odd_files_that_do_no_harm_are_read(inboxes: Inboxes) -> None:
    benign = [name for name, odd in inboxes.files.items() if odd.benign]
    refused = {name: inboxes.crowded.errors[name] for name in benign if inboxes.crowded.errors[name] != [READ]}
    assert refused == {}
    assert len(benign) > 50


def test_every_file_of_the_corpus_is_read_or_has_one_finding(inboxes: Inboxes) -> None:
    if not inboxes.corpus:
        pytest.skip(corpora.ABSENT)
    errors = inboxes.crowded.errors
    found = {name: set(errors.get(name, ())) for name in inboxes.corpus}
    wrong = {name: codes for name, codes in found.items() if len(errors.get(name, ())) != 1}
    assert wrong == {}
    assert {name: codes for name, codes in found.items() if not codes <= DAMAGED.get(name, {READ})} == {}


def test_nothing_is_told_of_what_nobody_sent(inboxes: Inboxes) -> None:
    known = {*inboxes.files, *inboxes.corpus}
    assert {file for file, _, _ in inboxes.crowded.report["unmatched"]} <= known


def test_the_good_units_are_consolidated_exactly_as_without_the_others(inboxes: Inboxes) -> None:
    for unit in GOOD:
        assert inboxes.crowded.report["statuses"][unit.code] == "accepted"
        assert inboxes.crowded.findings(unit.code) == inboxes.alone.findings(unit.code)
    good = {unit.code for unit in GOOD}
    for table, lines in inboxes.alone.tables.items():
        assert [line for line in inboxes.crowded.tables[table] if line["单位代码"] in good] == lines
    assert len(inboxes.alone.tables[MERGED + PEOPLE]) == len(GOOD) * len(FIRST_UNIT[PEOPLE])


def test_an_odd_workbook_of_a_unit_is_taken_with_every_row(inboxes: Inboxes) -> None:
    names = dict(zip((unit.code for unit in QUAINT), ODDITIES, strict=True))
    statuses = {names[unit.code]: inboxes.crowded.report["statuses"][unit.code] for unit in QUAINT}
    assert statuses == dict.fromkeys(ODDITIES, "accepted")
    for table, wanted in FIRST_UNIT.items():
        for unit in QUAINT:
            lines = inboxes.crowded.lines(table, unit.code)
            assert [{key: line[key] for key in want} for line, want in zip(lines, wanted, strict=True)] == list(wanted)


def test_a_run_over_hostile_files_holds_little_memory(inboxes: Inboxes) -> None:
    report = inboxes.crowded.report
    assert report["peak"] - report["base"] < MEMORY


def test_no_file_takes_longer_than_it_may_and_all_together_are_soon_done(inboxes: Inboxes) -> None:
    report = inboxes.crowded.report
    assert report["longest"] < DEFAULTS.seconds + 10
    assert report["seconds"] < SECONDS


def test_no_file_is_let_call_home_or_write_outside_the_office(inboxes: Inboxes) -> None:
    assert inboxes.listener.calls == 0
    before, after = inboxes.crowded.outside
    assert after == before
    inboxes.listener.call()
    assert inboxes.listener.calls == 1


def test_the_run_says_nothing_that_a_clerk_cannot_read(inboxes: Inboxes) -> None:
    assert inboxes.crowded.report["written"]
    assert "panicked" not in inboxes.crowded.report["said"] and "Traceback" not in inboxes.crowded.report["said"]
