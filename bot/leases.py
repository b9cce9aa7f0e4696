"""Talks whose holders are gone go back to the queue by themselves."""

from bot.runtime import Runtime
from handoff.alarms.tell import Post
from handoff.desk.lease import lapse_leases


async def lapse_held(runtime: Runtime) -> int:
    """Let the leases of one moment lapse."""
    post = Post(ring=runtime.ring, mail=runtime.settings.smtp_host is not None)
    async with runtime.database.write() as session:
        return await lapse_leases(session, post, dict(runtime.listed), runtime.clock.now())
