"""What the tests of this folder need beside the invented city: a LINE user id, notes, the record."""

from collections.abc import Sequence

from sqlalchemy import select

from handoff.audit.models import Action, AuditEntry
from handoff.desk.models import Note
from handoff.desk.work_models import Mention
from intake.conversations.models import Conversation
from intake.residents.models import Resident
from tests.handoff.support import World

USER_ID = "U" + "0123456789abcdef" * 2
SHEET_ONLY = (USER_ID, USER_ID[1:9])


async def know_user(world: World, talk: Conversation) -> None:
    """Give the resident of a talk a LINE user id."""
    async with world.database.write() as session:
        resident = await session.get_one(Resident, talk.resident_id)
        resident.sealed_user = world.ring.seal(USER_ID, resident.place(), world.clock.now())


async def recorded(world: World, action: Action) -> Sequence[AuditEntry]:
    async with world.database.read() as session:
        return (await session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.seq))).all()


async def notes(world: World, talk: Conversation) -> list[str]:
    async with world.database.read() as session:
        rows = await session.scalars(select(Note).where(Note.conversation_id == talk.id).order_by(Note.id))
        return [world.ring.open(row.sealed_text, row.place()) for row in rows]


async def called(world: World, talk: Conversation) -> list[str]:
    """The ids of those who are named in notes of a talk and have not looked."""
    async with world.database.read() as session:
        return list(await session.scalars(select(Mention.staff_id).where(Mention.conversation_id == talk.id, Mention.read_at.is_(None))))
