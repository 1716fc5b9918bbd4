"""Values as clerks write them (section 5 of the domain): each with the codes that its reading must be told by.

- `values(column, window) -> strategy of a typed value`, None too where the column may be blank
- `neat(column, value, window) -> the cell as a workbook of ours would hold it`
- `messy(column, value, window) -> strategy of Typed`, the same value in any mess that means it
- `after(column, value, window) -> what a finding says that the cell is read as`
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from hypothesis import strategies as st

from xingzhi.choices import joined
from xingzhi.columns import ROLE_SEPARATORS, Choice, Column, ColumnType, Owner
from xingzhi.grid import CellValue
from xingzhi.labels import Text
from xingzhi.month_parts import month_parts, part_text, read_span
from xingzhi.rows import Value
from xingzhi.unit_names import UnitNames
from xingzhi.windows import Window, full_text, months

UNITS = UnitNames((("青石镇民政办", "旧石镇民政所"), ("柳溪乡民政办公室",), ("县财政局（本级）", "县理财处")))
EPOCH = date(1899, 12, 30)
HAN = "张王李赵陈春华秋实养老助餐议事学"
INVISIBLE = ("\u200b", "\ufeff", "\x07", "\u200e")
GAPS = (" ", "\u3000", "\xa0", "  ", " \u3000")
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Typed:
    """What stands in a cell, and the codes of all that must be said of it."""

    raw: CellValue
    codes: frozenset[str] = frozenset()


def wide(text: str) -> str:
    """Letters, digits and signs in full width."""
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


# --- values ---


def values(column: Column, window: Window) -> st.SearchStrategy[Value]:
    """Typed values of a column."""
    found = _filled(column, window)
    required = column.required and column.owner is Owner.UNIT
    return found if required else st.one_of(st.none(), found)


def _filled(column: Column, window: Window) -> st.SearchStrategy[Value]:
    if column.names_unit:
        units = [each[0] for each in UNITS.names] + ["县卫生健康局"]
        return st.lists(st.sampled_from(units), min_size=1, max_size=2, unique=True).map("、".join)
    match column.type:
        case ColumnType.DATE:
            days = st.dates(window.start, window.end)
            return st.one_of(days, st.sampled_from(month_parts(window))) if column.spans else days
        case ColumnType.PERIOD:
            return st.sampled_from(months(window))
        case ColumnType.INTEGER:
            return st.integers(column.minimum or 0, column.maximum or 99)
        case ColumnType.CHOICE if column.multiple:
            keys = st.sampled_from([choice.key for choice in column.choices])
            return st.lists(keys, min_size=1, max_size=3, unique=True).map(tuple)
        case ColumnType.CHOICE:
            return st.sampled_from([choice.key for choice in column.choices])
        case ColumnType.PHONE:
            return st.sampled_from(("13900000001", "0774-5551234", "010-55512345", "5551234", "4001234567"))
        case ColumnType.LONG_TEXT:
            return st.lists(st.text(HAN, min_size=1, max_size=6), min_size=1, max_size=3).map("\n  ".join)
    if column.pattern:
        return st.from_regex(r"XM[1-9](-[1-9])?", fullmatch=True)
    names = st.text(HAN, min_size=2, max_size=5)
    return st.one_of(names, names.map(lambda name: f"{name}（{name[0]}）第12号"), st.just("Wang Wu-2"))


# --- cells ---


def neat(column: Column, value: Value, window: Window) -> CellValue:
    """The cell as a workbook of ours would hold it."""
    if isinstance(value, Window):
        return part_text(value, window)
    if column.choices and value is not None:
        return "、".join(column.choice(key).label.zh for key in _keys(value))
    assert not isinstance(value, tuple)
    return value


def after(column: Column, value: Value, window: Window) -> Text:
    """What a finding says that the cell is read as."""
    if column.choices:
        chosen = [column.choice(key) for key in _keys(value)]
        return joined(chosen) if column.multiple else chosen[0].label
    if isinstance(value, Window):
        return part_text(value, window)
    return value.isoformat() if isinstance(value, date) else str(value)


def messy(column: Column, value: Value, window: Window) -> st.SearchStrategy[Typed]:
    """The same value, neat or in any mess that means it."""
    if value is None:
        return st.sampled_from((None, "", " ", "\u3000\u200b")).map(Typed)
    clean = st.just(Typed(neat(column, value, window)))
    if column.names_unit:
        return st.one_of(clean, _units(str(value)))
    if isinstance(value, Window):
        return st.one_of(clean, _written(_spans(value, window), "N108", part_text(value, window)))
    if isinstance(value, date):
        return st.one_of(clean, st.just(Typed(datetime(value.year, value.month, value.day))), _dates(value, window))
    match column.type:
        case ColumnType.PERIOD:
            return st.one_of(clean, _written(_periods(str(value), window), "N107", str(value)))
        case ColumnType.INTEGER:
            assert isinstance(value, int)
            spelt = (str(value), f"{value}人", f"{value:,}", f"{value}.0", f"{value} 人次")
            return st.one_of(clean, st.just(Typed(float(value))), _written(spelt, "N106"))
        case ColumnType.PHONE:
            return st.one_of(clean, _written(_phones(str(value)), "N104", str(value)))
        case ColumnType.CHOICE if column.multiple:
            return st.one_of(clean, _several(column, _keys(value)))
        case ColumnType.CHOICE:
            return st.one_of(clean, _written(_words(column, column.choice(str(value))), "N105"))
        case ColumnType.LONG_TEXT:
            return st.one_of(clean, _long(str(value)))
    return st.one_of(clean, _text(str(value)))


def _keys(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)


@st.composite
def _written(draw: st.DrawFn, spelt: tuple[CellValue, ...], code: str, canonical: str = "") -> Typed:
    """One of the ways to write a value; text now and then padded or in full width."""
    raw = draw(st.sampled_from(spelt))
    if isinstance(raw, str):
        raw = wide(raw) if draw(st.booleans()) and "E+" not in raw else raw
        raw = draw(st.sampled_from(("", *GAPS, *INVISIBLE))) + raw + draw(st.sampled_from(("", *GAPS, "\n")))
    return Typed(raw, frozenset() if raw == canonical else frozenset({code}))


def _dates(day: date, window: Window) -> st.SearchStrategy[Typed]:
    year, month, number = day.year, day.month, day.day
    serial = (day - EPOCH).days
    full = f"{year}年{month}月{number}日"
    spelt: list[CellValue] = [f"{year}{sign}{month}{sign}{number}" for sign in "-./。—"]
    spelt += [day.isoformat(), full, f"{year} 年 {month} 月 {number} 号", f"{day:%Y%m%d}", int(f"{day:%Y%m%d}")]
    spelt += [float(f"{day:%Y%m%d}"), serial, serial + 0.375, str(serial)]
    spelt += [f"{full}（星期{WEEKDAYS[day.weekday()]}）", f"{full}周{WEEKDAYS[day.weekday()]}"]
    spelt += [f"{day.isoformat()} 9:30", f"{day.isoformat()}T00:00:00"]
    years = range(window.start.year, window.end.year + 1)
    inside = [each for each in years if _day(each, month, number) and window.contains(date(each, month, number))]
    if inside == [year]:
        spelt += [f"{month}月{number}日", f"{month}月{number}号", f"{month:02}月{number:02}日"]
        spelt += [f"{month}-{number}", f"{month}/{number}"]
    return _written(tuple(spelt), "N101")


def _day(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def _spans(part: Window, window: Window) -> tuple[str, ...]:
    full = full_text(part)
    bare = full.partition("年")[2]
    spelt = [full, f"{part.start}~{part.end}", f"{part.start}至{part.end}", part_text(part, window)]
    spelt.append(full.replace("年", " 年 "))
    last = part.start.day, part.end.day
    spelt.append(f"{part.start.year}年{part.start.month}月{last[0]}日-{last[1]}日")
    if "旬" not in full:
        spelt += [f"{full}份", f"{part.start:%Y-%m}", f"{part.start:%Y.%m}", f"{part.start.year}/{part.start.month}"]
    if "中下旬" in full:
        spelt += [full.replace("中下旬", "中、下旬"), full.replace("中下旬", "中旬、下旬")]
    if part.start.year == window.start.year + 1:
        spelt.append(f"次年{bare}")
    found = read_span(bare, window)
    if found and found.sure and found.window == part:
        spelt.append(bare)
    return tuple(spelt)


def _periods(period: str, window: Window) -> tuple[CellValue, ...]:
    year, month = period.split("-")
    number = int(month)
    spelt: list[CellValue] = [
        period,
        f"{year}年{number}月",
        f"{year}年{month}月份",
        f"{year}.{number}",
        f"{year}/{month}",
    ]
    spelt += [f"{year}{month}", int(f"{year}{month}"), date(int(year), number, 1), datetime(int(year), number, 9)]
    spelt += [f"{period}-15", f"{year}年{number}月3日"]
    if number != 1:
        spelt.append(float(f"{year}.{number}") if number < 10 else float(f"{year}.{month}"))
    if sum(each.endswith(f"-{month}") for each in months(window)) == 1:
        spelt += [f"{number}月", f"{number}月份", number, float(number)]
    return tuple(each for each in spelt if not (isinstance(each, float) and str(each).endswith(".1")))


def _phones(number: str) -> tuple[CellValue, ...]:
    digits = number.replace("-", "")
    spelt: list[CellValue] = [int(digits), float(digits), number]
    if number.startswith("1"):
        spelt += [
            f"{number[:3]}-{number[3:7]}-{number[7:]}",
            f"{number[:3]} {number[3:7]} {number[7:]}",
            f"+86{number}",
        ]
        spelt += [f"0{number}", f"{number[0]}.{number[1:]}E+10"]
    elif "-" in number:
        area, rest = number.split("-")
        spelt += [digits, f"（{area}）{rest}", f"{area}—{rest}", f"{area} {rest}", f"{area}-{rest[:3]}-{rest[3:]}"]
    return tuple(spelt)


def _words(column: Column, choice: Choice) -> tuple[CellValue, ...]:
    """Other words for a choice, and its labels padded; what means another choice too is left out."""
    others = {text for each in column.choices if each is not choice for text in each.spellings()}
    aliases = [
        alias for alias in choice.aliases if alias not in others and alias.casefold() not in choice.spellings()[:3]
    ]
    labels = [f"{choice.label.zh} ", f"\u3000{choice.label.zh}", f"{choice.label.zh}（兼）", f"{choice.label.zh}(兼职)"]
    words: list[CellValue] = [*aliases, *labels, f" {choice.label.en.upper()}\u200b"]
    words += [alias.upper() for alias in aliases if alias.isascii() and alias.upper() != alias]
    words += [int(alias) for alias in aliases if alias.isdigit()]
    if {each.key for each in column.choices} == {"yes", "no"}:
        words.append(choice.key == "yes")
    return tuple(words)


@st.composite
def _several(draw: st.DrawFn, column: Column, keys: tuple[str, ...]) -> Typed:
    parts, odd = [], False
    for key in keys:
        choice = column.choice(key)
        forms = ("", "", "（兼）", "(兼)", " ", "alias")
        form = draw(st.sampled_from(forms if len(keys) > 1 else forms[2:]))
        # A word with a space in it cannot stand among words that spaces part.
        aliases = [alias for alias in choice.aliases if not re.search(r"[\s和与及]", alias)] or [choice.label.zh]
        word = draw(st.sampled_from(aliases)) if form == "alias" else choice.label.zh + form
        parts.append(word)
        odd = odd or word != choice.label.zh
    plain = [f"{sign}" for sign in ROLE_SEPARATORS]
    loose = [" ", "\n", " / ", "兼任", " 兼任", "和", "以及", "及", "、 "]
    # 参与单位 is one word.
    loose += [] if any("与" in part for part in parts) else ["与"]
    sign = draw(st.sampled_from([*plain, *loose]))
    odd = odd or (len(keys) > 1 and sign in loose)
    return Typed(sign.join(parts), frozenset({"N105"}) if odd else frozenset())


_PADDED = re.compile(f"[{HAN}]{{1,3}}(?![{HAN}])")
_BETWEEN = re.compile(f"(?<=[{HAN}])(?=[{HAN}])")


@st.composite
def _text(draw: st.DrawFn, value: str) -> Typed:
    text, codes = value, set()
    if draw(st.booleans()):
        spread = wide(text) if text.isascii() else text.replace("（", "(").replace("）", ")")
        spread = re.sub("[0-9A-Za-z]", lambda found: wide(found[0]), spread)
        codes |= {"N103"} if spread != text else set()
        text = spread.replace("\u3000", " ")
    if draw(st.booleans()):
        pad = draw(st.sampled_from((*GAPS, *INVISIBLE, "\n")))
        # A space within a longer name may be one of it, and a line break may stand between two.
        closes = pad in INVISIBLE or (pad != "\n" and _PADDED.match(text))
        places = ["before", "behind", *(["between"] if closes and _BETWEEN.search(text) else [])]
        place = draw(st.sampled_from(places))
        text = (
            pad + text if place == "before" else text + pad if place == "behind" else _BETWEEN.sub(pad, text, count=1)
        )
        codes.add("N102")
    return Typed(text, frozenset(codes))


@st.composite
def _long(draw: st.DrawFn, value: str) -> Typed:
    pad = draw(st.sampled_from((*GAPS, *INVISIBLE, "\n", "\n\n\u3000")))
    place = draw(st.sampled_from(("before", "behind", "lines", "within")))
    if place == "lines":
        # A file keeps line ends in its own way: that is no change.
        return Typed(value.replace("\n", draw(st.sampled_from(("\r\n", "\r", "\u2028")))))
    if place == "within":
        middle = len(value) // 2
        return Typed(value[:middle] + draw(st.sampled_from(INVISIBLE)) + value[middle:], frozenset({"N102"}))
    return Typed(pad + value if place == "before" else value + pad, frozenset({"N102"}))


@st.composite
def _units(draw: st.DrawFn, value: str) -> Typed:
    names, changed = value.split("、"), False
    for place, name in enumerate(names):
        known = next((each for each in UNITS.names if each[0] == name), (name,))
        other = draw(st.sampled_from((*known, name.replace("办公室", "办"))))
        names[place], changed = other, changed or other != name
    return Typed("、".join(names), frozenset({"N109"}) if changed else frozenset())
