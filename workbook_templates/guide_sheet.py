"""填报说明: what to fill in, a link to each sheet, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from workbook_templates import due_panel, findings_sheet, macro_buttons, sheet_names
from workbook_templates.due_panel import Due, DuePanel
from workbook_templates.macro_buttons import Button
from workbook_templates.pen import BORDER, Cell, Fill, Formula, Link, Look, Pen, display_width
from workbook_templates.unit_book import UnitBook
from xingzhi import messages
from xingzhi.columns import Owner
from xingzhi.findings import Severity
from xingzhi.headers import SELF_CHECK
from xingzhi.labels import Lang

STEPS = 6
SUBMIT_FOLDER = "submit_folder"
"""The defined name of the cell in which a unit names the folder that it sends its workbook to."""

_WIDTHS = (18, 66, 12, 12, 12, 2)
_PANEL = len(_WIDTHS)
"""The column at which the panel of what is due begins, after a gap."""

_STEP_WIDTH = 140
"""Characters that a step may have to stand on one line, whatever the font."""


def write(
    pen: Pen,
    page: Worksheet,
    book: UnitBook,
    checks: Mapping[str, Sequence[Formula]],
    owed: Sequence[Due],
    buttons: Sequence[Button] = (),
) -> None:
    """Write the guide on `page`, the workbook's first sheet; `checks` are the self-checks of each table's rows, `owed` the
    lines of 应报事项; `buttons` stand between the steps and the list of sheets."""
    lang = book.lang

    def text(key: str, **args: str | int) -> str:
        return messages.text(key, lang, **args)

    office = book.term.programme.office.of(lang)
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    programme = book.term.programme.title.of(lang)
    pen.heading(
        page,
        text("guide.title"),
        [text("unit.line", programme=programme, year=book.term.year, unit=book.unit_name)],
    )
    step_form = pen.format(font_size=11, text_wrap=True)
    for number in range(1, STEPS + 1):
        row = number + 1
        words = text(f"guide.step{number}", office=office)
        page.set_row(row, 20 if display_width(words) < _STEP_WIDTH else 34)
        page.merge_range(row, 0, row, _PANEL + 1, words, step_form)
    top = STEPS + 3
    if buttons:
        macro_buttons.write(page, buttons, top - 1, 1, _WIDTHS[1])
    headers = ("sheet", "purpose", "rows", "faults", "light")
    for column, key in enumerate(headers):
        page.write_string(top, column, text(f"guide.{key}"), _header(pen))
    page.set_row(top, 26)
    lines: list[list[Cell]] = [
        _line(book, table.label.of(lang), table.purpose.of(lang), checks[table.key]) for table in book.tables
    ]
    for label, key in ((sheet_names.DEADLINES, "deadlines"), (sheet_names.FINDINGS, "findings")):
        name = label.of(lang)
        lines.append([Link(f"internal:'{name}'!A1", name), text(f"guide.{key}"), None, None, None])
    looks = (Look.CENTRE, Look.WRAP, Look.NUMBER, Look.NUMBER, Look.CENTRE)
    for step, line in enumerate(lines, start=1):
        page.set_row(top + step, 30)
        for column, cell in enumerate(line):
            more = {"font_color": "#0563C1", "underline": 1} if isinstance(cell, Link) else {"font_size": 10}
            pen.put(page, top + step, column, cell, pen.body(looks[column], Fill.UNIT, **more))
    _lights(pen, page, book, top + 1, top + len(book.tables))
    due_panel.write(pen, page, DuePanel(owed, book.today, lang), top, _PANEL)
    bottom = top + len(lines) + 2
    _folder(pen, page, bottom, lang)
    identity = book.identity
    page.write_string(
        bottom + 2,
        0,
        text("guide.identity", unit=identity.unit or "—", version=identity.template_version, run=identity.base_run),
        pen.format(font_color="#7F7F7F"),
    )
    page.fit_to_pages(1, 1)
    page.set_footer(text("footer.page", office=office, title=programme))


def _folder(pen: Pen, page: Worksheet, row: int, lang: Lang) -> None:
    page.set_row(row, 24)
    page.write_string(row, 0, messages.text("guide.folder", lang), pen.body(Look.CENTRE, Fill.OTHER, bold=True))
    page.write_blank(row, 1, None, pen.body(Look.TEXT))
    page.write_string(
        row, 2, messages.text("guide.folder_note", lang), pen.format(font_color="#7F7F7F", font_size=9, indent=1)
    )
    pen.book.define_name(SUBMIT_FOLDER, f"='{page.get_name()}'!$B${row + 1}")


def _line(book: UnitBook, name: str, purpose: str, checks: Sequence[Formula]) -> list[Cell]:
    """Rows, rows at fault by their own self-check, and a light that also knows what 校验结果 says of the sheet."""
    lang, ok = book.lang, messages.text("self.ok", book.lang)
    table = next(each for each in book.tables if each.label.of(lang) == name)
    # A record has its first required column, whatever else is still to come.
    first = next(column for column in table.owned_by(Owner.UNIT) if column.required)
    key_column = f"{table.key}[{first.label.of(lang)}]"
    filled = sum(1 for row in book.records.table(table.key) if row.text(first.key))
    faults = sum(1 for check in checks if check.value not in ("", ok))
    found = sum(1 for each in book.findings if each.sheet == name and each.severity is not Severity.INFO)
    rows = f'SUMPRODUCT(--({key_column}<>""))'
    check = f"{table.key}[{SELF_CHECK.of(lang)}]"
    wrong = f'SUMPRODUCT(({check}<>"")*({check}<>"{ok}"))'
    sheet, severity = (
        f"{findings_sheet.TABLE}[{messages.text(f'findings.{key}', lang)}]" for key in ("sheet", "severity")
    )
    note = messages.text(f"severity.{Severity.INFO.value}", lang)
    cleared = messages.text("findings.cleared", lang)
    listed = f'SUMPRODUCT(({sheet}="{name}")*({severity}<>"{note}")*({severity}<>"{cleared}"))'
    bad, empty, good = (messages.text(f"guide.light_{key}", lang) for key in ("bad", "empty", "ok"))
    light = bad if faults or found else (good if filled else empty)
    return [
        Link(f"internal:'{name}'!A1", name),
        purpose,
        Formula(f"={rows}", filled),
        Formula(f"={wrong}", faults),
        Formula(f'=IF({wrong}+{listed}>0,"{bad}",IF({rows}>0,"{good}","{empty}"))', light),
    ]


def _lights(pen: Pen, page: Worksheet, book: UnitBook, first: int, last: int) -> None:
    for key, fill, ink in (("bad", "#FFC7CE", "#9C0006"), ("ok", "#C6EFCE", "#006100")):
        text = messages.text(f"guide.light_{key}", book.lang)
        form = pen.book.add_format({"bg_color": fill, "font_color": ink})
        options = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": form}
        page.conditional_format(first, 4, last, 4, options)


def _header(pen: Pen) -> object:
    return pen.format(bold=True, align="center", bg_color="#1F4E78", font_color="#FFFFFF", **BORDER)
