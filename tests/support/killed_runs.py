"""A sync in a process of its own that is killed, and what an office holds afterwards, by meaning."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psutil
from support.office import PEOPLE, REPORTS, SCHEDULE, Bureau, synced_office, typing

from sync.office import OfficeFolder
from workbook_files.limits import OWN
from workbook_files.reader import read_grid

NEXT = date(2026, 6, 25)
"""The day of the run that is killed."""

Meaning = dict[str, list[list[str]]]


def office_with_work(root: Path) -> Bureau:
    """An office with two changed files in its inbox and every kind of the office's work in its master."""
    office = synced_office(root)
    with typing(office.folder.inbox / "T01.xlsx") as book:
        book.put(PEOPLE, 1, {"职务": "主任"})
        book.add(SCHEDULE, {"活动类别": "研讨", "活动名称": "六月研讨", "实际日期": date(2026, 6, 22)})
        book.clear(PEOPLE, 3)
    report = {"所属月份": "2026-06", "信息类别": "动态", "标题": "入户走访", "报送日期": date(2026, 6, 24)}
    people = [{"姓名": "柳一", "部门": "办公室", "班子成员": "是"}, {"姓名": "柳二", "班子成员": "否"}]
    office.filled("T02", {PEOPLE: people, REPORTS: [report]}, "T02.xlsx")
    entered = {**report, "单位代码": "T03", "标题": "电话报来的"}
    with office.at_work() as book:
        book.put(f"汇总_{REPORTS}", 1, {"采用": "是"})
        book.add(f"汇总_{REPORTS}", entered)
        book.put(f"汇总_{PEOPLE}", book.record(f"汇总_{PEOPLE}", 姓名="石二"), {"待确认处理": "撤销", "部门": "改过"})
        book.sheet("总体情况")["N5"] = "下周汇报"
        book.put("单位名册", 3, {"联系人": "王小月"})
    return office


def copied(office: Bureau, root: Path) -> Bureau:
    """The office as it is, elsewhere."""
    shutil.copytree(office.root, root)
    return Bureau(OfficeFolder.open(root))


@contextmanager
def running(work: Callable[[], object]) -> Iterator[psutil.Process]:
    """The work in a fork of this process: what has been imported need not be again. It is gone at the end."""
    process = os.fork()
    if process == 0:
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            work()
            os._exit(0)
        finally:
            os._exit(1)
    try:
        yield psutil.Process(process)
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def killed_after(seconds: float, work: Callable[[], object], *, since: Path | None = None) -> bool:
    """Kill the work after so long, counted from when `since` is there where that is given. Returns whether it was still at
    it. Its worker processes must end by themselves."""
    with running(work) as process:
        while since and not since.exists() and process.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.001)
        time.sleep(seconds)
        under_way = process.status() != psutil.STATUS_ZOMBIE
        workers = process.children(recursive=True) if under_way else []
        process.kill()
    _, left = psutil.wait_procs(workers, timeout=60)
    assert not [each for each in left if each.is_running()], "workers outlived their run"
    return under_way


def meaning(path: Path) -> Meaning:
    """Every cell of a workbook as text, without the blank ends."""
    grid, findings = read_grid(path, OWN)
    assert grid is not None, findings
    found: Meaning = {}
    for sheet in grid.sheets:
        rows = [["" if cell is None else str(cell) for cell in row] for row in sheet.rows]
        for row in rows:
            while row and not row[-1]:
                row.pop()
        while rows and not rows[-1]:
            rows.pop()
        found[sheet.name] = rows
    return found


@dataclass(frozen=True)
class Outcome:
    """All that an office holds: its master and its feedback by meaning, its ledger but for times and hashes of files that
    bear a time, and the names of its files."""

    master: Meaning
    feedback: dict[str, Meaning]
    ledger: dict[str, list[tuple[Any, ...]]]
    files: frozenset[str]


def outcome(office: Bureau) -> Outcome:
    """What an office holds now."""
    feedback = {path.name: meaning(path) for path in sorted(office.folder.feedback.glob("*.xlsx"))}
    files = frozenset(path.relative_to(office.root).as_posix() for path in office.root.rglob("*"))
    return Outcome(meaning(office.master), feedback, _ledger(office.folder.ledger), files)


def _ledger(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {}
    for table in sorted(tables):
        cursor = connection.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        passing = {"runs": "started", "issued": "sha256"}.get(table, "")
        lines = [tuple(_lasting(v) for n, v in zip(names, line, strict=True) if n != passing) for line in cursor]
        found[table] = sorted(lines, key=repr)
    connection.close()
    return found


def _lasting(value: Any) -> Any:
    """The state of a unit's feedback without the hash of its file."""
    if isinstance(value, str) and value.startswith('{"mark"'):
        return {name: part for name, part in json.loads(value).items() if name in ("mark", "file")}
    return value
