"""Explanations: how they are read, merged, kept as versions, and how an older ledger comes to hold them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from sync.explanations import merge_explanations, short_key
from sync.ledger import LEDGER_PATH, Ledger, LedgerError
from sync.records import Submission, SubmissionStatus
from sync.schema import SCHEMA_VERSION
from workbook_templates.explanations import read_explanations
from xingzhi.grid import CellValue, Grid, Sheet

OLD = (Path(__file__).resolve().parents[1] / "support" / "ledger_v1.sql").read_text(encoding="utf-8")
DAY, STARTED = date(2026, 7, 1), datetime(2026, 7, 1, 9, 30)


def grid(*rows: Sequence[CellValue], name: str = "校验结果") -> Grid:
    return Grid("甲.xlsx", (Sheet(name, rows),))


# Read


def test_explanations_are_read_by_their_headers_in_whatever_order() -> None:
    rows: list[list[CellValue]] = [
        ["校验结果"],
        [],
        ["标识", "代码", "单位说明"],
        ["k2", "C105", " 属实 "],
        [],
        ["k1", "Q101", None],
    ]
    assert read_explanations(grid(*rows)) == {"k2": "属实", "k1": ""}
    assert read_explanations(grid(["Unit explanation", "Key"], [12.0, "k1"], name="Findings")) == {"k1": "12"}


def test_two_findings_of_one_key_share_what_is_said_of_either() -> None:
    rows: list[list[CellValue]] = [
        ["单位说明", "标识"],
        ["甲", "k"],
        [None, "k"],
        ["乙", "k"],
        ["甲", "m"],
        ["甲", "m"],
    ]
    assert read_explanations(grid(*rows)) == {"k": "甲；乙", "m": "甲"}


@pytest.mark.parametrize(
    "rows",
    [[["代码", "单位说明"], ["C105", "属实"]], [["单位说明", "标识"], ["属实", None], ["属实"]], [], [["标识"], ["k"]]],
    ids=["no key column", "no keys", "empty", "no explanations"],
)
def test_without_its_key_a_text_belongs_to_no_finding(rows: list[list[CellValue]]) -> None:
    assert read_explanations(grid(*rows)) == {}


def test_a_renamed_sheet_is_known_by_its_headers_unless_the_right_one_is_there() -> None:
    assert read_explanations(grid(["单位说明", "标识"], ["属实", "k"], name="核对结果")) == {"k": "属实"}
    copy, right = grid(["单位说明", "标识"], ["旧话", "k"], name="旧"), grid(["单位说明", "标识"], ["属实", "k"])
    both = Grid("甲.xlsx", (*copy.sheets, *right.sheets))
    assert read_explanations(both) == {"k": "属实"}


# Merge


@pytest.mark.parametrize(
    ("said", "base", "current", "changed"),
    [
        ("属实", "", "", ("", "属实")),
        ("属实", "", "有误", ("有误", "属实")),
        ("有误", "属实", "属实", ("属实", "有误")),
        ("属实", "属实", "有误", None),
        ("属实", "", "属实", None),
        ("", "属实", "属实", ("属实", "")),
        ("", "属实", "有误", None),
        ("", "", "有误", None),
        ("", "", "", None),
    ],
    ids=[
        "new",
        "newer",
        "changed",
        "only as it was printed",
        "both say so",
        "taken back",
        "taken back, another speaks",
        "never said",
        "nothing",
    ],
)
def test_a_text_replaces_and_a_blank_takes_back_only_what_stood_there(
    said: str, base: str, current: str, changed: tuple[str, str] | None
) -> None:
    found = merge_explanations({"k": said}, base={"k": base}, current={"k": current} if current else {})
    assert found == ({"k": changed} if changed else {})


def test_what_a_file_does_not_list_it_says_nothing_of() -> None:
    assert merge_explanations({}, base={"k": "属实"}, current={"k": "属实"}) == {}


@pytest.mark.parametrize(
    ("key", "short"),
    [
        ("C105|schedule|T01-HD-0001|expected", "C105 T01-HD-0001"),
        ("Q101|T22||2026-06", "Q101 T22 2026-06"),
        ("S104||人员名册!B7|", "S104 人员名册!B7"),
    ],
)
def test_a_key_is_told_by_its_record_or_requirement(key: str, short: str) -> None:
    assert short_key(key) == short


# Keep


def say(ledger: Ledger, text: str, *more: str) -> int:
    with ledger.run("sync", DAY, STARTED) as run:
        for each in (text, *more):
            ledger.put_explanation(run, "p-2026", "LD", "k", each, "收件/甲.xlsx")
    return run


def test_explanations_are_kept_as_versions(tmp_path: Path) -> None:
    with Ledger.open(tmp_path, create=True) as ledger:
        first, second, third = say(ledger, "属实"), say(ledger, "有误", "笔误"), say(ledger, "")
        told = [ledger.explanations("p-2026", "LD", as_of=run) for run in (first, second, third)]
        assert told == [{"k": "属实"}, {"k": "笔误"}, {}] and ledger.explanations("p-2026", "LD") == {}
        assert ledger.explanations("p-2026", "MZ", as_of=first) == {}
        with pytest.raises(RuntimeError):
            ledger.put_explanation(1, "p-2026", "LD", "k", "属实", "收件/甲.xlsx")


# An older ledger


def old_ledger(office: Path) -> Path:
    """A ledger as the first version left it, with one run and one file in it."""
    path = office / LEDGER_PATH
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.executescript(OLD)
    connection.execute("INSERT INTO runs VALUES (1, 'sync', '2026-07-01', '2026-07-01T09:30:00', '{}')")
    values = ("p-2026", "LD", "收件/甲.xlsx", "aa", "cc", "2026-07-01", 0, 0, None, 1, "accepted", "[]", "[]")
    places = "position, programme, unit, path, sha256, content_hash, received, send, base_run, modified, run, status"
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO submissions ({places}, rows, findings) VALUES (1, {marks})", values)
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    return path


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The columns of each table by name, in whatever order."""
    connection = sqlite3.connect(path)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {name: sorted(line[1:] for line in connection.execute(f"PRAGMA table_info({name})")) for name in names}
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    connection.close()
    return found


