"""A package is written with its unchanged parts as they lie in the file, byte for byte."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from workbook_files.raw_package import RawPackage


def packed(path: Path) -> dict[str, bytes]:
    """The compressed bytes of each part, by its name."""
    found = {}
    with zipfile.ZipFile(path) as archive, path.open("rb") as stream:
        for info in archive.infolist():
            stream.seek(info.header_offset + 26)
            name, extra = (int.from_bytes(stream.read(2), "little") for _ in range(2))
            stream.seek(name + extra, 1)
            found[info.orig_filename] = stream.read(info.compress_size)
    return found


def rewritten(path: Path, changed: dict[str, bytes], dropped: tuple[str, ...] = ()) -> Path:
    target = path.with_name("new.zip")
    with RawPackage(path) as package, target.open("wb") as stream:
        package.write(stream, changed, dropped)
    return target


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "old.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>" * 50, zipfile.ZIP_DEFLATED, compresslevel=1)
        archive.writestr("xl/media/图.png", bytes(range(256)), zipfile.ZIP_STORED)
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>" * 50, zipfile.ZIP_DEFLATED, compresslevel=9)
        # A part whose size was not known when it was begun, as programs write that stream.
        with archive.open("xl/big.xml", "w", force_zip64=True) as stream:
            stream.write(b"<big/>" * 1000)
        archive.comment = "办公室".encode()
    return path


def test_parts_that_do_not_change_keep_their_bytes_and_all_keep_their_order(source: Path) -> None:
    new = rewritten(source, {"xl/worksheets/sheet1.xml": b"<new/>", "xl/added.xml": b"<added/>"})
    before, after = packed(source), packed(new)
    assert list(after) == [*before, "xl/added.xml"]
    assert {name for name in before if before[name] != after[name]} == {"xl/worksheets/sheet1.xml"}
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(new) as archive:
        assert archive.testzip() is None
        assert archive.read("xl/worksheets/sheet1.xml") == b"<new/>"
        assert archive.read("xl/added.xml") == b"<added/>"
        assert archive.comment == old.comment
        for info in old.infolist():
            twin = archive.getinfo(info.filename)
            assert (twin.date_time, twin.external_attr) == (info.date_time, info.external_attr)
            if info.filename != "xl/worksheets/sheet1.xml":
                assert (twin.CRC, twin.file_size, twin.compress_type) == (info.CRC, info.file_size, info.compress_type)


def test_a_dropped_part_is_gone(source: Path) -> None:
    new = rewritten(source, {}, ("xl/big.xml",))
    assert list(packed(new)) == [name for name in packed(source) if name != "xl/big.xml"]


def test_a_part_written_as_a_stream_is_copied_without_its_descriptor(tmp_path: Path) -> None:
    class Unseekable(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

        def seek(self, *_: object) -> int:
            raise OSError

    stream = Unseekable()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", b"<a/>" * 100)
        archive.writestr("b.xml", b"<b/>" * 100)
    path = tmp_path / "streamed.zip"
    path.write_bytes(stream.getvalue())
    with zipfile.ZipFile(path) as archive:
        assert all(info.flag_bits & 8 for info in archive.infolist())
    new = rewritten(path, {"b.xml": b"<c/>"})
    with zipfile.ZipFile(new) as archive:
        assert not any(info.flag_bits & 8 for info in archive.infolist())
        assert (archive.read("a.xml"), archive.read("b.xml")) == (b"<a/>" * 100, b"<c/>")
    assert packed(new)["a.xml"] == packed(path)["a.xml"]


def test_a_name_with_backslashes_is_known_by_slashes_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "backslashes.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("xl\\workbook.xml", "xl\\styles.xml"):
            info = zipfile.ZipInfo(name)
            info.filename = name
            archive.writestr(info, b"<old/>")
    with RawPackage(path) as package:
        assert package.parts == ("xl/workbook.xml", "xl/styles.xml")
        assert package.read("xl/workbook.xml") == b"<old/>"
    new = rewritten(path, {"xl/workbook.xml": b"<new/>"})
    assert list(packed(new)) == ["xl\\workbook.xml", "xl\\styles.xml"]
    with RawPackage(new) as package:
        assert package.read("xl/workbook.xml") == b"<new/>"


def test_the_same_changes_give_the_same_file(source: Path) -> None:
    changed = {"xl/worksheets/sheet1.xml": b"<new/>" * 500, "xl/added.xml": b"<added/>"}
    assert rewritten(source, changed).read_bytes() == rewritten(source, changed).read_bytes()


def test_a_part_that_is_encrypted_or_not_where_it_should_be_is_refused(source: Path) -> None:
    data = bytearray(source.read_bytes())
    with zipfile.ZipFile(source) as archive:
        at = archive.getinfo("xl/big.xml").header_offset
    data[at : at + 4] = b"NONE"
    torn = source.with_name("torn.zip")
    torn.write_bytes(data)
    with pytest.raises(zipfile.BadZipFile, match="big"):
        rewritten(torn, {})
    data = bytearray(source.read_bytes())
    listed = data.rindex(b"PK\x01\x02")
    data[listed + 8] |= 1
    torn.write_bytes(data)
    with pytest.raises(zipfile.BadZipFile, match="encrypted"):
        rewritten(torn, {})
