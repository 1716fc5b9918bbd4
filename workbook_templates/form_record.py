"""活动记录表: what is known of an activity, and ruled room for what comes of it."""

from __future__ import annotations

from workbook_templates.form_content import Content, day_text, printable, shown
from workbook_templates.form_fields import add_fields, add_ruled, heading
from workbook_templates.form_page import Box, Paper
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
_ROOM = {"result": 6, "problems": 4, "next_step": 4}
"""Ruled lines where nothing is known yet."""

_OPINION = 4


def add_record(paper: Paper, content: Content) -> None:
    """The form on a page of its own; long texts take more."""
    paper.title(content.text("form.record"), content.lead)
    grid = add_fields(paper, content, _FIELDS)
    absent = ATTENDANCE.label.of(content.lang)
    grid.add(Box(absent, align="center"), Box(_absences(content), span=3))
    for key, lines in _ROOM.items():
        add_ruled(grid, heading(content, key), content.value(key), lines)
    grid.add(heading(content, "evidence"), Box(content.value("evidence"), span=3))
    sign = content.text("form.record.sign", day=day_text(None, content.lang))
    add_ruled(grid, Box(content.text("form.record.opinion")), "", _OPINION, sign=sign)
    signatures = [Box(content.text(f"form.record.{key}"), align="center") for key in ("host", "recorder")]
    grid.add(signatures[0], Box(), signatures[1], Box(), least=1.1)


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
