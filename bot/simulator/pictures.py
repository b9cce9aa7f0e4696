"""Small generated photographs, so that no picture of anybody is ever needed."""

import hashlib
import struct
import zlib

WIDTH, HEIGHT = 240, 160


def draw(seed: str) -> bytes:
    """Return a PNG of hills under a sky; the same seed gives the same picture."""
    shades = hashlib.sha256(seed.encode()).digest()
    horizon = HEIGHT // 2 + shades[0] % 24
    rows = [b"\x00" + b"".join(_pixel(x, y, horizon, shades) for x in range(WIDTH)) for y in range(HEIGHT)]
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"".join(rows))) + _chunk(b"IEND", b"")


def _pixel(x: int, y: int, horizon: int, shades: bytes) -> bytes:
    slope = abs((x + shades[1]) % 160 - 80) // 3
    if y < horizon - slope:
        return bytes((150 + y // 2, 195 + y // 4, 235))
    depth = min(60, (y - horizon + slope) // 2)
    return bytes((90 + shades[2] % 40 - depth // 2, 140 - depth, 80 - depth // 2))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
