"""A sync that is killed at any moment leaves the old master or the new one, and the next one finishes its work.

`XINGZHI_KILLS` says how many random moments are tried; the steps that matter are tried one by one besides.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import psutil
import pytest
from support.kill_steps import stopping_at
from support.killed_runs import NEXT, copied, killed_after, meaning, office_with_work, outcome, running
from support.office import Bureau, fresh_office, read_lines, sha256

from sync.inbox import ReadSpec, Received, read_received
from sync.ledger import Ledger
from sync.restore import restore
from workbook_files.limits import OWN
from workbook_files.reader import read_grid
from xingzhi.identity import Identity, read_identity

KILLS = int(os.environ.get("XINGZHI_KILLS", "12"))
SEED = 6

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork")


def test_a_sync_killed_at_any_moment_leaves_the_old_master_or_the_new_and_the_next_finishes_its_work(
    tmp_path: Path,
) -> None:
    prepared = office_with_work(tmp_path / "prepared")
    undisturbed = copied(prepared, tmp_path / "undisturbed")
    undisturbed.sync(NEXT)
    whole, old = outcome(undisturbed), sha256(prepared.master)
    assert meaning(prepared.master) != whole.master
    duration, ending = measured(prepared, tmp_path / "measured")
    chance = random.Random(SEED)
    seen = {"old": 0, "new": 0, "ended": 0}
    for number in range(KILLS):
        office = copied(prepared, tmp_path / f"killed{number}")
        # Two of three are spread over the whole run, and a little further; the third over its end, which is quick.
        note = pending(office) if number % 3 == 2 else None
        moment = 1.1 * (ending if note else duration) * (number + chance.random()) / KILLS
        under_way = killed_after(moment, partial(sync_it, office), since=note)
        at = f"kill {number} at {moment:.3f} s of {'the end' if note else 'the run'}"
        is_old = sha256(office.master) == old
        assert is_old or meaning(office.master) == whole.master, at
        seen["old" if is_old else "new" if under_way else "ended"] += 1
        began = time.perf_counter()
        office.sync(NEXT)
        if is_old:
            # How long a run takes changes with what else the computer does.
            duration = time.perf_counter() - began
        assert outcome(office) == whole, at
        if number % 8 == 0:
            assert not office.sync(NEXT).written
        shutil.rmtree(office.root)
    print(f"killed {KILLS} times, a run taking {duration:.2f} s and its end {ending:.3f} s: {seen}")
    assert seen["old"]


def read_here(paths: Sequence[Path], spec: ReadSpec, workers: int) -> Iterator[Received]:
    """Read files without a worker: it is not the reading that is cut off."""
    return (read_received(path, spec) for path in paths)


def sync_it(office: Bureau) -> None:
    office.sync(NEXT)


def issue_it(office: Bureau) -> None:
    office.issue(today=NEXT)


def identity_of(path: Path) -> Identity:
    grid, _ = read_grid(path, OWN)
    assert grid is not None
    identity, _ = read_identity(grid)
    assert identity is not None
    return identity


def restore_it(office: Bureau) -> None:
    restore(office.folder, 3, today=NEXT, workers=1)


@pytest.mark.parametrize("work", [sync_it, restore_it])
def test_a_run_killed_at_each_step_that_matters_is_made_good_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: Callable[[Bureau], None]
) -> None:
    monkeypatch.setattr(sys.modules["sync.run"], "read_files", read_here)
    prepared = office_with_work(tmp_path / "prepared")
    if work is restore_it:
        prepared.sync(NEXT)
        with prepared.at_work() as book:
            book.put("单位名册", 2, {"联系人": "李四"})
    undisturbed = copied(prepared, tmp_path / "undisturbed")
    work(undisturbed)
    whole, old = outcome(undisturbed), sha256(prepared.master)
    taken = meaning(undisturbed.folder.archive / "总台账_0006.xlsx") if work is restore_it else None
    names = steps_of(copied(prepared, tmp_path / "traced"), work, None)
    assert {"before COMMIT", "after COMMIT", "replace /总台账.xlsx", "replace /.xingzhi/next_master.xlsx"} <= set(names)
    assert any("归档/T02" in name or work is restore_it for name in names)
    # The run that a restore begins with is a sync.
    first = names.index("after COMMIT") + 1 if work is restore_it else 0
    for number, name in list(enumerate(names))[first:]:
        office = copied(prepared, tmp_path / f"step{number}")
        assert steps_of(office, work, number) == names[: number + 1]
        now = meaning(office.master)
        assert sha256(office.master) == old or now in (whole.master, taken), name
        work(office)
        assert outcome(office) == whole, name


def test_a_workbook_is_issued_from_the_ledger_that_is_there_after_a_run_that_was_cut_off(tmp_path: Path) -> None:
    office = office_with_work(tmp_path / "office")
    before = meaning(office.master)
    names = steps_of(copied(office, tmp_path / "traced"), sync_it, None)
    steps_of(office, sync_it, names.index("before COMMIT"))
    assert meaning(office.master) != before
    office.issue("T01", today=NEXT)
    assert meaning(office.master) == before
    (line,) = (row for row in read_lines(office.issued("T01"), "人员名册") if row["姓名"] == "石一")
    assert line["职务"] is None
    office.sync(NEXT)
    assert office.line("汇总_人员名册", 姓名="石二")["行状态"] == "已撤销"


def test_an_issue_killed_at_any_step_leaves_no_workbook_of_a_run_that_the_ledger_has_not(tmp_path: Path) -> None:
    prepared = fresh_office(tmp_path / "prepared")
    names = steps_of(copied(prepared, tmp_path / "traced"), issue_it, None)
    for number, name in enumerate(names):
        office = copied(prepared, tmp_path / f"step{number}")
        steps_of(office, issue_it, number)
        with Ledger.open(office.root) as ledger:
            last = max(run.id for run in ledger.runs())
        runs = [identity_of(path).base_run for path in office.folder.issued.glob("*.xlsx")]
        assert len(runs) == 3 and max(runs) <= last, name
        office.sync(NEXT)
        assert not list(office.root.rglob(".*.tmp")), name


@pytest.mark.parametrize("step", ["before COMMIT", "replace /.xingzhi/next_master.xlsx"])
def test_what_is_typed_in_the_master_that_a_killed_run_left_is_kept(tmp_path: Path, step: str) -> None:
    office = office_with_work(tmp_path / "office")
    undisturbed = copied(office, tmp_path / "undisturbed")
    names = steps_of(copied(office, tmp_path / "traced"), sync_it, None)
    steps_of(office, sync_it, names.index(step))
    for each in (office, undisturbed):
        with each.at_work() as book:
            book.put("汇总_信息报送", 1, {"算按时": "是"})
            book.sheet("总体情况")["N9"] = "又一条"
    office.sync(NEXT)
    undisturbed.sync(NEXT)
    assert office.line("汇总_信息报送", 标题="启动侧记")["算按时"] == "是"
    assert meaning(office.master)["总体情况"][8][13] == "又一条"
    # A row that the office had entered is known by now from the line that the killed run gave it.
    for sheet in ("汇总_信息报送", "汇总_活动台账", "催报台账"):
        one, other = ([{**line, "来源行": None} for line in each.lines(sheet)] for each in (office, undisturbed))
        assert one == other, sheet
    assert not office.sync(NEXT).written


def steps_of(office: Bureau, work: Callable[[Bureau], None], last: int | None) -> list[str]:
    """Do the work in a process of its own until a step, or to its end. The steps that it reached."""
    log = office.root.with_suffix(".steps")

    def limited() -> None:
        stopping_at(last, log, office.root)
        work(office)

    with running(limited) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    return log.read_text(encoding="utf-8").splitlines()


def pending(office: Bureau) -> Path:
    """The note that a master is being put in its place."""
    return office.folder.ledger.with_name("pending.json")


def measured(prepared: Bureau, root: Path) -> tuple[float, float]:
    """How long a whole run takes in a process of its own, and its end from when the master is put in its place."""
    office = copied(prepared, root)
    began = noted = time.perf_counter()
    with running(partial(sync_it, office)) as process:
        while process.status() != psutil.STATUS_ZOMBIE:
            if noted == began and pending(office).exists():
                noted = time.perf_counter()
            time.sleep(0.001)
    return time.perf_counter() - began, time.perf_counter() - noted
