"""The ledger: versions, runs, and what it refuses."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sync.ledger import LEDGER_PATH, RESTORED, Ledger, LedgerError
from sync.records import Change, LedgerRow, Status, StoredRow, Submission, SubmissionStatus
from sync.schema import SCHEMA, SCHEMA_VERSION
from xingzhi.findings import finding
from xingzhi.labels import Label
from xingzhi.record_numbers import ADDED_RANGE, SYNC_RANGE
from xingzhi.rows import Value

DAY = date(2026, 7, 1)
NEXT = date(2026, 8, 1)
STARTED = datetime(2026, 7, 1, 9, 30)
PROGRAMME = "p-2026"
VALUES: dict[str, Value] = {
    "name": "韦青",
    "from": date(2026, 6, 5),
    "expected": 0,
    "role": ("deputy", "liaison"),
    "+备注": "=1+1",
}
ROW = LedgerRow(
    programme=PROGRAMME,
    unit="LD",
    table="people",
    record="LD-RY-0001",
    values=VALUES,
    file="甲.xlsx",
    sheet="人员名册",
    number=5,
    cells={"name": "B5"},
    invalid=frozenset({"phone"}),
    first_received=DAY,
)
SUBMISSION = Submission(
    programme=PROGRAMME,
    unit="LD",
    path="收件/甲.xlsx",
    sha256="aa",
    received=DAY,
    run=1,
    status=SubmissionStatus.ACCEPTED,
    content_hash="cc",
    send=2,
    base_run=1,
    modified=datetime(2026, 6, 30, 8, tzinfo=UTC),
    rows=(StoredRow("people", "", "LD-RY-5001", VALUES), StoredRow("people", "LD-RY-0001", "LD-RY-0001", {})),
    findings=(finding("M101", file="甲.xlsx", name=Label("职务", "Post"), other="乙.xlsx", theirs="科员"),),
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path, create=True) as opened:
        yield opened


def put(ledger: Ledger, *rows: LedgerRow) -> int:
    with ledger.run("sync", DAY, STARTED) as run:
        for row in rows:
            ledger.put(run, row)
    return run


# The file


def test_file_lies_in_the_office_and_needs_no_shared_memory(tmp_path: Path) -> None:
    with Ledger.open(tmp_path, create=True) as ledger:
        put(ledger, ROW)
    assert [path.name for path in (tmp_path / LEDGER_PATH).parent.iterdir()] == ["ledger.sqlite3"]
    connection = sqlite3.connect(tmp_path / LEDGER_PATH)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    connection.close()
    with Ledger.open(tmp_path) as ledger:
        assert ledger.rows(PROGRAMME, "LD") == [ROW]


def test_every_table_that_concerns_a_unit_is_keyed_by_programme_and_unit() -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in tables - {"runs", "state"}:
        columns = {line[1] for line in connection.execute(f"PRAGMA table_info({table})")}
        assert {"programme", "unit"} <= columns, table
    connection.close()


def test_newer_ledger_is_refused(tmp_path: Path) -> None:
    Ledger.open(tmp_path, create=True).close()
    connection = sqlite3.connect(tmp_path / LEDGER_PATH)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(LedgerError, match="newer xingzhi"):
        Ledger.open(tmp_path)


def test_what_is_no_ledger_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="xingzhi init"):
        Ledger.open(tmp_path)
    text = tmp_path / "text"
    text.write_text("not a database, but long enough to be read as one" * 10)
    with pytest.raises(LedgerError, match="cannot be used"):
        Ledger(text)
    other = tmp_path / "other.sqlite3"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE notes (text TEXT)")
    connection.close()
    with pytest.raises(LedgerError, match="not a ledger of"):
        Ledger(other)
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger(text / "below")


# Runs


def test_run_is_kept_on_success(ledger: Ledger) -> None:
    with ledger.run("sync", DAY, STARTED) as run:
        ledger.summarise(run, {"changes": {"inserted": 1}})
    (kept,) = ledger.runs()
    assert (kept.id, kept.kind, kept.today, kept.started) == (run, "sync", DAY, STARTED)
    assert kept.summary == {"changes": {"inserted": 1}}


def test_run_that_fails_leaves_nothing(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError), ledger.run("sync", DAY, STARTED) as run:
        ledger.put(run, ROW)
        ledger.set_state("key", "value")
        raise ZeroDivisionError
    assert (ledger.runs(), ledger.rows(PROGRAMME, "LD"), ledger.state("key")) == ([], [], None)
    assert put(ledger, ROW) == 1


def test_dry_run_leaves_nothing(ledger: Ledger) -> None:
    with ledger.run("sync", DAY, STARTED, dry_run=True) as run:
        ledger.put(run, ROW)
        assert ledger.rows(PROGRAMME, "LD") == [ROW]
    assert (ledger.runs(), ledger.rows(PROGRAMME, "LD")) == ([], [])


def test_one_run_at_a_time(ledger: Ledger) -> None:
    with (
        ledger.run("sync", DAY, STARTED),
        pytest.raises(LedgerError, match="in use"),
        ledger.run("sync", DAY, STARTED),
    ):
        pass


def test_nothing_is_written_outside_a_run(ledger: Ledger) -> None:
    for write in (
        lambda: ledger.put(1, ROW),
        lambda: ledger.set_state("key", "value"),
        lambda: ledger.next_serial(PROGRAMME, "LD", "people"),
        lambda: ledger.add_submission(SUBMISSION),
        lambda: ledger.replace_office_values(1, PROGRAMME, "LD", {}),
    ):
        with pytest.raises(RuntimeError, match="outside a run"):
            write()


def test_rows_belong_to_a_run_that_exists(ledger: Ledger) -> None:
    with pytest.raises(sqlite3.IntegrityError), ledger.run("sync", DAY, STARTED):
        ledger.put(99, ROW)


# Rows


def test_row_comes_back_as_it_was(ledger: Ledger) -> None:
    put(ledger, ROW)
    (row,) = ledger.rows(PROGRAMME, "LD")
    assert row == ROW
    assert row.values == VALUES


def test_rows_as_of_a_run(ledger: Ledger) -> None:
    first = put(ledger, ROW)
    changed = replace(ROW, values={"name": "韦青"}, status=Status.MISSING)
    second = put(ledger, changed)
    third = put(ledger, replace(changed, status=Status.ACTIVE))
    assert ledger.rows(PROGRAMME, "LD", as_of=first - 1) == []
    assert ledger.rows(PROGRAMME, "LD", as_of=first) == [ROW]
    assert ledger.rows(PROGRAMME, "LD", as_of=second) == [changed]
    assert ledger.rows(PROGRAMME, "LD", as_of=third)[0].status is Status.ACTIVE
    assert ledger.rows(PROGRAMME, "LD") == ledger.rows(PROGRAMME, "LD", as_of=third)


def test_put_says_whether_anything_changed(ledger: Ledger) -> None:
    first = put(ledger, ROW)
    with ledger.run("sync", DAY, STARTED) as run:
        assert not ledger.put(run, ROW)
        moved = replace(ROW, file="乙.xlsx", number=9, cells={"name": "B9"})
        assert not ledger.put(run, moved)
    assert ledger.rows(PROGRAMME, "LD") == ledger.rows(PROGRAMME, "LD", as_of=first) == [moved]
    with ledger.run("sync", DAY, STARTED) as run:
        assert ledger.put(run, replace(moved, invalid=frozenset()))
        assert ledger.put(run, replace(moved, values={"name": "韦清"})), "two files of one run make one version"
    assert ledger.rows(PROGRAMME, "LD")[0].values == {"name": "韦清"}
    assert ledger.rows(PROGRAMME, "LD", as_of=first) == [moved]


def test_number_was_borne_also_by_a_row_that_is_gone(ledger: Ledger) -> None:
    put(ledger, replace(ROW, status=Status.WITHDRAWN))
    assert ledger.has_record(PROGRAMME, "LD", "people", ROW.record)
    assert not ledger.has_record(PROGRAMME, "MZ", "people", ROW.record)


def test_blank_cells_are_no_change(ledger: Ledger) -> None:
    put(ledger, replace(ROW, values={"name": "韦青"}))
    with ledger.run("sync", DAY, STARTED) as run:
        assert not ledger.put(run, replace(ROW, values={"name": "韦青", "post": None, "note": ""}))


def test_first_receipt_is_the_earliest(ledger: Ledger) -> None:
    put(ledger, replace(ROW, first_received=None))
    assert ledger.receipts(PROGRAMME, "LD") == {}
    put(ledger, replace(ROW, first_received=NEXT))
    put(ledger, replace(ROW, first_received=DAY))
    put(ledger, replace(ROW, values={"name": "韦清"}, first_received=NEXT))
    put(ledger, replace(ROW, first_received=None))
    assert ledger.receipts(PROGRAMME, "LD") == {"LD-RY-0001": DAY}


def test_units_and_programmes_stay_apart(ledger: Ledger) -> None:
    rows = [ROW, replace(ROW, unit="MZ"), replace(ROW, programme="q-2026")]
    put(ledger, *rows)
    assert ledger.rows(PROGRAMME, "LD") == [ROW]
    assert ledger.all_rows(PROGRAMME) == rows[:2]
    assert ledger.rows("q-2026", "MZ") == []


def test_office_values_as_of_a_run(ledger: Ledger) -> None:
    key = ("reports", "LD-BS-0001")
    runs = []
    values: list[dict[str, Value]] = [
        {"accepted": "yes", "received_on": DAY},
        {"accepted": "no", "received_on": DAY},
        {"received_on": DAY, "accepted": None},
    ]
    for each in values:
        with ledger.run("sync", DAY, STARTED) as run:
            ledger.replace_office_values(run, PROGRAMME, "LD", {key: each})
        runs.append(run)
    assert [ledger.office_values(PROGRAMME, "LD", as_of=run) for run in runs] == [
        {key: {"accepted": "yes", "received_on": DAY}},
        {key: {"accepted": "no", "received_on": DAY}},
        {key: {"received_on": DAY}},
    ]
    with ledger.run("sync", DAY, STARTED) as run:
        ledger.replace_office_values(run, PROGRAMME, "LD", {key: {"accepted": "yes"}})
        ledger.replace_office_values(run, PROGRAMME, "LD", {key: {"accepted": "no"}})
        ledger.replace_office_values(run, PROGRAMME, "LD", {})
    assert ledger.office_values(PROGRAMME, "LD") == {}
    assert ledger.office_values(PROGRAMME, "LD", as_of=runs[-1]) == {key: {"received_on": DAY}}
    assert ledger.office_values(PROGRAMME, "MZ") == {}


def test_serials_never_meet_printed_ones_nor_come_twice(ledger: Ledger) -> None:
    with ledger.run("issue", DAY, STARTED):
        ledger.set_issued_serial(PROGRAMME, "LD", "people", 100)
        assert [ledger.next_serial(PROGRAMME, "LD", "people") for _ in range(2)] == [SYNC_RANGE, SYNC_RANGE + 1]
        ledger.set_issued_serial(PROGRAMME, "LD", "people", 90)
        assert ledger.issued_serial(PROGRAMME, "LD", "people") == 100
        assert ledger.next_serial(PROGRAMME, "LD", "people") == SYNC_RANGE + 2
        assert ledger.next_serial(PROGRAMME, "MZ", "people") == SYNC_RANGE
        assert ledger.next_serial(PROGRAMME, "LD", "reports") == SYNC_RANGE
        assert ledger.issued_serial(PROGRAMME, "MZ", "people") == 0
        assert ledger.issued_serials(PROGRAMME, "LD") == {"people": 100}
        assert ledger.issued_serials(PROGRAMME, "MZ") == {}
        with pytest.raises(LedgerError, match="numbers"):
            ledger.set_issued_serial(PROGRAMME, "LD", "people", ADDED_RANGE)


# The journal


def test_submission_comes_back_as_it_was(ledger: Ledger) -> None:
    with ledger.run("sync", DAY, STARTED):
        assert ledger.add_submission(SUBMISSION) == SUBMISSION
    assert ledger.submissions(PROGRAMME, "LD") == [SUBMISSION]
    assert ledger.submissions(PROGRAMME, "MZ") == []


def test_submissions_by_content_and_by_path(ledger: Ledger) -> None:
    moved = replace(SUBMISSION, path="收件/乙.xlsx", received=NEXT, status=SubmissionStatus.DUPLICATE)
    newer = replace(SUBMISSION, sha256="bb", received=NEXT)
    with ledger.run("sync", DAY, STARTED):
        for each in (SUBMISSION, newer, moved):
            ledger.add_submission(each)
    seen = replace(moved, received=DAY)
    assert ledger.submissions(PROGRAMME, "LD") == [SUBMISSION, newer, seen]
    assert ledger.submissions_with(PROGRAMME, "LD", "aa") == [SUBMISSION, seen]
    assert ledger.submission_at(PROGRAMME, "LD", "收件/甲.xlsx") == newer
    assert ledger.submission_at(PROGRAMME, "LD", "收件/丙.xlsx") is None
    with ledger.run("sync", NEXT, STARTED):
        ledger.set_submission_status(PROGRAMME, "LD", newer.path, "bb", SubmissionStatus.SUPERSEDED)
        ledger.add_submission(replace(SUBMISSION, received=NEXT))
    assert ledger.submissions(PROGRAMME, "LD") == [
        replace(newer, status=SubmissionStatus.SUPERSEDED),
        seen,
        SUBMISSION,
    ]


def test_issued_workbooks_name_their_run(ledger: Ledger) -> None:
    for sha256 in ("aa", "bb"):
        with ledger.run("issue", DAY, STARTED) as run:
            ledger.add_issued(run, PROGRAMME, "LD", sha256)
            ledger.add_issued(run, PROGRAMME, "LD", sha256)
    assert ledger.issued(PROGRAMME, "LD") == {"aa": 1, "bb": 2}
    assert ledger.issued(PROGRAMME, "MZ") == {}


def test_findings_and_changes_of_a_run(ledger: Ledger) -> None:
    found = [
        finding("F107", programme=PROGRAMME, unit="LD"),
        finding("M101", programme=PROGRAMME, unit="LD", record="LD-RY-0001", name=Label("职务", "Post"), theirs="科员"),
    ]
    change = Change(PROGRAMME, "LD", "people", "LD-RY-0001", "post", "updated", "科员", "股长", "甲.xlsx")
    other = replace(change, unit="MZ", kind="proposed")
    with ledger.run("sync", DAY, STARTED) as run:
        ledger.add_findings(run, PROGRAMME, "LD", found)
        ledger.add_findings(run, PROGRAMME, "MZ", found[:1])
        ledger.add_changes(run, [change, other])
    assert ledger.findings(run, PROGRAMME, "LD") == found
    assert ledger.findings(run) == [*found, found[0]]
    assert ledger.changes(run) == [change, other]
    assert ledger.changes(run, PROGRAMME, "MZ") == [other]
    assert ledger.changes(run + 1) == []


def test_state_as_of_a_run(ledger: Ledger) -> None:
    runs = []
    for value in ("one", "one", "two"):
        with ledger.run("sync", DAY, STARTED) as run:
            ledger.set_state("master", "never seen")
            ledger.set_state("master", value)
        runs.append(run)
    assert ledger.state("master") == "two"
    assert [ledger.state("master", as_of=run) for run in (0, *runs)] == [None, "one", "one", "two"]


# Restores


def restored(ledger: Ledger, number: int) -> int:
    with ledger.run("restore", DAY, STARTED) as run:
        ledger.summarise(run, {RESTORED: number})
    return run


def test_a_row_that_is_dropped_is_gone_but_its_number_stays_taken(ledger: Ledger) -> None:
    first = put(ledger, ROW)
    with ledger.run("restore", DAY, STARTED) as run:
        ledger.drop(run, ROW)
    assert ledger.rows(PROGRAMME, "LD") == [] and ledger.rows(PROGRAMME, "LD", as_of=first) == [ROW]
    assert ledger.has_record(PROGRAMME, "LD", "people", ROW.record)
    with ledger.run("sync", DAY, STARTED) as run:
        ledger.put(run, replace(ROW, record="LD-RY-0002"))
        ledger.drop(run, replace(ROW, record="LD-RY-0002"))
        ledger.put(run, ROW)
    assert ledger.rows(PROGRAMME, "LD") == [ROW]
    assert ledger.written_units(PROGRAMME) == ["LD"]


def test_a_restore_undoes_the_merging_of_files_and_another_redoes_it(ledger: Ledger) -> None:
    for path in "甲乙丙":
        with ledger.run("sync", DAY, STARTED) as run:
            ledger.add_submission(replace(SUBMISSION, path=path, sha256=path, run=run))

    def standing() -> str:
        return "".join(each.path for each in ledger.standing_submissions(PROGRAMME, "LD"))

    assert standing() == "甲乙丙"
    assert restored(ledger, 1) == 4 and standing() == "甲"
    with ledger.run("sync", DAY, STARTED) as run:
        ledger.add_submission(replace(SUBMISSION, path="丁", sha256="丁", run=run))
    assert standing() == "甲丁"
    restored(ledger, 3)
    assert standing() == "甲乙丙"
    restored(ledger, 5)
    assert standing() == "甲丁"
