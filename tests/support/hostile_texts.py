"""Text that is sent as a spreadsheet: CSV in many encodings, web pages and XML 2003 named .xls, MHTML."""

from __future__ import annotations

import quopri
from collections.abc import Callable, Iterator

from support.hostile_case import COUNT, NAME, ROWS, Odd, Trap, bad, benign, either
from support.hostile_xml import laughs

CSV = "姓名,人数\r\n石一,3.5\r\n"
TEXTS = {**ROWS, "B2": ("3.5", COUNT)}
"""What a text file holds: a number may be text there."""
HEADER = {"A1": "姓名", "B1": "人数"}
MEGABYTE = 1024 * 1024
SS = "urn:schemas-microsoft-com:office:spreadsheet"


def csv_files() -> Iterator[Odd]:
    """Text with separators."""
    yield benign("无标记.csv", CSV.encode(), TEXTS)
    yield benign("有标记.csv", b"\xef\xbb\xbf" + CSV.encode(), TEXTS)
    yield benign("国标.csv", CSV.encode("gbk"), TEXTS)
    beyond = "姓名,人数\r\n㐀𠮷䶮,3.5\r\n"
    yield benign("国标四字节.csv", beyond.encode("gb18030"), {**TEXTS, "A2": "㐀𠮷䶮"})
    yield benign("十六位小端.csv", CSV.encode("utf-16"), TEXTS)
    yield benign("十六位大端.csv", b"\xfe\xff" + CSV.encode("utf-16-be"), TEXTS)
    yield either("十六位无标记.csv", "F101 F106", CSV.encode("utf-16-le"), **TEXTS)
    yield benign("分号.csv", CSV.replace(",", ";").encode("gbk"), TEXTS)
    yield benign("制表符.csv", CSV.replace(",", "\t").encode("utf-16"), TEXTS)
    yield benign("旧式换行.csv", CSV.replace("\r\n", "\r").encode(), TEXTS)
    yield benign("无末行换行.csv", CSV.rstrip().encode(), TEXTS)
    quoted = '姓名,人数\r\n"石,一\r\n""甲""",3.5\r\n'
    yield benign("引号内换行.csv", quoted.encode(), {**HEADER, "A2": ('石,一\r\n"甲"', '石,一\n"甲"')})
    risky = "姓名,人数\r\n=cmd|'/C calc'!A0,+1+2\r\n-石,@SUM(A1)\r\n\t=1,x\r\n"
    yield benign("公式开头.csv", risky.encode(), {**HEADER, "A2": "=cmd|'/C calc'!A0", "B2": "+1+2", "B3": "@SUM(A1)"})
    yield either("引号不配.csv", "F101", f'姓名,人数\r\n"{NAME},3.5\r\n乙,4\r\n'.encode(), **HEADER)
    yield either("引号后十兆.csv", "F101 F104", b'a,b\r\n"' + b"x" * (10 * MEGABYTE))
    yield either("含空字符.csv", "F101 F106", b"a,b\r\n1,\0\r\n\0\0,2\r\n")
    mixed = "姓名,人数\r\n".encode("gbk") + "石一,3\r\n".encode() + b"\xff\xfe\xc3\x28\x81\r\n"
    yield either("混合编码.csv", "F101 F106", mixed)
    yield either("非法国标.csv", "F101 F106", "姓名,人数\r\n".encode("gbk") + b"\xff\xff,1\r\n\x81", **HEADER)
    yield bad("一行五十兆.csv", "F104", lambda _: b"x" * (50 * MEGABYTE))
    yield either("一行十五兆.csv", "F101 F104", lambda _: b"x" * (15 * MEGABYTE))
    yield bad("百万列.csv", "F104", lambda _: b"1," * 1_000_000)
    yield either("百万空列.csv", "F104", lambda _: b"," * 1_000_000 + b"\r\nx,y\r\n")
    yield either("二百万行.csv", "F104", lambda _: b"a,b\r\n" * 2_000_000)
    yield either("百万空行.csv", "F102 F104 F106", lambda _: b"\r\n" * 1_000_000)
    yield bad("只有标记.csv", "F102 F106 B101", b"\xef\xbb\xbf")
    yield bad("只有空格.csv", "F102 F106 B101", b" \r\n \r\n")
    yield bad("全零.csv", "F101 F106", bytes(5000))
    yield bad("随机.csv", "F101 F106", bytes((n * 7919 + n * n * 31) % 256 for n in range(6000)))


