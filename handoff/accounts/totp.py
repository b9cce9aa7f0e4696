"""Codes of an app, six digits every half minute."""

import hmac
from datetime import datetime

import pyotp
import segno

_STEP_SECONDS = 30
_ISSUER = "つなぎ"
_DIGITS = 6


def new_secret() -> str:
    """Return a seed, 160 random bits."""
    return pyotp.random_base32()


def is_code(answer: str) -> bool:
    """Tell whether something typed is meant as a code of an app."""
    return len(answer) == _DIGITS and answer.isascii() and answer.isdigit()


def find_time_step(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """Return the time step that a code is of: this one or a neighbour, because clocks differ; never one up to ``after``, which was used."""
    current = int(now.timestamp()) // _STEP_SECONDS
    app = pyotp.TOTP(secret)
    fits = [step for step in (current - 1, current, current + 1) if hmac.compare_digest(app.generate_otp(step), code)]
    return next((step for step in fits if step > after), None)


def enrolment_uri(secret: str, login: str, city: str) -> str:
    """Return what the app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=f"{login}（{city}）", issuer_name=_ISSUER)


def qr_svg(uri: str) -> str:
    """Return the QR code as an inline SVG without styles, as the strict content policy wants it."""
    code = segno.make(uri, error="m")
    return code.svg_inline(
        border=4, omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None, title="認証アプリで読み取るQRコード"
    )


def in_groups(secret: str) -> str:
    """Return a seed as people type it, in groups of four."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
