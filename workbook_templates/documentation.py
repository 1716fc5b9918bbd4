"""The reference pages of the docs, generated from the declarations: they cannot say anything else than the program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from workbook_templates.profiles import profile, profile_ids
from workbook_templates.tables.registry import TABLES
from xingzhi import messages
from xingzhi.columns import Column, ColumnType, Owner
from xingzhi.labels import Lang
from xingzhi.requirements import asked

_OWNERS = {Owner.UNIT: "单位 unit", Owner.OFFICE: "行动办 office", Owner.TOOL: "系统 tool"}
_TYPES = {
    ColumnType.TEXT: "文字 text",
    ColumnType.LONG_TEXT: "长文字 long text",
    ColumnType.DATE: "日期 date",
    ColumnType.PERIOD: "月份 month (YYYY-MM)",
    ColumnType.INTEGER: "整数 whole number",
    ColumnType.CHOICE: "选项 choice",
    ColumnType.PHONE: "电话 phone",
    ColumnType.RECORD: "记录号 record number",
}

FORMULA_LETTERS = "CRK"
"""The phases of which the self-check column speaks."""


def pages() -> dict[str, str]:
    """The generated pages: file name in `docs/` to its Markdown."""
    return {"tables.md": tables_page(), "findings.md": findings_page(), "programmes.md": programmes_page()}


def write(folder: Path) -> None:
    """Write every page into `folder`."""
    for name, text in pages().items():
        folder.joinpath(name).write_text(text, encoding="utf-8", newline="\n")


def tables_page() -> str:
    """Every table and column."""
    parts = ["# Tables of the unit workbook\n\nGenerated from `workbook_templates/tables/`; a test compares.\n"]
    for table in TABLES:
        key = "、".join(table[name].label.zh for name in table.natural_key)
        parts.append(
            f"\n## {table.label.zh} · {table.label.en}\n\n{table.purpose.zh}。\n{table.purpose.en}.\n\n"
            f"`{table.key}` · record numbers `<unit>-{table.letters}-0001` · {table.room} rows · natural key: {key}\n\n"
        )
        rows = (
            (
                *(column.label.zh, column.label.en, f"`{column.key}`", _TYPES[column.type], _OWNERS[column.owner]),
                *(_rule(column), "、".join(column.aliases)),
            )
            for column in table.columns
        )
        parts.append(_table(("栏", "Column", "Key", "Type", "Owner", "Rule", "Also read as"), rows))
    return "".join(parts)


def _rule(column: Column) -> str:
    parts = ["必填 required"] if column.required else []
    if column.choices:
        listed = " / ".join(f"{choice.label.zh} {choice.label.en}" for choice in column.choices)
        parts.append(("several of: " if column.multiple else "one of: ") + listed)
    if column.reference:
        parts.append(f"in `{column.reference.table}.{column.reference.column}`")
    if column.minimum is not None or column.maximum is not None:
        parts.append(f"{column.minimum}–{column.maximum}")
    if column.max_length is not None:
        parts.append(f"at most {column.max_length} characters")
    if column.spans:
        parts.append("or a month or part of one 可填 6月上旬")
    if column.names_unit:
        parts.append("names units 单位名称")
    if column.pattern:
        parts.append(f"`{column.pattern}`")
    return "; ".join(parts)


def findings_page() -> str:
    """Every finding that a user can meet."""
    rows = (
        (
            f"`{code}`",
            messages.finding_severity(code),
            messages.finding_parity(code).replace("_", "-") if code[0] in FORMULA_LETTERS else "",
            *(_catalogued(code, "message", lang) for lang in Lang),
            *(_catalogued(code, "remedy", lang) for lang in Lang),
        )
        for code in messages.finding_codes()
    )
    head = (
        "# Findings\n\nGenerated from `xingzhi/catalogue/findings.yaml`; a test compares. "
        "A code is stable. Letters: F file, B book, S shape, N normalised, C column, R row, K keys and references, "
        "Q requirement, M merge, O office, W writing in place. "
        "Formula says what the self-check column of a workbook knows of it: "
        "exact on normalised rows; one-way, never clean where the programme finds a fault; or none.\n\n"
    )
    return head + _table(("Code", "Severity", "Formula", "问题", "Finding", "处理办法", "What to do"), rows)


def _catalogued(code: str, part: str, lang: Lang) -> str:
    return messages.finding_template(code, part, lang)


def programmes_page() -> str:
    """Every shipped profile."""
    parts = ["# Programmes\n\nGenerated from `workbook_templates/programmes/`; a test compares.\n"]
    for id in profile_ids():
        found = profile(id)
        parts.append(f"\n## `{id}`\n\n{found.title.zh} · {found.title.en}. {found.window}.\n\n")
        rows = (
            (
                rule.id,
                rule.title.zh,
                rule.title.en,
                rule.kind,
                rule.scope.value,
                rule.window or "",
                f"{asked(rule) or ''}" + (f" to {rule.maximum}" if rule.maximum else ""),
                ", ".join(rule.assumed),
            )
            for rule in found.requirements
        )
        parts.append(_table(("No", "事项", "Requirement", "Kind", "For", "Window", "Asked", "Assumed"), rows))
    return "".join(parts)


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headers, ["---"] * len(headers), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)
