"""A real server on a loopback port, in a thread of its own, for browsers and for what only real HTTP can show."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from bot.simulator import build_simulator, demo_channel
from intake.base.clock import SystemClock
from tests.simulator.conftest import ACCOUNT, SECRET, TOKEN


class _Server(uvicorn.Server):
    """Ends the streams of the stand-in before it waits for them."""

    def __init__(self, config: uvicorn.Config, simulator: Starlette) -> None:
        super().__init__(config)
        self._simulator = simulator

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._simulator.state.simulator.aclose()
        await super().shutdown(sockets)


@contextmanager
def running() -> Iterator[str]:
    """Serve the stand-in with a product that says 200 to everything; give the address of the stand-in."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server: _Server | None = None

    def serve() -> None:
        nonlocal server
        channel = demo_channel(account=ACCOUNT, name="見本市 つなぎ相談", secret=SECRET, access_token=TOKEN)
        simulator = build_simulator(webhook_base=f"http://127.0.0.1:{port}", clock=SystemClock(), channels=[channel])
        hook = Route("/line/{account}/webhook", _accept, methods=["POST"])
        config = uvicorn.Config(Starlette(routes=[hook, Mount("/simulator", simulator)]), log_level="critical", lifespan="off", ws="none")
        server = _Server(config, simulator)
        asyncio.run(server.serve(sockets=[listening]))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    while server is None or not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/simulator"
    server.should_exit = True
    thread.join(10)
    listening.close()
    assert not thread.is_alive(), "the server waited for an open stream"


async def _accept(_request: Request) -> Response:
    return Response()
