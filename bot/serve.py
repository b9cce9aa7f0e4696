"""Running processes: everything in one for a town, or web and worker apart on PostgreSQL."""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Iterator

import structlog
import uvicorn
from starlette.types import ASGIApp

from bot.app import Parts, background, build_app
from bot.demo import announce, open_demo
from bot.memory import keep_for_good
from bot.runtime import Runtime, database_url, only_process, open_runtime
from bot.settings import Settings, load_accounts
from intake.base.errors import StartupError

GRACEFUL_SECONDS = 5
_log = structlog.get_logger(__name__)


class Server(uvicorn.Server):
    """Tells streams and loops to end before uvicorn waits for its connections, and lets the process end in order."""

    def __init__(self, config: uvicorn.Config, stopping: asyncio.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Set ``stopping`` on a signal. uvicorn's own way raises the signal again, and the database would not be closed."""
        if threading.current_thread() is not threading.main_thread():
            yield  # Only the main thread of a process is told of signals.
            return
        loop = asyncio.get_running_loop()
        numbers = (signal.SIGINT, signal.SIGTERM)
        for number in numbers:
            loop.add_signal_handler(number, self._stopping.set)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)


def tcp_listener(family: socket.AddressFamily = socket.AF_INET) -> socket.socket:
    """Return a socket to listen on. Without TCP_NODELAY, which accepted sockets inherit, an answer in two pieces takes 40 ms."""
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _listen(settings: Settings) -> socket.socket:
    listener = tcp_listener(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen()  # Until somebody listens, a second process may bind the same port.
    except OSError as error:
        listener.close()
        raise StartupError(
            f"{settings.host}:{settings.port} は使えません（{error.strerror}）。TSUNAGI_PORT で別の番号を選んでください"
        ) from error
    return listener


async def run_app(runtime: Runtime, app: ASGIApp, listener: socket.socket) -> None:
    """Serve an app on a listening socket until a signal comes or ``runtime.stopping`` is set."""
    keep_for_good()
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        timeout_keep_alive=75,
    )
    server = Server(config, runtime.stopping)

    async def end() -> None:
        await runtime.stopping.wait()
        server.should_exit = True

    watcher = asyncio.create_task(end())
    try:
        await server.serve(sockets=[listener])
    finally:
        watcher.cancel()


def _lock(settings: Settings) -> contextlib.AbstractContextManager[None]:
    return only_process(settings.data_dir) if database_url(settings).startswith("sqlite") else contextlib.nullcontext()


async def serve(settings: Settings, *, demo: bool, parts: Parts) -> None:
    """Run the parts of one process until a signal comes."""
    if not parts.worker and database_url(settings).startswith("sqlite"):
        raise StartupError("SQLite では tsunagi serve を使ってください。web と worker を分けるには PostgreSQL が必要です")
    if demo and load_accounts(settings):
        raise StartupError("本物のLINEアカウントが設定されているので、見本（--demo）は動かしません。TSUNAGI_ACCOUNTS_FILE を外してください")
    with _lock(settings), _listen(settings) as listener:
        if demo:
            async with open_demo(settings) as opened:
                announce(opened)
                await run_app(opened.runtime, opened.app, listener)
            return
        async with open_runtime(settings) as runtime:
            _log.info("listening", address=f"http://{settings.host}:{settings.port}/console/", accounts=sorted(runtime.accounts))
            await run_app(runtime, build_app(runtime, parts=parts), listener)


async def work(settings: Settings) -> None:
    """Run workers, sender and schedule without a web server; for PostgreSQL, beside any number of ``tsunagi web``."""
    if database_url(settings).startswith("sqlite"):
        raise StartupError(
            "web と worker を分けるには PostgreSQL が必要です（TSUNAGI_DATABASE_URL）。SQLite では tsunagi serve を使ってください"
        )
    async with open_runtime(settings) as runtime:
        keep_for_good()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, runtime.stopping.set)
        async with background(runtime, Parts(web=False)):
            await runtime.stopping.wait()
