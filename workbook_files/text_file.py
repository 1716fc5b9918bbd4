"""Files of text: which characters they are written in, and which kind of table they hold."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from pathlib import Path

from workbook_files.delimited import delimiter_of
from workbook_files.kinds import Kind

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_SHEET_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
_HTML = re.compile(r"<(!doctype\s+html|html|head|meta|body|table|style|div)\b", re.I)
_FLAT_ODF = "urn:oasis:names:tc:opendocument"
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,30})""", re.I)
# A page that says gb2312 is written in GBK or GB18030 as often as not. What says utf-16 and does not look it is not, and
# other names, such as those of codecs that unpack, are not believed.
_ENCODINGS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
}
_EURO = 0x80
"""How Windows writes € in GBK; the standard has no such character."""

_LOST = "\ufffd"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and how many of its characters could not be read and stand as U+FFFD."""

    text: str
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Recognised:
    """The kind of table that a file of text holds, with its text; None with what the file is instead."""

    kind: Kind | None
    decoded: Decoded = Decoded("")
    foreign: str = ""


def recognise_text(path: Path) -> Recognised:
    """What a file of text holds."""
    decoded = decode(path.read_bytes())
    if decoded is None:
        return Recognised(None, foreign="unknown")
    text, head = decoded.text, decoded.text[:4096].lstrip()
    if not head:
        return Recognised(None, foreign="blank")
    if head.startswith("<"):
        kind = _markup_kind(text, head)
        return Recognised(kind, decoded) if kind else Recognised(None, foreign="markup")
    if re.match(r"(?:[A-Za-z-]+: [^\n]*\n)*MIME-Version:", head, re.I) or head.startswith("From: <Saved by"):
        return Recognised(Kind.WEB_ARCHIVE, decoded)
    if head[:1] in "{[" and _is_json(text):
        return Recognised(None, foreign="json")
    if delimiter_of(text) or path.suffix.lower() in (".csv", ".tsv", ".tab"):
        return Recognised(Kind.TEXT, decoded)
    return Recognised(None, foreign="prose")


def decode(data: bytes) -> Decoded | None:
    """The text of some bytes, None where they are none.

    A byte-order mark decides; then what a page of the web says of itself, where it can be decoded so; then what shows
    the zeros of UTF-16; then UTF-8 throughout; else GB18030, of which GBK and GB2312 are parts. A last character that was
    cut off is left out; a few that cannot be read stand as U+FFFD.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode(data[len(mark) :], encoding) or _best(data[len(mark) :], (encoding,))
    wide = _looks_wide(data)
    if wide:
        return _decode(data, wide)
    declared = _DECLARED.search(data[:2048]) if data.lstrip()[:1] == b"<" else None
    said = [_ENCODINGS.get(declared[1].decode("ascii").lower(), "utf-8")] if declared else []
    tried = (*said, "utf-8", "gb18030")
    return next((found for encoding in tried if (found := _decode(data, encoding))), None) or _best(data, tried)


def _markup_kind(text: str, head: str) -> Kind | None:
    if _SHEET_2003 in text[:8192]:
        return Kind.XML_2003
    if _FLAT_ODF in head or (head.startswith("<?xml") and not _HTML.search(head)):
        return None
    return Kind.HTML if _HTML.search(head) else None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _looks_wide(data: bytes) -> str:
    """UTF-16 without a mark: nearly every second byte of its ASCII characters is zero."""
    sample = data[:4096]
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if max(low, high) * 8 < len(sample) or len(sample) < 4:
        return ""
    return "utf-16-le" if high > low else "utf-16-be"


def _decode(data: bytes, encoding: str) -> Decoded | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        return _printable(Decoded(decoder.decode(data)))
    except UnicodeDecodeError:
        return None


def _best(data: bytes, encodings: tuple[str, ...]) -> Decoded | None:
    """The encoding by which the fewest characters are lost, where they are few: one bad byte is no other kind of file."""
    found = []
    for encoding in encodings:
        text = codecs.getincrementaldecoder(encoding)("xingzhi.text").decode(data)
        found.append(Decoded(text, text.count(_LOST)))
    best = min(found, key=lambda each: each.lost)
    few = (best.lost <= 3 and best.lost * 20 <= len(best.text)) or best.lost * 1000 <= len(best.text)
    return _printable(best) if few else None


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    euro = error.encoding == "gb18030" and error.object[error.start] == _EURO
    return ("€" if euro else _LOST), error.start + 1


codecs.register_error("xingzhi.text", _replace)


def _printable(decoded: Decoded) -> Decoded | None:
    """The text, None where too many of its characters are none that a person typed."""
    text = decoded.text[:65536]
    return None if len(_CONTROL.findall(text)) * 100 > len(text) else decoded
