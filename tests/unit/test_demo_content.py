"""The demo's units: the same for the same seed, whatever the process; every story is told; good ones have no faults."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from sync import demo_names as names
from sync.demo import run_demo
from sync.demo_content import DemoUnit, Story, demo_units
from sync.demo_rows import Slip
from sync.office import OfficeError
from workbook_templates.office_tables import UNIT_CODE_PATTERN
from workbook_templates.tables.registry import TABLES
from xingzhi.labels import Lang

YEAR = 2026
AUGUST, SEPTEMBER = date(YEAR, 8, 25), date(YEAR, 9, 10)
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
        assert {row["person"] for key in ("organisation", "members") for row in rows[key]} <= people
        assert {row["project"] for key in ("members", "schedule") for row in rows[key] if "project" in row} == codes


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
