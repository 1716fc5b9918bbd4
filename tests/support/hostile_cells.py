"""Workbooks whose cells stand where no cell can, or hold what no cell should."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from support.hostile_case import (
    BOOK,
    COUNT,
    HEAD,
    NAME,
    ROWS,
    SHEET,
    STYLES,
    Odd,
    bad,
    benign,
    book,
    book_of,
    either,
    row,
    sheet,
    text_cell,
    workbook,
)

HEADER = row(1, text_cell("A1", "姓名"), text_cell("B1", "人数"))
FIRST = {"A1": "姓名", "B1": "人数"}
FORMULA = "<f>SUM(B1:B1)</f>"


def with_cell(cell: str) -> bytes:
    """The header, and below it one odd cell and a name after it."""
    return book_of(HEADER + row(2, cell, text_cell("C2", NAME)))


def valued(value: str, more: str = "") -> bytes:
    """One cell of this value in B2."""
    return with_cell(f'<c r="B2"{more}><v>{value}</v></c>')


def placed(ref: str) -> bytes:
    """A cell of this address, after the header."""
    return book_of(HEADER + row(2, text_cell(ref, "错位")))


def places() -> Iterator[Odd]:
    """Addresses."""
    outside = ("XFE1", "A1048577", "A4294967297", "A4294967298", "A18446744073709551618", "A0", "FXSHRXX2", "ZZZZ2")
    for ref in outside:
        yield either(f"越界地址{ref}.xlsx", "F101 F104", placed(ref), **FIRST)
    for ref in ("2A", "A-1", "A1.5", "A 2", "甲2", "A2:B2", "R2C1", "#REF!", "A" * 40 + "2", "2"):
        shown = ref.replace(":", "到").replace(" ", "空")
        yield either(f"乱写地址{shown[:12]}.xlsx", "F101 F104", placed(ref), **FIRST)
    yield benign("小写地址.xlsx", book_of(HEADER + row(2, text_cell("a2", NAME))), {**FIRST, "A2": NAME})
    yield either("绝对地址.xlsx", "F101", placed("$A$2"), **FIRST)
    no_places = row("", text_cell("", "姓名"), text_cell("", "人数")) + row(
        "", text_cell("", NAME), "<c><v>3.5</v></c>"
    )
    yield benign("没有地址.xlsx", book_of(no_places))
    mixed = row(1, text_cell("A1", "姓名"), text_cell("", "人数")) + row("", text_cell("A2", NAME), "<c><v>3.5</v></c>")
    yield benign("部分没有地址.xlsx", book_of(mixed))
    unordered = row(2, f'<c r="B2"><v>{COUNT}</v></c>', text_cell("A2", NAME)) + row(
        1, text_cell("B1", "人数"), text_cell("A1", "姓名")
    )
    yield benign("行列乱序.xlsx", book_of(unordered))
    yield either(
        "重复单元格.xlsx", "F101", book_of(HEADER + row(2, text_cell("A2", "甲"), text_cell("A2", "乙"))), **FIRST
    )
    yield either("重复行.xlsx", "F101", book_of(HEADER + HEADER + row(2, text_cell("A2", NAME))), A1="姓名", A2=NAME)
    yield either("行号不符.xlsx", "F101", book_of(HEADER + row(9, text_cell("A2", NAME))), **FIRST)
    for number in ("0", "-1", "1048577", "4294967298", "99999999999999999999", "二", "1e3"):
        at = row(number, "<c><v>1</v></c>")
        yield either(f"行号{number[:12]}.xlsx", "F101 F104", book_of(HEADER + at), **FIRST)
    many = row(1, *(f"<c><v>{n}</v></c>" for n in range(20_000)))
    yield either("一行两万列.xlsx", "F101 F104", book_of(many), A1=0)
    bad_merges = "".join(
        f'<mergeCell ref="{ref}"/>' for ref in ("B9:A8", "A9", "ZZZZ1:A2", "", "A0:A4294967298", "x:y")
    )
    merged = book({SHEET: sheet(after=f"<mergeCells>{bad_merges}</mergeCells>")})
    yield either("合并乱写.xlsx", "F101", merged, **ROWS)
    crossing = '<mergeCells><mergeCell ref="D1:E2"/><mergeCell ref="E2:F3"/><mergeCell ref="D1:F3"/></mergeCells>'
    yield benign("合并相交.xlsx", book({SHEET: sheet(after=crossing)}))


def values() -> Iterator[Odd]:
    """What cells hold."""
    after = {**FIRST, "C2": NAME}
    yield benign("大数.xlsx", valued("1e308"), {**after, "B2": 1e308})
    yield benign("小数.xlsx", valued("5e-324"), {**after, "B2": 5e-324})
    for number in ("1e309", "-1e309", "NaN", "INF", "-INF", "0x10", "1,5", "12 月", "", "1" * 400, "1e99999999"):
        label = number.replace(",", "逗").replace(" ", "空")
        yield either(f"数字{label[:10] or '空'}.xlsx", "F101", valued(number), **after)
    dated = ("2958466", "-1", "-1e9", "1e10", "1e300", "60", "0", "0.99999999999", "NaN")
    for day in dated:
        yield either(f"日期{day}.xlsx", "", valued(day, ' s="1"'), **after)
    yield benign("日期.xlsx", valued("46180", ' s="1"'), {**after, "B2": date(2026, 6, 7)})
    system = workbook(before='<workbookPr date1904="1"/>')
    day = sheet(HEADER + row(2, '<c r="B2" s="1"><v>44718</v></c>', text_cell("C2", NAME)))
    yield benign("一九零四.xlsx", book({BOOK: system, SHEET: day}), {**after, "B2": date(2026, 6, 7)})
    iso = with_cell('<c r="B2" t="d" s="1"><v>2026-06-07T00:00:00</v></c>')
    yield benign("日期文本型.xlsx", iso, {**after, "B2": date(2026, 6, 7)})
    yield either("日期文本型乱写.xlsx", "F101", with_cell('<c r="B2" t="d"><v>2026-99-99T99:99</v></c>'), **after)
    for style in ("99", "-1", "4294967296", "x"):
        yield either(f"样式号{style}.xlsx", "F101", valued("3.5", f' s="{style}"'), **after)
    yield benign("样式号越界.xlsx", valued("3.5", ' s="7"'), {**after, "B2": 3.5})
    for index in ("1", "99999999", "-1", "4294967296", "1.0", "x", ""):
        yield either(f"字符串号{index or '空'}.xlsx", "F101", valued(index, ' t="s"'), **after)
    for error in ("#REF!", "#N/A", "#DIV/0!", "#VALUE!"):
        name = error.strip("#!?").replace("/", "")
        yield benign(f"错误值{name}.xlsx", valued(error, ' t="e"'), {**after, "B2": error})
    yield either("错误值乱写.xlsx", "F101", valued("#WHAT", ' t="e"'), **after)
    yield either("未知类型.xlsx", "F101", valued("3.5", ' t="zz"'), **after)
    yield either("真假值二.xlsx", "F101", valued("2", ' t="b"'), **after)
    yield benign("控制字符.xlsx", with_cell(text_cell("B2", "甲_x0001__x000D_乙_x0000_")), after)
    yield benign("方向与零宽字符.xlsx", with_cell(text_cell("B2", "\u202e甲\u200b\ufeff\U0001f600")), after)
    yield benign("三万字.xlsx", with_cell(text_cell("B2", "长" * 32767)), {**after, "B2": "长" * 32767})
    yield either("十万字.xlsx", "F101", with_cell(text_cell("B2", "长" * 100_000)), **after)
    yield from formulas(after)


def formulas(after: dict[str, str]) -> Iterator[Odd]:
    """Formulas, which are never computed: what the file holds for them counts."""
    yield benign("公式有值.xlsx", with_cell(f'<c r="B2">{FORMULA}<v>7</v></c>'), {**after, "B2": 7})
    yield benign("公式无值.xlsx", with_cell(f'<c r="B2">{FORMULA}</c>'), after)
    yield benign("公式空值.xlsx", with_cell(f'<c r="B2" t="str">{FORMULA}<v></v></c>'), after)
    dde = "<f>cmd|'/C calc'!A0</f><v>0</v>"
    yield benign("动态交换公式.xlsx", with_cell(f'<c r="B2">{dde}</c>'), after)
    yield benign("公式外部引用.xlsx", with_cell('<c r="B2"><f>[1]其他!A1</f><v>1</v></c>'), {**after, "B2": 1})
    yield benign("公式取网页.xlsx", with_cell('<c r="B2"><f>WEBSERVICE("http://127.0.0.1/")</f><v>1</v></c>'), after)
    deep = "<f>" + "(" * 60_000 + "1" + ")" * 60_000 + "</f><v>1</v>"
    yield either("公式嵌套六万.xlsx", "F101", with_cell(f'<c r="B2">{deep}</c>'), **after)
    long = f"<f>{'1+' * 500_000}1</f><v>1</v>"
    yield either("公式一百万字.xlsx", "F101", with_cell(f'<c r="B2">{long}</c>'), **after)
    shared = '<c r="B2"><f t="shared" si="99999999"/><v>1</v></c>'
    yield either("共享公式无主.xlsx", "F101", with_cell(shared), **after)
    wide = '<c r="B2"><f t="shared" si="0" ref="A1:XFD1048576">A1</f><v>1</v></c>'
    yield either("共享公式满表.xlsx", "F101", with_cell(wide), **after)
    array = '<c r="B2"><f t="array" ref="B2:XFD1048576">1</f><v>1</v></c>'
    yield either("数组公式满表.xlsx", "F101", with_cell(array), **after)


def structures() -> Iterator[Odd]:
    """Sheets whose elements are not where they belong."""
    yield benign("行外有元素.xlsx", book({SHEET: sheet(before='<cols><col min="1" max="16384" width="9"/></cols>')}))
    yield either("单元格在表数据之外.xlsx", "F101", book({SHEET: sheet(after=HEADER)}), **ROWS)
    yield either("两个表数据.xlsx", "F101", book({SHEET: sheet(after=f"<sheetData>{HEADER}</sheetData>")}), A1="姓名")
    nested = sheet(HEADER.replace("</row>", row(2, text_cell("A2", NAME)) + "</row>"))
    yield either("行中有行.xlsx", "F101", book({SHEET: nested}), A1="姓名")
    yield either("没有表数据.xlsx", "F101", book({SHEET: sheet().replace("sheetData", "sheetDate")}))
    yield either("样式表空.xlsx", "F101", book({STYLES: ""}), **ROWS)
    yield either("样式表乱码.xlsx", "F101", book({STYLES: f"{HEAD}<styleSheet><numFmts>"}), **ROWS)
    loop = f'{HEAD}<styleSheet><numFmts count="1"><numFmt numFmtId="164" formatCode="{"[" * 50_000}"/></numFmts></styleSheet>'
    yield either("数字格式五万括号.xlsx", "F101", book({STYLES: loop}), **ROWS)
    yield bad("列宽一亿.xlsx", READ_ONLY, book({SHEET: sheet(before='<cols><col min="1" max="100000000"/></cols>')}))


READ_ONLY = "B101 F101 F104"


def files() -> Iterator[Odd]:
    """Every such workbook."""
    yield from places()
    yield from values()
    yield from structures()
