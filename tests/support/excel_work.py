"""What Excel does to a workbook while an office works in it, done to the parts alone: nothing else in the file changes.

openpyxl would lose most of what an office puts into its master; Excel does not.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from support.monster import MAIN, OFFICE, SHEETML, Part, add

from workbook_files.cell_values import Value
from workbook_files.package import Box, box_of, column_number
from workbook_files.package_edit import PackageEdit, SheetEntry, TablePart
from workbook_files.ranges import box_or_none, range_name, references, with_box
from workbook_files.raw_package import RawPackage
from workbook_files.reader import read_grid
from workbook_files.workbook_edit import set_cells
from xingzhi.grid import CellValue, Sheet, address, column_letters

_CELL = re.compile(r'<c r="([A-Z]+)([0-9]+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_RANGED = re.compile(r'(\s(?:ref|sqref|activeCell|topLeftCell)=")([^"]*)(")')
_LISTED = re.compile(r"(<xm:sqref>)([^<]*)(</)")
_FORMULA = re.compile(r"(<(?:formula[12]?|f|xm:f|c:f|definedName)(?:\s[^>]*)?>)([^<]+)(</)")


class Opened:
    """A workbook open in Excel: its parts as text."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        with RawPackage(path) as raw:
            package = PackageEdit(raw)
            self.entries: dict[str, SheetEntry] = {each.name: each for each in package.sheets()}
            self.tables: dict[str, TablePart] = {each.name: each for each in package.tables()}

    def save(self, path: Path) -> None:
        """Write the file anew, in its place."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for name, content in self.parts.items():
                new.writestr(name, content)

    def part(self, sheet: str) -> str:
        """The part of a sheet."""
        return self.entries[sheet].part

    def replace(self, part: str, before: str, after: str) -> None:
        """Change the first place where a text stands in a part."""
        text = self.parts[part]
        assert before.encode() in text, f"{before} is not in {part}"
        self.parts[part] = text.replace(before.encode(), after.encode(), 1)

    def change(self, part: str, how: Callable[[str], str]) -> None:
        """Change the text of a part."""
        self.parts[part] = how(self.parts[part].decode()).encode()

    def add(self, part: Part) -> None:
        """Add a part, or a relation alone."""
        add(self.parts, part)

    def before_tables(self, sheet: str, xml: str) -> None:
        """Put an element where a sheet has its drawings."""
        self.replace(self.part(sheet), "<tableParts", f"{xml}<tableParts")

    def extension(self, sheet: str, xml: str) -> None:
        """Put an extension at the end of a sheet."""
        self.replace(self.part(sheet), "</worksheet>", f"<extLst>{xml}</extLst></worksheet>")

    def comment(self, sheet: str, cell: str, said: str) -> None:
        """Write a comment on a cell of a sheet that has none."""
        number = sum(1 for part in self.parts if part.startswith("xl/comments")) + 1
        text = f'<comment ref="{cell}" authorId="0"><text><t>{said}</t></text></comment>'
        content = f'<comments xmlns="{MAIN}"><authors><author>办</author></authors><commentList>{text}</commentList></comments>'
        kind = SHEETML + "comments+xml"
        self.add(Part(f"xl/comments{number}.xml", content, kind, self.part(sheet), f"{OFFICE}/comments", "x50"))

    # --- tables ---

    def add_table(self, sheet: str, ref: str, name: str, headers: Sequence[str]) -> None:
        """Make a range of a sheet a table."""
        number = len(self.tables) + 1
        columns = "".join(f'<tableColumn id="{id}" name="{each}"/>' for id, each in enumerate(headers, start=1))
        content = (
            f'<table xmlns="{MAIN}" id="{900 + number}" name="{name}" displayName="{name}" ref="{ref}">'
            f'<autoFilter ref="{ref}"/><tableColumns count="{len(headers)}">{columns}</tableColumns></table>'
        )
        part = Part(
            f"xl/tables/table{900 + number}.xml",
            content,
            SHEETML + "table+xml",
            self.part(sheet),
            f"{OFFICE}/table",
            "x60",
        )
        self.add(part)
        self.replace(self.part(sheet), '<tableParts count="1">', '<tableParts count="2">')
        self.replace(self.part(sheet), "</tableParts>", '<tablePart r:id="x60"/></tableParts>')

    def convert_to_range(self, table: str) -> None:
        """转换为区域: the cells stay, and the table goes."""
        found = self.tables[table]
        folder, _, name = found.sheet.part.rpartition("/")
        listing = f"{folder}/_rels/{name}.rels"
        end = re.escape(found.part.rpartition("/")[2])
        (relation,) = re.findall(rf'<Relationship [^>]*{end}"[^>]*/>', self.parts[listing].decode())
        self.replace(listing, relation, "")
        self.change(found.sheet.part, lambda text: re.sub("<tableParts.*?</tableParts>", "", text))
        self.replace("[Content_Types].xml", _override(self.parts, found.part), "")
        del self.parts[found.part]

    def rename_column(self, table: str, header: str, new: str) -> None:
        """Type another header: the column of the table keeps its id."""
        found = self.tables[table]
        self.replace(found.part, f'name="{header}"', f'name="{new}"')
        self.put(found.sheet.name, address(found.box[0], self.column(table, header)), new)

    def column(self, table: str, header: str) -> int:
        """The column of the sheet in which a header stands."""
        found = self.tables[table]
        return found.box[1] + [each.header for each in found.columns].index(header)

    def insert_column(self, table: str, before: str, header: str, formula: str = "") -> None:
        """Insert a column within a table: all that stands to the right moves."""
        found, at = self.tables[table], self.column(table, before)
        id = max(each.id for each in found.columns) + 1
        inner = f"<calculatedColumnFormula>{formula}</calculatedColumnFormula>" if formula else ""
        self._shift(found, at, 1)
        text = (
            f'<tableColumn id="{id}" name="{header}">{inner}</tableColumn>'
            if inner
            else f'<tableColumn id="{id}" name="{header}"/>'
        )
        (right,) = re.findall(rf'<tableColumn [^>]*name="{re.escape(before)}"', self.parts[found.part].decode())
        self.replace(found.part, right, text + right)
        self.put(found.sheet.name, address(found.box[0], at), header)
        for row in range(found.first, found.last + 1) if formula else ():
            self.put(found.sheet.name, address(row, at), 0, formula)
        self._count(found, 1)

    def delete_column(self, table: str, header: str) -> None:
        """Delete a column of a table: all that stands to the right moves."""
        found, at = self.tables[table], self.column(table, header)
        self._shift(found, at, -1)
        pattern = rf'<tableColumn [^>]*name="{re.escape(header)}"[^>]*?(?:/>|>.*?</tableColumn>)'
        self.change(found.part, lambda text: re.sub(pattern, "", text))
        self._count(found, -1)

    def move_column(self, table: str, header: str, onto: str) -> None:
        """Cut a column of a table and put it in the place of another, which goes with what it held."""
        found = self.tables[table]
        source, target = self.column(table, header), self.column(table, onto)

        def cells(text: str) -> str:
            def row(match: re.Match[str]) -> str:
                made = {column_number(cell[1]): cell for cell in _CELL.finditer(match[2])}
                moved = {column: cell[0] for column, cell in made.items() if column not in (source, target)}
                if found.box[0] <= int(match[1]) <= found.box[2]:
                    letters = column_letters(target)
                    moved[target] = made[source][0].replace(f'r="{made[source][1]}', f'r="{letters}', 1)
                else:
                    moved |= {column: cell[0] for column, cell in made.items()}
                inner = "".join(moved[column] for column in sorted(moved))
                return match[0].replace(match[2], inner, 1) if match[2] else match[0]

            return re.sub(r'<row r="([0-9]+)"[^>]*?(?<!/)>(.*?)</row>', row, text, flags=re.DOTALL)

        self.change(found.sheet.part, cells)
        columns = re.findall("<tableColumn [^>]*/>", self.parts[found.part].decode())
        (mine,) = (each for each in columns if f'name="{header}"' in each)
        (theirs,) = (each for each in columns if f'name="{onto}"' in each)
        self.change(found.part, lambda text: text.replace(mine, "").replace(theirs, mine))
        self._count(found, -1)
        self._shift(found, source, -1)

    def _count(self, table: TablePart, by: int) -> None:
        count = len(table.columns)
        self.replace(table.part, f'<tableColumns count="{count}"', f'<tableColumns count="{count + by}"')

    def _shift(self, table: TablePart, at: int, by: int) -> None:
        sheet = table.sheet

        def moved(box: Box) -> Box:
            left = box[1] + by if box[1] > at or (box[1] == at and by > 0) else box[1]
            right = box[3] + by if box[3] >= at else box[3]
            return box[0], left, box[2], max(right, left)

        def names(text: str) -> str:
            return " ".join(range_name(moved(box)) if (box := box_or_none(word)) else word for word in text.split())

        def formula(text: str, own: str) -> str:
            made, end = "", 0
            for each in references(text):
                if (each.sheet or own) == sheet.name:
                    made, end = made + text[end : each.start] + with_box(each.text, moved(each.box)), each.end
            return made + text[end:]

        def cell(match: re.Match[str]) -> str:
            column = column_number(match[1])
            if by < 0 and column == at:
                return ""
            name = f"{column_letters(column + by)}{match[2]}" if column >= at else match[1] + match[2]
            return f'<c r="{name}"{match[3]}/>' if match[4] is None else f'<c r="{name}"{match[3]}>{match[4]}</c>'

        def width(match: re.Match[str]) -> str:
            first, last = int(match[1]), int(match[2])
            if by < 0 and first == last == at:
                return ""
            first, last = (
                each + by if each >= at and (by > 0 or each > at or last > first) else each for each in (first, last)
            )
            return f'<col min="{first}" max="{last}"'

        def whole(text: str, own: str) -> str:
            text = _RANGED.sub(lambda found: found[1] + names(found[2]) + found[3], text)
            text = _LISTED.sub(lambda found: found[1] + names(found[2]) + found[3], text)
            return _FORMULA.sub(lambda found: found[1] + formula(found[2], own) + found[3], text)

        def page(text: str) -> str:
            text = re.sub(r' spans="[0-9:]+"', "", _CELL.sub(cell, text))
            return whole(re.sub(r'<col min="([0-9]+)" max="([0-9]+)"', width, text), sheet.name)

        self.change(sheet.part, page)
        self.change(table.part, lambda text: whole(text, sheet.name))
        for part in ("xl/workbook.xml", *(each for each in self.parts if each.startswith("xl/charts/"))):
            self.change(
                part, lambda text: _FORMULA.sub(lambda found: found[1] + formula(found[2], "") + found[3], text)
            )

    # --- cells and rows ---

    def put(self, sheet: str, cell: str, value: str | int, formula: str = "") -> None:
        """Type into a cell, which keeps its look; with a formula as one that has been computed."""
        row = int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        column = box_of(cell)[1]

        def typed(style: str) -> str:
            if isinstance(value, int):
                inner = f"<f>{formula}</f>" if formula else ""
                return f'<c r="{cell}"{style}>{inner}<v>{value}</v></c>'
            return f'<c r="{cell}"{style} t="inlineStr"><is><t>{value}</t></is></c>'

        def how(text: str) -> str:
            found = re.search(rf'<row r="{row}"[^>]*?(?:/>|>(.*?)</row>)', text, re.DOTALL)
            if found is None:
                after = next((m.start() for m in re.finditer('<row r="([0-9]+)"', text) if int(m[1]) > row), None)
                at = text.index("</sheetData>") if after is None else after
                return f'{text[:at]}<row r="{row}">{typed("")}</row>{text[at:]}'
            cells = {column_number(match[1]): match for match in _CELL.finditer(found[1] or "")}
            style = re.search(r' s="[0-9]+"', cells[column][3]) if column in cells else None
            made = {number: match[0] for number, match in cells.items()}
            made[column] = typed(style[0] if style else "")
            opening = found[0][: found[0].index(">") + 1].replace("/>", ">")
            opening = re.sub(r' spans="[0-9:]+"', "", opening)
            inner = "".join(made[number] for number in sorted(made))
            return f"{text[: found.start()]}{opening}{inner}</row>{text[found.end() :]}"

        self.change(self.part(sheet), how)

    def delete_sheet(self, sheet: str) -> None:
        """Delete a sheet with its tables."""
        part = self.part(sheet)
        for table in [each for each in self.tables.values() if each.sheet.name == sheet]:
            self.convert_to_range(table.name)
        (listed,) = re.findall(rf'<sheet name="{sheet}"[^>]*/>', self.parts["xl/workbook.xml"].decode())
        (id,) = re.findall('r:id="([^"]*)"', listed)
        index = self.entries[sheet].index
        self.replace("xl/workbook.xml", listed, "")
        self.change("xl/workbook.xml", lambda text: _without_names(text, sheet, index))
        self.change("xl/_rels/workbook.xml.rels", lambda text: re.sub(rf'<Relationship Id="{id}"[^>]*/>', "", text))
        self.replace("[Content_Types].xml", _override(self.parts, part), "")
        folder, _, name = part.rpartition("/")
        for gone in (part, f"{folder}/_rels/{name}.rels"):
            self.parts.pop(gone, None)


def _override(parts: Mapping[str, bytes], part: str) -> str:
    (found,) = re.findall(rf'<Override PartName="/{re.escape(part)}"[^>]*/>', parts["[Content_Types].xml"].decode())
    return str(found)


def _without_names(text: str, sheet: str, index: int) -> str:
    def kept(found: re.Match[str]) -> str:
        local = re.search('localSheetId="([0-9]+)"', found[0])
        if (local and int(local[1]) == index) or f"{sheet}!" in found[0]:
            return ""
        if local and int(local[1]) > index:
            return found[0].replace(local[0], f'localSheetId="{int(local[1]) - 1}"')
        return found[0]

    return re.sub("<definedName .*?</definedName>", kept, text)


@contextmanager
def excel(path: Path) -> Iterator[Opened]:
    """Open a workbook in Excel, and save it in its place."""
    book = Opened(path)
    yield book
    book.save(path)


class Page:
    """A table of a closed workbook as a user sees it: its cells by record number, or the like, and header."""

    def __init__(
        self, path: Path, sheet: str, key: str = "记录号", header: int = 3, sheets: Sequence[Sheet] = ()
    ) -> None:
        """`sheets` are those of the file, where they have been read."""
        if not sheets:
            grid, findings = read_grid(path)
            assert grid is not None, findings
            sheets = grid.sheets
        (found,) = (each for each in sheets if each.name == sheet)
        self.path, self.sheet, self.header, self.key = path, found, header, key

    @cached_property
    def headers(self) -> dict[str, int]:
        """The column of each header."""
        return {str(cell): at for at, cell in enumerate(self.sheet.rows[self.header - 1], start=1) if cell is not None}

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each record."""
        at = self.headers[self.key]
        rows = range(self.header + 1, len(self.sheet.rows) + 1)
        return {str(value): row for row in rows if (value := self.sheet.value(row, at)) is not None}

    def at(self, record: str, header: str) -> str:
        """The address of a record's cell."""
        return address(self.rows[record], self.headers[header])

    def value(self, record: str, header: str) -> CellValue:
        """What a record's cell says."""
        return self.sheet.value(self.rows[record], self.headers[header])

    def lines(self) -> list[dict[str, CellValue]]:
        """All rows below the header, by header."""
        return [
            {header: row[at - 1] if at <= len(row) else None for header, at in self.headers.items()}
            for row in self.sheet.rows[self.header :]
        ]

    def put(self, record: str, values: Mapping[str, Value]) -> None:
        """Type over cells of a record."""
        outcome = set_cells(
            self.path, {self.sheet.name: {self.at(record, each): value for each, value in values.items()}}
        )
        assert outcome.written, outcome.findings


def type_cells(path: Path, sheet: str, values: Mapping[str, Value]) -> None:
    """Type into cells, by address."""
    outcome = set_cells(path, {sheet: values})
    assert outcome.written, outcome.findings