def page(rows: str, *, encoding: str = "gbk", before: str = "", after: str = "") -> bytes:
    """A web page with one table, as reporting systems send them."""
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
    text = f"<html><head>{meta}</head><body>{before}<table border=1>{rows}</table>{after}</body></html>"
    return text.encode(encoding)


HTML = f"<tr><th>姓名</th><th>人数</th></tr><tr><td>{NAME}</td><td>3.5</td></tr>"


def tracking(trap: Trap) -> bytes:
    """A page with everything that a browser would run or fetch."""
    url = f"http://127.0.0.1:{trap.port}"
    fetched = f'<script src="{url}/s.js">1<2</script><img src="{url}/i.png"><link rel=stylesheet href="{url}/c.css">'
    return page(HTML, before=fetched, after=f'<iframe src="{url}"></iframe><object data="{url}"></object>')


def pages() -> Iterator[Odd]:
    """Web pages."""
    yield benign("网页国标.xls", page(HTML), TEXTS)
    yield benign("网页.xls", page(HTML, encoding="utf-8"), TEXTS)
    yield benign("网页.html", page(HTML, encoding="utf-8"), TEXTS)
    yield benign("网页名为.xlsx", page(HTML), TEXTS)
    yield benign("网页脚本.xls", tracking, TEXTS)
    yield benign("网页不闭合.xls", page(f"<tr><td>姓名<td>人数<tr><td>{NAME}<td>3.5"), TEXTS)
    yield benign("网页实体.xls", page("<tr><td>&#22995;&#x540d;</td><td>&lt;&amp;&nbsp;</td></tr>"), {"A1": "姓名"})
    yield either("网页十六位.xls", "F101 F106", page(HTML, encoding="utf-16"), **TEXTS)
    nested = "<table><tr><td>" * 10_000 + NAME + "</td></tr></table>" * 10_000
    yield either("网页嵌套一万.xls", "F101 F104", page(f"<tr><td>{nested}</td></tr>"))
    tags = "<b>" * 300_000
    yield either("网页标签三十万.xls", "F101 F104", page(f"<tr><td>{tags}{NAME}"))
    wide = f"<tr><td>姓名</td><td>人数</td></tr><tr><td colspan=100000000>{NAME}</td></tr>"
    yield either("网页跨列一亿.xls", "F101 F104", page(wide), **HEADER)
    yield either(
        "网页跨行跨列.xls", "F101 F104", page(wide.replace("colspan=100000000", "rowspan=65534 colspan=1000")), **HEADER
    )
    odd = wide.replace("100000000", "-1").replace("<td>姓名", "<td rowspan=0 colspan=x>姓名")
    yield either("网页跨列乱写.xls", "F101 F104", page(odd), A1="姓名")
    many = "<tr>" + "<td>" * 2_000_000
    yield either("网页二百万格.xls", "F101 F104", lambda _: page(many))
    yield bad("网页无表.xls", "F101 F106", "<html><body><p>请登录</p></body></html>".encode())
    frames = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><frameset><frame src="a.files/sheet001.htm"></frameset>'
    )
    yield bad("网页框架.xls", "F101 F106", frames.encode())
    yield bad("网页开头未完.xls", "F101 F106", b"<html><head><meta charset=")
    yield either("网页注释不闭合.xls", "F101 F106", page(HTML, before="<!--"))


def spreadsheet(rows: str, *, doctype: str = "", encoding: str = "utf-8") -> bytes:
    """An XML spreadsheet of Excel 2003."""
    head = f'<?xml version="1.0" encoding="{encoding.upper()}"?>\n<?mso-application progid="Excel.Sheet"?>\n{doctype}'
    text = (
        f'<Workbook xmlns="{SS}" xmlns:ss="{SS}"><Worksheet ss:Name="名册"><Table>{rows}</Table></Worksheet></Workbook>'
    )
    return (head + text).encode(encoding)


def cell(text: str, kind: str = "String", more: str = "") -> str:
    """A cell of such a spreadsheet."""
    return f'<Cell{more}><Data ss:Type="{kind}">{text}</Data></Cell>'


