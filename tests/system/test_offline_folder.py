"""A folder for computers without a network: it installs in a clean environment, and its launcher runs the demonstration."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from support.command import run

from addin.offline.install import PLATFORMS

DOCS = Path(__file__).resolve().parents[2] / "docs" / "offline.md"
TARGET = PLATFORMS.get((sys.platform, platform.machine().lower()), "")


@cache
def cut_off() -> tuple[str, ...]:
    """What to put before a command to take its network away; nothing where the system does not let us."""
    command = ("unshare", "--map-root-user", "--net")
    works = (
        shutil.which("unshare") and subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
    )
    return command if works else ()


def offline(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a fresh user with no network: no variable of ours, no package of ours, proxies that lead nowhere."""
    nowhere = dict.fromkeys(
        ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9"
    )
    base = f"{sys.base_prefix}/bin"
    env = {"HOME": str(home), "PATH": f"{base}:/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", **nowhere}
    return subprocess.run(
        [*cut_off(), *command], env=env, cwd=home, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.mark.skipif(TARGET not in ("manylinux_x86_64", "manylinux_aarch64"), reason="no offline folder for this system")
def test_the_folder_installs_without_a_network_and_its_launcher_runs_the_demo(tmp_path: Path) -> None:
    folder, home = tmp_path / "离线 文件夹", tmp_path / "home"
    home.mkdir()
    made = run("pack", "-o", folder, "--platform", TARGET)
    assert made.exit_code == 0, made.output
    assert str(folder) in made.stdout and "MB" in made.stdout
    asked = re.search(r"glibc (2\.\d+)", made.stdout)
    assert asked and f"The wheels need glibc {asked[1]} on both" in DOCS.read_text(encoding="utf-8")
    if os.environ.get("CI"):
        assert cut_off(), "the proof needs a namespace without a network"

    done = offline(home, "sh", str(folder / "install.sh"))
    assert done.returncode == 0, done.stdout + done.stderr
    command = home / ".local" / "bin" / "xingzhi"
    assert command.resolve().is_file()

    demo = offline(home, "sh", str(folder / "demo.sh"), "--units", "2")
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert (home / "行知演示" / "总台账.xlsx").is_file()
    checked = offline(
        home, "sh", str(folder / "xingzhi.sh"), "status", str(home / "行知演示"), "--json", "--today", "2026-09-10"
    )
    assert checked.returncode in (0, 1) and checked.stdout.startswith("{"), checked.stderr
