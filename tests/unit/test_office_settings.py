"""What the office types in its own sheets: taken where it can be, told where it cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from time import perf_counter

import pytest
from support.codes import covers

from sync.master_reader import RawTable
from sync.office_settings import OfficeSettings, read_settings
from workbook_templates.office_tables import CALENDAR, REQUIREMENTS, SETTINGS, UNITS
from workbook_templates.profiles import profile
from xingzhi.columns import Table
from xingzhi.grid import CellValue
from xingzhi.labels import Lang
from xingzhi.programme import Programme
from xingzhi.spans import resolve, window_of
from xingzhi.windows import Window

PROFILE = profile("tengxian-civil-affairs")


def sheet(table: Table, rows: Sequence[Mapping[str, CellValue]], without: str = "") -> RawTable:
    """A sheet of the master with these rows; one of its columns may be gone."""
    keys = [column.key for column in table.columns if column.key != without]
    headers = tuple(table[key].label.zh for key in keys)
    cells = tuple(tuple(row.get(key) for key in keys) for row in rows)
    return RawTable(table, headers, cells, {key: place for place, key in enumerate(keys)})


def read(table: Table, *rows: Mapping[str, CellValue], without: str = "") -> OfficeSettings:
    """The settings that follow from one sheet."""
    return read_settings({table.key: sheet(table, rows, without)}, PROFILE, 2026)


def told(settings: OfficeSettings) -> list[tuple[str, str]]:
    """Code and value of what was found; that it can be said in both languages is proved in passing."""
    for found in settings.findings:
        english = found.message(Lang.EN).replace(found.value, "")
        assert "{" not in english and found.message(Lang.ZH)
    return [(found.code, found.value) for found in settings.findings]


def reason(settings: OfficeSettings) -> str:
    (found,) = settings.findings
    return str(dict(found.args)["reason"].zh)  # type: ignore[union-attr]


# 任务要求.


def test_cells_of_one_requirement_are_taken_together() -> None:
    settings = read(REQUIREMENTS, {"id": "T13", "minimum": 5, "maximum": 6})
    rule = settings.term.programme.requirement("T13")
    assert (rule.minimum, rule.maximum, settings.findings) == (5, 6, ())


@covers("O102")
def test_one_bad_cell_does_not_lose_the_others() -> None:
    settings = read(REQUIREMENTS, {"id": "T13", "minimum": 7, "maximum": 4, "window": "7月"})
    rule = settings.term.programme.requirement("T13")
    assert (rule.window, rule.minimum, rule.maximum) == ("7月", 2, 4)
    assert told(settings) == [("O102", "T13")] and "至多" in reason(settings)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"id": "T09", "window": "7月"}, "没有时间可改"),
        ({"id": "T06", "window": "7月", "maximum": 6}, "没有时间可改"),
        ({"id": "T03", "window": "六月底"}, "看不懂这个时间"),
        ({"id": "T03", "window": "0001-01-01"}, "前后一年"),
        ({"id": "T14", "window": "2026-01-01~9999-12-31"}, "前后一年"),
        ({"id": "T22", "window": "9999年12月"}, "前后一年"),
        ({"id": "T22", "rule": "每月25日"}, "看不懂这条重复规则"),
        ({"id": "T22", "rule": "FREQ=DAILY"}, "一个月不止一天"),
        ({"id": "T22", "rule": "FREQ=MONTHLY;BYMONTH=3;BYMONTHDAY=1"}, "没有一天"),
        ({"id": "T22", "window": "6月上旬"}, "没有一天"),
        ({"id": "T03", "rule": "FREQ=MONTHLY"}, "没有重复规则"),
        ({"id": "T03", "minimum": "两次"}, "不是可用的整数"),
        ({"id": "T03", "minimum": -1}, "不是可用的整数"),
        ({"id": "T03", "maximum": 0}, "不是可用的整数"),
        ({"id": "T03", "severity": "要紧"}, "不在可选范围"),
        ({"id": "T03", "enabled": "也许"}, "不在可选范围"),
        ({"id": "T4", "minimum": 3}, "本方案没有这一项"),
        ({"id": None, "title": "我们加的"}, "本方案没有这一项"),
    ],
)
@covers("O102")
def test_what_a_requirement_cannot_be_is_told_and_its_own_rule_holds(row: dict[str, CellValue], why: str) -> None:
    start = perf_counter()
    settings = read(REQUIREMENTS, row)
    assert settings.term.programme == PROFILE
    assert why in reason(settings) and told(settings)[0][0] == "O102"
    resolve(settings.term)
    assert perf_counter() - start < 2


@pytest.mark.parametrize("window", ["2025-06-01", "次年12月", "2027-12-31", "5月至次年6月"])
def test_a_window_may_lie_a_year_before_and_after_the_programme(window: str) -> None:
    settings = read(REQUIREMENTS, {"id": "T03", "window": window})
    assert settings.findings == () and settings.term.programme.requirement("T03").window == window


def test_a_requirement_that_stands_twice_keeps_its_own_rule() -> None:
    settings = read(REQUIREMENTS, {"id": "T04", "minimum": 2}, {"id": "T04", "minimum": 3})
    assert settings.term.programme == PROFILE and told(settings) == [("O102", "T04")]


def test_a_number_may_be_typed_in_any_width_and_a_note_is_no_requirement() -> None:
    settings = read(REQUIREMENTS, {"id": "ｔ04 ", "minimum": 2}, {"id": "注：以上由办公室定"}, {"note": "x"})
    assert settings.findings == () and settings.term.programme.requirement("T04").minimum == 2


# A header that is gone.


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (REQUIREMENTS, "window"),
        (REQUIREMENTS, "id"),
        (UNITS, "left"),
        (CALENDAR, "kind"),
        (SETTINGS, "value"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.key,
)
@covers("O108")
def test_a_column_that_is_gone_is_told_once(table: Table, column: str) -> None:
    settings = read(table, {column: "x"}, {}, without=column)
    (found,) = settings.findings
    assert found.code == "O108" and found.severity.value == "warning"
    assert table[column].label.zh in found.message(Lang.ZH) and table[column].label.en in found.message(Lang.EN)
    assert table.label.en in found.message(Lang.EN)
    assert settings.term.programme == PROFILE


def test_without_its_codes_the_list_of_units_is_no_list() -> None:
    settings = read(UNITS, {"name": "青石镇"}, {"name": "柳溪乡"}, without="code")
    assert settings.units == () and [found.severity.value for found in settings.findings] == ["error"]


def test_a_column_that_nothing_is_read_from_may_go() -> None:
    assert read(UNITS, {"code": "T01", "name": "青石镇"}, without="batch").findings == ()


# 单位名册.


@covers("O109")
def test_a_day_that_cannot_be_read_is_told_and_the_unit_stays() -> None:
    row = {"code": "T02", "name": "柳溪乡", "joined": "2026-13-45", "left": "六月底"}
    settings = read(UNITS, row, {"code": "T01", "joined": date(2026, 7, 1), "left": date(1899, 12, 31)})
    assert [(unit.code, unit.joined, unit.left) for unit in settings.units] == [
        ("T02", None, None),
        ("T01", date(2026, 7, 1), None),
    ]
    assert told(settings) == [("O109", "T02"), ("O109", "T02"), ("O109", "T01")]
    assert "六月底" in settings.findings[1].message(Lang.ZH)


@covers("O103")
def test_codes_that_differ_in_nothing_but_case_are_one() -> None:
    settings = read(UNITS, *({"code": code, "name": code} for code in ("A1", "a1", "A1", "B-1")))
    assert [unit.code for unit in settings.units] == ["A1"]
    assert told(settings) == [("O103", "a1"), ("O103", "A1"), ("O103", "B-1")]
    assert "大小写" in settings.findings[0].message(Lang.ZH)


# 设置 and 节点.


@pytest.mark.parametrize("value", ["³", "-1", "31", "三天", "9" * 5000, "5.5"])
@covers("O101")
def test_a_setting_that_is_no_number_in_its_range_is_told(value: str) -> None:
    settings = read(SETTINGS, {"name": "临期提醒工作日数", "value": value})
    assert [code for code, _ in told(settings)] == ["O101"] and settings.term.settings.soon_days == 3


@pytest.mark.parametrize(
    ("name", "value", "field", "number"),
    [
        ("临期提醒工作日数", 5.0, "soon_days", 5),
        ("Soon: working days before", "５", "soon_days", 5),
        ("登记宽限天数", 0, "receipt_days", 0),
        ("Days to record an activity", "366", "receipt_days", 366),
    ],
)
def test_a_setting_that_is_a_number_is_taken(name: str, value: CellValue, field: str, number: int) -> None:
    settings = read(SETTINGS, {"name": name, "value": value})
    assert settings.findings == () and getattr(settings.term.settings, field) == number


@covers("O101")
def test_the_days_to_record_an_activity_have_a_limit() -> None:
    settings = read(SETTINGS, {"name": "登记宽限天数", "value": 367})
    assert [code for code, _ in told(settings)] == ["O101"] and settings.term.settings.receipt_days == 31


@pytest.mark.parametrize(
    "days",
    [
        {"from": "9999-12-31"},
        {"from": "0001-01-01"},
        {"from": date(2026, 7, 1), "to": "七月三日前后"},
        {"from": date(2026, 7, 1), "to": date(2026, 12, 1)},
    ],
)
@covers("O104")
def test_days_of_the_office_that_cannot_be_right_are_told(days: dict[str, CellValue]) -> None:
    settings = read(CALENDAR, {"kind": "放假", "name": "县庆", **days})
    assert told(settings) == [("O104", "县庆")] and settings.term.settings.days_off == frozenset()


# Anchors.


def anchored(*rows: Mapping[str, CellValue], profile: Programme = PROFILE, **times: str) -> OfficeSettings:
    """The settings with these anchors in 节点 and these times in 任务要求."""
    anchors = [{"kind": "节点", **row} for row in rows]
    rules = [{"id": id, "window": text} for id, text in times.items()]
    tables = {CALENDAR.key: sheet(CALENDAR, anchors), REQUIREMENTS.key: sheet(REQUIREMENTS, rules)}
    return read_settings(tables, profile, 2026)


def window(settings: OfficeSettings, id: str) -> Window | None:
    return window_of(settings.term.programme.requirement(id), settings.term)


STAGE: Mapping[str, CellValue] = {"name": "第二阶段", "from": date(2026, 9, 1), "to": date(2026, 12, 15)}
"""Longer than any row of days off may be."""


LATER = Window(date(2026, 9, 1), date(2026, 12, 15))


def test_a_time_may_be_the_name_of_an_anchor() -> None:
    settings = anchored(STAGE, {"name": "表彰大会", "from": date(2027, 1, 20)}, T03="第 二阶段", T21="表彰大会")
    assert settings.findings == ()
    assert window(settings, "T03") == LATER
    assert window(settings, "T21") == Window(date(2027, 1, 20), date(2027, 1, 20))
    assert settings.term.programme.requirement("T03").anchor == "第二阶段"
    assert [span.due for span in resolve(settings.term) if span.rule.id == "T03"] == [date(2026, 12, 15)]


@covers("O102")
def test_a_time_that_is_neither_a_window_nor_an_anchor_keeps_the_rule() -> None:
    settings = anchored(STAGE, T03="第三阶段")
    assert told(settings) == [("O102", "T03")] and "看不懂" in reason(settings)
    assert window(settings, "T03") == Window(date(2026, 6, 11), date(2026, 6, 30))


def test_a_rule_that_a_profile_anchors_goes_by_its_window_until_the_anchor_is_entered() -> None:
    rules = tuple(
        rule.model_copy(update={"anchor": "第二阶段"}) if rule.id == "T03" else rule for rule in PROFILE.requirements
    )
    profile = PROFILE.model_copy(update={"requirements": rules})
    own = Window(date(2026, 6, 11), date(2026, 6, 30))
    assert window(anchored(profile=profile, T03="第二阶段"), "T03") == own
    entered: Mapping[str, CellValue] = {**STAGE, "name": "第二 阶段"}
    assert window(anchored(entered, profile=profile, T03="第二阶段"), "T03") == LATER
    # Back from the anchor to a window, its own among them.
    assert window(anchored(entered, profile=profile, T03="6月中下旬"), "T03") == own
    assert window(anchored(entered, profile=profile, T03="7月"), "T03") == Window(date(2026, 7, 1), date(2026, 7, 31))


def test_a_report_that_is_anchored_recurs_within_the_anchor() -> None:
    settings = anchored(STAGE, T22="第二阶段")
    periods = [span.period for span in resolve(settings.term) if span.rule.id == "T22"]
    assert settings.findings == () and periods == ["2026-09", "2026-10", "2026-11"]
    day = anchored({"name": "挂牌", "from": date(2026, 9, 1)}, T22="挂牌")
    assert told(day) == [("O102", "T22")] and "没有一天" in reason(day)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([STAGE, {**STAGE, "name": "第二 阶段"}], "重复"),
        ([{"from": date(2026, 9, 1)}], "没有写名称"),
        ([{"name": "第二阶段"}], "开始日期"),
        ([{"name": "第二阶段", "from": date(2026, 9, 1), "to": date(2026, 8, 1)}], "起止日期"),
        ([{"name": "第二阶段", "from": date(2026, 9, 1), "to": "年底前后"}], "起止日期"),
        ([{"name": "第二阶段", "from": date(2023, 9, 1), "to": date(2026, 9, 1)}], "前后一年"),
        ([{"name": "9月上旬", "from": date(2026, 9, 1)}], "本身就是时间"),
    ],
)
@covers("O104")
def test_an_anchor_that_cannot_be_used_is_told(rows: list[dict[str, CellValue]], why: str) -> None:
    settings = anchored(*rows)
    assert [code for code, _ in told(settings)] == ["O104"] and why in reason(settings)
    assert settings.term.settings.anchors == {}
