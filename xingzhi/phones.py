"""Phone numbers, and the identity numbers that clerks type in their place."""

from __future__ import annotations

import re

_SIGNS = re.compile("[-().]")
# Groups of an identity number may be typed apart, so signs between its digits are read over.
_IDENTITY = re.compile(
    r"(?<![0-9])([0-9]{6})[-. ]?((?:19|20)[0-9]{2}[-. ]?(?:0[1-9]|1[0-2])[-. ]?(?:0[1-9]|[12][0-9]|3[01]))"
    r"[-. ]?([0-9]{3}[0-9Xx])(?![0-9])"
)
_EXPONENT = re.compile(r"([1-9])\.([0-9]+)[Ee]\+?([0-9]{1,2})")
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=0?1[3-9][0-9]{9}$|0[0-9]{9,11}$)")
_AREA = re.compile(r"0(10|2[0-9]|[3-9][0-9]{2})([0-9]{7,8})")


def holds_identity(text: str) -> bool:
    """Tell whether an identity number of 18 digits, with a day of birth in it, stands in the text."""
    return _IDENTITY.search(text) is not None


def mask_identity(text: str) -> str:
    """The text with the birth date in every identity number starred out."""
    return _IDENTITY.sub(lambda found: f"{found[1]}{'*' * 8}{found[3]}", text)


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
