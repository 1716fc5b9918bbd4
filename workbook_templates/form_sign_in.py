"""签到表: those who are expected at an activity, each with room for a signature."""

from __future__ import annotations

from collections.abc import Sequence

from workbook_templates.form_content import Content, day_text, listed, printable
from workbook_templates.form_fields import add_fields
from workbook_templates.form_page import HEIGHT, SPARE, Box, Paper
from workbook_templates.form_people import Attendee, attendees
from workbook_templates.tables.attendance import ATTENDANCE
from workbook_templates.tables.members import MEMBERS

LINE = 0.9
"""The height of a line to sign on, in centimetres."""

LEAST_BLANK = 5
_WIDTHS = (1.2, 2.6, 3.7, 3.4, 3.5, 2.6)
_HEADERS = ("number", "name", "department", "post", "signature", "note")
_FOOT = (8.0, 3.8, 5.2)
_FIELDS = (("unit",), ("project",), ("title",), ("kind", "host"), ("planned_on", "held_on"), ("place", "record"))


def add_sign_in(paper: Paper, content: Content) -> None:
    """The form on a page of its own, or on as many as it takes."""
    used = paper.title(content.text("form.sign_in"), content.lead)
    used += add_fields(paper, content, _FIELDS).height
    used += paper.gap()
    grid = paper.grid(*_WIDTHS)
    header = [Box(content.text(f"form.sign_in.{key}"), align="center", bold=True) for key in _HEADERS]
    grid.add(*header, repeated=True)
    lines = [
        _line(number, each, content)
        for number, each in enumerate(attendees(content.row, content.records, content.today), start=1)
    ]
    foot = _foot(content)
    heights = [grid.room_of(line, LINE) for line in lines]
    first, other = HEIGHT - used - grid.height, HEIGHT - grid.height
    blank = grid.room_of(_blank(0), LINE)
    count = blank_lines(heights, blank, first=first, other=other, foot=SPARE + 1.2)
    whole = [*lines, *(_blank(number) for number in range(len(lines) + 1, len(lines) + count + 1))]
    for number, line in enumerate(whole, start=1):
        grid.add(*line, least=LINE, kept=number == len(whole))
    paper.gap()
    paper.grid(*_FOOT, ruled=False).add(*foot, least=1.0)


def blank_lines(heights: Sequence[float], blank: float, *, first: float, other: float, foot: float) -> int:
    """How many blank lines fill the last page and leave room for the foot; at least LEAST_BLANK."""
    left, count = first, 0
    for height in heights:
        left = (left if height <= left else other) - height
    while count < LEAST_BLANK or left < foot or left - blank >= foot:
        left = (left if blank <= left else other) - blank
        count += 1
    return count


def _line(number: int, each: Attendee, content: Content) -> list[Box]:
    lang = content.lang
    marks = [MEMBERS["role"].choice(role).label.of(lang) for role in each.roles]
    statuses = {choice.key: choice.label.of(lang) for choice in ATTENDANCE["status"].choices}
    marks += [statuses.get(status, printable(status)) for status in each.status if status]
    return [
        Box(str(number), align="center"),
        Box(printable(each.name), align="center"),
        Box(printable(each.department), align="center"),
        Box(printable(each.post), align="center"),
        Box(),
        Box(listed(dict.fromkeys(marks), lang), align="center"),
    ]


def _blank(number: int) -> list[Box]:
    return [Box(str(number), align="center"), *(Box() for _ in _WIDTHS[1:])]


def _foot(content: Content) -> list[Box]:
    return [
        Box(content.text("form.foot.unit", unit=content.unit)),
        Box(content.text("form.foot.clerk")),
        Box(content.text("form.foot.day", day=day_text(None, content.lang))),
    ]
