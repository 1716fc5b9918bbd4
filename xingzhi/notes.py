"""Rows below a header that are no records: subtotals, and the lines with which a paper form ends."""

from __future__ import annotations

import re

from xingzhi.cleaning import unpadded

_SUBTOTAL = re.compile(r"(本页|全部|以上)?(合计|小计|总计|共计)([:：（(\d].*|人数|数)?")
_FOOT = re.compile(
    r"(填报单位|填表单位|单位负责人|负责人签字|审核人|复核人|填表人|填报人|制表人|经办人|联系电话|填报日期|填表日期|制表日期|填报说明|填表说明)"
    r"([（(][^）)]*[）)])?([:：\s].*)?"
)
# These words begin titles too, so only a colon makes a note of them.
_REMARK = re.compile(r"(备注|附注|注|说明)\s*\d*\s*[:：].*|[（(]?以下(空白|无正文)[）)]?")
_ENGLISH = re.compile(
    r"((sub|grand )?-?totals?|unit \(seal\)|head of (the )?unit|prepared by|checked by|reviewed by|filled in by)"
    r"(\s*[:(\d].*)?|(notes?|remarks?|date|phone)\s*:.*",
    re.IGNORECASE,
)


def is_note(text: str) -> bool:
    """Tell whether a row that begins with this text is a subtotal or a note.

    `合 计`, `合计：12`, `填表人：…` and `注：…` are; a title that merely begins so (`总计划`, `注册`, `说明会`) is not.
    """
    line = unpadded(text)
    closed = line.replace(" ", "")
    return bool(
        _SUBTOTAL.fullmatch(closed)
        or _FOOT.fullmatch(line)
        or _FOOT.fullmatch(closed)
        or _REMARK.fullmatch(line)
        or _ENGLISH.fullmatch(line)
    )
