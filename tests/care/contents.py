"""Small contents of many kinds, made here so that no picture of anybody is needed."""

import io
import struct
import zipfile

from bot.simulator.pictures import draw
from bot.simulator.samples import hum

PNG = draw("a")
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xc0\x00\x11\x08"
    + struct.pack(">HH", 600, 800)
    + b"\x03" * 20
)
GIF = b"GIF89a" + struct.pack("<HH", 10, 10) + b"\0" * 20
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00" + (799).to_bytes(3, "little") + (599).to_bytes(3, "little")
BOMB = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 60000, 60000) + b"\x08\x02\0\0\0"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"
FILM = b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00"
VOICE = b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00"
WAV = hum()
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def zipped(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "xl/workbook.xml")
MACRO = zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
ARCHIVE = zipped("run.exe")
