"""VBA compression, compound files and projects, as oletools and olefile read them."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oletools.olevba import decompress_stream

from addin import glue
from addin.compound_writer import compound_file
from addin.vba_compression import compress
from addin.vba_project import Kind, Module, sheet_module, vba_project, workbook_module


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([b"Attribute ", b"End Sub\r\n", b"x", b"aaaa", b"0123456789"]), max_size=900))
def test_what_is_compressed_comes_back(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    assert bytes(decompress_stream(bytearray(compress(data)))) == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a",
        b"abcdefghijklmnopqrstuv.",
        # Runs longer than a token of each width can say.
        *(bytes(range(256)) * (start // 256) + b"q" * 4000 for start in (0, 16, 300, 1024, 2048, 3900)),
        b"a" * 4095,
        b"a" * 4096,
        b"a" * 4097,
        random.Random(1).randbytes(4096 * 2) + b"end",
        glue.wheel_file("xlwings_custom_addin.bas").read_bytes(),
    ],
    ids=lambda data: str(len(data)),
)
def test_edges_of_chunks_and_tokens(data: bytes) -> None:
    assert bytes(decompress_stream(bytearray(compress(data)))) == data


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (b"abcdefghijklmnopqrstuv.", "0119b000616263646566676800696a6b6c6d6e6f70007172737475762e"),
        (b"a" * 73, "0103b002614500"),
    ],
)
def test_the_examples_of_the_specification(source: bytes, wanted: str) -> None:
    # [MS-OVBA] 3.2.1 and 3.2.3; in 3.2.2 the choice between two copies of one length is not that of its own algorithm.
    assert compress(source).hex() == wanted


def test_a_last_chunk_without_any_repetition_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be compressed"):
        compress(random.Random(2).randbytes(4000))


def opened(data: bytes) -> olefile.OleFileIO[str]:
    return olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_UNSURE)


names = st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=31)
sizes = st.sampled_from([0, 1, 63, 64, 65, 4095, 4096, 4097, 70_000])


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(names, sizes, max_size=14), st.dictionaries(names, sizes, max_size=6))
def test_olefile_reads_back_every_stream(below: dict[str, int], beside: dict[str, int]) -> None:
    beside.pop("storage", None)
    wanted = {f"storage/{name}": size for name, size in below.items()} | beside
    streams = {path: random.Random(path).randbytes(size) for path, size in wanted.items()}
    with opened(compound_file(streams)) as found:
        assert {"/".join(path) for path in found.listdir()} == set(streams)
        assert all(found.openstream(path).read() == data for path, data in streams.items())


@pytest.mark.parametrize("count", range(1, 40))
def test_the_directory_is_a_red_black_tree(count: int) -> None:
    data = compound_file({f"name{number:02}"[: 3 + number % 5] + str(number): b"x" for number in range(count)})
    (first,) = struct.unpack_from("<I", data, 48)
    entries = [data[at : at + 128] for at in range(512 * (first + 1), len(data), 128)]

    def name(at: int) -> tuple[int, bytes]:
        (length,) = struct.unpack_from("<H", entries[at], 64)
        return length, entries[at][: length - 2].upper()

    def heights(at: int, low: tuple[int, bytes], high: tuple[int, bytes], parent_is_red: bool) -> set[int]:
        """How many black entries lie on each way down."""
        if at == 0xFFFFFFFF:
            return {0}
        colour, left, right = struct.unpack_from("<BII", entries[at], 67)
        assert low < name(at) < high
        assert not (parent_is_red and colour == 0)
        below = heights(left, low, name(at), colour == 0) | heights(right, name(at), high, colour == 0)
        return {height + colour for height in below}

    (child,) = struct.unpack_from("<I", entries[0], 76)
    assert len(heights(child, (0, b""), (999, b""), parent_is_red=True)) == 1


def test_what_no_compound_file_of_ours_can_hold() -> None:
    with pytest.raises(ValueError, match="longer than 31"):
        compound_file({"x" * 32: b""})
    with pytest.raises(ValueError, match="sectors"):
        compound_file({"x": bytes(8_000_000)})


MODULES = [workbook_module(), sheet_module("Sheet1"), Module("Mine", Kind.STANDARD, 'Attribute VB_Name = "Mine"\n')]


def test_a_project_has_no_compiled_code_and_names_its_modules_in_order() -> None:
    with opened(vba_project(MODULES)) as found:
        # The version that says that no cache is any program's.
        assert found.openstream("VBA/_VBA_PROJECT").read() == bytes.fromhex("cc61ffff000100")
        assert not [path for path in found.listdir() if path[-1].startswith("__SRP")]
        text = found.openstream("PROJECT").read().decode("ascii")
        assert re.findall(r"^(?:Document|Module)=(\w+)", text, re.MULTILINE) == ["ThisWorkbook", "Sheet1", "Mine"]
        map_of_names = found.openstream("PROJECTwm").read()
        assert map_of_names.endswith(b"Mine\0M\0i\0n\0e\0\0\0\0\0")


def revealed(text: str) -> bytes:
    """What the value of CMG, DPB or GC hides, [MS-OVBA] 2.4.3.3."""
    seed, version, key, *rest = bytes.fromhex(text)
    assert seed ^ version == 2
    plain, older, last = seed ^ key, version, key
    shown = []
    for byte in rest:
        plain, older, last = byte ^ ((older + plain) & 0xFF), last, byte
        shown.append(plain)
    data = bytes(shown[(seed & 6) // 2 :])
    (length,) = struct.unpack_from("<I", data)
    assert len(data) == 4 + length
    return data[4:]


def test_the_project_is_unlocked_and_visible_as_xlwings_own_is() -> None:
    with zipfile.ZipFile(glue.wheel_file("quickstart_addin_ribbon.xlam")) as package:
        theirs = package.read("xl/vbaProject.bin")
    states = []
    for data in (theirs, vba_project(MODULES)):
        with opened(data) as found:
            text = found.openstream("PROJECT").read().decode("ascii")
        values = dict(re.findall(r'^(ID|CMG|DPB|GC)="([^"]*)"', text, re.MULTILINE))
        key = sum(values.pop("ID").encode()) & 0xFF
        assert all(bytes.fromhex(each)[0] ^ bytes.fromhex(each)[2] == key for each in values.values())
        states.append({name: revealed(value) for name, value in values.items()})
    assert states[0] == states[1] == {"CMG": bytes(4), "DPB": b"\0", "GC": b"\xff"}


def test_source_that_is_not_ascii_is_a_failure_of_ours() -> None:
    with pytest.raises(UnicodeEncodeError):
        vba_project([Module("Mine", Kind.STANDARD, "' 校验\n")])
