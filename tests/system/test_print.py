"""`xingzhi print`: forms from a unit's workbook and from an office, as a clerk asks for them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.command import run
from support.forms import ACTIVITY, DOCUMENT, HELD, PROJECT, everything, field, member, opened, person, table_of
from support.office import MADE, PROGRAMME, TODAY, UNITS, Bureau, tree_hash, typing
from support.terms import shipped

from sync.init import create_office
from sync.ledger import Ledger
from sync.records import LedgerRow, Status
from workbook_templates.unit_book import UnitBook
from workbook_templates.unit_workbook import build
from xingzhi.fulfilment import UnitRecords
from xingzhi.identity import TEMPLATE_VERSION, Identity
from xingzhi.labels import Lang
from xingzhi.rows import Row

DAY = ("--today", "2026-07-17")
BOTH = "T01-HD-0003_签到表_活动记录表.docx"
APPROVAL = "T01-FA-0001_审批备案表.docx"
ROWS: Mapping[str, list[Mapping[str, Any]]] = {
    "people": [
        {**person("石一", post="股长"), "record": "T01-RY-0001"},
        {**person("石二"), "record": "T01-RY-0002"},
        {**person("石三", to=date(2026, 7, 1)), "record": "T01-RY-0003"},
    ],
    "projects": [{**PROJECT, "record": "T01-XM-0001"}],
    "members": [
        {**member("石二"), "record": "T01-CY-0001"},
        {**member("石一", "leader", "liaison"), "record": "T01-CY-0002"},
        {**member("石三"), "record": "T01-CY-0003"},
    ],
    "schedule": [ACTIVITY, {**ACTIVITY, "record": "T01-HD-0004", "project": None, "title": "动员"}],
    "attendance": [
        {"record": "T01-KQ-0001", "project": "XM1", "activity": "入户核查", "held_on": HELD}
        | {"person": "石二", "status": "late"}
    ],
    "documents": [DOCUMENT],
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in."""
    folder = tmp_path / "桌面"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def workbook(here: Path) -> Path:
    """The workbook of a unit."""
    # What the deadlines sheet says is no matter here: one rule of the programme is enough.
    identity = Identity(TEMPLATE_VERSION, PROGRAMME, 2026, unit="T01", unit_name="青石镇民政办", base_run=1)
    rows = {
        table: tuple(
            Row(table, line, record=str(line["record"]), number=number) for number, line in enumerate(lines, start=1)
        )
        for table, lines in ROWS.items()
    }
    path = here / "青石镇.xlsx"
    build(UnitBook(term=shipped("T03"), identity=identity, today=MADE, records=UnitRecords("T01", rows)), path)
    return path


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    """An office whose ledger holds the same rows; its own values stand on the document."""
    root = tmp_path / "行动办"
    create_office(root, programme=PROGRAMME, year=2026, lang=Lang.ZH, today=MADE, units=UNITS)
    with Ledger.open(root) as ledger, ledger.run("sync", TODAY, datetime(2026, 6, 24)) as number:
        for table, lines in ROWS.items():
            for line in lines:
                record = str(line["record"])
                values = {key: value for key, value in line.items() if key != "record" and value is not None}
                ledger.put(number, LedgerRow("tengxian-civil-affairs-2026", "T01", table, record, values))
        gone = {"kind": "launch", "title": "撤了的"}
        row = LedgerRow("tengxian-civil-affairs-2026", "T01", "schedule", "T01-HD-0009", gone, Status.WITHDRAWN)
        ledger.put(number, row)
        office = {("documents", "T01-FA-0001"): {"state": "pending", "filing_number": "备 7 号"}}
        ledger.replace_office_values(number, "tengxian-civil-affairs-2026", "T01", office)
    return root


