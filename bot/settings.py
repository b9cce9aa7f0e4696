"""All settings of the program. Nobody else reads the environment; what is unsafe or unknown stops the start with a clear word."""

import os
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from handoff.report_abuse.words import Deadlines
from intake.base.errors import StartupError

PREFIX = "TSUNAGI_"
LINE_API = "https://api.line.me"
LINE_DATA_API = "https://api-data.line.me"
_PRIVATE = ("https://", "http://127.0.0.1:", "http://localhost:")
"""How an address begins over which nobody else reads along; the own machine is for trying it out."""


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(_upper)]


class LineAccount(BaseModel):
    """One LINE account as ``TSUNAGI_ACCOUNTS_FILE`` names it. Several secrets are for a planned change of the secret."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    municipality: str
    channel_secrets: tuple[SecretStr, ...] = Field(min_length=1)
    access_token: SecretStr
    api_base: str = LINE_API
    data_api_base: str | None = None

    @property
    def content_base(self) -> str:
        """Where the contents of messages are: LINE's own place for them, or the same stand-in as for all else."""
        return self.data_api_base or (LINE_DATA_API if self.api_base == LINE_API else self.api_base)


class Settings(BaseSettings):
    """Settings from the environment, ``TSUNAGI_*``. Each is described in ``docs/settings.md``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    data_dir: Path = Path("data")
    database_url: str | None = None
    log_level: LogLevel = "INFO"
    accounts_file: Path | None = None
    secure_cookies: bool = False
    """True behind HTTPS: cookies are then sent over HTTPS only."""
    require_confirmed: bool = False
    """True: windows that the city has not confirmed are not even named to residents; the city's own desk stands in for them."""
    worker_parallel: int = Field(default=8, ge=1, le=64)
    """How many residents one process works on at a time."""
    send_timeout_seconds: float = Field(default=5.0, gt=0, le=60)
    webhook_body_limit_bytes: int = Field(default=1_048_576, ge=10_000)
    attachment_limit_bytes: int = Field(default=20_000_000, ge=100_000, le=200_000_000)
    """The largest picture, voice or file of a resident that is taken in."""
    console_url: str = ""
    """Where staff open the console; stands in mails to them."""
    smtp_host: str | None = None
    """The mail server for notices to staff. None: no mail is sent."""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_timeout_seconds: float = Field(default=10.0, gt=0, le=60)
    mail_from: str = ""
    """The sender's address of notices; needed with ``smtp_host``."""
    oidc_issuer: str | None = None
    """The provider by whose accounts staff may log in, exactly as it names itself. None: passwords only."""
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_municipality: str | None = None
    """Whose staff the provider knows."""
    oidc_login_claim: str = "preferred_username"
    oidc_second_factors: str = ""
    """Methods (``amr``, with commas) of the provider that count as a second factor. Empty: ours is always asked."""
    oidc_label: str = "庁内のアカウントでログイン"
    report_judge_hours: int = Field(default=24, ge=1, le=720)
    """Until when a sign of abuse is judged (該当／迷う／該当しない)."""
    report_made_hours: int = Field(default=4, ge=1, le=720)
    """From 該当 to the report."""
    report_outcome_hours: int = Field(default=48, ge=1, le=720)
    """From the report to a word on what came of it."""

    keep_examples_of: str = ""
    """Municipalities (keys, with commas) whose staff may keep rewritten and approved sentences as examples. Empty: nobody keeps any."""

    @property
    def examples_of(self) -> frozenset[str]:
        """The municipalities that keep examples."""
        return frozenset(key.strip() for key in self.keep_examples_of.split(",") if key.strip())

    @property
    def deadlines(self) -> Deadlines:
        """How long each step of a 通告・通報 may take."""
        hours = (self.report_judge_hours, self.report_made_hours, self.report_outcome_hours)
        judge, report, outcome = (timedelta(hours=number) for number in hours)
        return Deadlines(judge=judge, report=report, outcome=outcome)

    @model_validator(mode="after")
    def _mail_is_whole(self) -> Self:
        """Refuse a mail server without a sender, half a login, and a password that would travel in the open."""
        if self.smtp_host is not None and not self.mail_from:
            raise ValueError("TSUNAGI_SMTP_HOST を書くときは、差出人の TSUNAGI_MAIL_FROM も書いてください")
        if (self.smtp_user is None) != (self.smtp_password is None):
            raise ValueError("TSUNAGI_SMTP_USER と TSUNAGI_SMTP_PASSWORD は、両方書くか、両方書かないでください")
        if self.smtp_password is not None and self.smtp_security == "none":
            raise ValueError("TSUNAGI_SMTP_SECURITY が none のときは、パスワードを使えません（starttls か tls にしてください）")
        return self

    @model_validator(mode="after")
    def _oidc_is_whole(self) -> Self:
        """Refuse half a provider, one whose answers travel in the open, and one that could not lead back to us."""
        parts = (self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret, self.oidc_municipality)
        if len({part is None for part in parts}) > 1:
            raise ValueError("TSUNAGI_OIDC_ISSUER・CLIENT_ID・CLIENT_SECRET・MUNICIPALITY は、全部書くか、どれも書かないでください")
        if self.oidc_issuer is not None and not self.oidc_issuer.startswith(_PRIVATE):
            raise ValueError("TSUNAGI_OIDC_ISSUER は https:// で始めてください")
        if self.oidc_issuer is not None and not self.console_url.startswith(_PRIVATE):
            raise ValueError("TSUNAGI_OIDC_ISSUER を書くときは、戻り先になる TSUNAGI_CONSOLE_URL（https://…/console/）も書いてください")
        return self

    @property
    def keyring_path(self) -> Path:
        """Where the keys are; back this file up apart from the data."""
        return self.data_dir / "keyring.json"

    @property
    def directory_dir(self) -> Path:
        """Where a clerk's edited directory overrides the project's."""
        return self.data_dir / "directory"


