"""Forms to be filled in by hand, as Word documents: 签到表, 活动记录表 and 审批备案表 of one row."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from workbook_templates.form_approval import add_approval
from workbook_templates.form_content import Content
from workbook_templates.form_page import Paper
from workbook_templates.form_record import add_record
from workbook_templates.form_sign_in import add_sign_in
from workbook_templates.tables.registry import tables
from xingzhi import messages
from xingzhi.labels import Lang
from xingzhi.refusal import Refusal


class Form(StrEnum):
    """A form that can be printed."""

    SIGN_IN = "sign-in"
    RECORD = "record"
    APPROVAL = "approval"


FORMS: Mapping[str, tuple[Form, ...]] = {
    "schedule": (Form.SIGN_IN, Form.RECORD),
    "documents": (Form.APPROVAL,),
}
"""The forms of a row, by its table."""

_BUILDERS: Mapping[Form, Callable[[Paper, Content], None]] = {
    Form.SIGN_IN: add_sign_in,
    Form.RECORD: add_record,
    Form.APPROVAL: add_approval,
}
_TITLES = {Form.SIGN_IN: "form.sign_in", Form.RECORD: "form.record", Form.APPROVAL: "form.approval"}


def forms_of(table: str, record: str, wanted: Form | None) -> tuple[Form, ...]:
    """The forms to print for a row of a table. Refusal where the table has none, or not the one that is wanted."""
    fitting = FORMS.get(table, ())
    (found,) = tables([table])
    if not fitting:
        raise Refusal("refusal.no_form", record=record, table=found.label)
    if wanted is None:
        return fitting
    if wanted not in fitting:
        title, fits = messages.label(_TITLES[wanted]), "、".join(fitting)
        raise Refusal("refusal.other_form", record=record, table=found.label, form=title, forms=fits)
    return (wanted,)


def write_forms(content: Content, forms: Sequence[Form], path: Path) -> None:
    """Write the forms of a row, each on pages of its own, into a new file.

    FileExistsError where there is one at `path`: someone may have written in it.
    """
    paper = Paper(title="_".join(titles(forms, content.lang)), lang=content.lang, today=content.today)
    for form in forms:
        _BUILDERS[form](paper, content)
    built = paper.close()
    with path.open("xb") as file:
        try:
            file.write(built)
        except BaseException:
            with contextlib.suppress(OSError):
                path.unlink()
            raise


def free_name(folder: Path, record: str, forms: Sequence[Form], lang: Lang) -> Path:
    """`<record>_<forms>.docx` in a folder, with a number behind where there is such a file."""
    stem = f"{re.sub(r'[^0-9A-Za-z-]+', '', record)}_{'_'.join(titles(forms, lang) if lang is Lang.ZH else forms)}"
    path, number = folder / f"{stem}.docx", 2
    while path.exists():
        path, number = folder / f"{stem}_{number}.docx", number + 1
    return path


def titles(forms: Sequence[Form], lang: Lang) -> list[str]:
    """What the forms are called."""
    return [messages.text(_TITLES[form], lang) for form in forms]
