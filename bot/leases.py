"""Talks whose holders are gone go back to the queue by themselves."""

from bot.runtime import Runtime
from handoff.desk.lease import lapse_leases


async def lapse_held(runtime: Runtime) -> int:
    """Let the leases of one moment lapse."""
    async with runtime.database.write() as session:
        return await lapse_leases(session, dict(runtime.listed), runtime.clock.now())
