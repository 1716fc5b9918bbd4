"""What is said of a whole file: why it is not taken, and what it has beside its cells."""

from __future__ import annotations

from collections.abc import Iterable

from workbook_files.limits import MEGABYTE
from xingzhi import messages
from xingzhi.findings import Finding, finding
from xingzhi.labels import Label

_IN_BYTES = frozenset({"size", "whole", "unpacked", "result"})


class Refused(Exception):
    """Raised within a reader, and turned into its finding by `read_grid`: the file is not taken."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.code)
        self.found = found


def too_large(file: str, what: str, value: int, limit: int, **fields: str) -> Finding:
    """F104: a file is over the limit `what` of `Limits`; sizes are in bytes."""
    shown, most = (_megabytes(value), _megabytes(limit)) if what in _IN_BYTES else (f"{value:,}", f"{limit:,}")
    said = messages.label(f"limit.{what}", value=shown, **fields)
    return finding("F104", file=file, value=said.zh, fields={"value": said}, limit=most)


def damaged(file: str, error: BaseException) -> Finding:
    """F101: the content is damaged, as a reader says; the text of its error is kept short."""
    said = " ".join(str(error).split()) or type(error).__name__
    return hostile(file, "damaged", detail=said[:80])


def hostile(file: str, key: str, **fields: str) -> Finding:
    """F101 with the reason `reason.<key>`: nothing that a spreadsheet program writes."""
    advice = messages.label(f"advice.{_ADVICE.get(key, 'reopen')}")
    return finding("F101", file=file, reason=messages.label(f"reason.{key}", **fields), advice=advice)


_ADVICE = {"truncated": "resend", "nothing_saved": "resend_damaged"}
"""What to do about a file that no program opens."""


def no_workbook(file: str, kind: str) -> Finding:
    """F106: a file that is no workbook; `kind` is the key of the texts that say what it is and what to do."""
    said = messages.label(f"kind.{kind}")
    advice = f"advice.{kind}" if f"advice.{kind}" in messages.text_keys() else "advice.other"
    return finding("F106", file=file, value=said.zh, fields={"value": said, "advice": messages.label(advice)})


def told(code: str, file: str, keys: Iterable[str]) -> list[Finding]:
    """One finding that lists what a file has beside its cells (texts `content.…`), none for nothing."""
    said = [messages.label(f"content.{key}") for key in dict.fromkeys(keys)]
    if not said:
        return []
    listed = Label("、".join(each.zh for each in said), ", ".join(each.en for each in said))
    return [finding(code, file=file, value=listed.zh, fields={"value": listed})]


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:,.1f} MB" if size < 10 * MEGABYTE else f"{size / MEGABYTE:,.0f} MB"
