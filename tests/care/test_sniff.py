"""What bytes are is told by the bytes; what could run is not taken in, whatever it is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.attachments.words import _TYPES
from intake.attachments.sniff import sniff
from tests.care import contents as made

TAKEN = [
    (made.PNG, "image/png", True),
    (made.JPEG, "image/jpeg", True),
    (made.GIF, "image/gif", True),
    (made.WEBP, "image/webp", True),
    (made.BOMB, "image/png", False),
    (made.JPEG[:12], "image/jpeg", False),
    (made.HEIC, "image/heic", False),
    (made.VOICE, "audio/mp4", True),
    (made.FILM, "video/mp4", False),
    (made.WAV, "audio/wav", True),
    (b"ID3\x04\x00\x00", "audio/mpeg", True),
    (b"OggS\x00\x02", "audio/ogg", True),
    (made.PDF, "application/pdf", False),
    (made.DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", False),
    (made.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
    ("家計のメモ\n家賃 5万円".encode(), "text/plain", False),
    ("家計のメモ".encode("cp932"), "text/plain", False),
]
REFUSED = {
    "nothing": b"",
    "white space": b" \n",
    "program of Windows": b"MZ\x90\x00\x03\x00",
    "program of Linux": b"\x7fELF\x02\x01\x01\x00",
    "script": b"#!/bin/sh\nrm -rf /",
    "page": b"<!DOCTYPE html><script>alert(1)</script>",
    "page behind a mark": "\ufeff \n<html>".encode(),
    "drawing with a script": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "archive": made.ARCHIVE,
    "document with macros": made.MACRO,
    "old document": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40,
    "unknown": bytes(range(256)),
    "text with a zero": b"abc\0def",
}


@pytest.mark.parametrize(("content", "media_type", "shown"), TAKEN, ids=[f"{n}-{row[1]}" for n, row in enumerate(TAKEN)])
def test_what_is_taken_in_is_called_what_its_bytes_are(content: bytes, media_type: str, *, shown: bool) -> None:
    found = sniff(content)
    assert found is not None
    assert (found.media_type, found.shown) == (media_type, shown)
    assert _TYPES[found.media_type][1] == found.extension


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_run_or_is_unknown_is_not_taken_in(name: str) -> None:
    assert sniff(REFUSED[name]) is None


def test_a_box_that_line_calls_a_voice_is_a_voice() -> None:
    found = sniff(made.FILM, sound=True)
    assert found is not None
    assert found.media_type == "audio/mp4"


@given(
    st.binary(max_size=200), st.sampled_from([b"", made.JPEG[:4], made.WEBP[:16], b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"RIFF", b"GIF89a"])
)
def test_no_bytes_make_it_stumble(rest: bytes, head: bytes) -> None:
    found = sniff(head + rest)
    assert found is None or found.media_type in _TYPES
