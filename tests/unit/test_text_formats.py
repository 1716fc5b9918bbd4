"""Tables in text are read into the same grid as a workbook, whatever their characters and delimiters."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.codes import covers
from support.readings import grid, refused, rows

from workbook_files.limits import Limits
from workbook_files.reader import read_grid
from xingzhi.labels import Lang

TABLE = "姓名,部门\n张三,办公室\n李四,救助股\n"


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


PROGRESS = "项目编号,所属月份,进展,存在问题\n"


@covers("F114")
def test_a_stray_quotation_mark_costs_its_own_line_alone(tmp_path: Path) -> None:
    lines = 'X1,2026-06,"进展一,无\nX2,2026-06,进展二,无\nX3,2026-06,进展三",无\nX4,2026-06,好,无\n'
    path = tmp_path / "进展.csv"
    path.write_text(PROGRESS + lines, encoding="utf-8")
    read, (found,) = read_grid(path)
    assert read is not None
    assert [row[0] for row in read.sheets[0].rows] == ["项目编号", "X1", "X2", "X3", "X4"]
    assert all(len(row) == 4 for row in read.sheets[0].rows)
    assert (found.code, found.sheet, found.cell, found.value) == ("F114", "进展", "A2", "2")


@covers("F114")
def test_rows_that_are_rightly_quoted_are_read_so_beside_one_that_is_not(tmp_path: Path) -> None:
    lines = 'X1,2026-06,"评为"先进"单位，好",无\nX2,2026-06,"已完成A,B两项",有困难\n'
    read, codes = grid(tmp_path / "进展.csv", (PROGRESS + lines).encode())
    assert rows(read)[1:] == [
        ["X1", "2026-06", '评为"先进"单位，好', "无"],
        ["X2", "2026-06", "已完成A,B两项", "有困难"],
    ]
    assert codes == ["F114"]


def test_prose_of_several_lines_is_one_cell_and_parts_no_columns(tmp_path: Path) -> None:
    prose = "第一，走访；\n第二，座谈，共五场；\n第三，汇总；\n第四，上报，待批。"
    lines = "".join(f'X{step},2026-06,"{prose}",无\n' for step in range(5))
    for text, name in ((PROGRESS + lines, "进展.csv"), ((PROGRESS + lines).replace(",", "\t"), "进展.tsv")):
        read, codes = grid(tmp_path / name, text.encode("gbk"))
        assert rows(read)[3] == ["X2", "2026-06", prose, "无"] and codes == []


@pytest.mark.parametrize("head", ["[2026]编号", "BM", "MZ", "ID;P"])
def test_headers_that_begin_like_another_format(tmp_path: Path, head: str) -> None:
    read, codes = grid(tmp_path / "表.csv", f"{head},姓名\n1,张三\n2,李四\n".encode())
    assert rows(read)[1] == ["1", "张三"] and codes == []


@covers("F116")
def test_one_byte_that_nobody_can_read_does_not_cost_the_file(tmp_path: Path) -> None:
    whole = "姓名,备注\n张三,经费1000元\n李四,经费2000元\n".encode("gbk")
    read, codes = grid(tmp_path / "表.csv", whole.replace(b"1000", b"\x801000"))
    assert rows(read)[1] == ["张三", "经费€1000元"] and codes == []
    read, codes = grid(tmp_path / "表.csv", TABLE.encode().replace(b",", b"\xff,", 1))
    assert rows(read)[1:] == [["张三", "办公室"], ["李四", "救助股"]] and codes == ["F116"]
