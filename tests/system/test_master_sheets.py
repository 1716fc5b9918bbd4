"""The sheets of a master that is changed in place: what comes back, what is made anew, and what the page keeps."""

from __future__ import annotations

import shutil
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from support import libreoffice, ooxml_validator
from support.codes import covers
from support.excel_work import Opened, Page, excel, type_cells
from support.monster import Part
from support.monster_master import ANALYSIS, CHART_PAGE, PEOPLE, REPORTS, furnish
from support.office import TODAY, Bureau, codes, sha256, typing

from workbook_files.workbook_edit import set_cells

PAGE, DONE = "总体情况", "完成情况"


def send_report(office: Bureau, title: str = "二") -> None:
    with typing(office.folder.inbox / "T01.xlsx") as book:
        line = {"所属月份": "2026-06", "信息类别": "动态", "标题": title, "报送日期": date(2026, 6, 20)}
        book.add("信息报送", line)


def is_valid(path: Path) -> None:
    if ooxml_validator.available() is None:
        assert ooxml_validator.validate([path]) == {path: []}


def test_a_sheet_that_the_office_deletes_comes_back_with_all_that_it_said(office: Bureau) -> None:
    furnish(office.master)
    Page(office.master, REPORTS).put("T01-BS-0001", {"采用": "是", "经办": "老李"})
    office.sync()
    with excel(office.master) as book:
        book.delete_sheet(REPORTS)
    result = office.sync()
    page = Page(office.master, REPORTS)
    assert (page.value("T01-BS-0001", "采用"), page.value("T01-BS-0001", "经办")) == ("是", "老李")
    assert "O117" not in codes(result) and ANALYSIS in Opened(office.master).entries
    assert not office.sync().written
    is_valid(office.master)


def test_a_requirement_that_is_switched_off_takes_its_column_with_it(office: Bureau) -> None:
    rules = Page(office.master, "任务要求", key="编号")
    rules.put("T03", {"启用": "否"})
    result = office.sync()
    assert "T03 举行启动仪式" not in Page(office.master, DONE, key="单位代码").headers
    assert "O117" not in codes(result), "nothing of the office's was there to be lost"
    with excel(office.master) as book:
        book.comment(DONE, "C4", "催过")
    rules.put("T04", {"启用": "否"})
    (told,) = (each for each in office.sync().findings if each.code == "O117")
    assert told.sheet == DONE and not office.sync().written
    is_valid(office.master)


def test_the_page_keeps_what_the_office_put_beside_it_and_moves_what_was_put_into_it(office: Bureau) -> None:
    with excel(office.master) as book:
        drawing = "xl/drawings/drawing1.xml"
        chart = book.parts["xl/charts/chart1.xml"].replace("总体情况".encode(), "完成情况".encode())
        kind = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
        relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
        book.add(Part("xl/charts/chart77.xml", chart, kind, drawing, relation, "rId77"))
        text = book.parts[drawing].decode()
        start, end = text.index("<xdr:twoCellAnchor"), text.index("</xdr:twoCellAnchor>") + len("</xdr:twoCellAnchor>")
        own = text[start:end].replace('"rId1"', '"rId77"').replace("<xdr:col>", "<xdr:col>2")
        own = own.replace('id="2"', 'id="77"')
        book.parts[drawing] = (text[:end] + own + text[end:]).encode()
    type_cells(office.master, PAGE, {"N5": "下周汇报", "B40": 12.5})
    is_valid(office.master)
    drawn = Opened(office.master).parts[drawing]
    send_report(office)
    result = office.sync()
    book = Opened(office.master)
    assert book.parts[drawing] == drawn and book.parts["xl/charts/chart77.xml"] == chart
    page = Page(office.master, PAGE).sheet
    assert page.value(5, 14) == "下周汇报" and page.value(40, 2) != 12.5
    assert [each.value for each in result.findings if each.code == "O111"] == ["备注_总体情况"]
    assert 12.5 in [cell for row in Page(office.master, "备注_总体情况").sheet.rows for cell in row]
    is_valid(office.master)
    assert not office.sync().written


