"""Who stands on a sign-in sheet, in what order, and who does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.forms import ACTIVITY, HELD, TODAY, member, person
from support.terms import records

from workbook_templates.form_people import Attendee, attendees, day_of
from xingzhi.rows import Row, Value

Lines = list[dict[str, Value]]
OF_UNIT = {**ACTIVITY, "project": None}


def listed(activity: dict[str, Value], **tables: Any) -> list[Attendee]:
    return attendees(Row("schedule", activity), records(**tables), TODAY)


def names(activity: dict[str, Value], **tables: Any) -> list[str]:
    return [each.name for each in listed(activity, **tables)]


def test_a_group_comes_by_its_roles_and_then_as_the_sheet_has_it() -> None:
    roles = ("expert", "core", "facilitator", "presenter", "study_officer", "liaison", "deputy", "leader", "core")
    members = [member(f"石{number}", role) for number, role in enumerate(roles)]
    members.append(member("石9", "convener"))
    found = names(dict(ACTIVITY), people=[person(f"石{number}") for number in range(10)], members=members)
    assert found == ["石9", "石7", "石6", "石5", "石4", "石3", "石1", "石8", "石2", "石0"]


def test_one_person_of_two_roles_is_one_line_at_the_higher() -> None:
    members = [member("石一", "core"), member("石二", "leader"), member("石一", "liaison", "facilitator")]
    found = listed(dict(ACTIVITY), people=[person("石一"), person("石二")], members=members)
    assert [(each.name, each.roles) for each in found] == [("石二", ()), ("石一", ("facilitator",))]


def test_only_those_who_do_not_learn_are_marked_by_their_role() -> None:
    members = [member("甲", "leader"), member("乙", "facilitator"), member("丙", "observer", "expert")]
    found = listed(dict(ACTIVITY), members=members)
    assert [each.roles for each in found] == [(), ("facilitator",), ("observer", "expert")]


def test_the_convener_of_the_project_s_own_line_is_expected_too() -> None:
    project: dict[str, Value] = {"code": "XM1", "convener": "石一"}
    found = listed(dict(ACTIVITY), projects=[project], people=[person("石一")], members=[member("石二", "leader")])
    assert [(each.name, each.roles) for each in found] == [("石一", ("convener",)), ("石二", ())]
    both = [member("石一", "convener"), member("石二", "leader")]
    assert names(dict(ACTIVITY), projects=[project], people=[person("石一")], members=both) == ["石一", "石二"]


@pytest.mark.parametrize(
    ("end", "there"), [(date(2026, 7, 15), False), (HELD, True), (date(2026, 7, 17), True), (None, True)]
)
def test_who_had_left_before_the_day_is_left_out(end: date | None, there: bool) -> None:
    stays = member("石二")
    assert ("石一" in names(dict(ACTIVITY), people=[person("石一")], members=[member("石一", to=end), stays])) is there
    assert ("石一" in names(dict(ACTIVITY), people=[person("石一", to=end)], members=[member("石一"), stays])) is there
    assert ("石一" in names(dict(OF_UNIT), people=[person("石一", to=end), person("石二")])) is there


def test_a_group_that_was_formed_after_its_first_survey_was_there_all_the_same() -> None:
    later = date(2026, 7, 17)
    assert names(dict(ACTIVITY), members=[{**member("石一"), "from": later}, member("石二")]) == ["石一", "石二"]


def test_the_day_is_that_of_the_activity_and_else_today() -> None:
    planned = {**ACTIVITY, "held_on": None}
    assert day_of(Row("schedule", dict(ACTIVITY)), TODAY) == HELD
    assert day_of(Row("schedule", planned), TODAY) == date(2026, 7, 15)
    assert day_of(Row("schedule", {**planned, "planned_on": None}), TODAY) == TODAY
    assert (
        day_of(Row("schedule", {**planned, "planned_on": "七月中"}, invalid=frozenset({"planned_on"})), TODAY) == TODAY
    )


def test_namesakes_are_told_apart_by_their_department() -> None:
    people = [person("石一", "办公室", post="主任"), person("石一", "救助股")]
    members = [member("石一（救助股）", "core"), member("石一(办公室)", "leader")]
    found = listed(dict(ACTIVITY), people=people, members=members)
    assert [(each.name, each.department, each.post) for each in found] == [
        ("石一", "办公室", "主任"),
        ("石一", "救助股", "股员"),
    ]


def test_a_name_that_two_may_bear_is_listed_with_room_for_the_department() -> None:
    people = [person("石一", "办公室"), person("石一", "救助股")]
    (found,) = listed(dict(ACTIVITY), people=people, members=[member("石一", "leader")])
    assert (found.name, found.department, found.post) == ("石一", "", "")


def test_of_two_namesakes_the_one_who_is_still_there_is_meant() -> None:
    people = [person("石一", "办公室", to=date(2026, 6, 30)), person("石一", "救助股")]
    (found,) = listed(dict(ACTIVITY), people=people, members=[member("石一", "leader")])
    assert found.department == "救助股"


def test_a_person_of_another_unit_and_one_who_is_not_on_the_list_are_not_lost() -> None:
    members = [member("石一", "facilitator", home_unit="县委党校"), member("石二（没有这个股）"), member("客人")]
    found = listed(dict(ACTIVITY), people=[person("石一"), person("石二")], members=members)
    assert [(each.name, each.department) for each in found] == [
        ("石二（没有这个股）", ""),
        ("客人", ""),
        ("石一", "县委党校"),
    ]


def test_other_projects_groups_are_not_expected() -> None:
    assert names(dict(ACTIVITY), members=[member("石一"), {**member("石二"), "project": "XM1-1"}]) == ["石一"]


def test_an_activity_of_the_whole_unit_is_for_everyone_its_leaders_first() -> None:
    people = [
        person("石一"),
        person("石二"),
        person("石三", leadership="yes"),
        person("石四"),
        person("石一", "办公室"),
    ]
    organisation: Lines = [
        {"person": "石四", "role": "deputy"},
        {"person": "石二", "role": "leader"},
        {"person": "石一（救助股）", "role": "leader", "to": date(2026, 7, 1)},
    ]
    found = listed(dict(OF_UNIT), people=[*people, person("石一")], organisation=organisation)
    assert [each.name for each in found] == ["石二", "石四", "石三", "石一", "石一"]
    assert [each.department for each in found][-2:] == ["救助股", "办公室"]


def absence(name: str, status: str, **more: Value) -> dict[str, Value]:
    return {"project": "XM1", "activity": "入户核查", "held_on": HELD, "person": name, "status": status, **more}


def test_what_the_attendance_sheet_says_of_this_very_activity_is_noted() -> None:
    attendance = [
        absence("石一", "late"),
        absence("石一", "left_early"),
        absence("石二（救助股）", "leave"),
        absence("客人", "absent"),
        absence("石三", "absent", held_on=date(2026, 7, 2)),
        absence("石三", "absent", project="XM2"),
        absence("石三", "absent", activity="座谈"),
        absence("", "absent"),
    ]
    people = [person("石一"), person("石二"), person("石二", "办公室"), person("石三")]
    members = [member(name) for name in ("石一", "石二（办公室）", "石二（救助股）", "石三")]
    members.append(member("客人", home_unit="县医院"))
    found = listed(dict(ACTIVITY), people=people, members=members, attendance=attendance)
    assert [each.status for each in found] == [("late", "left_early"), (), ("leave",), (), ("absent",)]
