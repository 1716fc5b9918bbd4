"""A workbook's package while it is changed: the parts as they will be, and the sheets and tables they make up."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from workbook_files.file_findings import Refused
from workbook_files.package import Box, box_of, decode
from workbook_files.part_xml import Element, Splices, parse, unusual
from workbook_files.ranges import same_sheet
from workbook_files.raw_package import RawPackage
from workbook_files.relations import relations, workbook_part
from xingzhi.findings import finding

CONTENT_TYPES = "[Content_Types].xml"
_TRUE = ("1", "true")


@dataclass(frozen=True)
class SheetEntry:
    """A sheet as the workbook lists it. `index` counts from 0, chart sheets among them; `kind` is that of its relation, and
    `state` is visible, hidden or veryHidden."""

    name: str
    part: str
    index: int
    kind: str
    state: str = "visible"


@dataclass(frozen=True)
class DefinedName:
    """A defined name: `sheet` is the one for which alone it is defined, '' for the whole workbook; `text` is its formula
    without the equals sign."""

    name: str
    sheet: str
    text: str


@dataclass(frozen=True)
class TableColumn:
    """A column of a table. Excel keeps `id` when the column is moved or renamed; `formula` is that of a calculated one."""

    id: int
    header: str
    formula: str
    is_array: bool


@dataclass(frozen=True)
class TablePart:
    """A table with where it stands: `box` with its header and totals, `first` and `last` the rows of its body."""

    name: str
    part: str
    sheet: SheetEntry
    root: Element
    box: Box
    headers: int
    totals: int
    columns: tuple[TableColumn, ...]

    @property
    def first(self) -> int:
        """The first row of the body."""
        return self.box[0] + self.headers

    @property
    def last(self) -> int:
        """The last row of the body."""
        return self.box[2] - self.totals


class PackageEdit:
    """What changes in a package. `changed` holds the parts that are new or other than they were, `dropped` those that go,
    `pages` the sheets on which a page is written anew."""

    def __init__(self, raw: RawPackage) -> None:
        """Refused with W108 for a signed workbook, whose signature any change would break."""
        self.raw, self.file = raw, raw.path.name
        self.changed: dict[str, bytes] = {}
        self.dropped: set[str] = set()
        self.pages: set[str] = set()
        if any(part.lower().startswith("_xmlsignatures/") for part in raw.parts):
            raise Refused(finding("W108", file=self.file))
        self.main = workbook_part(self)

    @property
    def parts(self) -> list[str]:
        """The names of all parts, in the order in which they will be written."""
        kept = [part for part in self.raw.parts if part not in self.dropped]
        return kept + [part for part in self.changed if part not in self.raw.parts]

    def read(self, name: str, /) -> bytes:
        """The content of a part as it will be; KeyError for one that there is not."""
        if name in self.dropped:
            raise KeyError(name)
        return self.changed[name] if name in self.changed else self.raw.read(name)

    def put(self, part: str, content: bytes) -> None:
        """Give a part new content; one that stays the same is copied as it lies."""
        if part in self.raw.parts and content == self.raw.read(part):
            self.changed.pop(part, None)
        else:
            self.changed[part] = content

    def tree(self, part: str) -> Element:
        """The elements of a part. W109 for a form that is not changed."""
        return parse(self.read(part), self.file)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Map the relation ids of a part to (kind, target part)."""
        return relations(self, part)

    def sheets(self) -> list[SheetEntry]:
        """The sheets in the order of their tabs."""
        related = self.relations(self.main)
        found = []
        for index, element in enumerate(_sheet_elements(self.tree(self.main))):
            kind, part = related.get(element.relation, ("", ""))
            found.append(SheetEntry(element.get("name"), part, index, kind, element.get("state") or "visible"))
        return found

    def active_sheet(self) -> str:
        """The name of the sheet that shows when the workbook is opened; '' where it does not say."""
        sheets = self.sheets()
        for view in self.tree(self.main).iter("workbookView"):
            tab = view.get("activeTab") or "0"
            return sheets[int(tab)].name if tab.isdecimal() and int(tab) < len(sheets) else ""
        return ""

    def names(self) -> list[DefinedName]:
        """The defined names in the order of the file."""
        sheets = [each.name for each in self.sheets()]
        found = []
        for element in self.tree(self.main).iter("definedName"):
            place = element.get("localSheetId")
            own = sheets[int(place)] if place.isdecimal() and int(place) < len(sheets) else ""
            found.append(DefinedName(element.get("name"), own, element.text))
        return found

    def sheet(self, name: str) -> SheetEntry:
        """The sheet of a name; W101 where there is none that holds cells."""
        for each in self.sheets():
            if same_sheet(each.name, name) and each.kind == "worksheet":
                return each
        raise Refused(finding("W101", file=self.file, value=name))

    def tables(self) -> Iterator[TablePart]:
        """Every table of every sheet."""
        for sheet in self.sheets():
            if sheet.kind == "worksheet":
                yield from self.tables_of(sheet)

    def tables_of(self, sheet: SheetEntry) -> list[TablePart]:
        """The tables of one sheet."""
        targets = [target for kind, target in self.relations(sheet.part).values() if kind == "table"]
        return [self._table(sheet, target) for target in targets]

    def table(self, name: str) -> TablePart:
        """The table of a name, whatever its case; W101 where there is none."""
        for each in self.tables():
            if each.name.casefold() == name.casefold():
                return each
        raise Refused(finding("W101", file=self.file, value=name))

    def uses_1904(self) -> bool:
        """Whether the workbook counts days from 1904 (ECMA-376 part 1, 18.17.4.1)."""
        properties = self.tree(self.main).child("workbookPr")
        return properties is not None and properties.get("date1904") in _TRUE

    def of_type(self, *words: str) -> list[str]:
        """The parts whose declared content type ends with one of some words."""
        overrides = self.tree(CONTENT_TYPES).iter("Override")
        named = [each.get("PartName").lstrip("/") for each in overrides if each.get("ContentType").endswith(words)]
        known = set(self.parts)
        return [part for part in named if part in known]

    def content_type(self, part: str) -> str:
        """The declared content type of a part, '' where none is declared."""
        ending = part.rpartition(".")[2].lower()
        found = ""
        for each in self.tree(CONTENT_TYPES).children:
            if each.name == "Override" and each.get("PartName").lstrip("/").lower() == part.lower():
                return each.get("ContentType")
            if each.name == "Default" and each.get("Extension").lower() == ending:
                found = each.get("ContentType")
        return found

    def drop(self, part: str, owner: str) -> None:
        """Take a part out, with its content type and what relates `owner` to it."""
        listing = relations_part(owner)
        splices, root = Splices(self.read(listing)), self.tree(listing)
        ids = {id for id, (_, target) in self.relations(owner).items() if target == part}
        for element in root.children:
            if element.get("Id") in ids:
                splices.remove(element)
        self.put(listing, splices.apply())
        types = Splices(self.read(CONTENT_TYPES))
        for element in self.tree(CONTENT_TYPES).iter("Override"):
            if element.get("PartName").lstrip("/") == part:
                types.remove(element)
        self.put(CONTENT_TYPES, types.apply())
        self.changed.pop(part, None)
        self.dropped.add(part)

    def drop_all(self, parts: set[str]) -> None:
        """Take parts out to which nothing leads any more, with their content types and their own relations."""
        types = Splices(self.read(CONTENT_TYPES))
        for element in self.tree(CONTENT_TYPES).iter("Override"):
            if element.get("PartName").lstrip("/") in parts:
                types.remove(element)
        self.put(CONTENT_TYPES, types.apply())
        for part in parts:
            for each in (part, relations_part(part)):
                self.changed.pop(each, None)
                self.dropped.add(each)

    def _table(self, sheet: SheetEntry, part: str) -> TablePart:
        root = self.tree(part)
        box = box_of(root.get("ref"))
        headers, totals = int(root.get("headerRowCount", "1")), int(root.get("totalsRowCount", "0"))
        if box[2] - totals < box[0] + headers:
            raise unusual(self.file, "table_without_body", detail=root.get("displayName"))
        columns = tuple(_column(each) for each in root.iter("tableColumn"))
        return TablePart(root.get("displayName"), part, sheet, root, box, headers, totals, columns)


def _sheet_elements(workbook: Element) -> list[Element]:
    sheets = workbook.child("sheets")
    return [each for each in sheets.children if each.name == "sheet"] if sheets else []


def _column(element: Element) -> TableColumn:
    formula = element.child("calculatedColumnFormula")
    text, array = (formula.text, formula.get("array") in _TRUE) if formula else ("", False)
    return TableColumn(int(element.get("id", "0")), decode(element.get("name")), text, array)


def relations_part(part: str) -> str:
    """Where the relations of a part are listed."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")
