"""The installer of an offline folder: what it refuses, in words, and which Python it takes."""

from __future__ import annotations

import ast
import json
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from addin.offline import folder as offline_folder
from addin.offline import install
from addin.offline.folder import Packed, pack
from addin.offline.wheels import Fetched
from xingzhi.labels import Lang
from xingzhi.refusal import Refusal

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
SCRIPTS = pytest.mark.skipif(os.name == "nt", reason="a shell script")


def packed(
    root: Path, monkeypatch: pytest.MonkeyPatch, *, lang: Lang = Lang.EN, missing: tuple[str, ...] = ()
) -> Packed:
    """An offline folder with nothing in its wheels but our own name."""

    def own(folder: Path) -> Path:
        path = folder / "xingzhi-9.1-py3-none-any.whl"
        path.write_bytes(b"PK")
        return path

    def fetched(own: Path, target: Any, python: str, into: Path) -> Fetched:
        (into / "pip-99-py3-none-any.whl").write_bytes(b"PK pip")
        names = (own.name, "x-1-cp311-cp311-manylinux_2_17_x86_64.whl")
        return Fetched(target.name, python, names, missing)

    monkeypatch.setattr(offline_folder, "reach_index", lambda: None)
    monkeypatch.setattr(offline_folder, "own_wheel", own)
    monkeypatch.setattr(offline_folder, "fetch", fetched)
    return pack(
        root,
        targets=("win_amd64", "manylinux_x86_64", "manylinux_aarch64"),
        pythons=("3.9", VERSION),
        lang=lang,
        build_addin=Path.touch,
    )


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return packed(tmp_path / "离线", monkeypatch).folder


def test_the_installer_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse(Path(install.__file__).read_text(encoding="utf-8"))
    roots = {
        alias.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    roots |= {(node.module or "").partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert roots <= set(sys.stdlib_module_names)


def test_every_text_that_the_installer_says_is_in_the_folder(root: Path) -> None:
    tree = ast.parse(Path(install.__file__).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    said = {
        node.args[0].value
        for node in calls
        if isinstance(node.func, ast.Attribute)
        and node.func.attr in ("say", "fail")
        and isinstance(node.args[0], ast.Constant)
    }
    assert said == set(json.loads((root / "folder.json").read_text(encoding="utf-8"))["texts"])


def about(key: str, value: object) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        path = root / "folder.json"
        held = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**held, key: value}), encoding="utf-8")

    return change


def served(glibc: int, missing: list[str]) -> dict[str, object]:
    return {name: {"glibc": glibc, "missing": {VERSION: missing}} for name in set(install.PLATFORMS.values())}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (about("pythons", ["3.9"]), "the folder is for 3.9"),
        (about("platforms", {}), "nothing for this kind of computer"),
        (about("platforms", served(17, ["rare==1"])), "lacks what this kind of computer needs: rare==1"),
        (about("platforms", served(999, [])), "2.999 or newer is needed"),
    ],
)
def test_a_computer_that_the_folder_does_not_fit_is_told_why(
    root: Path, change: Callable[[Path], None], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change(root)
    with pytest.raises(SystemExit) as stopped:
        install.fits(install.Folder(root))
    assert stopped.value.code == 1 and said in capsys.readouterr().out


def test_a_python_of_32_bits_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(struct, "calcsize", lambda kind: 4)
    with pytest.raises(SystemExit):
        install.fits(install.Folder(root))
    assert "32-bit" in capsys.readouterr().out


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"PK half")])
def test_a_folder_that_was_damaged_on_the_way_is_told(
    root: Path, damage: Callable[[Path], object], capsys: pytest.CaptureFixture[str]
) -> None:
    install.whole(install.Folder(root))
    damage(root / "wheels" / "pip-99-py3-none-any.whl")
    with pytest.raises(SystemExit):
        install.whole(install.Folder(root))
    assert "pip-99-py3-none-any.whl is absent or damaged" in capsys.readouterr().out


def test_the_sums_are_those_that_sha256sum_reads(root: Path) -> None:
    lines = (root / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()} - {"SHA256SUMS"}
    assert {line.partition("  ")[2] for line in lines} == there
    for line in lines:
        digest, _, name = line.partition("  ")
        assert sha256((root / name).read_bytes()).hexdigest() == digest


def test_scripts_are_ascii_with_the_line_ends_of_their_system(root: Path) -> None:
    scripts = [path for path in root.iterdir() if path.suffix in (".cmd", ".sh")]
    assert {path.name for path in scripts} == {
        f"{n}{s}" for n in ("install", "demo", "xingzhi") for s in (".cmd", ".sh")
    }
    for path in scripts:
        content = path.read_bytes()
        assert content.isascii() and b"@PYTHONS@" not in content and b"@ARGUMENTS@" not in content
        assert content.count(b"\r\n") == (content.count(b"\n") if path.suffix == ".cmd" else 0)
        assert path.suffix == ".cmd" or os.name == "nt" or os.access(path, os.X_OK)


