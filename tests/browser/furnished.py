"""A desk on which every page of the console has something to show, and the list of those pages."""

import re
from collections.abc import Mapping
from datetime import timedelta

from bot.bench.statistics_fill import fill
from handoff.accounts.models import Role
from nlp.reading import Concern, Reading, Risk, RiskKind, Speaker
from tests.alarms.support import notifier, on_plan
from tests.care.support import know_user
from tests.care.test_attachments import sent
from tests.checkins.test_outreach import enrolled
from tests.handoff.support import ALARM, ASKED, OTHER_WINDOW, WINDOW, Browser, World
from tests.handoff.test_transfer import NOTE, answers
from tests.support.world import CITIES, CITY

ABUSE = Reading(
    concerns=(Concern.ABUSE, Concern.MENTAL),
    speaker=Speaker.SELF,
    risk=Risk.URGENT,
    risk_kinds=(RiskKind.ABUSE, RiskKind.SUICIDE),
)
WORDS = "父に毎日たたかれています。もう消えてしまいたいです"
RECORD = {
    "complaint": "家賃を2か月払えていない。",
    "facts": "先月末で仕事を辞めた。手元のお金は3千円ほど。",
    "view": "住まいを失うおそれがあり、急ぐ。",
    "wish": "いまの家に住み続けたい。",
    "done": "住居確保給付金を案内した。",
    "next": "4月10日（金）に連絡する。",
}


async def furnish(world: World) -> Mapping[str, str]:
    """Let a day happen at the desk. Returns the paths of the pages with an id, by a short name."""
    await world.staff("chief", Role.MANAGER, name="責任者 高橋", windows=(WINDOW, OTHER_WINDOW))
    sakura = await world.staff("sakura", name="相談員 さくら", windows=(WINDOW,))
    await on_plan(world, sakura, window=WINDOW)
    counsellor = await world.browser(sakura)
    paths = {
        **await _danger(world, counsellor),
        **await _transfer(world, counsellor),
        "plan": f"/outreach/plans/{(await enrolled(world)).id}",
        "member": f"/staff/{sakura.id}",
        "body": await _body(world, sakura.id),
    }
    talk, _ = await sent(world)
    paths["unread"] = f"/talks/{talk.id}"
    await counsellor.post("/shift-notes", window=WINDOW, text="すみれ 042さんに、午後もう一度声をかけてください。")
    await counsellor.post("/practice", script="one_word")
    await fill(world.database, CITIES[CITY], 60, end=world.clock.now(), progress=lambda _: None)
    return paths


async def _body(world: World, member: str) -> str:
    operator = await world.browser(await world.staff("ops", Role.OPERATOR, name="情報政策課"))
    made = await operator.post("/organisations", name="社会福祉法人 みどり会", kind="entrusted")
    found = re.search(r"/organisations/([^/\"]+)/staff", made.text) or re.search(r"/organisations/([0-9A-Z]{20,})", made.text)
    assert found is not None
    await operator.post(f"/organisations/{found[1]}/staff", staff=member)
    return f"/organisations/{found[1]}"


async def _danger(world: World, counsellor: Browser) -> Mapping[str, str]:
    talk = await world.talk(WORDS, handle="つばめ 808", effects=(ASKED, ALARM), reading=ABUSE)
    await know_user(world, talk)
    await notifier(world).work()
    page = f"/talks/{talk.id}"
    await counsellor.post(f"{page}/claim")
    opened = await counsellor.post(f"{page}/emergency", ground="police")
    await counsellor.post(f"{page}/report/judgement", judgement="applies", reason="本人の訴えがあるため")
    await counsellor.post(f"{page}/record", form={"client_uuid": _number(await counsellor.get(f"{page}/record")), **RECORD})
    await counsellor.post(f"{page}/follow-up", due_on=str((world.clock.now() + timedelta(days=3)).date()), plan_text="様子をうかがう")
    return {
        "talk": page,
        "form": f"{page}/form",
        "record": f"{page}/record",
        "report": f"{page}/report",
        "example": f"{page}/example",
        "emergency": opened.headers["location"].removeprefix("/console"),
    }


async def _transfer(world: World, counsellor: Browser) -> Mapping[str, str]:
    talk = await world.talk("学校に行けない子のことと、家賃のこと", handle="ひなげし 606")
    page = f"/talks/{talk.id}"
    await counsellor.post(f"{page}/claim")
    epoch = (await world.row(talk)).epoch
    await counsellor.post(f"{page}/transfer", to_window=OTHER_WINDOW, note=NOTE, epoch=epoch)
    await answers(world, talk, "yes")
    return {"asked": page, "transfer": f"{page}/transfer"}


def _number(page: object) -> str:
    found = re.search(r'name="client_uuid" value="([^"]*)"', getattr(page, "text", ""))
    assert found is not None
    return found[1]
