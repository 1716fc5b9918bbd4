"""What a user reads, in the languages that xingzhi speaks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Lang(StrEnum):
    """A language of the user interface and of the workbooks."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Label:
    """One short text in Chinese and in English."""

    zh: str
    en: str

    def of(self, lang: Lang) -> str:
        """The text in one language."""
        return self.zh if lang is Lang.ZH else self.en

    def both(self) -> tuple[str, str]:
        """Both texts: a reader accepts either, whatever the language of the workbook."""
        return (self.zh, self.en)


Text = str | Label
"""A message argument: data that a user typed, or a label that follows the language."""


def show(text: Text, lang: Lang) -> str:
    """The argument as its reader sees it."""
    return text.of(lang) if isinstance(text, Label) else text