_FAULTS = {
    "missing": "書かれていません",
    "extra_forbidden": "知らない項目です",
    "int_parsing": "整数で書いてください",
    "float_parsing": "数字で書いてください",
    "bool_parsing": "true か false で書いてください",
    "string_type": "文字で書いてください",
    "tuple_type": '["…"] のように一覧で書いてください',
    "too_short": "一つ以上書いてください",
    "literal_error": "{expected} のどれかにしてください",
    "greater_than": "{gt} より大きくしてください",
    "greater_than_equal": "{ge} 以上にしてください",
    "less_than_equal": "{le} 以下にしてください",
}


def _say(fault: ErrorDetails) -> str:
    """Say what is wrong with a value, never the value itself: it may be a secret."""
    found = _FAULTS.get(fault["type"])
    return fault["msg"] if found is None else found.format_map(fault.get("ctx", {}))


def _line(fault: ErrorDetails) -> str:
    """Name the setting that is wrong; a fault of several together names them itself."""
    if not fault["loc"]:
        return str(fault["ctx"]["error"])
    return f"{PREFIX}{'_'.join(str(part) for part in fault['loc']).upper()}: {_say(fault)}"


def load_settings(**overrides: object) -> Settings:
    """Read the settings; :class:`StartupError` names what is unknown or wrong."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)
    if unknown:
        raise StartupError(f"知らない設定です: {', '.join(unknown)}。使えるのは {', '.join(sorted(known))} です")
    try:
        return Settings(**overrides)  # type: ignore[arg-type] # pydantic checks them
    except ValidationError as error:
        raise StartupError("設定に誤りがあります。\n" + "\n".join(_line(fault) for fault in error.errors())) from error


def load_accounts(settings: Settings) -> dict[str, LineAccount]:
    """Read the LINE accounts by their key; an empty dict where no file is named."""
    path = settings.accounts_file
    if path is None:
        return {}
    try:
        mode = path.stat().st_mode & 0o777
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StartupError(f"LINEアカウントのファイルが読めません: {path} ({error.strerror})") from error
    except tomllib.TOMLDecodeError as error:
        raise StartupError(f"{path}: TOML として読めません（{error}）") from error
    if mode & 0o077:
        raise StartupError(f"{path}: ほかの利用者にも読めます。秘密が入っているので chmod 600 にしてください")
    return {key: _account(path, key, value) for key, value in document.items()}


def _account(path: Path, key: str, value: object) -> LineAccount:
    if not key.isascii() or not key.replace("-", "").replace("_", "").isalnum() or not isinstance(value, dict):
        raise StartupError(f"{path}: [{key}] アカウントの名前は英数字と - _ だけの表にしてください")
    try:
        return LineAccount(**value)
    except ValidationError as error:
        lines = [f"{path}: [{key}] {'.'.join(str(part) for part in e['loc'])}: {_say(e)}" for e in error.errors()]
        raise StartupError("\n".join(lines)) from error
