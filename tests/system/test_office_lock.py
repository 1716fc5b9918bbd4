"""One writer at a time, and a master that a program has open."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.command import TODAY as ON_TODAY
from support.command import run
from support.office import MADE, Bureau, sha256, tree_hash

from sync.init import create_office
from sync.office import OfficeError, OfficeFolder
from sync.office_lock import STALE, writing
from sync.open_workbooks import holder_of
from xingzhi.labels import Lang

WRITERS = (("sync",), ("sync", "--dry-run"), ("issue",), ("restore", "2"))
HOLD = """
import sys
from pathlib import Path
from sync.office import OfficeFolder
from sync.office_lock import writing
with writing(OfficeFolder.open(Path(sys.argv[1])), "sync"):
    print("held", flush=True)
    sys.stdin.read()
"""
ROOT = Path(__file__).parents[2]


@contextmanager
def another_writer(office: Bureau) -> Iterator[subprocess.Popen[str]]:
    """Another process at work in the office."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(office.root)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert other.stdout and other.stdout.readline() == "held\n"
        yield other
    finally:
        other.kill()
        other.communicate()


def call(office: Bureau, writer: tuple[str, ...], lang: str = "zh") -> tuple[int, str]:
    command, *options = writer
    numbers = [each for each in options if each.isdigit()]
    flags = [each for each in options if not each.isdigit()]
    result = run(command, *numbers, office.root, *flags, "--lang", lang, *ON_TODAY)
    return result.exit_code, result.stderr


# The lock


@pytest.mark.parametrize("writer", WRITERS, ids=" ".join)
def test_a_second_writer_is_told_who_is_at_work_since_when_and_does_nothing(
    office: Bureau, writer: tuple[str, ...]
) -> None:
    with another_writer(office) as other:
        before = tree_hash(office.root)
        code, said = call(office, writer, "en")
        assert code == 2 and len(said.splitlines()) == 1
        held = json.loads(office.folder.lock.read_text(encoding="utf-8"))
        assert held["pid"] == str(other.pid) and held["command"] == "xingzhi sync"
        assert all(held[name] in said for name in ("user", "host", "pid", "command", "started"))
        assert tree_hash(office.root) == before
        # Whoever only reads may.
        assert run("status", office.root, *ON_TODAY).exit_code != 2 and run("history", office.root).exit_code == 0


def test_a_writer_that_died_is_succeeded_without_a_word(office: Bureau) -> None:
    with another_writer(office) as other:
        other.kill()
        other.wait()
        assert json.loads(office.folder.lock.read_text(encoding="utf-8"))["pid"] == str(other.pid)
        assert not office.sync().written
    assert office.folder.lock.read_bytes() == b""


@pytest.mark.parametrize("text", ["", "{", '{"user": "x"}', "[]", "\0\0"])
def test_a_lock_file_that_says_nothing_keeps_no_one_out(office: Bureau, text: str) -> None:
    office.folder.lock.write_text(text)
    office.sync()
    assert office.folder.lock.read_bytes() == b""


def left_by(office: Bureau, host: str, *, seconds_ago: float) -> None:
    """A lock as a run on some computer left it, that was last renewed so long ago."""
    text = {"user": "wang", "host": host, "pid": "1", "command": "xingzhi sync", "started": "2026-06-24 09:00:00"}
    office.folder.lock.write_text(json.dumps(text))
    then = time.time() - seconds_ago
    os.utime(office.folder.lock, (then, then))


def test_a_writer_on_another_computer_is_honoured_while_it_shows_that_it_lives(office: Bureau) -> None:
    left_by(office, "office-pc-2", seconds_ago=STALE - 60)
    code, said = call(office, ("sync",))
    assert code == 2 and "office-pc-2" in said and "wang" in said and str(office.folder.lock) in said
    left_by(office, "office-pc-2", seconds_ago=STALE + 60)
    assert call(office, ("sync",))[0] != 2
    # As a person does whom the message told which file it is.
    left_by(office, "office-pc-2", seconds_ago=0)
    office.folder.lock.unlink()
    assert call(office, ("sync",))[0] != 2


def test_what_a_dead_process_of_this_computer_left_counts_for_nothing_however_fresh(office: Bureau) -> None:
    left_by(office, socket.gethostname(), seconds_ago=0)
    assert call(office, ("sync",))[0] != 2


