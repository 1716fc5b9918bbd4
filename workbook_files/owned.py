"""The closed list of what the tool may change in a workbook that is not its own; all else stays byte for byte.

Beside it only cells change: those of the table's columns in the rows that it has or had, those that are set one by one, and
in other cells the text of a formula whose range spans the table. A part is compared with what it was before a file takes
its place, so that the list binds the code and does not only describe it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from workbook_files.part_xml import Element, Splices, parse
from workbook_files.sheet_part import SheetPart

RANGED = {"autoFilter": "ref", "sortState": "ref", "sortCondition": "ref"}
"""Elements of a sheet or a table part with the attribute that holds one range."""

LISTED = ("conditionalFormatting", "dataValidation", "ignoredError", "protectedRange")
"""Elements of a sheet with a list of ranges in `sqref`: an attribute, in extensions a child."""

FORMULAS = ("formula", "formula1", "formula2", "f")
"""Elements of a sheet, beside its cells, that hold a formula."""

TABLE_FORMULAS = ("calculatedColumnFormula", "totalsRowFormula")
"""Elements of a table part that hold a formula."""

CHART_FORMULAS = ("f", "sqref")
"""Elements of a chart that hold a range."""

STYLE_LISTS = ("numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs")
"""Lists of the styles to whose end entries are added."""


@dataclass(frozen=True)
class Owned:
    """What may change in parts of one kind, by the names of elements.

    `attributes` maps elements to attributes; the text of `texts` may change. Children of `lists` may come and go, those of
    `growing` come at the end, those of `shrinking` go, and come if they have no relation to another part. `elements` may
    come or go whole.
    """

    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    growing: tuple[str, ...] = ()
    shrinking: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()


_RANGES = {name: (attribute,) for name, attribute in RANGED.items()}

OWNED: Mapping[str, Owned] = {
    "worksheet": Owned(
        attributes={
            **_RANGES,
            **{name: ("sqref",) for name in LISTED},
            "dimension": ("ref",),
            "cfvo": ("val",),
            "hyperlink": ("ref",),
        },
        texts=(*FORMULAS, "sqref"),
        shrinking=("hyperlinks",),
        elements=("hyperlinks",),
    ),
    "page": Owned(
        attributes={"dimension": ("ref",), "mergeCells": ("count",)}, lists=("mergeCells",), elements=("mergeCells",)
    ),
    "table": Owned(attributes={**_RANGES, "table": ("ref", "insertRow", "insertRowShift")}, texts=TABLE_FORMULAS),
    "workbook": Owned(
        attributes={"calcPr": ("fullCalcOnLoad",)},
        texts=("definedName",),
        growing=("sheets", "definedNames"),
        elements=("calcPr", "definedNames"),
    ),
    "styles": Owned(
        attributes={name: ("count",) for name in STYLE_LISTS}, growing=STYLE_LISTS, elements=("numFmts", "dxfs")
    ),
    "chart": Owned(texts=CHART_FORMULAS),
    "pivot source": Owned(attributes={"pivotCacheDefinition": ("refreshOnLoad",), "worksheetSource": ("ref",)}),
    "listing": Owned(lists=("Types", "Relationships")),
}
"""By kind of part. A page is a worksheet of which the upper left corner is written as a whole. A part of another kind never
changes; the part of the chain of computation goes."""

_TYPES = {
    "worksheet+xml": "worksheet",
    "table+xml": "table",
    "sheet.main+xml": "workbook",
    "template.main+xml": "workbook",
    "macroEnabled.main+xml": "workbook",
    "styles+xml": "styles",
    "drawingml.chart+xml": "chart",
    "ms-office.chartex+xml": "chart",
    "pivotCacheDefinition+xml": "pivot source",
}


def kind_of(part: str, content_type: str) -> str:
    """The kind of a part in OWNED, '' for one that is nobody's but the office's."""
    if part == "[Content_Types].xml" or part.endswith(".rels"):
        return "listing"
    return next((kind for ending, kind in _TYPES.items() if content_type.endswith(ending)), "")


def stays(kind: str, old: bytes, new: bytes) -> bool:
    """Whether two states of a part differ in nothing but what is owned; of a worksheet its cells are left out."""
    owned = OWNED.get(kind)
    if owned is None:
        return old == new
    if kind in ("worksheet", "page"):
        old, new = SheetPart(old, "").skeleton, SheetPart(new, "").skeleton
    before, after = _State(old, owned), _State(new, owned)
    return before.without_owned(after, is_new=False) == after.without_owned(before, is_new=True)


class _State:
    """A part as it was or as it will be."""

    def __init__(self, data: bytes, owned: Owned) -> None:
        self.data, self.owned, self.tree = data, owned, parse(data)
        self.names = {each.name for each in self.tree.iter()}
        self.related = Counter(self._masked(each) for each in self._in(*owned.shrinking) if each.relation)
        self.lengths = {each.name: len(each.children) for each in self._of(*owned.growing)}

    def _of(self, *names: str) -> list[Element]:
        return list(self.tree.iter(*names)) if names else []

    def _in(self, *names: str) -> list[Element]:
        return [child for listing in self._of(*names) for child in listing.children]

    def _masked(self, child: Element) -> bytes:
        data = self.data[child.start : child.end]
        splices = Splices(data)
        self._mask(splices, parse(data), set())
        return splices.apply()

    def without_owned(self, other: _State, *, is_new: bool) -> bytes:
        """The part without what is owned, and without children and elements that only one of two states has, if they may
        come or go."""
        left_out = {id(each) for each in self._of(*self.owned.elements) if each.name not in other.names}
        left_out.update(id(child) for child in self._in(*self.owned.lists))
        common = self.related & other.related
        for child in self._in(*self.owned.shrinking):
            masked = self._masked(child) if child.relation else b""
            if not child.relation:
                left_out.add(id(child))
            elif common[masked]:
                common[masked] -= 1
            elif not is_new:
                left_out.add(id(child))
        for listing in self._of(*self.owned.growing) if is_new else ():
            left_out.update(id(child) for child in listing.children[other.lengths.get(listing.name, 0) :])
        splices = Splices(self.data)
        self._mask(splices, self.tree, left_out)
        return splices.apply()

    def _mask(self, splices: Splices, element: Element, left_out: set[int]) -> None:
        owned = self.owned
        if id(element) in left_out:
            splices.remove(element)
            return
        if names := [name for name in owned.attributes.get(element.name, ()) if element.get(name)]:
            splices.set(element, **dict.fromkeys(names))
        if element.name in owned.texts and element.close_start > element.open_end:
            splices.replace(element.open_end, element.close_start, b"")
            return
        for child in element.children:
            self._mask(splices, child, left_out)
