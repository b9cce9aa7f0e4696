"""One run of the check-ins: file what is due, decide it in small commits, look what became of what was said."""

from pathlib import Path

import structlog

from bot.runtime import Runtime
from bot.settings import Settings
from intake.base.errors import StartupError
from intake.checkins.decide import decide
from intake.checkins.models import CheckinContact
from intake.checkins.service import CheckinContext
from intake.checkins.sweep import claim_contacts, file_due, settle
from intake.checkins.words import CheckinWords, load_own_words
from intake.wording.nodes import WordingError

_log = structlog.get_logger(__name__)


def load_checkin_words(settings: Settings) -> dict[str, CheckinWords]:
    """Load the texts of municipalities that have their own, from ``DATA_DIR/checkins/KEY.yaml``."""
    try:
        return {path.stem: load_own_words(path) for path in sorted(_folder(settings).glob("*.yaml"))}
    except WordingError as error:
        raise StartupError(str(error)) from error


def _folder(settings: Settings) -> Path:
    return settings.data_dir / "checkins"


def checkin_context(runtime: Runtime) -> CheckinContext:
    """Return what check-ins work with."""
    return CheckinContext(ring=runtime.ring, cities=runtime.cities, own_words=load_checkin_words(runtime.settings))


async def run_checkins(runtime: Runtime) -> int:
    """Do all that is due now, in commits short enough for others to get in between; returns how many words were said.

    It may run in any number of processes at once, and die at any point.
    """
    context, said = checkin_context(runtime), 0
    while await _file(runtime):
        pass
    while claimed := await _claim(runtime):
        said += await _decide(runtime, context, claimed)
    async with runtime.database.write() as session:
        await settle(session, context, runtime.clock.now())
    return said


async def _file(runtime: Runtime) -> int:
    async with runtime.database.write() as session:
        return await file_due(session, list(runtime.cities), runtime.clock.now())


async def _claim(runtime: Runtime) -> list[CheckinContact]:
    async with runtime.database.write() as session:
        return list(await claim_contacts(session, runtime.clock.now()))


async def _decide(runtime: Runtime, context: CheckinContext, claimed: list[CheckinContact]) -> int:
    """Decide a batch in one commit. Where one of them breaks it, each is decided alone; the broken one waits for its lease to end."""
    try:
        async with runtime.database.write() as session:
            return await decide(session, context, claimed, runtime.clock.now())
    except Exception:  # noqa: BLE001 - the rows wait for their lease to end, and the others go on
        _log.exception("checkin_batch_failed", size=len(claimed))
        if len(claimed) == 1:
            return 0
    return sum([await _decide(runtime, context, [contact]) for contact in claimed])
