"""Asking LINE from time to time how many pushes are left, so that the forecast of check-ins rests on LINE's own count."""

from bot.line.quota import ask_quota
from bot.runtime import Runtime
from intake.checkins.quota import claim_question, is_due, keep_answer, keep_silence


async def refresh_quotas(runtime: Runtime) -> int:
    """Ask for each account whose last answer is old; returns how many were asked. Any number of processes may do this at once."""
    asked = 0
    for key, account in runtime.accounts.items():
        async with runtime.database.read() as reading:
            if not await is_due(reading, key, runtime.clock.now()):
                continue
        async with runtime.database.write() as session:
            mine = await claim_question(session, key, account.municipality, runtime.clock.now())
        if not mine:
            continue
        quota = await ask_quota(account, timeout_seconds=runtime.settings.send_timeout_seconds)
        async with runtime.database.write() as session:
            now = runtime.clock.now()
            if quota.reason:
                await keep_silence(session, key, reason=quota.reason, now=now)
            else:
                await keep_answer(session, key, limit=quota.limit, used=quota.used, now=now)
        asked += 1
    return asked
