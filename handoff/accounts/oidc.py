"""Login by the accounts of the town hall (OpenID Connect): asks the provider who somebody is, and believes only what it has signed.

An account must exist here already: whoever the provider knows and つなぎ does not stays outside. The provider's second factor counts
only where the settings name the methods that do.
"""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from handoff.accounts.errors import LoginRefusedError

_log = structlog.get_logger(__name__)
_ALGORITHMS = ["RS256", "PS256", "ES256"]
_KNOWN_FOR = timedelta(hours=1)
ROUND = timedelta(minutes=10)
"""So long the way to the provider and back may take."""
_TIMEOUT = 10.0
_SKEW = 60
FAILED = "庁内の認証からの返事を確かめられませんでした。もう一度お試しください。続くときは、つなぎのIDとパスワードでログインしてください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcConfig:
    """Where the provider is, who we are to it, and what of its answers counts. ``municipality`` is the one whose staff it knows."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    municipality: str
    label: str
    login_claim: str
    """Holds the login as つなぎ knows it. The provider must never give it to another person."""
    second_factors: frozenset[str]
    """Methods (``amr``) that stand for a second factor of our own. None: ours is always asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One way to the provider and back: what only the browser that went may bring."""

    state: str
    nonce: str
    verifier: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Whom the provider has shown: the login, and whether it has seen a second factor that counts."""

    login: str
    second_factor: bool


class OidcProvider:
    """One provider. Its addresses and keys are asked for when they are needed, and kept for an hour."""

    def __init__(self, config: OidcConfig) -> None:
        self.config = config
        self._asking = asyncio.Lock()
        self._metadata: Mapping[str, Any] = {}
        self._keys: KeySet | None = None
        self._asked_at: datetime | None = None

    async def begin(self, now: datetime) -> tuple[str, Round]:
        """Return where to send the browser, and what it has to bring back. :class:`LoginRefusedError` when nobody answers."""
        try:
            metadata, _ = await self._about(now)
        except (httpx2.HTTPError, ValueError, KeyError) as error:
            raise _refusal(error) from error
        begun = Round(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            until=now + timedelta(minutes=10),
        )
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=begun.state, nonce=begun.nonce, code_verifier=begun.verifier
            )
        return str(url), begun

    async def finish(self, begun: Round, code: str, now: datetime) -> Known:
        """Exchange the code and return whom the provider names; :class:`LoginRefusedError` for anything that does not fit."""
        try:
            metadata, _ = await self._about(now)
            async with self._client() as client:
                token = await client.fetch_token(metadata["token_endpoint"], code=code, code_verifier=begun.verifier)
            claims = await self._claims(token, begun, now)
        except (httpx2.HTTPError, AuthlibBaseError, JoseError, ValueError, KeyError) as error:
            raise _refusal(error) from error
        login = claims.get(self.config.login_claim)
        if not isinstance(login, str) or not login:
            raise _refusal(KeyError(self.config.login_claim))
        methods = {method for method in claims.get("amr") or () if isinstance(method, str)}
        return Known(login=login, second_factor=bool(methods & self.config.second_factors))

    def _client(self) -> AsyncOAuth2Client:
        mine = self.config
        return AsyncOAuth2Client(
            mine.client_id,
            mine.client_secret,
            scope="openid profile",
            redirect_uri=mine.redirect_uri,
            code_challenge_method="S256",
            timeout=_TIMEOUT,
        )

    async def _claims(self, token: Mapping[str, Any], begun: Round, now: datetime) -> CodeIDToken:
        """Return what the provider has signed, checked: by which key, by whom, for whom, when, and for this very round."""
        _, keys = await self._about(now)
        try:
            signed = jwt.decode(token["id_token"], keys, algorithms=_ALGORITHMS)
        except (JoseError, ValueError):
            # The provider may have taken a new key since we asked.
            _, keys = await self._about(now, anew=True)
            signed = jwt.decode(token["id_token"], keys, algorithms=_ALGORITHMS)
        options = {
            "iss": {"essential": True, "value": self.config.issuer},
            "aud": {"essential": True, "value": self.config.client_id},
        }
        params = {"nonce": begun.nonce, "client_id": self.config.client_id, "access_token": token.get("access_token")}
        claims = CodeIDToken(signed.claims, signed.header, options, params)
        claims.validate(now=int(now.timestamp()), leeway=_SKEW)
        return claims

    async def _about(self, now: datetime, *, anew: bool = False) -> tuple[Mapping[str, Any], KeySet]:
        async with self._asking:
            if self._keys is None or anew or self._asked_at is None or now - self._asked_at > _KNOWN_FOR:
                async with httpx2.AsyncClient(timeout=_TIMEOUT) as client:
                    told = (
                        (await client.get(f"{self.config.issuer.rstrip('/')}/.well-known/openid-configuration")).raise_for_status().json()
                    )
                    if told["issuer"] != self.config.issuer:
                        raise ValueError("the provider names another issuer than the settings")
                    keys = (await client.get(told["jwks_uri"])).raise_for_status().json()
                self._metadata, self._keys, self._asked_at = told, KeySet.import_key_set(keys), now
            return self._metadata, self._keys


async def _get(url: str) -> Any:
    async with httpx2.AsyncClient(timeout=_TIMEOUT) as client:
        return (await client.get(url)).raise_for_status().json()


def _refusal(error: Exception) -> LoginRefusedError:
    _log.warning("oidc_refused", kind=type(error).__name__, what=str(error)[:200])
    return LoginRefusedError(FAILED)
