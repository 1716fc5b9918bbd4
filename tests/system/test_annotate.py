"""`xingzhi check --annotate`: the findings are written into the workbook, as 校验 of the ribbon writes them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from support.command import run
from support.office import PEOPLE, Bureau, read_lines, sha256, typing

DAY = ("--today", "2026-06-02")


@pytest.fixture
def book(fresh: Bureau, tmp_path: Path) -> Path:
    path = Path(shutil.copy2(fresh.issued("T01"), tmp_path / "我的表.xlsx"))
    with typing(path) as typed:
        typed.add(PEOPLE, {"姓名": "石一", "部门": "办公室", "班子成员": "也许"})
    return path


def annotate(path: Path, *more: str) -> tuple[int, str, str]:
    done = run("check", str(path), "--annotate", *DAY, *more)
    return done.exit_code, done.stdout, done.stderr


def test_the_findings_stand_in_the_workbook(book: Path) -> None:
    code, out, _ = annotate(book)
    assert code == 1 and "已写进“校验结果”" in out
    (line,) = (line for line in read_lines(book, "校验结果") if line["代码"])
    assert (line["代码"], line["工作表"], line["单元格"]) == ("C104", PEOPLE, "E5")
    before = sha256(book)
    assert annotate(book)[0] == 1 and sha256(book) == before


def test_json_says_whether_it_was_written(book: Path) -> None:
    _, out, _ = annotate(book, "--json")
    (each,) = json.loads(out)["files"]
    assert (each["annotated"], each["why"], [found["code"] for found in each["findings"]]) == (True, "", ["C104"])


def test_a_kind_that_cannot_be_written_into_is_told_with_what_to_do(book: Path) -> None:
    other = book.with_suffix(".et")
    book.rename(other)
    before = sha256(other)
    code, out, _ = annotate(other)
    assert code == 2 and "另存为 .xlsx" in out and sha256(other) == before


def test_nothing_is_written_into_what_lies_in_the_office_s_folder(fresh: Bureau) -> None:
    before = sha256(fresh.issued("T01"))
    code, _, err = annotate(fresh.issued("T01"))
    assert code == 2 and "行动办文件夹里的文件不改" in err and sha256(fresh.issued("T01")) == before


def test_nothing_is_written_into_a_workbook_that_somebody_has_open(book: Path) -> None:
    before = sha256(book)
    book.with_name(f"~${book.name}").write_bytes(b"\x06" + "李秘书".encode("gb18030"))
    code, _, err = annotate(book)
    assert code == 2 and "李秘书" in err and sha256(book) == before
