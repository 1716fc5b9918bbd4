"""The mistakes of real workbooks, as a demo unit's clerk makes them: in cells, and in the layout of sheets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from random import Random

from sync import demo_names as names
from sync import demo_texts as texts
from sync.demo_fill import Explanation, Mess, NoteRow, OwnColumn, Subtotal, TitleRow
from sync.demo_rows import RawRows
from sync.demo_schedule import RawRow
from xingzhi.labels import Lang

IDENTITY = "110101199001010000"
"""Eighteen digits where a phone belongs; the date and the check digit show that it is made up."""

_FULL_WIDTH = {ord(narrow): ord(wide) for narrow, wide in zip("0123456789-", "０１２３４５６７８９－", strict=True)}


class Habit(StrEnum):
    """A clerk's way of filling a workbook badly."""

    DATES = "dates"
    LAYOUT = "layout"
    CARELESS = "careless"


def mistaken(rows: RawRows, habit: Habit, rng: Random, lang: Lang) -> RawRows:
    """The rows with the mistakes of a habit in their cells. The rows are changed in place."""
    _MISTAKES[habit](rows, rng, lang)
    return rows


def mess(habit: Habit, clerk: str, checker: str, lang: Lang) -> tuple[Mess, ...]:
    """What a habit does to the sheets."""
    if habit is not Habit.LAYOUT:
        return ()
    if lang is Lang.EN:
        return (
            TitleRow("members", "Members of the project groups (as of August)"),
            OwnColumn("projects", "Budget (10,000 yuan)", ("3.5", "2", "1")),
            Subtotal("schedule", "Total", "expected"),
            NoteRow("reports", f"Filled in by: {clerk}　Reviewed by: {checker}"),
        )
    return (
        TitleRow("members", "项目行动小组成员一览表（截至8月）"),
        OwnColumn("projects", "经费（万元）", ("3.5", "2", "1")),
        Subtotal("schedule", "合　计", "expected"),
        NoteRow("reports", f"填表人：{clerk}　　审核人：{checker}"),
    )


def explanations(habit: Habit) -> tuple[Explanation, ...]:
    """What the clerk says of findings once his workbook lists them: the person who is in no list is not the unit's."""
    return (Explanation("members", "K102", texts.EXPLAINED),) if habit is Habit.CARELESS else ()


def _dates(rows: RawRows, rng: Random, lang: Lang) -> None:
    """Dates and months as text, full-width digits, phones as numbers, an identity number for a phone."""
    forms: tuple[Callable[[date], str], ...] = (
        lambda day: f"{day.year}.{day.month}.{day.day}",
        lambda day: f"{day.year}年{day.month}月{day.day}日",
        lambda day: f"{day:%Y%m%d}",
        lambda day: day.isoformat().translate(_FULL_WIDTH),
        lambda day: f"{day.month}月{day.day}日",
        lambda day: f"{day.year}/{day.month}/{day.day}",
    )
    held = [row for row in rows["schedule"] if isinstance(row.get("held_on"), date)]
    for number, row in enumerate(held[:12]):
        row["held_on"] = forms[number % len(forms)](_day(row["held_on"]))
    for row in rows["organisation"]:
        row["from"] = forms[0](_day(row["from"]))
    for row in rows["reports"][1:2]:
        year, month = str(row["period"]).split("-")
        row["period"] = f"{year}年{int(month)}月"
    held[0]["expected"] = str(held[0]["expected"]).translate(_FULL_WIDTH)
    people = rows["people"]
    people[1]["phone"] = int(str(people[1]["phone"]))
    people[2]["phone"] = _spaced(str(people[2]["phone"]), " ")
    people[3]["phone"] = _spaced(str(people[3]["phone"]), "-")
    people[4]["phone"] = IDENTITY
    for number, row in enumerate(rows["documents"][:4]):
        row["submitted_on"] = forms[number](_day(row["submitted_on"]))
    for row in rows["progress"][:1]:
        row["period"] = str(row["period"]).replace("-", ".")


def _layout(rows: RawRows, rng: Random, lang: Lang) -> None:
    """Blank lines in the middle of three sheets; the rest of this habit is `mess`."""
    rows["schedule"][5:5] = [{}, {}]
    rows["people"][3:3] = [{}]
    rows["documents"][1:1] = [{}]


def _careless(rows: RawRows, rng: Random, lang: Lang) -> None:
    """Padded names, an alias, misspelt choices, an unknown person, dates in a wrong order or still to come, and the
    absence from an activity that nobody knows of."""
    for row in rows["people"]:
        name = str(row["name"])
        row["name"] = f"{name[0]}　{name[1]}" if len(name) == 2 else name
    rows["organisation"][1]["person"] = f"{rows['organisation'][1]['person']} "
    known = {row["name"] for row in rows["people"]}
    stranger = next(name for name in names.people(rng, len(known) + 2) if name not in known)
    zh = lang is Lang.ZH
    observer = "观察员" if zh else "Observer"
    rows["members"].append(
        {"project": "XM1", "person": stranger, "role": observer, "home_unit": names.OUTSIDE_UNITS[0]}
    )
    # Aliases are Chinese words, which an English workbook understands too.
    _first(rows, "members", "role", "核心学员" if zh else "Core member")["role"] = "学员"
    _first(rows, "schedule", "kind", "研讨会" if zh else "Seminar")["kind"] = "核心学员研讨会"
    _first(rows, "schedule", "kind", "督查" if zh else "Inspection")["kind"] = "督察" if zh else "Inspektion"
    project = rows["projects"][0]
    start = _day(project["start"])
    project["planned_end"] = _day(project["planned_end"]).replace(year=start.year - 1)
    planned = [row for row in rows["schedule"] if "held_on" not in row]
    planned[-1]["held_on"] = planned[-1]["planned_on"]
    for regulation in [row for row in rows["documents"] if row.get("sort")][:1]:
        regulation["sort"] = texts.MISSPELT_REGULATION
    for absence in rows["attendance"][:1]:
        absence["activity"] = texts.UNHELD_ACTIVITY


def _first(rows: RawRows, table: str, column: str, word: str) -> RawRow:
    return next(row for row in rows[table] if row.get(column) == word)


def _spaced(phone: str, gap: str) -> str:
    return gap.join((phone[:3], phone[3:7], phone[7:]))


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value


_MISTAKES: dict[Habit, Callable[[RawRows, Random, Lang], None]] = {
    Habit.DATES: _dates,
    Habit.LAYOUT: _layout,
    Habit.CARELESS: _careless,
}
