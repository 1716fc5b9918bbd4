"""Tables in pages of the web and in XML 2003, as systems export them, are read into the same grid as a workbook."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from support.codes import covers
from support.readings import grid, refused, rows

from workbook_files.limits import Limits

HTML = """<html><head><meta http-equiv=Content-Type content="text/html; charset=gb2312"></head><body>
<table><tr><td><table><caption>人员名册</caption>
<tr><th>姓名</th><th>部门</th><th>联系电话</th></tr>
<tr><td>张　三</td><td rowspan=2>办公室<br>一楼</td><td x:num="13900000001">1.39E+10</td></tr>
<tr><td>李四</td><td>=1+1</td></tr>
<tr><td colspan=2>合计</td><td>2</td></tr>
</table></td></tr></table></body></html>"""


def test_a_page_that_is_named_as_a_workbook(tmp_path: Path) -> None:
    read, codes = grid(tmp_path / "导出.xls", HTML.encode("gbk"))
    (sheet,) = read.sheets
    assert [list(row) for row in sheet.rows] == [
        ["姓名", "部门", "联系电话"],
        ["张　三", "办公室\n一楼", 13900000001.0],
        ["李四", None, "=1+1"],
        ["合计", None, "2"],
    ]
    assert sheet.name == "人员名册" and sheet.merged == ((2, 2, 3, 2), (4, 1, 4, 2))
    assert codes == ["F111"] and read.bare


def test_a_web_archive_of_two_pages(tmp_path: Path) -> None:
    page = "<html><table><tr><td>姓名</td><td>部门</td></tr></table></html>"
    part = f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}\r\n"
    content = f'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n{part}{part}--b--\r\n'
    read, codes = grid(tmp_path / "表.mht", content.encode())
    assert [sheet.name for sheet in read.sheets] == ["表", "表 (2)"] and codes == []
    assert rows(read) == [["姓名", "部门"]]


def xml_2003(rows: str) -> bytes:
    return f"""<?xml version="1.0" encoding="GBK"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<CustomDocumentProperties xmlns="urn:schemas-microsoft-com:office:office"><xingzhi.unit>T01</xingzhi.unit>
