"""The offline folder, put together: wheels, add-in, installers, launchers, what to read, checksums."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.utils import parse_wheel_filename

from addin.offline.own_wheel import own_wheel
from addin.offline.targets import TARGETS, least_glibc
from addin.offline.wheels import Fetched, fetch, reach_index
from xingzhi.labels import Lang
from xingzhi.messages import text, text_keys, text_template
from xingzhi.refusal import Refusal

PYTHON = "python"
"""Where a person lays a runtime; packing again leaves it alone."""

_ABOUT, _SUMS = "folder.json", "SHA256SUMS"
_INSTALLER_TEXTS = "pack.installer."
_DEMO_FOLDER = {".cmd": 'cd /d "%USERPROFILE%"', ".sh": 'cd "$HOME" || exit 1'}
_DEMO_END = {".cmd": "if not defined XINGZHI_QUIET pause", ".sh": ""}


@dataclass(frozen=True)
class Packed:
    """What was packed."""

    folder: Path
    version: str
    fetched: tuple[Fetched, ...]

    def size(self, part: str = ".") -> int:
        """Bytes of a part of the folder."""
        path = self.folder / part
        return sum(each.stat().st_size for each in ([path] if path.is_file() else path.rglob("*")) if each.is_file())

    def glibc(self, target: str) -> int:
        """The glibc, as 2.x, that the wheels of a target need; 0 for none."""
        return least_glibc(name for each in self.fetched if each.target == target for name in each.wheels)


def pack(
    folder: Path,
    *,
    targets: Sequence[str],
    pythons: Sequence[str],
    lang: Lang,
    build_addin: Callable[[Path], None],
    told: Callable[[str, str], None] = lambda target, python: None,
) -> Packed:
    """Make `folder`, or renew one that was packed before. `told` hears of each download (target, Python) as it begins.

    Refusal where the folder holds something else, where there is no pip, or where pip reaches no index.
    """
    reach_index()
    _prepare(folder)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    with TemporaryDirectory() as scratch:
        made = own_wheel(Path(scratch))
        own = Path(shutil.move(made, wheels / made.name))
    fetched = []
    for target in targets:
        for python in pythons:
            told(target, python)
            fetched.append(fetch(own, TARGETS[target], python, wheels))
    packed = Packed(folder, str(parse_wheel_filename(own.name)[1]), tuple(fetched))
    build_addin(folder / "xingzhi.xlam")
    (folder / PYTHON).mkdir(exist_ok=True)
    _write_scripts(packed, pythons, lang)
    _write_texts(packed, targets, pythons, lang)
    _write_sums(folder)
    return packed


def _prepare(folder: Path) -> None:
    """An empty folder, but for PYTHON: of one that was packed before, what its own list names is taken out. Refusal where
    anything else is in it."""
    there = [each for each in folder.iterdir() if each.name != PYTHON] if folder.is_dir() else []
    sums = folder / _SUMS
    listed = sums.read_text(encoding="utf-8").splitlines() if sums.is_file() else []
    ours = {folder / line.partition("  ")[2] for line in listed} | {sums}
    held = {path for each in there for path in (each.rglob("*") if each.is_dir() else (each,)) if not path.is_dir()}
    if held - ours:
        raise Refusal("refusal.not_empty", folder=str(folder))
    for each in held:
        each.unlink()
    for each in there:
        if each.is_dir():
            shutil.rmtree(each)


def _write_scripts(packed: Packed, pythons: Sequence[str], lang: Lang) -> None:
    newest = sorted(pythons, key=_number, reverse=True)
    spoken = f"--lang {lang.value}"
    values = {"PYTHONS": " ".join(newest), "COMMANDS": " ".join(f"python{each}" for each in newest)}
    for name in ("install.cmd", "install.sh"):
        _write_script(packed.folder / name, name, values)
    for suffix in (".cmd", ".sh"):
        plain = {"WHAT": "the command, with what is given to it", "FOLDER": "", "PAUSE": "", "ARGUMENTS": spoken}
        demo = {"WHAT": "the demonstration", "FOLDER": _DEMO_FOLDER[suffix], "PAUSE": _DEMO_END[suffix]}
        _write_script(packed.folder / f"xingzhi{suffix}", f"start{suffix}", plain)
        _write_script(packed.folder / f"demo{suffix}", f"start{suffix}", {**demo, "ARGUMENTS": f"{spoken} demo"})
    name = text("pack.demo_name", lang)
    _write_script(packed.folder / f"{name}.desktop", "start.desktop", {"NAME": name})
    (packed.folder / "install.py").write_bytes(resources.files("addin.offline").joinpath("install.py").read_bytes())


def _write_script(path: Path, template: str, values: Mapping[str, str]) -> None:
    script = resources.files("addin.offline").joinpath("files", template).read_text(encoding="utf-8")
    for key, value in values.items():
        script = script.replace(f"@{key}@", value)
    lines = [line.rstrip() for line in script.splitlines() if line.strip() or "@" not in line]
    end = "\r\n" if path.suffix == ".cmd" else "\n"
    path.write_bytes("".join(line + end for line in lines).encode("utf-8"))
    if path.suffix != ".cmd":
        path.chmod(0o755)


def _number(python: str) -> tuple[int, ...]:
    return tuple(map(int, python.split(".")))


def _write_texts(packed: Packed, targets: Sequence[str], pythons: Sequence[str], lang: Lang) -> None:
    folder = packed.folder
    about = {
        "version": packed.version,
        "lang": lang.value,
        "pythons": list(pythons),
        "platforms": {
            target: {
                "glibc": packed.glibc(target),
                "missing": {each.python: list(each.missing) for each in packed.fetched if each.target == target},
            }
            for target in targets
        },
        "texts": {
            key.removeprefix(_INSTALLER_TEXTS): text_template(key, lang)
            for key in text_keys()
            if key.startswith(_INSTALLER_TEXTS)
        },
    }
    (folder / _ABOUT).write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8", newline="\n")
    fields = {"version": packed.version, "pythons": "、".join(pythons), "newest": max(pythons, key=_number)}
    linux = [packed.glibc(target) for target in targets if target != "win_amd64"]
    fields["glibc"] = f"2.{max(linux, default=0)}"
    fields["targets"] = "\n".join(f"  {text(f'pack.target.{target}', lang)}" for target in targets)
    fields["missing"] = (
        "\n".join(f"  {line}" for line in missing_lines(packed, lang)) or f"  {text('pack.complete', lang)}"
    )
    for name, key in (
        (f"{text('pack.readme_name', lang)}.txt", "pack.readme"),
        ("no-python.txt", "pack.no_python"),
        ("not-installed.txt", "pack.not_installed"),
    ):
        # The Notepad of Windows 10 before 1903 needs the mark to know UTF-8, and line ends of its own.
        mark = "utf-8-sig" if key == "pack.readme" else "utf-8"
        (folder / name).write_text(text(key, lang, **fields), encoding=mark, newline="\r\n")


def missing_lines(packed: Packed, lang: Lang) -> list[str]:
    """What no wheel was found for, a line for each kind of computer and Python."""
    return [
        text(
            "pack.missing",
            lang,
            target=text(f"pack.target.{each.target}", lang),
            python=each.python,
            names="、".join(each.missing),
        )
        for each in packed.fetched
        if each.missing
    ]


def _write_sums(folder: Path) -> None:
    names = (
        path for path in sorted(folder.rglob("*")) if path.is_file() and path.relative_to(folder).parts[0] != PYTHON
    )
    lines = [f"{sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in names]
    (folder / _SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")
