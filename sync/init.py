"""`init`: the office's folder, its ledger, its first master, and launchers to double-click."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from sync import launchers
from sync.ledger import Ledger
from sync.master import compose
from sync.master_reader import MasterContent
from sync.master_stage import note_columns
from sync.office import OfficeError, OfficeFolder
from sync.office_entries import OfficeEntries
from sync.office_lock import writing
from sync.office_settings import OfficeSettings, Unit
from sync.office_units import with_office
from sync.pending_master import MASTER_RUN, settle
from sync.publish import put_in_place, stage
from sync.state import RunLine, State
from workbook_templates.profiles import profile, profile_ids
from workbook_templates.tables.registry import tables
from xingzhi.labels import Lang
from xingzhi.programme import Term


def create_office(
    root: Path, *, programme: str, year: int, lang: Lang, today: date, units: Sequence[Unit] = ()
) -> OfficeFolder:
    """Make an office at `root`, which must not exist or be empty. OfficeError where it cannot be made there."""
    if programme not in profile_ids():
        raise OfficeError("cli.no_programme", value=programme, known="、".join(profile_ids()))
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise OfficeError("refusal.not_empty", folder=str(root))
    office = OfficeFolder(root, lang)
    for folder in office.folders():
        folder.mkdir(parents=True, exist_ok=True)
    term = Term(programme=profile(programme), year=year)
    units = with_office(units, term, lang)
    with writing(office, "init"):
        _write(office, term, tuple(units), today)
    launchers.write(office)
    return office


def _write(office: OfficeFolder, term: Term, units: tuple[Unit, ...], today: date) -> None:
    root, lang, programme, year = office.root, office.lang, term.programme.id, term.year
    with Ledger.open(root, create=True) as ledger, ledger.run("init", today, datetime.now()) as run:
        for key, value in (("programme", programme), ("year", str(year)), ("lang", lang.value)):
            ledger.set_state(key, value)
        ledger.set_state(MASTER_RUN, str(run))
        state = State(
            lang=lang,
            today=today,
            settings=OfficeSettings(term, units, ()),
            tables=tables(term.programme.tables),
            content=MasterContent(),
            entries=OfficeEntries(),
            office={},
            rows=(),
            records={},
            deadlines={},
            findings=(),
            received=frozenset(),
            runs=[RunLine(run, "init", today, {})],
        )
        staged = stage(compose(state, run), office)
        note_columns(ledger, staged, tuple(state.tables), lang, {})
    put_in_place(staged, office, run)
    settle(office)
