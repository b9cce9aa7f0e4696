"""Files that are made while one does something else: a row says how far each is, and keeps it for a day."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import defer

from handoff.accounts.viewer import Viewer
from handoff.statistics.models import FileState, StatFile
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.base.ids import new_id

KEPT = timedelta(days=1)
STILL = timedelta(minutes=2)
"""A file that has not come further for so long was left by a process that ended."""
_LOST = "作っているとちゅうで止まりました。もう一度「ファイルを作る」を押してください。"
_SHOWN = 10


async def order_file(
    session: WriteSession, viewer: Viewer, *, title: str, name: str, media_type: str, steps: int, now: datetime
) -> StatFile:
    """Note that somebody waits for a file; drops what is older than a day."""
    await session.execute(delete(StatFile).where(StatFile.ordered_at < now - KEPT))
    row = StatFile(
        id=new_id(now),
        municipality=viewer.municipality,
        staff_id=viewer.staff_id,
        title=title[:200],
        name=name[:200],
        media_type=media_type,
        steps=steps,
        ordered_at=now,
        stepped_at=now,
    )
    session.add(row)
    return row


async def note_step(session: WriteSession, file_id: str, done: int, *, now: datetime) -> None:
    """Note how far a file is."""
    await session.execute(update(StatFile).where(StatFile.id == file_id).values(done=done, stepped_at=now))


async def end_file(session: WriteSession, file_id: str, *, content: bytes | None, reason: str = "", now: datetime) -> None:
    """Keep a file that is made, or why it could not be."""
    state = FileState.FAILED if content is None else FileState.READY
    done = {} if content is None else {"done": StatFile.steps}
    await session.execute(
        update(StatFile).where(StatFile.id == file_id).values(state=state, content=content, reason=reason, stepped_at=now, **done)
    )


async def files_of(session: ReadSession, viewer: Viewer, *, now: datetime) -> Sequence[StatFile]:
    """Return the newest files that somebody ordered, without what is in them. One that stood still is shown as failed."""
    mine = select(StatFile).where(StatFile.staff_id == viewer.staff_id, StatFile.ordered_at >= now - KEPT)
    rows = (await session.scalars(mine.options(defer(StatFile.content)).order_by(StatFile.id.desc()).limit(_SHOWN))).all()
    for row in rows:
        if row.state is FileState.MAKING and now - row.stepped_at > STILL:
            row.state, row.reason = FileState.FAILED, _LOST
    return rows


async def get_file(session: ReadSession, viewer: Viewer, file_id: str, *, now: datetime) -> StatFile:
    """Return a file that is ready. Somebody else's does not exist, nor does one that is older than a day."""
    row = await session.get(StatFile, file_id)
    if row is None or row.staff_id != viewer.staff_id or row.content is None or row.ordered_at < now - KEPT:
        raise NotFoundError("このファイルはありません。作ってから1日たつと消えます。もう一度作ってください。")
    return row
