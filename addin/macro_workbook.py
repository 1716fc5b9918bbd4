"""The macros of a workbook of its own, for whoever cannot load an add-in: the same VBA, and buttons in place of the ribbon."""

from __future__ import annotations

from collections.abc import Sequence

from addin import glue
from addin.ribbon import Place, ribbon
from addin.vba_project import sheet_module, vba_project, workbook_module
from workbook_templates.macro_buttons import Button, Macros
from xingzhi.labels import Lang


def unit_macros(lang: Lang, *, frozen: bool = False) -> Macros:
    """What a unit's workbook with macros holds beside the rest."""
    buttons = [
        Button(each.label.of(lang), each.tip.of(lang), f"xingzhi_{each.name}")
        for each in ribbon().commands_of(Place.UNIT)
    ]

    def project(sheets: Sequence[str]) -> bytes:
        documents = (workbook_module(), *map(sheet_module, sheets))
        return vba_project([*documents, *glue.modules(lang, frozen=frozen)])

    return Macros(tuple(buttons), project)
