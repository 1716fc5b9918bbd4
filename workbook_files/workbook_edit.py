"""Change a workbook in place: the edits, the writing beside it, the check of what was written, the replacing in one step."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbook_files.cell_edit import CellsEdit, edit_cells
from workbook_files.cell_values import EditError, Keep, Value
from workbook_files.file_findings import Refused
from workbook_files.limits import OWN
from workbook_files.lint import lint
from workbook_files.owned import kind_of, stays
from workbook_files.package import box_of
from workbook_files.package_edit import PackageEdit
from workbook_files.page_edit import PageEdit, edit_page
from workbook_files.part_xml import check, unusual
from workbook_files.raw_package import DAMAGE, RawPackage
from workbook_files.read_back import check_values
from workbook_files.reader import read_grid
from workbook_files.recalculation import compute_on_opening
from workbook_files.sheet_graft import SheetGraft, graft_sheet
from workbook_files.table_edit import TableEdit, columns_of, edit_table
from xingzhi import messages
from xingzhi.findings import Finding, finding
from xingzhi.grid import Grid

Edit = TableEdit | CellsEdit | PageEdit | SheetGraft


@dataclass(frozen=True)
class Outcome:
    """Whether the file was written, and what is said of it: where it was not, the finding that says why."""

    written: bool
    findings: list[Finding] = field(default_factory=list)


def edit_workbook(
    path: Path, edits: Sequence[Edit], target: Path | None = None, check: Callable[[Grid], None] | None = None
) -> Outcome:
    """Make all edits, or none, in an .xlsx or .xlsm file that has been accepted for reading; `target` is the file itself
    unless another is named.

    What was written is read back, shown to `check`, which may raise Refused, and only then takes the target's place, in one
    step; until then the target is untouched.
    EditError for an edit that contradicts itself; OSError where the disk is at fault, or a program holds the target.
    """
    target = target or path
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        with RawPackage(path) as raw:
            package = PackageEdit(raw)
            findings = [each for edit in edits for each in _made(package, edit)]
            compute_on_opening(package)
            _check_parts(package)
            with temporary.open("wb") as stream:
                raw.write(stream, package.changed, package.dropped)
                stream.flush()
                os.fsync(stream.fileno())
        grid = _verify(path, temporary, edits, package.changed)
        if check:
            check(grid)
        if target.exists():
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
    except Refused as refused:
        temporary.unlink(missing_ok=True)
        return Outcome(False, [refused.found])
    except EditError:
        temporary.unlink(missing_ok=True)
        raise
    except DAMAGE as error:
        temporary.unlink(missing_ok=True)
        said = f"{type(error).__name__}: {error}"[:80]
        return Outcome(False, [unusual(path.name, "damaged", detail=said).found])
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return Outcome(True, findings)


def set_cells(path: Path, values: Mapping[str, Mapping[str, Value]], target: Path | None = None) -> Outcome:
    """Set single cells: values by address, by the name of their sheet. See `edit_workbook`."""
    return edit_workbook(path, [CellsEdit(sheet, cells) for sheet, cells in values.items()], target)


def _made(package: PackageEdit, edit: Edit) -> list[Finding]:
    if isinstance(edit, TableEdit):
        return edit_table(package, edit)
    if isinstance(edit, SheetGraft):
        graft_sheet(package, edit)
    elif isinstance(edit, PageEdit):
        edit_page(package, edit)
    else:
        edit_cells(package, edit)
    return []


def _check_parts(package: PackageEdit) -> None:
    """Refused with W110 for a part that would change in more than the tool owns of it, before anything is written."""
    for part, content in package.changed.items():
        if part.endswith((".xml", ".rels")):
            check(content)
        kind = "page" if part in package.pages else kind_of(part, package.content_type(part))
        if part in package.raw.parts and not stays(kind, package.raw.read(part), content):
            reason = messages.label("write.defect", detail=part)
            raise Refused(finding("W110", file=package.file, reason=reason))


def _verify(old: Path, new: Path, edits: Sequence[Edit], changed: Collection[str]) -> Grid:
    """The grid of the new file. Refused with W110 where it does not hold what it should, or has a defect that the old one
    had not: in a part that is not `changed` it can have none."""
    values: dict[tuple[str, int, int], Value] = {}
    with RawPackage(new) as raw:
        package = PackageEdit(raw)
        for edit in edits:
            values |= _expected(package, edit)
    grid = check_values(new, old.name, values)
    # A formula of the office's in a new row is computed by whoever opens the file.
    found = [each for each in lint(new, changed) if each.rule != "uncached-formula"]
    before = Counter((each.rule, each.part) for each in lint(old)) if found else Counter()
    for each in found:
        before[each.rule, each.part] -= 1
        if before[each.rule, each.part] < 0:
            reason = messages.label("write.defect", detail=f"{each.rule} {each.part} {each.detail}"[:120])
            raise Refused(finding("W110", file=old.name, reason=reason))
    return grid


def _expected(package: PackageEdit, edit: Edit) -> dict[tuple[str, int, int], Value]:
    """What a reader is to find, by (sheet, row, column)."""
    if isinstance(edit, CellsEdit):
        name = package.sheet(edit.sheet).name
        return {(name, *box_of(address)[:2]): value for address, value in edit.values.items()}
    if isinstance(edit, SheetGraft | PageEdit):
        return _values_of(edit)
    table = package.table(edit.table)
    columns = columns_of(package, table, edit)
    rows = edit.rows or [[None] * len(columns)]
    return {
        (table.sheet.name, table.first + index, column): value
        for index, row in enumerate(rows)
        for place, column in columns.items()
        if not isinstance(value := row[place], Keep)
    }


def _values_of(edit: SheetGraft | PageEdit) -> dict[tuple[str, int, int], Value]:
    """The values of a sheet in the workbook that it comes from."""
    grid, _ = read_grid(edit.source, OWN)
    sheet = grid.sheet(edit.name) if grid else None
    rows = sheet.rows if sheet else ()
    return {
        (edit.name, row, column): value
        for row, values in enumerate(rows, start=1)
        for column, value in enumerate(values, start=1)
        if value is not None
    }
