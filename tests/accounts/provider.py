"""A small OpenID provider on the own machine: it names whom a test tells it to name, and checks us as a real one would."""

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "tsunagi", "himitsu-no-aikotoba"


@dataclass
class LoopbackProvider:
    """``claims`` and ``key`` may be spoilt by a test. ``asked`` counts the token requests that were refused."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first"}))
    published: RSAKey | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    refused: int = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def shows(self, url: str, now: int, **claims: Any) -> tuple[str, str]:
        """Somebody logs in at the provider: return the state and the code that the browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        self.claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "opaque",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **claims,
        }
        return asked["state"], code

    async def about(self, _request: Request) -> Response:
        named = {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize"}
        return JSONResponse({**named, "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys"})

    async def keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [(self.published or self.key).as_dict(private=False)]})

    async def token(self, request: Request) -> Response:
        form = await request.form()
        begun = self.codes.pop(str(form["code"]), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(str(form["code_verifier"]).encode()).digest()).rstrip(b"=").decode()
        fits = begun is not None and begun["code_challenge"] == challenge and begun["redirect_uri"] == form["redirect_uri"]
        if not fits or request.headers["authorization"] != f"Basic {basic}":
            self.refused += 1
            return JSONResponse({"error": "invalid_grant"}, 400)
        signed = jwt.encode({"alg": self.algorithm, "kid": "first"}, self.claims, self.key, algorithms=[self.algorithm])
        return JSONResponse({"access_token": "unused", "token_type": "Bearer", "id_token": signed})


@asynccontextmanager
async def loopback_provider() -> AsyncIterator[LoopbackProvider]:
    """Serve it on a free port until the block ends."""
    provider = LoopbackProvider()
    routes = [
        Route("/.well-known/openid-configuration", provider.about),
        Route("/keys", provider.keys),
        Route("/token", provider.token, methods=["POST"]),
    ]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=0, log_level="warning", lifespan="off"))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it by an attribute only
        await asyncio.sleep(0.01)
    provider.issuer = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield provider
    server.should_exit = True
    await task