XML_HEADER = f"<Row>{cell('姓名')}{cell('人数')}</Row>"
XML_ROWS = f"{XML_HEADER}<Row>{cell(NAME)}{cell('3.5', 'Number')}</Row>"


def entity(template: str, use: str = "&x;") -> Callable[[Trap], bytes]:
    """A spreadsheet with a DOCTYPE, `{port}` in it being the trap's."""
    return lambda trap: spreadsheet(XML_ROWS.replace(NAME, use), doctype=template.replace("{port}", str(trap.port)))


def spreadsheets() -> Iterator[Odd]:
    """XML spreadsheets of Excel 2003."""
    yield benign("表格二零零三.xls", spreadsheet(XML_ROWS))
    yield benign("表格二零零三.xml", spreadsheet(XML_ROWS))
    yield benign("表格二零零三国标.xls", spreadsheet(XML_ROWS, encoding="gb2312"))
    yield either("表格二零零三十六位.xls", "F101 F106", spreadsheet(XML_ROWS, encoding="utf-16"), **ROWS)
    jump = XML_HEADER + '<Row ss:Index="5">' + cell(NAME, more=' ss:Index="4"') + "</Row>"
    yield benign("表格跳格.xls", spreadsheet(jump), {**HEADER, "D5": NAME})
    for number in ("1000000000", "99999999999999999999"):
        far = XML_HEADER + f'<Row ss:Index="{number}">{cell(NAME)}</Row>'
        yield either(f"表格跳行{number}.xls", "F101 F104", spreadsheet(far), **HEADER)
        wide = f"{XML_HEADER}<Row>" + cell(NAME, more=f' ss:Index="{number}"') + "</Row>"
        yield either(f"表格跳列{number}.xls", "F101 F104", spreadsheet(wide), **HEADER)
    for number in ("0", "-5", "x", ""):
        odd = XML_HEADER + f'<Row ss:Index="{number}">{cell(NAME)}</Row>'
        yield either(f"表格行号{number or '空'}.xls", "F101 F104", spreadsheet(odd), **HEADER)
    merged = f"{XML_HEADER}<Row>" + cell(NAME, more=' ss:MergeAcross="100000000" ss:MergeDown="100000000"') + "</Row>"
    yield either("表格合并一亿.xls", "F101 F104", spreadsheet(merged), **HEADER)
    dated = XML_HEADER + f"<Row>{cell('2026-99-07T00:00:00.000', 'DateTime')}{cell('1e999', 'Number')}</Row>"
    yield either("表格值乱写.xls", "F101", spreadsheet(dated), **HEADER)
    yield bad("表格膨胀.xls", "F101", entity(laughs(), "&a9;"))
    yield bad("表格外部实体.xls", "F101", entity('<!DOCTYPE x [<!ENTITY x SYSTEM "http://127.0.0.1:{port}/ss">]>'))
    yield bad("表格外部类型.xls", "F101", entity('<!DOCTYPE x SYSTEM "http://127.0.0.1:{port}/dtd">', NAME))
    yield bad("表格截断.xls", "F101", spreadsheet(XML_ROWS)[:-70])
    yield bad("表格嵌套.xls", "F101 F104 B101", spreadsheet("<Row>" * 100_000))
    yield bad(
        "文档二零零三.xml",
        "F106",
        b'<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>',
    )
    yield bad("随便.xml", "F101 F106", b'<?xml version="1.0"?><note><to>x</to></note>')


def mhtml(trap: Trap) -> bytes:
    """A single-file web page, as Excel saves one."""
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="=_x"\r\n\r\n--=_x\r\n'
    fields = "Content-Location: file:///C:/a.htm\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    kind = f'Content-Type: text/html; charset="gbk"\r\nX-Url: http://127.0.0.1:{trap.port}/mht\r\n\r\n'
    return (head + fields + kind).encode() + quopri.encodestring(page(HTML)) + b"\r\n--=_x--\r\n"


def files() -> Iterator[Odd]:
    """Every such file."""
    yield from csv_files()
    yield from pages()
    yield from spreadsheets()
    yield either("单页网页.mht", "F106", mhtml, **TEXTS)
    yield either("单页网页名为.xls", "F106", mhtml, **TEXTS)
