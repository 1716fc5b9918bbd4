"""The hyperlinks of a sheet while its cells change: those of the office go with their rows, those of values come and go.

A link within the workbook is a part of the value of a cell that is written. A link to elsewhere, which has a relation, is
the office's, whatever is written in its cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from workbook_files.cell_values import EditError, Value
from workbook_files.package import Box
from workbook_files.part_xml import Element, Splices, escaped
from workbook_files.ranges import box_or_none, range_name
from workbook_templates.pen import Link
from xingzhi.grid import address

_INTERNAL = "internal:"
_ORDER = """sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios
    autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations"""
_BEFORE = frozenset(_ORDER.split())
"""What stands before the hyperlinks of a sheet (ECMA-376 part 1, 18.3.1.99)."""

Places = Callable[[Box], Box | None]
"""Where the cells of a link will be, None where they go."""


def links_of(values: Iterable[tuple[int, int, Value]]) -> dict[tuple[int, int], str]:
    """The locations of the links among values, by (row, column). EditError for one that leads out of the workbook."""
    found = {}
    for row, column, value in values:
        if isinstance(value, Link):
            if not value.target.startswith(_INTERNAL):
                raise EditError(f"not a link within the workbook: {value.target}")
            found[row, column] = value.target.removeprefix(_INTERNAL)
    return found


def place_links(
    splices: Splices,
    root: Element,
    wanted: Mapping[tuple[int, int], str],
    is_written: Callable[[int, int], bool],
    to: Places,
) -> None:
    """Put the hyperlinks of a sheet where they belong; those that stay keep their bytes."""
    listing = root.child("hyperlinks")
    old: Sequence[Element] = listing.children if listing else ()
    left, gone = dict(wanted), []
    for element in old:
        box = box_or_none(element.get("ref"))
        if box is None:
            continue
        if box[:2] == box[2:] and is_written(*box[:2]) and not element.relation:
            if left.get(box[:2]) == element.get("location"):
                del left[box[:2]]
            else:
                gone.append(element)
        else:
            new = to(box)
            if new is None:
                gone.append(element)
            elif new != box:
                splices.set(element, ref=range_name(new))
    added = b"".join(_link(root.prefix, *place, left[place]) for place in sorted(left))
    if listing is None:
        if added:
            place = [child for child in root.children if child.name in _BEFORE][-1]
            tag = f"{root.prefix}hyperlinks".encode()
            splices.insert(place.end, b"<%b>%b</%b>" % (tag, added, tag))
    elif len(gone) == len(old) and not added:
        # The schema wants at least one in the list (18.3.1.48).
        splices.remove(listing)
    else:
        for element in gone:
            splices.remove(element)
        if added:
            splices.append(listing, added)


def _link(prefix: str, row: int, column: int, location: str) -> bytes:
    target = escaped(location, attribute=True)
    return b'<%bhyperlink ref="%b" location="%b"/>' % (prefix.encode(), address(row, column).encode(), target)
