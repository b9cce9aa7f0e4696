"""What a message carries: what somebody chose on the own device, or a small sample that the stand-in makes."""

import math
import struct

from bot.simulator.model import ChatMessage
from bot.simulator.pictures import draw

_RATE, _SECONDS = 8000, 2
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def content_of(message: ChatMessage) -> tuple[bytes, str]:
    """Return the content of a message and its type."""
    if message.content is not None:
        return message.content, message.content_type
    match str(message.body.get("type")):
        case "audio":
            return hum(), "audio/wav"
        case "file":
            return _PDF, "application/pdf"
        case _:
            return draw(message.id), "image/png"


def hum() -> bytes:
    """Return two seconds of a soft tone, so that no voice of anybody is ever needed."""
    samples = (int(6000 * math.sin(2 * math.pi * 220 * n / _RATE)) for n in range(_RATE * _SECONDS))
    sound = b"".join(struct.pack("<h", sample) for sample in samples)
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(sound), b"WAVE", b"fmt ", 16, 1, 1, _RATE, 2 * _RATE, 2, 16, b"data", len(sound)
    )
    return head + sound
