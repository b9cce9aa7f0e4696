"""Figures that the system cannot know: people keep them by the fiscal year; they stand beside the others, with the shares they make."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from handoff.accounts.viewer import Viewer
from handoff.statistics.models import HandFigure, HandKey
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import AppError

_MOST = 10_000_000_000
_HALF_WIDTH = str.maketrans("０１２３４５６７８９，", "0123456789,")


class HandError(AppError):
    """What was entered is no number that can be kept."""

    code = "hand_figure"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One figure as people enter it. ``people``: it counts persons or cases, so small ones are hidden outside."""

    label: str
    unit: str
    how: str
    people: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Fields that belong together."""

    title: str
    fields: Mapping[HandKey, Field]


_MEETING = "その年度に開いた回数。会議録で数えます"
_NOTICE = "その年度に通告・通報した件数。「通告・通報」の一覧と、市の受理簿で数えます"
GROUPS = (
    Group(
        title="つながり確認（2週間後）",
        fields={
            HandKey.FOLLOW_ASKED: Field(
                label="つながったかを尋ねた", unit="件", how="窓口を案内した2週間後に、つながったかを尋ねた相談", people=True
            ),
            HandKey.FOLLOW_CONNECTED: Field(label="うちつながっていた", unit="件", how="尋ねて、つながったと分かった相談", people=True),
        },
    ),
    Group(
        title="通告・通報",
        fields={
            HandKey.NOTICE_CHILD: Field(label="児童虐待の通告", unit="件", how=_NOTICE, people=True),
            HandKey.NOTICE_ELDER: Field(label="高齢者虐待の通報", unit="件", how=_NOTICE, people=True),
            HandKey.NOTICE_DISABILITY: Field(label="障害者虐待の通報", unit="件", how=_NOTICE, people=True),
            HandKey.NOTICE_DV: Field(label="配偶者からの暴力の通報", unit="件", how=_NOTICE, people=True),
            HandKey.NOTICE_ACCEPT_HOURS: Field(
                label="受理までの時間（真ん中の値）", unit="時間", how="通告・通報から受理まで、早い順に並べて真ん中の件の時間"
            ),
            HandKey.NOTICE_CHECKED_48: Field(
                label="48時間以内に事実を確認した", unit="件", how="受理から48時間以内に安全・事実を確認した件数", people=True
            ),
            HandKey.POLICE: Field(label="警察への照会・通報", unit="件", how="命の危険のため警察に伝えた件数", people=True),
        },
    ),
    Group(
        title="会議と多機関協働",
        fields={
            HandKey.MEETINGS_CASE: Field(label="重層的支援会議", unit="回", how=_MEETING),
            HandKey.MEETINGS_SUPPORT: Field(label="支援会議", unit="回", how=_MEETING),
            HandKey.MEETINGS_SHARE: Field(label="情報共有会議", unit="回", how=_MEETING),
            HandKey.ACCEPTED: Field(label="多機関協働で受理した", unit="件", how="会議で受理した件数", people=True),
            HandKey.PLANS: Field(label="プランを作った", unit="件", how="その年度に決まったプラン", people=True),
            HandKey.HOUSEHOLDS: Field(label="複合的な課題のある世帯（推計）", unit="世帯", how="市の推計"),
            HandKey.TRAININGS: Field(label="分野をまたぐ研修", unit="回", how="その年度に開いた回数"),
        },
    ),
    Group(
        title="性別（職員が知ったとき）",
        fields={
            HandKey.SEX_FEMALE: Field(label="女性", unit="相談", how="職員が知った分だけ。住民には尋ねません", people=True),
            HandKey.SEX_MALE: Field(label="男性", unit="相談", how="職員が知った分だけ。住民には尋ねません", people=True),
            HandKey.SEX_OTHER: Field(label="その他", unit="相談", how="職員が知った分だけ。住民には尋ねません", people=True),
        },
    ),
    Group(
        title="開示・苦情・費用・友だち",
        fields={
            HandKey.DISCLOSURES: Field(label="開示の求め", unit="件", how="受け付けた件数", people=True),
            HandKey.COMPLAINTS: Field(label="苦情", unit="件", how="受け付けた件数", people=True),
            HandKey.ERASURES: Field(label="消去の求め（LINEの外で）", unit="件", how="窓口や文書で受けた件数", people=True),
            HandKey.FRIENDS: Field(label="友だちの数（年度末）", unit="人", how="LINEの管理画面の数"),
            HandKey.COST: Field(label="1年の費用", unit="円", how="この相談のしくみにかかった費用の合計"),
        },
    ),
)
FIELDS: Mapping[HandKey, Field] = {key: found for group in GROUPS for key, found in group.fields.items()}
Hand = Mapping[HandKey, int]


async def load_hand(session: ReadSession, municipality: str, fiscal_year: int) -> dict[HandKey, int]:
    """Return what was entered for a fiscal year."""
    rows = await session.scalars(select(HandFigure).where(HandFigure.municipality == municipality, HandFigure.fiscal_year == fiscal_year))
    return {row.key: row.amount for row in rows if row.amount is not None}


async def enter_hand(session: WriteSession, viewer: Viewer, typed: Mapping[HandKey, str], *, fiscal_year: int, now: datetime) -> None:
    """Keep what was typed, all of it or nothing. An empty field takes a figure away; one that was not changed keeps who entered it."""
    amounts = {key: _checked(key, text) for key, text in typed.items()}
    known = await load_hand(session, viewer.municipality, fiscal_year)
    merged = {**known, **{key: amount for key, amount in amounts.items() if amount is not None}}
    kept = {key: amount for key, amount in merged.items() if amounts.get(key, amount) is not None}
    if kept.get(HandKey.FOLLOW_CONNECTED, 0) > kept.get(HandKey.FOLLOW_ASKED, 0):
        raise HandError("「うちつながっていた」が「つながったかを尋ねた」より多くなっています。どちらかを直してください。")
    for key, amount in amounts.items():
        if amount != known.get(key):
            await _keep(session, viewer, fiscal_year, key, amount, now)


async def _keep(session: WriteSession, viewer: Viewer, fiscal_year: int, key: HandKey, amount: int | None, now: datetime) -> None:
    row = await session.get(HandFigure, (viewer.municipality, fiscal_year, key))
    if row is None:
        row = HandFigure(municipality=viewer.municipality, fiscal_year=fiscal_year, key=key)
        session.add(row)
    row.amount, row.entered_by, row.entered_at = amount, viewer.staff_id, now


def _checked(key: HandKey, text: str) -> int | None:
    tidy = text.strip().translate(_HALF_WIDTH).replace(",", "")
    if not tidy:
        return None
    if not (tidy.isascii() and tidy.isdecimal()) or int(tidy) > _MOST:
        raise HandError(f"「{FIELDS[key].label}」の「{text.strip()[:20]}」は数字ではありません。12 のように0以上の数だけを書いてください。")
    return int(tidy)
