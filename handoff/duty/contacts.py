"""緊急連絡計画: whom the city calls, in which order, when nobody is on duty. Those who answer for the windows keep it."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.checks import checked_text
from handoff.desk.errors import TextError
from handoff.duty.models import EmergencyContact
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.base.ids import new_id

_NAME, _PHONE, _NOTE, _MOST = 40, 40, 120, 20
_MAIL = re.compile(r"[^\s@<>\"',;:\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,180}[A-Za-z0-9])")
_PHONE_SHAPE = re.compile(r"[0-9+*#() -]*")


def checked_address(text: str) -> str:
    """Return a mail address as it is kept; refuse what cannot be one."""
    tidy = text.strip()
    if not _MAIL.fullmatch(tidy) or ".." in tidy or not tidy.isascii():
        raise TextError("メールアドレスの形を確かめてください。")
    return tidy


async def contacts_of(session: ReadSession, municipality: str) -> Sequence[EmergencyContact]:
    """Return the plan of a municipality, in the order in which it is called."""
    live = (EmergencyContact.municipality == municipality, EmergencyContact.retired_at.is_(None))
    return (await session.scalars(select(EmergencyContact).where(*live).order_by(EmergencyContact.place, EmergencyContact.id))).all()


async def add_contact(
    session: WriteSession, viewer: Viewer, *, place: int, name: str, phone: str, mail: str, note: str, now: datetime
) -> None:
    """Add a line to the plan. It needs a telephone number or a mail address."""
    check_permission(viewer, Permission.TAKE_OVER)
    tidy_phone = phone.strip()
    if not _PHONE_SHAPE.fullmatch(tidy_phone) or len(tidy_phone) > _PHONE:
        raise TextError("電話番号は数字とハイフンで入力してください。")
    address = checked_address(mail) if mail.strip() else ""
    if not tidy_phone and not address:
        raise TextError("電話番号かメールアドレスを入力してください。")
    if not 1 <= place <= _MOST:
        raise TextError(f"順番は1〜{_MOST}にしてください。")
    if len(await contacts_of(session, viewer.municipality)) >= _MOST:
        raise TextError(f"連絡先は{_MOST}件までです。")
    words = checked_text(note, _NOTE).replace("\n", " ") if note.strip() else ""
    row = EmergencyContact(id=new_id(now), municipality=viewer.municipality, place=place, phone=tidy_phone, mail=address, note=words)
    row.name, row.set_by, row.set_at = checked_text(name, _NAME).replace("\n", " "), viewer.staff_id, now
    session.add(row)


async def retire_contact(session: WriteSession, viewer: Viewer, contact_id: str, *, now: datetime) -> None:
    """Take a line out of the plan. Calls that were made to it stay on record."""
    check_permission(viewer, Permission.TAKE_OVER)
    row = await session.get(EmergencyContact, contact_id)
    if row is None or row.municipality != viewer.municipality:
        raise NotFoundError("この連絡先は見つかりません。")
    row.retired_at = row.retired_at or now
