"""A workbook with everything that an office may have put into its master: the tests prove that none of it is lost.

XlsxWriter writes what it can; the rest is crafted from parts, as Excel writes them.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
X15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"
EXCEL = "application/vnd.ms-excel."
SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml."
SHEET, OTHER, TABLE, HEADER = "总表", "分析", "people", 5
HEADERS = ("记录号", "姓名", "日期", "数量", "备注", "倍数")
BODY = 4
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Part(NamedTuple):
    """A part to add: its content type, and what relates it to its owner."""

    name: str
    content: str | bytes
    content_type: str
    owner: str
    relation: str
    id: str


def write(path: Path) -> Path:
    """Write the monster, an .xlsm file, whose table has BODY rows below HEADER."""
    stream = BytesIO()
    _written(stream)
    parts = {}
    with zipfile.ZipFile(stream) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    for part in _parts():
        add(parts, part)
    for name, edits in _edits().items():
        for before, after in edits:
            assert before.encode() in parts[name], f"{before} is not in {name}"
            parts[name] = parts[name].replace(before.encode(), after.encode(), 1)
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return path


def picture() -> bytes:
    """A PNG of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">2I5B", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def _written(stream: BytesIO) -> None:
    book = xlsxwriter.Workbook(stream)
    sheet, other = book.add_worksheet(SHEET), book.add_worksheet(OTHER)
    day, bold = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True, "bg_color": "#FFC7CE"})
    last = HEADER + BODY
    columns: list[dict[str, str]] = [{"header": header} for header in HEADERS]
    columns[5]["formula"] = "=people[[#This Row],[数量]]*2"
    sheet.add_table(HEADER - 1, 0, last - 1, 5, {"name": TABLE, "columns": columns})
    for row in range(BODY):
        sheet.write_row(HEADER + row, 0, [f"R{row}", f"人{row}"])
        sheet.write_datetime(HEADER + row, 2, date(2026, 1, row + 1), day)
        sheet.write_number(HEADER + row, 3, row + 1, bold)
        sheet.write_formula(HEADER + row, 5, columns[5]["formula"], None, (row + 1) * 2)
    sheet.write("E6", "办公室批", bold)
    sheet.merge_range("A1:F1", "总台账", bold)
    sheet.write("H6", "旁注", bold)
    sheet.write_comment("E6", "旧式批注")
    sheet.insert_image("J2", "pixel.png", {"image_data": BytesIO(picture())})
    sheet.insert_button("J8", {"macro": "汇总", "caption": "一键汇总"})
    sheet.add_sparkline("H2", {"range": f"{SHEET}!D{HEADER + 1}:D{last}"})
    sheet.conditional_format(f"D{HEADER + 1}:D{last}", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format(f"A{HEADER + 1}:F{last}", {"type": "formula", "criteria": "=$D6>3", "format": bold})
    sheet.data_validation(f"B{HEADER + 1}:B{last}", {"validate": "length", "criteria": "<", "value": 20})
    sheet.print_area(0, 0, last - 1, 5)
    sheet.freeze_panes(HEADER, 1)
    sheet.write_url("H8", "https://example.org/", string="链接")
    other.write_formula("A1", f"=SUM({SHEET}!$D${HEADER + 1}:$D${last})", None, 10)
    other.write_formula("A2", "=SUM(people[数量])", None, 10)
    other.write_formula("A3", "=SUM(各数)", None, 10)
    other.write_formula("A4", "=SUM(people[倍数])", None, 20)
    book.define_name("各数", f"={SHEET}!$D${HEADER + 1}:$D${last}")
    for place in (other, book.add_chartsheet("图页")):
        chart = book.add_chart({"type": "line"})
        categories, figures = (f"={SHEET}!${letter}${HEADER + 1}:${letter}${last}" for letter in "BD")
        chart.add_series({"name": f"={SHEET}!$D${HEADER}", "categories": categories, "values": figures})
        if place is other:
            other.insert_chart("D2", chart)
        else:
            place.set_chart(chart)
    book.close()


def _parts() -> list[Part]:
    office, excel = OFFICE + "/", "http://schemas.microsoft.com/office/"
    book, sheet, other = "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
    people = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    who, said = "{11111111-1111-1111-1111-111111111111}", "{22222222-2222-2222-2222-222222222222}"
    threaded = (
        f'<ThreadedComments xmlns="{people}"><threadedComment ref="E7" dT="2026-01-02T03:04:05.00" personId="{who}" '
        f'id="{said}"><text>请核实</text></threadedComment></ThreadedComments>'
    )
    person = f'<personList xmlns="{people}"><person displayName="办公室" id="{who}" userId="u" providerId="None"/></personList>'
    slicer = (
        f'<slicers xmlns="{X14}"><slicer name="姓名" cache="Slicer_1" caption="姓名" rowHeight="241300"/></slicers>'
    )
    slicer_cache = (
        f'<slicerCacheDefinition xmlns="{X14}" name="Slicer_1" sourceName="姓名"><extLst><x:ext xmlns:x="{MAIN}" '
        f'uri="{{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}}"><x15:tableSlicerCache xmlns:x15="{X15}" tableId="1" column="2"/>'
        "</x:ext></extLst></slicerCacheDefinition>"
    )
    fields = "".join(f'<cacheField name="{header}" numFmtId="0"><sharedItems/></cacheField>' for header in HEADERS)
    cache = (
        f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="rId1" refreshedBy="办" createdVersion="4" '
        f'refreshedVersion="4" recordCount="0"><cacheSource type="worksheet"><worksheetSource name="{TABLE}"/></cacheSource>'
        f'<cacheFields count="6">{fields}</cacheFields></pivotCacheDefinition>'
    )
    pivot = (
        f'<pivotTableDefinition xmlns="{MAIN}" name="透视" cacheId="7" dataCaption="值" createdVersion="4" '
        'updatedVersion="4"><location ref="A20:C30" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/>'
        + '<pivotFields count="6">'
        + '<pivotField showAll="0"/>' * 6
        + "</pivotFields></pivotTableDefinition>"
    )
    external = (
        f'<externalLink xmlns="{MAIN}" xmlns:r="{OFFICE}"><externalBook r:id="rId1"><sheetNames><sheetName val="甲"/>'
        "</sheetNames></externalBook></externalLink>"
    )
    item = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
    properties = f'<ds:datastoreItem xmlns:ds="{item}" ds:itemID="{who}"><ds:schemaRefs/></ds:datastoreItem>'
    chain = f'<calcChain xmlns="{MAIN}"><c r="F6" i="1"/><c r="F7" i="1"/></calcChain>'
    macros = bytes(range(256)) * 16
    pivots = SHEETML + "pivot"
    return [
        Part("xl/persons/person.xml", person, EXCEL + "person+xml", book, f"{excel}2017/10/relationships/person", "x1"),
        Part(
            "xl/threadedComments/threadedComment1.xml", threaded, EXCEL + "threadedcomments+xml", sheet,
            f"{excel}2017/10/relationships/threadedComment", "x1",
        ),
        Part("xl/slicers/slicer1.xml", slicer, EXCEL + "slicer+xml", sheet, f"{excel}2007/relationships/slicer", "x2"),
        Part(
            "xl/slicerCaches/slicerCache1.xml", slicer_cache, EXCEL + "slicerCache+xml", book,
            f"{excel}2007/relationships/slicerCache", "x2",
        ),
        Part(
            "xl/pivotCache/pivotCacheDefinition1.xml", cache, pivots + "CacheDefinition+xml", book,
            office + "pivotCacheDefinition", "x3",
        ),
        Part(
            "xl/pivotCache/pivotCacheRecords1.xml", f'<pivotCacheRecords xmlns="{MAIN}" count="0"/>',
            pivots + "CacheRecords+xml", "xl/pivotCache/pivotCacheDefinition1.xml", office + "pivotCacheRecords", "rId1",
        ),
        Part("xl/pivotTables/pivotTable1.xml", pivot, pivots + "Table+xml", other, office + "pivotTable", "x1"),
        Part(
            "", "", "", "xl/pivotTables/pivotTable1.xml", office + "pivotCacheDefinition",
            "rId1:xl/pivotCache/pivotCacheDefinition1.xml",
        ),
        Part("xl/externalLinks/externalLink1.xml", external, SHEETML + "externalLink+xml", book, office + "externalLink", "x4"),
        Part("", "", "", "xl/externalLinks/externalLink1.xml", office + "externalLinkPath", "rId1!别的.xlsx"),
        Part("customXml/item1.xml", "<office><note>留言</note></office>", "application/xml", book, office + "customXml", "x5"),
        Part(
            "customXml/itemProps1.xml", properties, "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
            "customXml/item1.xml", office + "customXmlProps", "rId1",
        ),
        Part("xl/calcChain.xml", chain, SHEETML + "calcChain+xml", book, office + "calcChain", "x6"),
        Part(
            "xl/vbaProject.bin", macros, "application/vnd.ms-office.vbaProject", book,
            "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "x7",
        ),
        Part(
            "xl/printerSettings/printerSettings1.bin", macros[::-1], SHEETML + "printerSettings", sheet,
            office + "printerSettings", "x3",
        ),
    ]  # fmt: skip


def _edits() -> dict[str, list[tuple[str, str]]]:
    last = HEADER + BODY
    validations = (
        f'<ext xmlns:x14="{X14}" uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}"><x14:dataValidations xmlns:xm="{XM}" '
        f'count="1"><x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>{OTHER}!$A$1:$A$4</xm:f>'
        f"</x14:formula1><xm:sqref>E{HEADER + 1}:E{last}</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
    )
    slicers = (
        f'<ext xmlns:x15="{X15}" uri="{{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}}"><x14:slicerList xmlns:x14="{X14}">'
        '<x14:slicer r:id="x2"/></x14:slicerList></ext>'
    )
    caches = (
        f'<extLst><ext xmlns:x15="{X15}" uri="{{46BE6895-7355-4a93-B00E-2C351335B9C9}}"><x15:slicerCaches '
        f'xmlns:x14="{X14}"><x14:slicerCache r:id="x2"/></x15:slicerCaches></ext></extLst>'
    )
    return {
        "xl/worksheets/sheet1.xml": [("</extLst></worksheet>", validations + slicers + "</extLst></worksheet>")],
        "xl/workbook.xml": [
            ("<definedNames>", '<externalReferences><externalReference r:id="x4"/></externalReferences><definedNames>'),
            ("</workbook>", f'<pivotCaches><pivotCache cacheId="7" r:id="x3"/></pivotCaches>{caches}</workbook>'),
        ],
        "[Content_Types].xml": [(SHEETML + "sheet.main+xml", EXCEL + "sheet.macroEnabled.main+xml")],
    }


def add(parts: dict[str, bytes], part: Part) -> None:
    if part.name:
        parts[part.name] = part.content if isinstance(part.content, bytes) else (_HEAD + part.content).encode()
        override = f'<Override PartName="/{part.name}" ContentType="{part.content_type}"/></Types>'
        types = parts["[Content_Types].xml"]
        parts["[Content_Types].xml"] = types.replace(b"</Types>", override.encode())
    folder, _, name = part.owner.rpartition("/")
    listing = f"{folder}/_rels/{name}.rels"
    empty = (
        f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    )
    id, _, named = part.id.partition(":")
    target, mode = f"/{part.name or named}", ""
    if "!" in part.id:
        id, _, target = part.id.partition("!")
        mode = ' TargetMode="External"'
    relation = f'<Relationship Id="{id}" Type="{part.relation}" Target="{target}"{mode}/></Relationships>'
    parts[listing] = parts.get(listing, empty.encode()).replace(b"</Relationships>", relation.encode())
