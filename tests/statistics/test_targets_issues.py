"""Targets beside what was reached, and 地域課題 without persons."""

import pytest

from handoff.accounts.models import Role
from handoff.statistics.targets import Lamp, Standing, Target, load_targets
from tests.handoff.support import Browser, World


async def asks(desk: World, role: Role = Role.MANAGER) -> Browser:
    return await desk.browser(await desk.staff(f"hito-{role}", role))


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
