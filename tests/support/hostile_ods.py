"""OpenDocument spreadsheets (.ods) and binary workbooks (.xlsb) that are bombs, locked or damaged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random

from support import xlsb_file as xlsb
from support.hostile_case import HEAD, NAME, ROWS, Odd, Part, Trap, bad, benign, either, package
from support.hostile_xml import laughs

NAMESPACES = " ".join(
    f'xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for key, name in (("office", "office"), ("table", "table"), ("text", "text"), ("manifest", "manifest"))
)
TYPE = "application/vnd.oasis.opendocument.spreadsheet"
CONTENT, MANIFEST, MIME = "content.xml", "META-INF/manifest.xml", "mimetype"


def text_cell(text: str, more: str = "") -> str:
    """A cell of text."""
    return f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'


def number_cell(value: str, more: str = "") -> str:
    """A cell of a number."""
    return f'<table:table-cell office:value-type="float" office:value="{value}"{more}><text:p>?</text:p></table:table-cell>'


def row(*cells: str, more: str = "") -> str:
    """A row."""
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


HEADER = row(text_cell("姓名"), text_cell("人数"))
SMALL = HEADER + row(text_cell(NAME), number_cell("3.5"))


def content(rows: str = SMALL, *, doctype: str = "", before: str = "") -> str:
    """The content part."""
    return (
        f'{HEAD}{doctype}<office:document-content {NAMESPACES} office:version="1.2"><office:body><office:spreadsheet>'
        f'{before}<table:table table:name="名册">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )


def manifest(inner: str = "") -> str:
    """The manifest; `inner` is what it says of the content beside its name."""
    entry = f'<manifest:file-entry manifest:full-path="{CONTENT}" manifest:media-type="text/xml">{inner}</manifest:file-entry>'
    return f"{HEAD}<manifest:manifest {NAMESPACES}>{entry}</manifest:manifest>"


def ods(changed: Mapping[str, Part | None] | None = None) -> bytes:
    """The small workbook, some of its parts changed, added or taken out."""
    whole: dict[str, Part | None] = {MIME: TYPE, MANIFEST: manifest(), CONTENT: content(), **(changed or {})}
    return package({name: part for name, part in whole.items() if part is not None})


def of(rows: str) -> bytes:
    """The small workbook with other rows."""
    return ods({CONTENT: content(rows)})


def repeated(rows: int = 1, columns: int = 1) -> tuple[str, str]:
    """The attributes of a row and of a cell that stand for many."""
    return f' table:number-rows-repeated="{rows}"', f' table:number-columns-repeated="{columns}"'


def full(rows: int, columns: int) -> bytes:
    """One number, in so many rows and columns."""
    of_row, of_cell = repeated(rows, columns)
    return of(HEADER + row(number_cell("1", of_cell), more=of_row))


def trailing() -> bytes:
    """Blank rows and cells to the ends of the sheet, as LibreOffice and WPS write them."""
    of_row, of_cell = repeated(1048574, 16382)
    blank = f"<table:table-cell{of_cell}/>"
    rows = [row(text_cell("姓名"), text_cell("人数"), blank), row(text_cell(NAME), number_cell("3.5"), blank)]
    return of("".join(rows) + row(f"<table:table-cell{repeated(1, 16384)[1]}/>", more=of_row))


def repeats() -> Iterator[Odd]:
    """Cells that stand for many."""
    yield benign("尾部空行.ods", trailing())
    yield bad("重复满表.ods", "F104 F101", full(1048575, 16384))
    yield either("重复行十亿.ods", "F104 F101", full(1_000_000_000, 1))
    yield either("重复列十亿.ods", "F104 F101", full(1, 1_000_000_000))
    yield either("重复六四位.ods", "F104 F101", full(2**63, 2**63))
    for count in ("-1", "0", "x", "", "1e9"):
        attribute = f' table:number-columns-repeated="{count}"'
        odd = of(HEADER + row(text_cell(NAME, attribute)))
        yield either(f"重复次数{count or '空'}.ods", "F101 F104", odd, A1="姓名", B1="人数")
    yield benign(
        "重复三次.ods", of(HEADER + row(text_cell(NAME, repeated(1, 3)[1]))), {"A1": "姓名", "A2": NAME, "C2": NAME}
    )
    of_row, _ = repeated(500_000)
    far = of(HEADER + row("<table:table-cell/>", more=of_row) + row(text_cell(NAME)))
    yield either("空行五十万后有行.ods", "F104", far, A1="姓名", A500002=NAME)
    spread = HEADER + "".join(row(f"<table:table-cell{repeated(1, 16383)[1]}/>", number_cell("1")) for _ in range(4000))
    yield either("远列四千行.ods", "F104 F101", of(spread), A1="姓名")
    each = row(number_cell("1", repeated(1, 16000)[1]))
    yield bad("重复列四万行.ods", "F104 F101", of(HEADER + each * 40_000))


def packages() -> Iterator[Odd]:
    """Parts."""
    whole = ods({"Pictures/1.png": Random(6).randbytes(4000)})
    for tenth in range(1, 10):
        yield bad(f"开放格式截断{tenth}.ods", "F101", whole[: len(whole) * tenth // 10])
    key = '<manifest:encryption-data><manifest:algorithm manifest:algorithm-name="x"/></manifest:encryption-data>'
    yield bad("开放格式加密.ods", "F103", ods({MANIFEST: manifest(key), CONTENT: Random(7).randbytes(900)}))
    yield bad("开放格式整包加密.ods", "F103 F101", ods({CONTENT: None, "encrypted-package": Random(8).randbytes(900)}))
    yield bad("缺内容部件.ods", "F101", ods({CONTENT: None}))
    yield bad("内容为空.ods", "F101", ods({CONTENT: ""}))
    yield bad("内容截断.ods", "F101", ods({CONTENT: content()[:-90]}))
    yield bad("内容乱码.ods", "F101", ods({CONTENT: bytes(range(256)) * 30}))
    yield either("缺清单.ods", "F101 F106", ods({MANIFEST: None}), **ROWS)
    yield either("缺类型.ods", "F101 F106", ods({MIME: None}), **ROWS)
    yield benign("模板.ots", ods({MIME: TYPE + "-template"}))
    yield bad("开放文档.odt", "F106", ods({MIME: "application/vnd.oasis.opendocument.text", CONTENT: HEAD + "<x/>"}))
    yield bad("开放格式膨胀.ods", "F101", ods({CONTENT: content(SMALL.replace(NAME, "&a9;"), doctype=laughs())}))
    yield bad("开放格式外部实体.ods", "F101", outside)
    yield benign("开放格式带宏.ods", ods({"Basic/Standard/Module1.xml": "<x/>", "Scripts/python/a.py": "import os"}))
    yield bad("开放格式上溯.ods", "F101", ods({"../../climbed.txt": "caught"}))
    yield either("扁平格式.fods", "F101 F106", flat(), **ROWS)
    yield either("扁平格式外部实体.fods", "F101 F106", flat('<!DOCTYPE x [<!ENTITY a "x">]>'))


def outside(trap: Trap) -> bytes:
    doctype = f'<!DOCTYPE x [<!ENTITY x SYSTEM "http://127.0.0.1:{trap.port}/ods">]>'
    return ods({CONTENT: content(SMALL.replace(NAME, "&x;"), doctype=doctype)})


def flat(doctype: str = "") -> bytes:
    """A spreadsheet in one file of XML."""
    mime = f'<office:document office:mimetype="{TYPE}" '
    return (
        content(doctype=doctype)
        .replace("<office:document-content ", mime)
        .replace("document-content", "document")
        .encode()
    )


def cells() -> Iterator[Odd]:
    """What cells hold."""
    first = {"A1": "姓名", "B1": "人数"}
    for value in ("1e999", "NaN", "x", ""):
        yield either(
            f"开放格式数字{value or '空'}.ods", "F101", of(HEADER + row(text_cell(NAME), number_cell(value))), **first
        )
    dated = '<table:table-cell office:value-type="date" office:date-value="{}"/>'
    yield benign("开放格式日期.ods", of(HEADER + row(dated.format("2026-06-07"))), {**first, "A2": date(2026, 6, 7)})
    for value in ("2026-99-99", "0000-00-00", "99999-01-01", "-4712-01-01", "x"):
        yield either(f"开放格式日期{value}.ods", "F101", of(HEADER + row(dated.format(value))), **first)
    link = '<table:table-source xlink:href="file:///etc/passwd" xmlns:xlink="http://www.w3.org/1999/xlink"/>'
    yield benign("开放格式外部表.ods", of(link + SMALL))
    formula = number_cell("3.5", ' table:formula="of:=DDE(&quot;soffice&quot;;&quot;/etc/passwd&quot;;&quot;A1&quot;)"')
    yield benign("开放格式动态交换.ods", of(HEADER + row(text_cell(NAME), formula)))
    deep = "<table:table-row-group>" * 50_000 + SMALL + "</table:table-row-group>" * 50_000
    yield either("开放格式嵌套五万.ods", "F101 F104", of(deep))
    spans = "<text:span>" * 100_000 + NAME + "</text:span>" * 100_000
    yield either("开放格式文字嵌套十万.ods", "F101 F104", of(HEADER + row(text_cell(spans))), **first)
    covered = row(text_cell(NAME, ' table:number-columns-spanned="2" table:number-rows-spanned="99999999"'))
    yield benign("开放格式合并巨大.ods", of(HEADER + covered), {**first, "A2": NAME})


def binary() -> Iterator[Odd]:
    """The binary workbooks of Excel."""
    whole = xlsb.book()
    yield benign("二进制.xlsb", whole)
    for tenth in range(1, 10):
        yield bad(f"二进制截断{tenth}.xlsb", "F101", whole[: len(whole) * tenth // 10])
    yield bad("二进制工作簿乱码.xlsb", "F101", xlsb.book({xlsb.BOOK: Random(9).randbytes(3000)}))
    yield bad("二进制表乱码.xlsb", "F101", xlsb.book({xlsb.SHEET: Random(10).randbytes(3000)}))
    yield bad("二进制表截断.xlsb", "F101", xlsb.book({xlsb.SHEET: xlsb.sheet()[:60]}))
    long = xlsb.ROWS + xlsb.record(6, b"\0" * 12, size=200_000_000)
    yield bad("二进制记录过长.xlsb", "F101 F104", xlsb.book({xlsb.SHEET: xlsb.sheet(long)}))
    odd = {
        "列越界": xlsb.row(2) + xlsb.number_cell(0x7FFFFFFF, 1),
        "行越界": xlsb.row(0x7FFFFFFF) + xlsb.number_cell(0, 1),
        "远角": xlsb.row(1048575) + xlsb.number_cell(16383, 1),
        "空记录": xlsb.record(6),
        "串号越界": xlsb.record(7, bytes(8) + b"\xff\xff\xff\x7f"),
    }
    for name, more in odd.items():
        yield either(
            f"二进制{name}.xlsb", "F101 F104", xlsb.book({xlsb.SHEET: xlsb.sheet(xlsb.ROWS + more)}), A1="姓名"
        )
    box = xlsb.sheet(box=(0, 1048575, 0, 16383))
    yield benign("二进制假维度.xlsb", xlsb.book({xlsb.SHEET: box}))


def files() -> Iterator[Odd]:
    """Every such workbook."""
    yield from repeats()
    yield from packages()
    yield from cells()
    yield from binary()
