"""Reply tokens, retry keys, quota and the difference between accepted and delivered."""

from uuid import uuid4

import pytest

from tests.simulator.conftest import Stage


async def test_a_reply_token_is_good_once(stage: Stage) -> None:
    event = await stage.act(text="こんにちは")
    first, second = await stage.reply(event), await stage.reply(event)
    assert first.status_code == 200
    assert len(first.json()["sentMessages"]) == 1
    assert (second.status_code, second.json()["message"]) == (400, "Invalid reply token")
    assert [m.body.get("text") for m in stage.chat().messages] == ["こんにちは", "お返事"]


@pytest.mark.parametrize(("seconds", "status"), [(60, 200), (61, 400)])
async def test_a_reply_token_lives_one_minute(stage: Stage, seconds: int, status: int) -> None:
    event = await stage.act(text="こんにちは")
    stage.clock.advance(seconds=seconds)
    assert (await stage.reply(event)).status_code == status


@pytest.mark.parametrize(("minutes", "status"), [(19, 200), (21, 400)])
async def test_a_redelivery_gives_the_token_another_minute_but_never_beyond_twenty(stage: Stage, minutes: int, status: int) -> None:
    event = await stage.act(text="こんにちは")
    stage.clock.advance(minutes=minutes)
    assert stage.chat().messages
    await stage.client.post("/control/redeliver", json={})
    assert (await stage.reply(event)).status_code == status


async def test_a_refused_reply_does_not_use_the_token_up(stage: Stage) -> None:
    event = await stage.act(text="こんにちは")
    assert (await stage.reply(event, text="")).status_code == 400
    assert (await stage.reply(event)).status_code == 200


async def test_a_reply_never_counts_against_the_quota(stage: Stage) -> None:
    stage.channel.quota = 0
    assert (await stage.reply(await stage.act(text="こんにちは"))).status_code == 200
    assert (await stage.call("/message/quota/consumption")).json() == {"totalUsage": 0}


async def test_a_retry_key_on_a_reply_is_refused(stage: Stage) -> None:
    event = await stage.act(text="こんにちは")
    assert (await stage.reply(event, x_line_retry_key=str(uuid4()))).status_code == 400
    assert (await stage.reply(event)).status_code == 200


async def test_the_same_retry_key_is_answered_with_what_was_sent_before(stage: Stage) -> None:
    await stage.act(act="follow")
    key = str(uuid4())
    first, second = await stage.push(x_line_retry_key=key), await stage.push(x_line_retry_key=key)
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["message"] == "The retry key is already accepted"
    assert second.json()["sentMessages"] == first.json()["sentMessages"]
    assert second.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert len(stage.chat().messages) == 1


@pytest.mark.parametrize(("hours", "status"), [(24, 409), (25, 200)])
async def test_a_retry_key_is_remembered_for_a_day(stage: Stage, hours: int, status: int) -> None:
    await stage.act(act="follow")
    key = str(uuid4())
    await stage.push(x_line_retry_key=key)
    stage.clock.advance(hours=hours)
    assert (await stage.push(x_line_retry_key=key)).status_code == status


async def test_a_retry_key_that_is_no_uuid_is_refused(stage: Stage) -> None:
    await stage.act(act="follow")
    assert (await stage.push(x_line_retry_key="again")).status_code == 400


async def test_a_refused_push_leaves_its_retry_key_unused(stage: Stage) -> None:
    await stage.act(act="follow")
    key = str(uuid4())
    await stage.fail("rate_limit", "push")
    assert (await stage.push(x_line_retry_key=key)).status_code == 429
    assert (await stage.push(x_line_retry_key=key)).status_code == 200


async def test_a_push_over_the_quota_is_refused_with_lines_words(stage: Stage) -> None:
    await stage.act(act="follow")
    stage.channel.quota = 1
    assert (await stage.call("/message/quota")).json() == {"type": "limited", "value": 1}
    assert (await stage.push()).status_code == 200
    refused = await stage.push()
    assert (refused.status_code, refused.json()["message"]) == (429, "You have reached your monthly limit.")
    assert (await stage.call("/message/quota/consumption")).json() == {"totalUsage": 1}
    stage.clock.advance(days=31)
    assert (await stage.push()).status_code == 200


async def test_a_blocked_person_gets_nothing_though_the_answer_is_200_and_nothing_is_counted(stage: Stage) -> None:
    await stage.act(act="follow")
    await stage.act(act="unfollow")
    answer = await stage.push()
    assert answer.status_code == 200
    assert len(answer.json()["sentMessages"]) == 1
    assert stage.chat().messages == []
    assert stage.simulator.platform.calls[-1].delivered is False
    assert (await stage.call("/message/quota/consumption")).json() == {"totalUsage": 0}


@pytest.mark.parametrize(("days", "arrived"), [(7, 1), (8, 0)])
async def test_a_stranger_is_reached_for_seven_days_after_writing(stage: Stage, days: int, arrived: int) -> None:
    await stage.act(text="友だちではないけれど")
    stage.clock.advance(days=days)
    assert (await stage.push()).status_code == 200
    assert len(stage.chat().messages) - 1 == arrived


async def test_an_unknown_user_is_refused(stage: Stage) -> None:
    answer = await stage.call("/message/push", {"to": "U" + "0" * 32, "messages": [{"type": "text", "text": "x"}]})
    assert (answer.status_code, answer.json()["message"]) == (400, "Failed to send messages")


async def test_validation_sends_nothing(stage: Stage) -> None:
    good = await stage.call("/message/validate/push", {"messages": [{"type": "text", "text": "x"}]})
    bad = await stage.call("/message/validate/reply", {"messages": [{"type": "text", "text": "あ" * 5001}]})
    assert (good.status_code, good.json()) == (200, {})
    assert bad.status_code == 400
    assert bad.json()["details"] == [{"message": "Length must be between 0 and 5000", "property": "messages[0].text"}]
    assert stage.simulator.platform.chats() == []


async def test_read_marks_reach_this_message_and_all_before_it(stage: Stage) -> None:
    await stage.act(text="一")
    second = await stage.act(text="二")
    await stage.act(text="三")
    answer = await stage.call("/chat/markAsRead", {"markAsReadToken": second["message"]["markAsReadToken"]})
    assert answer.status_code == 200
    assert [message.read for message in stage.chat().messages] == [True, True, False]
    assert (await stage.call("/chat/markAsRead", {"markAsReadToken": "wrong"})).status_code == 400


async def test_with_the_chat_switched_off_messages_are_read_at_once(stage: Stage) -> None:
    stage.channel.chat_mode = "bot"
    await stage.act(text="一")
    assert stage.chat().messages[0].read
    assert (await stage.call("/info")).json()["markAsReadMode"] == "auto"


@pytest.mark.parametrize(("seconds", "status"), [(5, 202), (60, 202), (7, 400), (65, 400)])
async def test_the_dots_move_for_multiples_of_five_seconds(stage: Stage, seconds: int, status: int) -> None:
    user = stage.chat().resident.user_id
    assert (await stage.call("/chat/loading/start", {"chatId": user, "loadingSeconds": seconds})).status_code == status
    assert (stage.chat().loading_until is not None) == (status == 202)


async def test_a_profile_is_told_but_the_question_is_remembered(stage: Stage) -> None:
    user = stage.chat().resident.user_id
    assert (await stage.call(f"/profile/{user}")).status_code == 404
    await stage.act(act="follow")
    assert (await stage.call(f"/profile/{user}")).json()["displayName"] == "はるか"
    assert stage.simulator.api.profile_calls == [user, user]
