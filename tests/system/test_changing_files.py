"""Files of the inbox that are replaced, written to or taken away while a run reads them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from support.codes import covers
from support.office import FIRST_UNIT, Bureau, codes, fresh_office, statuses

from sync.inbox import ReadSpec, Received, read_files, read_received
from workbook_files.limits import Limits
from workbook_files.reader import read_grid
from xingzhi.findings import Finding
from xingzhi.grid import Grid
from xingzhi.windows import Window


@pytest.fixture
def office(tmp_path: Path) -> Bureau:
    """Workbooks are issued, nothing is received."""
    return fresh_office(tmp_path / "行动办")


@pytest.mark.parametrize("before", [False, True], ids=["first", "renewed"])
def test_a_file_replaced_after_it_was_read_is_read_again(
    office: Bureau, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: bool
) -> None:
    path = office.filled("T01", {}, "青石镇民政办.xlsx")
    empty = shutil.copy(path, tmp_path / "空.xlsx")
    if before:
        office.sync()
    # The same rows in other bytes are written down as a renewed file.
    full = shutil.copy(office.filled("T01", FIRST_UNIT, path.name), tmp_path / "满.xlsx")
    shutil.copy(empty, path)
    with path.open("ab") as stream:
        stream.write(b"\0" if before else b"")

    def slow(paths: Sequence[Path], spec: ReadSpec, workers: int) -> Iterator[Received]:
        yield from read_files(paths, spec, workers)
        shutil.copy(full, path)

    with monkeypatch.context() as patch:
        patch.setattr("sync.run.read_files", slow)
        office.sync()
    assert office.sync().tables["people"] == len(FIRST_UNIT["人员名册"])


def test_a_file_taken_away_after_it_was_read_ends_no_run(office: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    path = office.filled("T01", FIRST_UNIT, "青石镇民政办.xlsx")

    def slow(paths: Sequence[Path], spec: ReadSpec, workers: int) -> Iterator[Received]:
        yield from read_files(paths, spec, workers)
        path.unlink()

    with monkeypatch.context() as patch:
        patch.setattr("sync.run.read_files", slow)
        assert statuses(office.sync())["T01"] == "accepted"


@covers("F120")
def test_a_file_written_to_while_it_is_read_is_left_for_the_next_run(
    office: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.filled("T01", FIRST_UNIT, "青石镇民政办.xlsx")

    def meanwhile(each: Path, limits: Limits) -> tuple[Grid | None, list[Finding]]:
        grid, findings = read_grid(each, limits)
        each.write_bytes(each.read_bytes() + b"\0")
        return grid, findings

    def here(paths: Sequence[Path], spec: ReadSpec, workers: int) -> Iterator[Received]:
        return (read_received(each, spec) for each in paths)

    with monkeypatch.context() as patch:
        patch.setattr("sync.inbox.read_grid", meanwhile)
        patch.setattr("sync.run.read_files", here)
        assert codes(office.sync(), "T01") == ["F120"]
    assert statuses(office.sync())["T01"] == "accepted"


def test_a_file_that_is_gone_when_it_is_read_is_a_finding(tmp_path: Path) -> None:
    spec = ReadSpec((), Window(date(2026, 6, 1), date(2027, 1, 31)))
    received = read_received(tmp_path / "没有.xlsx", spec)
    assert [each.code for each in received.findings] == ["F101"] and received.sha256 == ""
