"""What the lint must find: each case breaks one rule, by an edit of the clean workbook, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from support.lint_book import BOOK, MEMBERS, OTHER, REPORTS, SHEET, STRINGS


@dataclass(frozen=True)
class Case:
    """Texts to replace in the parts, and the one defect that follows."""

    rule: str
    part: str
    edits: dict[str, list[tuple[str, str]]]
    detail: str
    id: str


def one(id: str, rule: str, part: str, before: str, after: str, detail: str, *, edited: str = "") -> Case:
    """A case of one edit, by default in the part that the defect names."""
    return Case(rule, part, {edited or part: [(before, after)]}, detail, id)


F1 = '<f>SUMPRODUCT(--(members[name]&lt;&gt;""))</f>'
CF = "<formula>marked</formula>"
LONG = "字" * 127

CASES = (
    [
        one("renamed-column", "header-mismatch", MEMBERS, 'name="name"', 'name="Name"', "'Name'"),
        one("escape", "header-mismatch", MEMBERS, "a_x005F_x0041_b", "a_x0041_b", "'aAb'"),
        one(
            "shared",
            "header-mismatch",
            MEMBERS,
            "<t>state</t>",
            "<t>state </t>",
            "'state '",
            edited=STRINGS,
        ),
        one(
            "inline",
            "header-mismatch",
            MEMBERS,
            '<c r="D2" t="s"><v>6</v>',
            '<c r="D2" t="inlineStr"><is><t>sta</t></is>',
            "'sta'",
            edited=SHEET,
        ),
        one(
            "formula-string",
            "header-mismatch",
            MEMBERS,
            '<c r="D2" t="s"><v>6</v>',
            '<c r="D2" t="str"><v>stat</v>',
            "'stat'",
            edited=SHEET,
        ),
        one(
            "number",
            "header-mismatch",
            MEMBERS,
            '<c r="D2" t="s"><v>6</v>',
            '<c r="D2"><v>3</v>',
            "no text",
            edited=SHEET,
        ),
        one(
            "width",
            "header-mismatch",
            MEMBERS,
            'displayName="members" ref="A2:D6"',
            'displayName="members" ref="A2:E6"',
            "4 tableColumns for 5 columns",
        ),
        one("cf", "structured-ref-in-cf", SHEET, CF, "<formula>members[name]=1</formula>", "A3:A6"),
        one("cf-at", "structured-ref-in-cf", SHEET, CF, "<formula>[@name]=1</formula>", "A3:A6"),
        one(
            "cf-scale",
            "structured-ref-in-cf",
            SHEET,
            '<cfvo type="num" val="1"/>',
            '<cfvo type="formula" val="MIN(members[name])"/>',
            "C3:C6",
        ),
        one("x14-cf", "structured-ref-in-cf", SHEET, "'名 单'!$A$1=1", "members[name]=1", "B3:B6"),
        one(
            "dv",
            "structured-ref-in-cf",
            SHEET,
            "<formula1>roles",
            "<formula1>members[name]",
            "B3:B6",
        ),
        one("x14-dv", "structured-ref-in-cf", SHEET, "'名 单'!$A$1:$A$4", "members[name]", "C9"),
        one(
            "quoted-sheet",
            "cf-foreign-sheet",
            SHEET,
            CF,
            "<formula>'名 单'!A1=1</formula>",
            "A3:A6",
        ),
        one(
            "column",
            "cf-foreign-sheet",
            SHEET,
            CF,
            "<formula>COUNTIF('名 单'!$A:$A,A3)</formula>",
            "A3:A6",
        ),
        one(
            "bare-sheet",
            "cf-foreign-sheet",
            OTHER,
            "<pageMargins",
            '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>'
            "台账!A1=1</formula></cfRule></conditionalFormatting><pageMargins",
            "台账!A1",
        ),
        one(
            "cell",
            "table-name-is-cell",
            REPORTS,
            'displayName="reports"',
            'displayName="T01"',
            "T01",
        ),
        one("r1c1", "table-name-is-cell", REPORTS, 'displayName="reports"', 'displayName="rc"', "rc"),
        one(
            "invalid",
            "table-name-is-cell",
            REPORTS,
            'displayName="reports"',
            'displayName="a b"',
            "invalid",
        ),
        one(
            "name",
            "table-name-is-cell",
            BOOK,
            '<definedName name="roles"',
            '<definedName name="AB12">1</definedName><definedName name="roles"',
            "AB12",
        ),
        one(
            "tables",
            "duplicate-table-name",
            REPORTS,
            'displayName="reports"',
            'displayName="MEMBERS"',
            "MEMBERS",
        ),
        one(
            "name-and-table",
            "duplicate-table-name",
            REPORTS,
            'displayName="reports"',
            'displayName="Roles"',
            "Roles",
        ),
        one(
            "names",
            "duplicate-table-name",
            BOOK,
            '<definedName name="roles"',
            '<definedName name="Marked">1</definedName><definedName name="roles"',
            "arked",
        ),
        one("256", "list-too-long", SHEET, LONG, LONG + "字", "256"),
        one("surrogates", "list-too-long", SHEET, LONG, "\U00020000" + LONG[1:], "256"),
        one(
            "x14-list",
            "list-too-long",
            SHEET,
            "<xm:f>'名 单'!$A$1:$A$4",
            f'<xm:f>"{"a" * 256}"',
            "C9",
        ),
        one("round", "unbalanced-formula", SHEET, F1, "<f>SUM((1)</f>", "I1"),
        one("closing", "unbalanced-formula", SHEET, F1, "<f>SUM(1))</f>", "I1"),
        one("crossed", "unbalanced-formula", SHEET, F1, "<f>SUM({1)}</f>", "I1"),
        one("quote", "unbalanced-formula", SHEET, F1, '<f>T("a"")</f>', "I1"),
        one("sheet-quote", "unbalanced-formula", SHEET, F1, "<f>'名 单!A1</f>", "I1"),
        one("square", "unbalanced-formula", SHEET, F1, "<f>SUM(members[[name])</f>", "I1"),
        one("braces", "unbalanced-formula", SHEET, F1, "<f>SUM({1,2)</f>", "I1"),
        one("unbalanced-cf", "unbalanced-formula", SHEET, CF, "<formula>(marked</formula>", "A3:A6"),
        one("unbalanced-dv", "unbalanced-formula", SHEET, "LEN(D3)", "LEN(D3", "D3:D6"),
        one("unbalanced-name", "unbalanced-formula", BOOK, "COUNTIF(", "COUNTIF((", "marked"),
        one("missing-sheet", "dangling-name", SHEET, F1, "<f>名单!A1</f>", "名单"),
        one("missing-3d", "dangling-name", SHEET, F1, "<f>SUM(台账:乙!A1)</f>", "乙"),
        one("lost-ref", "dangling-name", SHEET, F1, "<f>SUM(#REF!)</f>", "#REF!"),
        one("lost-in-name", "dangling-name", BOOK, "'名 单'!$A$1:$A$4<", "'名 单'!#REF!<", "roles"),
        one("sheet-in-name", "dangling-name", BOOK, "'名 单'!$A$1:$A$4<", "旧!$A$1:$A$4<", "旧"),
        one("sheet-in-dv", "dangling-name", SHEET, "<formula1>roles", "<formula1>旧!A1:A4", "B3:B6"),
        one("no-value", "uncached-formula", SHEET, F1 + "<v>2</v>", F1, "I1"),
        one("empty-value", "uncached-formula", SHEET, F1 + "<v>2</v>", F1 + "<v></v>", "I1"),
        one("empty-self-closed", "uncached-formula", SHEET, F1 + "<v>2</v>", F1 + "<v/>", "I1"),
        one("prefixed", "prefix", SHEET, F1, "<f>_xlfn.XLOOKUP(1,A1,A2)</f>", "XLOOKUP"),
        one("worksheet", "prefix", SHEET, F1, "<f>_xlfn._xlws.FILTER(A1,A2)</f>", "FILTER"),
        one("bare", "prefix", SHEET, F1, "<f>concat(1,2)</f>", "CONCAT"),
        one("unknown", "prefix", SHEET, F1, "<f>_xlfn.TOMORROW(1)</f>", "TOMORROW"),
        one("lacking", "prefix", SHEET, F1, "<f>STDEV.S(1,2)</f>", "lacks"),
        one("prefix-in-name", "prefix", BOOK, "COUNTIF(", "IFNA(", "IFNA"),
        one(
            "missing-table",
            "missing-part",
            SHEET,
            '<tablePart r:id="rId1"/>',
            '<tablePart r:id="rId77"/>',
            "rId77",
        ),
        one(
            "missing-target",
            "missing-part",
            SHEET,
            "</Relationships>",
            '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships/drawing" Target="../drawings/drawing9.xml"/></Relationships>',
            "xl/drawings/drawing9.xml",
            edited="xl/worksheets/_rels/sheet1.xml.rels",
        ),
        one(
            "missing-sheet-part",
            "missing-part",
            BOOK,
            "<sheets>",
            '<sheets><sheet name="空" sheetId="9" r:id="rId99"/>',
            "rId99",
        ),
        one(
            "tables-meet",
            "table-overlap",
            MEMBERS,
            'displayName="reports" ref="F2:G4"',
            'displayName="reports" ref="C6:D8" headerRowCount="0"',
            "reports",
            edited=REPORTS,
        ),
        one(
            "merge",
            "table-overlap",
            MEMBERS,
            '<mergeCell ref="A1:D1"/>',
            '<mergeCell ref="D6:E7"/>',
            "D6:E7",
            edited=SHEET,
        ),
        one(
            "merged-away",
            "table-overlap",
            REPORTS,
            '<mergeCell ref="A1:D1"/>',
            '<mergeCell ref="G1:H2"/>',
            "G1:H2",
            edited=SHEET,
        ),
    ]
    + [
        Case(
            "header-character",
            MEMBERS,
            {
                STRINGS: [("<t>state</t>", f"<t>{text}</t>")],
                MEMBERS: [('name="state"', f'name="{attribute}"')],
            },
            "column 4",
            id,
        )
        for id, text, attribute in [
            ("newline", "sta\nte", "sta_x000a_te"),
            ("escaped-newline", "sta_x000A_te", "sta&#10;te"),
            ("open", "sta[te", "sta[te"),
            ("close", "sta]te", "sta]te"),
            ("hash", "#", "#"),
            ("apostrophe", "it's", "it's"),
            ("at", "@state", "@state"),
        ]
    ]
    + [
        Case(
            "duplicate-header",
            MEMBERS,
            {
                STRINGS: [("<t>state</t>", "<t>NAME</t>")],
                MEMBERS: [('name="state"', 'name="NAME"')],
            },
            "'NAME' in column 4",
            "case",
        )
    ]
)
