"""Small files that are enormous once opened, and large ones that are just what they are."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from support.hostile_case import (
    BOOK,
    BOOK_RELATIONS,
    HEAD,
    MAIN,
    NAME,
    ROWS,
    SHEET,
    STRINGS,
    STYLES,
    Odd,
    Part,
    Trap,
    bad,
    benign,
    book,
    book_of,
    either,
    package,
    parts,
    relations,
    row,
    sheet,
    text_cell,
    workbook,
)
from support.hostile_zips import with_field

MEGABYTE = 1024 * 1024
FAR = "XFD1048576"


def zipped(
    name: str, before: bytes, unit: bytes, times: int, after: bytes, changed: Mapping[str, Part | None] | None = None
) -> bytes:
    """The small workbook with one part that repeats some bytes, never whole in memory."""
    out = io.BytesIO()
    block = unit * max(1, MEGABYTE // len(unit))
    blocks, rest = divmod(times * len(unit), len(block))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, content in parts({name: None, **(changed or {})}).items():
            archive.writestr(part, content)
        with archive.open(name, "w") as stream:
            stream.write(before)
            for _ in range(blocks):
                stream.write(block)
            stream.write(block[:rest])
            stream.write(after)
    return out.getvalue()


def of_rows(cells: int, rows: int) -> bytes:
    """A sheet of so many rows, each of so many numbers."""
    before, _, after = sheet("|").encode().partition(b"|")
    return zipped(SHEET, before, b"<row>%b</row>" % (b"<c><v>1</v></c>" * cells), rows, after)


def of_zeros(_: Trap) -> bytes:
    return zipped(SHEET, b"", b"\0", 300 * MEGABYTE, b"")


def unread_zeros(_: Trap) -> bytes:
    return zipped("xl/media/image1.png", b"", b"\0", 300 * MEGABYTE, b"")


def as_picture(_: Trap) -> bytes:
    """The sheet under the name of a picture, which need not be unpacked."""
    return moved_bomb("xl/media/image1.png")


def as_folder(_: Trap) -> bytes:
    """The sheet under the name of a folder."""
    return moved_bomb("xl/worksheets/")


def moved_bomb(place: str) -> bytes:
    """300 MB of rows in a part of this name, which is the sheet."""
    targets = relations(("worksheet", f"/{place}"), ("styles", "styles.xml"))
    before, _, after = sheet("|").encode().partition(b"|")
    rows = b"<row><c><v>1</v></c></row>"
    moved = {SHEET: None, BOOK_RELATIONS: targets}
    return zipped(place, before, rows, 300 * MEGABYTE // len(rows), after, moved)


def lying_zeros(_: Trap) -> bytes:
    """300 MB of zeros, declared as a thousand bytes."""
    return with_field(of_zeros(_), SHEET, "size", 1000)


def of_strings(_: Trap) -> bytes:
    head = f'{HEAD}<sst xmlns="{MAIN}">'.encode()
    return zipped(STRINGS, head, b"<si><t>x</t></si>", 14_000_000, b"</sst>")


def of_styles(_: Trap) -> bytes:
    head = f'{HEAD}<styleSheet xmlns="{MAIN}"><cellXfs>'.encode()
    return zipped(STYLES, head, b'<xf numFmtId="14"/>', 1_000_000, b"</cellXfs></styleSheet>")


def many_parts(_: Trap) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
        for number in range(100_000):
            archive.writestr(zipfile.ZipInfo(f"c/{number}.xml"), b"")
    return out.getvalue()


def many_sheets(count: int) -> bytes:
    """A workbook of so many small sheets."""
    listed = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, count + 1))
    changed = {f"xl/worksheets/sheet{n}.xml": sheet() for n in range(1, count + 1)}
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, count + 1)]
    return book({**changed, BOOK: workbook(listed), BOOK_RELATIONS: relations(*targets, ("styles", "styles.xml"))})


def merges(count: int) -> str:
    """So many merged ranges of two cells, below one another."""
    each = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(3, count + 3))
    return f'<mergeCells count="{count}">{each}</mergeCells>'


def many_rows(count: int) -> bytes:
    """Rows of ten texts, all alike, as a copied list has."""
    cells = "".join(text_cell("", NAME) for _ in range(10))
    return book_of("".join(row(number, cells) for number in range(1, count + 1)))


def far_corner(_: Trap) -> bytes:
    return book_of(row(1, text_cell("A1", "姓名")) + row(1048576, text_cell(FAR, "远")))


def far_diagonal(_: Trap) -> bytes:
    rows = (row(n * 1000, text_cell(f"{'XFD' if n % 2 else 'A'}{n * 1000}", "远")) for n in range(1, 1049))
    return book_of("".join(rows))


def nested_zip(_: Trap) -> bytes:
    """A package whose sheet is again a package, ten deep, the innermost a bomb."""
    data = zlib.compress(bytes(20 * MEGABYTE))
    for _level in range(10):
        data = package({**parts(), "xl/embeddings/book.xlsx": data})
    return data


def long_text(_: Trap) -> bytes:
    return zipped(SHEET, sheet("|").encode().partition(b"|")[0] + b"<row><c t='str'><v>", b"x", 60 * MEGABYTE, b"")


def closed_long_text(_: Trap) -> bytes:
    before, _bar, after = sheet("|").encode().partition(b"|")
    return zipped(SHEET, before + b"<row><c t='str'><v>", b"x", 40 * MEGABYTE, b"</v></c></row>" + after)


def many_attributes(_: Trap) -> bytes:
    attributes = " ".join(f'a{number}="1"' for number in range(300_000))
    return book_of(f"<row {attributes}>{text_cell('A1', '姓名')}</row>")


def deep(count: int) -> bytes:
    """A cell below so many elements."""
    return book_of("<a>" * count + "</a>" * count + row(1, text_cell("A1", "姓名")))


def deep_text(count: int) -> bytes:
    """A shared string whose runs lie in one another."""
    inner = "<r>" * count + "<t>x</t>" + "</r>" * count
    return book({STRINGS: f'{HEAD}<sst xmlns="{MAIN}"><si>{inner}</si></sst>'})


def files() -> Iterator[Odd]:
    """Every such workbook."""
    yield bad("压缩炸弹零.xlsx", "F104", of_zeros)
    yield either("压缩炸弹图片.xlsx", "F104", unread_zeros, **ROWS)
    yield bad("压缩炸弹表充图片.xlsx", "F101 F104 F105", as_picture)
    yield bad("压缩炸弹表充文件夹.xlsx", "F101 F104", as_folder)
    yield bad("压缩炸弹谎报.xlsx", "F101 F104", lying_zeros)
    yield bad("压缩炸弹行.xlsx", "F104", lambda _: of_rows(3, 4_000_000))
    yield bad("压缩炸弹格.xlsx", "F104", lambda _: of_rows(16_000, 900))
    yield either("百万行三列.xlsx", "F104 F105", lambda _: of_rows(3, 1_000_000), A1=1, C1000000=1)
    yield bad("压缩炸弹字符串.xlsx", "F104", of_strings)
    yield either("样式一百万.xlsx", "F104", of_styles)
    yield bad("部件十万.xlsx", "F104", many_parts)
    yield either("工作表三千.xlsx", "F104", lambda _: many_sheets(3000), **ROWS)
    yield benign("工作表六十.xlsx", lambda _: many_sheets(60))
    yield either("合并二十万.xlsx", "F104", lambda _: book_of_merges(200_000), **ROWS)
    yield benign("合并三千.xlsx", lambda _: book_of_merges(3000))
    yield benign("整表合并.xlsx", book({SHEET: sheet(after=f'<mergeCells><mergeCell ref="A1:{FAR}"/></mergeCells>')}))
    yield benign("整列合并.xlsx", book({SHEET: sheet(after='<mergeCells><mergeCell ref="D1:F1048576"/></mergeCells>')}))
    yield benign("假维度过大.xlsx", book({SHEET: sheet(before=f'<dimension ref="A1:{FAR}"/>')}))
    yield benign("假维度过小.xlsx", book({SHEET: sheet(before='<dimension ref="A1"/>')}))
    yield benign("假维度乱写.xlsx", book({SHEET: sheet(before='<dimension ref="A1:XFE99999999999"/>')}))
    yield either("远角单元格.xlsx", "F104", far_corner, A1="姓名", XFD1048576="远")
    yield either("只有远角.xlsx", "F104", book_of(row(1048576, text_cell(FAR, "远"))), XFD1048576="远")
    yield either("远角往返.xlsx", "F104", far_diagonal)
    yield benign("相同行三万.xlsx", lambda _: many_rows(30_000), {"A1": NAME, "J30000": NAME})
    yield either("套娃包.xlsx", "F101 F104", nested_zip, **ROWS)
    yield either("一格四十兆.xlsx", "F101 F104", closed_long_text)
    yield bad("一格六十兆未完.xlsx", "F101 F104", long_text)
    yield either("属性三十万.xlsx", "F101 F104", many_attributes, A1="姓名")
    yield either("元素嵌套二十万.xlsx", "F101 F104", lambda _: deep(200_000), A1="姓名")
    yield either("字符串嵌套二十万.xlsx", "F101 F104", lambda _: deep_text(200_000), **ROWS)


def book_of_merges(count: int) -> bytes:
    """The small workbook with so many merged ranges below its rows."""
    return book({SHEET: sheet(after=merges(count))})
