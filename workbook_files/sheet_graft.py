"""Add a sheet of another workbook, built by us, to a workbook that lacks it: its cells, its looks, its tables and charts.

The new sheet is the last, or stands in the place of the one that it replaces. Its texts come into its own part, its parts get
names that are free, and of the workbook's styles no entry changes. What is taken already, a name of a sheet, a table or a
range, is refused.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from workbook_files.file_findings import Refused
from workbook_files.package_edit import CONTENT_TYPES, PackageEdit, SheetEntry, relations_part
from workbook_files.part_xml import Element, Splices, escaped, parse
from workbook_files.ranges import same_sheet
from workbook_files.raw_package import RawPackage
from workbook_files.sheet_part import SheetPart
from workbook_files.source_cells import SourceCells
from workbook_files.style_graft import StyleGraft
from xingzhi import messages
from xingzhi.findings import finding

_STRICT = "purl.oclc.org"
_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")
_DIFFERENCES = ("dxfId", "dataDxfId", "headerRowDxfId", "totalsRowDxfId", "headerRowBorderDxfId", "tableBorderDxfId")
_WOVEN_IN = {"slicer", "timeline", "pivotTable", "queryTable"}
"""What a sheet holds that other parts of the workbook count on."""

_REFERENCES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class SheetGraft:
    """The sheet `name` of the workbook `source`, which XlsxWriter wrote, to be added under the same name.

    With `replace` it takes the place of the sheet that has the name, which goes with all that hangs on it alone.
    """

    source: Path
    name: str
    replace: bool = False


def graft_sheet(package: PackageEdit, graft: SheetGraft) -> None:
    """Add the sheet to the package. Refused with W111 where a name is taken, or the workbook is of the strict kind."""
    with RawPackage(graft.source) as raw:
        _Graft(package, PackageEdit(raw), graft).make()


class _Graft:
    def __init__(self, package: PackageEdit, source: PackageEdit, graft: SheetGraft) -> None:
        self.package, self.source, self.name = package, source, graft.name
        self.entry: SheetEntry = source.sheet(graft.name)
        self.parts: dict[str, str] = {}
        self.old = package.sheet(graft.name) if graft.replace else None
        # What else knows a table knows it by its number.
        self.old_ids = {
            table.name.casefold(): table.root.get("id") for table in (package.tables_of(self.old) if self.old else ())
        }
        self.tables = {
            table.name.casefold(): table
            for table in package.tables()
            if self.old is None or table.sheet.part != self.old.part
        }

    def make(self) -> None:
        if self.old is not None:
            kinds = {kind for kind, _ in self.package.relations(self.old.part).values()}
            if kinds & _WOVEN_IN:
                raise self._refused("woven_in")
        root = self.package.tree(self.package.main)
        if any(_STRICT in value for value in root.attributes.values()):
            raise self._refused("strict")
        if self.package.uses_1904() != self.source.uses_1904():
            raise self._refused("calendar")
        self._check_names(root)
        styles = self._styles(self.package)
        looks = StyleGraft(self.source.read(self._styles(self.source)), self.package.read(styles))
        self._copy(self.entry.part, looks)
        self.package.put(styles, looks.written())
        if self.old is None:
            self._list_sheet(self.parts[self.entry.part])
        else:
            self._put_in_place(self.old, self.parts[self.entry.part])

    def _refused(self, key: str, **fields: str) -> Refused:
        reason = messages.label(f"write.{key}", **fields)
        return Refused(finding("W111", file=self.package.file, sheet=self.name, reason=reason))

    def _check_names(self, root: Element) -> None:
        if self.old is None and any(same_sheet(each.name, self.name) for each in self.package.sheets()):
            raise self._refused("taken", detail=self.name)
        names = {each.get("name").casefold() for each in root.iter("definedName") if not each.get("localSheetId")}
        wanted = [table.name for table in self.source.tables_of(self.entry)]
        wanted += [each.get("name") for each in self._names() if not each.get("localSheetId")]
        for name in wanted:
            if name.casefold() in names | self.tables.keys():
                raise self._refused("taken", detail=name)

    def _names(self) -> list[Element]:
        """The defined names that are the sheet's own, or that stand for a range of it."""
        tree, index = self.source.tree(self.source.main), str(self.entry.index)
        quoted = self.name.replace("'", "''")
        starts = (f"{self.name}!", f"'{quoted}'!")
        found = []
        for each in tree.iter("definedName"):
            local = each.get("localSheetId")
            if local == index or (not local and each.text.startswith(starts)):
                found.append(each)
        return found

    def _styles(self, package: PackageEdit) -> str:
        part = next((part for kind, part in package.relations(package.main).values() if kind == "styles"), "")
        if part not in package.parts:
            raise self._refused("no_styles")
        return part

    def _copy(self, part: str, looks: StyleGraft) -> str:
        """Copy a part of the source with all that it relates to; returns its name in the package."""
        if part in self.parts:
            return self.parts[part]
        name = self.parts[part] = self._free(part)
        content = self.source.read(part)
        if part == self.entry.part:
            content = self._sheet(content, looks)
        elif self.source.content_type(part).endswith("table+xml"):
            content = self._table(content, looks)
        self.package.changed[name] = content
        self._list_type(part, name)
        listing = relations_part(part)
        if listing in self.source.parts:
            splices = Splices(self.source.read(listing))
            for relation in self.source.tree(listing).children:
                if relation.get("TargetMode") != "External":
                    target = posixpath.join("/" + posixpath.dirname(part), unquote(relation.get("Target")))
                    copied = self._copy(posixpath.normpath(target).lstrip("/"), looks)
                    splices.set(relation, Target="/" + copied)
            self.package.changed[relations_part(name)] = splices.apply()
        return name

    def _free(self, part: str) -> str:
        """The part's name with the first number that is free."""
        stem, ending = posixpath.splitext(part)
        taken = {each.lower() for each in (*self.package.raw.parts, *self.package.changed)}
        base, number = stem.rstrip("0123456789"), 1
        while f"{base}{number}{ending}".lower() in taken:
            number += 1
        return f"{base}{number}{ending}"

    def _list_type(self, part: str, name: str) -> None:
        kind = self.source.content_type(part)
        if self.package.content_type(name) == kind:
            return
        types = self.package.tree(CONTENT_TYPES)
        splices = Splices(self.package.read(CONTENT_TYPES))
        splices.append(types, _element(f"{types.prefix}Override", PartName="/" + name, ContentType=kind))
        self.package.put(CONTENT_TYPES, splices.apply())

    def _sheet(self, content: bytes, looks: StyleGraft) -> bytes:
        sheet = SheetPart(content, self.package.file)
        splices = Splices(sheet.skeleton)
        for element in sheet.root.iter("col"):
            if element.get("style"):
                splices.set(element, style=str(looks.cells[int(element.get("style"))]))
        for element in sheet.root.iter("sheetView"):
            # Two sheets that are chosen are edited together.
            splices.set(element, tabSelected=None)
        self._keep_code_name(splices, sheet.root)
        _map_differences(splices, sheet.root, looks)
        cells = SourceCells(self.source, sheet, looks)
        rows = {number: sheet.row(number, cells.tag(number), cells.of(number)) for number in sheet.rows}
        return sheet.written(rows, splices)

    def _table(self, content: bytes, looks: StyleGraft) -> bytes:
        splices, root = Splices(content), parse(content)
        before = self.old_ids.get(root.get("displayName").casefold())
        ids = [int(table.root.get("id", "0")) for table in self.package.tables()]
        ids += [int(parse(self.package.changed[new]).get("id", "0")) for new in self._new_tables()]
        splices.set(root, id=before or str(max(ids, default=0) + 1))
        _map_differences(splices, root, looks)
        return splices.apply()

    def _new_tables(self) -> list[str]:
        return [new for old, new in self.parts.items() if "/tables/" in old and new in self.package.changed]

    def _list_sheet(self, part: str) -> None:
        """Enter the sheet and its names in the workbook."""
        main = self.package.main
        listing = relations_part(main)
        relations = self.package.tree(listing)
        ids = {each.get("Id") for each in relations.children}
        id = next(f"rId{number}" for number in range(1, len(ids) + 2) if f"rId{number}" not in ids)
        kind = next(each.get("Type") for each in self.source.tree(relations_part(self.source.main)).children
                    if each.get("Type").endswith("/worksheet"))  # fmt: skip
        splices = Splices(self.package.read(listing))
        tag = f"{relations.prefix}Relationship"
        splices.append(relations, _element(tag, Id=id, Type=kind, Target="/" + part))
        self.package.put(listing, splices.apply())
        splices, root = Splices(self.package.read(main)), self.package.tree(main)
        sheets = root.child("sheets")
        assert sheets is not None
        prefix = next(key for key in sheets.children[0].attributes if key.endswith(":id")).removesuffix(":id")
        number = max(int(each.get("sheetId", "0")) for each in sheets.children) + 1
        state = next(each.get("state") for each in self.source.tree(self.source.main).iter("sheet")
                     if each.get("name") == self.entry.name)  # fmt: skip
        attributes = {"name": self.entry.name, "sheetId": str(number), "state": state, f"{prefix}:id": id}
        if f"xmlns:{prefix}" not in root.attributes:
            # Some programs say anew on each sheet what the prefix stands for.
            attributes[f"xmlns:{prefix}"] = _REFERENCES
        splices.append(
            sheets, _element(f"{root.prefix}sheet", **{key: text for key, text in attributes.items() if text})
        )
        self._list_names(splices, root, len(sheets.children))
        self.package.put(main, splices.apply())

    def _keep_code_name(self, splices: Splices, root: Element) -> None:
        """Macros know a sheet by a name of its own."""
        if self.old is None:
            return
        before = SheetPart(self.package.read(self.old.part), self.package.file).root.child("sheetPr")
        name, own = before.get("codeName") if before else "", root.child("sheetPr")
        if name and own is not None:
            splices.set(own, codeName=name)
        elif name:
            splices.insert(root.open_end, _element("sheetPr", codeName=name))

    def _put_in_place(self, old: SheetEntry, part: str) -> None:
        """Let the workbook's entry of the old sheet lead to the new one."""
        package, main = self.package, self.package.main
        listing = relations_part(main)
        ids = {id for id, (_, target) in package.relations(main).items() if target == old.part}
        splices = Splices(package.read(listing))
        for relation in package.tree(listing).children:
            if relation.get("Id") in ids:
                splices.set(relation, Target="/" + part)
        package.put(listing, splices.apply())
        package.drop_all(_hanging_on(package, old.part))
        splices, root = Splices(package.read(main)), package.tree(main)
        self._list_names(splices, root, old.index)
        package.put(main, splices.apply())

    def _list_names(self, splices: Splices, root: Element, index: int) -> None:
        added = b""
        known = {(each.get("name").casefold(), each.get("localSheetId")): each for each in root.iter("definedName")}
        for each in self._names():
            local = str(index) if each.get("localSheetId") else ""
            if before := known.get((each.get("name").casefold(), local)):
                splices.set_text(before, each.text)
                continue
            attributes = {key: value for key, value in each.attributes.items() if ":" not in key}
            if each.get("localSheetId"):
                attributes["localSheetId"] = str(index)
            added += _element(f"{root.prefix}definedName", each.text, **attributes)
        listing = root.child("definedNames")
        if added and listing is not None:
            splices.append(listing, added)
        elif added:
            place = [each for each in root.children if each.name in _BEFORE_NAMES][-1]
            tag = f"{root.prefix}definedNames".encode()
            splices.insert(place.end, b"<%b>%b</%b>" % (tag, added, tag))


def _hanging_on(package: PackageEdit, part: str) -> set[str]:
    """A part with all parts to which nothing else in the package leads."""
    leads = {each: {target for _, target in package.relations(each).values()} for each in package.parts}

    def reached(start: set[str]) -> set[str]:
        found, left = set(start), list(start)
        while left:
            more = leads.get(left.pop(), set()) - found
            found |= more
            left += more
        return found

    own = reached({part})
    return own - reached(leads.keys() - own)


def _map_differences(splices: Splices, root: Element, looks: StyleGraft) -> None:
    for element in root.iter():
        names: Mapping[str, str | None] = {
            name: str(looks.differences[int(element.get(name))]) for name in _DIFFERENCES if element.get(name)
        }
        splices.set(element, **names)


def _element(tag: str, text: str = "", **attributes: str) -> bytes:
    written = b"".join(
        b' %b="%b"' % (name.encode(), escaped(value, attribute=True)) for name, value in attributes.items()
    )
    opening = b"<%b%b" % (tag.encode(), written)
    return opening + (b">%b</%b>" % (escaped(text), tag.encode()) if text else b"/>")
