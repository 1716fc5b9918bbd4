"""校验结果: the findings of one unit, and the conditional formats by which they paint the cells they name."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from workbook_templates import sheet_names
from workbook_templates.pen import Cell, Field, Fill, Look, Pen, Region
from xingzhi import messages
from xingzhi.columns import Table
from xingzhi.findings import Finding, Parity, Severity, parity
from xingzhi.grid import column_letters
from xingzhi.labels import Lang

TABLE = "findings"
MARKS = "finding_marks"
"""The defined name of the marks: older Excel refuses another sheet's range in a conditional format."""

TOLD_RECORDS, TOLD = "told_records", "told"
"""The defined names of the record numbers and the messages that the self-check of a row passes on."""

ROOM = 60
HEADER = 2
_REACH = 2000
"""How far down the marks are looked up: more findings than a clerk could ever work through."""

_COLOURS = {Severity.ERROR: "#FFC7CE", Severity.WARNING: "#FFEB9C", Severity.INFO: "#DDEBF7"}
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def fields(lang: Lang) -> list[Field]:
    """The columns; the last that is shown is the unit's own."""

    def column(
        key: str, width: float, look: Look = Look.TEXT, fill: Fill = Fill.OTHER, *, hidden: bool = False
    ) -> Field:
        return Field(messages.text(f"findings.{key}", lang), width, look, fill, hidden)

    return [
        column("severity", 9, Look.CENTRE),
        column("code", 7, Look.CENTRE),
        column("sheet", 11, Look.CENTRE),
        column("cell", 8, Look.CENTRE),
        column("record", 14, Look.CENTRE),
        column("column", 13, Look.CENTRE),
        column("value", 16, Look.WRAP),
        column("message", 34, Look.WRAP),
        column("remedy", 28, Look.WRAP),
        column("comment", 16, Look.WRAP),
        column("explanation", 18, Look.WRAP, Fill.UNIT),
        column("mark", 10, hidden=True),
        column("key", 10, hidden=True),
        column("told", 10, hidden=True),
    ]


def row(each: Finding, tables: dict[str, Table], lang: Lang) -> list[Cell]:
    """One finding as a row of the sheet."""
    table = tables.get(each.table)
    header = table[each.column].label.of(lang) if table and each.column in table.by_key else ""
    return [
        messages.text(f"severity.{each.severity.value}", lang),
        each.code,
        each.sheet,
        each.cell,
        each.record,
        header,
        each.value,
        each.message(lang),
        messages.text("findings.accepted", lang) if each.accepted else each.remedy(lang),
        office_word(each, lang) or None,
        each.explanation or None,
        mark(each, header),
        each.key,
        each.record if passed_on(each) else "",
    ]


def office_word(each: Finding, lang: Lang) -> str:
    """What the office says of a finding: that it is accepted, and its comment."""
    if not each.accepted:
        return each.comment
    key = "findings.accepted_comment" if each.comment else "findings.accepted_word"
    return messages.text(key, lang, comment=each.comment)


def passed_on(each: Finding) -> bool:
    """Tell whether the self-check of a row shows the finding: one of a record that its own formula does not compute."""
    return bool(each.record) and each.severity is not Severity.INFO and parity(each.code) is Parity.NONE


def told(findings: Sequence[Finding], lang: Lang) -> dict[str, str]:
    """For each record number the message that the self-check of its row shows: that of the first finding in the sheet."""
    return {each.record: each.message(lang) for each in reversed(ordered(findings)) if passed_on(each)}


def mark(each: Finding, header: str) -> str:
    """What the conditional formats look for: by record number where there is one, so that it follows a sorted row.

    What the office has accepted is painted no more.
    """
    if each.accepted:
        return ""
    letter = each.severity.value[0].upper()
    if each.record and header:
        return f"{each.record}|{header}|{letter}"
    return f"{each.sheet}!{each.cell}|{letter}" if each.cell else ""


def ordered(findings: Sequence[Finding]) -> list[Finding]:
    """The gravest first, each kind in the order in which it was found; what is accepted comes last."""
    return sorted(findings, key=lambda each: (each.accepted, _ORDER[each.severity]))


def write(
    pen: Pen, findings: Sequence[Finding], tables: Sequence[Table], lang: Lang, footer: str, *, lead: str = ""
) -> None:
    """Write the sheet and define the name of its marks."""
    name = sheet_names.FINDINGS.of(lang)
    page = pen.add_sheet(name)
    pen.heading(page, name, [lead or messages.text("findings.lead", lang)])
    columns = fields(lang)
    by_key = {table.key: table for table in tables}
    rows = [row(each, by_key, lang) for each in ordered(findings)]
    region = pen.table(page, columns, rows, name=TABLE, header_row=HEADER, room=ROOM)
    pen.paper(page, columns, region, footer=footer, key_columns=0)
    headers = [each.header for each in columns]
    for defined, key in ((MARKS, "mark"), (TOLD_RECORDS, "told"), (TOLD, "message")):
        letters = column_letters(headers.index(messages.text(f"findings.{key}", lang)) + 1)
        pen.book.define_name(defined, f"='{name}'!${letters}${region.first + 1}:${letters}${region.first + _REACH}")
    _colour_severities(pen, page, region, lang)


def _colour_severities(pen: Pen, page: Worksheet, region: Region, lang: Lang) -> None:
    for severity, colour in _COLOURS.items():
        text = messages.text(f"severity.{severity.value}", lang)
        options = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": _fill(pen, colour)}
        page.conditional_format(region.first, 0, region.last, 0, options)


def paint(pen: Pen, page: Worksheet, region: Region) -> None:
    """Paint each cell of a table that stands in the findings, the gravest colour first."""
    header, first, sheet = region.header + 1, region.first + 1, region.sheet
    for severity, colour in _COLOURS.items():
        letter = severity.value[0].upper()
        by_record = f'ISNUMBER(MATCH($A{first}&"|"&A${header}&"|{letter}",{MARKS},0))'
        by_address = f'ISNUMBER(MATCH("{sheet}!"&ADDRESS(ROW(),COLUMN(),4)&"|{letter}",{MARKS},0))'
        options = {
            "type": "formula",
            "criteria": f"=OR({by_record},{by_address})",
            "format": _fill(pen, colour),
            "stop_if_true": True,
        }
        page.conditional_format(region.first, 0, region.last, region.width - 1, options)


def _fill(pen: Pen, colour: str) -> object:
    return pen.book.add_format({"bg_color": colour})
