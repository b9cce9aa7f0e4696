"""Opening the keys that belong to a database, or making them for a new one."""

from bot.settings import Settings
from intake.base.canary import canary_sings, has_canary, make_canary
from intake.base.clock import Clock
from intake.base.database import Database
from intake.base.errors import StartupError
from intake.base.sealing import KeyRing


async def open_ring(settings: Settings, database: Database, clock: Clock, *, prepare: bool) -> KeyRing:
    """Open the ring of a migrated database. Keys are made only for a database that was never used; never silently anew."""
    path = settings.keyring_path
    async with database.read() as session:
        used = await has_canary(session)
    if not path.exists():
        if used or not prepare:
            raise StartupError(f"鍵のファイルがありません: {path}。バックアップから戻してください（作り直すと今までの記録は読めません）")
        ring = KeyRing.create(path)
    else:
        ring = KeyRing(path)
    if not used and prepare:
        async with database.write() as writing:
            await make_canary(writing, ring, clock.now())
    async with database.read() as session:
        if (used or prepare) and not await canary_sings(session, ring):
            raise StartupError(f"鍵がこのデータベースのものではありません: {path}。同じときのバックアップどうしを組み合わせてください")
    return ring
