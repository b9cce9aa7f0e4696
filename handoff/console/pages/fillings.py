"""Templates as the composer offers them: with the variables of this window, this person and this hour filled in."""

from dataclasses import dataclass
from datetime import timedelta

from handoff.accounts.viewer import Viewer
from handoff.console.context import ConsoleContext
from handoff.console.render import moment
from handoff.desk.phrases import filled
from handoff.desk.record_models import TemplateUse
from handoff.desk.window_rules import templates_of
from handoff.duty.models import RECEPTION
from intake.base.database import ReadSession
from routing.city import City

USE_WORDS = {TemplateUse.FIRST: "初回応答の型", TemplateUse.ENDING: "終わり方の型", TemplateUse.OTHER: "そのほか"}
_WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """One template, ready to be put into the composer."""

    key: str
    use: str
    title: str
    text: str


async def filled_templates(session: ReadSession, context: ConsoleContext, viewer: Viewer, window_id: str | None) -> list[Filled]:
    """Return the templates for a talk of a window."""
    now = context.clock.now()
    city = context.cities.get(viewer.municipality)
    outlook = None if city is None else await context.outlooks.of(session, city, now, window_id or RECEPTION)
    values = {
        "窓口": context.window_name(viewer.municipality, window_id or "desk"),
        "名乗り": viewer.display_name,
        "返信の時刻": moment(now + timedelta(hours=1) if outlook is None else outlook.promise, now),
        "受付時間": _hours(city),
    }
    templates = await templates_of(session, viewer, window_id)
    return [Filled(key=one.key, use=USE_WORDS[one.use], title=one.title, text=filled(one.text, values)) for one in templates]


def _hours(city: City | None) -> str:
    """Return the weekly hours of staff in words, those of the first row where days differ."""
    if city is None or not city.staff_hours:
        return "受付時間のあいだ"
    first = city.staff_hours[0]
    days = sorted(first.weekdays)
    named = f"{_WEEKDAYS[days[0]]}〜{_WEEKDAYS[days[-1]]}曜日" if len(days) > 1 else f"{_WEEKDAYS[days[0]]}曜日"
    return f"{named} {first.opens:%H:%M}〜{first.closes:%H:%M}"
