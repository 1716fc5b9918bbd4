"""After an edit the workbook is computed anew when it is opened, whatever values its formulas keep."""

from __future__ import annotations

from workbook_files.package_edit import PackageEdit
from workbook_files.part_xml import Splices

_BEFORE = ("sheets", "functionGroups", "externalReferences", "definedNames")
"""What stands before calcPr in a workbook (ECMA-376 part 1, 18.2.27)."""


def compute_on_opening(package: PackageEdit) -> None:
    """Set `fullCalcOnLoad`, and drop the chain of computation, which names cells that may hold no formula any more: Excel
    makes another."""
    for kind, part in package.relations(package.main).values():
        if kind == "calcChain" and part in package.parts:
            package.drop(part, package.main)
    splices, root = Splices(package.read(package.main)), package.tree(package.main)
    element = root.child("calcPr")
    if element is not None:
        splices.set(element, fullCalcOnLoad="1")
    else:
        last = [child for child in root.children if child.name in _BEFORE][-1]
        splices.insert(last.end, f'<{root.prefix}calcPr fullCalcOnLoad="1"/>'.encode())
    package.put(package.main, splices.apply())
