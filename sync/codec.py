"""Findings and stored rows as JSON, for the ledger, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields

from sync.records import StoredRow
from xingzhi.findings import Finding, Severity
from xingzhi.labels import Label, Text
from xingzhi.rows import decode, encode


def encode_finding(found: Finding) -> str:
    """A finding as JSON, empty fields left out."""
    item: dict[str, object] = {
        each.name: getattr(found, each.name)
        for each in fields(Finding)
        if each.name != "args" and getattr(found, each.name)
    }
    if found.args:
        item["args"] = {key: _tag(text) for key, text in found.args}
    return _json(item)


def decode_finding(text: str) -> Finding:
    """The inverse of `encode_finding`."""
    item = json.loads(text)
    args = {key: _untag(value) for key, value in item.pop("args", {}).items()}
    severity = Severity(item.pop("severity"))
    return Finding(severity=severity, args=tuple(sorted(args.items())), **item)


def encode_findings(findings: Iterable[Finding]) -> str:
    """Findings as one JSON array."""
    return f"[{','.join(encode_finding(found) for found in findings)}]"


def decode_findings(text: str) -> tuple[Finding, ...]:
    """The inverse of `encode_findings`."""
    return tuple(decode_finding(json.dumps(item)) for item in json.loads(text))


def encode_rows(rows: Iterable[StoredRow]) -> str:
    """A submission's rows as one JSON array of [table, number, record, values]."""
    return _json([[row.table, row.number, row.record, encode(row.values)] for row in rows])


def decode_rows(text: str) -> tuple[StoredRow, ...]:
    """The inverse of `encode_rows`."""
    return tuple(StoredRow(table, number, record, decode(values)) for table, number, record, values in json.loads(text))


def _json(item: object) -> str:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def _tag(text: Text) -> object:
    return {"zh": text.zh, "en": text.en} if isinstance(text, Label) else text


def _untag(item: object) -> Text:
    return Label(str(item["zh"]), str(item["en"])) if isinstance(item, dict) else str(item)
