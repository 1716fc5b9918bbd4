"""The demo's units: the same for the same seed, whatever the process; every story is told; good ones have no faults."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from support.terms import items, records, shipped

from sync import demo_names as names
from sync.demo import run_demo
from sync.demo_content import DemoUnit, Story, demo_units
from sync.demo_office import decided
from sync.demo_rows import Slip
from sync.office import OfficeError
from workbook_templates.office_tables import UNIT_CODE_PATTERN
from workbook_templates.tables.registry import TABLES
from xingzhi.deadlines import State
from xingzhi.fulfilment import UnitRecords
from xingzhi.labels import Lang
from xingzhi.rows import Value

YEAR = 2026
AUGUST, SEPTEMBER, END = date(YEAR, 8, 25), date(YEAR, 9, 10), date(YEAR + 1, 1, 31)
ROOT = Path(__file__).parents[2]


def told(units: tuple[DemoUnit, ...]) -> str:
    return repr([(unit, unit.rows(SEPTEMBER), unit.mess(), unit.contact) for unit in units])


def one(story: Story) -> DemoUnit:
    return next(unit for unit in demo_units(12, YEAR, 1) if unit.story is story)


def test_one_seed_gives_one_content() -> None:
    assert told(demo_units(12, YEAR, 7)) == told(demo_units(12, YEAR, 7))


def test_another_process_gives_the_same_content() -> None:
    program = (
        "from datetime import date; from sync.demo_content import demo_units;"
        f"print([(u, u.rows(date({YEAR}, 9, 10)), u.mess(), u.contact) for u in demo_units(3, {YEAR}, 7)], end='')"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", program],
            cwd=ROOT,
            env={"PYTHONHASHSEED": salt, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
            encoding="utf-8",
        ).stdout
        for salt in ("1", "2")
    }
    assert outputs == {told(demo_units(3, YEAR, 7))}


def test_another_seed_gives_other_content() -> None:
    assert told(demo_units(12, YEAR, 7)) != told(demo_units(12, YEAR, 8))


@pytest.mark.parametrize("count", [12, 13, 40, 300])
def test_every_story_occurs(count: int) -> None:
    stories = Counter(unit.story for unit in demo_units(count, YEAR, 1))
    assert set(stories) == set(Story)
    assert stories[Story.MESSY] >= 3


def test_most_of_many_units_are_good() -> None:
    assert Counter(unit.story for unit in demo_units(300, YEAR, 1))[Story.GOOD] > 150


def test_a_few_units_tell_the_plainest_stories() -> None:
    assert [unit.story for unit in demo_units(1, YEAR, 1)] == [Story.GOOD]
    assert {unit.story for unit in demo_units(3, YEAR, 1)} == {Story.GOOD, Story.MESSY, Story.MISSING}


@pytest.mark.parametrize("count", [*range(1, 14), 100, 300, names.LIMIT])
def test_codes_and_names_are_unique_and_fit(count: int) -> None:
    pairs = names.units(count)
    codes = [code for code, _ in pairs]
    assert len(pairs) == len(set(codes)) == len({unit.name for _, unit in pairs}) == count
    assert all(re.fullmatch(UNIT_CODE_PATTERN, code) for code in codes)


def test_there_are_enough_units() -> None:
    assert names.LIMIT >= 1000
    for count in (0, names.LIMIT + 1):
        with pytest.raises(ValueError, match="units"):
            demo_units(count, YEAR, 1)


def test_what_cannot_be_had_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("ours", encoding="utf-8")
    known, new = "tengxian-civil-affairs", tmp_path / "new"
    cases = ((tmp_path, 12, known), (new, 0, known), (new, names.LIMIT + 1, known), (new, 2, "x"))
    for root, units, programme in cases:
        with pytest.raises(OfficeError):
            run_demo(root, units=units, programme=programme, year=YEAR)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_names_come_from_the_lists() -> None:
    known = {first + rest for first in names.SURNAMES for rest in (*names.GIVEN_NAMES, *names.SHORT_NAMES)}
    for unit in demo_units(60, YEAR, 3):
        people = [str(row["name"]) for row in unit.plan.people]
        assert set(people) <= known
        assert len(set(people)) == len(people)


def test_rows_hold_declared_columns_and_refer_to_each_other() -> None:
    columns = {table.key: {column.key for column in table.columns} for table in TABLES}
    for unit in demo_units(12, YEAR, 1):
        rows = unit.plan.as_of(SEPTEMBER)
        assert all(set(row) <= columns[key] for key, lines in rows.items() for row in lines)
        people = {row["name"] for row in rows["people"]}
        codes = {row["code"] for row in rows["projects"]}
        assert {row["person"] for lines in rows.values() for row in lines if "person" in row} <= people
        assert {row["project"] for key in ("members", "schedule") for row in rows[key] if "project" in row} == codes
        assert {row["project"] for lines in rows.values() for row in lines if "project" in row} <= codes


def test_every_table_has_rows_by_the_end() -> None:
    for unit in demo_units(12, YEAR, 1):
        rows = unit.plan.as_of(END)
        assert set(rows) == {table.key for table in TABLES}
        assert all(rows.values())


def test_absences_agree_with_the_activities() -> None:
    for unit in demo_units(12, YEAR, 1):
        rows = unit.plan.as_of(SEPTEMBER)
        groups = {(row["project"], row["person"]) for row in rows["members"]}
        held = {(row.get("project"), row["title"], row.get("held_on")): row for row in rows["schedule"]}
        away: Counter[tuple[object, ...]] = Counter()
        for row in rows["attendance"]:
            activity = (row.get("project"), row["activity"], row["held_on"])
            assert row["person"] != held[activity]["host"]
            assert "project" not in row or (row["project"], row["person"]) in groups
            away[activity] += row["status"] in ("leave", "absent")
        for key, row in held.items():
            if row.get("held_on"):
                assert away[key] == int(str(row["expected"])) - int(str(row["present"]))


def test_a_month_is_reported_on_once_it_is_nearly_over() -> None:
    rows = one(Story.GOOD).plan
    assert {row["period"] for row in rows.as_of(date(YEAR, 7, 24))["progress"]} == {f"{YEAR}-07"}
    assert {row["period"] for row in rows.as_of(SEPTEMBER)["progress"]} == {f"{YEAR}-07", f"{YEAR}-08"}


def test_some_units_ask_the_office_to_co_ordinate() -> None:
    asked = [row for unit in demo_units(12, YEAR, 1) for row in unit.plan.as_of(SEPTEMBER)["progress"]]
    assert 3 <= sum("coordination" in row for row in asked) < len(asked) / 2


def test_a_returned_plan_is_sent_again() -> None:
    unit = next(unit for unit in demo_units(12, YEAR, 1) if unit.slip is Slip.RETURNED)
    plans = [row for row in unit.plan.as_of(SEPTEMBER)["documents"] if row["kind"] == "project_plan"]
    assert [(row["version"], row["contents"] == ("all",)) for row in plans][:1] == [(1, False)]
    assert (2, True) in [(row["version"], row["contents"] == ("all",)) for row in plans]
    assert plans[0]["title"] == plans[-1]["title"]


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_a_good_unit_meets_the_whole_programme(year: int) -> None:
    """With the office's decisions, T01 to T25 are done in time, at each of the demo's days and at the end."""
    term = shipped(year=year)
    for unit in [each for each in demo_units(40, year, 1) if each.story is Story.GOOD]:
        for day in (date(year, 8, 25), date(year, 9, 10), date(year + 1, 1, 31)):
            owed = [each for each in items(term, decided_records(unit, day), day) if each.span.due]
            states = {each.key[1:]: each.state for each in owed if each.state is not State.OPEN}
            assert set(states.values()) == {State.DONE}, (unit.code, day, states)
        assert {each.rule.id for each in owed} >= {rule.id for rule in term.programme.requirements} - NOT_DUE


NOT_DUE = {"T06", "T09", "T15", "T16"}
"""Two have no due date, one binds parts of projects and one projects that experts coach."""


def decided_records(unit: DemoUnit, day: date) -> UnitRecords:
    """What a unit has sent by a day, with what the office has written about its documents."""
    rows = unit.plan.as_of(day)
    for number, row in enumerate(rows["documents"], start=1):
        sent = row["submitted_on"]
        assert isinstance(sent, date)
        whole = row.get("contents") == ("all",)
        row |= decided(str(row["kind"]), sent, complete=whole, number=number)
    held: dict[str, list[dict[str, Value]]] = {key: [dict(row) for row in lines] for key, lines in rows.items()}
    return records(None, **held)


def test_a_later_day_only_adds() -> None:
    for unit in demo_units(12, YEAR, 1):
        early, late = unit.plan.as_of(AUGUST), unit.plan.as_of(SEPTEMBER)
        for key, lines in early.items():
            for before, after in zip(lines, late[key], strict=False):
                assert before.items() <= after.items()


def test_nothing_lies_in_the_future_of_a_good_unit() -> None:
    rows = one(Story.GOOD).rows(AUGUST)
    days = [row.get("held_on", AUGUST) for row in rows["schedule"]] + [row["submitted_on"] for row in rows["reports"]]
    assert all(isinstance(day, date) and day <= AUGUST for day in days)
    assert any("held_on" not in row for row in rows["schedule"])


def test_choices_are_typed_in_the_language_of_the_workbook() -> None:
    unit = one(Story.GOOD)
    assert unit.rows(AUGUST)["people"][0]["leadership"] == "是"
    assert unit.rows(AUGUST, Lang.EN)["people"][0]["leadership"] == "Yes"
    roles = [row["role"] for row in unit.rows(AUGUST)["members"]]
    assert "副组长兼联络员" in roles
    assert "Deputy leader、Liaison" in [row["role"] for row in unit.rows(AUGUST, Lang.EN)["members"]]


def test_each_slip_leaves_its_mark() -> None:
    units = {unit.slip: unit for unit in demo_units(12, YEAR, 1) if unit.slip}
    assert set(units) == set(Slip)
    periods = {row["period"] for row in units[Slip.REPORT].rows(SEPTEMBER)["reports"]}
    assert f"{YEAR}-07" in periods
    assert f"{YEAR}-08" not in periods
    members = units[Slip.GROUP].rows(SEPTEMBER)["members"]
    group = [row for row in members if row["project"] == "XM1" and row["role"] not in ("召集人", "促进师")]
    assert len(group) == 5


def test_the_second_version_has_lost_one_activity() -> None:
    unit = one(Story.TWICE)
    whole, second = unit.rows(SEPTEMBER), unit.second_version(SEPTEMBER)
    assert second["schedule"].count({}) == 1
    assert len(second["schedule"]) == len(whole["schedule"])
    assert second["people"][3]["phone"] != whole["people"][3]["phone"]


def test_two_clerks_share_the_work_and_disagree_on_one_cell() -> None:
    unit = one(Story.TWO_CLERKS)
    first, second, whole = unit.first_half(AUGUST), unit.second_half(SEPTEMBER), unit.rows(SEPTEMBER)
    assert (first["schedule"], second["schedule"]) == ([], whole["schedule"])
    assert "people" not in second
    pairs = [(a, b) for a, b in zip(first["projects"], second["projects"], strict=True) if a != b]
    ((mine, theirs),) = pairs
    assert {key for key in mine if mine[key] != theirs[key]} == {"planned_end"}
