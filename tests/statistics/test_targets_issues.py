"""Targets beside what was reached, and 地域課題 without persons."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from handoff.accounts.models import Role
from handoff.console.app import build_console
from handoff.statistics.ask import Figures
from handoff.statistics.known import known_of
from handoff.statistics.models import HandKey
from handoff.statistics.targets import Lamp, Standing, Target, load_targets
from tests.handoff.support import Browser, World
from tests.support.world import CITY


async def asks(desk: World, role: Role = Role.MANAGER) -> Browser:
    return await desk.browser(await desk.staff(f"hito-{role}", role))


async def with_targets(desk: World, folder: Path, *targets: tuple[str, str]) -> Browser:
    """A manager's browser where the clerk keeps other targets."""
    own = folder / "directory" / CITY
    own.mkdir(parents=True)
    lines = ["年度,事業名,指標,目標,実績,出典行", *(f"毎年度,包括,{indicator},{goal},,1" for indicator, goal in targets)]
    (own / "目標値.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    context = replace(desk.context, data_dir=folder)
    return await asks(replace(desk, context=context, app=build_console(context)))


def standing(goal: int | None, reached: int | None) -> Standing:
    target = Target(key="k", year="毎年度", programme="p", indicator="i", amount=goal, unit="回/年", source="1")
    return Standing(target=target, amount=reached, words="", entered_at=None)


def test_the_plan_of_aizuwakamatsu_has_eleven_numbers_and_five_goals_in_words() -> None:
    targets = load_targets("aizuwakamatsu", None)
    assert len([target for target in targets if target.amount is not None]) == 11
    assert len([target for target in targets if target.amount is None]) == 5
    assert {target.amount for target in targets} >= {3300, 50, 34}


@pytest.mark.parametrize(
    ("goal", "reached", "lamp"),
    [(50, 50, Lamp.REACHED), (50, 41, Lamp.NEAR), (50, 39, Lamp.FAR), (50, None, Lamp.NONE), (None, 3, Lamp.NONE)],
)
def test_the_light_follows_the_number(goal: int | None, reached: int | None, lamp: Lamp) -> None:
    assert standing(goal, reached).lamp is lamp


def test_the_light_is_never_told_without_its_number() -> None:
    assert standing(50, 41).lamp_words == "もう少し 82％"


async def test_what_was_reached_is_entered_and_shown(desk: World) -> None:
    browser = await asks(desk)
    key = load_targets("aizuwakamatsu", None)[0].key
    assert (await browser.post("/statistics/targets", target=key, year="2026", amount="５２", words="")).status == 303
    page = await browser.ask("GET", "/statistics/targets?year=2026")
    assert "達成 104％" in page.text


async def test_a_report_of_january_to_march_takes_the_targets_of_the_year_that_ends_then(desk: World, tmp_path: Path) -> None:
    browser = await with_targets(desk, tmp_path, ("家庭訪問", "10 回"))
    key = re.findall(r'name="target"\s+value="([0-9a-f]+)"', (await browser.get("/statistics/targets?year=2025")).text)[0]
    await browser.post("/statistics/targets", target=key, year="2025", amount="7", words="")
    asked = "/statistics/reports/file?report=yearly&audience=inside&span=month&form=csv&value="
    reached = {month: "未達 70％" in (await browser.get(f"{asked}{month}")).text for month in ("2026-01", "2026-03", "2026-04")}
    assert reached == {"2026-01": True, "2026-03": True, "2026-04": False}


async def test_what_the_system_or_people_have_counted_already_need_not_be_typed_again(desk: World, tmp_path: Path) -> None:
    browser = await with_targets(desk, tmp_path, ("LINE相談の延べ件数", "100 件"), ("情報共有会議の開催", ""), ("家庭訪問", "10 回"))
    await browser.post("/statistics/hand", year="2026", meetings_share="3")
    page = (await browser.ask("GET", "/statistics/targets?year=2026")).text
    assert "（システムの記録）" in page
    assert "情報共有会議 3回（手で入れる数字）" in page
    assert page.count("実績なし") == 1
    key = re.findall(r'name="target"\s+value="([0-9a-f]+)"', page)[0]
    await browser.post("/statistics/targets", target=key, year="2026", amount="7", words="")
    assert "未達 7％" in (await browser.ask("GET", "/statistics/targets?year=2026")).text


@pytest.mark.parametrize(
    ("indicator", "names"),
    [
        ("LINE相談の件数", ("contact",)),
        ("LINEによる相談の延べ件数", ("contact",)),
        ("LINE相談の実人数", ("first/year",)),
        ("LINE相談の応答率", ("within_hour", "episode")),
        ("重層的支援会議の開催回数", ()),
        ("支援会議の開催回数", ()),
        ("プランの作成件数", ("hand/plans",)),
        ("地域ケア会議開催回数", None),
        ("地域の相談支援事業所に対する訪問等による専門的な指導・助言件数", None),
        ("延べ利用回数", None),
    ],
)
def test_an_indicator_is_known_by_its_words_and_a_like_one_is_not_taken_for_it(indicator: str, names: tuple[str, ...] | None) -> None:
    hand = {HandKey.MEETINGS_CASE: 4, HandKey.MEETINGS_SUPPORT: 2, HandKey.PLANS: 9}
    found = known_of(indicator, Figures({"contact": 12, "first/year": 8, "episode": 4, "answer/10": 3}), hand)
    assert (None if found is None else found.names) == names


async def test_a_public_report_does_not_tell_by_its_targets_what_it_hides_elsewhere(desk: World, tmp_path: Path) -> None:
    browser = await with_targets(desk, tmp_path, ("プランの作成件数", "10 件"))
    await browser.post("/statistics/hand", year="2026", plans="2")
    inside, outside = [
        (await browser.ask("GET", f"/statistics/reports/file?form=csv&value=2026&audience={audience}")).text
        for audience in ("inside", "public")
    ]
    assert "プランを作った 2件" in inside
    assert "プランを作った 2件" not in outside


async def test_a_target_typed_as_text_is_refused_in_clear_words(desk: World) -> None:
    browser = await asks(desk)
    key = load_targets("aizuwakamatsu", None)[0].key
    answer = await browser.post("/statistics/targets", target=key, year="2026", amount="たくさん", words="")
    assert answer.status == 422
    assert "数字ではありません" in answer.text


async def test_only_whoever_answers_for_the_service_enters_what_was_reached(desk: World) -> None:
    browser = await asks(desk, Role.COUNSELLOR)
    key = load_targets("aizuwakamatsu", None)[0].key
    assert (await browser.post("/statistics/targets", target=key, year="2026", amount="1", words="")).status == 403


async def test_a_local_issue_is_kept_and_moves_on(desk: World) -> None:
    browser = await asks(desk, Role.COUNSELLOR)
    answer = await browser.post(
        "/statistics/issues", category="isolation", title="冬の外出", body="雪の日に買い物へ行けない人が多い。", cases="12"
    )
    assert answer.status == 303
    page = (await browser.ask("GET", "/statistics/issues")).text
    assert "冬の外出" in page
    assert "孤立・孤独" in page
    issue_id = page.split("/statistics/issues/")[1].split('"')[0]
    assert (await browser.post(f"/statistics/issues/{issue_id}", state="proposed")).status == 303
    assert "会議に提案・" in (await browser.ask("GET", "/statistics/issues")).text


async def test_a_local_issue_with_a_person_in_it_is_refused_and_kept_in_the_form(desk: World) -> None:
    browser = await asks(desk, Role.COUNSELLOR)
    answer = await browser.post("/statistics/issues", category="isolation", title="冬の外出", body="電話は 090-1234-5678 です。", cases="")
    assert answer.status == 422
    assert "人が分かる言葉" in answer.text
    assert "冬の外出" in answer.text
