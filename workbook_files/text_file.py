"""Files of text: which characters they are written in, and which kind of table they hold."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

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
_ENCODINGS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
    "iso-8859-1": "cp1252",
    "windows-1252": "cp1252",
}
DELIMITERS = ("\t", ",", ";", "|", "，")
"""What may stand between two cells, the surest first."""


def recognise_text(path: Path) -> tuple[Kind | None, str, str]:
    """(kind, text, '') of a file of text that holds tables; (None, '', what it is) for any other."""
    text = decoded(path.read_bytes())
    if text is None:
        return None, "", "unknown"
    head = text[:4096].lstrip()
    if head.startswith("<"):
        kind = _markup_kind(text, head)
        return (kind, text, "") if kind else (None, "", "markup")
    if re.match(r"(?:[A-Za-z-]+: [^\n]*\n)*MIME-Version:", head, re.I) or head.startswith("From: <Saved by"):
        return Kind.WEB_ARCHIVE, text, ""
    if head[:1] in ("{", "[") and re.match(r"[{\[]\s*[\"{\[\]}\d]", head):
        return None, "", "json"
    if not head:
        return None, "", "blank"
    if delimiter_of(text) or path.suffix.lower() in (".csv", ".tsv", ".tab"):
        return Kind.TEXT, text, ""
    return None, "", "prose"


def decoded(data: bytes) -> str | None:
    """The text of some bytes, None where they are none.

    A byte-order mark decides; then what is UTF-8 throughout; then what shows the zeros of UTF-16; else GB18030, of
    which GBK and GB2312 are parts. A last character that was cut off is left out. Whatever a page of the web says of
    itself is believed first where it can be decoded so.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _printable(_decode(data[len(mark) :], encoding))
    declared = _DECLARED.search(data[:2048]) if data.lstrip()[:1] == b"<" else None
    wide = _looks_wide(data)
    tried = ([_name(declared[1])] if declared else []) + ([wide] if wide else []) + ["utf-8", "gb18030"]
    for encoding in tried:
        text = _printable(_decode(data, encoding))
        if text is not None:
            return text
    return None


def delimiter_of(text: str) -> str:
    """The character between the cells of a text: the one that most lines share; '' where no two lines have one."""
    lines = [line for line in text[:65536].splitlines() if line.strip()][:50]
    if len(lines) == 1:
        counts = {delimiter: lines[0].count(delimiter) for delimiter in DELIMITERS}
        best = max(counts, key=lambda each: counts[each])
        return best if counts[best] >= 2 else ""
    for delimiter in DELIMITERS:
        holding = [line.count(delimiter) for line in lines]
        usual = max(set(holding), key=holding.count, default=0)
        if usual and sum(count > 0 for count in holding) * 2 > len(lines):
            return delimiter
    return ""


def _markup_kind(text: str, head: str) -> Kind | None:
    if _SHEET_2003 in text[:8192]:
        return Kind.XML_2003
    if _FLAT_ODF in head or (head.startswith("<?xml") and not _HTML.search(head)):
        return None
    return Kind.HTML if _HTML.search(head) else None


def _name(declared: bytes) -> str:
    # A page that says gb2312 is written in GBK or GB18030 as often as not. Other names, such as those of codecs that
    # unpack, are not believed.
    return _ENCODINGS.get(declared.decode("ascii").lower(), "utf-8")


def _looks_wide(data: bytes) -> str:
    """UTF-16 without a mark: nearly every second byte of its ASCII characters is zero."""
    sample = data[:4096]
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if max(low, high) * 8 < len(sample) or len(sample) < 4:
        return ""
    return "utf-16-le" if high > low else "utf-16-be"


def _decode(data: bytes, encoding: str) -> str | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        return decoder.decode(data)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _printable(text: str | None) -> str | None:
    """The text, None where too many of its characters are none that a person typed."""
    if text is None or len(_CONTROL.findall(text[:65536])) * 100 > min(len(text), 65536):
        return None
    return text
