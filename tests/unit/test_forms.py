"""The forms for hand work: what is printed on them, what is left to write, and how they lie on paper."""

from __future__ import annotations

import re
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from docx.oxml.ns import qn
from docx.shared import Cm
from support import libreoffice, ooxml_validator
from support.forms import (
    ACTIVITY,
    DOCUMENT,
    HELD,
    UNIT,
    content,
    everything,
    field,
    group,
    lines,
    member,
    opened,
    person,
    table_of,
    write,
)
from support.terms import term

from workbook_templates.form_record import shared
from workbook_templates.form_sign_in import LEAST_BLANK, blank_lines
from workbook_templates.forms import Form, forms_of, free_name, titles
from xingzhi.labels import Lang
from xingzhi.refusal import Refusal

HAND = "　　　年　　月　　日"
ASKED = ["召集人", "牵头单位", "参与单位", "核心学员", "总体目标", "阶段性目标", "预期成果", "时间安排"]
ID = "450422198001011234"

drawn = pytest.mark.skipif(
    libreoffice.available(writing=True) is not None, reason=str(libreoffice.available(writing=True))
)


# --- 签到表 ---


def test_a_sign_in_sheet_says_what_is_signed_and_who_is_expected(tmp_path: Path) -> None:
    people = [person("石一", "办公室", post="主任"), person("石二")]
    members = [member("石二", "facilitator"), member("石一", "leader")]
    absent = {"project": "XM1", "activity": "入户核查", "held_on": HELD, "person": "石二", "status": "leave"}
    path = write(tmp_path, content(ACTIVITY, people=people, members=members, attendance=[dict(absent)]), Form.SIGN_IN)
    assert [each.text for each in opened(path).paragraphs][:2] == ["签到表", "县民政局行动学习　2026 年度"]
    fields = ("填报单位", "项目", "活动名称", "活动类别", "计划日期", "实际日期", "地点", "主持人", "记录号")
    assert [field(path, each) for each in fields] == [
        *(UNIT, "XM1 主动发现困难群众", "入户核查", "调研（现场考察）", "2026年7月15日", "2026年7月16日"),
        *("柳树村", "石一", "T01-HD-0003"),
    ]
    header, first, second, third, *_ = table_of(path, "签名")
    assert header == ["序号", "姓名", "部门（单位）", "职务", "签名", "备注"]
    assert first == ["1", "石一", "办公室", "主任", "", ""]
    assert second == ["2", "石二", "救助股", "股员", "", "促进师、请假"]
    assert third == ["3", "", "", "", "", ""]
    assert lines(opened(path).tables[-1]) == [[f"填报单位（盖章）：{UNIT}", "填表人：", f"日期：{HAND}"]]


def test_the_sheet_is_filled_up_with_numbered_blank_lines(tmp_path: Path) -> None:
    path = write(tmp_path, content(ACTIVITY, **group(3)), Form.SIGN_IN)
    _, *rows = table_of(path, "签名")
    assert [row[0] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert sum(1 for row in rows if not row[1]) == len(rows) - 3 >= 12


def test_the_header_is_repeated_and_no_row_splits(tmp_path: Path) -> None:
    path = write(tmp_path, content(ACTIVITY, **group(60)), Form.SIGN_IN, Form.RECORD)
    for table in opened(path).tables:
        for row in table.rows:
            assert row._tr.trPr is not None and row._tr.trPr.find(qn("w:cantSplit")) is not None
    (sheet,) = (table for table in opened(path).tables if table.cell(0, 0).text == "序号")
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in sheet.rows if row._tr.trPr is not None]
    assert repeated[0] and not any(repeated[1:]) and len(repeated) > 60


@pytest.mark.parametrize(
    ("people", "whole"), [(0, 9), (4, 9), (5, 26), (9, 26), (13, 26), (21, 26), (22, 43), (30, 43)]
)
def test_blank_lines_fill_the_last_page_and_leave_room_for_the_foot(people: int, whole: int) -> None:
    # A first page of 10 lines, others of 17; the foot takes one.
    blank = blank_lines([1.0] * people, 1.0, first=10, other=17, foot=1)
    assert people + blank == whole and blank >= LEAST_BLANK


def test_an_activity_of_the_whole_unit_says_so(tmp_path: Path) -> None:
    people = [person("石一"), person("石二")]
    path = write(tmp_path, content({**ACTIVITY, "project": None}, people=people), Form.SIGN_IN)
    assert field(path, "项目") == "全单位"
    assert [row[1] for row in table_of(path, "签名")[1:3]] == ["石一", "石二"]


