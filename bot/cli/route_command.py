"""``tsunagi route``: what a message, or a set of needs, is referred to. JSON lines in, JSON lines out, one for one."""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, NamedTuple, TextIO

import typer

from bot.settings import load_settings
from intake.base.clock import SystemClock
from nlp.reading import Concern
from routing.choose import refer
from routing.city import City
from routing.districts import find_district
from routing.findings import DirectoryError
from routing.hours import TOKYO
from routing.load import KEYS, load_city
from routing.needs import told_in
from routing.referral import Actor, Destination, Need, Profile, Referral, Stage
from routing.story import read_story

_NOON = time(12)
route_app = typer.Typer(add_completion=False)


class _Request(NamedTuple):
    needs: tuple[Need, ...]
    profile: Profile


@route_app.command()
def route(
    municipality: Annotated[str, typer.Option(help=f"自治体の鍵: {'・'.join(KEYS)}")],
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="この日の正午の状態で答えます")] = None,
) -> None:
    """標準入力のJSON行を読み、つなぐ窓口と理由を1行ずつ返します。

    例: echo '{"id":"1","needs":[{"concern":"care","person":"mother"}]}' | tsunagi route --municipality nonoichi
    """
    if municipality not in KEYS:
        raise typer.BadParameter(f"「{municipality}」はありません。{'・'.join(KEYS)} のどれかです", param_hint="--municipality")
    now = datetime.combine(as_of.date(), _NOON, TOKYO).astimezone(UTC) if as_of else SystemClock().now()
    settings, today = load_settings(), now.astimezone(TOKYO).date()
    try:
        city = load_city(municipality, data_dir=settings.data_dir, today=today, confirmed_on=today if settings.require_confirmed else None)
    except DirectoryError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    lines = (line.decode("utf-8", errors="replace") for line in sys.stdin.buffer)
    failed = write_answers(lines, sys.stdout, city, now)
    raise typer.Exit(1 if failed else 0)


def write_answers(lines: Iterable[str], out: TextIO, city: City, now: datetime) -> int:
    """Write one flushed JSON line per line read; returns how many could not be answered."""
    failed = 0
    for answer in _answers(lines, city, now):
        failed += "error" in answer
        out.write(_line(answer))
        out.flush()
    return failed


def _line(answer: dict[str, Any]) -> str:
    """Give readable JSON; half a character, which no file can hold, is written as an escape."""
    text = json.dumps(answer, ensure_ascii=False)
    halved = any("\ud800" <= character <= "\udfff" for character in text)
    return (json.dumps(answer) if halved else text) + "\n"


def _answers(lines: Iterable[str], city: City, now: datetime) -> Iterator[dict[str, Any]]:
    for line in lines:
        if not line.strip():
            continue
        record: Any = None
        try:
            record = json.loads(line)
            request = _request(record, city, now.astimezone(TOKYO).date())
            yield {"id": record.get("id"), **as_json(refer(request.needs, request.profile, city, now))}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            identifier = record.get("id") if isinstance(record, dict) else None
            yield {"id": identifier, "error": f"読めない行です: {error}"}


def as_json(referral: Referral) -> dict[str, Any]:
    """Give the referral as other programs read it; the keys are stable."""
    return {
        "outcome": referral.outcome,
        "main": _destination(referral.main) if referral.main else None,
        "also": [_destination(destination) for destination in referral.also],
        "lines": list(referral.lines),
        "ask": referral.ask,
        "fields": list(referral.fields),
        "form_items": {"main": referral.form_main, "others": list(referral.form_others)},
        "patterns": list(referral.patterns),
        "coordinator_candidate": referral.coordinator_candidate,
        "risk": referral.risk,
        "reasons": [{"code": reason.code, "text": reason.text, "rule": reason.rule} for reason in referral.reasons],
    }


def _destination(destination: Destination) -> dict[str, str]:
    return {"window": destination.window, "name": destination.name, "kind": destination.kind}


def _request(record: dict[str, Any], city: City, day: date) -> _Request:
    actor = Actor(record["actor"]) if record.get("actor") else None
    district = record.get("district") or None
    if district is not None and not isinstance(district, str):
        raise ValueError("district は文字で書いてください")
    if "needs" in record:
        return _Request(_given(record["needs"]), Profile(actor=actor or Actor.RESIDENT, district=district))
    messages = _messages(record)
    text = "\n".join(messages)
    place = district or find_district(text, city.windows.values(), day)
    return _Request(*told_in(read_story(messages), text, actor=actor, district=place))


def _given(needs: list[dict[str, Any]]) -> tuple[Need, ...]:
    return tuple(
        Need(
            concern=Concern(need["concern"]),
            person=str(need.get("person") or "self"),
            stage=Stage(need["stage"]) if need.get("stage") else None,
        )
        for need in needs
    )


def _messages(record: dict[str, Any]) -> list[str]:
    said = record["messages"] if "messages" in record else [record["text"]]
    messages = [message if isinstance(message, str) else message["text"] for message in said]
    if not all(isinstance(message, str) for message in messages):
        raise TypeError("text と messages は文字で書いてください")
    return messages
