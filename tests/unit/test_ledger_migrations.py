"""Ledgers of earlier versions: taken to the present one with all that they hold, or left as they were."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime
from pathlib import Path

import pytest

from sync.ledger import LEDGER_PATH, Ledger, LedgerError
from sync.schema import SCHEMA_VERSION

SUPPORT = Path(__file__).resolve().parents[1] / "support"
DAY, STARTED = date(2026, 7, 1), datetime(2026, 7, 1, 9, 30)
HELD = """
INSERT INTO runs VALUES (1, 'init', '2026-06-01', '2026-06-01T09:30:00', '{}');
INSERT INTO runs VALUES (2, 'sync', '2026-07-01', '2026-07-01T09:30:00', '{"accepted": 1}');
INSERT INTO state VALUES ('master_run', '2'), ('office_sheets', '{"units": 1}');
INSERT INTO row_versions VALUES
    ('p-2026', 'LD', 'people', 'LD-RY-0001', 2, NULL, '{"name": "韦青"}', 'active', '甲.xlsx', '人员名册', 5, '{}', '[]', NULL);
INSERT INTO office_values VALUES ('p-2026', 'LD', 'people', 'LD-RY-0001', '+分组', 2, NULL, '{"value": "甲组"}');
INSERT INTO changes VALUES (1, 2, 'p-2026', 'LD', 'people', 'LD-RY-0001', '', 'inserted', '', '', '甲.xlsx');
"""


def old_ledger(office: Path, version: int) -> Path:
    """A ledger as that version left it, with two runs and what they brought."""
    path = office / LEDGER_PATH
    path.parent.mkdir(parents=True)
    connection = sqlite3.connect(path)
    connection.executescript((SUPPORT / f"ledger_v{version}.sql").read_text(encoding="utf-8") + HELD)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.commit()
    connection.close()
    return path


def definition(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Each table's columns and what they refer to, and the kinds of run that are allowed."""
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {
        name: sorted(
            [(line[1:4], line[5]) for line in connection.execute(f"PRAGMA table_info({name})")]
            + [line[2:5] for line in connection.execute(f"PRAGMA foreign_key_list({name})")],
            key=repr,
        )
        for name in names
    }
    connection.close()
    return found


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_ledger_becomes_what_a_new_one_is_and_keeps_what_it_holds(tmp_path: Path, version: int) -> None:
    path = old_ledger(tmp_path / "old", version)
    with Ledger.open(tmp_path / "old") as ledger:
        assert [(run.id, run.kind, run.summary) for run in ledger.runs()] == [
            (1, "init", {}),
            (2, "sync", {"accepted": 1}),
        ]
        assert [row.values for row in ledger.rows("p-2026", "LD")] == [{"name": "韦青"}]
        assert ledger.office_values("p-2026", "LD") == {("people", "LD-RY-0001"): {"+分组": "甲组"}}
        assert [change.kind for change in ledger.changes(2)] == ["inserted"]
        # What was kept before it was kept as versions is known of the last run alone.
        assert [ledger.state("office_sheets", as_of=run) for run in (1, 2, None)] == [None, *['{"units": 1}'] * 2]
        with ledger.run("restore", DAY, STARTED) as run:
            ledger.set_state("office_sheets", "{}")
        assert (run, ledger.state("office_sheets", as_of=2), ledger.state("office_sheets")) == (3, '{"units": 1}', "{}")
    with Ledger.open(tmp_path / "old") as ledger:
        assert ledger.runs()[-1].kind == "restore"
        with pytest.raises(sqlite3.IntegrityError), ledger.run("sync", DAY, STARTED):
            ledger.drop(99, ledger.rows("p-2026", "LD")[0])
    Ledger.open(tmp_path / "new", create=True).close()
    assert definition(path) == definition(tmp_path / "new" / LEDGER_PATH)


@pytest.mark.parametrize("version", [1, 2])
def test_a_ledger_whose_migration_fails_stays_as_it_was(tmp_path: Path, version: int) -> None:
    path = old_ledger(tmp_path, version)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE new_state (text TEXT)")
    connection.commit()
    connection.close()
    with pytest.raises(LedgerError):
        Ledger.open(tmp_path)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    assert connection.execute("SELECT value FROM state WHERE key = 'master_run'").fetchall() == [("2",)]
    assert connection.execute("SELECT COUNT(*) FROM runs").fetchone() == (2,)
    connection.close()
