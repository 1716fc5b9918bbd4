"""Workbooks whose XML declares entities, calls for other files, or is not well formed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from support.hostile_case import (
    BOOK,
    BOOK_RELATIONS,
    HEAD,
    MAIN,
    NAME,
    ROOT_RELATIONS,
    ROWS,
    SHEET,
    STRINGS,
    STYLES,
    TYPES,
    Odd,
    Trap,
    bad,
    benign,
    book,
    book_of,
    either,
    parts,
    relations,
    row,
    sheet,
    text_cell,
)

CUSTOM, CORE = "docProps/custom.xml", "docProps/core.xml"


def laughs() -> str:
    """The declarations of ten entities, each ten times the one before."""
    lines = ['<!ENTITY a0 "哈哈哈哈哈哈哈哈">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return f"<!DOCTYPE x [{''.join(lines)}]>"


def quadratic() -> str:
    """One entity of 100,000 characters."""
    return f'<!DOCTYPE x [<!ENTITY a "{"x" * 100_000}">]>'


def declared(part: str, doctype: str, use: str = "", encoding: str = "utf-8") -> bytes:
    """The small workbook with a DOCTYPE in one part, and an entity used in it where a text stands."""
    whole = parts({CUSTOM: f"{HEAD}<Properties><t>x</t></Properties>", CORE: f"{HEAD}<core><t>x</t></core>"})
    text = str(whole[part]).removeprefix(HEAD)
    head = HEAD.replace("UTF-8", encoding.upper().replace("-LE", "").replace("-BE", ""))
    if use:
        text = text.replace("</t>", f"{use}</t>", 1) if "</t>" in text else text.replace(">", f">{use}", 1)
    content = (head + doctype + text).encode(encoding)
    bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    return book({CUSTOM: whole[CUSTOM], CORE: whole[CORE], part: bom + content})


def calls(part: str, template: str, use: str = "&x;") -> Callable[[Trap], bytes]:
    """A workbook that calls for what the trap guards: `{url}` is a page, `{file}` a file of this machine."""

    def make(trap: Trap) -> bytes:
        url = f"http://127.0.0.1:{trap.port}/{part}"
        return declared(part, template.format(url=url, file=(trap.folder / "secret.txt").as_uri()), use)

    return make


def entities() -> Iterator[Odd]:
    """Every way to declare something, in every part that is read."""
    for part in (SHEET, STRINGS, BOOK, BOOK_RELATIONS, TYPES, ROOT_RELATIONS, STYLES, CUSTOM, CORE):
        label = part.replace("/", "-").strip("-[]")
        yield bad(f"实体膨胀{label}.xlsx", "F101", declared(part, laughs(), "&a9;"))
        yield bad(f"外部实体{label}.xlsx", "F101", calls(part, '<!DOCTYPE x [<!ENTITY x SYSTEM "{url}">]>'))
    yield bad("实体平方膨胀.xlsx", "F101 F104", declared(SHEET, quadratic(), "&a;" * 20_000))
    yield bad("外部文件实体.xlsx", "F101", calls(SHEET, '<!DOCTYPE x [<!ENTITY x SYSTEM "{file}">]>'))
    yield bad("外部文档类型.xlsx", "F101", calls(SHEET, '<!DOCTYPE x SYSTEM "{url}">', ""))
    yield bad("公共文档类型.xlsx", "F101", calls(STRINGS, '<!DOCTYPE x PUBLIC "-//x//x" "{url}">', ""))
    parameter = '<!DOCTYPE x [<!ENTITY % p SYSTEM "{url}"> %p;]>'
    yield bad("参数实体.xlsx", "F101", calls(SHEET, parameter, ""))
    yield bad("空文档类型.xlsx", "F101", declared(SHEET, "<!DOCTYPE worksheet>"))
    yield bad("自指实体.xlsx", "F101", declared(SHEET, '<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', "&a;"))
    for encoding in ("utf-16-le", "utf-16-be"):
        yield bad(f"{encoding}文档类型.xlsx", "F101", declared(SHEET, laughs(), "&a9;", encoding))
    yield bad("无标记十六位文档类型.xlsx", "F101", book({SHEET: (laughs() + sheet(head="")).encode("utf-16-be")}))
    yield either("七位编码文档类型.xlsx", "F101", seven_bits())
    for place in ("xl/worksheets/sheet1.dat", "xl/media/image1.png", "xl/worksheets/sheet1"):
        yield bad(f"别名部件文档类型{place.rpartition('.')[2][-4:].strip('/')}.xlsx", "F101", moved(place))
    yield bad("深处文档类型.xlsx", "F101", declared(SHEET, "<!--" + "长" * 90_000 + "-->" + laughs(), "&a9;"))
    yield bad("未声明实体.xlsx", "F101 B101", book_of(row(1, text_cell("A1", "&nbsp;&x;"))))


def moved(place: str) -> bytes:
    """A sheet with a DOCTYPE in a part whose name does not say that it is XML."""
    targets = relations(("worksheet", f"/{place}"), ("styles", "styles.xml"))
    text = sheet(head=HEAD + laughs()).replace(NAME, "&a9;")
    return book({SHEET: None, BOOK_RELATIONS: targets, place: text})


def seven_bits() -> bytes:
    """A DOCTYPE in UTF-7, in which it has no `<`."""
    text = sheet(head="").replace(NAME, "x")
    hidden = "+ADwAIQ-DOCTYPE x [+ADwAIQ-ENTITY a +ACI-x+ACIAPg-]+AD4-"
    return book({SHEET: ("<?xml version='1.0' encoding='UTF-7'?>" + hidden + text).encode("utf-8")})


def files() -> Iterator[Odd]:
    """Every such workbook."""
    yield from entities()
    whole = sheet()
    cut = whole.index("石一")
    yield bad("表内截断.xlsx", "F101", book({SHEET: whole[:cut]}))
    yield bad("表内无结尾.xlsx", "F101", book({SHEET: whole.removesuffix("</sheetData></worksheet>")}))
    yield bad("表为空部件.xlsx", "F101", book({SHEET: ""}))
    yield bad("表是乱码.xlsx", "F101", book({SHEET: bytes(range(256)) * 40}))
    yield either("标签不配.xlsx", "F101", book({SHEET: whole.replace("</row>", "</raw>", 1)}), **ROWS)
    yield bad("字符串表截断.xlsx", "F101", book({STRINGS: f'{HEAD}<sst xmlns="{MAIN}"><si><t>石'}))
    promised = f'{HEAD}<sst xmlns="{MAIN}" count="4294967295" uniqueCount="4294967295"><si><t>石</t></si></sst>'
    yield benign("字符串数目谎报.xlsx", book({STRINGS: promised}))
    yield bad("工作簿部件截断.xlsx", "F101", book({BOOK: str(parts()[BOOK])[:200]}))
    yield either("表是网页.xlsx", "F101", book({SHEET: "<html><body><p>404</p></body></html>"}))
    yield either(
        "文字非法字节.xlsx", "F101", book({SHEET: whole.encode().replace(NAME.encode(), b"\xc4\xe3\xff")}), A1="姓名"
    )
    yield either("文字含空字符.xlsx", "F101", book({SHEET: whole.replace(NAME, "石\0一")}), A1="姓名")
    yield either("非法字符引用.xlsx", "F101", book({SHEET: whole.replace(NAME, "石&#1;一&#xFFFF;")}), A1="姓名")
    yield either("超大字符引用.xlsx", "F101", book({SHEET: whole.replace(NAME, "&#99999999999999;")}), A1="姓名")
    for encoding in ("utf-16", "utf-16-be"):
        head = HEAD.replace("UTF-8", "UTF-16")
        bom = b"\xfe\xff" if encoding == "utf-16-be" else b""
        yield either(f"表为{encoding}.xlsx", "F101", book({SHEET: bom + sheet(head=head).encode(encoding)}), **ROWS)
    gbk = sheet(head=HEAD.replace("UTF-8", "GBK")).encode("gbk")
    yield either("表为GBK.xlsx", "F101", book({SHEET: gbk}), **ROWS)
    yield either("编码名乱写.xlsx", "F101", book({SHEET: sheet(head=HEAD.replace("UTF-8", "klingon"))}), **ROWS)
    yield benign("部件带BOM.xlsx", book({SHEET: b"\xef\xbb\xbf" + whole.encode()}))
    yield benign("无声明.xlsx", book({SHEET: sheet(head="")}))
    yield benign("注释与指令.xlsx", book({SHEET: whole.replace("<row", "<!-- <row r='9'> --><?x y?><row", 1)}))
    cdata = row(1, text_cell("A1", "<![CDATA[<甲&乙>]]>"), text_cell("B1", "&lt;丙&#20025;&gt;"))
    yield benign("字符数据段.xlsx", book_of(cdata), {"A1": "<甲&乙>", "B1": "<丙丹>"})
    prefixed = whole.replace("<c ", "<x:c ").replace("</c>", "</x:c>")
    for tag in ("worksheet", "sheetData", "row", "is", "t", "v"):
        prefixed = prefixed.replace(f"<{tag}", f"<x:{tag}").replace(f"</{tag}", f"</x:{tag}")
    yield benign("带前缀.xlsx", book({SHEET: prefixed.replace("xmlns=", "xmlns:x=")}))