def test_an_older_ledger_becomes_what_a_new_one_is_and_keeps_what_it_holds(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    path = old_ledger(tmp_path / "old")
    with Ledger.open(tmp_path / "old") as ledger:
        (held,) = ledger.submissions("p-2026", "LD")
        assert (held.path, held.status, held.explanations) == ("收件/甲.xlsx", SubmissionStatus.ACCEPTED, {})
        assert [run.id for run in ledger.runs()] == [1]
        say(ledger, "属实")
    with Ledger.open(tmp_path / "old") as ledger:
        assert ledger.explanations("p-2026", "LD") == {"k": "属实"}
    Ledger.open(tmp_path / "new", create=True).close()
    assert {name: [line[:-1] for line in columns] for name, columns in tables(path).items()} == {
        name: [line[:-1] for line in columns] for name, columns in tables(tmp_path / "new" / LEDGER_PATH).items()
    }


def test_a_ledger_that_cannot_be_taken_on_stays_as_it_was(tmp_path: Path) -> None:
    path = old_ledger(tmp_path)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE explanations (text TEXT)")
    connection.commit()
    connection.close()
    with pytest.raises(LedgerError):
        Ledger.open(tmp_path)
    connection = sqlite3.connect(path)
    columns = [line[1] for line in connection.execute("PRAGMA table_info(submissions)")]
    assert "explanations" not in columns
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()


def test_a_submission_keeps_what_it_says_of_findings(tmp_path: Path) -> None:
    said = Submission(
        "p-2026", "LD", "收件/甲.xlsx", "aa", DAY, 1, SubmissionStatus.ACCEPTED, explanations={"k": "属实"}
    )
    with Ledger.open(tmp_path, create=True) as ledger:
        with ledger.run("sync", DAY, STARTED):
            ledger.add_submission(said)
        assert ledger.submissions("p-2026", "LD") == [said]
