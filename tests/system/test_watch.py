"""`xingzhi watch` as a process beside a real office."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from support.command import run
from support.office import FIRST_UNIT, PEOPLE, Bureau, fresh_office, sha256, typing

from sync.office_lock import writing
from sync.watched import Seen

ROOT = Path(__file__).parents[2]
SECONDS = 60
"""How long any one line may take on a busy computer."""

QUIET = 2.0
"""For so long nothing may happen where nothing is to happen: several looks."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a process is asked to end by SIGINT")


class Watch:
    """A watch at work: its lines as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def line(self) -> str:
        """The next line."""
        return self.lines.get(timeout=SECONDS)

    def lines_to(self, last: str) -> list[str]:
        """The next lines, to the one that holds these words."""
        found = [self.line()]
        while last not in found[-1]:
            found.append(self.line())
        return found

    def is_quiet(self) -> bool:
        """Whether it says nothing for a while."""
        try:
            print(self.lines.get(timeout=QUIET))
        except queue.Empty:
            return True
        return False

    def ask_to_end(self) -> None:
        """As Ctrl-C in a terminal does: every process of the group is told."""
        os.killpg(self.process.pid, signal.SIGINT)

    def end(self) -> tuple[int, list[str]]:
        """The exit code, and what was said up to the end."""
        code = self.process.wait(timeout=SECONDS)
        time.sleep(0.1)
        return code, [self.lines.get_nowait() for _ in range(self.lines.qsize())]


@contextmanager
def watching(*arguments: object, code: str = "from cli.main import main; main()") -> Iterator[Watch]:
    """The command in a process of its own, which is gone at the end. It looks often, so that the test is short."""
    call = ["watch", *map(str, arguments), "--today", "2026-06-24", "--every", "0.2", "--settle", "0.6"]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *call, "--workers", "1"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        yield Watch(process)
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def office(tmp_path: Path) -> Bureau:
    """Workbooks are issued, nothing is received."""
    return fresh_office(tmp_path / "行动办")


def names(office: Bureau) -> list[object]:
    return [line["姓名"] for line in office.lines(f"汇总_{PEOPLE}")]


def arrives(office: Bureau, code: str, records: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
    """A unit's filled workbook is in the inbox at one stroke: one that is filled there would be taken half done."""
    filled = office.filled(code, records, "../" + f"{code}.xlsx")
    filled.rename(office.folder.inbox / f"{code}.xlsx")


def test_an_office_is_kept_up_to_date_by_what_comes_in(office: Bureau, tmp_path: Path) -> None:
    lock = office.master.with_name(f"~${office.master.name}")
    with watching(office.root) as watch:
        assert str(office.root) in watch.line()
        assert "收下 0 个单位" in watch.line()

        arrives(office, "T01", FIRST_UNIT)
        said = watch.line()
        assert "已汇总：收下 1 个单位的，没有收下的文件 0 个" in said and said[:2] == "20"
        assert names(office) == ["石一", "石二", "石三"]

        # The master is open: nothing is written, which is said once, until it is closed.
        lock.write_bytes(b"\x06" + "王小月".encode("gb18030").ljust(164))
        before = sha256(office.master)
        arrives(office, "T02", {PEOPLE: [{"姓名": "柳一", "部门": "办公室", "班子成员": "是"}]})
        office.receive(b"", "空的.xlsx")
        said = watch.line()
        assert "先等着" in said and "王小月" in said
        assert watch.is_quiet() and sha256(office.master) == before
        lock.unlink()
        assert "收下 1 个单位的，没有收下的文件 1 个" in watch.line()
        assert names(office) == ["石一", "石二", "石三", "柳一"]

        # Another writer is at work.
        with writing(office.folder, "issue"):
            with typing(office.folder.inbox / "T02.xlsx") as book:
                book.put(PEOPLE, 1, {"职务": "主任"})
            said = watch.line()
            assert "先等着" in said and str(os.getpid()) in said
            assert watch.is_quiet()
        assert "收下 1 个单位的" in watch.line()

        assert watch.is_quiet()
        watch.ask_to_end()
        assert watch.end() == (0, ["已结束"])
    assert not office.sync().written


