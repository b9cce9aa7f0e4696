"""Starting: an empty data directory is made ready; what is unsafe is refused; the stand-in is never there by accident."""

import asyncio
import fcntl
import socket
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from bot import runtime
from bot.app import Parts, build_app
from bot.checks import data_problems
from bot.doctor import examine
from bot.runtime import only_process, open_runtime
from bot.serve import _listen, serve, work
from bot.settings import Settings
from bot.setup import set_up
from intake.base.errors import StartupError
from intake.base.sealing import KeyRing
from tests.cli.test_settings import GOOD, accounts


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", port=1)


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def test_an_empty_directory_is_made_ready_and_served_without_the_stand_in(settings: Settings) -> None:
    async with open_runtime(settings) as opened:
        transport = httpx2.ASGITransport(app=build_app(opened, parts=Parts()))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            statuses = {
                path: (await client.get(path)).status_code for path in ("/healthz", "/readyz", "/metrics", "/simulator/", "/simulator")
            }
            posted = (await client.post("/simulator/control/act", json={})).status_code
            got = (await client.get("/line/main/webhook")).status_code
    assert statuses == {"/healthz": 200, "/readyz": 200, "/metrics": 200, "/simulator/": 404, "/simulator": 404}
    assert (posted, got) == (404, 405)
    modes = _modes(settings.data_dir)
    assert {"keyring.json", "tsunagi.db"} <= modes.keys()
    assert all(mode & 0o077 == 0 for name, mode in modes.items() if name != "keyring.lock")


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


async def test_the_demo_is_refused_beside_real_accounts(settings: Settings, tmp_path: Path) -> None:
    real = settings.model_copy(update={"accounts_file": accounts(tmp_path, GOOD)})
    with pytest.raises(StartupError, match=r"本物のLINEアカウント.*--demo"):
        await serve(real, demo=True, parts=Parts())
    assert not real.data_dir.exists()


async def test_an_account_of_an_unknown_municipality_is_refused(settings: Settings, tmp_path: Path) -> None:
    wrong = settings.model_copy(update={"accounts_file": accounts(tmp_path, GOOD.replace("sakata", "atlantis"))})
    with pytest.raises(StartupError, match=r"\[main\].*atlantis.*sakata"):
        await _open(wrong)


async def _open(settings: Settings) -> None:
    async with open_runtime(settings):
        pass


async def test_a_directory_in_use_is_refused(settings: Settings) -> None:
    with only_process(settings.data_dir), pytest.raises(StartupError, match="すでに動いている"):
        await serve(settings, demo=False, parts=Parts())
    with only_process(settings.data_dir), (settings.data_dir / "tsunagi.lock").open() as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


async def test_a_port_in_use_is_refused_with_a_way_out(settings: Settings) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = settings.model_copy(update={"port": other.getsockname()[1]})
        with pytest.raises(StartupError, match=r"使えません.*TSUNAGI_PORT"):
            await serve(taken, demo=False, parts=Parts())


def test_two_processes_that_start_at_once_do_not_share_a_port(settings: Settings) -> None:
    chosen = settings.model_copy(update={"port": free_port()})
    with closing(_listen(chosen)), pytest.raises(StartupError, match="使えません"):
        _listen(chosen)


async def test_workers_of_their_own_need_postgresql(settings: Settings) -> None:
    with pytest.raises(StartupError, match="PostgreSQL が必要です"):
        await work(settings)


async def test_a_missing_ring_beside_data_is_refused_and_none_is_made(settings: Settings, database_url: str) -> None:
    used = settings.model_copy(update={"database_url": database_url})
    await _open(used)
    used.keyring_path.unlink()
    with pytest.raises(StartupError, match=r"鍵のファイルがありません.*バックアップから"):
        await _open(used)
    assert not used.keyring_path.exists()


async def test_the_ring_of_another_installation_is_refused(settings: Settings, database_url: str) -> None:
    used = settings.model_copy(update={"database_url": database_url})
    await _open(used)
    used.keyring_path.unlink()
    KeyRing.create(used.keyring_path)
    with pytest.raises(StartupError, match="このデータベースのものではありません"):
        await _open(used)


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql+psycopg2://x/y", "sqlite:///x.db"])
def test_a_database_of_another_kind_is_refused(settings: Settings, url: str) -> None:
    with pytest.raises(StartupError, match=r"postgresql://… の形"):
        runtime.database_url(settings.model_copy(update={"database_url": url}))


def test_the_data_files_are_in_order() -> None:
    assert data_problems() == []


def test_a_wrong_file_of_the_town_s_own_words_is_named(tmp_path: Path) -> None:
    (tmp_path / "words.yaml").write_text("rows: 1\n", encoding="utf-8")
    assert [problem.partition(": ")[0] for problem in data_problems(tmp_path)] == ["words.yaml:1"]


async def test_the_doctor_finds_a_fresh_directory_safe_and_says_what_is_missing(settings: Settings) -> None:
    await set_up(settings)
    findings = await examine(settings)
    said = "\n".join(finding.line() for finding in findings)
    assert not any(finding.unsafe for finding in findings)
    assert "tsunagi staff add" in said
    assert "アカウントが設定されていません" in said
    assert "TSUNAGI_SECURE_COOKIES" in said
    assert all("\n" not in finding.line() for finding in findings)


async def test_the_doctor_says_what_cannot_be_opened_instead_of_falling_over(settings: Settings) -> None:
    await set_up(settings)
    settings.keyring_path.write_text("{}")
    [finding] = await examine(settings)
    assert finding.unsafe
    assert "鍵のファイルが壊れています" in finding.text


async def test_the_doctor_warns_of_an_account_that_cannot_be_asked(settings: Settings, tmp_path: Path) -> None:
    content = GOOD + f'api_base = "http://127.0.0.1:{free_port()}"\n'
    await set_up(settings)
    async with asyncio.timeout(20):
        findings = await examine(settings.model_copy(update={"accounts_file": accounts(tmp_path, content)}))
    assert [finding.topic for finding in findings if finding.unsafe] == ["LINE（main）"]


async def test_the_doctor_changes_nothing_where_nothing_is(settings: Settings) -> None:
    [finding] = await examine(settings)
    assert finding.unsafe
    assert "tsunagi setup" in finding.text
    assert _modes(settings.data_dir) == {}