def test_a_unit_s_clerk_prints_both_forms_of_an_activity(here: Path, workbook: Path) -> None:
    before = hashlib.sha256(workbook.read_bytes()).hexdigest()
    result = run("print", "T01-HD-0003", workbook, *DAY)
    assert result.exit_code == 0 and result.stdout == f"已生成 {Path(BOTH).resolve()}：签到表、活动记录表\n"
    _, *rows = table_of(here / BOTH, "签名")
    assert [row[1:] for row in rows[:3]] == [
        ["石一", "救助股", "股长", "", ""],
        ["石二", "救助股", "股员", "", "迟到"],
        [""] * 5,
    ]
    assert field(here / BOTH, "填报单位") == "青石镇民政办" and field(here / BOTH, "实际日期") == "2026年7月16日"
    assert field(here / BOTH, "考勤登记") == "迟到：石二"
    assert hashlib.sha256(workbook.read_bytes()).hexdigest() == before


def test_an_office_prints_what_its_ledger_holds(here: Path, bureau: Path) -> None:
    before = tree_hash(bureau)
    assert run("print", "T01-HD-0003", bureau, *DAY).exit_code == 0
    assert run("print", "T01-FA-0001", bureau, *DAY).exit_code == 0
    assert [row[1] for row in table_of(here / BOTH, "签名")[1:4]] == ["石一", "石二", ""]
    assert field(here / BOTH, "填报单位") == "青石镇民政办"
    assert field(here / APPROVAL, "审批状态") == "待审" and "备案号：备 7 号" in everything(here / APPROVAL)
    assert tree_hash(bureau) == before


def test_workbook_and_office_print_the_same(here: Path, workbook: Path, bureau: Path) -> None:
    for place, name in ((workbook, "甲.docx"), (bureau, "乙.docx")):
        assert run("print", "T01-HD-0003", place, "-o", name, *DAY).exit_code == 0
    assert (here / "甲.docx").read_bytes() == (here / "乙.docx").read_bytes()


