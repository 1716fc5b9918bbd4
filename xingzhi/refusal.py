"""What makes a whole command impossible: told in one line, in the user's language, that says what to do."""

from __future__ import annotations

from xingzhi import messages
from xingzhi.labels import Lang, Text


class Refusal(Exception):
    """The command cannot run (exit code 2). `key` names a text of the catalogue, `args` fill it in."""

    def __init__(self, key: str, **fields: Text | int) -> None:
        super().__init__(messages.text(key, Lang.EN, **fields))
        self.key, self.fields = key, fields

    def message(self, lang: Lang) -> str:
        """The line that the user reads."""
        return messages.text(self.key, lang, **self.fields)
