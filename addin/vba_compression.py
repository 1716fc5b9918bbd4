"""Compression of VBA source, as [MS-OVBA] 2.4.1 has it.

`ms-ovba-compression` 1.0.1 was tried and is not used: it takes no notice of the longest copy that a token can say and
wrote xlwings' own module so that no reader got it back.
"""

from __future__ import annotations

import struct

CHUNK = 4096
_SHORTEST = 3
_RAW, _COMPRESSED = 0x3000, 0xB000


def compress(data: bytes) -> bytes:
    """A compressed container of `data`. ValueError for a last chunk that would grow over its room, as no text does."""
    return b"\x01" + b"".join(_chunk(data[start : start + CHUNK]) for start in range(0, len(data), CHUNK))


def _chunk(data: bytes) -> bytes:
    body = _tokens(data)
    if len(body) <= CHUNK:
        return struct.pack("<H", _COMPRESSED | (len(body) - 1)) + body
    if len(data) < CHUNK:
        raise ValueError(f"{len(data)} bytes at the end that cannot be compressed")
    return struct.pack("<H", _RAW | (CHUNK - 1)) + data


def _tokens(data: bytes) -> bytes:
    """Groups of up to eight tokens, each group after a byte whose bits say which of them are copies."""
    out = bytearray()
    seen: dict[bytes, list[int]] = {}
    at = 0
    while at < len(data):
        flags, group = 0, bytearray()
        for bit in range(8):
            if at >= len(data):
                break
            start, length = _match(data, at, seen.get(data[at : at + _SHORTEST], []))
            if length:
                flags |= 1 << bit
                group += struct.pack("<H", (at - start - 1) << (16 - _offset_bits(at)) | (length - _SHORTEST))
            else:
                length = 1
                group.append(data[at])
            for place in range(at, at + length):
                seen.setdefault(data[place : place + _SHORTEST], []).append(place)
            at += length
        out.append(flags)
        out += group
    return bytes(out)


def _match(data: bytes, at: int, starts: list[int]) -> tuple[int, int]:
    """Where the longest copy of what stands at `at` begins, and its length; the nearest of several, 0 for none."""
    longest = min((0xFFFF >> _offset_bits(at)) + _SHORTEST, len(data) - at)
    best, best_length = 0, 0
    for start in reversed(starts):
        length = 0
        # A copy may run on into what it has just written.
        while length < longest and data[start + length] == data[at + length]:
            length += 1
        if length > best_length:
            best, best_length = start, length
        if length == longest:
            break
    return (best, best_length) if best_length >= _SHORTEST else (0, 0)


def _offset_bits(at: int) -> int:
    """How many of a copy token's bits say how far back it reaches."""
    return max((at - 1).bit_length(), 4)
