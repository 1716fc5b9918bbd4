"""Pages of A4 paper to be written on by hand: titles, ruled tables, feet. All of python-docx is here."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import docx
from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from xingzhi import messages
from xingzhi.labels import Lang

FONT = "宋体"
SIZE = 10.5
"""Points: 五号, the size of forms."""

WIDTH, HEIGHT = 17.0, 25.6
"""The room between the margins of A4 portrait in centimetres; the left margin is the wider, for binding."""

ROW = 0.74
"""The least height of a row in centimetres."""

SPARE = 0.6
"""Programs differ in how they lay out a page: this much of its height is left free."""

_LINE = Pt(16)
_LINE_HEIGHT = 16 / 72 * 2.54
_EM = SIZE / 72 * 2.54
_PADDING = 0.4
_CELL_MARGIN = 0.08
_BORDER = 0.02
_MARGINS = {"top": 2.0, "bottom": 2.1, "left": 2.2, "right": 1.8}
_FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
_LANGUAGES = {Lang.ZH: "zh-CN", Lang.EN: "en-GB"}
_UNUSED = ("thumbnail", "extended-properties", "stylesWithEffects", "customXml")
"""What python-docx's own template carries along: its picture, its author's program, styles of Word 2010."""

_ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


@dataclass(frozen=True)
class Box:
    """One cell of a row, over `span` columns.

    `under` makes it the same box as the one above it. `above` and `below` are its horizontal lines: a kind of line
    that Word knows, `nil` for none, or empty for the table's own. `tabs` are stops in centimetres.
    """

    text: str = ""
    span: int = 1
    align: str = "left"
    bold: bool = False
    top: bool = False
    under: bool = False
    heads: bool = False
    above: str = ""
    below: str = ""
    tabs: tuple[float, ...] = ()


def lines_of(text: str, width: float) -> int:
    """How many lines of a box that is `width` centimetres wide a text takes; at least one."""
    room = max(width - _PADDING, _EM)
    return sum(max(1, math.ceil(sum(map(_width, line)) / room - 1e-9)) for line in text.split("\n"))


def text_height(text: str, width: float) -> float:
    """The height of a text in a box of this width, in centimetres."""
    return lines_of(text, width) * _LINE_HEIGHT


def _width(letter: str) -> float:
    # Proportional letters are on average half as wide as a Chinese character.
    return _EM if ord(letter) >= 0x2E80 else _EM * 0.55


class Grid:
    """A table of fixed columns. `height` is what its rows take on paper, in centimetres."""

    def __init__(self, paper: Paper, widths: Sequence[float], *, ruled: bool = True) -> None:
        self._table = paper.document.add_table(rows=0, cols=len(widths))
        self._table.style = "Table Grid" if ruled else "Normal Table"
        self._table.autofit = False
        self._table.alignment = WD_TABLE_ALIGNMENT.CENTER
        _set_margins(self._table)
        self.widths = tuple(widths)
        self.height = 0.0
        for column, width in zip(self._table.columns, widths, strict=True):
            column.width = Cm(width)

    def room_of(self, boxes: Sequence[Box], least: float = ROW) -> float:
        """The height that a row of these boxes takes."""
        place, height = 0, least
        for box in boxes:
            width = sum(self.widths[place : place + box.span])
            height = max(height, text_height(box.text, width) + (2 * _CELL_MARGIN if box.text else 0))
            place += box.span
        return height + _BORDER

    def add(self, *boxes: Box, least: float = ROW, repeated: bool = False, kept: bool = False) -> None:
        """A row that does not split. `repeated` puts it on top of each page, `kept` holds it to the row that follows."""
        self.height += self.room_of(boxes, least)
        row = self._table.add_row()
        row.height, row.height_rule = Cm(least), WD_ROW_HEIGHT_RULE.AT_LEAST
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if repeated:
            properties.append(OxmlElement("w:tblHeader"))
        cells, place = row.cells, 0
        for box in boxes:
            cell = cells[place]
            if box.span > 1:
                cell = cell.merge(cells[place + box.span - 1])
            cell.width = Cm(sum(self.widths[place : place + box.span]))
            _fill(cell, box, kept=kept)
            place += box.span


def _set_margins(table: Table) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "bottom"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(Cm(_CELL_MARGIN).twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    # The schema wants the margins behind the layout and before the look.
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _fill(cell: _Cell, box: Box, *, kept: bool) -> None:
    if box.heads or box.under:
        cell._tc.vMerge = "continue" if box.under else "restart"
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP if box.top else WD_CELL_VERTICAL_ALIGNMENT.CENTER
    _rule(cell, box)
    paragraph = cell.paragraphs[0]
    for number, line in enumerate(box.text.split("\n")):
        paragraph = cell.add_paragraph() if number else paragraph
        paragraph.alignment = _ALIGNMENTS[box.align]
        paragraph.paragraph_format.keep_with_next = kept or None
        for stop in box.tabs:
            paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(stop))
        if line:
            paragraph.add_run(line).bold = box.bold or None


def _rule(cell: _Cell, box: Box) -> None:
    lines = {"top": box.above, "bottom": box.below}
    if not any(lines.values()):
        return
    borders = OxmlElement("w:tcBorders")
    for side, kind in lines.items():
        if kind:
            line = OxmlElement(f"w:{side}")
            line.set(qn("w:val"), kind)
            if kind != "nil":
                line.set(qn("w:sz"), "4")
                line.set(qn("w:color"), "808080")
            borders.append(line)
    properties = cell._tc.get_or_add_tcPr()
    # The schema wants borders before the cell's vertical alignment.
    after = properties.find(qn("w:vAlign"))
    if after is None:
        properties.append(borders)
    else:
        after.addprevious(borders)


class Paper:
    """One document of one or more forms, each of which begins on a page of its own."""

    def __init__(self, *, title: str, lang: Lang, today: date) -> None:
        self.document: Document = docx.Document()
        self.lang = lang
        self._begun = False
        _drop_unused(self.document)
        _set_properties(self.document, title, lang, today)
        _set_styles(self.document, lang)
        _set_page(self.document, lang)

    def title(self, text: str, lead: str) -> float:
        """The title of the next form, and a line below it; returns the height of both."""
        line = self._paragraph(text, size=18, exact=Pt(30), bold=True)
        line.paragraph_format.page_break_before = self._begun
        self._begun = True
        self._paragraph(lead, size=SIZE, exact=Pt(20))
        return 50 / 72 * 2.54

    def grid(self, *widths: float, ruled: bool = True) -> Grid:
        """A table below what is there."""
        return Grid(self, widths, ruled=ruled)

    def gap(self) -> float:
        """A little room between two tables, which would be one without it; returns its height."""
        self._paragraph("", size=2, exact=Pt(5)).paragraph_format.keep_with_next = True
        return 5 / 72 * 2.54

    def close(self) -> bytes:
        """The document as a file: equal for equal content and day."""
        # Word wants a paragraph behind the last table.
        self._paragraph("", size=1, exact=Pt(1))
        written = io.BytesIO()
        self.document.save(written)
        return _without_times(written.getvalue())

    def _paragraph(self, text: str, *, size: float, exact: Pt, bold: bool = False) -> Paragraph:
        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        paragraph.paragraph_format.line_spacing = exact
        paragraph.paragraph_format.keep_with_next = bool(text)
        if text:
            run = paragraph.add_run(text)
            run.bold = bold or None
            run.font.size = Pt(size)
        return paragraph


def _drop_unused(document: Document) -> None:
    for part in (document.part.package, document.part):
        for name, relation in list(part.rels.items()):
            if relation.reltype.endswith(_UNUSED):
                part.rels.pop(name)


def _set_properties(document: Document, title: str, lang: Lang, today: date) -> None:
    core = document.core_properties
    core.author = core.last_modified_by = core.comments = ""
    core.title, core.language = title, _LANGUAGES[lang]
    core.created = core.modified = datetime.combine(today, time())


def _set_styles(document: Document, lang: Lang) -> None:
    styles = document.styles
    normal = styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    normal.font.name, normal.font.size = FONT, Pt(SIZE)
    layout = normal.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
    # A font of the theme would win over one that is named.
    for fonts in styles.element.iter(qn("w:rFonts")):
        for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{name}"), None)
        for name in ("ascii", "hAnsi", "eastAsia"):
            fonts.set(qn(f"w:{name}"), FONT)
    language = _LANGUAGES[lang]
    for each in styles.element.iter(qn("w:lang")):
        each.set(qn("w:val"), language)
        each.set(qn("w:eastAsia"), "zh-CN")
    for each in document.settings.element.iter(qn("w:themeFontLang")):
        each.set(qn("w:eastAsia"), "zh-CN")


def _set_page(document: Document, lang: Lang) -> None:
    (section,) = document.sections
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(_MARGINS["top"]), Cm(_MARGINS["bottom"])
    section.left_margin, section.right_margin = Cm(_MARGINS["left"]), Cm(_MARGINS["right"])
    section.footer_distance = Cm(1.0)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, between, after = messages.text("form.page", lang).split("#")
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        foot.add_run(text).font.size = Pt(9)
        if field:
            run = foot.add_run()
            run.font.size = Pt(9)
            _number(run, field)


def _number(run: Run, field: str) -> None:
    for kind in ("begin", "instruction", "separate", "1", "end"):
        if kind == "instruction":
            part = OxmlElement("w:instrText")
            part.text = f" {field} "
        elif kind == "1":
            part = OxmlElement("w:t")
            part.text = kind
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def _without_times(content: bytes) -> bytes:
    """The same file, its parts dated alike: python-docx dates them by the clock."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w") as new:
        for name, data in _parts(old):
            part = zipfile.ZipInfo(name, _FIRST_DAY_OF_ZIP)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, data)
    return written.getvalue()


def _parts(file: zipfile.ZipFile) -> Iterable[tuple[str, bytes]]:
    return ((each.filename, file.read(each)) for each in file.infolist())
