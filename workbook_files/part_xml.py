"""The XML of a part with the place of every element in its bytes: what is not changed is not written anew.

A parser that writes its tree again loses prefixes that `mc:Ignorable` names, the order of attributes and what it does not
know. Here a change is a splice: some bytes go, others come, and all the rest stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, unescape

from workbook_files.file_findings import Refused
from xingzhi import messages
from xingzhi.findings import finding

_TAG = re.compile(rb"""<[^"'>]*(?:(?:"[^"]*"|'[^']*')[^"'>]*)*>""")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=]+)\s*=\s*(?:"[^"]*"|'[^']*')""")
_PLAIN = re.compile(rb"""^\s*<\?xml[^>]*\bencoding=["'](?!utf-?8["']|us-ascii["'])""", re.I)
_QUOTES = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}


def unusual(file: str, key: str, **fields: str) -> Refused:
    """W109 with the reason `write.<key>`: a form of the file that is not changed, lest it be damaged."""
    return Refused(finding("W109", file=file, reason=messages.label(f"write.{key}", **fields)))


def escaped(text: str, *, attribute: bool = False) -> bytes:
    """The text as it stands in XML, between tags or within an attribute's double quotes."""
    return escape(text, _QUOTES if attribute else {"\r": "&#13;"}).encode()


def unescaped(content: bytes) -> str:
    """The text of an element's content; character references stay as they are written."""
    return unescape(content.decode(), {"&quot;": '"', "&apos;": "'"})


@dataclass(eq=False)
class Element:
    """An element; `tag` and the attributes' names are as written, prefix and all.

    `start` and `end` are the offsets of its first byte and behind its last one, `open_end` and `close_start` those of its
    content. `text` is what stands directly in it, decoded.
    """

    tag: str
    attributes: dict[str, str]
    start: int
    open_end: int
    close_start: int = -1
    end: int = -1
    text: str = ""
    children: list[Element] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The tag without its prefix."""
        return self.tag.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        """The prefix with its colon, or ''."""
        return self.tag[: len(self.tag) - len(self.name)]

    def get(self, name: str, default: str = "") -> str:
        """An attribute without a prefix."""
        return self.attributes.get(name, default)

    @property
    def relation(self) -> str:
        """The r:id, under whatever prefix, '' where there is none."""
        return next((value for key, value in self.attributes.items() if key.endswith(":id")), "")

    def iter(self, *names: str) -> Iterator[Element]:
        """This element and all in it, in order; of the names given, where any are."""
        if not names or self.name in names:
            yield self
        for child in self.children:
            yield from child.iter(*names)

    def child(self, name: str) -> Element | None:
        """The first child of a name."""
        return next((child for child in self.children if child.name == name), None)


def parse(data: bytes, file: str = "") -> Element:
    """The tree of a part. W109 for an encoding other than UTF-8, or a document type; ExpatError for what is no XML."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4] or _PLAIN.match(data[:200]):
        raise unusual(file, "encoding")
    builder = _Builder(data, file)
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = builder.doctype
    builder.parser = parser
    parser.Parse(data, True)
    return builder.root


def check(data: bytes) -> None:
    """ExpatError for bytes that are no well-formed XML."""
    expat.ParserCreate(namespace_separator=" ").Parse(data, True)


class _Builder:
    parser: expat.XMLParserType
    root: Element

    def __init__(self, data: bytes, file: str) -> None:
        self.data, self.file = data, file
        self.open: list[Element] = []

    def start(self, tag: str, attributes: list[str]) -> None:
        at = self.parser.CurrentByteIndex
        found = _TAG.match(self.data, at)
        if found is None:
            raise unusual(self.file, "encoding")
        pairs = dict(zip(attributes[::2], attributes[1::2], strict=True))
        element = Element(tag, pairs, at, found.end())
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, _: str) -> None:
        element = self.open.pop()
        if self.data[element.open_end - 2 : element.open_end] == b"/>":
            element.close_start = element.end = element.open_end
        else:
            element.close_start = self.parser.CurrentByteIndex
            element.end = self.data.index(b">", element.close_start) + 1

    def text(self, text: str) -> None:
        self.open[-1].text += text

    def doctype(self, *_: object) -> None:
        raise unusual(self.file, "encoding")


class Splices:
    """Changes of one part's bytes, collected and then made at once. Two that meet are a programme failure."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._changes: list[tuple[int, int, bytes]] = []
        self._attributes: dict[int, tuple[Element, dict[str, str | None]]] = {}

    def replace(self, start: int, end: int, content: bytes) -> None:
        """Put other bytes in the place of some."""
        self._changes.append((start, end, content))

    def insert(self, at: int, content: bytes) -> None:
        """Put bytes in before those at an offset; what is inserted at one offset stands in the order of the calls."""
        self.replace(at, at, content)

    def append(self, element: Element, content: bytes) -> None:
        """Put bytes in as an element's last children."""
        if element.close_start == element.end:
            self.replace(element.open_end - 2, element.open_end, b">" + content + b"</" + element.tag.encode() + b">")
        else:
            self.insert(element.close_start, content)

    def remove(self, element: Element) -> None:
        """Take an element out with all in it."""
        self.replace(element.start, element.end, b"")

    def set_text(self, element: Element, text: str) -> None:
        """Give an element that holds text another one."""
        if element.close_start == element.end:
            self.append(element, escaped(text))
        else:
            self.replace(element.open_end, element.close_start, escaped(text))

    def set(self, element: Element, **attributes: str | None) -> None:
        """Give attributes without a prefix other values; None takes one away. What is so already stays untouched."""
        wanted = {name: value for name, value in attributes.items() if element.attributes.get(name) != value}
        if wanted:
            self._attributes.setdefault(element.start, (element, {}))[1].update(wanted)

    def apply(self) -> bytes:
        """The bytes with all changes."""
        changes = list(self._changes)
        for element, wanted in self._attributes.values():
            # An element that becomes `<tag>…</tag>` is changed at the end of its tag only.
            end = element.open_end - (2 if self.data[element.open_end - 2 : element.open_end] == b"/>" else 1)
            changes.append((element.start, end, _with_attributes(self.data[element.start : end], wanted)))
        changes.sort(key=lambda change: change[:2])
        pieces, at = [], 0
        for start, stop, content in changes:
            if start < at:
                raise AssertionError(f"two changes of the bytes at {start}")
            pieces += [self.data[at:start], content]
            at = stop
        return b"".join([*pieces, self.data[at:]])


def _with_attributes(tag: bytes, wanted: dict[str, str | None]) -> bytes:
    """A start tag, without its closing `>` or `/>`, with other attributes."""
    left = dict(wanted)

    def other(found: re.Match[bytes]) -> bytes:
        name = found[1].decode()
        return _written(name, left.pop(name)) if name in left else found[0]

    tag = _ATTRIBUTE.sub(other, tag)
    end = len(tag.rstrip())
    return tag[:end] + b"".join(_written(name, value) for name, value in left.items()) + tag[end:]


def _written(name: str, value: str | None) -> bytes:
    return b"" if value is None else b' %s="%s"' % (name.encode(), escaped(value, attribute=True))
