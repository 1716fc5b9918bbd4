"""What a command tells its user."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xingzhi import messages
from xingzhi.findings import Finding
from xingzhi.labels import Lang, Text


class Level(StrEnum):
    """How it is told: done, or something is for the user to do first."""

    INFO = "info"
    WARNING = "critical"


@dataclass(frozen=True)
class Said:
    """A text in the language of the workbook; `findings` are those that the command found. What is `passing` needs no answer:
    it is shown in the status bar alone."""

    text: str
    level: Level = Level.INFO
    findings: tuple[Finding, ...] = ()
    passing: bool = False


class Stopped(Exception):
    """A command cannot go on: why, and what to do, under a key of the catalogue. Nothing but what a check found was written."""

    def __init__(self, key: str, **fields: Text | int) -> None:
        super().__init__(messages.text(key, Lang.EN, **fields))
        self.key, self.fields = key, fields

    def text(self, lang: Lang) -> str:
        """The same, for the user."""
        return messages.text(self.key, lang, **self.fields)
