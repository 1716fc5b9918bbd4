"""The wheels that a kind of computer needs: which they are, and their download.

`pip download --platform` judges environment markers by the computer that it runs on, and so leaves out what Windows alone needs;
therefore markers are judged here, and pip fetches each wheel by its name.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from importlib.metadata import Distribution, PackageNotFoundError
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from addin.offline.own_wheel import last_line
from addin.offline.targets import Target
from xingzhi.refusal import Refusal


@dataclass(frozen=True)
class Fetched:
    """What came for one kind of computer and one Python."""

    target: str
    python: str
    wheels: tuple[str, ...]
    missing: tuple[str, ...]
    """Requirements for which there is no wheel."""


def reach_index() -> None:
    """Refusal where there is no pip, or where it reaches no index."""
    if getattr(sys, "frozen", False) or find_spec("pip") is None:
        raise Refusal("refusal.pack_no_pip", python=sys.executable)
    with TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", scratch, "pip"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refusal("refusal.pack_pip", reason=last_line(done.stderr))


def fetch(own: Path, target: Target, python: str, into: Path) -> Fetched:
    """Download what the wheel `own` and pip itself need on `target` with `python`, in the versions that are installed here."""
    environment = target.environment(python)
    names: set[str] = set()
    missing: list[str] = []
    asked: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement("pip"), *_requirements(own, (), environment)]
    while waiting:
        pins = {pinned(each) for each in waiting if (each.name, frozenset(each.extras)) not in asked}
        asked |= {(each.name, frozenset(each.extras)) for each in waiting}
        came, lacking = _download(sorted(pins), target, python, into)
        names |= came
        missing += lacking
        by_name = {canonicalize_name(parse_wheel_filename(name)[0]): into / name for name in came}
        found = [
            needed
            for each in waiting
            if (path := by_name.get(canonicalize_name(each.name)))
            for needed in _requirements(path, each.extras, environment)
        ]
        waiting = [each for each in found if (each.name, frozenset(each.extras)) not in asked]
    return Fetched(target.name, python, tuple(sorted({own.name, *names})), tuple(sorted(set(missing))))


def pinned(requirement: Requirement) -> str:
    """The requirement in the version that is installed here; as it stands where it is not installed (`pywin32` on Linux)."""
    try:
        return f"{requirement.name}=={Distribution.from_name(requirement.name).version}"
    except PackageNotFoundError:
        return f"{requirement.name}{requirement.specifier}"


def _requirements(wheel: Path, extras: Iterable[str], environment: Mapping[str, str]) -> list[Requirement]:
    """What a wheel says that it needs in an environment."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith(".dist-info/METADATA") and each.count("/") == 1)
        header = HeaderParser().parsestr(archive.read(name).decode("utf-8"))
    found = []
    for line in header.get_all("Requires-Dist", []):
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({**environment, "extra": extra}) for extra in ("", *extras)):
            found.append(requirement)
    return found


def _download(pins: list[str], target: Target, python: str, into: Path) -> tuple[set[str], list[str]]:
    """The names of the wheels that came, and the pins for which there is none."""
    if not pins:
        return set(), []
    came = _pip(pins, target, python, into)
    if came is not None:
        return came, []
    each_alone = {pin: _pip([pin], target, python, into) for pin in pins}
    names = {name for alone in each_alone.values() if alone for name in alone}
    return names, [pin for pin, alone in each_alone.items() if alone is None]


def _pip(pins: list[str], target: Target, python: str, into: Path) -> set[str] | None:
    """The names of the wheels of all `pins`, None where one of them is not to be had."""
    platforms = [part for tag in target.tags for part in ("--platform", tag)]
    with TemporaryDirectory(dir=into) as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--only-binary=:all:", *platforms, "--python-version", python, "--implementation", "cp"]
        done = subprocess.run([*command, "-d", scratch, *pins], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return None
        came = set()
        for path in Path(scratch).glob("*.whl"):
            path.replace(into / path.name)
            came.add(path.name)
        return came