def test_what_is_not_known_yet_is_room_to_write(tmp_path: Path) -> None:
    planned = {"record": "T01-HD-0004", "project": "XM9", "kind": "seminar", "title": "研讨"}
    path = write(tmp_path, content(planned, unit=""))
    assert field(path, "计划日期") == field(path, "实际日期") == HAND
    assert field(path, "项目") == "XM9" and field(path, "填报单位") == field(path, "地点") == ""
    assert field(path, "分管领导到场") == "☐ 是　☐ 否"


# --- 活动记录表 ---


def test_both_forms_of_an_activity_each_begin_a_page(tmp_path: Path) -> None:
    document = opened(write(tmp_path, content(ACTIVITY, **group(3))))
    breaks = {each.text: each.paragraph_format.page_break_before for each in document.paragraphs if each.text}
    assert breaks["活动记录表"] and not breaks["签到表"]


def test_a_record_prints_what_is_known(tmp_path: Path) -> None:
    known = {
        **ACTIVITY,
        **{"speaker": "石五", "method": "鱼骨图", "leader_present": "yes", "expected": 12, "present": 11},
        **{"result": "核了三户", "problems": "台账不全", "next_step": "补台账\n再核一次", "evidence": "照片"},
    }
    absences = [
        {"project": "XM1", "activity": "入户核查", "held_on": HELD, "person": name, "status": status}
        for name, status in (("石二", "leave"), ("石三", "late"), ("石四", "leave"))
    ]
    path = write(tmp_path, content(known, attendance=[dict(each) for each in absences]), Form.RECORD)
    wanted = {
        **{"主讲人": "石五", "方法工具": "鱼骨图", "分管领导到场": "是", "应到人数": "12", "实到人数": "11"},
        **{"考勤登记": "请假：石二、石四；迟到：石三", "活动结果": "核了三户", "要求整改的问题": "台账不全"},
        **{"下一步打算": "补台账\n再核一次", "佐证材料": "照片", "活动类别": "调研（现场考察）"},
    }
    assert {key: field(path, key) for key in wanted} == wanted


@pytest.mark.parametrize(("text", "room"), [("", 5), ("核了三户", 4), ("很长的结果。" * 60, 2)])
def test_below_what_is_known_there_are_ruled_lines(tmp_path: Path, text: str, room: int) -> None:
    path = write(tmp_path, content({**ACTIVITY, "result": text}), Form.RECORD)
    found = table_of(path, "活动结果")
    start = next(place for place, line in enumerate(found) if line[0] == "活动结果")
    box = [line[-1] for line in found[start:] if line[0] == "活动结果"]
    assert box == ([text] if text else []) + [""] * room


def test_lines_are_cut_where_they_are_most_and_none_is_lost() -> None:
    assert shared([6, 4, 4], 20) == [6, 4, 4]
    assert shared([6, 4, 4], 10) == [3, 3, 4]
    assert shared([6, 4, 4], -3) == [1, 1, 1]


def test_a_record_leaves_room_for_the_leader_and_for_signatures(tmp_path: Path) -> None:
    rows = table_of(write(tmp_path, content(ACTIVITY), Form.RECORD), "分管领导意见")
    opinion = [row[1] for row in rows if row[0] == "分管领导意见"]
    assert len(opinion) == 4 and opinion[-1].startswith("签字：") and opinion[-1].endswith(HAND)
    assert rows[-1] == ["主持人\n（签字）", "", "记录人\n（签字）", ""]


# --- 审批备案表 ---


def test_a_project_plan_shows_what_is_asked_who_approves_and_who_files(tmp_path: Path) -> None:
    path = write(tmp_path, content(DOCUMENT))
    assert field(path, "必备内容").split() == [
        part for name in ASKED for part in ("☑" if name in ("召集人", "总体目标") else "☐", name)
    ]
    wanted = {
        **{"文件名称": "主动发现困难群众项目方案", "文件类别": "项目方案", "制度类别": "", "版本": "2"},
        **{"项目": "XM1 主动发现困难群众", "报送对象": "县行动办", "报送日期": "2026年7月14日"},
        **{"审批状态": "", "对应要求": "T11　项目方案（批准并备案）"},
    }
    assert {key: field(path, key) for key in wanted} == wanted
    assert field(path, "审批单位意见\n（盖章）") == "单位名称：上一级推动小组"
    assert field(path, "备案单位\n（盖章）").splitlines()[0] == "单位名称：县行动办"
    said = everything(path)
    assert said.count(f"负责人（签字）：　　　　　　　　{HAND}") >= 2 and f"备案日期：{HAND}" in said


