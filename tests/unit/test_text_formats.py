"""Tables in text, in pages of the web and in XML 2003 are read into the same grid as a workbook."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from support.codes import covers

from workbook_files.limits import Limits
from workbook_files.reader import read_grid
from xingzhi.findings import Finding
from xingzhi.grid import Grid
from xingzhi.labels import Lang

TABLE = "姓名,部门\n张三,办公室\n李四,救助股\n"


def grid(path: Path, content: bytes, limits: Limits | None = None) -> tuple[Grid, list[str]]:
    path.write_bytes(content)
    read, findings = read_grid(path, limits)
    assert read is not None, [each.message(Lang.EN) for each in findings]
    return read, [each.code for each in findings]


def refused(path: Path, content: bytes, limits: Limits | None = None) -> Finding:
    path.write_bytes(content)
    read, (found,) = read_grid(path, limits)
    assert read is None
    return found


def rows(read: Grid) -> list[list[object]]:
    return [list(row) for row in read.sheets[0].rows]


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("gbk"),
        TABLE.encode("utf-16"),
        TABLE.encode("utf-16-le"),
        TABLE.encode("utf-16-be"),
        TABLE.replace(",", "\t").encode("utf-16"),
        TABLE.replace(",", ";").encode("gb18030"),
        TABLE.replace("\n", "\r\n").encode("gbk"),
        TABLE.replace("\n", "\r").encode(),
    ],
    ids=["utf-8", "bom", "gbk", "utf-16", "utf-16-le", "utf-16-be", "tabs", "semicolons", "dos", "old mac"],
)
def test_text_is_read_in_whatever_characters_it_comes(tmp_path: Path, content: bytes) -> None:
    read, codes = grid(tmp_path / "人员名册.csv", content)
    assert rows(read) == [["姓名", "部门"], ["张三", "办公室"], ["李四", "救助股"]]
    assert (read.sheets[0].name, read.bare, codes) == ("人员名册", True, [])


def test_a_character_that_only_gb18030_has(tmp_path: Path) -> None:
    read, _ = grid(tmp_path / "名.csv", "姓名,部门\n㐂𠮷,办公室\n".encode("gb18030"))
    assert rows(read)[1] == ["㐂𠮷", "办公室"]


def test_text_that_was_cut_off_within_a_character_keeps_what_came(tmp_path: Path) -> None:
    read, _ = grid(tmp_path / "名.csv", TABLE.encode()[:-2])
    assert rows(read) == [["姓名", "部门"], ["张三", "办公室"], ["李四", "救助"]]


def test_cells_over_several_lines_and_with_commas(tmp_path: Path) -> None:
    read, codes = grid(tmp_path / "名.csv", '姓名,部门\n张三,"办公室\n,救助股"\n'.encode())
    assert rows(read)[1] == ["张三", "办公室\n,救助股"] and codes == []


@covers("F114")
def test_a_quotation_mark_that_has_no_other_swallows_no_rows(tmp_path: Path) -> None:
    read, codes = grid(tmp_path / "名.csv", '姓名,部门\n张三,"办公室\n李四,救助股\n'.encode())
    assert rows(read)[2] == ["李四", "救助股"] and codes == ["F114"]


def test_what_was_wrapped_to_keep_its_zeros_is_unwrapped_and_a_formula_stays_text(tmp_path: Path) -> None:
    read, _ = grid(tmp_path / "名.csv", b'a,b,c\n="0774",=1+1,+8613900000001\n@x,-1,"\t=cmd"\n')
    assert rows(read)[1:] == [["0774", "=1+1", "+8613900000001"], ["@x", "-1", "\t=cmd"]]


@covers("F111")
def test_the_content_counts_and_not_the_name(tmp_path: Path) -> None:
    read, codes = grid(tmp_path / "人员名册.xlsx", TABLE.encode("gbk"))
    assert rows(read)[1] == ["张三", "办公室"] and codes == ["F111"]


@covers("F106")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xff\xd8\xff\xe0 JFIF", "图片"),
        (b"Rar!\x1a\x07\x00", "压缩包"),
        (b'{"a": [1]}', "JSON"),
        ("第一段话。\n第二段话。\n第三段话。".encode(), "没有分栏的文本"),
        (b"  \n \n", "空白文本"),
        (b"<html><p>nothing</p></html>", "没有表格的网页"),
        (b"<?xml version='1.0'?><a><b/></a>", "XML"),
        (b"\x09\x02\x06\x00\x00\x00\x10\x00", "1993"),
    ],
)
def test_what_is_no_spreadsheet_is_called_by_its_name(tmp_path: Path, content: bytes, said: str) -> None:
    found = refused(tmp_path / "报来.xls", content)
    assert found.code == "F106" and said in found.message(Lang.ZH)
    assert found.remedy(Lang.ZH) and found.remedy(Lang.EN) and "{" not in found.remedy(Lang.EN)


@covers("F104")
def test_more_cells_than_a_person_fills_are_refused(tmp_path: Path) -> None:
    few = Limits(area=1000)
    assert refused(tmp_path / "名.csv", b"a," * 400 + b"\n" + b"b," * 400 + b"\n" + b"c," * 400, few).code == "F104"
    wide = b"a," * 20_000
    assert refused(tmp_path / "宽.csv", wide + b"\n" + wide).code == "F104"
    assert (
        refused(tmp_path / "名.htm", b"<table>" + b"<tr><td colspan=600>x</td></tr>" * 2 + b"</table>", few).code
        == "F104"
    )
    sheet = "<Row ss:Index='500'><Cell ss:Index='3'/></Row><Row ss:Index='9999'/>"
    assert refused(tmp_path / "名.xml", xml_2003(sheet), few).code == "F104"


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
