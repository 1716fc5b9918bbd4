"""The office's folder: where everything lies, in Chinese or in English."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xingzhi.labels import Label, Lang
from xingzhi.refusal import Refusal

MASTER = Label("总台账.xlsx", "master.xlsx")
INBOX = Label("收件", "inbox")
ISSUED = Label("下发", "issued")
FEEDBACK = Label("反馈", "feedback")
ARCHIVE = Label("归档", "archive")
EVIDENCE = Label("附件", "evidence")
STATE_FOLDER = ".xingzhi"
_SUFFIXES = (".xlsx", ".xlsm")


class OfficeError(Refusal):
    """The office's folder cannot be used."""


@dataclass(frozen=True)
class OfficeFolder:
    """One office's folder. The language of its names is the language of its workbooks."""

    root: Path
    lang: Lang

    @classmethod
    def open(cls, root: Path) -> OfficeFolder:
        """The office at `root`. OfficeError where there is none."""
        for lang in Lang:
            office = cls(root, lang)
            if office.ledger.exists() and office.inbox.is_dir():
                if all(office.master.with_suffix(suffix).exists() for suffix in _SUFFIXES):
                    raise OfficeError(
                        "refusal.two_masters", file=MASTER.of(lang), other=f"{Path(MASTER.of(lang)).stem}.xlsm"
                    )
                return office
        raise OfficeError("refusal.no_office", folder=str(root))

    @classmethod
    def containing(cls, path: Path) -> OfficeFolder | None:
        """The office in whose folder a file lies, or None."""
        for folder in path.resolve().parents:
            if (folder / STATE_FOLDER / "ledger.sqlite3").exists():
                return cls.open(folder)
        return None

    @property
    def master(self) -> Path:
        """The master workbook, which may be one with macros."""
        path = self.root / MASTER.of(self.lang)
        with_macros = path.with_suffix(_SUFFIXES[1])
        return with_macros if with_macros.exists() and not path.exists() else path

    @property
    def inbox(self) -> Path:
        """Where received files are put, and stay."""
        return self.root / INBOX.of(self.lang)

    @property
    def issued(self) -> Path:
        """The workbooks for the units."""
        return self.root / ISSUED.of(self.lang)

    @property
    def feedback(self) -> Path:
        """The workbooks that tell units what is wrong."""
        return self.root / FEEDBACK.of(self.lang)

    @property
    def archive(self) -> Path:
        """Every file received, by content, and the masters before this one."""
        return self.root / ARCHIVE.of(self.lang)

    @property
    def ledger(self) -> Path:
        """The ledger."""
        return self.root / STATE_FOLDER / "ledger.sqlite3"

    @property
    def lock(self) -> Path:
        """The lock of the one writer."""
        return self.root / STATE_FOLDER / "lock"

    def folders(self) -> tuple[Path, ...]:
        """Every folder that `init` makes."""
        names = (INBOX, ISSUED, FEEDBACK, ARCHIVE, EVIDENCE)
        return tuple(self.root / name.of(self.lang) for name in names)
