"""报送进度: which units have sent, which have not, and what is overdue."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import xlwings

from addin.checking import book_language
from addin.commands.consolidate import office_of, reason
from addin.live_table import show
from addin.program import run_xingzhi
from addin.said import Level, Said
from workbook_templates import sheet_names
from xingzhi import messages

_NAMED = 12
"""Units that are named; of more, how many."""


def progress(book: xlwings.Book, today: date) -> Said:
    """How the office of an open master stands, as of its last run; 完成情况 is shown. Stopped where it is no master."""
    lang = book_language(book)
    ran = run_xingzhi(["status", str(office_of(book)), "--json", "--today", today.isoformat(), "--lang", lang.value])
    if ran.code not in (0, 1):
        return Said(messages.text("addin.status_failed", lang, why=reason(ran)), Level.WARNING)
    status: dict[str, Any] = json.loads(ran.out)
    missing = [unit["name"] for unit in status["units"] if not unit["received"]]
    late = [unit["name"] for unit in status["units"] if unit["overdue"]]

    def named(names: list[str]) -> str:
        if not names:
            return messages.text("addin.nobody", lang)
        shown = messages.text("addin.list_joint", lang).join(names[:_NAMED])
        return shown if len(names) <= _NAMED else messages.text("addin.and_more", lang, shown=shown, count=len(names))

    for sheet in book.sheets:
        if sheet.name in sheet_names.COMPLETION.both():
            show(sheet.range("A1"))
    words = messages.text(
        "addin.progress",
        lang,
        sent=len(status["units"]) - len(missing),
        units=len(status["units"]),
        missing=named(missing),
        late=named(late),
        overdue=len(status["overdue"]),
        waiting=status["waiting"],
    )
    return Said(words, Level.WARNING if missing or late else Level.INFO)
