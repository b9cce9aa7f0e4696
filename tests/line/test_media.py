"""The SDK's way to contents against the stand-in: what each answer says, and that no more is read than is taken."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest

from bot.line.media import Fetched, SdkMedia
from bot.settings import LINE_DATA_API, LineAccount
from intake.attachments.policy import Answer
from tests.care.contents import JPEG
from tests.line.test_client import Stage
from tests.simulator.conftest import TOKEN
from tests.simulator.server import running

MOST = 100_000


class Phones(Stage):
    """The stage, with residents who send what they have."""

    def sends(self, act: str = "image", **more: Any) -> str:
        answer = self._http.post("/act", json={"user": "haruka", "act": act, **more})
        return str(answer.json()["events"][0]["message"]["id"])

    def takes_back(self, message_id: str) -> None:
        assert self._http.post("/act", json={"user": "haruka", "act": "unsend", "message_id": message_id}).status_code == 200


@pytest.fixture(scope="module")
def phones() -> Iterator[Phones]:
    with running() as address:
        phones = Phones(address)
        yield phones
        phones.close()


@pytest.fixture
async def door(phones: Phones) -> AsyncIterator[SdkMedia]:
    opened = SdkMedia(access_token=TOKEN, base=phones.base, most=MOST, seconds=0.5)
    yield opened
    await opened.close()


async def test_a_picture_comes_as_it_is(door: SdkMedia, phones: Phones) -> None:
    fetched = await door.fetch(phones.sends())
    assert fetched.answer is Answer.CONTENT
    assert fetched.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(("act", "head"), [("audio", b"RIFF"), ("file", b"%PDF-")])
async def test_a_voice_and_a_file_come_too(door: SdkMedia, phones: Phones, act: str, head: bytes) -> None:
    assert (await door.fetch(phones.sends(act))).content.startswith(head)


async def test_what_somebody_chose_on_the_own_device_comes_unchanged(door: SdkMedia, phones: Phones) -> None:
    base = phones.base.removesuffix("/api")
    sent = {"chosen": ("../台所.jpg", JPEG, "image/jpeg")}
    answer = httpx2.post(f"{base}/phone/haruka/upload", files=sent, headers={"x-phone": "fetch"})
    assert answer.status_code == 204
    chat = next(chat for chat in phones.state()["chats"] if chat["user"] == "haruka")
    assert await door.fetch(chat["messages"][-1]["id"]) == Fetched(Answer.CONTENT, JPEG)


async def test_what_is_still_prepared_is_told_apart_from_what_is_gone(door: SdkMedia, phones: Phones) -> None:
    assert (await door.fetch(phones.sends(preparing_seconds=60))).answer is Answer.PREPARING
    gone = phones.sends()
    phones.takes_back(gone)
    assert (await door.fetch(gone)).answer is Answer.GONE
    assert (await door.fetch("000")).answer is Answer.GONE


async def test_no_more_is_read_than_is_taken(phones: Phones) -> None:
    small = SdkMedia(access_token=TOKEN, base=phones.base, most=500)
    assert (await small.fetch(phones.sends())).answer is Answer.TOO_LARGE
    await small.close()


async def test_a_wrong_token_a_fault_and_silence_each_have_their_word(door: SdkMedia, phones: Phones) -> None:
    wrong = SdkMedia(access_token="wrong", base=phones.base, most=MOST)
    assert (await wrong.fetch(phones.sends())).answer is Answer.UNAUTHORISED
    await wrong.close()
    for kind in ("accepted_error", "rate_limit", "timeout"):
        key = phones.sends()
        phones.fail(kind, "content", seconds=2.0)
        assert (await door.fetch(key)).answer is Answer.UNKNOWN, kind


async def test_contents_are_asked_of_lines_own_place_unless_a_stand_in_is_named() -> None:
    base: dict[str, Any] = {"municipality": "a", "channel_secrets": ("s",), "access_token": "t"}
    assert LineAccount(**base).content_base == LINE_DATA_API
    assert LineAccount(**base, api_base="http://127.0.0.1:1/api").content_base == "http://127.0.0.1:1/api"
    assert LineAccount(**base, data_api_base="http://127.0.0.1:2").content_base == "http://127.0.0.1:2"
