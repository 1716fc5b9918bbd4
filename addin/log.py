"""The log of the macros: where it lies, and what goes wrong in Excel with its traceback."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs

NAME = "xingzhi.addin"
SIZE = 1_000_000
"""Bytes after which the log is put aside; two that were put aside are kept."""


def log_file() -> Path:
    """Where the log lies on this system; the file need not be there yet."""
    return platformdirs.user_log_path("xingzhi", appauthor=False) / "xingzhi.log"


def logger(path: Path | None = None) -> logging.Logger:
    """The logger that writes `path`, by default `log_file()`; OSError where its folder cannot be made."""
    path = path or log_file()
    found = logging.getLogger(NAME)
    if not any(isinstance(each, RotatingFileHandler) and each.baseFilename == str(path) for each in found.handlers):
        path.parent.mkdir(parents=True, exist_ok=True)
        # The file is opened with the first line: several processes of Excel may have the log at once.
        handler = RotatingFileHandler(path, maxBytes=SIZE, backupCount=2, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(process)d %(message)s"))
        for old in found.handlers[:]:
            found.removeHandler(old)
            old.close()
        found.addHandler(handler)
        found.setLevel(logging.INFO)
        found.propagate = False
    return found


def log_failure(what: str, error: BaseException, path: Path | None = None) -> Path | None:
    """Write `error` with its traceback; the log's place, None where no log can be written (nothing is raised then)."""
    path = path or log_file()
    try:
        logger(path).error("%s", what, exc_info=error)
        return path if path.is_file() else None
    except OSError:
        return None
