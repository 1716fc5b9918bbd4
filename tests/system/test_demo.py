"""The demo: a whole office by the real commands, and every workbook that we wrote for it is sound."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from support import libreoffice, ooxml_validator
from support.office import read_lines

from cli.main import xingzhi
from sync.demo import DemoReport, run_demo
from sync.demo_content import DemoUnit, Story
from sync.demo_mistakes import Habit
from sync.demo_office import WORK
from sync.demo_rows import Slip
from sync.demo_texts import PROMOTERS
from sync.office import OfficeFolder
from sync.run import sync
from workbook_files.lint import lint
from workbook_templates.blank import committed
from workbook_templates.profiles import profile_ids
from workbook_templates.tables.registry import TABLES
from xingzhi.labels import Lang

PROGRAMME = "tengxian-civil-affairs"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoReport]:
    root = tmp_path_factory.mktemp("demo") / "office"
    yield run_demo(root, units=12, programme=PROGRAMME, year=2026, seed=1, lang=Lang.ZH)


def ours(demo: DemoReport) -> list[Path]:
    """Every workbook that is ours whole: the blank ones, the issued ones, the master. Feedback is the units' own files."""
    blanks = [committed(programme, lang) for programme in profile_ids() for lang in Lang]
    return [*blanks, *sorted((demo.folder / "下发").glob("*.xlsx")), demo.master]


def test_a_county_of_twelve_shows_what_real_units_do(demo: DemoReport) -> None:
    by_story = {each.unit.story: each for each in demo.units}
    assert set(by_story) == set(Story)
    assert (by_story[Story.MISSING].first, by_story[Story.MISSING].second) == ("missing", "missing")
    assert (by_story[Story.LATE].first, by_story[Story.LATE].second) == ("missing", "accepted")
    assert by_story[Story.TWICE].second == by_story[Story.TWO_CLERKS].second == "accepted"
    assert all(not any(each.findings.values()) for each in demo.units if each.unit.story is Story.GOOD)
    assert any(each.findings["error"] for each in demo.units if each.unit.story is Story.MESSY)
    assert demo.overdue > 0


def test_the_office_does_its_part(demo: DemoReport) -> None:
    assert set(demo.work) == set(WORK)
    by_slip = {each.unit.slip: each.unit.code for each in demo.units if each.unit.slip}
    documents = read_lines(demo.master, "汇总_方案制度")
    plans = [
        (line["版本"], line["审批状态"], line["审批单位"])
        for line in documents
        if line["单位代码"] == by_slip[Slip.RETURNED] and line["文件类别"] == "项目方案" and line["项目编号"] == "XM1"
    ]
    assert plans == [(1, "退回修改", None), (2, "已备案", PROMOTERS)]
    numbers = [line["备案号"] for line in documents if line["备案号"]]
    assert len(numbers) == len(set(numbers)) == demo.work["filed"]
    settings = {line["设置项"]: line["值"] for line in read_lines(demo.master, "设置")}
    assert settings["已结月份"] == "2026-07"


def test_what_the_office_entered_is_the_unit_s_own_row_once_it_sends(demo: DemoReport) -> None:
    (late,) = (each for each in demo.units if each.unit.story is Story.LATE)
    lines = [line for line in read_lines(demo.master, "汇总_信息报送") if line["单位代码"] == late.unit.code]
    entered = late.unit.plan.reports[0]
    (same,) = (line for line in lines if line["标题"] == entered["title"])
    assert (same["收到日期"], same["来源文件"]) == (entered["submitted_on"], late.files[-1])


def test_a_unit_explains_and_the_office_accepts(demo: DemoReport) -> None:
    (line,) = (line for line in read_lines(demo.master, "填报问题") if line["单位说明"])
    assert (line["代码"], line["工作表"], line["严重程度"], line["认可"]) == ("K102", "小组成员", "提示", "是")
    # The unit went on in the workbook of 反馈: no record of its is doubled or lost.
    (unit,) = (each.unit for each in demo.units if each.unit.code == line["单位代码"])
    for table, rows in unit.rows(demo.days[-2]).items():
        merged = next(each for each in TABLES if each.key == table).label.zh
        held = [each for each in read_lines(demo.master, f"汇总_{merged}") if each["单位代码"] == unit.code]
        assert len(held) == len(rows), table


def test_nobody_owes_what_its_story_does_not_say(demo: DemoReport) -> None:
    units = {each.unit.code: each.unit for each in demo.units}
    owed: dict[DemoUnit, set[str]] = {}
    for line in read_lines(demo.master, "催报台账"):
        if line["状态"] == "逾期":
            owed.setdefault(units[str(line["单位代码"])], set()).add(str(line["编号"]))
    silent = {unit for unit in owed if unit.story in (Story.MISSING, Story.LATE)}
    assert len(silent) == 2
    told = {unit.slip or unit.habit: rules for unit, rules in owed.items() if unit not in silent}
    assert told == {Slip.REPORT: {"T22"}, Slip.LEADER: {"T14"}, Habit.CARELESS: {"T10"}}


def test_the_demo_syncs_again_without_any_change(demo: DemoReport) -> None:
    before = demo.master.read_bytes()
    result = sync(OfficeFolder.open(demo.folder), today=demo.today)
    assert {unit.status for unit in result.units} == {"unchanged", "missing"}
    assert set(result.changes.values()) == {0}
    assert demo.master.read_bytes() == before


def test_our_lint_finds_nothing(demo: DemoReport) -> None:
    assert {path.name: lint(path) for path in ours(demo)} == {path.name: [] for path in ours(demo)}


@pytest.mark.skipif(ooxml_validator.available() is not None, reason=str(ooxml_validator.available()))
def test_the_openxml_sdk_finds_nothing(demo: DemoReport) -> None:
    # The demo's office saves its master by openpyxl, with whose styles the SDK finds fault: see test_master_in_place.
    made = [path for path in ours(demo) if path != demo.master]
    found = ooxml_validator.validate(made)
    assert {path.name: errors for path, errors in found.items()} == {path.name: [] for path in made}


@pytest.mark.skipif(libreoffice.available() is not None, reason=str(libreoffice.available()))
def test_the_master_opens_in_libreoffice_with_all_its_sheets(demo: DemoReport, tmp_path: Path) -> None:
    again = libreoffice.convert(demo.master, "xlsx", tmp_path)
    assert openpyxl.load_workbook(again).sheetnames == openpyxl.load_workbook(demo.master).sheetnames


def test_each_seed_gives_the_same_office(tmp_path: Path) -> None:
    offices = [
        run_demo(tmp_path / str(turn), units=3, programme=PROGRAMME, year=2026, seed=7, lang=Lang.EN)
        for turn in range(2)
    ]
    one, other = (_values(report.master, skip="Runs") for report in offices)
    assert one == other


def test_the_command_tells_where_to_look(tmp_path: Path) -> None:
    result = CliRunner().invoke(xingzhi, ["demo", str(tmp_path / "office"), "--units", "1"])
    assert result.exit_code == 0
    assert "总台账.xlsx" in result.output and "催报台账" in result.output
    again = CliRunner().invoke(xingzhi, ["demo", str(tmp_path / "office"), "--units", "1"])
    assert again.exit_code == 2


def _values(path: Path, *, skip: str) -> dict[str, list[tuple[object, ...]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, data_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets if sheet.title != skip}


def test_the_demo_runs_for_any_year(tmp_path: Path) -> None:
    report = run_demo(tmp_path / "office", units=1, programme=PROGRAMME, year=2025, seed=2, lang=Lang.ZH)
    assert report.today == date(2025, 9, 10)
    assert report.master.exists()
