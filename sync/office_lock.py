"""The lock of the one writer: held by the system, so that it ends with its process, and naming its holder for people.

The text says who writes. The system's own lock decides between the processes of one computer; between computers that share
a drive it may not reach, so a text that another computer left counts until it was not renewed for `STALE` seconds.
"""

from __future__ import annotations

import getpass
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

from sync.office import OfficeError, OfficeFolder
from sync.pending_master import clear_litter, recover

RENEWED = 30.0
"""Seconds after which a holder shows that it lives."""

STALE = 600.0
"""Seconds after which a holder on another computer that has not shown itself is taken for dead."""

_FAR = 1 << 20
"""On Windows a locked byte cannot be read: the one that is locked lies beyond the text."""


@contextmanager
def writing(office: OfficeFolder, command: str) -> Iterator[None]:
    """Be the one writer of an office, which is first brought in order after a run that was cut off.

    OfficeError where another process writes, naming it.
    """
    with _locked(office.lock, command):
        recover(office)
        clear_litter(office)
        yield


@contextmanager
def _locked(path: Path, command: str) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _open_locked(path)
    try:
        _demand_no_other_computer(path, descriptor)
        text = json.dumps(_holder(command), ensure_ascii=False).encode()
        _write(descriptor, text)
        done = Event()
        renewing = Thread(target=_renew, args=(descriptor, text, done), daemon=True)
        renewing.start()
        try:
            yield
        finally:
            done.set()
            renewing.join()
            with suppress(OSError):
                os.ftruncate(descriptor, 0)
    finally:
        # The system lets go of the lock with the file.
        os.close(descriptor)


def _open_locked(path: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(descriptor)
            if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            raise _held(path, _read(path)) from None
        except BaseException:
            os.close(descriptor)
            raise
        # Somebody deleted the file meanwhile: a lock on what is no longer there keeps no one out.
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Take the system's lock. BlockingIOError where another has it."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError from error
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _demand_no_other_computer(path: Path, descriptor: int) -> None:
    """A text that was left by a process of this computer is of one that died: it would have the lock."""
    holder = _read(path)
    if not holder or holder["host"] == socket.gethostname():
        return
    # Both times are those of the drive: the clocks of two computers differ.
    probe = path.with_name(f".{path.name}.tmp")
    probe.write_bytes(b"now")
    age = probe.stat().st_mtime - os.fstat(descriptor).st_mtime
    probe.unlink()
    if age < STALE:
        raise _held(path, holder, elsewhere=True)


def _held(path: Path, holder: dict[str, str], *, elsewhere: bool = False) -> OfficeError:
    if not holder:
        return OfficeError("refusal.locked", file=str(path))
    key = "refusal.locked_elsewhere" if elsewhere else "refusal.locked_by"
    named = {name: holder[name] for name in ("user", "host", "pid", "command", "started")}
    return OfficeError(key, file=str(path), minutes=int(STALE // 60), **named)


def _holder(command: str) -> dict[str, str]:
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = "?"
    return {
        "user": user,
        "host": socket.gethostname(),
        "pid": str(os.getpid()),
        "command": f"xingzhi {command}",
        "started": datetime.now().isoformat(sep=" ", timespec="seconds"),
    }


def _read(path: Path) -> dict[str, str]:
    """Who is said to hold the lock; nothing where the text was not yet written or is cut off."""
    try:
        found = json.loads(path.read_text(encoding="utf-8") or "{}")
        return {name: str(found[name]) for name in ("user", "host", "pid", "command", "started")}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _write(descriptor: int, text: bytes) -> None:
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, text)


def _renew(descriptor: int, text: bytes, done: Event) -> None:
    """Write the same again: the drive, not this computer, says when that was."""
    while not done.wait(RENEWED):
        with suppress(OSError):
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, text)
