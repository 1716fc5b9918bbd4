"""Workbooks that lack a part, hold one they should not, or are put together in an unusual way."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from support.hostile_case import (
    BOOK,
    BOOK_RELATIONS,
    MAIN,
    RELATIONS,
    ROOT_RELATIONS,
    ROWS,
    SHEET,
    STRINGS,
    STYLES,
    TYPES,
    Odd,
    Parts,
    Trap,
    bad,
    benign,
    book,
    content_types,
    either,
    package,
    parts,
    relations,
    row,
    sheet,
    text_cell,
    workbook,
)

MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STRICT = "http://purl.oclc.org/ooxml"
FROM_STRINGS = sheet(row(1, text_cell("A1", "姓名")) + row(2, '<c r="A2" t="s"><v>0</v></c>'))
ONE = '<sheet name="名册" sheetId="1" r:id="rId1"/>'


def with_macros() -> bytes:
    """A workbook with a VBA project, which begins as one does and goes on as noise."""
    changed: Parts = {
        TYPES: content_types(MACROS, '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'),
        "xl/vbaProject.bin": OLE + Random(1).randbytes(4000),
        BOOK_RELATIONS: relations(("worksheet", "worksheets/sheet1.xml"), ("vbaProject", "vbaProject.bin")),
    }
    return book({**changed})


def with_links(trap: Trap) -> bytes:
    """A workbook that refers to another one, by the network."""
    link = f'<externalLink xmlns="{MAIN}" xmlns:r="{RELATIONS}"><externalBook r:id="rId1"/></externalLink>'
    target = relations(("externalLinkPath", f"http://127.0.0.1:{trap.port}/b.xlsx"), mode=' TargetMode="External"')
    changed = {
        "xl/externalLinks/externalLink1.xml": link,
        "xl/externalLinks/_rels/externalLink1.xml.rels": target,
        BOOK: workbook(after='<externalReferences><externalReference r:id="rId2"/></externalReferences>'),
        BOOK_RELATIONS: relations(
            ("worksheet", "worksheets/sheet1.xml"), ("externalLink", "externalLinks/externalLink1.xml")
        ),
    }
    return book(changed)


def with_connection(trap: Trap) -> bytes:
    """A workbook that fetches a web page when it is opened."""
    web = f'<webPr url="http://127.0.0.1:{trap.port}/query"/>'
    listed = (
        f'<connections xmlns="{MAIN}"><connection id="1" type="4" refreshOnLoad="1">{web}</connection></connections>'
    )
    changed = {
        "xl/connections.xml": listed,
        BOOK_RELATIONS: relations(("worksheet", "worksheets/sheet1.xml"), ("connections", "connections.xml")),
    }
    return book(changed)


def with_dde() -> bytes:
    """A workbook with a DDE link."""
    link = f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    changed = {
        "xl/externalLinks/externalLink1.xml": link,
        BOOK_RELATIONS: relations(
            ("worksheet", "worksheets/sheet1.xml"), ("externalLink", "externalLinks/externalLink1.xml")
        ),
    }
    return book(changed)


def with_remote_drawing(trap: Trap) -> bytes:
    """A workbook whose picture lies on the network."""
    picture = relations(("image", f"http://127.0.0.1:{trap.port}/p.png"), mode=' TargetMode="External"')
    return book({"xl/worksheets/_rels/sheet1.xml.rels": picture})


def strict() -> bytes:
    """Strict OOXML, as the standard names it and Excel can write it."""
    changed = {}
    for name, content in parts().items():
        text = str(content).replace(MAIN, f"{STRICT}/spreadsheetml/main")
        changed[name] = text.replace(RELATIONS, f"{STRICT}/officeDocument/relationships")
    return package(changed)


def elsewhere() -> bytes:
    """The parts at other places, found by their relations alone."""
    old = parts()
    return package(
        {
            TYPES: str(old[TYPES]).replace(BOOK, "a/b.xml").replace(SHEET, "c/d.xml"),
            ROOT_RELATIONS: relations(("officeDocument", "/a/b.xml")),
            "a/b.xml": old[BOOK],
            "a/_rels/b.xml.rels": relations(("worksheet", "../c/d.xml"), ("sharedStrings", "/xl/sharedStrings.xml")),
            "c/d.xml": old[SHEET],
            STRINGS: old[STRINGS],
        }
    )


def pointing(target: str, mode: str = "") -> bytes:
    """The sheet's relation points elsewhere."""
    return book({BOOK_RELATIONS: relations(("worksheet", target), mode=mode)})


def sheets(listed: str) -> bytes:
    """The workbook part lists other sheets."""
    return book({BOOK: workbook(listed)})


