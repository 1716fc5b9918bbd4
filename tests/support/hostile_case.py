"""What a hostile or odd file is to the tests, and the small workbook that most of them are made from.

The small workbook has one sheet: 姓名 and 人数 above 石一 and 3.5. It carries no identity, so that the one finding of an
inbox that has read it is B101.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

READ = "B101"
"""What the inbox says of a workbook that it could read and that carries no identity."""

NAME, COUNT = "石一", 3.5
ROWS: Mapping[str, object] = {"A1": "姓名", "B1": "人数", "A2": NAME, "B2": COUNT}
"""What the small workbook holds."""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "[Content_Types].xml"
ROOT_RELATIONS, BOOK_RELATIONS = "_rels/.rels", "xl/_rels/workbook.xml.rels"
BOOK, SHEET, STRINGS, STYLES = "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Part = str | bytes
Parts = dict[str, Part]


@dataclass(frozen=True)
class Trap:
    """Where it is noticed that a file was let do what it wants: a port that listens, and a folder for it to write to."""

    port: int
    folder: Path


@dataclass(frozen=True)
class Odd:
    """One file. `codes` are the errors that are right for it; the inbox must give exactly one of them.

    `holds` is what its first sheet has, by address, wherever it is read; an error value counts as its text. A file whose
    only code is `READ` must be read.
    """

    name: str
    make: Callable[[Trap], bytes]
    codes: frozenset[str]
    holds: Mapping[str, object]

    @property
    def benign(self) -> bool:
        """Whether it must be read."""
        return self.codes == {READ}


def bad(name: str, codes: str, content: bytes | Callable[[Trap], bytes]) -> Odd:
    """A file to refuse, with one of these codes."""
    return Odd(name, _maker(content), frozenset(codes.split()), {})


def either(name: str, codes: str, content: bytes | Callable[[Trap], bytes], **holds: object) -> Odd:
    """A file that may be refused with one of these codes, or read with what it holds."""
    return Odd(name, _maker(content), frozenset({READ, *codes.split()}), holds)


def benign(name: str, content: bytes | Callable[[Trap], bytes], holds: Mapping[str, object] = ROWS) -> Odd:
    """An odd file that must be read."""
    return Odd(name, _maker(content), frozenset({READ}), holds)


def _maker(content: bytes | Callable[[Trap], bytes]) -> Callable[[Trap], bytes]:
    return (lambda _: content) if isinstance(content, bytes) else content


def text_cell(place: str, text: str, more: str = "") -> str:
    """A cell of text; no place where it is empty."""
    at = f' r="{place}"' if place else ""
    return f'<c{at} t="inlineStr"{more}><is><t>{text}</t></is></c>'


def row(number: int | str, *cells: str) -> str:
    """A row; no number where it is empty."""
    at = f' r="{number}"' if number else ""
    return f"<row{at}>{''.join(cells)}</row>"


SMALL_ROWS = row(1, text_cell("A1", "姓名"), text_cell("B1", "人数")) + row(
    2, text_cell("A2", NAME), f'<c r="B2"><v>{COUNT}</v></c>'
)


def sheet(rows: str = SMALL_ROWS, *, before: str = "", after: str = "", head: str = HEAD) -> str:
    """A sheet part."""
    return (
        f'{head}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        f"{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def relations(*targets: tuple[str, str], mode: str = "") -> str:
    """A relationships part: pairs of the last word of the type and the target."""
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'


def workbook(sheets: str = '<sheet name="名册" sheetId="1" r:id="rId1"/>', *, before: str = "", after: str = "") -> str:
    """A workbook part."""
    return f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{before}<sheets>{sheets}</sheets>{after}</workbook>'


def content_types(kind: str = "sheet.main+xml", more: str = "") -> str:
    """The content types of the small workbook."""
    base = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    main = f"{base}.{kind}" if not kind.startswith("application") else kind
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{BOOK}" ContentType="{main}"/>'
        f'<Override PartName="/{SHEET}" ContentType="{base}.worksheet+xml"/>'
        f'<Override PartName="/{STRINGS}" ContentType="{base}.sharedStrings+xml"/>'
        f'<Override PartName="/{STYLES}" ContentType="{base}.styles+xml"/>{more}</Types>'
    )


STYLE_SHEET = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
"""Style 1 is a date."""


def parts(changed: Mapping[str, Part | None] | None = None) -> Parts:
    """The parts of the small workbook, some of them changed, added or (None) taken out."""
    whole: dict[str, Part | None] = {
        TYPES: content_types(),
        ROOT_RELATIONS: relations(("officeDocument", BOOK)),
        BOOK: workbook(),
        BOOK_RELATIONS: relations(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")
        ),
        SHEET: sheet(),
        STRINGS: f'{HEAD}<sst xmlns="{MAIN}" count="1" uniqueCount="1"><si><t>{NAME}</t></si></sst>',
        STYLES: STYLE_SHEET,
        **(changed or {}),
    }
    return {name: content for name, content in whole.items() if content is not None}


def package(content: Mapping[str, Part], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Parts as a ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, part in content.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 6, 1, 8, 0, 0)), part, compression)
    return out.getvalue()


def book(changed: Mapping[str, Part | None] | None = None) -> bytes:
    """The small workbook as a file, some of its parts changed."""
    return package(parts(changed))


def book_of(rows: str, **around: str) -> bytes:
    """The small workbook with other rows."""
    return book({SHEET: sheet(rows, **around)})
