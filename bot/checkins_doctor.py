"""What the doctor says of check-ins: whether they may go out at all, what holds them back, and how many pushes are left."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.runtime import Runtime
from intake.base.clock import TOKYO
from intake.base.database import ReadSession
from intake.checkins.decide import approved_keys
from intake.checkins.models import CheckinContact, CheckinPause, CheckinPlan, ContactState, LineQuota
from intake.checkins.own_words import OwnWords, read_own_words
from intake.checkins.quota import OLD
from intake.checkins.service import CheckinContext
from intake.checkins.words import FAREWELL
from routing.city import City

_STUCK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Remark:
    """One line about check-ins."""

    topic: str
    text: str
    unsafe: bool = False


async def checkin_remarks(runtime: Runtime) -> AsyncIterator[Remark]:
    """Say how each municipality that has an account stands, then what LINE says of each account."""
    now = runtime.clock.now()
    async with runtime.database.read() as session:
        for key in sorted({account.municipality for account in runtime.accounts.values()}):
            own = read_own_words(runtime.settings.data_dir, key)
            async for remark in _of_city(session, runtime, runtime.listed[key], own, now):
                yield remark
        for account in sorted(runtime.accounts):
            yield Remark(f"声かけ（LINE {account}）", await _quota(session, account, now))


async def _of_city(session: ReadSession, runtime: Runtime, city: City, own: OwnWords, now: datetime) -> AsyncIterator[Remark]:
    topic = f"声かけ（{city.name}）"
    for fault in own.faults:
        yield Remark(topic, f"市の文面のファイルに誤りがあり、一通も送っていません（{fault}）", unsafe=True)
    going = (CheckinPlan.municipality == city.key, CheckinPlan.ended_at.is_(None))
    enrolled = await session.scalar(select(func.count()).select_from(CheckinPlan).where(*going)) or 0
    yield Remark(topic, f"受け取っている方 {enrolled}人")
    if not own.faults:
        yield await _words(session, runtime, city, own, topic)
    lasting = (CheckinPause.municipality == city.key, CheckinPause.lifted_at.is_(None), CheckinPause.begins_at <= now)
    for pause in await session.scalars(select(CheckinPause).where(*lasting)):
        if pause.ends_at is None or pause.ends_at > now:
            ends = "終わりは決めていません" if pause.ends_at is None else f"{_day(pause.ends_at)}まで"
            yield Remark(topic, f"すべてお休み中です（{_day(pause.begins_at)}から、{ends}）")
    stuck = (CheckinContact.municipality == city.key, CheckinContact.state == ContactState.DUE, CheckinContact.due_at < now - _STUCK)
    waiting = await session.scalar(select(func.count()).select_from(CheckinContact).where(*stuck)) or 0
    if waiting:
        yield Remark(
            topic,
            f"一時間より前に期限の来たお便りが {waiting}通、決められずに残っています。worker が動いているか確かめてください",
            unsafe=True,
        )


async def _words(session: ReadSession, runtime: Runtime, city: City, own: OwnWords, topic: str) -> Remark:
    context = CheckinContext(ring=runtime.ring, cities={city.key: city}, own_words={city.key: own.words})
    approved = await approved_keys(session, context, city)
    waiting = len(own.words.texts) - len(approved)
    if not waiting:
        return Remark(topic, f"文面 {len(approved)}件はすべて承認されています")
    if not approved:
        return Remark(topic, "文面が一つも承認されていないので、お便りは送られません（職員画面の「声かけ」で承認します）")
    ends = not any(text.family == FAREWELL and key in approved for key, text in own.words.texts.items())
    more = "。区切りのお便りが一つも承認されていません" if ends else ""
    return Remark(topic, f"文面 {len(approved)}件が承認され、{waiting}件は承認待ちで送られません{more}")


async def _quota(session: ReadSession, account: str, now: datetime) -> str:
    quota = await session.get(LineQuota, account)
    if quota is None or quota.asked_at is None:
        again = "" if quota is None or quota.reason is None else f"（最後の問い合わせ: {quota.reason}）"
        return f"LINEの送信数は、まだ分かりません{again}。worker が動くと問い合わせます"
    limit = "上限なし" if quota.monthly_limit is None else f"上限 {quota.monthly_limit}通"
    old = "。二日より前の答えです" if now - quota.asked_at > OLD else ""
    return f"LINEの送信数 {limit}、今月およそ {quota.used}通（{_day(quota.asked_at)} の答え{old}）"


def _day(at: datetime) -> str:
    local = at.astimezone(TOKYO)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
