"""What bytes really are. A name and a declared type are words of whoever sent them; only the content is looked at. Pure.

What could carry something that runs (programs, pages, drawings with scripts, archives, documents with macros) is not taken in.
"""

import struct
from dataclasses import dataclass

_PIXELS = 40_000_000
"""A picture with more than these is a small file that fills the memory of a browser: it is kept, and shown to nobody by itself."""
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_OFFICE = {
    b"word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    b"xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    b"ppt/": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
}
_HEADS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"ID3", "audio/mpeg", "mp3"),
    (b"\xff\xfb", "audio/mpeg", "mp3"),
    (b"\xff\xf3", "audio/mpeg", "mp3"),
    (b"\xff\xf1", "audio/aac", "aac"),
    (b"\xff\xf9", "audio/aac", "aac"),
    (b"OggS", "audio/ogg", "ogg"),
    (b"#!AMR", "audio/amr", "amr"),
)
_STILL = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"avif"})
_TEXT_HEAD = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What bytes are. ``shown`` tells whether a browser may draw or play it inside a page."""

    media_type: str
    extension: str
    shown: bool = False


def sniff(content: bytes, *, sound: bool = False) -> Found | None:
    """Return what the content is; None for what is not taken in. ``sound`` decides for boxes that may hold either film or sound."""
    picture = _picture(content)
    if picture is not None:
        kind, extension, size = picture
        return Found(media_type=f"image/{kind}", extension=extension, shown=size is not None and 0 < size[0] * size[1] <= _PIXELS)
    if content[4:8] == b"ftyp":
        return _box(content, sound=sound)
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return Found(media_type="audio/wav", extension="wav", shown=True)
    for head, media_type, extension in _HEADS:
        if content.startswith(head):
            return Found(media_type=media_type, extension=extension, shown=media_type.startswith("audio/"))
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return _plain(content)


def _picture(content: bytes) -> tuple[str, str, tuple[int, int] | None] | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png", "png", _unpacked(">II", content, 16)
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "gif", "gif", _unpacked("<HH", content, 6)
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg", "jpg", _jpeg(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp", "webp", _webp(content)
    return None


def _unpacked(form: str, content: bytes, at: int) -> tuple[int, int] | None:
    if len(content) < at + struct.calcsize(form):
        return None
    width, height = struct.unpack_from(form, content, at)
    return width, height


def _jpeg(content: bytes) -> tuple[int, int] | None:
    """Walk over the segments to the one that tells the size."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - every segment begins with it
        marker = content[at + 1]
        if marker in _JPEG_SIZES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        at += 2 + int(struct.unpack_from(">H", content, at + 2)[0])
    return None


def _webp(content: bytes) -> tuple[int, int] | None:
    form = content[12:16]
    if form == b"VP8X" and len(content) >= 30:  # noqa: PLR2004 - the end of its header
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if form == b"VP8 ":
        size = _unpacked("<HH", content, 26)
        return None if size is None else (size[0] & 0x3FFF, size[1] & 0x3FFF)
    if form == b"VP8L" and len(content) >= 25:  # noqa: PLR2004 - the end of its header
        bits = int.from_bytes(content[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None


def _box(content: bytes, *, sound: bool) -> Found:
    brand = content[8:12]
    if brand in _STILL:
        return Found(media_type="image/heic", extension="heic")
    if sound or brand in {b"M4A ", b"M4B "}:
        return Found(media_type="audio/mp4", extension="m4a", shown=True)
    return Found(media_type="video/mp4", extension="mp4")


def _office(content: bytes) -> Found | None:
    """Take documents of an office without macros; an archive of whatever else is not taken in."""
    if b"[Content_Types].xml" not in content or b"vbaProject.bin" in content or b"oleObject" in content:
        return None
    found = next((kind for folder, kind in _OFFICE.items() if folder in content), None)
    return None if found is None else Found(media_type=found[0], extension=found[1])


def _plain(content: bytes) -> Found | None:
    """Take what reads as a plain text; what begins like a page, a drawing or a script does not."""
    head = content[:_TEXT_HEAD]
    if b"\0" in content or not content.strip():
        return None
    for encoding in ("utf-8", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.lstrip("\ufeff \t\r\n").startswith(("<", "#!", "MZ", "{\\rtf")) or any(byte < 9 for byte in head):  # noqa: PLR2004 - control signs
            return None
        return Found(media_type="text/plain", extension="txt")
    return None
