"""When a watch begins a run, by a clock that the test sets: nothing here waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from support.command import run as call
from support.office import Bureau, fresh_office

from sync.result import SyncResult
from sync.watch import is_left_over, look_at_office, look_at_workbooks, watch
from sync.watched import AGAIN, PATIENCE, SETTLE, UNFINISHED, Ended, Seen, Stamp, Watched, after_run, next_step
from workbook_files.file_findings import hostile
from workbook_files.workers import of_disk, stopped
from xingzhi.findings import finding

DAY, NEXT_DAY = date(2026, 6, 24), date(2026, 6, 25)
OLD, NEW = Stamp(10, 1), Stamp(20, 2)
DONE = Ended("done", "done")


def seen(day: date = DAY, master: Stamp | None = OLD, **files: Stamp) -> Seen:
    """A look at an inbox of these workbooks."""
    return Seen(day, {f"{name}.xlsx": stamp for name, stamp in files.items()}, master)


class Bench:
    """A watch whose clock and whose runs the test decides."""

    def __init__(self) -> None:
        self.watched, self.now, self.told = Watched(), 1000.0, list[str]()

    def look(self, what: Seen, after: float = 0.0) -> bool:
        """Whether a look after so many seconds begins a run."""
        self.now += after
        self.watched, is_due = next_step(self.watched, what, self.now)
        return is_due

    def end(self, ended: Ended = DONE, after: float = 1.0) -> None:
        """A run that began with the last look ends."""
        self.now += after
        self.watched, is_news = after_run(self.watched, ended, self.now)
        if is_news:
            self.told.append(ended.line)

    def settled(self, what: Seen) -> bool:
        """Whether a run begins once everything has stayed as it is."""
        return self.look(what) or self.look(what, SETTLE)


@pytest.fixture
def bench() -> Bench:
    """A watch that has made its first run, with T01 in the inbox."""
    made = Bench()
    assert made.settled(seen(t01=OLD))
    made.end()
    return made


def test_the_first_run_needs_no_change_but_files_that_stay_as_they_are() -> None:
    bench = Bench()
    assert not bench.look(seen()) and not bench.look(seen(), SETTLE - 1) and bench.look(seen(), 1)
    bench.end()
    assert not bench.look(seen(), 2) and not bench.look(seen(), 100_000)


def test_a_file_that_grows_waits_and_a_burst_is_one_run(bench: Bench) -> None:
    assert not bench.look(seen(t01=OLD, t02=OLD), 2)
    for size in range(20, 40):
        assert not bench.look(seen(t01=OLD, t02=Stamp(size, size)), 2)
    whole = seen(t01=OLD, t02=Stamp(40, 40), t03=NEW)
    assert not bench.look(whole, SETTLE) and bench.look(whole, SETTLE)
    assert bench.watched.news == ["t02.xlsx", "t03.xlsx"]
    bench.end()
    assert not bench.settled(whole)


@pytest.mark.parametrize("changed", [seen(t01=NEW), seen(t01=Stamp(10, 2)), seen(), seen(t02=OLD)])
def test_another_size_time_or_name_and_a_file_taken_away_are_changes(bench: Bench, changed: Seen) -> None:
    assert bench.settled(changed)


def test_a_file_that_comes_during_a_run_is_taken_by_the_next(bench: Bench) -> None:
    assert bench.settled(seen(t01=NEW))
    bench.end(after=60)
    assert not bench.look(seen(t01=NEW, t02=NEW)) and bench.look(seen(t01=NEW, t02=NEW), SETTLE)


@pytest.mark.parametrize("ending", UNFINISHED)
def test_what_is_still_being_downloaded_waits_and_one_that_was_given_up_keeps_nothing(
    bench: Bench, ending: str
) -> None:
    partial = Seen(DAY, {"t01.xlsx": OLD, f"t02.xlsx{ending.upper()}": NEW}, OLD)
    assert not bench.look(partial, 2) and not bench.look(partial, SETTLE)
    assert bench.settled(seen(t01=OLD, t02=NEW))
    bench.end()
    partial = Seen(DAY, {"t01.xlsx": OLD, "t02.xlsx": NEW, f"t03.xlsx{ending}": NEW}, OLD)
    assert not bench.look(partial, 2) and not bench.look(partial, PATIENCE - 1) and bench.look(partial, 1)
    bench.end()
    assert bench.settled(Seen(DAY, {**partial.files, "t04.xlsx": NEW}, OLD))


def test_a_file_that_never_comes_to_rest_does_not_keep_the_others_for_ever(bench: Bench) -> None:
    looks = [bench.look(seen(t01=Stamp(number, number)), 2) for number in range(100, 100 + int(PATIENCE))]
    assert looks.index(True) == PATIENCE // 2


def test_a_day_that_has_begun_is_a_run_though_no_file_has_changed(bench: Bench) -> None:
    assert not bench.look(seen(t01=OLD), 3600)
    assert bench.look(seen(NEXT_DAY, t01=OLD), 2)
    assert bench.watched.news == ["t01.xlsx"]
    bench.end()
    assert not bench.look(seen(NEXT_DAY, t01=OLD), 2)


def test_a_master_that_is_saved_starts_no_run_but_is_not_read_while_it_is_written(bench: Bench) -> None:
    assert not bench.settled(seen(master=NEW, t01=OLD))
    assert not bench.look(seen(master=OLD, t01=NEW), SETTLE)
    assert not bench.look(seen(master=NEW, t01=NEW), SETTLE)
    assert bench.look(seen(master=NEW, t01=NEW), SETTLE)


def test_while_somebody_is_at_work_each_look_tries_again_and_he_is_named_once(bench: Bench) -> None:
    changed = seen(t01=NEW)
    assert bench.settled(changed)
    bench.end(Ended("waits", "open: Wang"))
    for _ in range(int(PATIENCE)):
        assert bench.look(changed, 2)
        bench.end(Ended("waits", "open: Wang"))
    assert bench.look(changed, 2)
    bench.end(Ended("waits", "open: Li"))
    # After so long a wait a file that grows is still waited for.
    assert not bench.look(seen(t01=NEW, t02=NEW), 2)
    assert bench.settled(seen(t01=NEW, t02=NEW))
    bench.end()
    assert not bench.settled(seen(t01=NEW, t02=NEW))
    assert bench.told == ["done", "open: Wang", "open: Li", "done"]


def test_a_run_that_failed_is_told_once_and_tried_again_when_inbox_or_master_change(bench: Bench) -> None:
    failed = Ended("failed", "a note below the table")
    states = [seen(t01=NEW), seen(t01=NEW, t02=NEW), seen(master=NEW, t01=NEW, t02=NEW)]
    for state in states:
        assert bench.settled(state)
        bench.end(failed)
        assert not bench.look(state, 2) and not bench.look(state, AGAIN - 20)
    assert bench.look(states[-1], 20)
    bench.end()
    assert not bench.look(states[-1], 2 * AGAIN)
    assert bench.told == ["done", "a note below the table", "done"]
    assert bench.settled(seen(t01=OLD))
    bench.end(failed)
    assert bench.told[-1] == failed.line


def test_what_a_run_left_over_is_tried_again_after_a_while_and_told_once(bench: Bench) -> None:
    assert bench.settled(seen(t01=NEW))
    for _ in range(3):
        bench.end(Ended("partly", "a feedback is open"), after=0)
        assert not bench.look(seen(t01=NEW), AGAIN - 1) and bench.look(seen(t01=NEW), 1)
    bench.end()
    assert bench.told == ["done", "a feedback is open", "done"]


@pytest.mark.parametrize(
    ("result", "is_left"),
    [
        (SyncResult("p", 1, Path("m.xlsx")), False),
        (SyncResult("p", 1, Path("m.xlsx"), unwritten=["T01_反馈.xlsx"]), True),
        (SyncResult("p", 1, Path("m.xlsx"), findings=[of_disk("T01.xlsx", PermissionError(13, "denied"))]), True),
        (SyncResult("p", 1, Path("m.xlsx"), findings=[finding("F120", file="T01.xlsx")]), True),
        # What takes too long today does so again: it waits for the file to change, or for another day.
        (SyncResult("p", 1, Path("m.xlsx"), findings=[stopped("T01.xlsx", "over_time", limit="60")]), False),
        (SyncResult("p", 1, Path("m.xlsx"), findings=[hostile("T01.xlsx", "no_workbook")]), False),
    ],
)
def test_what_is_left_to_a_later_run_is_what_was_in_use(result: SyncResult, is_left: bool) -> None:
    assert is_left_over(result) == is_left


# The loop


def test_the_loop_ends_only_between_runs_and_spares_a_slow_drive() -> None:
    now, said, rests, runs = [0.0], list[str](), list[float](), list[Seen]()
    looks: Iterator[Seen] = iter([seen(), seen(), seen(t01=NEW), seen(t01=NEW)])

    def look() -> Seen:
        now[0] += 3
        return next(looks)

    def run(watched: Watched) -> Ended:
        assert watched.seen is not None
        runs.append(watched.seen)
        return Ended("done", f"run {len(runs)}")

    def pause(least: float) -> bool:
        rests.append(least)
        now[0] += max(least, SETTLE)
        return len(runs) < 2

    watch(look, run, tell=said.append, pause=pause, clock=lambda: now[0])
    assert said == ["run 1", "run 2"] and runs == [seen(), seen(t01=NEW)]
    assert rests == [12.0] * 4


# What is seen


@pytest.fixture
def office(tmp_path: Path) -> Bureau:
    """Workbooks are issued, nothing is received."""
    return fresh_office(tmp_path / "行动办")


def test_a_look_at_an_office_sees_its_inbox_without_locks_and_litter_and_its_master(office: Bureau) -> None:
    office.receive(b"12345", "T01.xlsx")
    (office.folder.inbox / "七月").mkdir()
    office.receive(b"1", "七月/T02.xlsx.part")
    for name in ("~$T01.xlsx", ".~lock.T01.xlsx#", ".~T01.xlsx", "Thumbs.db", ".T03.xlsx.tmp"):
        office.receive(b"1", name)
    found = look_at_office(office.root, lambda: DAY)
    assert {Path(name).as_posix(): stamp.size for name, stamp in found.files.items()} == {
        "T01.xlsx": 5,
        "七月/T02.xlsx.part": 1,
    }
    assert found.today == DAY and found.master and found.master.size == office.master.stat().st_size
    assert found.master.changed == office.master.stat().st_mtime_ns
    assert look_at_office(office.root / "没有", lambda: DAY) == Seen(DAY, {})


def test_a_look_at_workbooks_sees_those_that_can_be_checked_in_the_folder_itself(office: Bureau) -> None:
    folder = office.folder.issued
    for name in ("说明.docx", "~$T01.xlsx", "照片.jpg", "表.ET"):
        (folder / name).write_bytes(b"1")
    (folder / "旧的").mkdir()
    (folder / "旧的" / "T09.xlsx").write_bytes(b"1")
    names = {Path(name).name for name in look_at_workbooks(folder, lambda: DAY).files}
    assert names == {*(path.name for path in folder.glob("T*.xlsx")), "表.ET"}
    one = look_at_workbooks(office.issued("T01"), lambda: DAY)
    assert list(one.files) == [str(office.issued("T01"))]
    assert look_at_workbooks(folder / "没有", lambda: DAY).files == {}


def test_a_watch_of_nothing_ends_with_2(tmp_path: Path) -> None:
    for arguments in ((tmp_path,), ("--check", tmp_path / "没有.xlsx")):
        result = call("watch", *arguments)
        assert result.exit_code == 2 and len(result.stderr.splitlines()) == 1 and result.stdout == ""
