"""一键汇总: the master is saved and closed, `xingzhi sync` run, and the master opened again."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import xlwings

from addin.checking import book_language
from addin.program import Ran, run_xingzhi
from addin.said import Level, Said, Stopped
from xingzhi import messages

LEDGER = Path(".xingzhi") / "ledger.sqlite3"


def consolidate(book: xlwings.Book, today: date) -> Said:
    """Consolidate the office in whose folder the master lies. Stopped where the workbook is no master; the master is opened
    again however the run ended."""
    lang = book_language(book)
    office = office_of(book)
    path, app = book.fullname, book.app
    book.save()
    book.close()
    before = Path(path).read_bytes()
    try:
        ran = run_xingzhi(["sync", str(office), "--json", "--today", today.isoformat(), "--lang", lang.value])
        same = Path(path).read_bytes() == before
    finally:
        app.books.open(path)
    if ran.code not in (0, 1):
        return Said(messages.text("addin.sync_failed", lang, why=reason(ran)), Level.WARNING)
    result: dict[str, Any] = json.loads(ran.out)
    status = Counter(unit["status"] for unit in result["units"])
    errors = sum(unit["findings"]["error"] for unit in result["units"])
    words = messages.text(
        "addin.synced_same" if same else "addin.synced",
        lang,
        run=result["run"],
        errors=errors,
        overdue=result["overdue"],
        unmatched=len(result["unmatched"]),
        **{key: status[key] for key in ("accepted", "unchanged", "rejected", "missing")},
        **result["changes"],
    )
    wrong = bool(errors or status["rejected"] or result["unmatched"])
    return Said(words, Level.WARNING if wrong else Level.INFO)


def office_of(book: xlwings.Book) -> Path:
    """The office's folder in which an open master lies. Stopped where it is none."""
    folder = Path(book.fullname).parent
    if not (folder / LEDGER).is_file():
        raise Stopped("addin.no_master")
    return folder


def reason(ran: Ran) -> str:
    """What a command that could not run said of it: its last line."""
    lines = [line.strip() for line in ran.err.splitlines() if line.strip()]
    return lines[-1] if lines else f"exit {ran.code}"
