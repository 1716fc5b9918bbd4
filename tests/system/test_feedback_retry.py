"""A feedback workbook that the disk did not take is built by the next run, though nothing else is new."""

from __future__ import annotations

import pytest
from support.office import PEOPLE, Bureau

from sync import feedback


def test_what_could_not_be_built_is_built_by_the_next_run(office: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    office.filled("T02", {PEOPLE: [{"姓名": "柳一", "班子成员": "是"}]}, "T02.xlsx")
    folder = office.folder.feedback
    with monkeypatch.context() as full_disk:
        full_disk.setattr(feedback, "_build", lambda file, path: None)
        office.sync()
    assert not list(folder.glob("T02_*"))
    office.sync()
    assert len(list(folder.glob("T02_*"))) == 1
    assert not office.sync().written