@pytest.mark.parametrize("lang", list(Lang))
def test_the_readme_says_where_it_runs_and_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: Lang
) -> None:
    made = packed(tmp_path / "folder", monkeypatch, lang=lang, missing=("rare==1",))
    readme = (made.folder / {Lang.ZH: "读我.txt", Lang.EN: "README.txt"}[lang]).read_bytes()
    text = readme.decode("utf-8-sig")
    assert readme.startswith(b"\xef\xbb\xbf") and text.count("\n") == text.count("\r\n") > 20
    for told in ("Windows 10", "UOS 20", "glibc 2.17", "9.1", VERSION, "rare==1", f"python-{VERSION}.x-amd64.exe"):
        assert told in text, told
    assert "{" not in text


def test_what_else_lies_in_the_folder_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "账.txt").write_text("不能动")
    with pytest.raises(Refusal):
        packed(tmp_path / "taken", monkeypatch)
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["账.txt"]


def test_packing_again_renews_the_folder_and_keeps_the_runtime(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "python" / "python-3.11.9-amd64.exe").write_bytes(b"MZ")
    (root / "wheels" / "stale-1-py3-none-any.whl").write_bytes(b"PK")
    with (root / "SHA256SUMS").open("a", encoding="utf-8") as sums:
        sums.write(f"{'0' * 64}  wheels/stale-1-py3-none-any.whl\n")
    packed(root, monkeypatch)
    assert (root / "python" / "python-3.11.9-amd64.exe").read_bytes() == b"MZ"
    assert not (root / "wheels" / "stale-1-py3-none-any.whl").exists()
    (root / "照片").mkdir()
    (root / "照片" / "合影.jpg").write_bytes(b"mine")
    with pytest.raises(Refusal):
        packed(root, monkeypatch)
    assert (root / "照片" / "合影.jpg").is_file() and (root / "install.py").is_file()
    assert "python/" not in (root / "SHA256SUMS").read_text(encoding="utf-8")


def bare_path(tmp_path: Path) -> Path:
    """A PATH with the tools of a bare system and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "dirname", "uname", "tar", "gzip", "mkdir", "cp", "cat"):
        found = shutil.which(name)
        assert found, name
        (folder / name).symlink_to(found)
    return folder


def run_script(root: Path, tmp_path: Path, path: Path) -> subprocess.CompletedProcess[str]:
    (root / "install.py").write_text("import sys\nprint('installing with', sys.argv[1:])\n")
    env = {"PATH": str(path), "HOME": str(tmp_path / "home")}
    command = ["sh", str(root / "install.sh"), "--no-addin"]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


@SCRIPTS
def test_without_a_python_the_script_says_where_to_get_one(root: Path, tmp_path: Path) -> None:
    done = run_script(root, tmp_path, bare_path(tmp_path))
    assert done.returncode == 1 and "install_only.tar.gz" in done.stderr and "README.txt" in done.stderr


@SCRIPTS
def test_a_python_that_is_there_is_taken(root: Path, tmp_path: Path) -> None:
    path = bare_path(tmp_path)
    (path / "python3").symlink_to(sys.executable)
    done = run_script(root, tmp_path, path)
    assert done.returncode == 0 and "installing with ['--no-addin']" in done.stdout


@SCRIPTS
def test_a_runtime_in_the_folder_is_copied_and_taken(root: Path, tmp_path: Path) -> None:
    runtime = tmp_path / "made" / "python" / "bin" / "python3"
    runtime.parent.mkdir(parents=True)
    runtime.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    runtime.chmod(0o755)
    name = f"cpython-{VERSION}.9+20260101-{os.uname().machine}-unknown-linux-gnu-install_only.tar.gz"
    subprocess.run(["tar", "-czf", str(root / "python" / name), "-C", str(tmp_path / "made"), "python"], check=True)
    done = run_script(root, tmp_path, bare_path(tmp_path))
    assert done.returncode == 0 and "installing with" in done.stdout, done.stderr
    assert (tmp_path / "home" / ".local" / "share" / "xingzhi" / "python" / "bin" / "python3").is_file()


@SCRIPTS
def test_a_launcher_before_the_installation_says_to_install(root: Path, tmp_path: Path) -> None:
    for name in ("demo.sh", "xingzhi.sh"):
        done = subprocess.run(
            ["sh", str(root / name)], env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)}, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 1 and "install.sh" in done.stderr
