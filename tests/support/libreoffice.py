"""LibreOffice as an independent oracle: it recalculates, converts and draws what we wrote.

The program is `XINGZHI_SOFFICE`, or `soffice` on the path or where its installers put it.

Each process has profiles of its own, made at the first call and removed at the end, so a run
neither meets the user's settings nor waits for an office that is open. LibreOffice trusts the
values cached in an .xlsx unless its profile says otherwise, so a test of formulas calls `poison`
first: a value that comes back poisoned was never computed.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

WRONG_NUMBER = 987654.25
WRONG_TEXT = "POISON"
SECONDS = 120
SECONDS_A_FILE = 20

_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS",
    "C:/Program Files/LibreOffice/program",
)
_RECALCULATE = {True: 0, False: 1}  # OOXMLRecalcMode: 0 always, 1 never (the default), 2 ask
_SETTING = '<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
_REGISTRY = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry"'
    ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}</oor:items>'
)
# One office at a time may use a profile.
_LOCK = threading.Lock()


def find_program(name: str) -> str | None:
    """Return the path of a program, None where it is not installed."""
    named = os.environ.get("XINGZHI_SOFFICE") if name == "soffice" else None
    if named:
        return shutil.which(named)
    hits = (shutil.which(name, path=place) for place in (None, *_PLACES))
    return next((hit for hit in hits if hit), None)


def available(*, drawing: bool = False, writing: bool = False) -> str | None:
    """Return why LibreOffice cannot be used (for `render` with pdftoppm, for `.docx` its Writer), or None if it can."""
    program = find_program("soffice")
    if not program:
        return "LibreOffice (soffice) is not installed"
    folder = Path(program).resolve().parent
    if writing and not any(any(each.glob("*swlo.*")) for each in (folder, folder.parent / "Frameworks")):
        return "LibreOffice has no Writer (libreoffice-writer)"
    if drawing and not find_program("pdftoppm"):
        return "pdftoppm (poppler-utils) is not installed"
    return None


@lru_cache(maxsize=2)
def _profile(recalculating: bool) -> Path:
    return new_profile(recalculating)


def new_profile(recalculating: bool) -> Path:
    """Make the folder of a profile, which is removed when the process ends; one office at a time may use it."""
    folder = Path(tempfile.mkdtemp(prefix="xingzhi-libreoffice-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings = (
        ("org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode", _RECALCULATE[recalculating]),
        # Without these the machine's locale decides how numbers are read and which Han is drawn.
        ("org.openoffice.Setup/L10N", "ooSetupSystemLocale", "en-US"),
        ("org.openoffice.Office.Linguistic/General", "DefaultLocale_CJK", "zh-CN"),
    )
    items = "".join(_SETTING.format(path=path, name=name, value=value) for path, name, value in settings)
    (folder / "user").mkdir()
    registry = folder / "user/registrymodifications.xcu"
    registry.write_text(_REGISTRY.format(items=items), encoding="utf-8")
    return folder


def start(arguments: Sequence[str], profile: Path) -> subprocess.Popen[str]:
    """Start an office, in a session of its own."""
    program = find_program("soffice")
    if program is None:
        raise RuntimeError(available())
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    return subprocess.Popen(
        [*command, "--nolockcheck", "--nodefault", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )


def _office(arguments: Sequence[str], profile: Path, seconds: float) -> None:
    with _LOCK, start(arguments, profile) as office:
        try:
            said, _ = office.communicate(timeout=seconds)
        except BaseException:
            kill(office)
            raise
    if office.returncode:
        raise RuntimeError(f"soffice ended with {office.returncode}: {said.strip()}")


def kill(office: subprocess.Popen[str]) -> None:
    """End an office that was started, at once."""
    # `soffice` is a script: to kill it alone would leave soffice.bin running on the profile.
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(office.pid, signal.SIGKILL)
    office.kill()


def convert_many(paths: Sequence[Path], to: str, out_dir: Path, *, recalculating: bool = False) -> list[Path]:
    """Convert files in one start of the office; the results are in the order of `paths`.

    `to` is an extension (`xlsx`, `pdf`, `ods`, `csv`) or `extension:filter:options`. The names
    in `out_dir` are those of the files; two files of one name raise. A file that gives no result
    raises, since soffice itself ends with 0 then.
    """
    extension = to.partition(":")[0]
    targets = [out_dir / f"{path.stem}.{extension}" for path in paths]
    if len(set(targets)) != len(targets):
        raise ValueError(f"two files would become one in {out_dir}")
    out_dir.mkdir(parents=True, exist_ok=True)
    if not paths:
        return []
    # Copies under numbers: no lock file beside the source, no result over the source.
    with tempfile.TemporaryDirectory(prefix="xingzhi-convert-") as name:
        source, result = Path(name, "in"), Path(name, "out")
        source.mkdir()
        copies = [source / f"{index}{path.suffix}" for index, path in enumerate(paths)]
        for path, copy in zip(paths, copies, strict=True):
            shutil.copyfile(path, copy)
        arguments = ["--convert-to", to, "--outdir", str(result), *map(str, copies)]
        _office(arguments, _profile(recalculating), SECONDS + SECONDS_A_FILE * len(paths))
        for path, copy, target in zip(paths, copies, targets, strict=True):
            made = result / f"{copy.stem}.{extension}"
            if not made.exists():
                raise RuntimeError(f"LibreOffice made no .{extension} of {path}")
            shutil.move(made, target)
    return targets


def convert(path: Path, to: str, out_dir: Path) -> Path:
    """Convert one file, with the values that it holds; return the result's path in `out_dir`."""
    return convert_many([path], to, out_dir)[0]


