"""Lint a workbook for what makes Excel repair or refuse it and the OpenXML SDK validator misses.

What it finds are values, one `Defect` each. A file that is no readable package raises.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from workbook_files.package import (
    Book,
    Box,
    Formula,
    Sheet,
    Table,
    box_of,
    column_number,
    read,
)
from workbook_files.relations import open_package

RULES = (
    "cf-foreign-sheet",
    "dangling-name",
    "duplicate-header",
    "duplicate-table-name",
    "header-character",
    "header-mismatch",
    "list-too-long",
    "missing-part",
    "prefix",
    "structured-ref-in-cf",
    "table-name-is-cell",
    "table-overlap",
    "unbalanced-formula",
    "uncached-formula",
)

MAX_ROW, MAX_COLUMN, MAX_LIST = 1_048_576, 16_384, 255


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Functions of Excel 2013 and later; Excel 2010 shows #NAME? for them, prefixed or not.
NEWER = _words(
    """
    ACOT ACOTH ARABIC BASE BINOM.DIST.RANGE BITAND BITLSHIFT BITOR BITRSHIFT BITXOR CEILING.MATH
    COMBINA COT COTH CSC CSCH DAYS DECIMAL ENCODEURL FILTERXML FLOOR.MATH FORMULATEXT GAMMA GAUSS
    IFNA IMCOSH IMCOT IMCSC IMCSCH IMSEC IMSECH IMSINH IMTAN ISFORMULA ISOWEEKNUM MUNIT NUMBERVALUE
    PDURATION PERMUTATIONA PHI RRI SEC SECH SHEET SHEETS SKEW.P UNICHAR UNICODE WEBSERVICE XOR
    CONCAT FORECAST.ETS FORECAST.ETS.CONFINT FORECAST.ETS.SEASONALITY FORECAST.ETS.STAT
    FORECAST.LINEAR IFS MAXIFS MINIFS SWITCH TEXTJOIN
    ANCHORARRAY ARRAYTOTEXT FILTER LET RANDARRAY SEQUENCE SINGLE SORT SORTBY UNIQUE VALUETOTEXT
    XLOOKUP XMATCH BYCOL BYROW CHOOSECOLS CHOOSEROWS DROP EXPAND GROUPBY HSTACK IMAGE ISOMITTED
    LAMBDA MAKEARRAY MAP PERCENTOF PIVOTBY REDUCE REGEXEXTRACT REGEXREPLACE REGEXTEST SCAN
    STOCKHISTORY TAKE TEXTAFTER TEXTBEFORE TEXTSPLIT TOCOL TOROW TRIMRANGE VSTACK WRAPCOLS WRAPROWS
    """
)

# Functions that came with Excel 2010 and that a file must write with `_xlfn.`, or even a new
# Excel shows #NAME? until somebody edits the cell.
PREFIXED = _words(
    """
    BETA.DIST BETA.INV BINOM.DIST BINOM.INV CHISQ.DIST CHISQ.DIST.RT CHISQ.INV CHISQ.INV.RT
    CHISQ.TEST CONFIDENCE.NORM CONFIDENCE.T COVARIANCE.P COVARIANCE.S ERF.PRECISE ERFC.PRECISE
    EXPON.DIST F.DIST F.DIST.RT F.INV F.INV.RT F.TEST GAMMA.DIST GAMMA.INV GAMMALN.PRECISE
    HYPGEOM.DIST LOGNORM.DIST LOGNORM.INV MODE.MULT MODE.SNGL NEGBINOM.DIST NORM.DIST NORM.INV
    NORM.S.DIST NORM.S.INV PERCENTILE.EXC PERCENTILE.INC PERCENTRANK.EXC PERCENTRANK.INC
    POISSON.DIST QUARTILE.EXC QUARTILE.INC RANK.AVG RANK.EQ STDEV.P STDEV.S T.DIST T.DIST.2T
    T.DIST.RT T.INV T.INV.2T T.TEST VAR.P VAR.S WEIBULL.DIST Z.TEST
    """
)

# Functions of Excel 2010 that Excel writes bare and other programs write with `_xlfn.`.
EITHER = _words("AGGREGATE CEILING.PRECISE FLOOR.PRECISE ISO.CEILING NETWORKDAYS.INTL WORKDAY.INTL")

_TOKEN = re.compile(
    r"""
      (?P<string>"(?:[^"]|"")*")
    | (?P<quoted>'(?:[^']|'')*')
    | (?P<bracket>\[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\])
    | (?P<error>\#(?:REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!))
    | (?P<word>[\w.\\?$]+)
    | (?P<open>[({])
    | (?P<close>[)}])
    | (?P<stray>["'\[\]])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ROW_OF_CELL = re.compile(r"(?<![\w.\\?$])(\$?[A-Z]{1,3}\$?)[0-9]+(?![\w.\\?$!(\[])")
_RANGE_START = re.compile(r"\$?[A-Za-z]{1,3}\$?[0-9]+(?![\w.\\?])|\$?[A-Za-z]{1,3}(?=:)|\$?[0-9]+(?=:)")
_A1 = re.compile(r"([A-Za-z]{1,3})([0-9]+)")
_R1C1 = re.compile(r"(?:R([0-9]*))?(?:C([0-9]*))?", re.IGNORECASE)
_TABLE_NAME = re.compile(r"[^\W\d][\w.]*|\\[\w.]*")


@dataclass(frozen=True)
class Defect:
    """One thing wrong in a package: the rule (one of RULES), the part, and what and where."""

    rule: str
    part: str
    detail: str


@dataclass(frozen=True)
class Analysis:
    """What the rules ask of a formula's text. `ranges` are the sheets whose ranges it names."""

    balanced: bool
    structured: bool
    lost: bool
    sheets: frozenset[str]
    ranges: frozenset[str]
    functions: frozenset[str]


def lint(path: Path, changed: Collection[str] | None = None) -> list[Defect]:
    """Return the defects of a workbook, in the order of its sheets; an empty list if clean. Of sheets whose part is not among
    `changed`, where that is given, the formulas are passed over."""
    with open_package(path) as archive:
        book = read(archive)
    defects = [Defect("missing-part", book.part, what) for what in book.missing]
    defects += _names(book)
    known = frozenset(sheet.name.lower() for sheet in book.sheets)
    for name in book.names:
        defects += _formula(Formula(name.text, "name", book.part, name.name), "", known)
    for sheet in book.sheets:
        defects += [Defect("missing-part", sheet.part, what) for what in sheet.missing]
        for table in sheet.tables:
            defects += _headers(table, sheet)
        defects += _overlaps(sheet)
        defects += [
            Defect("list-too-long", sheet.part, f"{where}: {_units(text)} characters")
            for where, text in sheet.literal_lists
            if _units(text) > MAX_LIST
        ]
        for formula in sheet.formulas if changed is None or sheet.part in changed else ():
            defects += _formula(formula, sheet.name.lower(), known)
        defects += [Defect("uncached-formula", sheet.part, cell) for cell in sheet.uncached]
    return defects


def reads_as_cell(name: str) -> bool:
    """Say whether Excel reads a name as a reference: T01 and XFD7 (A1), R, C, RC5 (R1C1)."""
    cell = _A1.fullmatch(name)
    if cell and column_number(cell[1]) <= MAX_COLUMN and 1 <= int(cell[2]) <= MAX_ROW:
        return True
    cell = _R1C1.fullmatch(name)
    return bool(name and cell) and all(
        not number or 1 <= int(number) <= limit
        for number, limit in zip(cell.groups() if cell else (), (MAX_ROW, MAX_COLUMN), strict=True)
    )


def analyse(text: str) -> Analysis:
    """Take a formula apart; formulas that differ only in the rows of their cells share the work."""
    # In a quoted sheet name what looks like a cell is a part of the name.
    return _analyse(text if "'" in text else _ROW_OF_CELL.sub(r"\g<1>1", text))


@lru_cache(maxsize=4096)
def _analyse(text: str) -> Analysis:
    tokens = [(match.lastgroup, match[0], match.end()) for match in _TOKEN.finditer(text)]
    stack: list[str] = []
    balanced, structured, lost = True, False, False
    sheets: set[str] = set()
    ranges: set[str] = set()
    functions: set[str] = set()
    for index, (kind, token, end) in enumerate(tokens):
        follower = text[end : end + 1]
        before = tokens[index - 1][0] if index else None
        if kind == "stray":
            balanced = False
        elif kind == "open":
            stack.append(token)
        elif kind == "close":
            balanced &= bool(stack) and stack.pop() + token in ("()", "{}")
        elif kind == "error":
            lost |= token == "#REF!"
        elif kind == "bracket":
            external = re.match(r"[\w.]*!", text[end:]) is not None
            structured |= before == "word" or not external
        elif kind == "word" and follower == "(":
            functions.add(token.upper())
        elif kind in ("word", "quoted") and (follower == "!" or _spans_sheets(tokens, index)):
            name = token[1:-1].replace("''", "'") if kind == "quoted" else token
            if before == "bracket" or "]" in name:
                continue
            # A quoted 3-D reference holds both names: 'First one:Last one'!A1.
            found = {part.lower() for part in name.split(":")}
            sheets |= found
            bang = end if follower == "!" else text.index("!", end)
            if _RANGE_START.match(text, bang + 1):
                ranges |= found
    return Analysis(
        balanced and not stack,
        structured,
        lost,
        frozenset(sheets),
        frozenset(ranges),
        frozenset(functions),
    )


def _spans_sheets(tokens: list[tuple[str | None, str, int]], index: int) -> bool:
    """Say whether a word begins a 3-D reference, `First:Last!A1`."""
    kinds = [kind for kind, _, _ in tokens[index : index + 4]]
    texts = [token for _, token, _ in tokens[index : index + 4]]
    # `First!A1:First!B2` and `A1:First!B2` hold a word before a colon that is a cell.
    return (
        kinds == ["word", "other", "word", "other"]
        and (texts[1], texts[3]) == (":", "!")
        and not _A1.fullmatch(texts[0].replace("$", ""))
    )


def _formula(formula: Formula, own: str, known: frozenset[str]) -> Iterator[Defect]:
    found = analyse(formula.text)
    shown = f"{formula.where}: {formula.text[:120]}"
    if not found.balanced:
        yield Defect("unbalanced-formula", formula.part, shown)
        # What follows would be guessed from a formula that does not parse.
        return
    if found.structured and formula.kind not in ("cell", "name", "other"):
        yield Defect("structured-ref-in-cf", formula.part, shown)
    if formula.kind == "format" and found.ranges - {own}:
        yield Defect("cf-foreign-sheet", formula.part, shown)
    if found.lost or found.sheets - known:
        unknown = ", ".join(sorted(found.sheets - known)) or "#REF!"
        yield Defect("dangling-name", formula.part, f"{unknown} in {shown}")
    for function in sorted(found.functions):
        bare = function.removeprefix("_XLFN.").removeprefix("_XLWS.")
        if bare in NEWER or (bare != function and bare not in PREFIXED | EITHER):
            yield Defect("prefix", formula.part, f"{bare} is newer than Excel 2010, in {shown}")
        elif function in PREFIXED:
            yield Defect("prefix", formula.part, f"{bare} lacks its _xlfn., in {shown}")


def _names(book: Book) -> Iterator[Defect]:
    named = [(name.sheet, name.name, book.part) for name in book.names]
    for sheet in book.sheets:
        for table in sheet.tables:
            named.append((None, table.name, table.part))
            if not _TABLE_NAME.fullmatch(table.name):
                detail = f"{table.name!r} has invalid characters"
                yield Defect("table-name-is-cell", table.part, detail)
    seen: dict[tuple[int | None, str], str] = {}
    for scope, name, part in named:
        key = scope, name.lower()
        if key in seen:
            yield Defect("duplicate-table-name", part, f"{name} is also in {seen[key]}")
        seen.setdefault(key, part)
        if reads_as_cell(name):
            yield Defect("table-name-is-cell", part, f"{name!r} reads as a cell reference")


def _headers(table: Table, sheet: Sheet) -> Iterator[Defect]:
    top, left, _, right = table.box
    if len(table.columns) != right - left + 1:
        width = right - left + 1
        detail = f"{len(table.columns)} tableColumns for {width} columns of {table.ref}"
        yield Defect("header-mismatch", table.part, detail)
    seen: set[str] = set()
    for offset, name in enumerate(table.columns):
        if name.lower() in seen:
            yield Defect("duplicate-header", table.part, f"{name!r} in column {offset + 1}")
        seen.add(name.lower())
        cell = sheet.headers.get((top, left + offset))
        if re.search(r"[\n\r\[\]#'@]", name + (cell or "")):
            yield Defect("header-character", table.part, f"{name!r} in column {offset + 1}")
        if table.headers and cell != name and left + offset <= right:
            found = "no text" if cell is None else repr(cell)
            detail = f"column {offset + 1} is {name!r}, its header cell holds {found}"
            yield Defect("header-mismatch", table.part, detail)


def _overlaps(sheet: Sheet) -> Iterator[Defect]:
    boxes = [(table.name, table.part, table.box) for table in sheet.tables]
    for (name, part, box), (other, _, other_box) in combinations(boxes, 2):
        if _meet(box, other_box):
            yield Defect("table-overlap", part, f"{name} overlaps {other}")
    for ref in sheet.merges:
        merged = box_of(ref)
        for name, part, box in boxes:
            if _meet(box, merged):
                yield Defect("table-overlap", part, f"{name} overlaps the merged range {ref}")


def _meet(a: Box, b: Box) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def _units(text: str) -> int:
    """Count as Excel does, in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2