def test_an_office_is_where_one_stands(bureau: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(bureau)
    assert run("print", "T01-HD-0004", *DAY).exit_code == 0
    assert field(bureau / "T01-HD-0004_签到表_活动记录表.docx", "项目") == "全单位"


@pytest.mark.parametrize("form", ["sign-in", "record"])
def test_one_form_alone(here: Path, workbook: Path, form: str) -> None:
    assert run("print", "T01-HD-0003", workbook, "--form", form, "-o", "一.docx", *DAY).exit_code == 0
    titles = {each.text for each in opened(here / "一.docx").paragraphs} & {"签到表", "活动记录表"}
    assert titles == {{"sign-in": "签到表", "record": "活动记录表"}[form]}


def test_a_document_of_the_workbook_has_its_checklist(here: Path, workbook: Path) -> None:
    result = run("print", "t01-fa-0001", workbook, *DAY)
    assert result.exit_code == 0 and APPROVAL in result.stdout
    assert field(here / APPROVAL, "必备内容").count("☑") == 2
    assert "单位名称：上一级推动小组" in everything(here / APPROVAL)


def test_in_english(here: Path, workbook: Path) -> None:
    result = run("print", "T01-HD-0003", workbook, "--lang", "en", *DAY)
    name = "T01-HD-0003_sign-in_record.docx"
    assert result.exit_code == 0 and result.stdout.startswith(f"Written: {Path(name).resolve()} (Sign-in sheet")
    assert table_of(here / name, "Signature")[2][1:] == ["石二", "救助股", "股员", "", "Late"]


def test_printing_again_takes_a_new_name_and_leaves_the_old_file(here: Path, workbook: Path) -> None:
    run("print", "T01-FA-0001", workbook, *DAY)
    (here / APPROVAL).write_bytes(b"written in by hand")
    result = run("print", "T01-FA-0001", workbook, *DAY)
    assert result.exit_code == 0 and "T01-FA-0001_审批备案表_2.docx" in result.stdout
    assert (here / APPROVAL).read_bytes() == b"written in by hand"


def test_a_named_file_that_is_there_is_refused(here: Path, workbook: Path) -> None:
    (here / "表.docx").write_bytes(b"mine")
    said = refused("print", "T01-FA-0001", workbook, "-o", "表.docx")
    assert "表.docx 已经有了" in said and (here / "表.docx").read_bytes() == b"mine"


def refused(*arguments: object) -> str:
    """The one line with which a call is refused, in Chinese; the English one is a line too."""
    result, english = run(*arguments, *DAY), run("--lang", "en", *arguments, *DAY)
    assert result.exit_code == english.exit_code == 2 and result.stdout == english.stdout == ""
    assert len(result.stderr.splitlines()) == len(english.stderr.splitlines()) == 1
    assert english.stderr != result.stderr and "{" not in english.stderr
    return result.stderr


def test_a_number_that_no_row_bears(here: Path, workbook: Path, bureau: Path) -> None:
    assert "找不到记录号 T01-HD-0099" in refused("print", "T01-HD-0099", workbook)
    # The number is printed, and nothing is entered behind it.
    assert "还没有填" in refused("print", "T01-HD-0005", workbook)
    assert "请先汇总" in refused("print", "T01-HD-0099", bureau)
    assert "请先汇总" in refused("print", "T01-HD-0009", bureau)
    assert not list(here.glob("*.docx"))


def test_a_row_that_has_no_form_or_another(workbook: Path) -> None:
    assert "T01-RY-0001 是“人员名册”里的行，没有表可打" in refused("print", "T01-RY-0001", workbook)
    said = refused("print", "T01-FA-0001", workbook, "--form", "sign-in")
    assert "打不了签到表" in said and "--form approval" in said
    assert "sign-in、record" in refused("print", "T01-HD-0003", workbook, "--form", "approval")


def test_a_number_that_two_rows_bear(workbook: Path) -> None:
    with typing(workbook) as book:
        book.cell("活动台账", 2, "记录号").value = "T01-HD-0003"
    assert "“活动台账”第 5、6 行的记录号都是 T01-HD-0003" in refused("print", "T01-HD-0003", workbook)


def test_what_is_no_source(here: Path, workbook: Path) -> None:
    empty, text, foreign = here / "空.xlsx", here / "便条.xlsx", here / "别的.xlsx"
    empty.write_bytes(b"")
    text.write_text("石一", encoding="utf-8")
    openpyxl.Workbook().save(foreign)
    assert "空.xlsx：文件是空的（0 字节）。请重新保存" in refused("print", "T01-HD-0003", empty)
    assert "便条.xlsx：" in refused("print", "T01-HD-0003", text)
    assert "不是下发的工作簿" in refused("print", "T01-HD-0003", foreign)
    assert "找不到文件 没有.xlsx" in refused("print", "T01-HD-0003", "没有.xlsx")
    said = refused("print", "T01-HD-0003")
    assert "不是行动办文件夹" in said and "单位工作簿" in said and "init" not in said


def test_a_workbook_of_a_programme_that_is_not_known(workbook: Path) -> None:
    with typing(workbook) as book:
        for row in book.sheet("_meta").iter_rows():
            if row[0].value == "programme":
                row[1].value = "elsewhere"
        for name in [each for each in book.book.defined_names if each.startswith("xz_")]:
            del book.book.defined_names[name]
        properties = book.book.custom_doc_props  # type: ignore[attr-defined]
        for each in list(properties.names):
            del properties[each]
    assert "另一个方案（elsewhere）" in refused("print", "T01-HD-0003", workbook)


def test_where_the_file_cannot_go(here: Path, workbook: Path) -> None:
    assert "请以 .docx 结尾" in refused("print", "T01-HD-0003", workbook, "-o", "表.doc")
    assert "文件夹 没有 不存在" in refused("print", "T01-HD-0003", workbook, "-o", Path("没有", "表.docx"))


def test_an_office_prints_what_it_has_consolidated(here: Path, office: Bureau) -> None:
    result = run("print", "T01-HD-0001", office.root, *DAY)
    assert result.exit_code == 0
    path = here / "T01-HD-0001_签到表_活动记录表.docx"
    assert [row[1] for row in table_of(path, "签名")[1:4]] == ["石一", "石二", "石三"]
    assert field(path, "活动名称") == "行动学习启动" and field(path, "活动类别") == "启动仪式"
