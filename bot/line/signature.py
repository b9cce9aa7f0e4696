"""LINE's signature: base64 of HMAC-SHA256 over the raw bytes of the body."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable

_DIGEST_BYTES = 32


def sign(secret: str, body: bytes) -> str:
    """Return the signature of a body, as LINE puts it into ``x-line-signature``."""
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def is_signed(secrets: Iterable[str], body: bytes, signature: bytes | None) -> bool:
    """Tell whether one of the secrets signed exactly these bytes. Takes the same time for any wrong signature."""
    try:
        given = base64.b64decode(signature or b"", validate=True)
    except binascii.Error:
        given = b""
    genuine = len(given) == _DIGEST_BYTES
    found = False
    for secret in secrets:
        found |= hmac.compare_digest(hmac.digest(secret.encode(), body, hashlib.sha256), given if genuine else bytes(_DIGEST_BYTES))
    return found and genuine
