"""A real master, as `sync` wrote it, into which an office has put everything that Excel can hold."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import xlsxwriter
from support.excel_work import Opened, excel
from support.monster import EXCEL, MAIN, OFFICE, SHEETML, X14, X15, XM, Part, picture

from workbook_files.sheet_graft import SheetGraft
from workbook_files.workbook_edit import edit_workbook
from xingzhi.grid import column_letters

PEOPLE, EVENTS, REPORTS = "汇总_人员名册", "汇总_活动台账", "汇总_信息报送"
REMINDERS, ANALYSIS, CHART_PAGE = "催报台账", "分析", "图页"
BESIDE, WITHIN, ABSENT = "分组", "经办", "缺席"
"""Columns that the office added: beside a table, within one, and within one as a calculated column."""
NOTE = "以上由王科长核对"
_WHO = "{11111111-1111-1111-1111-111111111111}"
_TYPES = "http://schemas.microsoft.com/office/"
_BOOK = "xl/workbook.xml"


def furnish(master: Path) -> Path:
    """Put all that into the master, in its place."""
    with tempfile.TemporaryDirectory() as folder:
        source = _analysis(Path(folder, "analysis.xlsx"))
        outcome = edit_workbook(master, [SheetGraft(source, ANALYSIS)])
        assert outcome.written, outcome.findings
        with excel(master) as book:
            _columns(book)
            # The places of columns are those of the tables as they are by now.
            book.save(master)
        with excel(master) as book:
            _chart_page(book, source)
            _comments(book, Path(folder, "comments.xlsx"))
            _looks(book)
            _extensions(book)
            for part in _parts(book):
                book.add(part)
            _workbook(book)
    return master


def _analysis(path: Path) -> Path:
    book = xlsxwriter.Workbook(path)
    book.add_worksheet(EVENTS)
    sheet, bold = book.add_worksheet(ANALYSIS), book.add_format({"bold": True, "bg_color": "#FFC7CE"})
    for row, formula in enumerate(
        ("SUM(all_schedule[应到人数])", f"SUM({EVENTS}!$O$4:$O$5)", "SUM(应到)", f"SUM(all_schedule[{ABSENT}])",
         f"COUNTA({PEOPLE}!$D$4:$D$6)", "ROWS(all_reports[记录号])")
    ):  # fmt: skip
        sheet.write(row, 0, formula.replace("SUM", "合计"), bold)
        sheet.write_formula(row, 1, f"={formula}", None, 0)
    sheet.write_comment("A1", "旧式批注")
    sheet.insert_image("J2", "pixel.png", {"image_data": BytesIO(picture())})
    sheet.insert_button("J8", {"macro": "汇总", "caption": "一键汇总"})
    sheet.add_sparkline("D1", {"range": f"{EVENTS}!O4:O5"})
    sheet.freeze_panes(1, 0)
    for place in (sheet, book.add_chartsheet(CHART_PAGE)):
        chart = book.add_chart({"type": "column"})
        series = {"categories": f"={EVENTS}!$G$4:$G$5", "values": f"={EVENTS}!$O$4:$O$5", "name": f"={EVENTS}!$O$3"}
        chart.add_series(series)
        if place is sheet:
            sheet.insert_chart("D12", chart)
        else:
            place.set_chart(chart)
    book.close()
    return path


def _columns(book: Opened) -> None:
    book.insert_column(
        "all_schedule",
        "要求整改的问题",
        ABSENT,
        "all_schedule[[#This Row],[应到人数]]-all_schedule[[#This Row],[实到人数]]",
    )
    book.insert_column("all_reports", "盖章件", WITHIN)
    right = column_letters(book.tables["all_people"].box[3] + 1)
    book.put(PEOPLE, f"{right}3", BESIDE)
    last = book.tables["all_people"].last
    for row in range(4, last + 1):
        book.put(PEOPLE, f"{right}{row}", f"第{row - 3}组")
    book.put(PEOPLE, f"B{last + 90}", NOTE)
    reminders = column_letters(book.tables["reminders"].box[3] + 1)
    book.put(REMINDERS, f"{reminders}3", "责任人")
    book.put(REMINDERS, f"{reminders}4", "老周")
    book.put("总体情况", "N5", "下周汇报")
    _totals(book)


def _totals(book: Opened) -> None:
    """A row of totals under the reports."""
    table = book.tables["all_reports"]
    title = column_letters(book.column("all_reports", "标题"))
    row = table.last + 1
    book.put(REPORTS, f"A{row}", "合计")
    book.put(REPORTS, f"{title}{row}", 1, "SUBTOTAL(103,all_reports[标题])")
    book.replace(table.part, 'totalsRowShown="0"', 'totalsRowCount="1"')
    ref = book.parts[table.part].decode().partition(' ref="')[2].partition('"')[0]
    book.replace(table.part, f' ref="{ref}"', f' ref="{ref[:-1]}{row}"')
    book.replace(table.part, 'name="单位代码"', 'name="单位代码" totalsRowLabel="合计"')
    book.replace(table.part, 'name="标题"', 'name="标题" totalsRowFunction="count"')


def _chart_page(book: Opened, source: Path) -> None:
    with zipfile.ZipFile(source) as archive:
        page, drawing, chart = (
            archive.read(f"xl/{name}")
            for name in ("chartsheets/sheet1.xml", "drawings/drawing2.xml", "charts/chart2.xml")
        )
    drawn = "application/vnd.openxmlformats-officedocument.drawing"
    at, under, held = "xl/chartsheets/sheet1.xml", "xl/drawings/drawing9.xml", "xl/charts/chart9.xml"
    book.add(Part(at, page, SHEETML + "chartsheet+xml", _BOOK, f"{OFFICE}/chartsheet", "x20"))
    book.add(Part(under, drawing, drawn + "+xml", at, f"{OFFICE}/drawing", "rId1"))
    book.add(Part(held, chart, drawn + "ml.chart+xml", under, f"{OFFICE}/chart", "rId1"))


def _comments(book: Opened, path: Path) -> None:
    """Comments as XlsxWriter makes them, one of them in a thread, on a record and on a line of 催报台账."""
    wanted = {EVENTS: ("G4", "J5"), REMINDERS: ("D5",), PEOPLE: ("D4",)}
    scratch = xlsxwriter.Workbook(path)
    for cells in wanted.values():
        sheet = scratch.add_worksheet()
        for cell in cells:
            sheet.write_comment(cell, "请核实")
    scratch.close()
    notes = f"{OFFICE}/"
    with zipfile.ZipFile(path) as archive:
        for number, sheet_name in enumerate(wanted, start=1):
            part = book.part(sheet_name)
            content, drawing = (
                archive.read(f"xl/comments{number}.xml"),
                archive.read(f"xl/drawings/vmlDrawing{number}.vml"),
            )
            name, drawn = f"xl/comments{10 + number}.xml", f"xl/drawings/vmlDrawing{10 + number}.vml"
            book.add(Part(name, content, SHEETML + "comments+xml", part, f"{notes}comments", "x30"))
            kind = "application/vnd.openxmlformats-officedocument.vmlDrawing"
            book.add(Part(drawn, drawing, kind, part, f"{notes}vmlDrawing", "x31"))
            book.before_tables(sheet_name, '<legacyDrawing r:id="x31"/>')
    people = f"{_TYPES}spreadsheetml/2018/threadedcomments"
    said = "{22222222-2222-2222-2222-222222222222}"
    book.add(
        Part(
            "xl/threadedComments/threadedComment1.xml",
            f'<ThreadedComments xmlns="{people}"><threadedComment ref="G4" dT="2026-01-02T03:04:05.00" '
            f'personId="{_WHO}" id="{said}"><text>请核实</text></threadedComment></ThreadedComments>',
            EXCEL + "threadedcomments+xml", book.part(EVENTS), f"{_TYPES}2017/10/relationships/threadedComment", "x32",
        )
    )  # fmt: skip
    person = f'<person displayName="办公室" id="{_WHO}" userId="u" providerId="None"/>'
    book.add(
        Part(
            "xl/persons/person.xml", f'<personList xmlns="{people}">{person}</personList>', EXCEL + "person+xml", _BOOK,
            f"{_TYPES}2017/10/relationships/person", "x21",
        )
    )  # fmt: skip


def _looks(book: Opened) -> None:
    """A fill on cells, a row made high, a column made wide, a name for macros, and a filter that hides a row."""
    styles = "xl/styles.xml"
    fills = int(book.parts[styles].decode().partition('<fills count="')[2].partition('"')[0])
    formats = int(book.parts[styles].decode().partition('<cellXfs count="')[2].partition('"')[0])
    book.replace(styles, f'<fills count="{fills}"', f'<fills count="{fills + 1}"')
    yellow = '<fill><patternFill patternType="solid"><fgColor rgb="FFFFFF00"/></patternFill></fill>'
    book.replace(styles, "</fills>", f"{yellow}</fills>")
    book.replace(styles, f'<cellXfs count="{formats}"', f'<cellXfs count="{formats + 1}"')
    format = f'<xf numFmtId="49" fontId="0" fillId="{fills}" borderId="0" xfId="0" applyFill="1"/>'
    book.replace(styles, "</cellXfs>", f"{format}</cellXfs>")
    people = book.part(PEOPLE)
    for cell in ("E4", "E5", "E6"):
        start = book.parts[people].decode().partition(f'<c r="{cell}" s="')[2].partition('"')[0]
        book.replace(people, f'<c r="{cell}" s="{start}"', f'<c r="{cell}" s="{formats}"')
    book.replace(people, 'ht="32" customHeight="1"', 'ht="55.5" customHeight="1"')
    book.replace(people, '<col min="5" max="5" width="16.7109375"', '<col min="5" max="5" width="31.7109375"')
    book.replace(people, "<sheetPr>", '<sheetPr codeName="Renyuan">')
    table = book.tables["all_schedule"]
    ref = f"A3:{column_letters(table.box[3])}5"
    place = book.column("all_schedule", "活动类别") - 1
    criteria = f'<filterColumn colId="{place}"><filters><filter val="启动仪式"/></filters></filterColumn>'
    book.replace(table.part, f'<autoFilter ref="{ref}"/>', f'<autoFilter ref="{ref}">{criteria}</autoFilter>')
    book.replace(table.sheet.part, '<row r="5" ', '<row r="5" hidden="1" ')


def _extensions(book: Opened) -> None:
    bars = (
        f'<ext xmlns:x14="{X14}" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}"><x14:conditionalFormattings>'
        f'<x14:conditionalFormatting xmlns:xm="{XM}"><x14:cfRule type="dataBar" '
        'id="{DA7ABA51-AAAA-BBBB-0001-000000000001}"><x14:dataBar minLength="0" maxLength="100"><x14:cfvo type="autoMin"/>'
        '<x14:cfvo type="autoMax"/><x14:negativeFillColor rgb="FFFF0000"/><x14:axisColor rgb="FF000000"/></x14:dataBar>'
        "</x14:cfRule><xm:sqref>O4:O5</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext>"
    )
    validations = (
        f'<ext xmlns:x14="{X14}" uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}"><x14:dataValidations xmlns:xm="{XM}" '
        f'count="1"><x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>{ANALYSIS}!$A$1:$A$4</xm:f>'
        "</x14:formula1><xm:sqref>T4:T5</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
    )
    book.extension(EVENTS, bars + validations)
    slicers = (
        f'<ext xmlns:x15="{X15}" uri="{{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}}"><x14:slicerList xmlns:x14="{X14}">'
        '<x14:slicer r:id="x34"/></x14:slicerList></ext>'
    )
    book.extension(PEOPLE, slicers)
    book.replace(book.part(PEOPLE), "<pageSetup ", '<pageSetup r:id="x35" ')


def _parts(book: Opened) -> Iterator[Part]:
    people, analysis = book.part(PEOPLE), book.part(ANALYSIS)
    table = book.tables["all_people"]
    macros = bytes(range(256)) * 16
    yield Part(
        "xl/slicers/slicer1.xml",
        f'<slicers xmlns="{X14}"><slicer name="部门" cache="Slicer_1" caption="部门" rowHeight="241300"/></slicers>',
        EXCEL + "slicer+xml", people, f"{_TYPES}2007/relationships/slicer", "x34",
    )  # fmt: skip
    yield Part(
        "xl/slicerCaches/slicerCache1.xml",
        f'<slicerCacheDefinition xmlns="{X14}" name="Slicer_1" sourceName="部门"><extLst><x:ext xmlns:x="{MAIN}" '
        f'uri="{{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}}"><x15:tableSlicerCache xmlns:x15="{X15}" '
        f'tableId="{table.root.get("id")}" column="5"/></x:ext></extLst></slicerCacheDefinition>',
        EXCEL + "slicerCache+xml", _BOOK, f"{_TYPES}2007/relationships/slicerCache", "x22",
    )  # fmt: skip
    names = [each.header for each in table.columns]
    fields = "".join(f'<cacheField name="{name}" numFmtId="0"><sharedItems/></cacheField>' for name in names)
    cache = "xl/pivotCache/pivotCacheDefinition1.xml"
    yield Part(
        cache,
        f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" r:id="rId1" refreshedBy="办" createdVersion="4" '
        'refreshedVersion="4" recordCount="0"><cacheSource type="worksheet"><worksheetSource name="all_people"/>'
        f'</cacheSource><cacheFields count="{len(names)}">{fields}</cacheFields></pivotCacheDefinition>',
        SHEETML + "pivotCacheDefinition+xml", _BOOK, f"{OFFICE}/pivotCacheDefinition", "x23",
    )  # fmt: skip
    yield Part(
        "xl/pivotCache/pivotCacheRecords1.xml", f'<pivotCacheRecords xmlns="{MAIN}" count="0"/>',
        SHEETML + "pivotCacheRecords+xml", cache, f"{OFFICE}/pivotCacheRecords", "rId1",
    )  # fmt: skip
    pivot = "xl/pivotTables/pivotTable1.xml"
    yield Part(
        pivot,
        f'<pivotTableDefinition xmlns="{MAIN}" name="透视" cacheId="7" dataCaption="值" createdVersion="4" '
        'updatedVersion="4"><location ref="A30:C40" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/>'
        f'<pivotFields count="{len(names)}">'
        + '<pivotField showAll="0"/>' * len(names)
        + "</pivotFields></pivotTableDefinition>",
        SHEETML + "pivotTable+xml", analysis, f"{OFFICE}/pivotTable", "x36",
    )  # fmt: skip
    yield Part("", "", "", pivot, f"{OFFICE}/pivotCacheDefinition", f"rId1:{cache}")
    external = "xl/externalLinks/externalLink1.xml"
    yield Part(
        external,
        f'<externalLink xmlns="{MAIN}" xmlns:r="{OFFICE}"><externalBook r:id="rId1"><sheetNames><sheetName val="甲"/>'
        "</sheetNames></externalBook></externalLink>",
        SHEETML + "externalLink+xml", _BOOK, f"{OFFICE}/externalLink", "x24",
    )  # fmt: skip
    yield Part("", "", "", external, f"{OFFICE}/externalLinkPath", "rId1!别的.xlsx")
    yield Part(
        "customXml/item1.xml",
        "<office><note>留言</note></office>",
        "application/xml",
        _BOOK,
        f"{OFFICE}/customXml",
        "x25",
    )
    item = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
    yield Part(
        "customXml/itemProps1.xml",
        f'<ds:datastoreItem xmlns:ds="{item}" ds:itemID="{_WHO}"><ds:schemaRefs/></ds:datastoreItem>',
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
        "customXml/item1.xml", f"{OFFICE}/customXmlProps", "rId1",
    )  # fmt: skip
    chain = f'<calcChain xmlns="{MAIN}"><c r="Q4" i="16"/><c r="Q5" i="16"/></calcChain>'
    yield Part("xl/calcChain.xml", chain, SHEETML + "calcChain+xml", _BOOK, f"{OFFICE}/calcChain", "x26")
    yield Part(
        "xl/vbaProject.bin", macros, "application/vnd.ms-office.vbaProject", _BOOK,
        "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "x27",
    )  # fmt: skip
    yield Part(
        "xl/printerSettings/printerSettings1.bin", macros[::-1], SHEETML + "printerSettings", people,
        f"{OFFICE}/printerSettings", "x35",
    )  # fmt: skip


def _workbook(book: Opened) -> None:
    """The workbook's own part: its lists of what was added."""
    caches = (
        f'<extLst><ext xmlns:x15="{X15}" uri="{{46BE6895-7355-4a93-B00E-2C351335B9C9}}"><x15:slicerCaches '
        f'xmlns:x14="{X14}"><x14:slicerCache r:id="x22"/></x15:slicerCaches></ext></extLst>'
    )
    last = book.tables["all_schedule"].last
    names = f'<definedName name="应到">{EVENTS}!$O$4:$O${last}</definedName><definedName name="地址">{REPORTS}!$A$1</definedName>'
    book.replace(
        _BOOK,
        "<definedNames>",
        '<externalReferences><externalReference r:id="x24"/></externalReferences><definedNames>',
    )
    book.replace(_BOOK, "</definedNames>", f"{names}</definedNames>")
    book.replace(_BOOK, "</sheets>", f'<sheet name="{CHART_PAGE}" sheetId="90" r:id="x20"/></sheets>')
    book.replace(
        _BOOK, "</workbook>", f'<pivotCaches><pivotCache cacheId="7" r:id="x23"/></pivotCaches>{caches}</workbook>'
    )
    book.replace("[Content_Types].xml", SHEETML + "sheet.main+xml", EXCEL + "sheet.macroEnabled.main+xml")
