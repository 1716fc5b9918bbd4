"""Findings: what is wrong in a user's data, as values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from xingzhi import messages
from xingzhi.labels import Label, Lang, Text
from xingzhi.phones import mask_identity


class Severity(StrEnum):
    """How much a finding matters: must be mended (必改), please verify (请核实), for information (提示)."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Parity(StrEnum):
    """What the self-check formula of a row knows of a finding: the same as Python on normalised rows; at least what
    Python knows, so that it never shows clean where Python finds a fault; or nothing."""

    EXACT = "exact"
    ONE_WAY = "one_way"
    NONE = "none"


def parity(code: str) -> Parity:
    """The parity that the catalogue declares for a code; none for codes that are not of a row's content."""
    return Parity(messages.finding_parity(code))


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `sheet` and `cell` say where in `file`; `table`, `column` and `record` say it in our terms.

    `explanation` is what the unit says of it, `comment` what the office says to that, and `accepted` tells that the office
    is content with it. `told_as` is the
    key under which it was first told, where it has since been moved to another place.
    """

    code: str
    severity: Severity
    file: str = ""
    sheet: str = ""
    cell: str = ""
    value: str = ""
    table: str = ""
    column: str = ""
    record: str = ""
    requirement: str = ""
    subject: str = ""
    period: str = ""
    programme: str = ""
    unit: str = ""
    args: tuple[tuple[str, Text], ...] = ()
    explanation: str = ""
    accepted: bool = False
    comment: str = ""
    told_as: str = ""

    def __post_init__(self) -> None:
        # Findings go up a level, into the master, JSON and the screen: an identity number goes no further than its cell.
        object.__setattr__(self, "value", mask_identity(self.value))
        object.__setattr__(self, "args", tuple((key, _masked(text)) for key, text in self.args))

    @property
    def key(self) -> str:
        """Stable from run to run: an explanation given to it stays with it."""
        if self.told_as:
            return self.told_as
        if self.requirement:
            asked = (self.code, self.requirement, self.subject, self.period)
            return "|".join((*asked, *(each for each in (self.column, self.record) if each)))
        place = self.record or (f"{self.sheet}!{self.cell}" if self.sheet else self.file)
        return "|".join((self.code, self.table, place, self.column))

    def message(self, lang: Lang) -> str:
        """What is wrong, for a clerk."""
        return messages.finding_text(self.code, "message", lang, self._fields())

    def remedy(self, lang: Lang) -> str:
        """What to do about it; what to wait for, where only an explanation was asked and the unit has given it."""
        settled = bool(self.explanation) and messages.is_settled_by_word(self.code)
        return messages.finding_text(self.code, "explained" if settled else "remedy", lang, self._fields())

    def _fields(self) -> dict[str, Text]:
        return {
            "value": self.value,
            "file": self.file,
            "sheet": self.sheet,
            "cell": self.cell,
            "record": self.record,
            # Only some findings of a code say what was probably meant.
            "near": "",
            # What was told of a file before its remedy went by the reason.
            "advice": messages.label("advice.reopen"),
            **dict(self.args),
        }


def _masked(text: Text) -> Text:
    return Label(*map(mask_identity, text.both())) if isinstance(text, Label) else mask_identity(text)


def printable(name: str) -> str:
    """A file's name that can be written down: what in it is no text (a name in GBK, unpacked where names are UTF-8) is
    shown by its numbers."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def finding(
    code: str,
    *,
    severity: Severity | None = None,
    file: str = "",
    sheet: str = "",
    cell: str = "",
    value: str = "",
    table: str = "",
    column: str = "",
    record: str = "",
    requirement: str = "",
    subject: str = "",
    period: str = "",
    programme: str = "",
    unit: str = "",
    fields: Mapping[str, Text] | None = None,
    **args: Text,
) -> Finding:
    """A finding with the severity that the catalogue gives its code, unless another is given.

    What the message needs beside the place comes by name, or in `fields`. Raises KeyError for a
    code that the catalogue does not hold.
    """
    return Finding(
        code=code,
        severity=severity or Severity(messages.finding_severity(code)),
        file=printable(file),
        sheet=sheet,
        cell=cell,
        value=value,
        table=table,
        column=column,
        record=record,
        requirement=requirement,
        subject=subject,
        period=period,
        programme=programme,
        unit=unit,
        args=tuple(sorted({**(fields or {}), **args}.items())),
    )


def placed(findings: Iterable[Finding], *, file: str, programme: str, unit: str) -> list[Finding]:
    """The findings with the file and owner that a check of bare rows could not know."""
    return [
        replace(each, file=each.file or printable(file), programme=programme, unit=each.unit or unit)
        for each in findings
    ]


def summary(findings: Iterable[Finding]) -> dict[str, int]:
    """Counts by severity: `{"error": n, "warning": n, "info": n}`."""
    counts = Counter(each.severity for each in findings)
    return {severity.value: counts[severity] for severity in Severity}
