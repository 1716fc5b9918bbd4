"""The macros' log: what failed is in it with its traceback, it stays small, and it never fails itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from addin import log


def fail() -> BaseException:
    try:
        raise ValueError("什么都没有")
    except ValueError as error:
        return error


def test_a_failure_is_written_with_its_traceback(tmp_path: Path) -> None:
    path = tmp_path / "new" / "xingzhi.log"
    assert log.log_failure("check", fail(), path) == path
    written = path.read_text(encoding="utf-8")
    assert "check" in written and "ValueError: 什么都没有" in written and "in fail" in written


def test_a_log_that_grew_is_put_aside_and_two_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "SIZE", 2_000)
    path = tmp_path / "xingzhi.log"
    for _ in range(60):
        log.log_failure("check", fail(), path)
    there = sorted(each.name for each in tmp_path.iterdir())
    assert there == ["xingzhi.log", "xingzhi.log.1", "xingzhi.log.2"]
    assert all(each.stat().st_size <= 2_000 for each in tmp_path.iterdir())


def test_where_no_log_can_be_written_nothing_is_raised(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert log.log_failure("check", fail(), tmp_path / "file" / "xingzhi.log") is None


def test_the_log_lies_in_the_user_s_own_folders() -> None:
    assert log.log_file().is_relative_to(Path.home()) and log.log_file().name == "xingzhi.log"
