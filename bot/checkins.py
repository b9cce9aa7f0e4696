"""One run of the check-ins: file what is due, decide it in small commits, look what became of what was said."""

from functools import lru_cache

import structlog

from bot.runtime import Runtime
from intake.base.clock import Clock
from intake.base.database import Database
from intake.checkins.decide import decide
from intake.checkins.models import CheckinContact
from intake.checkins.own_words import read_own_words
from intake.checkins.service import CheckinContext
from intake.checkins.sweep import claim_contacts, file_due, settle
from intake.checkins.words import CheckinWords

_log = structlog.get_logger(__name__)


def load_checkin_words(runtime: Runtime) -> dict[str, CheckinWords]:
    """Return the texts of every municipality as they stand now. Where a file is wrong, nothing is said for that town."""
    found = {key: read_own_words(runtime.settings.data_dir, key) for key in runtime.cities}
    for key, own in found.items():
        if own.faults:
            _tell(key, own.faults)
    return {key: own.words for key, own in found.items()}


@lru_cache(maxsize=32)
def _tell(municipality: str, faults: tuple[str, ...]) -> None:
    """Log a wrong file once, not at every look."""
    _log.error("checkin_words_refused", municipality=municipality, findings=len(faults), first=faults[0])


def checkin_context(runtime: Runtime) -> CheckinContext:
    """Return what check-ins work with."""
    return CheckinContext(ring=runtime.ring, cities=runtime.cities, own_words=load_checkin_words(runtime))


async def run_checkins(runtime: Runtime) -> int:
    """Do all that is due now for the municipalities of a process; returns how many words were said."""
    return await sweep_all(runtime.database, checkin_context(runtime), runtime.clock)


async def sweep_all(database: Database, context: CheckinContext, clock: Clock) -> int:
    """Do all that is due now, in commits short enough for others to get in between; returns how many words were said.

    It may run in any number of processes at once, and die at any point.
    """
    said = 0
    while await _file(database, context, clock):
        pass
    while claimed := await _claim(database, clock):
        said += await _decide(database, context, clock, claimed)
    async with database.write() as session:
        await settle(session, context, clock.now())
    return said


async def _file(database: Database, context: CheckinContext, clock: Clock) -> int:
    async with database.write() as session:
        return await file_due(session, list(context.cities), clock.now())


async def _claim(database: Database, clock: Clock) -> list[CheckinContact]:
    async with database.write() as session:
        return list(await claim_contacts(session, clock.now()))


async def _decide(database: Database, context: CheckinContext, clock: Clock, claimed: list[CheckinContact]) -> int:
    """Decide a batch in one commit. Where one of them breaks it, each is decided alone; the broken one waits for its lease to end."""
    try:
        async with database.write() as session:
            return await decide(session, context, claimed, clock.now())
    except Exception:  # noqa: BLE001 - the rows wait for their lease to end, and the others go on
        _log.exception("checkin_batch_failed", size=len(claimed))
        if len(claimed) == 1:
            return 0
    return sum([await _decide(database, context, clock, [contact]) for contact in claimed])
