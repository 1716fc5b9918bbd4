"""The office as a unit of its own: it owes what the programme asks of it, in a workbook of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from support.office import SCHEDULE, Bureau, read_lines, statuses

from addin.file_check import check_file
from sync.init import create_office
from sync.office_settings import Unit
from sync.rules import Rules
from workbook_templates import profiles
from xingzhi.deadlines import State
from xingzhi.labels import Lang

PROFILE = """
id: office-{name}
title: {{zh: 集团行动学习, en: Action learning of a group}}
office: {{zh: 集团行动办, en: Group office}}
window: 6月至12月
tables: [people, organisation, projects, members, schedule, reports]
requirements:
  - id: E01
    kind: milestone
    title: {{zh: 启动仪式, en: Launch}}
    window: 6月
    counts: {{table: schedule, where: {{kind: [launch]}}, date: held_on}}
  - id: E05
    kind: quota
    scope: office
    enabled: {enabled}
    title: {{zh: 普及培训, en: Popularisation training}}
    window: 6月至12月
    minimum: 2
    counts: {{table: schedule, where: {{kind: [training]}}, date: held_on}}
  - id: E10
    kind: milestone
    scope: office
    enabled: {enabled}
    title: {{zh: 经验交流会, en: Exchange meeting}}
    window: 10月
    counts: {{table: schedule, where: {{kind: [exchange]}}, date: held_on}}
"""
NOVEMBER = date(2026, 11, 9)


def made(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, enabled: str = "true", units: tuple[Unit, ...] = ()
) -> Bureau:
    """An office under a programme that asks two things of it and one of each unit."""
    name = "asked" if enabled == "true" else "free"
    (folder / "profiles").mkdir()
    (folder / "profiles" / f"office-{name}.yaml").write_text(PROFILE.format(name=name, enabled=enabled), "utf-8")
    monkeypatch.setattr(profiles, "FOLDER", folder / "profiles")
    office = create_office(
        folder / "行动办",
        programme=f"office-{name}",
        year=2026,
        lang=Lang.ZH,
        today=date(2026, 6, 1),
        units=units or (Unit("T01", "青石公司"), Unit("T02", "柳溪公司")),
    )
    return Bureau(office)


TRAININGS = [
    {"活动类别": "培训", "活动形式": "普及培训", "活动名称": "第一期", "实际日期": date(2026, 7, 8)},
    {"活动类别": "培训", "活动形式": "普及培训", "活动名称": "第二期", "实际日期": date(2026, 10, 8)},
]


def asked(path: Path) -> list[str]:
    """What 应报事项 of a workbook lists."""
    return [line["编号"] for line in read_lines(path, "应报事项") if line["编号"]]


def test_the_office_owes_its_own_rules_and_no_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = made(tmp_path, monkeypatch)
    assert office.line("单位名册", 单位代码="XDB")["类别"] == "行动办"
    assert office.line("任务要求", 编号="E05")["对象"] == "行动办"
    office.issue()
    assert (asked(office.issued("XDB")), asked(office.issued("T01"))) == (["E10", "E05"], ["E01"])
    office.filled("XDB", {SCHEDULE: TRAININGS})
    result = office.sync(NOVEMBER)
    assert statuses(result) == {"XDB": "accepted", "T01": "missing", "T02": "missing"}
    owed = {(line["单位代码"], line["编号"]): line["状态"] for line in office.lines("催报台账")}
    assert owed == {("XDB", "E10"): "逾期", ("T01", "E01"): "逾期", ("T02", "E01"): "逾期"}
    row = office.line("完成情况", 单位代码="XDB")
    assert [row[header] for header in row if header[:1] == "E"] == ["—", "已完成", "逾期"]
    assert office.line("完成情况", 单位代码="T01")["E10 经验交流会"] == "—"
    assert [each.requirement for each in result.findings if each.unit == "XDB"] == ["E10"]
    # It goes on in the workbook that is issued to it next, and what it owes is checked there too.
    office.issue("XDB", today=NOVEMBER)
    (office.folder.inbox / office.issued("XDB").name).unlink()
    path = office.filled(
        "XDB", {SCHEDULE: [{"活动类别": "交流会", "活动名称": "交流", "实际日期": date(2026, 10, 20)}]}
    )
    checked = check_file(path, office_of=Rules({}).of_office, today=NOVEMBER)
    assert [(item.rule.id, item.state) for item in checked.deadlines] == [("E10", State.DONE), ("E05", State.DONE)]
    office.sync(NOVEMBER)
    assert not office.lines("催报台账", 单位代码="XDB")
    assert len(office.lines("汇总_活动台账", 单位代码="XDB")) == 3


def test_an_office_that_nothing_is_asked_of_is_not_chased(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = made(tmp_path, monkeypatch, enabled="false")
    assert not office.lines("单位名册", 类别="行动办")
    with office.at_work() as book:
        book.add("单位名册", {"单位代码": "BGS", "单位名称": "集团行动办", "类别": " office"})
    result = office.sync(NOVEMBER)
    assert statuses(result) == {"T01": "missing", "T02": "missing", "BGS": "unchanged"}
    assert [each.code for each in result.findings if each.unit == "BGS"] == []
    office.issue("BGS")
    assert asked(office.issued("BGS")) == []


def test_an_office_that_is_among_the_units_is_not_listed_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    units = (Unit("xdb", "西大坝公司"), Unit("T01", "青石公司"))
    assert [line["单位代码"] for line in made(tmp_path, monkeypatch, units=units).lines("单位名册")] == [
        "XDB2",
        "xdb",
        "T01",
    ]
    (tmp_path / "other").mkdir()
    own = (Unit("T01", "青石公司"), Unit("JT", "集团行动办", kind="行动办"))
    assert [line["单位代码"] for line in made(tmp_path / "other", monkeypatch, units=own).lines("单位名册")] == [
        "T01",
        "JT",
    ]