def test_a_holder_shows_that_it_lives(office: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.office_lock.RENEWED", 0.05)
    with writing(office.folder, "sync"):
        os.utime(office.folder.lock, (1, 1))
        deadline = time.monotonic() + 10
        while office.folder.lock.stat().st_mtime < 1000 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert office.folder.lock.stat().st_mtime > 1000
        with pytest.raises(OfficeError, match="try again once it is done"), writing(office.folder, "issue"):
            pass
    with pytest.raises(ZeroDivisionError), writing(office.folder, "sync"):
        raise ZeroDivisionError
    assert office.folder.lock.read_bytes() == b""


def test_the_lock_is_there_from_the_beginning_and_a_run_that_does_nothing_leaves_no_trace(tmp_path: Path) -> None:
    made = create_office(tmp_path / "o", programme="tengxian-civil-affairs", year=2026, lang=Lang.ZH, today=MADE)
    assert made.lock.read_bytes() == b""
    with writing(made, "sync"):
        pass
    assert sorted(path.name for path in made.lock.parent.iterdir()) == ["ledger.sqlite3", "lock", "master.xlsx"]


# A master that is open


def excel(name: str) -> bytes:
    """An owner file as Excel writes it: the name in the code page of the computer, and in UTF-16."""
    narrow = name.encode("gb18030")
    wide = len(name).to_bytes(2, "little") + name.encode("utf-16-le")
    return (bytes([len(narrow)]) + narrow).ljust(55) + wide.ljust(110)


def word(name: str) -> bytes:
    """The same a byte earlier, as other programs of Microsoft's and WPS do."""
    narrow = name.encode("gb18030")
    wide = len(name).to_bytes(2, "little") + name.encode("utf-16-le")
    return (bytes([len(narrow)]) + narrow).ljust(54, b"\0") + wide.ljust(108, b"\0")


LOCKS = [
    ("~${}", excel("张小明"), "张小明"),
    ("~${}", excel("Li Lei"), "Li Lei"),
    ("~${}", word("张小明"), "张小明"),
    ("~${}", (bytes([6]) + "张小明".encode("gb18030")).ljust(165), "张小明"),
    (".~{}", excel("王芳"), "王芳"),
    (
        ".~lock.{}#",
        b",wang,office-pc-2,24.06.2026 09:00,file:///home/wang;",
        "wang, office-pc-2, 24.06.2026 09:00",
    ),
    (".~lock.{}#", "王芳\\, 科长,wang,pc,24.06.2026 09:00,;".encode(), "王芳, 科长, pc, 24.06.2026 09:00"),
    ("~${}", b"", "~$总台账.xlsx"),
    ("~${}", bytes(range(165)), None),
    (".~lock.{}#", b"\xff\xfe,", None),
]


@pytest.mark.parametrize(("pattern", "content", "name"), LOCKS)
def test_who_has_the_master_open_and_which_file_says_so(
    office: Bureau, pattern: str, content: bytes, name: str | None
) -> None:
    lock = office.master.with_name(pattern.format(office.master.name))
    lock.write_bytes(content)
    holder = holder_of(office.master)
    assert holder is not None and holder.lock == lock and holder.name and holder.name.isprintable()
    assert name is None or holder.name == name
    assert holder_of(office.folder.issued / "T01.xlsx") is None


@pytest.mark.parametrize("pattern", ["~${}", ".~{}", ".~lock.{}#"])
@pytest.mark.parametrize("writer", [("sync",), ("sync", "--dry-run"), ("restore", "2")], ids=" ".join)
def test_an_open_master_stops_what_would_write_it_before_any_work(
    office: Bureau, pattern: str, writer: tuple[str, ...]
) -> None:
    lock = office.master.with_name(pattern.format(office.master.name))
    lock.write_bytes(b"x")
    before = tree_hash(office.root)
    for lang in ("zh", "en"):
        code, said = call(office, writer, lang)
        assert code == 2 and len(said.splitlines()) == 1 and str(lock) in said
    assert tree_hash(office.root) == before
    lock.unlink()
    assert call(office, writer)[0] != 2


def test_a_master_that_a_program_keeps_to_itself_stops_the_run(office: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    real, before = Path.open, sha256(office.master)

    def open_as_on_windows(path: Path, mode: str = "r", *more: object, **options: object) -> object:
        if path == office.master and mode == "r+b":
            raise PermissionError(13, "The process cannot access the file", str(path))
        return real(path, mode, *more, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", open_as_on_windows)
    code, said = call(office, ("sync",), "en")
    assert code == 2 and "another program holds it" in said and sha256(office.master) == before


def test_an_office_that_was_moved_is_still_locked_at_its_new_place(office: Bureau, tmp_path: Path) -> None:
    with another_writer(office):
        moved = office.root.rename(tmp_path / "moved")
        with pytest.raises(OfficeError, match="try again"), writing(OfficeFolder.open(moved), "sync"):
            pass