</CustomDocumentProperties><Worksheet ss:Name="人员名册"><Table>{rows}</Table></Worksheet></Workbook>""".encode("gbk")


def test_xml_of_2003_with_jumps_merges_and_every_type(tmp_path: Path) -> None:
    read, codes = grid(
        tmp_path / "导出.xls",
        xml_2003(
            """<Row><Cell ss:MergeAcross="1" ss:MergeDown="1"><Data ss:Type="String">标题</Data></Cell></Row>
            <Row ss:Index="3" ss:Hidden="1"><Cell ss:Index="2"><Data ss:Type="Number">1.5</Data></Cell>
            <Cell><Data ss:Type="DateTime">2026-06-05T00:00:00.000</Data></Cell>
            <Cell><Data ss:Type="Boolean">1</Data></Cell><Cell ss:Formula="=1/0"><Data ss:Type="Error">#DIV/0!</Data></Cell>
            <Cell ss:Formula="=1+1"/><Cell><Data ss:Type="Number">十二</Data></Cell></Row>"""
        ),
    )
    (sheet,) = read.sheets
    assert [list(row) for row in sheet.rows] == [
        ["标题"],
        [],
        [None, 1.5, datetime(2026, 6, 5), True, None, None, "十二"],
    ]
    assert sheet.merged == ((1, 1, 2, 2),) and sheet.hidden_rows == frozenset({3})
    assert sheet.errors == {(3, 5): "#DIV/0!"} and sheet.uncached == frozenset({(3, 6)})
    assert read.properties == {"xingzhi.unit": "T01"} and not read.bare and codes == ["F111"]


@covers("F101")
@pytest.mark.parametrize(
    "rows",
    [
        "<Row ss:Index='3'/><Row ss:Index='2'/>",
        "<Row ss:Index='1048577'/>",
        "<Row><Cell ss:Index='16385'/></Row>",
        "<Row><Cell>",
    ],
)
def test_xml_of_2003_that_no_program_writes_is_refused(tmp_path: Path, rows: str) -> None:
    assert refused(tmp_path / "导出.xml", xml_2003(rows)).code == "F101"


@covers("F101")
def test_entities_are_not_expanded(tmp_path: Path) -> None:
    bomb = xml_2003("<Row><Cell><Data ss:Type='String'>&b;</Data></Cell></Row>").replace(
        b"<?mso-", b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><?mso-'
    )
    assert refused(tmp_path / "导出.xml", bomb).code == "F101"


@covers("F104")
def test_more_cells_than_a_person_fills_are_refused(tmp_path: Path) -> None:
    few = Limits(area=1000)
    page = b"<table>" + b"<tr><td colspan=600>x</td></tr>" * 2 + b"</table>"
    assert refused(tmp_path / "名.htm", page, few).code == "F104"
    sheet = "<Row ss:Index='500'><Cell ss:Index='3'/></Row><Row ss:Index='9999'/>"
    assert refused(tmp_path / "名.xml", xml_2003(sheet), few).code == "F104"


HEAD = "<tr><th>姓名</th><th>部门</th><th>联系电话</th></tr>"


def row(name: str, phone: str) -> str:
    return f"<tr><td>{name}</td><td>办公室</td><td>{phone}</td></tr>"


FIRST, SECOND = row("张三", "13900000001"), row("李四", "13900000002")


@pytest.mark.parametrize(
    "body",
    [
        f"<table>{HEAD}{FIRST}{SECOND}</table>",
        f"<table>{HEAD}<tr><form><td>张三</td><td>办公室</td><td>13900000001</td></form></tr>{SECOND}</table>",
        f"<table>{HEAD}{FIRST.replace('<tr>', '')}{SECOND}</table>",
        f"<table>{HEAD}</table><table>{FIRST}{SECOND}</table>",
        f"<table>{HEAD}{FIRST}</table><p>第 2 页</p><table>{SECOND}</table>",
        f"<table><tr><td>菜单</td></tr><tr><td><table>{HEAD}{FIRST}{SECOND}</table></td></tr></table>",
        f"<table>{HEAD}{FIRST.replace('办公室', '<table><tr><td>办公室</td></tr></table>')}{SECOND}</table>",
    ],
    ids=["plain", "form", "no tr", "header apart", "pages", "layout", "table in a cell"],
)
def test_no_row_is_lost_in_the_pages_that_old_systems_write(tmp_path: Path, body: str) -> None:
    read, _ = grid(tmp_path / "人员名册.xls", f"<html><body>{body}</body></html>".encode())
    assert len(read.sheets) == 1
    assert rows(read) == [
        ["姓名", "部门", "联系电话"],
        ["张三", "办公室", "13900000001"],
        ["李四", "办公室", "13900000002"],
    ]


def test_two_tables_of_equal_width_are_two_sheets(tmp_path: Path) -> None:
    other = "<table><tr><th>题目</th><th>日期</th><th>地点</th></tr></table>"
    read, _ = grid(tmp_path / "表.htm", f"<table>{HEAD}{FIRST}</table>{other}".encode())
    assert [len(sheet.rows) for sheet in read.sheets] == [2, 1]


def test_a_date_with_a_number_beside_it_stays_the_date_that_is_shown(tmp_path: Path) -> None:
    page = "<table><tr><td x:num='29347'>1980/5/6</td><td x:num='1500'>1,500</td></tr></table>"
    assert rows(grid(tmp_path / "表.htm", page.encode())[0]) == [["1980/5/6", 1500.0]]


def test_what_a_page_says_of_its_characters_is_believed_only_where_it_looks_so(tmp_path: Path) -> None:
    page = f"<html><head><meta charset='utf-16'></head><table>{HEAD}{FIRST}</table></html>"
    for content in (page.encode(), page.encode("utf-16"), page.encode("gbk").replace(b"utf-16", b"gb2312")):
        assert rows(grid(tmp_path / "表.htm", content)[0])[1][0] == "张三"


@covers("F113")
def test_xml_of_2003_from_a_system_carries_no_identity_and_tells_what_it_refers_to(tmp_path: Path) -> None:
    body = """<Row ss:Span="2"><Cell><Data ss:Type="String">甲</Data></Cell></Row>
        <Row><Cell ss:Formula="=cmd|'/c calc'!A0"><Data ss:Type="Number">1</Data></Cell>
        <Cell ss:Formula="='[a.xls]S'!R1C1"><Data ss:Type="Number">2</Data></Cell>
        <Cell ss:Formula="=R[-1]C[2]"><Data ss:Type="Number">3</Data></Cell></Row>"""
    plain = xml_2003(body).replace(b"<xingzhi.unit>T01</xingzhi.unit>", b"")
    read, codes = grid(tmp_path / "导出.xml", plain)
    assert read.bare and codes == ["F113"]
    assert rows(read) == [["甲"], [], [], [1, 2, 3]]
