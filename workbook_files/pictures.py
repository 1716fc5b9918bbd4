"""Pictures in a package: nobody reads them, and they may be larger than all the rest."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zipfile import ZipFile, is_zipfile

from workbook_files.limits import MEGABYTE

_PICTURES = re.compile(r"(^|/)(media|pictures|thumbnails)/|\.(png|jpe?g|gif|bmp|emf|wmf|tiff?|svg|webp|wdp|hdp)$", re.I)
FEW = 8 * MEGABYTE
"""Bytes of pictures that do no harm in memory."""


def is_picture(name: str) -> bool:
    """Whether a part is a picture."""
    return _PICTURES.search(name) is not None


@contextmanager
def without_pictures(path: Path) -> Iterator[IO[bytes]]:
    """The file, open for reading; a package with many pictures as a copy that has none: a reader of values loads them all,
    twice over."""
    if not is_zipfile(path) or _pictures(path) <= FEW:
        with path.open("rb") as stream:
            yield stream
        return
    with tempfile.TemporaryFile() as copy:
        with ZipFile(path) as old, ZipFile(copy, "w") as new:
            for part in old.infolist():
                if not is_picture(part.filename.replace("\\", "/")):
                    new.writestr(part, old.read(part))
        copy.seek(0)
        yield copy


def _pictures(path: Path) -> int:
    with ZipFile(path) as archive:
        return sum(part.compress_size for part in archive.infolist() if is_picture(part.filename.replace("\\", "/")))