def lacking() -> Iterator[Odd]:
    """Parts that are missing."""
    yield bad("缺工作簿部件.xlsx", "F101 F106", book({BOOK: None}))
    yield bad("缺工作表部件.xlsx", "F101", book({SHEET: None}))
    yield either("缺工作簿关系.xlsx", "F101", book({BOOK_RELATIONS: None}))
    yield either("缺根关系.xlsx", "F101 F106", book({ROOT_RELATIONS: None}), **ROWS)
    yield either("缺内容类型.xlsx", "F101 F106", book({TYPES: None}), **ROWS)
    yield either("缺字符串表.xlsx", "F101", book({STRINGS: None, SHEET: FROM_STRINGS}), A1="姓名")
    yield benign("缺样式表.xlsx", book({STYLES: None}))
    yield bad("只有内容类型.xlsx", "F101 F106", package({TYPES: content_types()}))
    yield either("没有工作表.xlsx", "F101", sheets(""))
    yield either("只有图表页.xlsx", "F101", only_chart())
    yield bad("关系指向目录外.xlsx", "F101", pointing("../../../../../../etc/passwd"))
    yield bad("关系指向外部文件.xlsx", "F101", pointing("file:///etc/passwd", ' TargetMode="External"'))
    yield bad("关系指向网页.xlsx", "F101", lambda trap: pointing(f"http://127.0.0.1:{trap.port}/s.xml"))
    yield either("关系指向自己.xlsx", "F101", pointing("workbook.xml"))
    yield either("关系指向文件夹.xlsx", "F101", pointing("worksheets/"))
    yield either("关系重号.xlsx", "F101", book({BOOK_RELATIONS: same_ids()}))
    yield either("表引用无关系.xlsx", "F101", sheets(ONE.replace("rId1", "rId99")))


def only_chart() -> bytes:
    chart = f'<chartsheet xmlns="{MAIN}"/>'
    targets = relations(("chartsheet", "chartsheets/sheet1.xml"))
    return book({SHEET: None, "xl/chartsheets/sheet1.xml": chart, BOOK_RELATIONS: targets})


def same_ids() -> str:
    both = relations(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"))
    return both.replace("rId2", "rId1")


def features() -> Iterator[Odd]:
    """What may lie in a workbook beside its cells, and is never run nor fetched."""
    yield benign("带宏.xlsm", with_macros())
    yield benign("带宏却名为.xlsx", with_macros())
    yield benign("外部链接.xlsx", with_links)
    yield benign("数据连接.xlsx", with_connection)
    yield benign("动态交换.xlsx", with_dde())
    yield benign("外部图片.xlsx", with_remote_drawing)
    yield benign("嵌入对象.xlsx", book({"xl/embeddings/oleObject1.bin": OLE + bytes(2000)}))
    yield benign("嵌入程序.xlsx", book({"xl/embeddings/setup.exe": b"MZ" + bytes(2000)}))
    yield benign("控件.xlsx", book({"xl/activeX/activeX1.bin": OLE + bytes(512), "xl/activeX/activeX1.xml": "<x/>"}))
    yield benign("自定义界面.xlsx", book({"customUI/customUI14.xml": "<customUI onLoad='x'/>"}))
    yield benign("严格格式.xlsx", strict())
    yield either("部件另放.xlsx", "F101", elsewhere(), **ROWS)
    yield benign("绝对关系.xlsx", pointing("/xl/worksheets/sheet1.xml"))
    yield benign("模板.xltx", book({TYPES: content_types("template.main+xml")}))
    yield benign("隐藏的表.xlsx", sheets(ONE.replace("<sheet ", '<sheet state="veryHidden" ')))
    yield either("同名的表.xlsx", "F101", sheets(ONE + ONE.replace('sheetId="1"', 'sheetId="2"')), **ROWS)
    yield either("表名空.xlsx", "F101", sheets(ONE.replace("名册", "")), **ROWS)
    yield either("表名三百字.xlsx", "F101", sheets(ONE.replace("名册", "长" * 300)), **ROWS)
    yield either("表名怪字符.xlsx", "F101", sheets(ONE.replace("名册", "[甲]:*?/\\&#9;'")), **ROWS)
    names = "".join(f'<definedName name="n{n}">名册!$A${n % 99 + 1}</definedName>' for n in range(100_000))
    yield either("名称十万.xlsx", "F104", book({BOOK: workbook(after=f"<definedNames>{names}</definedNames>")}), **ROWS)
    odd_names = "<definedName name='x'>#REF!</definedName><definedName>=1</definedName><definedName name='y'/>"
    yield either(
        "名称乱写.xlsx", "F101", book({BOOK: workbook(after=f"<definedNames>{odd_names}</definedNames>")}), **ROWS
    )
    links = "".join(f'<hyperlink ref="A{n}" location="名册!A1"/>' for n in range(1, 30_000))
    yield benign("超链接三万.xlsx", book({SHEET: sheet(after=f"<hyperlinks>{links}</hyperlinks>")}))


def files() -> Iterator[Odd]:
    """Every such workbook."""
    yield from lacking()
    yield from features()
