"""The looks of another workbook, added to a workbook's styles: which index of the one is which of the other."""

from __future__ import annotations

from workbook_files.part_xml import Element, Splices, parse

ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
)
"""The children of a style sheet (ECMA-376 part 1, 18.8.39)."""

_FIRST_OWN_FORMAT = 164
"""Number formats below it are built in."""

_COMMON = "0"
"""The named style `Normal`, on which every cell format of a program's making stands."""


class StyleGraft:
    """Maps cell formats (`cells`) and differential formats (`differences`) of the source to those of the target."""

    def __init__(self, source: bytes, target: bytes) -> None:
        self._source, self._target = source, target
        self._from, self._to = parse(source), parse(target)
        self._lists = {name: self._there(name) for name in ("fonts", "fills", "borders", "cellXfs", "dxfs")}
        self._before = {name: len(entries) for name, entries in self._lists.items()}
        self._codes = {
            each.get("formatCode"): int(each.get("numFmtId")) for each in self._children(self._to, "numFmts")
        }
        self._new_codes: dict[str, int] = {}
        own = {int(each.get("numFmtId")): each.get("formatCode") for each in self._children(self._from, "numFmts")}
        self._numbers = {number: self._number(code) for number, code in own.items()}
        maps = {name: self._mapped(name) for name in ("fonts", "fills", "borders")}
        self.cells = [
            self._index(
                "cellXfs",
                self._with(
                    each,
                    numFmtId=self._mapped_number(each),
                    fontId=str(maps["fonts"][int(each.get("fontId", "0"))]),
                    fillId=str(maps["fills"][int(each.get("fillId", "0"))]),
                    borderId=str(maps["borders"][int(each.get("borderId", "0"))]),
                    xfId=_COMMON,
                ),
            )
            for each in self._children(self._from, "cellXfs")
        ]
        self.differences = self._mapped("dxfs")

    def _children(self, root: Element, name: str) -> list[Element]:
        listing = root.child(name)
        return listing.children if listing else []

    def _there(self, name: str) -> list[bytes]:
        return [self._target[each.start : each.end] for each in self._children(self._to, name)]

    def _mapped_number(self, style: Element) -> str:
        number = int(style.get("numFmtId", "0"))
        return str(self._numbers.get(number, number))

    def _number(self, code: str) -> int:
        if code not in self._codes:
            self._codes[code] = self._new_codes[code] = max(_FIRST_OWN_FORMAT - 1, *self._codes.values(), 0) + 1
        return self._codes[code]

    def _mapped(self, name: str) -> list[int]:
        return [self._index(name, self._with(each)) for each in self._children(self._from, name)]

    def _with(self, element: Element, **attributes: str) -> bytes:
        """An entry with other attributes, as it stands in the target, whose elements may have a prefix."""
        data = self._source[element.start : element.end]
        splices, tree = Splices(data), parse(data)
        splices.set(tree, **attributes)
        for each in tree.iter("numFmt"):
            splices.set(each, numFmtId=self._mapped_number(each))
        if self._to.prefix:
            splices.set(tree, xmlns=self._to.attributes[f"xmlns:{self._to.prefix.rstrip(':')}"])
        return splices.apply()

    def _index(self, name: str, entry: bytes) -> int:
        entries = self._lists[name]
        if entry not in entries:
            entries.append(entry)
        return entries.index(entry)

    def written(self) -> bytes:
        """The target's styles with what was added."""
        x = self._to.prefix
        added = {name: entries[self._before[name] :] for name, entries in self._lists.items()}
        added["numFmts"] = [_number_format(x, number, code) for code, number in self._new_codes.items()]
        splices = Splices(self._target)
        for name, entries in added.items():
            if not entries:
                continue
            listing = self._to.child(name)
            content = b"".join(entries)
            if listing is None:
                tag = (x + name).encode()
                splices.insert(self._place(name), b'<%b count="%d">%b</%b>' % (tag, len(entries), content, tag))
                continue
            splices.append(listing, content)
            if listing.get("count"):
                splices.set(listing, count=str(len(listing.children) + len(entries)))
        return splices.apply()

    def _place(self, name: str) -> int:
        """Where a list that is not there yet begins."""
        before = [each for each in self._to.children if each.name in ORDER[: ORDER.index(name)]]
        return before[-1].end if before else self._to.open_end


def _number_format(prefix: str, number: int, code: str) -> bytes:
    data = f"<{prefix}numFmt/>".encode()
    splices = Splices(data)
    splices.set(parse(data), numFmtId=str(number), formatCode=code)
    return splices.apply()
