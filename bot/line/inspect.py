"""Asking LINE how an account is set up."""

from dataclasses import dataclass

import aiohttp
from linebot.v3.messaging import ApiException, AsyncApiClient, AsyncMessagingApi, Configuration
from pydantic.v1 import ValidationError

from bot.settings import LineAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """What LINE says of an account; ``reason`` is set where it could not be asked."""

    reachable: bool
    chat_mode: str = ""
    reason: str = ""


async def inspect_account(account: LineAccount, *, timeout_seconds: float) -> AccountState:
    """Ask for the account's mode. No resident is looked up."""
    client = AsyncApiClient(Configuration(host=account.api_base, access_token=account.access_token.get_secret_value()))
    try:
        info = await AsyncMessagingApi(client).get_bot_info(_request_timeout=timeout_seconds)
    except ApiException as error:
        return AccountState(reachable=False, reason=f"HTTP {error.status}")
    except (TimeoutError, aiohttp.ClientError, OSError, ValidationError) as error:
        return AccountState(reachable=False, reason=type(error).__name__)
    finally:
        await client.close()
    return AccountState(reachable=True, chat_mode=str(info.chat_mode))
