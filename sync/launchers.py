"""Launchers to double-click: 一键汇总 on Windows, on Linux desktops (Kylin, UOS), and on macOS."""

from __future__ import annotations

import stat
import sys

from sync.office import OfficeFolder
from xingzhi.labels import Label

NAME = Label("一键汇总", "sync-now")

_WINDOWS = """@echo off\r
rem The folder is where this file lies, wherever it was copied to.\r
chcp 65001 >nul\r
cd /d "%~dp0"\r
where xingzhi >nul 2>nul\r
if %errorlevel%==0 (xingzhi{lang} sync .) else (py -m cli.main{lang} sync .)\r
echo.\r
pause\r
"""
_MAC = """#!/bin/sh
cd "$(dirname "$0")" || exit 2
PATH="$PATH:$HOME/.local/bin:/opt/homebrew/bin:/usr/local/bin"
xingzhi{lang} sync .
printf '\\n'
read -r _
"""
# %k is the place of the .desktop file itself: the folder may be moved.
_LINUX = """[Desktop Entry]
Type=Application
Name={name}
Terminal=true
Exec=sh -c 'cd "$(dirname "$1")"; PATH="$PATH:$HOME/.local/bin"; xingzhi{lang} sync .; echo; read _' xingzhi %k
"""


def write(office: OfficeFolder) -> None:
    """Write the three launchers into the office's folder."""
    name = NAME.of(office.lang)
    lang = "" if office.lang.value == "zh" else f" --lang {office.lang.value}"
    (office.root / f"{name}.cmd").write_bytes(_WINDOWS.format(lang=lang).encode("utf-8"))
    for suffix, text in ((".desktop", _LINUX), (".command", _MAC)):
        path = office.root / f"{name}{suffix}"
        path.write_text(text.format(lang=lang, name=name), encoding="utf-8", newline="\n")
        if sys.platform != "win32":
            path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
