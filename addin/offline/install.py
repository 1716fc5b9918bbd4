"""Installs xingzhi from the offline folder that this file lies in.

Copied into the folder as it is and run there by a Python that has nothing but its standard library. What it says stands in
folder.json, in the language of the folder.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import struct
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

WINDOWS = sys.platform == "win32"
PLATFORMS = {
    ("win32", "amd64"): "win_amd64",
    ("linux", "x86_64"): "manylinux_x86_64",
    ("linux", "aarch64"): "manylinux_aarch64",
}


class Folder:
    """The offline folder: what it holds, and what it says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.about: dict[str, Any] = json.loads((root / "folder.json").read_text(encoding="utf-8"))

    def say(self, key: str, **fields: str) -> None:
        """One of the folder's texts."""
        print(self.about["texts"][key].format_map(fields), flush=True)

    def fail(self, key: str, **fields: str) -> NoReturn:
        """The same, as the last that is said."""
        self.say(key, **fields)
        raise SystemExit(1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Check that the folder fits this computer and is whole, then install."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--to", type=Path, default=default_home())
    parser.add_argument("--no-addin", action="store_true")
    options = parser.parse_args(arguments)
    folder = Folder(Path(__file__).resolve().parent)
    fits(folder)
    whole(folder)
    home = options.to.absolute()
    command = install(folder, home)
    folder.say("installed", home=str(home))
    reachable(folder, command)
    if WINDOWS and not options.no_addin:
        subprocess.run([str(command), "--lang", folder.about["lang"], "addin", "install"], check=False)
    folder.say("next")


def default_home() -> Path:
    """Where xingzhi is installed for this user; the launchers look there too."""
    if chosen := os.environ.get("XINGZHI_HOME"):
        return Path(chosen)
    if WINDOWS:
        return Path(os.environ["LOCALAPPDATA"]) / "xingzhi"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "xingzhi"


def fits(folder: Folder) -> None:
    """Stop where the folder has nothing for this Python or this kind of computer."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if version not in folder.about["pythons"]:
        folder.fail("python", version=version, wanted="、".join(folder.about["pythons"]))
    if struct.calcsize("P") != 8:
        folder.fail("bits")
    kind = PLATFORMS.get((sys.platform, platform.machine().lower()), "")
    served = folder.about["platforms"].get(kind)
    if served is None:
        folder.fail("platform", platform=f"{platform.system()} {platform.machine()}")
    if lacking := served["missing"].get(version):
        folder.fail("missing", names="、".join(lacking))
    libc, found = platform.libc_ver()
    if libc == "glibc" and tuple(map(int, found.split(".")[:2])) < (2, served["glibc"]):
        folder.fail("glibc", found=found, wanted=f"2.{served['glibc']}")


def whole(folder: Folder) -> None:
    """Stop where a file is not as it was packed."""
    for line in (folder.root / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        path = folder.root / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            folder.fail("broken", file=name)


def install(folder: Folder, home: Path) -> Path:
    """A fresh environment with xingzhi in it; the path of its command."""
    environment = home / "env"
    folder.say("installing", home=str(environment))
    try:
        venv.EnvBuilder(clear=True, with_pip=False, symlinks=not WINDOWS).create(environment)
    except OSError as error:
        folder.fail("in_use", home=str(environment), reason=str(error))
    programs = environment / ("Scripts" if WINDOWS else "bin")
    wheels = folder.root / "wheels"
    (pip,) = sorted(wheels.glob("pip-*.whl"))[-1:]
    # pip runs out of its own wheel, as ensurepip has it run, which many Linux systems leave out.
    python = programs / ("python.exe" if WINDOWS else "python")
    command = [str(python), str(pip / "pip"), "install", "--quiet", "--no-index", "--find-links", str(wheels)]
    command += ["--disable-pip-version-check", "pip", f"xingzhi=={folder.about['version']}"]
    # No setting of pip on this computer may send it to a network.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    done = subprocess.run(command, env={**clean, "PIP_CONFIG_FILE": os.devnull}, check=False)
    if done.returncode != 0:
        folder.fail("pip", python=sys.version.split()[0])
    return programs / ("xingzhi.exe" if WINDOWS else "xingzhi")


def reachable(folder: Folder, command: Path) -> None:
    """Put the command where a terminal and the launchers of an office find it."""
    if WINDOWS:
        folder_of_command = command.parents[2] / "bin"
        folder_of_command.mkdir(exist_ok=True)
        shutil.copy2(command, folder_of_command / command.name)
        add_to_path(folder_of_command)
        return
    link = Path.home() / ".local" / "bin" / "xingzhi"
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_symlink() or not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(command)
    else:
        folder.say("link", link=str(link), command=str(command))


def add_to_path(folder: Path) -> None:
    """Windows: add a folder to the PATH of the user, and tell programs that it changed."""
    if sys.platform != "win32":
        return
    import ctypes
    import winreg

    with winreg.CreateKeyEx(winreg.HKEY_CURRENT_USER, "Environment", access=winreg.KEY_READ | winreg.KEY_WRITE) as key:
        try:
            before, kind = winreg.QueryValueEx(key, "Path")
        except FileNotFoundError:
            before, kind = "", winreg.REG_EXPAND_SZ
        if str(folder).lower() in (each.lower() for each in before.split(";")):
            return
        winreg.SetValueEx(key, "Path", 0, kind, ";".join(filter(None, (before, str(folder)))))
    broadcast, setting_change, abort_if_hung = 0xFFFF, 0x1A, 2
    ctypes.windll.user32.SendMessageTimeoutW(broadcast, setting_change, 0, "Environment", abort_if_hung, 5000, None)


if __name__ == "__main__":
    main()
