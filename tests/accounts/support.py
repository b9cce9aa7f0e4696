"""An app, a passkey and links, as a member of staff has them, without a phone or a network."""

import html
import json
import re
from dataclasses import dataclass, field
from typing import Any

import cbor2
import pyotp
from argon2 import PasswordHasher
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from handoff.accounts.models import Role, Staff
from tests.handoff.support import CITY, PASSWORD, Answer, Browser, World

ORIGIN = "http://desk.test"
_QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
HASH = _QUICK.hash(PASSWORD)
"""A hash that is cheap to check; its cost is not what these tests are about."""


def _sha256(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(data)
    return digest.finalize()


@dataclass
class Passkey:
    """A security key in software: makes one passkey and signs with it."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = b"an invented passkey"
    count: int = 0

    def _client(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()

    def _data(self, host: str, extra: bytes, flags: int) -> bytes:
        self.count += 1
        return _sha256(host.encode()) + bytes([flags]) + self.count.to_bytes(4, "big") + extra

    def create(self, options: dict[str, Any], origin: str = ORIGIN) -> str:
        public = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")})
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cose
        data = self._data(options["rp"]["id"], attested, 0x45)
        client = self._client("webauthn.create", options["challenge"], origin)
        made = {"fmt": "none", "attStmt": {}, "authData": data}
        response = {"attestationObject": bytes_to_base64url(cbor2.dumps(made)), "clientDataJSON": bytes_to_base64url(client)}
        return self._answer(response)

    def get(self, options: dict[str, Any], origin: str = ORIGIN) -> str:
        data = self._data(options["rpId"], b"", 0x05)
        client = self._client("webauthn.get", options["challenge"], origin)
        signature = self.key.sign(data + _sha256(client), ec.ECDSA(hashes.SHA256()))
        response = {
            "authenticatorData": bytes_to_base64url(data),
            "clientDataJSON": bytes_to_base64url(client),
            "signature": bytes_to_base64url(signature),
        }
        return self._answer(response)

    def _answer(self, response: dict[str, str]) -> str:
        name = bytes_to_base64url(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}})


def options_of(answer: Answer) -> dict[str, Any]:
    """What the page asks a passkey for."""
    found = re.search(r'data-options="([^"]*)"', answer.text)
    assert found is not None, answer.text
    options: dict[str, Any] = json.loads(html.unescape(found[1]))
    assert len(base64url_to_bytes(options["challenge"])) >= 32
    return options


def secret_of(answer: Answer) -> str:
    """The seed that the page shows beside the QR code."""
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', answer.text)
    assert found is not None, answer.text
    return found[1].replace(" ", "")


def codes_of(answer: Answer) -> list[str]:
    """The recovery codes on a page."""
    return re.findall(r"<code>([^<]+)</code>", answer.text)


def link_of(answer: Answer) -> str:
    """The link that a page shows once, as a path of the console."""
    found = re.search(r"/console(/invitation/[\w-]+)", answer.text)
    assert found is not None, answer.text
    return found[1]


def code_at(world: World, secret: str) -> str:
    return pyotp.TOTP(secret).at(world.clock.now())


async def log_in(browser: Browser, login: str = "tanaka", password: str = PASSWORD) -> Answer:
    return await browser.post("/login", municipality=CITY, login=login, password=password)


async def person(world: World, login: str = "tanaka", role: Role = Role.COUNSELLOR, **rest: Any) -> Staff:
    """An account whose password is known, without a second factor yet."""
    return await world.staff(login, role, password_hash=HASH, **rest)


async def enrolled(world: World, login: str = "tanaka", role: Role = Role.COUNSELLOR, **rest: Any) -> tuple[Browser, str, list[str]]:
    """A browser of somebody who has just registered an app: its seed and the recovery codes."""
    await person(world, login, role, **rest)
    browser = Browser(world.app)
    assert (await log_in(browser, login)).headers["location"] == "/console/login/enrol"
    secret = secret_of(await browser.get("/login/enrol"))
    answer = await browser.post("/login/enrol", code=code_at(world, secret))
    assert answer.status == 200, answer.text
    return browser, secret, codes_of(answer)