def test_a_run_that_fails_is_told_once_and_tried_again_when_that_is_mended(office: Bureau) -> None:
    office.filled("T01", FIRST_UNIT, "T01.xlsx")
    away = office.folder.ledger.with_name("away")
    with watching(office.root, "--lang", "en") as watch:
        watch.line()
        assert "Synced: 1 units accepted" in watch.line()
        office.folder.ledger.rename(away)
        said = watch.line()
        assert "to be tried again when something changes" in said and "xingzhi init" in said
        assert watch.is_quiet()
        away.rename(office.folder.ledger)
        assert "Nothing changed: 0 units accepted" in watch.line()
        os.kill(watch.process.pid, signal.SIGTERM)
        assert watch.end() == (0, ["Ended"])


AT_READING = """
import sync.run, time
real = sync.run.read_files
def read_files(*arguments):
    print("reading", flush=True)
    time.sleep({seconds})
    yield from real(*arguments)
sync.run.read_files = read_files
from cli.main import main
main()
"""


def test_ctrl_c_during_a_run_lets_it_end_and_a_second_one_leaves_all_as_it_was(office: Bureau) -> None:
    before = sha256(office.master)
    office.filled("T01", FIRST_UNIT, "T01.xlsx")
    with watching(office.root, code=AT_READING.format(seconds=30)) as watch:
        watch.line()
        assert watch.line() == "reading"
        watch.ask_to_end()
        time.sleep(0.5)
        watch.ask_to_end()
        assert watch.end() == (2, ["已中断"])
    assert sha256(office.master) == before
    # The processes that read are told too, and are just starting.
    with watching(office.root, code=AT_READING.format(seconds=0)) as watch:
        watch.line()
        assert watch.line() == "reading"
        time.sleep(0.2)
        watch.ask_to_end()
        code, said = watch.end()
        assert code == 0 and len(said) == 2, said
        assert "收下 1 个单位的，没有收下的文件 0 个" in said[0] and said[1] == "已结束"
    assert names(office) == ["石一", "石二", "石三"]


def test_a_unit_sees_what_is_wrong_whenever_it_saves_its_workbook(office: Bureau) -> None:
    path = office.filled("T01", {PEOPLE: [{"姓名": "石一", "部门": "办公室"}]}, "T01.xlsx")
    before = sha256(path)
    with watching("--check", path.parent, "--lang", "en") as watch:
        assert "whenever a workbook is saved" in watch.line()
        said = watch.lines_to("Files checked: 1")
        assert said[0].startswith("T01.xlsx: ")
        assert [line for line in said if "C101" in line and f"{PEOPLE}!E5" in line]
        assert watch.is_quiet() and sha256(path) == before
        with typing(path) as book:
            book.put(PEOPLE, 1, {"班子成员": "是"})
        assert not [line for line in watch.lines_to("Files checked: 1") if "C101" in line]
        assert watch.is_quiet()
        watch.ask_to_end()
        assert watch.end() == (0, ["Ended"])


def test_each_look_asks_anew_what_day_it_is(office: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    days = iter([date(2026, 6, 24), date(2026, 6, 24), date(2026, 6, 25), date(2026, 6, 25)])
    looked: list[date] = []

    class Day(date):
        @classmethod
        def today(cls) -> Day:
            found = next(days)
            return cls(found.year, found.month, found.day)

    def looks(look: Callable[[], Seen], *_: object, **__: object) -> None:
        looked.extend(look().today for _ in range(3))

    monkeypatch.setattr("cli.output.date", Day)
    monkeypatch.setattr("sync.watch.watch", looks)
    assert run("watch", office.root).exit_code == 0
    assert looked == [date(2026, 6, 24), date(2026, 6, 25), date(2026, 6, 25)]
    looked.clear()
    assert run("watch", office.root, "--today", "2026-07-01").exit_code == 0
    assert looked == [date(2026, 7, 1)] * 3
