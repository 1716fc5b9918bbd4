"""Which wheels a kind of computer needs, and xingzhi's own wheel."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from addin.offline import wheels
from addin.offline.own_wheel import _record_line, from_installed
from addin.offline.targets import TARGETS, Target, least_glibc
from addin.offline.wheels import fetch, pinned
from xingzhi.refusal import Refusal

WINDOWS, LINUX = TARGETS["win_amd64"], TARGETS["manylinux_aarch64"]


def wheel(folder: Path, name: str, *requires: str, version: str = "1.0") -> Path:
    path = folder / f"{name}-{version}-py3-none-any.whl"
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        *(f"Requires-Dist: {r}" for r in requires),
    ]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}-{version}.dist-info/METADATA", "\n".join(lines) + "\n")
    return path


class Index:
    """An index of made-up wheels in pip's stead; a name that it has not is not to be had."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.asked: list[tuple[str, str]] = []

    def pip(self, pins: list[str], target: Target, python: str, into: Path) -> set[str] | None:
        self.asked += [(pin, target.name) for pin in pins]
        paths = [next(self.folder.glob(f"{pin.split('=')[0].split('>')[0]}-*.whl"), None) for pin in pins]
        if None in paths:
            return None
        for path in filter(None, paths):
            (into / path.name).write_bytes(path.read_bytes())
        return {path.name for path in paths if path}


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    made = Index(tmp_path / "index")
    monkeypatch.setattr(wheels, "_pip", made.pip)
    wheel(made.folder, "pip")
    return made


def test_without_pip_or_without_an_index_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(Refusal, match="check the network"):
        wheels.reach_index()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(Refusal, match="no pip"):
        wheels.reach_index()


def names(came: tuple[str, ...]) -> set[str]:
    return {name.split("-")[0] for name in came}


def test_what_a_system_alone_needs_comes_for_that_system_alone(tmp_path: Path, index: Index) -> None:
    own = wheel(tmp_path, "own", "bridge", 'late; python_version >= "3.12"', 'extra_one; extra == "more"')
    wheel(index.folder, "bridge", 'winbridge>=2; platform_system == "Windows"', 'macbridge; sys_platform == "darwin"')
    wheel(index.folder, "winbridge", "deep")
    wheel(index.folder, "deep", "bridge")
    wheel(index.folder, "late")
    into = tmp_path / "wheels"
    into.mkdir()
    assert names(fetch(own, WINDOWS, "3.11", into).wheels) == {"own", "pip", "bridge", "winbridge", "deep"}
    assert names(fetch(own, LINUX, "3.12", into).wheels) == {"own", "pip", "bridge", "late"}


def test_an_extra_that_is_asked_for_comes_with_what_it_needs(tmp_path: Path, index: Index) -> None:
    own = wheel(tmp_path, "own", "tool", "tool[fast]")
    wheel(index.folder, "tool", 'speed; extra == "fast"')
    wheel(index.folder, "speed")
    into = tmp_path / "wheels"
    into.mkdir()
    assert names(fetch(own, LINUX, "3.11", into).wheels) == {"own", "pip", "tool", "speed"}


def test_what_has_no_wheel_is_named_and_the_rest_comes(tmp_path: Path, index: Index) -> None:
    own = wheel(tmp_path, "own", "rare>=2", "common")
    wheel(index.folder, "common")
    into = tmp_path / "wheels"
    into.mkdir()
    came = fetch(own, LINUX, "3.11", into)
    assert came.missing == ("rare>=2",) and names(came.wheels) == {"own", "pip", "common"}


def test_what_is_installed_here_comes_in_the_same_version(tmp_path: Path, index: Index) -> None:
    from packaging.requirements import Requirement

    version = Distribution.from_name("click").version
    assert pinned(Requirement("click>=8")) == f"click=={version}"
    assert pinned(Requirement("no-such-thing>=2,<3")) in ("no-such-thing<3,>=2", "no-such-thing>=2,<3")


@pytest.mark.parametrize(
    ("file", "glibc"),
    [
        ("click-8.5.1-py3-none-any.whl", 0),
        ("lxml-6.1.3-cp311-cp311-win_amd64.whl", 0),
        ("lxml-6.1.3-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl", 17),
        ("psutil-7.2.2-cp36-abi3-manylinux2010_x86_64.manylinux_2_12_x86_64.manylinux_2_28_x86_64.whl", 12),
        ("new-1.0-cp311-cp311-manylinux_2_28_aarch64.whl", 28),
        ("old-1.0-cp311-cp311-manylinux1_x86_64.whl", 5),
    ],
)
def test_the_glibc_that_a_wheel_needs_is_that_of_its_oldest_tag(file: str, glibc: int) -> None:
    assert least_glibc([file]) == glibc
    assert least_glibc([file, "x-1-cp311-cp311-manylinux_2_34_x86_64.whl"]) == 34


def test_no_wheel_that_asks_for_a_newer_glibc_is_let_in() -> None:
    tags = TARGETS["manylinux_x86_64"].tags
    assert least_glibc(f"x-1-cp311-cp311-{tag}.whl" for tag in tags) == 28
    glibcs = [least_glibc([f"x-1-cp311-cp311-{tag}.whl"]) for tag in tags]
    assert glibcs == sorted(glibcs) and tags[0].startswith("manylinux_2_5_")


def installed(folder: Path, made: Path) -> Distribution:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(folder)]
    subprocess.run([*command, str(made)], check=True, capture_output=True, timeout=120)
    (found,) = Distribution.discover(name="xingzhi", path=[str(folder)])
    return found


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/RECORD")}


@pytest.fixture
def original(tmp_path: Path) -> Path:
    """A small wheel of the name `xingzhi`, as a build backend makes it."""
    path = tmp_path / "xingzhi-9.1-py3-none-any.whl"
    info = "xingzhi-9.1.dist-info"
    parts = {
        "xingzhi/__init__.py": '"""A package."""\n',
        "xingzhi/catalogue/texts.yaml": "a: 一\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: xingzhi\nVersion: 9.1\nRequires-Dist: click\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\nxingzhi = xingzhi:main\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        lines = [_record_line(name, content.encode("utf-8")) for name, content in parts.items()]
        archive.writestr(f"{info}/RECORD", "\n".join((*lines, f"{info}/RECORD,,")))
    return path


def test_the_wheel_of_an_installation_is_the_one_that_was_installed(tmp_path: Path, original: Path) -> None:
    found = installed(tmp_path / "site", original)
    (tmp_path / "out").mkdir()
    again = from_installed(found, tmp_path / "out")
    assert again.name == original.name and contents(again) == contents(original)
    # pip takes it, checks its RECORD and makes the command of it.
    twice = installed(tmp_path / "second", again)
    assert {str(f) for f in twice.files or ()} == {str(f) for f in found.files or ()}


def test_an_installation_that_was_changed_is_not_passed_on(tmp_path: Path, original: Path) -> None:
    found = installed(tmp_path / "site", original)
    (tmp_path / "site" / "xingzhi" / "__init__.py").write_text('"""Changed by hand."""\n')
    with pytest.raises(Refusal, match=r"__init__\.py was changed"):
        from_installed(found, tmp_path)
