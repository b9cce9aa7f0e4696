"""Asking LINE how many pushes an account has in a month, and how many of them are used."""

from dataclasses import dataclass

import aiohttp
from linebot.v3.messaging import ApiException, AsyncApiClient, AsyncMessagingApi, Configuration
from pydantic.v1 import ValidationError

from bot.settings import LineAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """LINE's answer; ``reason`` is set where there was none."""

    limit: int | None = None
    """None: no limit."""
    used: int = 0
    reason: str = ""


async def ask_quota(account: LineAccount, *, timeout_seconds: float) -> Quota:
    """Ask for the month's limit and what is used of it. LINE calls the latter approximate."""
    client = AsyncApiClient(Configuration(host=account.api_base, access_token=account.access_token.get_secret_value()))
    api = AsyncMessagingApi(client)
    try:
        quota = await api.get_message_quota(_request_timeout=timeout_seconds)
        consumption = await api.get_message_quota_consumption(_request_timeout=timeout_seconds)
    except ApiException as error:
        return Quota(reason=f"HTTP {error.status}")
    except (TimeoutError, aiohttp.ClientError, OSError, ValidationError) as error:
        return Quota(reason=type(error).__name__)
    finally:
        await client.close()
    return Quota(limit=quota.value, used=max(0, consumption.total_usage))
