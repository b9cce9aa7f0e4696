"""All settings of the program. Nobody else reads the environment; what is unsafe or unknown stops the start with a clear word."""

import os
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from intake.base.errors import StartupError

PREFIX = "TSUNAGI_"
LINE_API = "https://api.line.me"


class LineAccount(BaseModel):
    """One LINE account as ``TSUNAGI_ACCOUNTS_FILE`` names it. Several secrets are for a planned change of the secret."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    municipality: str
    channel_secrets: tuple[SecretStr, ...] = Field(min_length=1)
    access_token: SecretStr
    api_base: str = LINE_API


class Settings(BaseSettings):
    """Settings from the environment, ``TSUNAGI_*``. Each is described in ``docs/settings.md``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    data_dir: Path = Path("data")
    database_url: str | None = None
    log_level: str = "INFO"
    accounts_file: Path | None = None
    secure_cookies: bool = False
    """True behind HTTPS: cookies are then sent over HTTPS only."""
    worker_parallel: int = Field(default=8, ge=1, le=64)
    """How many residents one process works on at a time."""
    send_timeout_seconds: float = Field(default=5.0, gt=0, le=60)
    webhook_body_limit_bytes: int = Field(default=1_048_576, ge=10_000)

    @property
    def keyring_path(self) -> Path:
        """Where the keys are; back this file up apart from the data."""
        return self.data_dir / "keyring.json"

    @property
    def directory_dir(self) -> Path:
        """Where a clerk's edited directory overrides the project's."""
        return self.data_dir / "directory"


def load_settings(**overrides: object) -> Settings:
    """Read the settings; :class:`StartupError` names what is unknown or wrong."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise StartupError(f"知らない設定です: {', '.join(unknown)}。使えるのは {', '.join(sorted(known))} です")
    try:
        return Settings(**overrides)  # type: ignore[arg-type] # pydantic checks them
    except ValidationError as error:
        lines = [f"{PREFIX}{'_'.join(str(part) for part in e['loc']).upper()}: {e['msg']}" for e in error.errors()]
        raise StartupError("設定に誤りがあります。\n" + "\n".join(lines)) from error


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
        lines = [f"{path}: [{key}] {'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()]
        raise StartupError("\n".join(lines)) from error
