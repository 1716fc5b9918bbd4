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

from cli.main import xingzhi
from sync.demo import DemoReport, run_demo
from sync.demo_content import Story
from sync.office import OfficeFolder
from sync.run import sync
from workbook_files.lint import lint
from workbook_templates.blank import committed
from workbook_templates.profiles import profile_ids
from xingzhi.labels import Lang

PROGRAMME = "tengxian-civil-affairs"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoReport]:
    root = tmp_path_factory.mktemp("demo") / "office"
    yield run_demo(root, units=12, programme=PROGRAMME, year=2026, seed=1, lang=Lang.ZH)


def ours(demo: DemoReport) -> list[Path]:
    """Every workbook that we wrote: the blank ones, the issued ones, the master."""
    blanks = [committed(programme, lang) for programme in profile_ids() for lang in Lang]
    return [*blanks, *sorted((demo.folder / "下发").glob("*.xlsx")), demo.master]


def test_a_county_of_twelve_shows_what_real_units_do(demo: DemoReport) -> None:
    by_story = {each.unit.story: each for each in demo.units}
    assert set(by_story) == set(Story)
    assert (by_story[Story.MISSING].first, by_story[Story.MISSING].second) == ("missing", "missing")
    assert by_story[Story.LATE].first != "accepted"
    assert by_story[Story.LATE].second == "accepted"
    assert by_story[Story.TWICE].second == by_story[Story.TWO_CLERKS].second == "accepted"
    assert all(not any(each.findings.values()) for each in demo.units if each.unit.story is Story.GOOD)
    assert any(each.findings["error"] for each in demo.units if each.unit.story is Story.MESSY)
    assert demo.overdue > 0


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
    found = ooxml_validator.validate(ours(demo))
    assert {path.name: errors for path, errors in found.items()} == {path.name: [] for path in ours(demo)}


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