@covers("O119")
def test_a_signed_master_is_made_anew_and_told(office: Bureau) -> None:
    Page(office.master, REPORTS).put("T01-BS-0001", {"采用": "是"})
    with excel(office.master) as book:
        origin = "application/vnd.openxmlformats-package.digital-signature-origin"
        relation = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
        book.parts["_xmlsignatures/origin.sigs"] = b""
        book.replace("[Content_Types].xml", "<Override", f'<Default Extension="sigs" ContentType="{origin}"/><Override')
        link = f'<Relationship Id="rId9" Type="{relation}" Target="_xmlsignatures/origin.sigs"/></Relationships>'
        book.replace("_rels/.rels", "</Relationships>", link)
    before = sha256(office.master)
    send_report(office)
    result = office.sync()
    (told,) = (each for each in result.findings if each.code == "O119")
    assert sha256(office.folder.archive / told.file) == before
    assert Page(office.master, REPORTS).value("T01-BS-0001", "采用") == "是"
    assert "_xmlsignatures/origin.sigs" not in zipfile.ZipFile(office.master).namelist()
    assert "O119" not in codes(office.sync()) and len(Page(office.master, REPORTS).rows) == 2


@covers("O116")
def test_a_deleted_master_comes_back_with_the_office_s_charts(office: Bureau) -> None:
    furnish(office.master)
    office.sync()
    had = Opened(office.master).parts
    office.master.unlink()
    send_report(office)
    assert "O116" in codes(office.sync())
    now = Opened(office.master)
    assert {CHART_PAGE, ANALYSIS} <= now.entries.keys() and now.parts.keys() == had.keys()
    for part in ("xl/vbaProject.bin", "customXml/item1.xml", "xl/slicers/slicer1.xml"):
        assert now.parts[part] == had[part]
    assert len(Page(office.master, REPORTS).rows) == 2
    is_valid(office.master)


@pytest.mark.skipif(libreoffice.available() is not None, reason="LibreOffice is not installed")
def test_a_master_that_libreoffice_saved_goes_on_being_changed_in_place(office: Bureau, tmp_path: Path) -> None:
    page = Page(office.master, REPORTS)
    page.put("T01-BS-0001", {"采用": "是"})
    type_cells(office.master, PEOPLE, {"S3": "分组", "S4": "甲组"})
    with excel(office.master) as book:
        book.insert_column("all_schedule", "要求整改的问题", "缺席", "all_schedule[[#This Row],[应到人数]]-1")
    set_cells(office.master, {"汇总记录": {"N1": "便条"}})
    for number in range(3):
        saved = libreoffice.recalculate(office.master, tmp_path / f"saved{number}")
        shutil.copyfile(saved, office.master)
        send_report(office, f"标题{number}")
        result = office.sync(today=TODAY + timedelta(days=number))
        assert not {"O117", "O118", "O119"} & set(codes(result))
        page = Page(office.master, REPORTS)
        assert len(page.rows) == number + 2 and page.value("T01-BS-0001", "采用") == "是"
        assert Page(office.master, PEOPLE).value("T01-RY-0001", "分组") == "甲组"
        assert Page(office.master, "汇总记录", key="批次").sheet.value(1, 14) == "便条"
        is_valid(office.master)
        assert not office.sync(today=TODAY + timedelta(days=number)).written


def test_a_tab_that_the_office_renames_goes_on_being_written_under_its_name(office: Bureau) -> None:
    with office.at_work() as book:
        book.sheet(REPORTS).title = "信息汇总"
        book.put("信息汇总", 1, {"采用": "是"})
    send_report(office)
    office.sync()
    assert REPORTS not in Opened(office.master).entries and len(Page(office.master, "信息汇总").rows) == 2
    assert Page(office.master, "信息汇总").value("T01-BS-0001", "采用") == "是"
    assert not office.sync().written


def test_a_cell_of_a_unit_s_that_was_changed_is_told_without_the_hidden_sheet_too(office: Bureau) -> None:
    with office.at_work() as book:
        del book.book["_meta"]
        book.put("汇总_人员名册", 1, {"职务": "局长"})
    result = office.sync()
    assert "O105" in codes(result) and office.line("汇总_人员名册", 姓名="石一")["职务"] is None
    assert "_meta" in Opened(office.master).entries
