"""Passwords: argon2id, off the event loop, a few at a time, and as slow for an unknown name as for a known one."""

import asyncio
import secrets
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from handoff.accounts.errors import LoginTooSoonError

_AT_ONCE = 2


@cache
def _hash_of_nobody() -> str:
    """Return what an unknown name is checked against. Nobody knows the password, this process included."""
    return PasswordHasher().hash(secrets.token_urlsafe(16))


class Passwords:
    """Hashes and checks passwords. One check holds 64 MiB, so two run at once and the others wait for a while."""

    def __init__(self, *, patience: timedelta = timedelta(seconds=5)) -> None:
        self._hasher = PasswordHasher()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._patience = patience.total_seconds()
        self._nobody = _hash_of_nobody()

    async def hash(self, password: str) -> str:
        """Return the hash to store."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Tell whether a password fits its hash. Without a hash the same work is done and the answer is no."""
        try:
            async with asyncio.timeout(self._patience):
                await self._turns.acquire()
        except TimeoutError as error:
            raise LoginTooSoonError("ログインが混み合っています。少し待ってからもう一度お試しください。", seconds=5) from error
        try:
            fits = await asyncio.to_thread(self._fits, stored or self._nobody, password)
        finally:
            self._turns.release()
        return fits and stored is not None

    def _fits(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False