def test_what_the_office_has_entered_is_printed(tmp_path: Path) -> None:
    entered = {
        **{"state": "filed", "approved_by": "市推动小组", "approved_on": date(2026, 7, 16), "stamped": "yes"},
        **{"filing_number": "备〔2026〕3 号", "filed_on": date(2026, 7, 18), "comment": "同意，按意见办。"},
    }
    path = write(tmp_path, content({**DOCUMENT, **entered}))
    assert field(path, "审批状态") == "已备案" and field(path, "盖章件") == "是"
    assert field(path, "审批单位意见\n（盖章）") == "单位名称：市推动小组\n同意，按意见办。"
    assert field(path, "备案单位\n（盖章）") == "单位名称：县行动办\n备案号：备〔2026〕3 号"
    said = everything(path)
    assert "　2026年7月16日" in said and "备案日期：2026年7月18日" in said


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"contents": ("all",)}, [f"☑ {name}" for name in ASKED]),
        ({"contents": ("all", "goal")}, [f"☑ {name}" for name in ASKED]),
        ({"contents": None}, [f"☐ {name}" for name in ASKED]),
        ({"kind": "solution", "contents": ("goal", "outcomes")}, ["☑ 总体目标", "☑ 预期成果"]),
        ({"kind": "solution", "contents": ("all",)}, ["☑ 齐全"]),
        ({"kind": "solution", "contents": None}, []),
        ({"kind": "list", "contents": ("core_members",)}, ["☑ 核心学员"]),
    ],
    ids=["all", "all and one", "none", "no rule", "no rule, all", "no rule, none", "a rule that asks none"],
)
def test_the_checklist_follows_the_rule_and_loses_nothing(
    tmp_path: Path, document: dict[str, object], said: list[str]
) -> None:
    filled = content({**DOCUMENT, **document})
    assert re.findall(r"[☑☐] \S+", field(write(tmp_path, filled), "必备内容")) == said


def test_contents_that_could_not_be_read_stand_as_they_were_typed(tmp_path: Path) -> None:
    path = write(tmp_path, content({**DOCUMENT, "contents": "大概都有"}, invalid=["contents"]))
    assert field(path, "必备内容").splitlines()[0] == "大概都有" and "☑" not in everything(path)


@pytest.mark.parametrize(
    ("kind", "sort", "project", "rule"),
    [
        ("plan", None, None, "T01"),
        ("regulation", "funds", None, "T10"),
        ("incentive", None, None, "T10"),
        ("list", None, "XM1", "T24"),
        ("training_plan", None, "XM1", "T16"),
        ("summary", None, None, ""),
        ("regulation", None, None, ""),
    ],
)
def test_each_kind_of_document_names_its_requirement(
    tmp_path: Path, kind: str, sort: str | None, project: str | None, rule: str
) -> None:
    path = write(tmp_path, content({**DOCUMENT, "kind": kind, "sort": sort, "project": project}))
    assert field(path, "对应要求")[:3] == rule if rule else "对应要求" not in everything(path)


def test_of_two_rules_the_one_for_the_document_s_project_or_unit_holds(tmp_path: Path) -> None:
    rules: list[dict[str, Any]] = [
        {"id": "A01", "kind": "document", "documents": [{"kind": "plan"}], "approved_by": {"zh": "甲", "en": "A"}},
        {
            **{"id": "A02", "kind": "document", "scope": "project", "documents": [{"kind": "plan"}]},
            "approved_by": {"zh": "乙", "en": "B"},
        },
        {"id": "A03", "kind": "document", "documents": [{"kind": "list"}], "enabled": False},
    ]
    for project, name in ((None, "甲"), ("XM1", "乙")):
        filled = content({**DOCUMENT, "kind": "plan", "project": project}, term=term(*rules))
        path = write(tmp_path, filled, name=f"{name}.docx")
        assert field(path, "审批单位意见\n（盖章）") == f"单位名称：{name}"
    off = write(tmp_path, content({**DOCUMENT, "kind": "list", "project": None}, term=term(*rules)))
    assert "A03" not in everything(off)


# --- what users type ---


