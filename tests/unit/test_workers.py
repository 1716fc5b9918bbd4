"""A file that takes too much memory, too much time, or says too much ends its worker and nothing else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from support.codes import covers

from workbook_files.limits import MEGABYTE, Limits
from workbook_files.workers import read_all
from xingzhi.findings import Finding
from xingzhi.labels import Lang

FILES = ("甲.xlsx", "坏.xlsx", "乙.xlsx")


def greedy(path: Path) -> str:
    """Takes a gigabyte, touched, for one file."""
    if path.name == "坏.xlsx":
        held = bytearray(1024 * MEGABYTE)
        held[::4096] = b"x" * len(held[::4096])
        time.sleep(5)
    return path.name


def slow(path: Path) -> str:
    """Hangs on one file."""
    if path.name == "坏.xlsx":
        time.sleep(600)
    return path.name


def talkative(path: Path) -> str:
    """Says more of one file than the main process wants to hold."""
    return "x" * 3_000_000 if path.name == "坏.xlsx" else path.name


def run(task: Callable[[Path], str], tmp_path: Path, limits: Limits, watched: bool | None = None) -> Finding:
    paths = [tmp_path / name for name in FILES]
    read: dict[Path, object] = dict(read_all(paths, task, workers=2, limits=limits, watched=watched))
    assert read[paths[0]] == "甲.xlsx" and read[paths[2]] == "乙.xlsx"
    found = read[paths[1]]
    assert isinstance(found, Finding) and found.file == "坏.xlsx"
    return found


@covers("F105")
@pytest.mark.parametrize(
    "watched",
    [
        pytest.param(
            False, marks=pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no such limit here")
        ),
        True,
    ],
    ids=["by the system", "by the watchdog"],
)
def test_a_file_that_takes_too_much_memory(tmp_path: Path, watched: bool) -> None:
    found = run(greedy, tmp_path, Limits(memory=256 * MEGABYTE, seconds=30), watched)
    assert found.code == "F105" and "256" in found.message(Lang.ZH)


@covers("F105")
def test_a_file_that_takes_too_long(tmp_path: Path) -> None:
    start = time.monotonic()
    found = run(slow, tmp_path, Limits(seconds=2))
    assert found.code == "F105" and "2 秒" in found.message(Lang.ZH)
    assert time.monotonic() - start < 60


@covers("F104")
def test_a_file_of_which_too_much_is_said_never_reaches_the_main_process(tmp_path: Path) -> None:
    found = run(talkative, tmp_path, Limits(result=MEGABYTE))
    assert found.code == "F104" and "1.0 MB" in found.message(Lang.ZH)


def test_no_worker_outlives_the_reading(tmp_path: Path) -> None:
    run(slow, tmp_path, Limits(seconds=1))
    alive = [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]
    assert alive == []
