"""LINE's own description of the Messaging API, made strict: judges every request that the product sends."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from bot.simulator.model import ApiCall

DESCRIPTION = Path(__file__).resolve().parents[2].parent / "shared" / "line" / "openapi" / "messaging-api.strict.yml"
SCHEMAS = {
    "reply": "ReplyMessageRequest",
    "push": "PushMessageRequest",
    "validate": "ValidateMessageRequest",
    "loading": "ShowLoadingAnimationRequest",
    "mark_as_read": "MarkMessagesAsReadByTokenRequest",
}
ANSWERS = {
    "reply": "ReplyMessageResponse",
    "push": "PushMessageResponse",
    "quota": "MessageQuotaResponse",
    "consumption": "QuotaConsumptionResponse",
    "info": "BotInfoResponse",
    "profile": "UserProfileResponse",
}
needs_description = pytest.mark.skipif(not DESCRIPTION.is_file(), reason="LINE's description is not beside the project")


@cache
def _registry() -> Registry[Any]:
    contents = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    empty: Registry[Any] = Registry()
    described: Resource[Any] = DRAFT202012.create_resource(contents)
    registry: Registry[Any] = empty.with_resource("urn:line", described)
    return registry


def problems_of(schema: str, value: Any) -> list[str]:
    """Return what the description says against a value; an empty list is a valid one."""
    validator = Draft202012Validator({"$ref": f"urn:line#/components/schemas/{schema}"}, registry=_registry())
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


def problems_of_calls(calls: Iterable[ApiCall]) -> list[str]:
    """Return what is wrong with the bodies of these calls: for ``on_call`` or for ``platform.calls`` at the end of a test."""
    return [problem for call in calls if call.endpoint in SCHEMAS for problem in problems_of(SCHEMAS[call.endpoint], call.body)]
