"""Build `xingzhi.xlam`: the package of xlwings' own add-in from the installed wheel, with our ribbon and our VBA in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from addin import glue
from addin.ribbon import custom_ui
from addin.vba_project import sheet_module, vba_project, workbook_module
from xingzhi.labels import Lang

FILE_NAME = "xingzhi.xlam"
_BASE = "quickstart_addin_ribbon.xlam"
_EPOCH = (2026, 1, 1, 0, 0, 0)
"""Of every part: two builds are the same."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_RIBBON_2007 = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_RIBBON_2006 = "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility"
_CORE = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title><dc:creator>xingzhi</dc:creator>\
<dcterms:created xsi:type="dcterms:W3CDTF">2026-01-01T00:00:00Z</dcterms:created></cp:coreProperties>
"""


def addin_bytes(lang: Lang, *, frozen: bool) -> bytes:
    """The add-in; with `frozen` it runs one program, else the Python that is configured. The same each time."""
    with zipfile.ZipFile(glue.wheel_file(_BASE)) as base:
        parts = {name: base.read(name) for name in base.namelist()}
    parts |= {name: change(parts[name]) for name, change in _CHANGES.items()}
    sheet = str(etree.fromstring(parts["xl/worksheets/sheet1.xml"]).find(f"{_MAIN}sheetPr").get("codeName"))
    document = (workbook_module(), sheet_module(sheet))
    parts["xl/vbaProject.bin"] = vba_project([*document, *glue.modules(lang, frozen=frozen)])
    parts["customUI/customUI.xml"] = custom_ui(lang)
    parts["docProps/core.xml"] = _CORE.format(title="xingzhi").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        # The list of types comes first, as in every package of Excel's.
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            item = zipfile.ZipInfo(name, _EPOCH)
            item.compress_type = zipfile.ZIP_DEFLATED
            item.create_system = 0
            package.writestr(item, parts[name])
    return out.getvalue()


def build(path: Path, *, lang: Lang, frozen: bool = False) -> None:
    """Write the add-in to `path`."""
    path.write_bytes(addin_bytes(lang, frozen=frozen))


def _workbook(data: bytes) -> bytes:
    """Without the folder in which xlwings' author saved it and without extensions; its sheet under our name."""
    root = etree.fromstring(data)
    for element in (*root.findall(f"{_COMPATIBILITY}AlternateContent"), *root.findall(f"{_MAIN}extLst")):
        root.remove(element)
    root.find(f"{_MAIN}sheets/{_MAIN}sheet").set("name", "xingzhi")
    return _xml(root)


def _sheet(data: bytes) -> bytes:
    """Without xlwings' settings: ours are read from the user's own file alone."""
    root = etree.fromstring(data)
    root.find(f"{_MAIN}dimension").set("ref", "A1")
    root.find(f"{_MAIN}sheetData").clear()
    return _xml(root)


def _no_strings(data: bytes) -> bytes:
    root = etree.fromstring(data)
    for item in list(root):
        root.remove(item)
    root.set("count", "0")
    root.set("uniqueCount", "0")
    return _xml(root)


def _relations(data: bytes) -> bytes:
    """The relation that goes with the namespace of our ribbon, as in xlwings' chief add-in."""
    return data.replace(_RIBBON_2007.encode(), _RIBBON_2006.encode())


def _xml(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


_CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "_rels/.rels": _relations,
    "xl/workbook.xml": _workbook,
    "xl/worksheets/sheet1.xml": _sheet,
    "xl/sharedStrings.xml": _no_strings,
}
