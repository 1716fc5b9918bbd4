"""The text of a cell, and text without padding, invisible characters and mixed widths."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time

from xingzhi.grid import CellValue
from xingzhi.windows import Window, full_text

Raw = CellValue | tuple[str, ...] | Window
"""What a cell holds, or the value that was made of it: a choice column may hold several keys, a date a part of a month."""

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff\ud800-\udfff"
)
_INVISIBLES = re.compile(f"[{_INVISIBLE}]")
_LOOK_ALIKES = "\u2f00-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1d"
"""Radicals and doubles of Chinese characters, as they come out of a PDF: NFKC makes of each the character it looks like."""

_LOOK_ALIKE = re.compile(f"[{_LOOK_ALIKES}]")
_SUSPECT = re.compile(rf"[\s{_INVISIBLE}()\uff01-\uff5e{_LOOK_ALIKES}]")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_WIDE = "\u00b7\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003ffff"
_GAP = re.compile(f"(?<=[{_WIDE}]) (?=[{_WIDE}])")
_WORD_BEFORE = re.compile(f"{_HAN.pattern}*$")
_WORD_AFTER = re.compile(f"{_HAN.pattern}*")
_LONGEST_PADDED = 2
_BROKEN = re.compile(rf"(?<={_HAN.pattern})[^\S\n]*\n\s*(?={_HAN.pattern})")
_APOSTROPHE = re.compile(r"\s*'(?=[-+]?[0-9])")
_ALL_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NARROW = {code: to for code, to in _ALL_NARROW.items() if chr(to).isalnum()}
_INNER_SIGN = re.compile("(?<=[0-9A-Za-z])[－．／](?=[0-9A-Za-z])")
_BRACKETS = str.maketrans("()", "（）")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─", "-") | {"。": "."})


def cell_text(raw: Raw) -> str:
    """A cell as a user would read it: `12` for 12.0, ISO dates; empty for a blank one."""
    if isinstance(raw, str):
        return raw
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e21 else format(raw, ".15g")
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(" ", "minutes")
    if isinstance(raw, date | time):
        return raw.isoformat()
    if isinstance(raw, Window):
        return full_text(raw)
    return "、".join(raw) if isinstance(raw, tuple) else str(raw)


def clean(text: str) -> str:
    """A name or title without padding and with one width of letters, digits and brackets."""
    return close_gaps(one_width(unpadded(text))) if suspect(text) else text


def suspect(text: str) -> bool:
    """Tell whether `clean` might change the text; most cells need no more than this."""
    return _SUSPECT.search(text) is not None


def close_gaps(text: str) -> str:
    """The text without the spaces that pad a Chinese name (`张 三`, `欧阳 修`) or stand beside a Chinese sign; one between
    longer words stays (`买买提 艾力`)."""
    return _GAP.sub(lambda gap: "" if _is_padding(text, gap.start()) else " ", text)


def _is_padding(text: str, place: int) -> bool:
    before, after = _WORD_BEFORE.search(text, 0, place), _WORD_AFTER.match(text, place + 1)
    words = [len(found[0]) if found else 0 for found in (before, after)]
    # What is no character of a word is a sign, beside which a space says nothing.
    return 0 in words or max(words) <= _LONGEST_PADDED


def listed(text: str) -> str:
    """The text with `、` for each line break between two Chinese words: two names in one cell are two."""
    return _BROKEN.sub("、", one_line_end(visible(text)))


def without_mark(text: str) -> str:
    """The text without the apostrophe by which a spreadsheet tells that digits are text (`'138…`)."""
    return _APOSTROPHE.sub("", text, count=1) if _APOSTROPHE.match(text) else text


def one_line_end(text: str) -> str:
    """The text with one kind of line ends, that of a cell."""
    return _LINE_ENDS.sub("\n", text)


def visible(text: str) -> str:
    """The text without invisible characters."""
    return _INVISIBLES.sub("", text)


def unpadded(text: str) -> str:
    """The text in one line, with single spaces and nothing invisible."""
    return " ".join(_INVISIBLES.sub("", text).split())


def one_width(text: str) -> str:
    """The text with half-width letters and digits, with the brackets that its language uses, and with no look-alikes."""
    text = _LOOK_ALIKE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    # Chinese punctuation stays, and brackets around Chinese text are Chinese; a code such as ＸＭ１－１ is not Chinese.
    if not _HAN.search(text):
        return text.translate(_ALL_NARROW)
    text = text.translate(_NARROW).translate(_BRACKETS)
    return _INNER_SIGN.sub(lambda sign: chr(ord(sign[0]) - 0xFEE0), text)


def typed(raw: Raw) -> str:
    """What was typed, without what surrounds it: the form in which text that is not understood is kept."""
    return _INVISIBLES.sub("", _LINE_ENDS.sub("\n", cell_text(raw))).strip()


def compact(raw: Raw) -> str:
    """The text for reading dates and numbers: half-width, with plain dashes and no spaces at all."""
    text = unicodedata.normalize("NFKC", _INVISIBLES.sub("", cell_text(raw)))
    return "".join(text.split()).translate(_DASHES)