@pytest.mark.parametrize("typed", ["=1+1", "+86", "-", "@石一", "<b>&amp;", '"', "{0}", "第一行\n第二行"])
def test_what_was_typed_is_text_whatever_it_begins_with(tmp_path: Path, typed: str) -> None:
    path = write(tmp_path, content({**ACTIVITY, "title": typed, "result": typed}))
    assert field(path, "活动名称") == typed and field(path, "活动结果") == typed


def test_what_cannot_be_seen_or_written_in_xml_is_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, content({**ACTIVITY, "title": "入户\x00\x07核查\u200b\ufffe", "place": "柳树村\x0b二组"}))
    assert field(path, "活动名称") == "入户核查" and field(path, "地点") == "柳树村\n二组"


@pytest.mark.parametrize("typed", [ID, f"身份证{ID}", "450422 19800101 123X", "４５０４２２１９８００１０１１２３４"])
def test_an_identity_number_never_appears(tmp_path: Path, typed: str) -> None:
    people = [person(f"石一 {typed}", typed, post=typed)]
    members = [member(f"石一 {typed}", "leader", home_unit=typed), member(typed)]
    row = {**ACTIVITY, **dict.fromkeys(("title", "place", "host", "result", "evidence", "speaker"), typed)}
    activity = write(tmp_path, content(row, people=people, members=members, unit=typed), name="活动.docx")
    paper = {**DOCUMENT, **dict.fromkeys(("title", "addressee", "comment", "approved_by", "filing_number"), typed)}
    document = write(tmp_path, content(paper, unit=typed), name="文件.docx")
    for path in (activity, document):
        said = everything(path)
        assert "1980" not in said and "１９８０" not in said and "********" in said


def test_what_was_not_understood_is_printed_as_it_was_typed(tmp_path: Path) -> None:
    row = {**ACTIVITY, "kind": "茶话会", "planned_on": "七月中旬", "expected": "十来个", "form": None}
    path = write(tmp_path, content(row, invalid=["kind", "planned_on", "expected"]))
    assert [field(path, each) for each in ("活动类别", "计划日期", "应到人数")] == ["茶话会", "七月中旬", "十来个"]


# --- the file ---


def test_the_paper_is_a4_in_songti(tmp_path: Path) -> None:
    document = opened(write(tmp_path, content(ACTIVITY, **group(3))))
    (section,) = document.sections
    assert section.page_width and section.page_height
    assert abs(section.page_width - Cm(21)) < Cm(0.01) and abs(section.page_height - Cm(29.7)) < Cm(0.01)
    assert all(each and each >= Cm(1.7) for each in (section.left_margin, section.right_margin, section.top_margin))
    fonts = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:rFonts')}")
    assert fonts.get(qn("w:eastAsia")) == "宋体" and fonts.get(qn("w:eastAsiaTheme")) is None
    normal = document.styles["Normal"].element.find(f".//{qn('w:rFonts')}")
    assert normal.get(qn("w:eastAsia")) == normal.get(qn("w:ascii")) == "宋体"


def test_two_files_of_one_day_are_alike_and_name_no_author(tmp_path: Path) -> None:
    filled = content(ACTIVITY, **group(3))
    first, second = (write(tmp_path, filled, name=name) for name in ("一.docx", "二.docx"))
    assert first.read_bytes() == second.read_bytes()
    core = opened(first).core_properties
    assert (core.author, core.last_modified_by, core.comments) == ("", "", "")
    assert core.created == core.modified and core.created.replace(tzinfo=None) == datetime(2026, 7, 10)
    with zipfile.ZipFile(first) as file:
        assert not [name for name in file.namelist() if "thumbnail" in name]
        assert b"python-docx" not in b"".join(file.read(name) for name in file.namelist())


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    filled = content(DOCUMENT)
    path = tmp_path / "表.docx"
    path.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        write(tmp_path, filled)
    assert path.read_bytes() == b"mine"


def test_a_new_name_is_found_beside_what_is_there(tmp_path: Path) -> None:
    forms = (Form.SIGN_IN, Form.RECORD)
    first = free_name(tmp_path, "T01-HD-0003", forms, Lang.ZH)
    assert first.name == "T01-HD-0003_签到表_活动记录表.docx"
    first.touch()
    second = free_name(tmp_path, "T01-HD-0003", forms, Lang.ZH)
    assert second.name == "T01-HD-0003_签到表_活动记录表_2.docx"
    second.touch()
    assert free_name(tmp_path, "T01-HD-0003", forms, Lang.ZH).name.endswith("_3.docx")
    assert free_name(tmp_path, "../x:1", (Form.APPROVAL,), Lang.EN).name == "x1_approval.docx"


