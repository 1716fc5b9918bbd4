"""活动记录表: what is known of an activity, and ruled room for what comes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from workbook_templates.form_content import Content, day_text, printable, shown
from workbook_templates.form_fields import LINE, add_fields, add_ruled, heading
from workbook_templates.form_page import HEIGHT, SPARE, Box, Paper
from workbook_templates.form_people import absences_of, day_of
from workbook_templates.tables.attendance import ATTENDANCE
from xingzhi.labels import Lang

_FIELDS = (
    ("unit",),
    ("project",),
    ("title",),
    ("kind", "record"),
    ("planned_on", "held_on"),
    ("place",),
    ("host", "speaker"),
    ("method", "leader_present"),
    ("expected", "present"),
)
_ROOM = {"result": 5, "problems": 4, "next_step": 4}
"""Ruled lines where nothing is known yet."""

_OPINION = 4
_SIGNATURES = 1.1


def add_record(paper: Paper, content: Content) -> None:
    """The form on a page of its own; long texts take more."""
    used = paper.title(content.text("form.record"), content.lead)
    grid = add_fields(paper, content, _FIELDS)
    absent = ATTENDANCE.label.of(content.lang)
    grid.add(Box(absent, align="center"), Box(_absences(content), span=3))
    evidence = (heading(content, "evidence"), Box(content.value("evidence"), span=3))
    line = grid.room_of([Box()], LINE)
    known = {key: Box(content.value(key), span=3) for key in _ROOM}
    taken = {key: grid.room_of([Box(), box], LINE) if box.text else 0.0 for key, box in known.items()}
    fixed = used + grid.height + grid.room_of(evidence) + _SIGNATURES + _OPINION * line + sum(taken.values())
    wanted = [max(2, lines - math.ceil(taken[key] / line)) for key, lines in _ROOM.items()]
    for key, lines in zip(_ROOM, shared(wanted, math.floor((HEIGHT - SPARE - fixed) / line)), strict=True):
        add_ruled(grid, heading(content, key), known[key].text, lines)
    grid.add(*evidence)
    sign = content.text("form.record.sign", day=day_text(None, content.lang))
    add_ruled(grid, Box(content.text("form.record.opinion")), "", _OPINION, sign=sign)
    signatures = [Box(content.text(f"form.record.{key}"), align="center") for key in ("host", "recorder")]
    grid.add(signatures[0], Box(), signatures[1], Box(), least=_SIGNATURES)


def shared(wanted: Sequence[int], room: int) -> list[int]:
    """As many lines of each as are wanted, less where there is no room for all: the most are cut first, each keeps one."""
    lines = list(wanted)
    while sum(lines) > room and max(lines) > 1:
        lines[lines.index(max(lines))] -= 1
    return lines


def _absences(content: Content) -> str:
    """Who was on leave, late, left early or absent, by 考勤登记."""
    lang = content.lang
    by_status: dict[str, list[str]] = {}
    for row in absences_of(content.row, content.records, day_of(content.row, content.today)):
        said = shown(row, ATTENDANCE["status"], lang)
        by_status.setdefault(said, []).append(printable(row.text("person")))
    zh = lang is Lang.ZH
    parts = (
        f"{status}{'：' if zh else ': '}{('、' if zh else ', ').join(names)}" for status, names in by_status.items()
    )
    return ("；" if zh else "; ").join(parts)
