"""Phone numbers, and the identity numbers that clerks type in their place."""

from __future__ import annotations

import re

_SIGNS = re.compile("[-().]")
# Groups of an identity number may be typed apart and in full width, so what stands between its digits is read over.
_DIGIT, _APART = "[0-9０-９]", r"[-.－．·\s\u200b-\u200f\u2060\ufeff]{0,3}"
_IDENTITY = re.compile(
    rf"(?<!{_DIGIT})({_DIGIT}{{6}}){_APART}"
    rf"((?:[1１][9９]|[2２][0０]){_DIGIT}{{2}}{_APART}(?:[0０][1-9１-９]|[1１][0-2０-２])"
    rf"{_APART}(?:[0０][1-9１-９]|[12１２]{_DIGIT}|[3３][01０１]))"
    rf"{_APART}({_DIGIT}{{3}}[0-9０-９XxＸｘ])(?!{_DIGIT})"
)
_SHORTEST = 18
_EXPONENT = re.compile(r"([1-9])\.([0-9]+)[Ee]\+?([0-9]{1,2})")
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=0?1[3-9][0-9]{9}$|0[0-9]{9,11}$)")
_AREA = re.compile(r"0(10|2[0-9]|[3-9][0-9]{2})([0-9]{7,8})")


def holds_identity(text: str) -> bool:
    """Tell whether an identity number of 18 digits, with a day of birth in it, stands in the text."""
    return len(text) >= _SHORTEST and _IDENTITY.search(text) is not None


def mask_identity(text: str) -> str:
    """The text with the birth date in every identity number starred out."""
    if len(text) < _SHORTEST:
        return text
    return _IDENTITY.sub(lambda found: f"{found[1]}{'*' * 8}{found[3]}", text)


def masked_numbers(text: str) -> list[str]:
    """Every identity number that stands in a text, masked."""
    return [mask_identity(found[0]) for found in _IDENTITY.finditer(text)] if len(text) >= _SHORTEST else []


def phone(text: str) -> str | None:
    """The number in its usual form, None where the text is none: 11 digits, `0774-5551234`, or a local number.

    `text` has no spaces and only half-width characters. A number in scientific notation counts only when it shows
    all its digits: `1.38E+10` has lost them.
    """
    digits = _SIGNS.sub("", text)
    if (short := _EXPONENT.fullmatch(text)) and len(short[2]) >= int(short[3]):
        digits = (short[1] + short[2])[: int(short[3]) + 1]
    digits = _COUNTRY.sub("", digits)
    if mobile := re.fullmatch("0?(1[3-9][0-9]{9})", digits):
        return mobile[1]
    if re.fullmatch("0[0-9]{2,3}-[0-9]{7,8}", text):
        return text
    if re.fullmatch("[48]00[0-9]{7}|[0-9]{7,8}", digits):
        return digits
    # A cell that holds a number has lost the zero of 0774-5551234. Area codes of three digits begin 010 or 02.
    restored = f"0{digits}" if re.fullmatch("[1-9][0-9]{9,10}", digits) else digits
    if area := _AREA.fullmatch(restored):
        return f"0{area[1]}-{area[2]}"
    return digits if re.fullmatch("0[0-9]{9,11}", digits) else None
