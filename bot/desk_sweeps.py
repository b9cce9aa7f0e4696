"""What falls due at the desk by itself: promises to talks that wait without one, and wishes to erase that were held."""

from bot.runtime import Runtime
from handoff.duty.promise import promise_to_waiting
from handoff.report_abuse.erasing import erase_what_was_held


async def promise_again(runtime: Runtime) -> int:
    """Promise an answer to whoever waits without a promise."""
    async with runtime.database.write() as session:
        return await promise_to_waiting(session, runtime.ring, dict(runtime.cities), runtime.clock.now())


async def erase_held(runtime: Runtime) -> int:
    """Erase what residents asked to erase and nobody has to hold any more."""
    async with runtime.database.write() as session:
        return await erase_what_was_held(session, runtime.ring, runtime.clock.now())