def test_each_table_has_its_forms() -> None:
    assert forms_of("schedule", "x", None) == (Form.SIGN_IN, Form.RECORD)
    assert forms_of("schedule", "x", Form.RECORD) == (Form.RECORD,)
    assert forms_of("documents", "x", None) == (Form.APPROVAL,)
    for table, form in (("people", None), ("people", Form.RECORD), ("documents", Form.SIGN_IN)):
        with pytest.raises(Refusal) as told:
            forms_of(table, "T01-X-0001", form)
        assert "T01-X-0001" in told.value.message(Lang.ZH) and "T01-X-0001" in told.value.message(Lang.EN)


def test_in_english_labels_are_english_and_what_was_typed_stays(tmp_path: Path) -> None:
    row = {**ACTIVITY, "planned_on": date(2026, 7, 15)}
    path = write(tmp_path, content(row, lang=Lang.EN, **group(2)))
    assert field(path, "Kind") == "Survey (Site visit)" and field(path, "Planned on") == "2026-07-15"
    assert field(path, "Title") == "入户核查"
    assert table_of(path, "Signature")[0] == ["No", "Name", "Department (unit)", "Post", "Signature", "Note"]
    paper = write(tmp_path, content(DOCUMENT, lang=Lang.EN), name="paper.docx")
    assert "☑ Convener" in field(paper, "Contents") and "the promotion team one level up" in everything(paper)
    assert titles((Form.SIGN_IN, Form.APPROVAL), Lang.EN) == ["Sign-in sheet", "Approval and filing form"]


# --- on paper ---


def pages(pdf: Path) -> list[str]:
    """The text of each page."""
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True, timeout=60)
    return done.stdout.decode("utf-8").split("\f")[:-1]


@drawn
def test_how_many_pages_the_forms_take(tmp_path: Path) -> None:
    long_title = "关于进一步做好全县低收入人口动态监测和困难群众主动发现工作的第二次核心学员研讨会" * 2
    full = {**ACTIVITY, "title": long_title, **dict.fromkeys(("result", "problems", "next_step"), "结果。" * 40)}
    wide = {**DOCUMENT, "title": long_title, "comment": "请补充阶段性目标。" * 12}
    made: dict[str, tuple[Path, int]] = {}
    for lang in Lang:
        for name, filled, form, count in (
            ("sign12", content(ACTIVITY, lang=lang, **group(12)), Form.SIGN_IN, 1),
            ("sign0", content(ACTIVITY, lang=lang), Form.SIGN_IN, 1),
            ("sign60", content(ACTIVITY, lang=lang, **group(60)), Form.SIGN_IN, 3),
            ("record", content(ACTIVITY, lang=lang), Form.RECORD, 1),
            ("full", content(full, lang=lang), Form.RECORD, 1),
            ("approval", content(DOCUMENT, lang=lang), Form.APPROVAL, 1),
            ("wide", content(wide, lang=lang), Form.APPROVAL, 1),
        ):
            path = write(tmp_path, filled, form, name=f"{name}-{lang.value}.docx")
            made[path.stem] = (path, count)
    pdfs = libreoffice.convert_many([path for path, _ in made.values()], "pdf", tmp_path / "pdf")
    found = {pdf.stem: pages(pdf) for pdf in pdfs}
    assert {name: len(each) for name, each in found.items()} == {name: count for name, (_, count) in made.items()}
    # The header stands on every page, the foot on the last.
    assert all("姓名" in page and "签名" in page for page in found["sign60-zh"])
    assert ["填表人" in page for page in found["sign60-zh"]] == [False, False, True]
    assert all("Signature" in page for page in found["sign60-en"])
    assert re.sub(r"\s", "", found["sign60-zh"][1]).endswith("第2页共3页")


@pytest.mark.skipif(ooxml_validator.available() is not None, reason=str(ooxml_validator.available()))
def test_microsoft_s_own_check_passes_every_form(tmp_path: Path) -> None:
    activity = write(tmp_path, content(ACTIVITY, **group(30)), name="活动.docx")
    document = write(tmp_path, content(DOCUMENT, lang=Lang.EN), name="文件.docx")
    assert ooxml_validator.validate([activity, document]) == {activity: [], document: []}
