"""The stand-in and LINE's description agree on what may be sent and on what is answered."""

from typing import Any

import pytest

from bot.simulator.limits import check_messages
from tests.simulator.conftest import Stage
from tests.simulator.strict import ANSWERS, needs_description, problems_of, problems_of_calls
from tests.simulator.test_limits import REFUSED, TAKEN

pytestmark = needs_description
NOT_DESCRIBED = {
    "a label of 21",
    "no label",
    "a display text of 301",
    "a script as address",
    "a sender who calls itself LINE",
    "no altText",
    "a card label of 41",
    "a bubble over 30 KB",
    "a bubble without blocks",
    "an http image",
    "2501 emoji",
    "13 bubbles",
}
"""Rules that stand in LINE's prose only; the description cannot say them."""


@pytest.mark.parametrize("messages", TAKEN.values(), ids=TAKEN)
def test_what_the_stand_in_takes_is_valid(messages: list[dict[str, Any]]) -> None:
    assert problems_of("PushMessageRequest", {"to": "U" + "0" * 32, "messages": messages}) == []


@pytest.mark.parametrize("name", sorted(set(REFUSED) - NOT_DESCRIBED))
def test_what_the_description_forbids_the_stand_in_refuses_too(name: str) -> None:
    messages, _ = REFUSED[name]
    assert problems_of("PushMessageRequest", {"to": "U" + "0" * 32, "messages": messages})
    assert check_messages(messages)


@pytest.mark.parametrize("name", sorted(NOT_DESCRIBED))
def test_what_only_the_prose_forbids_passes_the_description(name: str) -> None:
    assert problems_of("PushMessageRequest", {"to": "U" + "0" * 32, "messages": REFUSED[name][0]}) == []


async def test_the_answers_have_the_described_form(stage: Stage) -> None:
    event = await stage.act(act="follow")
    answers = {
        "reply": await stage.reply(event),
        "push": await stage.push(),
        "quota": await stage.call("/message/quota"),
        "consumption": await stage.call("/message/quota/consumption"),
        "info": await stage.call("/info"),
        "profile": await stage.call(f"/profile/{stage.chat().resident.user_id}"),
    }
    assert {name: problems_of(ANSWERS[name], answer.json()) for name, answer in answers.items()} == {key: [] for key in ANSWERS}
    assert problems_of("ErrorResponse", (await stage.reply(event)).json()) == []
    assert problems_of_calls(stage.simulator.platform.calls) == []


async def test_a_wrong_call_of_the_product_would_be_found_in_the_log(stage: Stage) -> None:
    await stage.call("/chat/loading/start", {"chatId": "U1", "loadingSeconds": 7})
    assert len(problems_of_calls(stage.simulator.platform.calls)) == 1
