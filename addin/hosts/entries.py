"""What becomes of a value that is entered in a cell, as Excel takes it; what Excel would take for something else is refused."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime

from addin.hosts.rules import NotInEveryHost
from workbook_files.cell_values import Value
from workbook_templates.pen import Formula

PREFIX = "'"
"""What Excel takes for the mark of a text, and leaves out of it."""

_ERROR = re.compile(r"#(?:n/a|[a-z0-9_/]+[!?])")
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?"
)
_MEASURE = re.compile(
    rf"(?:[\d\s.,:/\-+%()$¥£€'年月日号時时分秒上下午]|{_MONTH}|(?<=[\d\s])[ap]m?(?![a-z])|(?<=[\d.])e(?=[+\-]?\d))+"
)


def entered(value: object) -> Value:
    """What a cell holds after a value was entered in it: None for a blank, a Formula for what begins with '='.

    NotInEveryHost for a value that not every host takes, and for a text without the prefix that Excel would take for a
    number, a date, a formula or an error value.
    """
    match value:
        case None | "":
            return None
        case bool() | int():
            return value
        case float():
            if not math.isfinite(value):
                raise NotInEveryHost("Range.value", f"{value} is no number of a cell")
            return value
        case datetime():
            return value.replace(tzinfo=None)
        case date():
            return value
        case str():
            return _text(value)
        case _:
            raise NotInEveryHost("Range.value", f"not every host takes a {type(value).__name__}")


def _text(text: str) -> Value:
    if text.startswith(PREFIX):
        return text[len(PREFIX) :] or None
    if text.startswith("=") and len(text) > 1:
        # Whoever opens the file computes its value.
        return Formula(text, "")
    if taken := taken_for(text):
        raise NotInEveryHost(
            "Range.value", f"Excel may take {text!r} for a {taken}; text is entered with a leading {PREFIX}"
        )
    return text


def taken_for(text: str) -> str:
    """What Excel, in some language, may take a text for when it is entered without the prefix; '' for what stays a text.

    It is told rather too often than too seldom: what is made of digits, marks and names of months alone is a number or a
    date in one country or another.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if plain[:1] in ("=", "+", "-", "@"):
        return "formula"
    if plain in ("true", "false"):
        return "truth value"
    if _ERROR.fullmatch(plain):
        return "error value"
    if any(each.isdecimal() for each in plain) and _MEASURE.fullmatch(plain):
        return "number or date"
    return ""
