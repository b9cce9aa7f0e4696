"""Settings: what is unknown, wrong or unsafe stops the start with a word that a clerk understands."""

from pathlib import Path

import pytest

from bot.settings import load_accounts, load_settings
from intake.base.errors import StartupError

GOOD = '[main]\nmunicipality = "sakata"\nchannel_secrets = ["himitsu"]\naccess_token = "t"\n'


def accounts(path: Path, content: str, mode: int = 0o600) -> Path:
    file = path / "accounts.toml"
    file.write_text(content, encoding="utf-8")
    file.chmod(mode)
    return file


def test_a_setting_that_nobody_knows_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSUNAGI_PROT", "8000")
    with pytest.raises(StartupError, match=r"知らない設定です: TSUNAGI_PROT。使えるのは .*TSUNAGI_PORT"):
        load_settings()


def test_a_setting_in_small_letters_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("tsunagi_prot", "8000")
    with pytest.raises(StartupError, match="tsunagi_prot"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("PORT", "eight", "整数で書いてください"),
        ("PORT", "0", "1 以上にしてください"),
        ("PORT", "70000", "65535 以下にしてください"),
        ("SECURE_COOKIES", "maybe", "true か false"),
        ("SEND_TIMEOUT_SECONDS", "0", "0.* より大きく"),
        ("SEND_TIMEOUT_SECONDS", "soon", "数字で"),
        ("LOG_LEVEL", "LOUD", "'DEBUG'.*のどれか"),
        ("WORKER_PARALLEL", "65", "64 以下"),
        ("WEBHOOK_BODY_LIMIT_BYTES", "5", "10000 以上"),
    ],
)
def test_a_wrong_value_is_named_with_what_it_should_be(monkeypatch: pytest.MonkeyPatch, name: str, value: str, word: str) -> None:
    monkeypatch.setenv(f"TSUNAGI_{name}", value)
    with pytest.raises(StartupError, match=rf"設定に誤りがあります。\nTSUNAGI_{name}: .*{word}"):
        load_settings()


WHOLE = {"ISSUER": "https://id.test", "CLIENT_ID": "tsunagi", "CLIENT_SECRET": "himitsu", "MUNICIPALITY": "sakata"}


@pytest.mark.parametrize(
    ("changed", "console", "word"),
    [
        ({"CLIENT_SECRET": ""}, "https://desk.test/console/", "全部書くか"),
        ({"ISSUER": "http://id.test"}, "https://desk.test/console/", "https:// で始めて"),
        ({}, "", "TSUNAGI_CONSOLE_URL"),
    ],
)
def test_half_a_provider_of_logins_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], console: str, word: str
) -> None:
    monkeypatch.setenv("TSUNAGI_CONSOLE_URL", console)
    for name, value in (WHOLE | changed).items():
        monkeypatch.setenv(f"TSUNAGI_OIDC_{name}", value)
    with pytest.raises(StartupError, match=word):
        load_settings()


def test_an_empty_value_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSUNAGI_DATABASE_URL", "")
    monkeypatch.setenv("TSUNAGI_PORT", "")
    settings = load_settings()
    assert (settings.database_url, settings.port) == (None, 8000)


def test_accounts_are_read_and_their_secrets_are_not_shown(tmp_path: Path) -> None:
    found = load_accounts(load_settings(accounts_file=accounts(tmp_path, GOOD)))
    assert found["main"].channel_secrets[0].get_secret_value() == "himitsu"
    assert "himitsu" not in repr(found)


def test_accounts_that_others_may_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="chmod 600"):
        load_accounts(load_settings(accounts_file=accounts(tmp_path, GOOD, mode=0o644)))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("[main", "TOML として読めません"),
        ('[main]\nmunicipality = "sakata"\naccess_token = "t"\n', "channel_secrets: 書かれていません"),
        (GOOD.replace('["himitsu"]', "[]"), "channel_secrets: 一つ以上書いてください"),
        (GOOD + 'secret = "himitsu"\n', "secret: 知らない項目です"),
        (GOOD.replace('"sakata"', "7"), "municipality: 文字で書いてください"),
        (GOOD.replace('["himitsu"]', '"himitsu"'), "channel_secrets: .*一覧で"),
        (GOOD.replace("main", '"../main"'), "アカウントの名前は英数字"),
        ('main = "himitsu"\n', "アカウントの名前は英数字"),
    ],
)
def test_a_wrong_file_of_accounts_is_refused_without_its_secrets(tmp_path: Path, content: str, word: str) -> None:
    with pytest.raises(StartupError, match=word) as refused:
        load_accounts(load_settings(accounts_file=accounts(tmp_path, content)))
    assert "himitsu" not in str(refused.value)
    assert "accounts.toml" in str(refused.value)


def test_a_file_of_accounts_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match=r"LINEアカウントのファイルが読めません: .*none\.toml"):
        load_accounts(load_settings(accounts_file=tmp_path / "none.toml"))


def test_every_setting_is_described_for_operators() -> None:
    described = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    assert [name for name in type(load_settings()).model_fields if f"`TSUNAGI_{name.upper()}`" not in described] == []
