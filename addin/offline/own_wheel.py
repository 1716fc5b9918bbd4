"""xingzhi's own wheel: from the files that are installed, or from the checkout that runs."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, PackagePath
from pathlib import Path
from tempfile import TemporaryDirectory

import xingzhi
from xingzhi.refusal import Refusal

_EPOCH = (1980, 1, 1, 0, 0, 0)
_OF_THE_INSTALLER = {"INSTALLER", "REQUESTED", "direct_url.json", "RECORD"}
_NOT_FOR_A_WHEEL = shutil.ignore_patterns(
    ".*", "build", "dist", "*.egg-info", "__pycache__", "tests", "benchmarks", "docs", "node_modules"
)


def own_wheel(folder: Path) -> Path:
    """Write the wheel of the xingzhi that runs into `folder`.

    Refusal where the installed files are not those that were installed, or where neither installation nor checkout is found.
    """
    root = Path(xingzhi.__file__).parents[1]
    if _is_checkout(root):
        return _from_checkout(root, folder)
    try:
        found = Distribution.from_name("xingzhi")
    except PackageNotFoundError as error:
        raise Refusal("refusal.pack_source", folder=str(root)) from error
    if Path(str(found.locate_file("xingzhi"))) != root / "xingzhi":
        raise Refusal("refusal.pack_source", folder=str(root))
    return from_installed(found, folder)


def from_installed(found: Distribution, folder: Path) -> Path:
    """The wheel of an installed distribution, every file as its RECORD has it; Refusal where a file is not."""
    inside = [each for each in found.files or () if _belongs(each)]
    contents = {each.as_posix(): _checked(found, each) for each in inside}
    info = f"xingzhi-{found.version}.dist-info"
    name = folder / f"xingzhi-{found.version}-py3-none-any.whl"
    lines = [_record_line(path, content) for path, content in contents.items()]
    record = "".join(f"{line}\n" for line in (*lines, f"{info}/RECORD,,"))
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in (*contents.items(), (f"{info}/RECORD", record.encode("utf-8"))):
            archive.writestr(zipfile.ZipInfo(path, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return name


def _belongs(path: PackagePath) -> bool:
    # Scripts lie outside (`../../bin/xingzhi`): an installer makes them from entry_points.txt.
    outside = path.parts[0] == ".." or "__pycache__" in path.parts
    return not outside and not (path.parts[0].endswith(".dist-info") and path.name in _OF_THE_INSTALLER)


def _checked(found: Distribution, path: PackagePath) -> bytes:
    content = Path(str(found.locate_file(path))).read_bytes()
    if path.hash is not None and path.hash.value != _digest(content):
        raise Refusal("refusal.pack_changed", file=str(found.locate_file(path)))
    return content


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(sha256(content).digest()).rstrip(b"=").decode("ascii")


def _record_line(path: str, content: bytes) -> str:
    return f"{path},sha256={_digest(content)},{len(content)}"


def _is_checkout(root: Path) -> bool:
    path = root / "pyproject.toml"
    return (
        path.is_file() and tomllib.loads(path.read_text(encoding="utf-8")).get("project", {}).get("name") == "xingzhi"
    )


def _from_checkout(root: Path, folder: Path) -> Path:
    with TemporaryDirectory() as scratch:
        # setuptools would take up what an earlier build left in the checkout.
        source = Path(scratch) / "xingzhi"
        shutil.copytree(root, source, ignore=_NOT_FOR_A_WHEEL)
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(folder), str(source)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    (made,) = folder.glob("xingzhi-*.whl") if done.returncode == 0 else (None,)
    if made is None:
        raise Refusal("refusal.pack_pip", reason=last_line(done.stderr))
    return made


def last_line(output: str) -> str:
    """What pip says last that is no notice."""
    lines = [line.strip() for line in output.splitlines() if line.strip() and not re.match(r"\[?notice|WARNING", line)]
    return lines[-1] if lines else ""