def recalculate_many(paths: Sequence[Path], out_dir: Path) -> list[Path]:
    """Convert workbooks to .xlsx with every formula computed anew."""
    return convert_many(paths, "xlsx", out_dir, recalculating=True)


def recalculate(path: Path, out_dir: Path) -> Path:
    """Convert a workbook to .xlsx with every formula computed anew."""
    return recalculate_many([path], out_dir)[0]


_FORMULA_CELL = re.compile(
    rb"<(?P<prefix>(?:\w+:)?)c(?P<attributes>(?:\s[^<>]*)?)(?<!/)>"
    rb"(?P<inner>(?:(?!</(?P=prefix)c>).)*?<(?P=prefix)f[\s/>](?:(?!</(?P=prefix)c>).)*)"
    rb"</(?P=prefix)c>",
    re.DOTALL,
)
_VALUE = re.compile(rb"<(?P<prefix>(?:\w+:)?)v(?:\s[^<>]*)?(?:/>|>(?P<text>[^<]*)</(?P=prefix)v>)")
_TYPE = re.compile(rb"""\st=(?:"([^"]*)"|'([^']*)')""")


def poison(path: Path, out: Path) -> int:
    """Copy a workbook with every cached value of a formula made wrong; return how many were.

    Numbers become WRONG_NUMBER; texts, truth values and errors become WRONG_TEXT. A formula
    without a cached value stays so. It edits the XML as text, since a parser that writes it
    again would rename the prefixes that `mc:Ignorable` lists.
    """
    count = 0

    def spoil(match: re.Match[bytes]) -> bytes:
        nonlocal count
        prefix, attributes, inner = match["prefix"], match["attributes"], match["inner"]
        cached = _VALUE.search(inner)
        if not cached:
            return match[0]
        found = _TYPE.search(attributes)
        kind = (found[1] or found[2]) if found else b"n"
        # An empty <v> without a type is how XlsxWriter writes the text "".
        is_number = kind in (b"n", b"d") and bool(cached["text"])
        value = str(WRONG_NUMBER) if is_number else WRONG_TEXT
        attributes = _TYPE.sub(b"", attributes) + (b"" if is_number else b' t="str"')
        element = b"<%bv>%b</%bv>" % (prefix, value.encode(), prefix)
        inner = inner[: cached.start()] + element + inner[cached.end() :]
        count += 1
        return b"<%bc%b>%b</%bc>" % (prefix, attributes, inner, prefix)

    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item)
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", item.filename):
                data = _FORMULA_CELL.sub(spoil, data)
            new.writestr(item, data)
    return count


def render(path: Path, out_dir: Path, dpi: int = 70) -> list[Path]:
    """Draw a workbook as it prints: a PDF in `out_dir`, and its pages as PNG, in order."""
    program = find_program("pdftoppm")
    if program is None:
        raise RuntimeError(available(drawing=True))
    pdf = convert(path, "pdf", out_dir)
    stem = f"{path.stem}-page-"
    for page in _pages(out_dir, stem).values():
        page.unlink()
    subprocess.run(
        [program, "-png", "-r", str(dpi), str(pdf), str(out_dir / stem.removesuffix("-"))],
        check=True,
        capture_output=True,
        timeout=SECONDS,
    )
    return [page for _, page in sorted(_pages(out_dir, stem).items())]


def _pages(folder: Path, stem: str) -> dict[int, Path]:
    found = {}
    for page in folder.iterdir():
        number = page.name.removeprefix(stem).removesuffix(".png")
        if page.name == f"{stem}{number}.png" and number.isdigit():
            found[int(number)] = page
    return found


_BASIC = {
    "script.xlc": '<library:libraries {ns}><library:library library:name="Standard" library:link="false"/></library:libraries>',
    "dialog.xlc": '<library:libraries {ns}><library:library library:name="Standard" library:link="false"/></library:libraries>',
    "Standard/script.xlb": (
        '<library:library {ns} library:name="Standard"><library:element library:name="Module1"/></library:library>'
    ),
    "Standard/dialog.xlb": '<library:library {ns} library:name="Standard"/>',
    "Standard/Module1.xba": '<script:module {ns} script:name="Module1" script:language="StarBasic">{source}</script:module>',
}
_BASIC_NAMESPACES = (
    'xmlns:library="http://openoffice.org/2000/library" xmlns:script="http://openoffice.org/2000/script"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def run_basic(source: str, seconds: float = SECONDS) -> None:
    """Run `Main` of a Basic module of this source in an office of its own; Main ends with `StarDesktop.terminate`.

    A syntax error, or an error that Main does not catch, makes the office wait for an answer: TimeoutExpired.
    """
    with tempfile.TemporaryDirectory(prefix="xingzhi-basic-") as name:
        user = Path(name, "user")
        (user / "basic/Standard").mkdir(parents=True)
        # Else the office's first start would put its empty module over ours.
        item = _SETTING.format(path="org.openoffice.Setup/Office", name="ooSetupInstCompleted", value="true")
        (user / "registrymodifications.xcu").write_text(_REGISTRY.format(items=item), encoding="utf-8")
        for part, text in _BASIC.items():
            content = text.format(ns=_BASIC_NAMESPACES, source=escape(source))
            (user / "basic" / part).write_text(content, encoding="utf-8")
        _office(["macro:///Standard.Module1.Main"], Path(name), seconds)
