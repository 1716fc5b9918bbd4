"""What the command prints for programs: one object with exactly the keys that are promised, and calendars."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import icalendar
from support.command import TODAY, json_of, run
from support.office import FIRST_UNIT, INSTANCE, PEOPLE, PROGRAMME, Bureau

from workbook_templates.tables.registry import TABLES

CLEAN_UNIT = {PEOPLE: [{"姓名": "石一", "部门": "办公室", "班子成员": "是"}]}


def test_the_json_of_sync(office: Bureau) -> None:
    office.filled("T02", {PEOPLE: [{"姓名": "柳一", "部门": "办公室", "班子成员": "是"}]})
    office.receive(b"", "空的.xlsx")
    said = json_of("sync", office.root, "--json", *TODAY, "--workers", 1)
    assert set(said) == {"run", "programme", "master", "units", "unmatched", "tables", "changes", "overdue"}
    assert [unit["status"] for unit in said["units"]] == ["unchanged", "accepted", "missing"]
    for unit in said["units"]:
        assert set(unit) == {"programme", "code", "name", "status", "file", "sha256", "findings"}
        assert set(unit["findings"]) == {"error", "warning", "info"}
    assert [(each["file"], each["code"]) for each in said["unmatched"]] == [("空的.xlsx", "F102")]
    assert list(said["tables"]) == [table.key for table in TABLES] and len(TABLES) == 12
    assert said["changes"] == {"inserted": 1, "updated": 0, "withdrawn": 0}
    assert {each["programme"] for each in (*said["units"], *said["unmatched"])} == {INSTANCE}
    assert Path(said["master"]).exists()


def test_the_json_of_status(office: Bureau) -> None:
    office.filled("T02", CLEAN_UNIT)
    said = json_of("status", office.root, "--json", *TODAY)
    assert set(said) == {"today", "units", "overdue", "waiting"}
    assert said["waiting"] == 1
    for unit in said["units"]:
        assert set(unit) == {"programme", "unit", "name", "received", "file", "overdue", "soon", "findings"}
    assert [unit["received"] for unit in said["units"]] == ["2026-06-24", None, None]
    assert sorted((each["unit"], each["requirement"]) for each in said["overdue"]) == [
        (unit, requirement) for unit in ("T01", "T02", "T03") for requirement in ("T01", "T02")
    ]
    assert {each["programme"] for each in (*said["units"], *said["overdue"])} == {INSTANCE}


def test_the_json_of_issue(fresh: Bureau) -> None:
    said = json_of("issue", fresh.root, "--unit", "T03", "--json")
    (item,) = said["issued"]
    assert set(item) == {"programme", "unit", "name", "file"}
    assert (item["programme"], item["unit"], item["name"]) == (INSTANCE, "T03", "白沙镇民政办")
    assert Path(item["file"]).exists()


def test_the_json_of_check(fresh: Bureau) -> None:
    path = fresh.filled("T02", {PEOPLE: [{"姓名": "柳一", "班子成员": "是"}]})
    said = json_of("check", path, "--json", "--today", "2026-06-03", "--workers", 1)
    assert set(said) == {"files"}
    (file,) = said["files"]
    assert set(file) == {"file", "unit", "programme", "year", "template_version", "findings", "summary"}
    assert (file["unit"], file["programme"], file["year"]) == ("T02", INSTANCE, 2026)
    (found,) = file["findings"]
    wanted = {"code", "severity", "sheet", "cell", "value", "message", "remedy"}
    assert set(found) == wanted | {"programme", "unit"}
    assert (found["code"], found["severity"], found["sheet"], found["cell"]) == ("C101", "error", PEOPLE, "C5")
    assert file["summary"] == {"error": 1, "warning": 0, "info": 0}


def test_the_json_of_deadlines_has_the_days_of_2026(fresh: Bureau) -> None:
    said = json_of("deadlines", fresh.root, "--json", *TODAY)
    assert set(said) == {"today", "items"} and said["today"] == "2026-06-24"
    keys = {"requirement", "title", "unit", "subject", "period", "due", "provisional", "min", "max", "done"}
    for item in said["items"]:
        assert set(item) == keys | {"submitted", "received", "days_late", "state", "programme"}
        assert item["programme"] == INSTANCE
    ours = [item for item in said["items"] if item["unit"] == "T01"]
    days = [item["due"] for item in ours if item["requirement"] == "T22"]
    year = ["2026-06-25", "2026-07-24", "2026-08-25", "2026-09-24", "2026-10-23", "2026-11-25", "2026-12-25"]
    assert days == year
    assert [item["due"] for item in ours if item["requirement"] == "T04"] == ["2026-06-30"]
    (june,) = (item for item in ours if item["period"] == "2026-06")
    assert (june["state"], june["min"], june["done"], june["provisional"]) == ("soon", 1, 0, False)


def test_the_deadlines_of_a_workbook_are_those_of_its_unit(fresh: Bureau) -> None:
    path = fresh.filled("T01", FIRST_UNIT)
    said = json_of("deadlines", path, "--json", *TODAY)
    assert {item["unit"] for item in said["items"]} == {"T01"}
    (june,) = (item for item in said["items"] if item["period"] == "2026-06" and item["requirement"] == "T22")
    assert (june["state"], june["submitted"], june["received"]) == ("done", "2026-06-23", None)


def test_the_json_of_programmes() -> None:
    (profile,) = json_of("programmes", PROGRAMME, "--json")["programmes"]
    assert profile["id"] == PROGRAMME and len(profile["requirements"]) == 25


def test_the_calendar_can_be_read_by_any_calendar(fresh: Bureau, tmp_path: Path) -> None:
    fresh.filled("T01", FIRST_UNIT)
    fresh.sync()
    path = tmp_path / "应报.ics"
    said = json_of("deadlines", fresh.root, "--ics", path, "--json", *TODAY)
    events = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    owed = [item for item in said["items"] if item["state"] not in ("done", "done_late", "waived")]
    assert sorted(event.decoded("dtstart") for event in events) == sorted(date.fromisoformat(i["due"]) for i in owed)
    assert len({str(event["uid"]) for event in events}) == len(events)
    # T01 has reported for June, T02 has not.
    june = [text for event in events if {"T22", "2026-06"} <= set((text := str(event["summary"])).split())]
    assert len(june) == 2 and not any("[T01]" in each for each in june)
    run("deadlines", fresh.root, "--ics", tmp_path / "又.ics", *TODAY)
    assert (tmp_path / "又.ics").read_bytes() == path.read_bytes()
