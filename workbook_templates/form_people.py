"""Who is on a sign-in sheet: the group of the activity's project on its day, or everyone of the unit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from workbook_templates.tables import members, organisation
from xingzhi.fulfilment import UnitRecords
from xingzhi.rows import Row

MARKED = ("convener", "facilitator", "observer", "expert")
"""The roles of a group that a sign-in sheet names: their holders are not of those who learn."""

Key = tuple[str, str, str]
"""What makes two lines one person: name and department, or name and home unit of one who is not in 人员名册."""

_QUALIFIED = re.compile(r"(.+?)\s*\((.+)\)")
_NARROW = str.maketrans("（）", "()")
_GROUP_RANKS = {role.key: rank for rank, role in enumerate(members.ROLES)}
_ORGANISATION_RANKS = {role.key: rank for rank, role in enumerate(organisation.ROLES)}


@dataclass(frozen=True)
class Attendee:
    """One line. `roles` are keys of the members table's roles, of those in MARKED; `status` are keys of 考勤登记."""

    name: str
    department: str = ""
    post: str = ""
    roles: tuple[str, ...] = ()
    status: tuple[str, ...] = ()


def day_of(activity: Row, today: date) -> date:
    """The day of an activity: when it was held, else when it is planned, else today."""
    days = activity.days("held_on") or activity.days("planned_on")
    return days.start if days else today


def attendees(activity: Row, records: UnitRecords, today: date) -> list[Attendee]:
    """Those who are expected at an activity, in the order in which they are listed.

    A group comes by its roles, the unit by the roles of its leading group and then its leadership team; else the
    order of the sheet holds. Who had left before the day is left out.
    """
    day = day_of(activity, today)
    register = _Register(records.table("people"), day)
    expected = _of_group if activity.text("project") else _of_unit
    absences = _absences(activity, records, day, register)
    return [
        replace(each, status=absences.get(key if key[1] else (key[0], "", ""), ()))
        for key, each in expected(activity, records, day, register)
    ]


def present_on(row: Row, day: date) -> bool:
    """Whether 任职止 is not before a day. 任职起 is not asked: a group is at work before its forming is on paper."""
    end = row.date("to")
    return end is None or end >= day


class _Register:
    """人员名册 on a day: which person a name means."""

    def __init__(self, people: Iterable[Row], day: date) -> None:
        self._known = [row for row in people if row.text("name")]
        self.present = [row for row in self._known if present_on(row, day)]

    def find(self, written: str) -> Row | None:
        """The one person of the unit that a name means, None where none or several do."""
        found = _called(self.present, written)
        return found[0] if len({row.text("department") for row in found}) == 1 else None

    def gone(self, written: str) -> bool:
        """Whether the name is that of people of the unit, none of whom is there on the day."""
        return bool(_called(self._known, written)) and not _called(self.present, written)

    def key(self, written: str, home_unit: str = "") -> Key:
        """What identifies the person that a name means."""
        person = self.find(written)
        return (person.text("name"), person.text("department"), "") if person else (written, "", home_unit)


def _called(people: Iterable[Row], written: str) -> list[Row]:
    """The people whom a name, or `姓名（部门）` with either kind of bracket, may mean."""
    plain = _narrow(written)
    found = [row for row in people if _narrow(row.text("name")) == plain]
    parts = _QUALIFIED.fullmatch(plain)
    if found or not parts:
        return found
    wanted = (parts[1], parts[2])
    return [row for row in people if (_narrow(row.text("name")), _narrow(row.text("department"))) == wanted]


@dataclass(frozen=True)
class _Line:
    row: Row
    person: str
    roles: tuple[str, ...]
    home_unit: str = ""


def _of_group(activity: Row, records: UnitRecords, day: date, register: _Register) -> list[tuple[Key, Attendee]]:
    code = activity.text("project")
    lines = [
        _Line(row, row.text("person"), row.keys("role"), row.text("home_unit"))
        for row in records.table("members")
        if row.text("project") == code and present_on(row, day)
    ]
    lines += [
        _Line(row, row.text("convener"), ("convener",)) for row in records.table("projects") if row.text("code") == code
    ]
    found: dict[Key, list[_Line]] = {}
    for line in lines:
        if line.person and not register.gone(line.person):
            found.setdefault(register.key(line.person, line.home_unit), []).append(line)
    ordered = sorted(found.items(), key=lambda each: min(map(_rank, each[1])))
    return [(key, _attendee(group, register)) for key, group in ordered]


def _rank(line: _Line) -> int:
    return min((_GROUP_RANKS.get(role, len(_GROUP_RANKS)) for role in line.roles), default=len(_GROUP_RANKS))


def _attendee(lines: list[_Line], register: _Register) -> Attendee:
    person = register.find(lines[0].person)
    home = next((line.home_unit for line in lines if line.home_unit), "")
    held = {role for line in lines for role in line.roles}
    return Attendee(
        name=person.text("name") if person else lines[0].person,
        department=home or (person.text("department") if person else ""),
        post=person.text("post") if person else "",
        roles=tuple(role for role in MARKED if role in held),
    )


def _of_unit(activity: Row, records: UnitRecords, day: date, register: _Register) -> list[tuple[Key, Attendee]]:
    ranks: dict[Key, int] = {}
    for row in records.table("organisation"):
        if row.text("person") and present_on(row, day):
            key, rank = register.key(row.text("person")), _ORGANISATION_RANKS.get(row.text("role"), 99)
            ranks[key] = min(rank, ranks.get(key, rank))
    found: dict[Key, Row] = {}
    for row in register.present:
        found.setdefault((row.text("name"), row.text("department"), ""), row)

    def place(each: tuple[Key, Row]) -> tuple[int, bool]:
        return ranks.get(each[0], 100), each[1].text("leadership") != "yes"

    return [
        (key, Attendee(row.text("name"), row.text("department"), row.text("post")))
        for key, row in sorted(found.items(), key=place)
    ]


def _absences(activity: Row, records: UnitRecords, day: date, register: _Register) -> dict[Key, tuple[str, ...]]:
    """What 考勤登记 says of each person at this very activity."""
    found: dict[Key, tuple[str, ...]] = {}
    for row in absences_of(activity, records, day):
        if not row.text("person"):
            continue
        key = register.key(row.text("person"))
        found[key] = (*found.get(key, ()), row.text("status"))
    return found


def absences_of(activity: Row, records: UnitRecords, day: date) -> list[Row]:
    """The rows of 考勤登记 for an activity: of its project, its title and its day."""
    wanted = (activity.text("project"), activity.text("title"), day)
    return [
        row
        for row in records.table("attendance")
        if (row.text("project"), row.text("activity"), row.date("held_on")) == wanted
    ]


def _narrow(text: str) -> str:
    return text.translate(_NARROW)
