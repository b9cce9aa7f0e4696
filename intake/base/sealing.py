"""Sealing: what residents write, and who they are, is encrypted at rest and bound to the row that holds it.

Envelope: ``0x01 | kid (4 bytes) | nonce (12) | ciphertext and tag``, AES-256-GCM; the associated data name version, key,
table, column, municipality and row. One data key per municipality and month, so that keys rotate by themselves and
retention can destroy a month. Look-ups go through a keyed HMAC, never through the open value.
"""

import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from intake.base.clock import TOKYO
from intake.base.errors import StartupError

_VERSION = 1
_HEAD = 17
_KEY_BYTES = 32
_INDEX_BYTES = 16


class UnreadableError(Exception):
    """The envelope cannot be opened: unknown key, foreign row, or changed bytes. Shown as 「読めません」, never as empty text."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands."""

    table: str
    column: str
    municipality: str
    row: str

    def bound(self, kid: int) -> bytes:
        """Return the associated data for this place under a key."""
        return f"{_VERSION}|{kid}|{self.table}|{self.column}|{self.municipality}|{self.row}".encode()


def _key(digits: str) -> bytes:
    key = bytes.fromhex(digits)
    if len(key) != _KEY_BYTES:
        raise ValueError("length")
    return key


def _index_key(ring: Any) -> bytes:
    if ring["version"] != _VERSION:
        raise ValueError("version")
    return _key(ring["index_key"])


def _write_durably(path: Path, ring: object) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(ring, file)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    """Make a new name in a folder durable: what is sealed with a key may be committed in the next moment."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class KeyRing:
    """The keys of one installation, kept in a file of mode 0600 that is backed up apart from the data."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._current: dict[tuple[str, str], int] = {}
        self._ciphers: dict[int, AESGCM] = {}
        self._index_key = b""
        self._load()

    @classmethod
    def create(cls, path: Path) -> "KeyRing":
        """Make a new ring where none is, and open it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        _write_durably(fresh, {"version": _VERSION, "index_key": secrets.token_hex(_KEY_BYTES), "keys": []})
        with contextlib.suppress(FileExistsError):  # Another process was faster; unlike a rename, a link never takes its place.
            path.hardlink_to(fresh)
        fresh.unlink()
        _sync_folder(path)
        return cls(path)

    def _load(self) -> None:
        try:
            mode = self._path.stat().st_mode & 0o777
            ring = json.loads(self._path.read_text(encoding="utf-8"))
            index_key = _index_key(ring)
            entries = [(int(k["kid"]), str(k["municipality"]), str(k["month"]), _key(k["key"])) for k in ring["keys"]]
        except FileNotFoundError as error:
            raise StartupError(
                f"鍵のファイルがありません: {self._path}。バックアップから戻してください（作り直すと今までの記録は読めません）"
            ) from error
        except OSError as error:
            raise StartupError(f"鍵のファイルが読めません: {self._path}（{error.strerror}）") from error
        except (ValueError, KeyError, TypeError) as error:
            raise StartupError(
                f"鍵のファイルが壊れています: {self._path}（{type(error).__name__}）。バックアップから戻してください"
            ) from error
        if mode & 0o077:
            raise StartupError(f"鍵のファイルがほかの利用者にも読めます: {self._path}。chmod 600 にしてください")
        self._index_key = index_key
        for kid, municipality, month, key in entries:
            self._ciphers.setdefault(kid, AESGCM(key))
            self._current[municipality, month] = kid

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _add(self, municipality: str, month: str) -> int:
        with self._locked():
            self._load()
            if (municipality, month) in self._current:
                return self._current[municipality, month]
            ring = json.loads(self._path.read_text(encoding="utf-8"))
            kid = 1 + max((int(key["kid"]) for key in ring["keys"]), default=0)
            ring["keys"].append({"kid": kid, "municipality": municipality, "month": month, "key": secrets.token_hex(_KEY_BYTES)})
            fresh = self._path.with_suffix(".new")
            _write_durably(fresh, ring)
            fresh.replace(self._path)
            _sync_folder(self._path)
            self._load()
            return kid

    def seal(self, text: str, place: Place, now: datetime) -> bytes:
        """Seal a text for its place, under the key of the municipality and the month of ``now`` (Asia/Tokyo)."""
        return self.seal_bytes(text.encode("utf-8", "replace"), place, now)

    def seal_bytes(self, content: bytes, place: Place, now: datetime) -> bytes:
        """Seal bytes that are no text, in the same way."""
        month = now.astimezone(TOKYO).strftime("%Y-%m")
        kid = self._current.get((place.municipality, month)) or self._add(place.municipality, month)
        nonce = os.urandom(12)
        sealed = self._ciphers[kid].encrypt(nonce, content, place.bound(kid))
        return bytes((_VERSION,)) + kid.to_bytes(4, "big") + nonce + sealed

    def open(self, envelope: bytes, place: Place) -> str:
        """Open what was sealed for this very place; :class:`UnreadableError` for anything else."""
        return self.open_bytes(envelope, place).decode()

    def open_bytes(self, envelope: bytes, place: Place) -> bytes:
        """Open what was sealed as bytes, in the same way."""
        if len(envelope) < _HEAD or envelope[0] != _VERSION:
            raise UnreadableError(place.table)
        kid = int.from_bytes(envelope[1:5], "big")
        if kid not in self._ciphers:
            self._load()
        cipher = self._ciphers.get(kid)
        if cipher is None:
            raise UnreadableError(place.table)
        try:
            return cipher.decrypt(envelope[5:_HEAD], envelope[_HEAD:], place.bound(kid))
        except InvalidTag as error:
            raise UnreadableError(place.table) from error

    def index(self, *parts: str) -> str:
        """Return the keyed look-up value of an open value, 32 hex digits. Parts are told apart by their lengths."""
        message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
        return hmac.new(self._index_key, message, hashlib.sha256).digest()[:_INDEX_BYTES].hex()
