"""One input of the fuzzing: a valid file with a few things in it changed, the same for the same seed and number."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from random import Random

from fuzz.seeds import seeds

NUMBERS = (
    "0",
    "-1",
    "1e999",
    "NaN",
    "65536",
    "1048577",
    "16385",
    "2147483648",
    "4294967297",
    "18446744073709551616",
    "",
)
WORDS = (
    *(word.encode() for word in NUMBERS),
    *(
        b"<",
        b">",
        b"&",
        b"]]>",
        b"<!--",
        b"<![CDATA[",
        b"&#0;",
        b"&x;",
        b"<!DOCTYPE x>",
        b"\0",
        b"\xff\xfe",
        b'"',
        b"'",
    ),
    *(b"XFD1048576", b"A0", b"XFE1", b' t="s"', b' t="e"', b' t="d"', b' s="99"', b"<f/>", b"<v/>", b"_x0000_"),
    *(b"</table>", b"colspan=99999", b"ss:Index='99999999'", b"table:number-rows-repeated='99999999'"),
)
BYTES = (0, 1, 2, 9, 10, 13, 34, 44, 127, 128, 254, 255)
_NUMBER = re.compile(rb"[0-9]+")
_ZIP = b"PK\x03\x04"


def mutated(seed: int, number: int) -> tuple[str, bytes]:
    """The name and the bytes of an input."""
    random = Random(f"{seed}:{number}")
    name = random.choice(sorted(seeds()))
    data = seeds()[name]
    if data.startswith(_ZIP) and random.random() < 0.75:
        return name, _repacked(data, random)
    return name, _changed(data, random)


def _changed(data: bytes, random: Random) -> bytes:
    """Bytes with a few changes."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 5, 8, 20))):
        data = random.choice(_CHANGES)(data, random)
    return data


def _overwritten(data: bytes, random: Random) -> bytes:
    at, width = _place(data, random), random.choice((1, 1, 2, 4, 8))
    value = bytes(random.choice(BYTES) if random.random() < 0.6 else random.randrange(256) for _ in range(width))
    return data[:at] + value + data[at + width :]


def _flipped(data: bytes, random: Random) -> bytes:
    at = _place(data, random)
    return data[:at] + bytes(each ^ (1 << random.randrange(8)) for each in data[at : at + 1]) + data[at + 1 :]


def _cut(data: bytes, random: Random) -> bytes:
    at = _place(data, random)
    return data[:at] + data[at + random.choice((1, 2, 4, 16, 64, 512)) :]


def _doubled(data: bytes, random: Random) -> bytes:
    at, width = _place(data, random), random.choice((1, 4, 16, 64, 512))
    return data[:at] + data[at : at + width] * random.choice((2, 2, 3, 50)) + data[at + width :]


def _with_word(data: bytes, random: Random) -> bytes:
    at = _place(data, random)
    return data[:at] + random.choice(WORDS) + data[at:]


def _with_number(data: bytes, random: Random) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return data
    match = random.choice(found)
    return data[: match.start()] + random.choice(NUMBERS).encode() + data[match.end() :]


def _truncated(data: bytes, random: Random) -> bytes:
    return data[: _place(data, random)] if random.random() < 0.2 else data


def _spliced(data: bytes, random: Random) -> bytes:
    other = random.choice(list(seeds().values()))
    at, there = _place(data, random), _place(other, random)
    return data[:at] + other[there : there + random.choice((8, 64, 600))] + data[at:]


_CHANGES = (
    _overwritten,
    _overwritten,
    _flipped,
    _cut,
    _doubled,
    _with_word,
    _with_number,
    _with_number,
    _truncated,
    _spliced,
)


def _place(data: bytes, random: Random) -> int:
    return random.randrange(len(data) + 1)


def _repacked(data: bytes, random: Random) -> bytes:
    """A package with changes inside its parts, or in its list of parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    for _ in range(random.choice((1, 1, 2, 3))):
        at = random.randrange(len(parts))
        name, content = parts[at]
        what = random.random()
        if what < 0.9 or len(parts) < 2:
            parts[at] = name, _changed(content, random)
        elif what < 0.93:
            del parts[at]
        elif what < 0.96:
            parts.append((random.choice((name, name.upper(), f"../{name}")), content))
        else:
            parts[at] = name, random.choice(parts)[1]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
